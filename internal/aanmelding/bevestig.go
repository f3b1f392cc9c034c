package aanmelding

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// BevestigingNodig refuses something dangerous in a session that gave no code or factor in the last five minutes: BeginBevestiging is the way out.
var BevestigingNodig = fout.New(fout.CodeGeenToestemming, "Bevestig eerst nog eens dat u het bent. Daarna kunt u hier verder.")

// Toets refuses with BevestigingNodig unless the visitor confirmed who they are in the last five minutes.
func (b *Bezoeker) Toets() error {
	if !b.Bevestigd {
		return BevestigingNodig
	}
	return nil
}

// BeginBevestiging asks the visitor to confirm who they are: with a factor of those they have, or with a code by e-mail. Controleer or
// ControleerFactor ends it, with a new token for the session. Errors: CodeNietAangemeld, CodeTeVeel.
func (d *Dienst) BeginBevestiging(ctx context.Context, token string, metFactor bool) (*Aanmelding, error) {
	b, err := d.ZoekVoorMiddelen(ctx, token)
	if err != nil {
		return nil, err
	}
	s, err := d.keys(b.OIN)
	if err != nil {
		return nil, err
	}
	mid, err := d.middelen(ctx, s, b.OIN, b.Gebruiker)
	if err != nil {
		return nil, err
	}
	factoren := mid.factoren()
	nu := d.nu()
	teller := Teller{b.OIN, telAccount(s, b.Gebruiker.String(), "bevestigen"), telBegin, uurPogingen}
	telling, err := d.opslag.Tel(ctx, teller, nu)
	if err != nil {
		return nil, err
	}
	if !telling.Mag {
		d.meting.Aanmelding(MeetGeblokkeerd)
		return nil, geblokkeerd(nu, telling.Vrij)
	}
	browser, hash := newToken()
	in := &inhoud{Doel: doelBevestigen, Vraagt: vraagtCode, Begonnen: nu, Gebruiker: b.Gebruiker, Betreft: b.Gebruiker, Wijze: b.inhoud.Wijze,
		Adres: Masker(Adres(b.mens.Email)), Browser: b.inhoud.Browser, Sessie: b.staat()}
	r := &AanmeldingRij{ID: uuid.New(), OIN: b.OIN, Account: teller.Account, Browser: hash, Code: geenCode(), Verloopt: nu.Add(codeGeldig)}
	w := &Wijziging{Aanmelding: r}
	uit := &Aanmelding{ID: r.ID, Browser: browser, Gemaskeerd: in.Adres, Vraagt: vraagtCode}
	if metFactor && len(factoren) > 0 {
		in.Vraagt, in.Tweede = vraagtFactor, b.inhoud.Tweede
		uit.Vraagt, uit.Factoren = vraagtFactor, factoren
	} else {
		code := newCode()
		d.meting.Code(CodeGevraagd)
		r.Code, r.Verzonden, r.Gestuurd = codeHash(s, in.Doel, r.ID.String(), code), 1, nu
		w.Post = []Bericht{codePost(b.mens, d.naam(b.OIN), code, nu)}
	}
	if err := r.verzegel(s, in); err != nil {
		return nil, err
	}
	if err := d.opslag.Schrijf(ctx, b.OIN, w); err != nil {
		return nil, fmt.Errorf("begin confirmation: %w", err)
	}
	return uit, nil
}

// staat is what the session hands on to the one that replaces it.
func (b *Bezoeker) staat() *sessieStaat {
	return &sessieStaat{ID: b.rij.ID[:], Begonnen: b.rij.Begonnen, Verloopt: b.rij.Verloopt, Bevestigd: b.rij.Bevestigd, Inhoud: b.inhoud}
}

// vervang does w, and gives the session of the visitor a new token in the same transaction; factor is one that was proven by it, or empty.
func (d *Dienst) vervang(ctx context.Context, b *Bezoeker, factor string, w *Wijziging) (*Sessie, error) {
	s, err := d.keys(b.OIN)
	if err != nil {
		return nil, err
	}
	in := &inhoud{Vraagt: vraagtFactor, Tweede: b.inhoud.Tweede, Sessie: b.staat(), Browser: b.inhoud.Browser}
	g, _ := eerderGoed(in)
	stap, err := d.rond(s, b.OIN, b.mens, in, g, factor, d.nu(), w)
	if err != nil {
		return nil, err
	}
	if err := d.opslag.Schrijf(ctx, b.OIN, w); err != nil {
		return nil, tegelijk(err)
	}
	return stap.Sessie, nil
}

// tegelijk turns fout.Gelijktijdig into what a person can do about it.
func tegelijk(err error) error {
	if errors.Is(err, fout.Gelijktijdig) {
		return fout.Wrap(fout.CodeNietBeschikbaar, "Dit werd tegelijk ook elders gewijzigd. Laad de pagina opnieuw en probeer het nog eens.", err)
	}
	return fmt.Errorf("store means of a person: %w", err)
}

// Herroep takes away all that a person signs in with, and ends all their sessions: when a device was lost, or an account taken over. They
// can sign in again after Nodig. Who may is judged by the caller. Errors: fout.NietGevonden.
func (d *Dienst) Herroep(ctx context.Context, oin string, gebruiker uuid.UUID, door beheerlog.Wie, reden string) error {
	m, ok := d.mensen.BijID(oin, gebruiker)
	if !ok {
		return fout.NietGevonden
	}
	s, err := d.keys(oin)
	if err != nil {
		return err
	}
	return d.nogEens(func() error {
		mid, err := d.middelen(ctx, s, oin, gebruiker)
		if err != nil {
			return err
		}
		w := &Wijziging{AllesWeg: []uuid.UUID{gebruiker}}
		for i := range mid.rijen {
			weg, err := mid.volgende(mid.rijen[i].Soort, mid.rijen[i].ID, nil)
			if err != nil {
				return err
			}
			w.Middelen = append(w.Middelen, weg)
		}
		l, err := d.regel(oin, gebruiker, beheerlog.Regel{Soort: beheerlog.Middel, Door: door, Betreft: wie(m), Reden: reden,
			Wat: "Wachtwoord, passkeys, app met codes en herstelcodes zijn ingetrokken, en alle sessies beëindigd."})
		if err != nil {
			return err
		}
		w.Log = []LogRij{l}
		if m.Email != "" {
			w.Post = []Bericht{meldPost(m, d.naam(oin),
				tweetalig{"Uw aanmeldgegevens zijn ingetrokken", "What you sign in with was withdrawn"}, tweetalig{
					"Uw wachtwoord en uw extra beveiliging zijn ingetrokken door een beheerder. U krijgt een uitnodiging om een nieuw wachtwoord te kiezen.",
					"Your password and your extra security were withdrawn by an administrator. You will get an invitation to choose a new password.",
				})}
		}
		return d.opslag.Schrijf(ctx, oin, w)
	})
}
