package controle

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Bewezen is what a proof says of a record.
type Bewezen struct {
	Origin      string    `json:"log"`
	Grootte     uint64    `json:"bladen"` // of the checkpoint
	Moment      time.Time `json:"ondertekend,omitzero"`
	ActieID     uuid.UUID `json:"actieId"`
	Nummer      uint32    `json:"versie"`
	Registratie time.Time `json:"tijdstipRegistratie"`
	Delen       []string  `json:"bewezen"`     // parts of the record that are as they were logged
	Open        []string  `json:"nietBewezen"` // parts of the record of which the proof tells nothing
	Gebreken    []Gebrek  `json:"gebreken"`
}

// Oordeel tells what it comes to.
func (u *Bewezen) Oordeel() Oordeel {
	switch {
	case len(u.Gebreken) > 0:
		return Fout
	case len(u.Open) > 0:
		return Onbekend
	}
	return Goed
}

// The attributes of each part (docs/bewijs.md); true: free text, "" when it is empty and not null.
var (
	attributenPubliek = map[string]bool{
		"actieNaam": true, "handelingNaam": true, "verwerkingNaam": true, "verwerkingId": false, "verwerkingsactiviteitId": false, "verwerkingsactiviteitUrl": false,
		"vertrouwelijkheid": true, "bewaartermijn": false, "uitvoerder": false, "soortAfnemerId": true, "afnemerId": false, "verwerkingsactiviteitIdAfnemer": false,
		"verwerkingsactiviteitUrlAfnemer": false, "verwerkingIdAfnemer": false, "tijdstip": true,
	}
	attributenIntern  = map[string]bool{"afnemerId": false, "gebruiker": true, "gegevensbron": true, "systeem": true}
	attributenPersoon = map[string]bool{"betrokkenheid": true, "objectId": true, "objecttype": true, "soortObjectId": true, "verwerktObjectId": false}
)

// Stuk verifies a receipt (C2SP tlog-proof) with public keys, one on a line, and holds a record against it: as the register
// gives it, in JSON, whole or a part of it, such as the public part and one person. Without a record it is proved that the
// leaf is in the log, and no more. An error means that one of the three can't be read.
func Stuk(stuk, record []byte, sleutels string) (*Bewezen, error) {
	b, err := bewijs.ParseBewijsstuk(stuk)
	if err != nil {
		return nil, fmt.Errorf("read proof: %w", err)
	}
	o, err := bewijs.ParseBladopening(b.Extra)
	if err != nil {
		return nil, fmt.Errorf("read proof: %w", err)
	}
	keys, err := bewijs.ParseSleutels(sleutels)
	if err != nil {
		return nil, err
	}
	uit := &Bewezen{
		Origin: bewijs.OriginVan(b.Checkpoint), ActieID: o.ActieID, Nummer: o.Nummer, Registratie: time.UnixMicro(o.Registratie).UTC(),
		Delen: []string{}, Open: []string{}, Gebreken: []Gebrek{},
	}
	fout := func(deel, wat string) { uit.Gebreken = append(uit.Gebreken, Gebrek{o.OIN, deel, "", wat}) }
	keys = vanLog(keys, uit.Origin)
	if len(keys) == 0 || !strings.HasSuffix(uit.Origin, bewijs.Origin("", o.OIN, bewijs.BoomLog)) {
		fout(DeelCheckpoint, "Het bewijs is van een andere log dan de sleutel.")
		return uit, nil
	}
	c, err := b.Verify(o.BladHash(), uit.Origin, keys...)
	switch {
	case errors.Is(err, bewijs.ErrHandtekening):
		fout(DeelCheckpoint, "De handtekening onder het bewijs klopt niet, of is van een andere sleutel.")
		return uit, nil
	case errors.Is(err, bewijs.ErrBewijs):
		fout(DeelBoom, "Dit blad staat niet in de log: het bewijs of het blad is veranderd.")
		return uit, nil
	case err != nil:
		return nil, fmt.Errorf("read proof: %w", err)
	}
	uit.Grootte, uit.Moment = c.Grootte, c.Moment
	if record != nil {
		r := map[string]any{}
		if err := json.Unmarshal(record, &r); err != nil {
			return nil, errors.New("read record: not an object in JSON") // the cause could quote
		}
		uit.record(o, r, fout)
	}
	return uit, nil
}

// record holds the parts of a record against their commitments.
func (u *Bewezen) record(o *bewijs.Bladopening, r map[string]any, fout func(deel, wat string)) {
	if id, is := r["actieId"]; is && id != u.ActieID.String() {
		fout(DeelVersie, "Het bewijs is van een andere actie dan het record.")
	}
	if m, is := r["tijdstipRegistratie"].(string); is {
		if t, err := time.Parse(time.RFC3339, m); err != nil || !t.Equal(u.Registratie) {
			fout(DeelVersie, "Het tijdstip van registratie in het record is een ander dan in de log.")
		}
	}
	afnemer, _ := r["afnemerId"].(string)
	soort, _ := r["soortAfnemerId"].(string)
	persoon := afnemer != "" && !strings.EqualFold(soort, "OIN")
	deel := func(naam, label string, attributen map[string]bool, afnemerHier bool, heeft bool, h bewijs.Hash, zout *[32]byte) {
		switch {
		case !heeft:
		case zout == nil:
			u.Open = append(u.Open, naam)
		case bewijs.Verbintenis(label, *zout, canoniek(r, attributen, afnemerHier, nil)) != h:
			fout(DeelVersie, "Het "+naam+" van het record is anders dan wat is vastgelegd.")
		default:
			u.Delen = append(u.Delen, naam)
		}
	}
	_, publiek := r["actieNaam"]
	_, intern := r["systeem"]
	deel("openbare deel", bewijs.LabelPubliek, attributenPubliek, !persoon, publiek, o.Publiek, o.ZoutPubliek)
	deel("interne deel", bewijs.LabelIntern, attributenIntern, persoon, intern, o.Intern, o.ZoutIntern)
	u.personen(o, r, fout)
}

// personen finds the commitment of each person in the record: a part of the record may hold some of them.
func (u *Bewezen) personen(o *bewijs.Bladopening, r map[string]any, fout func(deel, wat string)) {
	objecten, _ := r["verwerkteObjecten"].([]any)
	gevonden, dicht := map[int]bool{}, false
	for n, x := range objecten {
		p, _ := x.(map[string]any)
		soorten := []any{}
		l, _ := p["verwerkteSoortenGegevens"].([]any)
		for _, s := range l {
			if m, is := s.(map[string]any); is {
				s = m["soortGegeven"]
			}
			soorten = append(soorten, s)
		}
		tekst := canoniek(p, attributenPersoon, true, map[string]any{"verwerkteSoortenGegevens": soorten})
		is := false
		for i := range o.Personen {
			if o.ZoutPersonen[i] == nil {
				dicht = true
			} else if !gevonden[i] && bewijs.Verbintenis(bewijs.LabelPersoon, *o.ZoutPersonen[i], tekst) == o.Personen[i] {
				gevonden[i], is = true, true
				break
			}
		}
		naam := fmt.Sprintf("deel van betrokkene %d", n+1)
		switch {
		case is:
			u.Delen = append(u.Delen, naam)
		case dicht:
			u.Open = append(u.Open, naam)
		default:
			fout(DeelVersie, "Het "+naam+" is anders dan wat is vastgelegd.")
		}
	}
}

// canoniek writes attributes of a record as RFC 8785 asks. What is not there is empty.
func canoniek(r map[string]any, attributen map[string]bool, afnemerHier bool, meer map[string]any) []byte {
	m := map[string]any{}
	for k, tekst := range attributen {
		v := r[k]
		if v == nil && tekst {
			v = ""
		}
		if v == "" && !tekst || k == "afnemerId" && !afnemerHier {
			v = nil
		}
		m[k] = v
	}
	for k, v := range meer {
		m[k] = v
	}
	b, err := json.Marshal(m)
	v := jsontext.Value(b)
	if err == nil {
		err = v.Canonicalize()
	}
	if err != nil {
		return nil // fits no commitment
	}
	return bytes.TrimSpace(v)
}
