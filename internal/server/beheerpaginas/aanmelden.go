package beheerpaginas

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/bron/aanmelddienst"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Extern is a sign-in service, and the organisation whose people sign in there.
type Extern struct {
	*aanmelddienst.Dienst
	Sleutel string // in the path
	OIN     string
}

// aanmelden implements beheer.Aanmelden. The id of an attempt carries the secret of the browser: both stand in
// one cookie.
type aanmelden struct{ *Koppeling }

const scheiding = "~" // in no id and in no token

func (a aanmelden) Diensten(context.Context) (uit []beheer.Dienst, err error) {
	for _, d := range a.Extern {
		uit = append(uit, beheer.Dienst{Sleutel: d.Sleutel, Naam: d.Naam()})
	}
	return uit, nil
}

func (a aanmelden) Wachtwoorden(context.Context) bool { return true }

func (a aanmelden) Begin(ctx context.Context, email, wachtwoord, _, apparaat, agent string) (beheer.Stap, error) {
	return a.stap(ctx)(a.Aanmelding.Begin(ctx, a.organisatie(email), aanmelding.Eerste{Email: email, Wachtwoord: wachtwoord, Apparaat: apparaat, Agent: agent}))
}

// organisatie is where an address signs in: the first that knows it, and for an unknown one the first of all, so that both
// take the same way.
func (a aanmelden) organisatie(email string) string {
	uit := a.OINs[0]
	for i := len(a.OINs) - 1; i >= 0; i-- {
		if _, ok := a.Mensen.BijEmail(a.OINs[i], aanmelding.Adres(email)); ok {
			uit = a.OINs[i]
		}
	}
	return uit
}

// stap turns what the service says into a step of the pages.
func (a aanmelden) stap(ctx context.Context) func(*aanmelding.Stap, error) (beheer.Stap, error) {
	return func(s *aanmelding.Stap, err error) (beheer.Stap, error) {
		if err != nil {
			return beheer.Stap{}, err
		}
		if s.Sessie != nil {
			if err := a.groepen(ctx, s.Sessie); err != nil {
				return beheer.Stap{}, err
			}
			m, _ := a.Mensen.BijID(s.Sessie.OIN, s.Sessie.Gebruiker)
			return beheer.Stap{Soort: beheer.StapKlaar, Token: s.Sessie.Token, Apparaat: s.Sessie.Apparaat, Taal: m.Taal}, nil
		}
		a.Wek()
		return a.Stand(ctx, s.Aanmelding.ID.String()+scheiding+s.Aanmelding.Browser, "")
	}
}

// groepen takes over the groups that a sign-in service named.
func (a aanmelden) groepen(ctx context.Context, s *aanmelding.Sessie) error {
	if s.Groepen == nil {
		return nil
	}
	return a.Beheer.NeemGroepenOver(ctx, s.OIN, s.Gebruiker, s.Groepen)
}

func (a aanmelden) dienst(sleutel string) (*Extern, error) {
	for i := range a.Extern {
		if a.Extern[i].Sleutel == sleutel {
			return &a.Extern[i], nil
		}
	}
	return nil, fout.NietGevonden
}

func (a aanmelden) NaarDienst(ctx context.Context, sleutel string) (adres, bewaar string, err error) {
	d, err := a.dienst(sleutel)
	if err != nil {
		return "", "", err
	}
	adres, staat, err := d.Begin(ctx)
	if err != nil {
		return "", "", err
	}
	keys, ok := a.Sleutels(d.OIN)
	if !ok {
		return "", "", errors.New("unknown organisation")
	}
	bewaar, err = aanmelddienst.Seal(keys, d.OIN, staat)
	return adres, bewaar, err
}

func (a aanmelden) VanDienst(ctx context.Context, sleutel string, vraag url.Values, bewaard, _, apparaat, agent string) (beheer.Stap, error) {
	d, err := a.dienst(sleutel)
	if err != nil {
		return beheer.Stap{}, err
	}
	keys, ok := a.Sleutels(d.OIN)
	if !ok {
		return beheer.Stap{}, errors.New("unknown organisation")
	}
	staat, err := aanmelddienst.Open(keys, d.OIN, bewaard)
	if err != nil {
		return beheer.Stap{}, err
	}
	wie, err := d.Voltooi(ctx, staat, vraag)
	if err != nil {
		return beheer.Stap{}, err
	}
	groepen := wie.Groepen
	if groepen == nil {
		groepen = []string{}
	}
	return a.stap(ctx)(a.Aanmelding.BeginExtern(ctx, d.OIN, aanmelding.Extern{
		Dienst: d.Naam(), Uitgever: wie.Uitgever, Onderwerp: wie.Onderwerp, Email: wie.Email, Groepen: groepen, Apparaat: apparaat, Agent: agent,
	}))
}

// poging reads an id of the pages.
func poging(id string) (uuid.UUID, string) {
	u, browser, _ := strings.Cut(id, scheiding)
	uid, err := uuid.Parse(u)
	if err != nil {
		return uuid.Nil, ""
	}
	return uid, browser
}

func (a aanmelden) Stand(ctx context.Context, id, _ string) (beheer.Stap, error) {
	uid, browser := poging(id)
	s, err := a.Aanmelding.Stand(ctx, uid, browser)
	if err != nil {
		return beheer.Stap{}, err
	}
	uit := beheer.Stap{Soort: beheer.StapCode, ID: id, Adres: s.Gemaskeerd, Koppelt: s.Koppelt, Pogingen: s.Over, OpnieuwVanaf: s.Opnieuw}
	if s.Vraagt == "factor" {
		uit.Soort, uit.Middelen = beheer.StapExtra, s.Factoren
		if slices.Contains(s.Factoren, aanmelding.FactorPasskey) {
			vraag, err := a.Aanmelding.VraagPasskey(ctx, uid, browser)
			if err != nil {
				return beheer.Stap{}, err
			}
			uit.Passkey = string(vraag)
		}
	}
	return uit, nil
}

func (a aanmelden) Controleer(ctx context.Context, id, _, code string) (beheer.Stap, error) {
	uid, browser := poging(id)
	uit, err := a.stap(ctx)(a.Aanmelding.Controleer(ctx, uid, browser, code))
	return uit, a.nog(ctx, id, err)
}

// nog tells a wrong answer after which another try is possible from one that ended the attempt.
func (a aanmelden) nog(ctx context.Context, id string, err error) error {
	if err == nil || fout.CodeOf(err) != fout.CodeAanmeldenMislukt {
		return err
	}
	if _, over := a.Stand(ctx, id, ""); over == nil {
		return pagina.ErrCode
	}
	return err
}

func (a aanmelden) Opnieuw(ctx context.Context, id, _ string) error {
	uid, browser := poging(id)
	_, err := a.Aanmelding.Opnieuw(ctx, uid, browser)
	a.Wek()
	return err
}

func (a aanmelden) Extra(ctx context.Context, id, _, soort, antwoord string) (beheer.Stap, error) {
	uid, browser := poging(id)
	f := aanmelding.Factor{Soort: soort, Code: antwoord}
	if soort == aanmelding.FactorPasskey {
		f = aanmelding.Factor{Soort: soort, Antwoord: []byte(antwoord)}
	}
	uit, err := a.stap(ctx)(a.Aanmelding.ControleerFactor(ctx, uid, browser, f))
	return uit, a.nog(ctx, id, err)
}
