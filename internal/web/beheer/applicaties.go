package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const padApplicaties = "/beheer/applicaties"

func padApplicatie(id string) string { return padApplicaties + "/" + id }

func kruimelsApplicaties(b *pagina.Bezoek, a *ApplicatieBlad) []pagina.Kruimel {
	k := []pagina.Kruimel{{Titel: b.T("Applicaties"), Pad: padApplicaties}}
	if a != nil {
		k = append(k, pagina.Kruimel{Titel: a.Naam, Pad: padApplicatie(a.ID)})
	}
	return k
}

type applicatiesBlad struct {
	Lijst       []Applicatie
	Voorstellen []ApplicatieVoorstel
	MagBeheren  bool
}

func (p *paginas) applicaties(b *pagina.Bezoek) (pagina.Antwoord, error) {
	lijst, err := p.o.Applicaties.Applicaties(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	voorstellen, err := p.o.Applicaties.Voorstellen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "applicaties", Titel: b.T("Applicaties"), Inhoud: applicatiesBlad{lijst, voorstellen, b.Bezoeker.Mag("applicaties", "beheren")},
	}, nil
}

type applicatieInhoud struct {
	ApplicatieBlad
	MagBeheren bool
}

func (p *paginas) applicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.welkeApplicatie(b)
	if err != nil {
		return nil, err
	}
	a.Waarschuwingen = opErnst(a.Waarschuwingen)
	return &pagina.Scherm{
		Sjabloon: "applicatie", Titel: a.Naam, Kruimels: kruimelsApplicaties(b, nil), Inhoud: applicatieInhoud{*a, b.Bezoeker.Mag("applicaties", "beheren")},
	}, nil
}

// welkeApplicatie gives the one of the path.
func (p *paginas) welkeApplicatie(b *pagina.Bezoek) (*ApplicatieBlad, error) {
	return p.o.Applicaties.Applicatie(b.Context(), b.Bezoeker, b.PathValue("id"))
}
