package beheer

import (
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// A serious change of an application, before a second administrator.

// welkApplicatieVoorstel gives the proposal of the path.
func (p *paginas) welkApplicatieVoorstel(b *pagina.Bezoek) (*ApplicatieVoorstel, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Applicaties.Voorstel(b.Context(), b.Bezoeker, id)
}

func (p *paginas) applicatieVoorstelScherm(b *pagina.Bezoek, v *ApplicatieVoorstel) *pagina.Scherm {
	v.Waarschuwingen = opErnst(v.Waarschuwingen)
	return &pagina.Scherm{Sjabloon: "applicatie_voorstel", Titel: b.T("Voorstel voor %s", v.Naam), Kruimels: kruimelsApplicaties(b, nil), Inhoud: v}
}

func (p *paginas) applicatieVoorstel(b *pagina.Bezoek) (pagina.Antwoord, error) {
	v, err := p.welkApplicatieVoorstel(b)
	if err != nil {
		return nil, err
	}
	return p.applicatieVoorstelScherm(b, v), nil
}

func (p *paginas) beslisApplicatie(b *pagina.Bezoek, goed bool) (pagina.Antwoord, error) {
	v, err := p.welkApplicatieVoorstel(b)
	if err != nil {
		return nil, err
	}
	if !goed && b.Waarde("reden") == "" {
		b.Formulier.Meld("reden", b.T("Vul in waarom u weigert. Wie het voorstelde, leest dit."))
	} else {
		err := p.o.Applicaties.Beslis(b.Context(), b.Bezoeker, v.ID, versie(b), goed, b.Waarde("reden"))
		if err == nil && goed {
			return pagina.Verder{Naar: padApplicaties, Melding: pagina.Goedgekeurd}, nil
		}
		if err == nil {
			return pagina.Verder{Naar: padApplicaties, Melding: pagina.Geweigerd}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.applicatieVoorstelScherm(b, v), nil
}

func (p *paginas) keurApplicatieGoed(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisApplicatie(b, true)
}

func (p *paginas) weigerApplicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisApplicatie(b, false)
}

func (p *paginas) trekApplicatieIn(b *pagina.Bezoek) (pagina.Antwoord, error) {
	v, err := p.welkApplicatieVoorstel(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Applicaties.TrekIn(b.Context(), b.Bezoeker, v.ID, versie(b)); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padApplicaties, Melding: pagina.VoorstelIngetrokken}, nil
}
