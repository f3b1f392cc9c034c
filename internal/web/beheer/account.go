package beheer

import (
	"html/template"
	"strings"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const padAccount = "/beheer/mijn-account"

func (p *paginas) account(b *pagina.Bezoek) (pagina.Antwoord, error) {
	blad, err := p.o.Account.Account(b.Context(), b.Bezoeker, b.Token())
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "account", Titel: b.T("Mijn account"), Inhoud: blad}, nil
}

func (p *paginas) overalAfmelden(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if err := p.o.Account.OveralAfmelden(b.Context(), b.Bezoeker, b.Token()); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padAccount, Melding: pagina.ZelfAfgemeld}, nil
}

// kruimelsAccount leads back to one's own account.
func kruimelsAccount(b *pagina.Bezoek) []pagina.Kruimel {
	return []pagina.Kruimel{{Titel: b.T("Mijn account"), Pad: padAccount}}
}

func (p *paginas) toonWachtwoord(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return &pagina.Scherm{Sjabloon: "wachtwoord", Titel: b.T("Wachtwoord wijzigen"), Kruimels: kruimelsAccount(b)}, nil
}

func (p *paginas) wachtwoord(b *pagina.Bezoek) (pagina.Antwoord, error) {
	oud, nieuw, nogmaals := b.Formulier.Waarde("oud"), b.Formulier.Waarde("nieuw"), b.Formulier.Waarde("nogmaals")
	if oud == "" {
		b.Formulier.Meld("oud", b.T("Vul uw huidige wachtwoord in."))
	}
	if nieuw == "" {
		b.Formulier.Meld("nieuw", b.T("Vul een nieuw wachtwoord in."))
	} else if nieuw != nogmaals {
		b.Formulier.Meld("nogmaals", b.T("Dit is niet hetzelfde als het nieuwe wachtwoord."))
	}
	if b.Formulier.Goed() {
		sessie, err := p.o.Account.ZetWachtwoord(b.Context(), b.Token(), oud, nieuw)
		if err == nil {
			b.MeldAan(sessie)
			return pagina.Verder{Naar: padAccount, Melding: pagina.WachtwoordBewaard}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.toonWachtwoord(b)
}

func (p *paginas) toonApp(b *pagina.Bezoek) (pagina.Antwoord, error) {
	blad, err := p.o.Account.BeginApp(b.Context(), b.Token())
	if err != nil {
		return nil, err
	}
	return appScherm(b, blad), nil
}

// appScherm shows a secret once, or asks for another code of the app that has it.
func appScherm(b *pagina.Bezoek, blad *AppBlad) *pagina.Scherm {
	in := map[string]any{"Geheim": ""}
	if blad != nil {
		in = map[string]any{"Geheim": blad.Geheim, "QR": template.URL("data:image/png;base64," + blad.QR)} // base64 of our own picture
	}
	return &pagina.Scherm{Sjabloon: "app", Titel: b.T("App met codes toevoegen"), Kruimels: kruimelsAccount(b), Inhoud: in}
}

func (p *paginas) app(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Waarde("bewaar") == "" { // who just proved to be there
		return p.toonApp(b)
	}
	code := strings.Map(cijfer, b.Waarde("totp"))
	if len(code) != 6 {
		b.Formulier.Meld("totp", b.T("Vul de 6 cijfers uit uw app in."))
	} else {
		sessie, codes, err := p.o.Account.ZetApp(b.Context(), b.Token(), code)
		if err == nil {
			return codesOfVerder(b, sessie, codes, pagina.MiddelToegevoegd)
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	b.Formulier.Zet("totp", "")
	return appScherm(b, nil), nil
}

func (p *paginas) toonPasskey(b *pagina.Bezoek) (pagina.Antwoord, error) {
	vraag, err := p.o.Account.BeginPasskey(b.Context(), b.Token())
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "passkey", Titel: b.T("Passkey toevoegen"), Kruimels: kruimelsAccount(b), Inhoud: map[string]any{"Vraag": vraag},
	}, nil
}

func (p *paginas) passkey(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Waarde("bewaar") == "" { // who just proved to be there
		return p.toonPasskey(b)
	}
	if b.Waarde("naam") == "" {
		b.Formulier.Meld("naam", b.T("Geef de passkey een naam, zoals telefoon of sleutelbos."))
	}
	if b.Waarde("passkey") == "" {
		b.Formulier.Meld("", b.T("Uw browser gaf geen passkey. Probeer het in een andere browser, of kies een app met codes."))
	}
	if b.Formulier.Goed() {
		sessie, codes, err := p.o.Account.ZetPasskey(b.Context(), b.Token(), b.Waarde("passkey"), b.Waarde("naam"))
		if err == nil {
			return codesOfVerder(b, sessie, codes, pagina.MiddelToegevoegd)
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.toonPasskey(b)
}

// codesOfVerder goes on in the changed session: to the account, or with recovery codes, which are shown on the answer
// itself as they are nowhere to be read again.
func codesOfVerder(b *pagina.Bezoek, sessie string, codes []string, melding string) (pagina.Antwoord, error) {
	b.MeldAan(sessie)
	if len(codes) == 0 {
		return pagina.Verder{Naar: padAccount, Melding: melding}, nil
	}
	return &pagina.Scherm{Sjabloon: "herstelcodes", Titel: b.T("Uw herstelcodes"), Kruimels: kruimelsAccount(b), Inhoud: codes}, nil
}

func (p *paginas) herstelcodes(b *pagina.Bezoek) (pagina.Antwoord, error) {
	sessie, codes, err := p.o.Account.Herstelcodes(b.Context(), b.Token())
	if err != nil {
		return nil, err
	}
	return codesOfVerder(b, sessie, codes, "")
}

func (p *paginas) middelWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	sessie, err := p.o.Account.NeemWeg(b.Context(), b.Token(), b.Waarde("middel"))
	if err != nil {
		return nil, err
	}
	b.MeldAan(sessie)
	return pagina.Verder{Naar: padAccount, Melding: pagina.Verwijderd}, nil
}
