package aanmelding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// uitnodigingPogingen is how often an hour a code of an invitation may be tried for one address. The code has 80 bits, so this bounds the work only.
const uitnodigingPogingen = 50

var errUitnodiging = fout.New(fout.CodeAanmeldenMislukt, "Het e-mailadres en de code horen niet bij elkaar, of de code is verlopen. "+
	"Typ ze over uit uw e-mail, of vraag uw beheerder om een nieuwe uitnodiging.")

// Nodig mails a person a code with which they set a password; also who forgot theirs. The one before, if any, is worth nothing from then on.
// The code signs nobody in. Who may invite is judged by the caller. Errors: fout.NietGevonden.
func (d *Dienst) Nodig(ctx context.Context, oin string, gebruiker uuid.UUID, door beheerlog.Wie) error {
	m, ok := d.mens(oin, gebruiker)
	if !ok {
		return fout.NietGevonden
	}
	_, err := d.nodig(ctx, oin, m, door, func(code string) *Bericht {
		b := uitnodigingPost(m, d.naam(oin), code, d.nu())
		return &b
	})
	return err
}

// NodigHier gives that code on the console of the server instead of by mail: the first administrator of an organisation has nobody who
// invites them. Errors: fout.NietGevonden.
func (d *Dienst) NodigHier(ctx context.Context, oin, email string) (code string, err error) {
	m, ok := d.mensen.BijEmail(oin, Adres(email))
	if !ok || !m.Actief {
		return "", fout.NietGevonden
	}
	return d.nodig(ctx, oin, m, beheerlog.Opdrachtregel, func(string) *Bericht { return nil })
}

func (d *Dienst) nodig(ctx context.Context, oin string, m Mens, door beheerlog.Wie, bericht func(code string) *Bericht) (code string, err error) {
	s, err := d.keys(oin)
	if err != nil {
		return "", err
	}
	err = d.nogEens(func() error {
		mid, err := d.middelen(ctx, s, oin, m.ID)
		if err != nil {
			return err
		}
		code = newWoord(lengteUitnodig)
		h := codeHash(s, soortUitnodiging, m.ID.String(), woord(code))
		r, err := mid.volgende(soortUitnodiging, enig, codeInhoud{h[:], d.nu().Add(uitnodigingTot)})
		if err != nil {
			return err
		}
		l, err := d.regel(oin, m.ID, beheerlog.Regel{Soort: beheerlog.Middel, Door: door, Betreft: wie(m), Wat: "Uitgenodigd om een wachtwoord te kiezen."})
		if err != nil {
			return err
		}
		w := &Wijziging{Middelen: []MiddelRij{r}, Log: []LogRij{l}}
		if b := bericht(code); b != nil {
			w.Post = []Bericht{*b}
		}
		return d.opslag.Schrijf(ctx, oin, w)
	})
	return code, err
}

// Aanvaard sets the password of who was invited, and ends all their sessions; they sign in with it then, in two steps as always. Errors:
// CodeAanmeldenMislukt, the same for an unknown address; CodeOngeldig; CodeTeVeel.
func (d *Dienst) Aanvaard(ctx context.Context, oin, email, code, wachtwoord string) error {
	defer gelijk(ctx, time.Now(), d.stapEen)
	s, err := d.keys(oin)
	if err != nil {
		return err
	}
	adres, nu := Adres(email), d.nu()
	t, err := d.opslag.Tel(ctx, Teller{oin, telAccount(s, adres, vreemd), telUitnodiging, uitnodigingPogingen}, nu)
	if err != nil {
		return err
	}
	if !t.Mag {
		return geblokkeerd(nu, t.Vrij)
	}
	m, ok := d.mensen.BijEmail(oin, adres)
	if !ok || !m.Actief || adres == "" {
		m, ok = Mens{ID: uuid.New()}, false
	}
	mid, err := d.middelen(ctx, s, oin, m.ID)
	if err != nil {
		return err
	}
	var u codeInhoud
	er, err := mid.zoek(soortUitnodiging, enig, &u)
	if err != nil {
		return err
	}
	klopt := codeKlopt(s, soortUitnodiging, m.ID.String(), woord(code), u.handle())
	if !klopt || !er || !ok || !nu.Before(u.Verloopt) {
		return errUitnodiging
	}
	wachtwoord = wachtwoordNorm(wachtwoord)
	if err := toetsWachtwoord(wachtwoord, m, d.naam(oin)); err != nil {
		return err
	}
	weg, err := mid.volgende(soortUitnodiging, enig, nil)
	if err != nil {
		return err
	}
	w := &Wijziging{Middelen: []MiddelRij{weg}, AllesWeg: []uuid.UUID{m.ID}}
	if err := d.zetWachtwoord(ctx, mid, m, beheerlog.Wie{}, wachtwoord, w); err != nil {
		return err
	}
	err = d.opslag.Schrijf(ctx, oin, w)
	if errors.Is(err, fout.Gelijktijdig) {
		return errUitnodiging // it was used, or replaced, meanwhile
	}
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// nogEens runs f again when another process was first.
func (d *Dienst) nogEens(f func() error) (err error) {
	for range herhaal {
		if err = f(); !errors.Is(err, fout.Gelijktijdig) {
			return err
		}
	}
	return tegelijk(err)
}
