package aanmelding

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bezoeker is who a session belongs to, now.
type Bezoeker struct {
	OIN       string
	Gebruiker uuid.UUID
	Naam      string
	Taal      string // as Mens
	Begonnen  time.Time
	Verloopt  time.Time // at the latest
	Bevestigd bool      // gave a code or a factor in this session in the last five minutes
	Factor    bool      // gave a factor in this session

	mens   Mens
	rij    *SessieRij
	inhoud sessieInhoud
}

// FactorNodig refuses a session of a person whose rights need a factor that was not given in it. The way out are the pages of
// ZoekVoorMiddelen, where one is given or made.
var FactorNodig = fout.New(fout.CodeGeenToestemming, "Uw rechten vragen een extra beveiliging. Geef die, of stel er eerst een in: een passkey of een app met codes.")

// naTweede goes on after the second step: with a factor, of who has one, or with a session. in and w are completed.
func (d *Dienst) naTweede(s *betrokkene.Sleutels, oin string, m Mens, in *inhoud, g gepasseerd, mid *middelen, nu time.Time, w *Wijziging) (*Stap, error) {
	if f := mid.factoren(); len(f) > 0 && in.Doel == doelAanmelden {
		in.Vraagt, in.Tweede = vraagtFactor, g.hoe
		return &Stap{Aanmelding: &Aanmelding{Gemaskeerd: in.Adres, Vraagt: vraagtFactor, Factoren: f}}, nil
	}
	return d.rond(s, oin, m, in, g, "", nu, w)
}

// rond makes the session, in the place of the one that in confirms if any. It is the only place where one begins. It asks for the account to be
// tied first, when it is to be; in is then to be kept.
func (d *Dienst) rond(s *betrokkene.Sleutels, oin string, m Mens, in *inhoud, g gepasseerd, factor string, nu time.Time, w *Wijziging) (*Stap, error) {
	if g.hoe == "" {
		return nil, errors.New("a session without a second step")
	}
	if in.Koppel != nil && in.Vraagt != vraagtKoppeling { // the account is tied first
		in.Vraagt, in.Tweede, in.Factor = vraagtKoppeling, g.hoe, factor
		return &Stap{Aanmelding: &Aanmelding{Gemaskeerd: in.Adres, Vraagt: vraagtKoppeling}}, nil
	}
	token, id := newToken()
	uit := &Sessie{Token: token, OIN: oin, Gebruiker: m.ID, Groepen: in.Groepen}
	r := SessieRij{ID: id, OIN: oin, Gebruiker: m.ID, Begonnen: nu, Gezien: nu, Verloopt: nu.Add(d.duur)}
	si := sessieInhoud{Wijze: in.Wijze, Tweede: g.hoe, Factor: factor, Browser: in.Browser}
	e := beheerlog.Regel{Soort: beheerlog.Aangemeld, Door: wie(m), Wat: "Aangemeld."}
	bewezen := factor != "" || in.Doel == doelBevestigen || in.Sessie == nil && g.hoe != doorApparaat
	if bewezen {
		r.Bevestigd = nu
	}
	switch oud := in.Sessie; {
	case oud != nil:
		w.SessieWeg = append(w.SessieWeg, Afdruk(oud.ID))
		r.Begonnen, r.Verloopt, si = oud.Begonnen, oud.Verloopt, oud.Inhoud
		if factor != "" {
			si.Factor = factor
		}
		if !bewezen {
			r.Bevestigd = oud.Bevestigd
		}
		e.Soort, e.Wat = beheerlog.Bevestigd, "Nog eens bevestigd wie het is."
	case g.hoe != doorApparaat:
		t, a := newToken()
		uit.Apparaat = t
		w.Apparaten = append(w.Apparaten, ApparaatRij{ID: a, OIN: oin, Gebruiker: m.ID, Vertrouwd: nu.Add(vertrouwd), Verloopt: nu.Add(bekend)})
		if len(in.Apparaat) == len(a) {
			w.ApparaatWeg = append(w.ApparaatWeg, Afdruk(in.Apparaat))
		}
	}
	uit.Verloopt = r.Verloopt
	e.Na = gebeurtenis{Browser: in.Browser, Wijze: si.Wijze, Tweede: g.hoe, Factor: factor}
	if err := r.verzegel(s, si); err != nil {
		return nil, err
	}
	w.Sessies = append(w.Sessies, r)
	if in.Sessie == nil || bewezen {
		l, err := d.regel(oin, m.ID, e)
		if err != nil {
			return nil, err
		}
		w.Log = append(w.Log, l)
	}
	return &Stap{Sessie: uit}, nil
}

// Zoek gives who a token belongs to. Errors: CodeNietAangemeld when there is no such session, it ended, or the person may not sign in any
// more; FactorNodig.
func (d *Dienst) Zoek(ctx context.Context, token string) (*Bezoeker, error) {
	b, err := d.ZoekVoorMiddelen(ctx, token)
	if err == nil && b.mens.Ernstig && !b.Factor {
		return nil, FactorNodig
	}
	return b, err
}

// ZoekVoorMiddelen is Zoek for the pages where a person gives or makes a factor, and signs out; for no others.
func (d *Dienst) ZoekVoorMiddelen(ctx context.Context, token string) (*Bezoeker, error) {
	if len(token) != tokenLengte {
		return nil, errAfgemeld
	}
	r, err := d.opslag.Sessie(ctx, afdruk(token))
	if errors.Is(err, fout.NietGevonden) {
		return nil, errAfgemeld
	}
	if err != nil {
		return nil, err
	}
	nu := d.nu()
	m, ok := d.mens(r.OIN, r.Gebruiker)
	if !ok || !nu.Before(r.Verloopt) || nu.Sub(r.Gezien) >= d.stil {
		return nil, errAfgemeld
	}
	s, err := d.keys(r.OIN)
	if err != nil {
		return nil, err
	}
	in, err := r.open(s)
	if err != nil {
		return nil, err
	}
	if nu.Sub(r.Gezien) >= gezienElke {
		if err := d.opslag.Gezien(ctx, r.ID, nu); err != nil {
			return nil, err
		}
	}
	return &Bezoeker{
		OIN: r.OIN, Gebruiker: r.Gebruiker, Naam: m.Naam, Taal: m.Taal, Begonnen: r.Begonnen, Verloopt: r.Verloopt,
		Bevestigd: !r.Bevestigd.IsZero() && nu.Sub(r.Bevestigd) < versBevestigd, Factor: in.Factor != "", mens: m, rij: r, inhoud: in,
	}, nil
}

// tokenLengte is that of what newToken makes.
const tokenLengte = 43

// Beeindig signs out. It is no error when the session ended already.
func (d *Dienst) Beeindig(ctx context.Context, token string) error {
	b, err := d.ZoekVoorMiddelen(ctx, token)
	if errors.Is(err, errAfgemeld) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.beeindig(ctx, b, b.rij.ID, "Afgemeld.")
}

func (d *Dienst) beeindig(ctx context.Context, b *Bezoeker, id Afdruk, wat string) error {
	l, err := d.regel(b.OIN, b.Gebruiker, beheerlog.Regel{Soort: beheerlog.Afgemeld, Door: wie(b.mens), Wat: wat})
	if err != nil {
		return err
	}
	err = d.opslag.Schrijf(ctx, b.OIN, &Wijziging{SessieWeg: []Afdruk{id}, Log: []LogRij{l}})
	if err != nil && !errors.Is(err, fout.Gelijktijdig) {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// BeeindigAlles ends all sessions of a person at once, in all browsers, which have to pass the code again. Who may do so to another
// is judged by the caller.
func (d *Dienst) BeeindigAlles(ctx context.Context, oin string, gebruiker uuid.UUID, door beheerlog.Wie, reden string) error {
	m, ok := d.mensen.BijID(oin, gebruiker)
	if !ok {
		return fout.NietGevonden
	}
	l, err := d.regel(oin, gebruiker, beheerlog.Regel{Soort: beheerlog.OveralAfgemeld, Door: door, Betreft: wie(m), Wat: "Overal afgemeld, in alle browsers.", Reden: reden})
	if err != nil {
		return err
	}
	if err := d.opslag.Schrijf(ctx, oin, &Wijziging{AllesWeg: []uuid.UUID{gebruiker}, Log: []LogRij{l}}); err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}

// Lopend is a session of a person, for a list.
type Lopend struct {
	ID       string // to end it by; it signs nobody in
	Browser  string
	Begonnen time.Time
	Gezien   time.Time // within a minute
	Deze     bool
}

// Lopend lists the sessions of the visitor that have not ended, newest first.
func (d *Dienst) Lopend(ctx context.Context, b *Bezoeker) ([]Lopend, error) {
	l, err := d.opslag.Sessies(ctx, b.OIN, b.Gebruiker)
	if err != nil {
		return nil, err
	}
	s, err := d.keys(b.OIN)
	if err != nil {
		return nil, err
	}
	var uit []Lopend
	nu := d.nu()
	for i := range l {
		r := &l[i]
		if !nu.Before(r.Verloopt) || nu.Sub(r.Gezien) >= d.stil {
			continue
		}
		in, err := r.open(s)
		if err != nil {
			return nil, err
		}
		uit = append(uit, Lopend{hex.EncodeToString(r.ID[:]), in.Browser, r.Begonnen, r.Gezien, r.ID == b.rij.ID})
	}
	return uit, nil
}

// AantalSessies is how many sessions of a person have not ended. Who may know it is judged by the caller.
func (d *Dienst) AantalSessies(ctx context.Context, oin string, gebruiker uuid.UUID) (n int, err error) {
	l, err := d.opslag.Sessies(ctx, oin, gebruiker)
	nu := d.nu()
	for i := range l {
		if nu.Before(l[i].Verloopt) && nu.Sub(l[i].Gezien) < d.stil {
			n++
		}
	}
	return n, err
}

// BeeindigEen ends one of the visitor's own sessions. It is no error when it ended already, or is another's: then nothing is done.
func (d *Dienst) BeeindigEen(ctx context.Context, b *Bezoeker, id string) error {
	l, err := d.opslag.Sessies(ctx, b.OIN, b.Gebruiker)
	if err != nil {
		return err
	}
	for i := range l {
		if hex.EncodeToString(l[i].ID[:]) == id {
			return d.beeindig(ctx, b, l[i].ID, "Een sessie in een andere browser is beëindigd.")
		}
	}
	return nil
}

// BeeindigAnderen ends all sessions of the visitor but this one.
func (d *Dienst) BeeindigAnderen(ctx context.Context, b *Bezoeker) error {
	l, err := d.opslag.Sessies(ctx, b.OIN, b.Gebruiker)
	if err != nil {
		return err
	}
	for i := range l {
		if l[i].ID == b.rij.ID {
			continue
		}
		if err := d.beeindig(ctx, b, l[i].ID, "Een sessie in een andere browser is beëindigd."); err != nil {
			return err
		}
	}
	return nil
}
