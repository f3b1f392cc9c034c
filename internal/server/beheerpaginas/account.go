package beheerpaginas

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// account implements beheer.Account.
type account struct{ *Koppeling }

func (a account) Account(ctx context.Context, b *pagina.Bezoeker, token string) (*beheer.AccountBlad, error) {
	v, err := a.Aanmelding.ZoekVoorMiddelen(ctx, token)
	if err != nil {
		return nil, err
	}
	r := a.Beheer.Register()
	g, ok := r.Gebruiker(b.OIN, b.ID, a.Nu())
	if !ok {
		return nil, fout.NietGevonden
	}
	uit := &beheer.AccountBlad{Naam: g.Naam, Email: g.Email}
	if f, ok := r.Functiegroep(b.OIN, g.Functiegroep); ok {
		uit.Functiegroep = f.Naam
	}
	uit.Groepen = lidmaatschappen(r.Groepen(b.OIN, b.ID, a.Nu()))
	o, err := a.Aanmelding.Overzicht(ctx, v)
	if err != nil {
		return nil, err
	}
	uit.Wachtwoord, uit.Passkeys = o.Wachtwoord, a.Aanmelding.Passkeys()
	uit.MiddelNodig = r.Ernstig(b.OIN, b.ID, a.Nu()) && !v.Factor
	if o.TOTP {
		uit.Middelen = append(uit.Middelen, beheer.Middel{ID: aanmelding.FactorTOTP + scheiding, Soort: aanmelding.FactorTOTP})
	}
	for _, p := range o.Passkeys {
		uit.Middelen = append(uit.Middelen, beheer.Middel{ID: aanmelding.FactorPasskey + scheiding + p.ID, Soort: aanmelding.FactorPasskey, Naam: p.Naam, Sinds: p.Gemaakt})
	}
	if o.Herstelcodes > 0 {
		uit.Middelen = append(uit.Middelen, beheer.Middel{Soort: aanmelding.FactorHerstel, Naam: fmt.Sprintf("nog %d", o.Herstelcodes)})
	}
	lopend, err := a.Aanmelding.Lopend(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, l := range lopend {
		uit.Sessies = append(uit.Sessies, beheer.Sessie{Begonnen: l.Begonnen, Gezien: l.Gezien, Met: l.Browser, Deze: l.Deze})
	}
	uit.Aanmeldingen, err = a.historie(ctx, b.OIN, b.ID)
	return uit, err
}

func (a account) OveralAfmelden(ctx context.Context, _ *pagina.Bezoeker, token string) error {
	v, err := a.Aanmelding.ZoekVoorMiddelen(ctx, token)
	if err != nil {
		return err
	}
	return a.Aanmelding.BeeindigAnderen(ctx, v)
}

// sessie gives the token of what replaced a session.
func sessie(s *aanmelding.Sessie, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return s.Token, nil
}

// bij puts an error of a field of a room at the field of the page.
func bij(err error, van, naar string) error {
	f, ok := errors.AsType[*fout.Fout](err)
	if !ok || f.Code != fout.CodeOngeldig {
		return err
	}
	g := *f
	g.Params = slices.Clone(f.Params)
	for i := range g.Params {
		if g.Params[i].Name == van {
			g.Params[i].Name = naar
		}
	}
	return &g
}

func (a account) ZetWachtwoord(ctx context.Context, token, oud, nieuw string) (string, error) {
	s, err := a.Aanmelding.WijzigWachtwoord(ctx, token, oud, nieuw)
	return sessie(s, bij(err, "wachtwoord", "nieuw"))
}

func (a account) BeginApp(ctx context.Context, token string) (*beheer.AppBlad, error) {
	t, err := a.Aanmelding.BeginTOTP(ctx, token)
	if err != nil {
		return nil, err
	}
	var delen []string
	for s := t.Geheim; s != ""; {
		n := min(4, len(s))
		delen, s = append(delen, s[:n]), s[n:]
	}
	return &beheer.AppBlad{Geheim: strings.Join(delen, " "), QR: base64.StdEncoding.EncodeToString(t.QR)}, nil
}

func (a account) ZetApp(ctx context.Context, token, code string) (string, []string, error) {
	s, codes, err := a.Aanmelding.BevestigTOTP(ctx, token, code)
	t, err := sessie(s, bij(err, "code", "totp"))
	return t, codes, err
}

func (a account) BeginPasskey(ctx context.Context, token string) (string, error) {
	vraag, err := a.Aanmelding.BeginPasskey(ctx, token)
	return string(vraag), err
}

func (a account) ZetPasskey(ctx context.Context, token, antwoord, naam string) (string, []string, error) {
	s, codes, err := a.Aanmelding.VoegPasskeyToe(ctx, token, naam, []byte(antwoord))
	t, err := sessie(s, err)
	return t, codes, err
}

func (a account) Herstelcodes(ctx context.Context, token string) (string, []string, error) {
	s, codes, err := a.Aanmelding.Herstelcodes(ctx, token)
	t, err := sessie(s, err)
	return t, codes, err
}

func (a account) NeemWeg(ctx context.Context, token, id string) (string, error) {
	soort, welk, _ := strings.Cut(id, scheiding)
	return sessie(a.Aanmelding.VerwijderMiddel(ctx, token, soort, welk))
}

// Aanvaard refuses a wrong code at the field of the code.
func (a account) Aanvaard(ctx context.Context, email, code, wachtwoord string) error {
	err := a.Aanmelding.Aanvaard(ctx, aanmelden(a).organisatie(email), email, code, wachtwoord)
	if fout.CodeOf(err) == fout.CodeAanmeldenMislukt {
		return fout.Ongeldig(fout.Param{Name: "code", Code: "invalid", Reason: "Het e-mailadres en de code horen niet bij elkaar, of de code is verlopen. Vraag een beheerder om een nieuwe uitnodiging."})
	}
	return err
}
