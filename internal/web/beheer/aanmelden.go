package beheer

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// The cookies of signing in. None holds anything about a person.
const (
	koekjePoging   = "poging"   // id of the attempt, secret of the browser, page to go to
	koekjeApparaat = "apparaat" // this browser passed the code
	koekjeDienst   = "dienst"   // sealed, until the person returns from a service
)

const (
	pogingDuur   = 20 * time.Minute
	apparaatDuur = 90 * 24 * time.Hour // it is told from a stranger's for as long; trusted it is for 12 hours
)

// poging is what the browser keeps of an attempt.
type poging struct{ id, browser, naar string }

func newPoging(naar string) poging {
	return poging{browser: rand.Text(), naar: pagina.Lokaal(naar)}
}

// leesPoging reads it back; an attempt that never was is as one that ended.
func leesPoging(b *pagina.Bezoek) (poging, error) {
	delen := strings.Split(b.Koekje(koekjePoging), ".")
	if len(delen) == 3 && delen[0] != "" {
		if naar, err := base64.RawURLEncoding.DecodeString(delen[2]); err == nil {
			return poging{delen[0], delen[1], pagina.Lokaal(string(naar))}, nil
		}
	}
	return poging{}, fout.New(fout.CodeNietAangemeld, "")
}

func (p poging) bewaar(b *pagina.Bezoek) {
	b.ZetKoekje(koekjePoging, p.id+"."+p.browser+"."+base64.RawURLEncoding.EncodeToString([]byte(p.naar)), pogingDuur)
}

type aanmeldBlad struct {
	Diensten     []Dienst
	Wachtwoorden bool
	Naar         string
}

func (p *paginas) aanmeldScherm(b *pagina.Bezoek, naar string) (pagina.Antwoord, error) {
	diensten, err := p.o.Aanmelden.Diensten(b.Context())
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "aanmelden", Titel: b.T("Aanmelden"),
		Inhoud: aanmeldBlad{diensten, p.o.Aanmelden.Wachtwoorden(b.Context()), pagina.Lokaal(naar)},
	}, nil
}

func (p *paginas) toonAanmelden(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Bezoeker != nil {
		return pagina.Verder{Naar: pagina.Begin}, nil
	}
	return p.aanmeldScherm(b, b.URL.Query().Get("naar"))
}

func (p *paginas) aanmelden(b *pagina.Bezoek) (pagina.Antwoord, error) {
	email, wachtwoord := b.Waarde("email"), b.Formulier.Waarde("wachtwoord")
	if email == "" {
		b.Formulier.Meld("email", b.T("Vul uw e-mailadres in."))
	} else if !strings.Contains(email, "@") {
		b.Formulier.Meld("email", b.T("Vul een e-mailadres in, zoals naam@gemeente.nl."))
	}
	if wachtwoord == "" {
		b.Formulier.Meld("wachtwoord", b.T("Vul uw wachtwoord in."))
	}
	if !b.Formulier.Goed() {
		return p.aanmeldScherm(b, b.Waarde("naar"))
	}
	poging := newPoging(b.Waarde("naar"))
	stap, err := p.o.Aanmelden.Begin(b.Context(), email, wachtwoord, poging.browser, b.Koekje(koekjeApparaat), b.UserAgent())
	if err != nil {
		return nil, err
	}
	return p.verder(b, poging, stap)
}

// verder leads to the page of a step; after the last one there is a session.
func (p *paginas) verder(b *pagina.Bezoek, poging poging, s Stap) (pagina.Antwoord, error) {
	if s.Soort == StapKlaar {
		b.ZetKoekje(koekjePoging, "", 0)
		if s.Apparaat != "" {
			b.ZetKoekje(koekjeApparaat, s.Apparaat, apparaatDuur)
		}
		if s.Taal != "" { // the page where they sign in the next time
			b.ZetTaal(s.Taal)
		}
		b.MeldAan(s.Token)
		return pagina.Verder{Naar: poging.naar}, nil
	}
	poging.id = s.ID
	poging.bewaar(b)
	if s.Soort == StapExtra {
		return pagina.Verder{Naar: "/beheer/aanmelden/extra"}, nil
	}
	return pagina.Verder{Naar: "/beheer/aanmelden/code"}, nil
}

func (p *paginas) naarDienst(b *pagina.Bezoek) (pagina.Antwoord, error) {
	adres, bewaar, err := p.o.Aanmelden.NaarDienst(b.Context(), b.PathValue("dienst"))
	if err != nil {
		return nil, err
	}
	newPoging(b.URL.Query().Get("naar")).bewaar(b)
	b.ZetKoekje(koekjeDienst, bewaar, 10*time.Minute)
	return pagina.Verder{Naar: adres}, nil
}

func (p *paginas) vanDienst(b *pagina.Bezoek) (pagina.Antwoord, error) {
	bewaard := b.Koekje(koekjeDienst)
	b.ZetKoekje(koekjeDienst, "", 0)
	if bewaard == "" {
		return nil, fout.New(fout.CodeNietAangemeld, "")
	}
	poging := newPoging("")
	if delen := strings.Split(b.Koekje(koekjePoging), "."); len(delen) == 3 && delen[0] == "" {
		if naar, err := base64.RawURLEncoding.DecodeString(delen[2]); err == nil {
			poging.naar = pagina.Lokaal(string(naar))
		}
	}
	stap, err := p.o.Aanmelden.VanDienst(b.Context(), b.PathValue("dienst"), b.URL.Query(), bewaard, poging.browser, b.Koekje(koekjeApparaat), b.UserAgent())
	if err != nil {
		return nil, err
	}
	return p.verder(b, poging, stap)
}

type codeBlad struct {
	Stap
	OpnieuwOver int // seconds until another code can be asked for
}

func (p *paginas) codeScherm(b *pagina.Bezoek, s Stap) *pagina.Scherm {
	blad := codeBlad{Stap: s}
	if over := s.OpnieuwVanaf.Sub(b.Nu()); over > 0 {
		blad.OpnieuwOver = int((over + time.Second - 1) / time.Second)
	}
	return &pagina.Scherm{Sjabloon: "code", Titel: b.T("Vul de code in"), Inhoud: blad}
}

// stand gives where the attempt of this browser is, or the page that it is not there any more.
func (p *paginas) stand(b *pagina.Bezoek) (poging, Stap, error) {
	poging, err := leesPoging(b)
	if err != nil {
		return poging, Stap{}, err
	}
	s, err := p.o.Aanmelden.Stand(b.Context(), poging.id, poging.browser)
	return poging, s, err
}

func (p *paginas) toonCode(b *pagina.Bezoek) (pagina.Antwoord, error) {
	poging, s, err := p.stand(b)
	if err != nil {
		return nil, err
	}
	if s.Soort != StapCode {
		return p.verder(b, poging, s)
	}
	return p.codeScherm(b, s), nil
}

func (p *paginas) code(b *pagina.Bezoek) (pagina.Antwoord, error) {
	poging, err := leesPoging(b)
	if err != nil {
		return nil, err
	}
	code := strings.Map(cijfer, b.Waarde("code"))
	if len(code) != 8 {
		b.Formulier.Meld("code", b.T("Vul de 8 cijfers uit de e-mail in."))
	} else {
		s, err := p.o.Aanmelden.Controleer(b.Context(), poging.id, poging.browser, code)
		if err == nil {
			return p.verder(b, poging, s)
		}
		if !errors.Is(err, pagina.ErrCode) {
			return nil, err
		}
		b.Formulier.Meld("code", b.T("Deze code is niet juist. Gebruik de laatste code die u kreeg."))
	}
	_, s, err := p.stand(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("code", "")
	return p.codeScherm(b, s), nil
}

// cijfer leaves the digits only: people type spaces in a code.
func cijfer(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func (p *paginas) codeOpnieuw(b *pagina.Bezoek) (pagina.Antwoord, error) {
	poging, err := leesPoging(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Aanmelden.Opnieuw(b.Context(), poging.id, poging.browser); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: "/beheer/aanmelden/code", Melding: pagina.CodeOpnieuw}, nil
}

func (p *paginas) extraScherm(b *pagina.Bezoek, s Stap) *pagina.Scherm {
	return &pagina.Scherm{Sjabloon: "extra", Titel: b.T("Nog één stap"), Inhoud: s}
}

func (p *paginas) toonExtra(b *pagina.Bezoek) (pagina.Antwoord, error) {
	poging, s, err := p.stand(b)
	if err != nil {
		return nil, err
	}
	if s.Soort != StapExtra {
		return p.verder(b, poging, s)
	}
	return p.extraScherm(b, s), nil
}

func (p *paginas) extra(b *pagina.Bezoek) (pagina.Antwoord, error) {
	poging, err := leesPoging(b)
	if err != nil {
		return nil, err
	}
	soort := b.Waarde("soort")
	antwoord := b.Waarde(soort)
	switch {
	case soort == "totp" && len(strings.Map(cijfer, antwoord)) != 6:
		b.Formulier.Meld("totp", b.T("Vul de 6 cijfers uit uw app in."))
	case soort == "herstelcode" && antwoord == "":
		b.Formulier.Meld("herstelcode", b.T("Vul een van uw herstelcodes in."))
	default:
		s, err := p.o.Aanmelden.Extra(b.Context(), poging.id, poging.browser, soort, antwoord)
		if err == nil {
			return p.verder(b, poging, s)
		}
		if !errors.Is(err, pagina.ErrCode) {
			return nil, err
		}
		veld := soort
		if soort == "passkey" {
			veld = ""
		}
		b.Formulier.Meld(veld, b.T("Dit klopt niet. Probeer het opnieuw, of kies een andere manier."))
	}
	_, s, err := p.stand(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet(soort, "")
	return p.extraScherm(b, s), nil
}
