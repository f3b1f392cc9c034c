package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

func (p *paginas) toonUitnodiging(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return &pagina.Scherm{Sjabloon: "uitnodiging", Titel: b.T("Kies uw wachtwoord")}, nil
}

func (p *paginas) uitnodiging(b *pagina.Bezoek) (pagina.Antwoord, error) {
	scherm := &pagina.Scherm{Sjabloon: "uitnodiging", Titel: b.T("Kies uw wachtwoord")}
	email, code, wachtwoord := b.Waarde("email"), b.Waarde("code"), b.Formulier.Waarde("wachtwoord")
	for _, v := range []struct{ veld, waarde, mist string }{
		{"email", email, b.T("Vul uw e-mailadres in.")}, {"code", code, b.T("Vul de code uit de uitnodiging in.")},
		{"wachtwoord", wachtwoord, b.T("Kies een wachtwoord.")},
	} {
		if v.waarde == "" {
			b.Formulier.Meld(v.veld, v.mist)
		}
	}
	if !b.Formulier.Goed() {
		return scherm, nil
	}
	if err := p.o.Account.Aanvaard(b.Context(), email, code, wachtwoord); err != nil {
		if b.Formulier.Neem(b, err) {
			b.Formulier.Zet("wachtwoord", "")
			return scherm, nil
		}
		return nil, err
	}
	return pagina.Verder{Naar: pagina.PadAanmelden, Melding: pagina.WachtwoordBewaard}, nil
}
