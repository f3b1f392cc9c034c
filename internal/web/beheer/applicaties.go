package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const padApplicaties = "/beheer/applicaties"

func (p *paginas) applicaties(b *pagina.Bezoek) (pagina.Antwoord, error) {
	lijst, err := p.o.Applicaties.Applicaties(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "applicaties", Titel: b.T("Applicaties"), Inhoud: lijst}, nil
}

func (p *paginas) applicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.o.Applicaties.Applicatie(b.Context(), b.Bezoeker, b.PathValue("id"))
	if err != nil {
		return nil, err
	}
	a.Waarschuwingen = opErnst(a.Waarschuwingen)
	return &pagina.Scherm{
		Sjabloon: "applicatie", Titel: a.Naam, Kruimels: []pagina.Kruimel{{Titel: b.T("Applicaties"), Pad: padApplicaties}}, Inhoud: a,
	}, nil
}
