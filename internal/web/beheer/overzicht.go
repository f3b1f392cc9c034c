package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

type overzichtBlad struct {
	Tegels   []tegel
	Grijs    []tegel // there is something in it, and not this page
	Aandacht Aandacht
	MagGroep bool
	Wacht    int     // proposals about applications that wait for this person
	Gemis    []Gemis // what the register of verwerkingsactiviteiten lacks
}

func (p *paginas) overzicht(b *pagina.Bezoek) (pagina.Antwoord, error) {
	var blad overzichtBlad
	for _, t := range menu {
		switch {
		case b.Bezoeker.Mag(t.Module, t.Handeling):
			blad.Tegels = append(blad.Tegels, t)
		case b.Bezoeker.HeeftModule(t.Module):
			blad.Grijs = append(blad.Grijs, t)
		}
	}
	if blad.MagGroep = b.Bezoeker.Mag("groepen", "zien"); blad.MagGroep {
		var err error
		if blad.Aandacht, err = p.o.Groepen.Aandacht(b.Context(), b.Bezoeker); err != nil {
			return nil, err
		}
	}
	if b.Bezoeker.Mag("applicaties", "zien") && b.Bezoeker.Mag("applicaties", "goedkeuren") {
		voorstellen, err := p.o.Applicaties.Voorstellen(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		for _, v := range voorstellen {
			if v.MagBeslissen {
				blad.Wacht++
			}
		}
	}
	if b.Bezoeker.Mag("activiteiten", "zien") {
		var err error
		if blad.Gemis, err = p.o.Activiteiten.Ontbreekt(b.Context(), b.Bezoeker); err != nil {
			return nil, err
		}
	}
	return &pagina.Scherm{Sjabloon: "overzicht", Titel: b.T("Overzicht"), Inhoud: blad}, nil
}
