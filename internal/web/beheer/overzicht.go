package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

type overzichtBlad struct {
	Tegels   []tegel
	Grijs    []tegel // there is something in it, and not this page
	Aandacht Aandacht
	MagGroep bool
	Wacht    int // proposals about applications that wait for this person
	Inwoners InwonersAandacht
	Klopt    *Nagekeken // the last check of the log when something was wrong; nil: nothing was, or it is not for this person
	Domeinen int        // proposals about veilige domeinen that wait for this person
	Gemis    []Gemis    // what the register of verwerkingsactiviteiten lacks
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
	if b.Bezoeker.Mag("beheerlog", "zien") {
		s, err := p.o.Beheerlog.Stand(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		if s.Nagekeken != nil && !s.Nagekeken.Klopt {
			blad.Klopt = s.Nagekeken
		}
	}
	if b.Bezoeker.Mag("inwoners", "zien") {
		a, err := p.o.Inwoners.Aandacht(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		blad.Inwoners = *a
	}
	if b.Bezoeker.Mag("domeinen", "zien") && b.Bezoeker.Mag("domeinen", "goedkeuren") {
		domeinen, err := p.o.Domeinen.Lijst(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		for _, d := range domeinen {
			if d.Voorstel != nil && !d.Voorstel.Eigen {
				blad.Domeinen++
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
