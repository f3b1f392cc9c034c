package beheer

import (
	"strconv"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// What helps somebody who can't sign in any more: another invitation, a clean start, an account that opens again.

func (p *paginas) nodigUit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Mensen.NodigUit(b.Context(), b.Bezoeker, g.ID); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.OpnieuwUitgenodigd}, nil
}

func (p *paginas) toonHerroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	return p.herroepScherm(b, g), nil
}

func (p *paginas) herroepScherm(b *pagina.Bezoek, g *GebruikerBlad) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Aanmeldgegevens van %s intrekken", g.Naam), Kruimels: kruimelsMensen(b, g),
		Inhoud: besluitBlad{
			Uitleg: []string{
				b.T("Doe dit als iemand de telefoon of beveiligingssleutel kwijt is, of als een ander bij het account kan."),
				b.T("Het wachtwoord, de passkeys, de app en de herstelcodes werken dan niet meer, en lopende sessies eindigen meteen. Deze persoon houdt de rechten, en krijgt per e-mail een uitnodiging om opnieuw te beginnen."),
			},
			Knop: b.T("Intrekken en uitnodigen"), Gevaar: true, Pad: b.URL.Path, Terug: padGebruiker(g.ID), RedenNodig: true,
			RedenUitleg: b.T("Bijvoorbeeld: telefoon verloren. De reden komt in het beheerlog."),
		},
	}
}

func (p *paginas) herroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	if b.Waarde("reden") == "" {
		b.Formulier.Meld("reden", b.T("Vul in waarom."))
	} else {
		err := p.o.Mensen.Herroep(b.Context(), b.Bezoeker, g.ID, b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.Ingetrokken}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.herroepScherm(b, g), nil
}

func (p *paginas) toonHeropen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.heropenScherm(b, g), nil
}

func (p *paginas) heropenScherm(b *pagina.Bezoek, g *GebruikerBlad) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Account van %s heropenen", g.Naam), Kruimels: kruimelsMensen(b, g),
		Inhoud: besluitBlad{
			Uitleg: []string{b.T("Deze persoon krijgt een uitnodiging per e-mail, en kan zich daarna weer aanmelden. Rechten komen niet terug: die geeft u opnieuw.")},
			Knop:   b.T("Account heropenen"), Pad: b.URL.Path, Terug: padGebruiker(g.ID), RedenNodig: true,
			RedenUitleg: b.T("Bijvoorbeeld: terug in dienst. De reden komt in het beheerlog."),
		},
	}
}

func (p *paginas) heropen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	if b.Waarde("reden") == "" {
		b.Formulier.Meld("reden", b.T("Vul in waarom."))
	} else {
		err := p.o.Mensen.Heropen(b.Context(), b.Bezoeker, g.ID, versie(b), b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.Heropend}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.heropenScherm(b, g), nil
}
