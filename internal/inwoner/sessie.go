package inwoner

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Zoek gives who a token belongs to. fout.CodeNietAangemeld when there is no such session, or it ended.
func (d *Dienst) Zoek(ctx context.Context, token string) (*Inwoner, error) {
	r, in, err := d.sessie(ctx, token)
	if err != nil {
		return nil, err
	}
	return &Inwoner{
		OIN: r.OIN, Organisatie: d.naam(r.OIN), Persoon: in.Persoon, Naam: in.Naam, Niveau: in.Niveau, Namens: in.Namens,
		Beschermd: in.Geheim || d.toestand(r.OIN, in.Persoon).Beschermd, Begonnen: r.Begonnen, Vorige: in.Vorige,
	}, nil
}

// Vers tells whether somebody proved to the service in the last five minutes who they are. One that does not tell when
// (auth_time) is not believed to have asked now: it may know the browser. Errors as of Zoek.
func (d *Dienst) Vers(ctx context.Context, token string) (bool, error) {
	_, in, err := d.sessie(ctx, token)
	if err != nil {
		return false, err
	}
	return !in.Bewezen.IsZero() && d.nu().Sub(in.Bewezen) < versTot, nil
}

// sessie gives a session that lasts, and notes that it was used.
func (d *Dienst) sessie(ctx context.Context, token string) (*SessieRij, *inhoud, error) {
	if len(token) != tokenLengte {
		return nil, nil, errAfgemeld
	}
	r, err := d.opslag.Sessie(ctx, sha256.Sum256([]byte(token)))
	if errors.Is(err, fout.NietGevonden) {
		return nil, nil, errAfgemeld
	}
	if err != nil {
		return nil, nil, err
	}
	nu := d.nu()
	if !nu.Before(r.Verloopt) || nu.Sub(r.Gezien) >= maxStil {
		return nil, nil, errAfgemeld
	}
	s, ok := d.sleutels(r.OIN)
	if !ok { // it is not served here any more
		return nil, nil, errAfgemeld
	}
	in, err := r.open(s)
	if err != nil {
		return nil, nil, err
	}
	if d.toestand(r.OIN, in.Persoon).Overleden {
		return nil, nil, errAfgemeld
	}
	if nu.Sub(r.Gezien) >= gezienElke {
		if err := d.opslag.Gezien(ctx, r.ID, nu); err != nil {
			return nil, nil, err
		}
	}
	return r, in, nil
}

// Beeindig signs out. It is no error when the session ended already.
func (d *Dienst) Beeindig(ctx context.Context, token string) error {
	r, _, err := d.sessie(ctx, token)
	if errors.Is(err, errAfgemeld) {
		return nil
	}
	if err != nil {
		return err
	}
	err = d.eindig(ctx, r, &Wijziging{SessieWeg: &r.ID}, beheerlog.Afgemeld, "Afgemeld.")
	if errors.Is(err, fout.Gelijktijdig) {
		return nil
	}
	return err
}

// BeeindigAlle ends all sessions of who a token belongs to, in all browsers. Errors as of Zoek.
func (d *Dienst) BeeindigAlle(ctx context.Context, token string) error {
	r, in, err := d.sessie(ctx, token)
	if err != nil {
		return err
	}
	s, err := d.keys(r.OIN)
	if err != nil {
		return err
	}
	// With each key: sessions that began before a new one keep the handle of the one before.
	alles := append(s.Handles(in.Persoon.Objecttype, in.Persoon.Soort, in.Persoon.ID), r.Persoon)
	return d.eindig(ctx, r, &Wijziging{AllesWeg: alles}, beheerlog.OveralAfgemeld, "Overal afgemeld, in alle browsers.")
}

// BeeindigVan ends all sessions of a person, for an officer.
func (d *Dienst) BeeindigVan(ctx context.Context, oin string, p Persoon, door beheerlog.Wie) error {
	s, err := d.keys(oin)
	if err != nil {
		return err
	}
	h := handle(s, p)
	w := &Wijziging{AllesWeg: s.Handles(p.Objecttype, p.Soort, p.ID), Persoon: &h}
	if w.Log, err = d.log.Rij(oin, beheerlog.Regel{Soort: beheerlog.OveralAfgemeld, Door: door, Betreft: wie(h), Wat: "Overal afgemeld door een medewerker."}); err != nil {
		return fmt.Errorf("make event: %w", err)
	}
	if err = d.opslag.Schrijf(ctx, oin, w); err != nil {
		return fmt.Errorf("end sessions of a citizen: %w", err)
	}
	return nil
}

func (d *Dienst) eindig(ctx context.Context, r *SessieRij, w *Wijziging, soort beheerlog.Soort, wat string) (err error) {
	w.Persoon = &r.Persoon
	if w.Log, err = d.log.Rij(r.OIN, beheerlog.Regel{Soort: soort, Door: wie(r.Persoon), Wat: wat}); err != nil {
		return fmt.Errorf("make event: %w", err)
	}
	if err = d.opslag.Schrijf(ctx, r.OIN, w); err != nil {
		return fmt.Errorf("end session of a citizen: %w", err)
	}
	return nil
}

// maxHistorie is how many events a citizen sees of their own sign-ins.
const maxHistorie = 50

// Historie gives the last 50 events of a year about the sign-ins of who a token belongs to, newest first. Errors as of Zoek.
func (d *Dienst) Historie(ctx context.Context, token string) (uit []Aanmelding, err error) {
	r, in, err := d.sessie(ctx, token)
	if err != nil {
		return nil, err
	}
	s, err := d.keys(r.OIN)
	if err != nil {
		return nil, err
	}
	err = d.gebeurtenissen(ctx, s, r.OIN, in.Persoon, func(e *beheerlog.Regel) bool {
		a := Aanmelding{Moment: e.Moment, Wat: e.Wat, Deze: e.ID == in.Gebeurtenis}
		var na gebeurtenis
		if v, ok := e.Na.(jsontext.Value); ok && json.Unmarshal(v, &na) == nil {
			a.Dienst = na.Dienst
			a.Niveau, _ = NiveauVan(na.Niveau)
		}
		uit = append(uit, a)
		return true
	})
	return uit, err
}

// vorige gives when somebody signed in last; zero when no event tells.
func (d *Dienst) vorige(ctx context.Context, s *betrokkene.Sleutels, oin string, p Persoon) (uit time.Time, err error) {
	err = d.gebeurtenissen(ctx, s, oin, p, func(e *beheerlog.Regel) bool {
		if e.Soort == beheerlog.Aangemeld {
			uit = e.Moment
		}
		return uit.IsZero()
	})
	return uit, err
}

// gebeurtenissen shows f the events about a person, newest first, until it says no.
func (d *Dienst) gebeurtenissen(ctx context.Context, s *betrokkene.Sleutels, oin string, p Persoon, f func(*beheerlog.Regel) bool) error {
	nummers, err := d.opslag.Historie(ctx, oin, s.Handles(p.Objecttype, p.Soort, p.ID), maxHistorie)
	if err != nil {
		return err
	}
	for _, nr := range nummers {
		l, err := d.log.List(ctx, oin, nr+1, 1)
		if err != nil {
			return err
		}
		if len(l) == 1 && l[0].Nummer == nr && !f(l[0]) {
			return nil
		}
	}
	return nil
}

func (r *SessieRij) verzegel(s *betrokkene.Sleutels, in inhoud) error {
	plain, err := json.Marshal(in)
	if err != nil {
		return errors.New("session of a citizen can't be written as JSON") // the cause could quote
	}
	r.Verzegeld = s.Seal(nil, betrokkene.KlasseNormaal, r.Binding(), plain)
	return nil
}

func (r *SessieRij) open(s *betrokkene.Sleutels) (*inhoud, error) {
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, r.Binding(), r.Verzegeld)
	if err != nil {
		return nil, fmt.Errorf("open session of a citizen: %w", err)
	}
	var in inhoud
	if json.Unmarshal(plain, &in) != nil {
		return nil, errors.New("open session of a citizen: it is in no form this version knows")
	}
	return &in, nil
}

// Binding is the additional data: whoever writes in the store gives a session to nobody else, and does not make it last longer.
func (r *SessieRij) Binding() []byte {
	b := append([]byte("verantwoord/inwonersessie/v1\x00"), r.OIN...)
	b = append(append(b, r.ID[:]...), r.Persoon[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Begonnen.UnixMicro()))
	return binary.BigEndian.AppendUint64(b, uint64(r.Verloopt.UnixMicro()))
}
