package beheer

import (
	"strconv"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const padVoorstellen = "/beheer/voorstellen"

func (p *paginas) voorstellen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	lijst, err := p.o.Groepen.Voorstellen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "voorstellen", Titel: b.T("Voorstellen"), Kruimels: kruimelsGroepen(b, nil), Inhoud: lijst}, nil
}

// welk gives the proposal of the path.
func (p *paginas) welk(b *pagina.Bezoek) (*Voorstel, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Groepen.Voorstel(b.Context(), b.Bezoeker, id)
}

func (p *paginas) voorstelScherm(b *pagina.Bezoek, v *Voorstel) *pagina.Scherm {
	v.Waarschuwingen = opErnst(v.Waarschuwingen)
	return &pagina.Scherm{
		Sjabloon: "voorstel", Titel: b.T("Voorstel voor %s", v.Groep),
		Kruimels: append(kruimelsGroepen(b, nil), pagina.Kruimel{Titel: b.T("Voorstellen"), Pad: padVoorstellen}), Inhoud: v,
	}
}

func (p *paginas) voorstel(b *pagina.Bezoek) (pagina.Antwoord, error) {
	v, err := p.welk(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(v.Versie, 10))
	return p.voorstelScherm(b, v), nil
}

func (p *paginas) beslis(b *pagina.Bezoek, goed bool, melding string) (pagina.Antwoord, error) {
	v, err := p.welk(b)
	if err != nil {
		return nil, err
	}
	if !goed && b.Waarde("reden") == "" {
		b.Formulier.Meld("reden", b.T("Vul in waarom u weigert. Wie het voorstelde, leest dit."))
	} else {
		err := p.o.Groepen.Beslis(b.Context(), b.Bezoeker, v.ID, versie(b), goed, b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padVoorstellen, Melding: melding}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.voorstelScherm(b, v), nil
}

func (p *paginas) trekIn(b *pagina.Bezoek) (pagina.Antwoord, error) {
	v, err := p.welk(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Groepen.TrekIn(b.Context(), b.Bezoeker, v.ID, versie(b)); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padVoorstellen, Melding: pagina.VoorstelIngetrokken}, nil
}

func (p *paginas) keurGoed(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslis(b, true, pagina.Goedgekeurd)
}

func (p *paginas) weiger(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslis(b, false, pagina.Geweigerd)
}
