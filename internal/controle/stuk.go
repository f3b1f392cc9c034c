package controle

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Bewezen is what a proof says of a record, or of an event of the beheerlog.
type Bewezen struct {
	Origin      string    `json:"log"`
	Grootte     uint64    `json:"bladen"` // of the checkpoint
	Moment      time.Time `json:"ondertekend,omitzero"`
	ActieID     uuid.UUID `json:"actieId,omitzero"`
	Nummer      uint32    `json:"versie,omitzero"`
	RegelID     uuid.UUID `json:"regelId,omitzero"` // of an event, with its number and kind
	Regel       uint64    `json:"regel,omitzero"`
	Soort       string    `json:"soort,omitempty"`
	Registratie time.Time `json:"tijdstipRegistratie"`
	Delen       []string  `json:"bewezen"`                // parts of the record that are as they were logged
	Open        []string  `json:"nietBewezen"`            // parts of the record of which the proof tells nothing
	Niets       bool      `json:"nietsInRecord,omitzero"` // there is a record, and nothing in it that a proof can be of
	Betrokkenen [2]int    `json:"betrokkenen,omitzero"`   // persons that the record shows, and that the version has
	// Overgeslagen are the attributes of the record that no proof is of, sorted.
	Overgeslagen []string `json:"nietNagekeken,omitempty"`
	Gebreken     []Gebrek `json:"gebreken"`
}

// Oordeel tells what it comes to.
func (u *Bewezen) Oordeel() Oordeel {
	switch {
	case len(u.Gebreken) > 0:
		return Fout
	case len(u.Open) > 0 || u.Niets:
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
// leaf is in the log, and no more. An error means that one of the three can't be read; it is Dutch, for who gave them.
func Stuk(stuk, record []byte, sleutels string) (*Bewezen, error) {
	b, err := bewijs.ParseBewijsstuk(stuk)
	if err != nil {
		return nil, errOnleesbaar
	}
	keys, err := bewijs.ParseSleutels(sleutels)
	if err != nil {
		return nil, errSleutel
	}
	uit := &Bewezen{Origin: bewijs.OriginVan(b.Checkpoint), Delen: []string{}, Open: []string{}, Gebreken: []Gebrek{}}
	if bewijs.IsBeheerblad(b.Extra) {
		r, err := bewijs.ParseBeheerblad(b.Extra)
		if err != nil {
			return nil, errOnleesbaar
		}
		if record != nil {
			return nil, errors.New("bij het bewijs van een regel van het beheerlog hoort geen record; laat het weg")
		}
		uit.RegelID, uit.Regel, uit.Soort, uit.Registratie = r.ID, b.Blad, r.Soort, time.UnixMicro(r.Moment).UTC()
		_, err = uit.staat(b, r.OIN, bewijs.BoomBeheer, r.BladHash(), keys)
		return uit, err
	}
	o, err := bewijs.ParseBladopening(b.Extra)
	if err != nil {
		return nil, errOnleesbaar
	}
	uit.ActieID, uit.Nummer, uit.Registratie = o.ActieID, o.Nummer, time.UnixMicro(o.Registratie).UTC()
	if is, err := uit.staat(b, o.OIN, bewijs.BoomLog, o.BladHash(), keys); err != nil || !is {
		return uit, err
	}
	if record != nil {
		r := map[string]any{}
		if err := json.Unmarshal(record, &r); err != nil {
			return nil, errors.New("het record is niet te lezen; geef het in JSON, zoals het register het gaf") // the cause could quote
		}
		u := &vergelijking{uit, o, b.Blad, map[string]bool{}}
		u.record(u.plat(r))
		uit.Niets = len(uit.Delen)+len(uit.Open)+len(uit.Gebreken) == 0
		uit.Overgeslagen = slices.Sorted(maps.Keys(u.over))
	}
	return uit, nil
}

// errSleutel is of public keys that can't be read.
var errSleutel = errors.New("de sleutel is niet te lezen; een sleutel is een regel als NAAM+0123abcd+AbCd…")

// errOnleesbaar is of a proof that can't be read.
var errOnleesbaar = errors.New("het bewijs is niet te lezen; geef het bestand zoals het register het gaf, of vraag het opnieuw")

// staat tells whether a leaf is in the tree that the proof is of, as one of the keys signed it.
func (u *Bewezen) staat(b *bewijs.Bewijsstuk, oin string, boom bewijs.Boom, h bewijs.Hash, keys []note.Verifier) (bool, error) {
	fout := func(deel, wat string) { u.Gebreken = append(u.Gebreken, Gebrek{oin, deel, "", wat}) }
	keys = vanLog(keys, u.Origin)
	if basis, _ := bewijs.Basis(u.Origin); len(keys) == 0 || !strings.HasSuffix(basis, bewijs.Origin("", oin, boom)) {
		fout(DeelCheckpoint, "Het bewijs is van een andere log dan de sleutel.")
		return false, nil
	}
	c, err := b.Verify(h, u.Origin, keys...)
	switch {
	case errors.Is(err, bewijs.ErrHandtekening):
		fout(DeelCheckpoint, "De handtekening onder het bewijs klopt niet, of is van een andere sleutel.")
		return false, nil
	case errors.Is(err, bewijs.ErrBewijs):
		fout(DeelBoom, "Dit blad staat niet in de log: het bewijs of het blad is veranderd.")
		return false, nil
	case err != nil:
		return false, errOnleesbaar
	}
	u.Grootte, u.Moment = c.Grootte, c.Moment
	return true, nil
}

// vergelijking holds a record against the leaf that its proof opens.
type vergelijking struct {
	*Bewezen
	o    *bewijs.Bladopening
	blad uint64
	over map[string]bool // attributes that are passed over
}

func (u *vergelijking) fout(wat string) {
	u.Gebreken = append(u.Gebreken, Gebrek{u.o.OIN, DeelVersie, "", wat})
}

// plat gives a record as the Bewerking API does: the Inzage API puts the actie below one person, a history below its version.
// What would fall away is wrong, unless it says the same.
func (u *vergelijking) plat(r map[string]any) map[string]any {
	actie, is := r["verwerkingsactie"].(map[string]any)
	if !is {
		return r
	}
	rest, uit := maps.Clone(r), maps.Clone(actie)
	delete(rest, "verwerkingsactie")
	if _, is := rest["verwerktObjectId"]; is {
		rest = map[string]any{"verwerkteObjecten": []any{rest}}
	}
	for k, v := range rest {
		if was, is := uit[k]; is && !reflect.DeepEqual(was, v) {
			u.fout("Het record zegt van een attribuut twee keer iets anders.")
		}
		uit[k] = v
	}
	return uit
}

// heeft tells whether anything of a part stands in the record. afnemerId may belong to either part.
func heeft(r map[string]any, attributen map[string]bool) bool {
	for k := range attributen {
		if _, is := r[k]; is && k != "afnemerId" {
			return true
		}
	}
	return false
}

// record holds the parts of a record against their commitments, and what the leaf says in words against the leaf.
func (u *vergelijking) record(r map[string]any) {
	o := u.o
	for k, want := range map[string]any{
		"actieId": u.ActieID.String(), "volgnummer": float64(o.Nummer), "operatie": o.Operatie.String(), "vervallen": o.Vervallen, "blad": float64(u.blad),
	} {
		if v, is := r[k]; is && v != want {
			u.fout(map[bool]string{true: "Het bewijs is van een andere actie dan het record.", false: "Het attribuut " + k + " van het record is anders dan in de log."}[k == "actieId"])
		}
	}
	if v, is := r["tijdstipRegistratie"]; is {
		m, _ := v.(string)
		if t, err := time.Parse(time.RFC3339, m); err != nil || !t.Equal(u.Registratie) {
			u.fout("Het tijdstip van registratie in het record is een ander dan in de log.")
		}
	}
	afnemer := r["afnemerId"]
	soort, _ := r["soortAfnemerId"].(string)
	persoon := afnemer != nil && afnemer != "" && !strings.EqualFold(soort, "OIN")
	deel := func(naam, label string, attributen map[string]bool, afnemerHier bool, h bewijs.Hash, zout *[32]byte) {
		switch {
		case !heeft(r, attributen):
		case zout == nil:
			u.Open = append(u.Open, naam)
		case bewijs.Verbintenis(label, *zout, canoniek(r, attributen, afnemerHier, nil)) != h:
			u.fout("Het " + naam + " van het record is anders dan wat is vastgelegd.")
		default:
			u.Delen = append(u.Delen, naam)
		}
	}
	deel("openbare deel", bewijs.LabelPubliek, attributenPubliek, !persoon, o.Publiek, o.ZoutPubliek)
	deel("interne deel", bewijs.LabelIntern, attributenIntern, persoon, o.Intern, o.ZoutIntern)
	if persoon && !heeft(r, attributenIntern) {
		u.Open = append(u.Open, "attribuut afnemerId, want dat hoort bij het interne deel") // which is not here
	}
	u.slaOver(r, attributenPubliek, attributenIntern, map[string]bool{
		"actieId": true, "tijdstipRegistratie": true, "verwerkteObjecten": true, "volgnummer": true, "operatie": true, "vervallen": true, "blad": true,
	})
	u.personen(r)
}

// personen finds the commitment of each person in the record: a part of the record may hold some of them.
func (u *vergelijking) personen(r map[string]any) {
	objecten, is := r["verwerkteObjecten"].([]any)
	if !is && r["verwerkteObjecten"] != nil {
		u.fout("De betrokkenen van het record zijn anders dan wat is vastgelegd.")
	}
	u.Betrokkenen = [2]int{len(objecten), len(u.o.Personen)}
	gevonden, dicht := map[int]bool{}, slices.Contains(u.o.ZoutPersonen, nil)
	for n, x := range objecten {
		tekst, is := u.persoon(x), false
		for i, zout := range u.o.ZoutPersonen {
			if zout != nil && !gevonden[i] && bewijs.Verbintenis(bewijs.LabelPersoon, *zout, tekst) == u.o.Personen[i] {
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
			u.fout("Het " + naam + " is anders dan wat is vastgelegd.")
		}
	}
}

// persoon gives the canonical JSON of a person; nil, which fits no commitment, when it has another form.
func (u *vergelijking) persoon(x any) []byte {
	p, is := x.(map[string]any)
	lijst, ook := p["verwerkteSoortenGegevens"].([]any)
	if !is || !ook && p["verwerkteSoortenGegevens"] != nil {
		return nil
	}
	u.slaOver(p, attributenPersoon, map[string]bool{"verwerkteSoortenGegevens": true})
	soorten := []any{}
	for _, s := range lijst {
		m, is := s.(map[string]any)
		if !is {
			return nil
		}
		u.slaOver(m, map[string]bool{"soortGegeven": true})
		soorten = append(soorten, m["soortGegeven"])
	}
	return canoniek(p, attributenPersoon, true, map[string]any{"verwerkteSoortenGegevens": soorten})
}

// slaOver notes the attributes that are none of these.
func (u *vergelijking) slaOver(m map[string]any, gekend ...map[string]bool) {
	for k := range m {
		if !slices.ContainsFunc(gekend, func(g map[string]bool) bool { _, is := g[k]; return is }) {
			u.over[k] = true
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
