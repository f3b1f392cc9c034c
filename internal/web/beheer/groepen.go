package beheer

import (
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const (
	padFunctiegroepen     = "/beheer/functiegroepen"
	padAutorisatiegroepen = "/beheer/autorisatiegroepen"
)

func padGroep(id uuid.UUID) string { return padAutorisatiegroepen + "/" + id.String() }

func kruimelsGroepen(b *pagina.Bezoek, g *GroepBlad) []pagina.Kruimel {
	k := []pagina.Kruimel{{Titel: b.T("Autorisatiegroepen"), Pad: padAutorisatiegroepen}}
	if g != nil {
		k = append(k, pagina.Kruimel{Titel: g.Naam, Pad: padGroep(g.ID)})
	}
	return k
}

type functiegroepenBlad struct {
	Groepen     []Functiegroep
	MagWijzigen bool
}

func (p *paginas) functiegroepen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	groepen, err := p.o.Groepen.Functiegroepen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "functiegroepen", Titel: b.T("Functiegroepen"), Inhoud: functiegroepenBlad{groepen, b.Bezoeker.Mag("groepen", "wijzigen")}}, nil
}

func (p *paginas) nieuweFunctiegroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Waarde("naam") == "" {
		b.Formulier.Meld("naam", b.T("Vul een naam in."))
	} else {
		err := p.o.Groepen.ZetFunctiegroep(b.Context(), b.Bezoeker, uuid.UUID{}, 0, b.Waarde("naam"))
		if err == nil {
			return pagina.Verder{Naar: padFunctiegroepen, Melding: pagina.Toegevoegd}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.functiegroepen(b)
}

// functiegroep gives the one of the path.
func (p *paginas) functiegroep(b *pagina.Bezoek) (*Functiegroep, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	groepen, err := p.o.Groepen.Functiegroepen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	for i := range groepen {
		if groepen[i].ID == id {
			return &groepen[i], nil
		}
	}
	return nil, fout.NietGevonden
}

func (p *paginas) functiegroepScherm(b *pagina.Bezoek, f *Functiegroep) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "functiegroep", Titel: b.T("Functiegroep %s hernoemen", f.Naam),
		Kruimels: []pagina.Kruimel{{Titel: b.T("Functiegroepen"), Pad: padFunctiegroepen}}, Inhoud: f,
	}
}

func (p *paginas) toonFunctiegroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	f, err := p.functiegroep(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("naam", f.Naam)
	b.Formulier.Zet("versie", strconv.FormatInt(f.Versie, 10))
	return p.functiegroepScherm(b, f), nil
}

func (p *paginas) wijzigFunctiegroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	f, err := p.functiegroep(b)
	if err != nil {
		return nil, err
	}
	if b.Waarde("naam") == "" {
		b.Formulier.Meld("naam", b.T("Vul een naam in."))
	} else {
		err := p.o.Groepen.ZetFunctiegroep(b.Context(), b.Bezoeker, f.ID, versie(b), b.Waarde("naam"))
		if err == nil {
			return pagina.Verder{Naar: padFunctiegroepen, Melding: pagina.Bewaard}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.functiegroepScherm(b, f), nil
}

type autorisatiegroepenBlad struct {
	Groepen     []Autorisatiegroep
	Aandacht    Aandacht
	MagWijzigen bool
	Nakijken    bool // only those that must be looked at
}

func (p *paginas) groepenLijst(b *pagina.Bezoek, nakijken bool) (*pagina.Scherm, error) {
	groepen, err := p.o.Groepen.Autorisatiegroepen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	aandacht, err := p.o.Groepen.Aandacht(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	blad := autorisatiegroepenBlad{Aandacht: aandacht, MagWijzigen: b.Bezoeker.Mag("groepen", "wijzigen"), Nakijken: nakijken}
	for _, g := range groepen {
		if !nakijken || g.Nakijken {
			blad.Groepen = append(blad.Groepen, g)
		}
	}
	return &pagina.Scherm{Sjabloon: "autorisatiegroepen", Titel: b.T("Autorisatiegroepen"), Inhoud: blad}, nil
}

func (p *paginas) autorisatiegroepen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.groepenLijst(b, false)
}

func (p *paginas) nakijken(b *pagina.Bezoek) (pagina.Antwoord, error) {
	s, err := p.groepenLijst(b, true)
	if err != nil {
		return nil, err
	}
	s.Titel, s.Kruimels = b.T("Groepen om na te kijken"), kruimelsGroepen(b, nil)
	return s, nil
}

// groep gives the one of the path.
func (p *paginas) groep(b *pagina.Bezoek) (*GroepBlad, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Groepen.Autorisatiegroep(b.Context(), b.Bezoeker, id)
}

type groepInhoud struct {
	GroepBlad
	Tabel                                []rechtRegel
	MagBeheren, MagWijzigen, MagNakijken bool
}

func (p *paginas) autorisatiegroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.groep(b)
	if err != nil {
		return nil, err
	}
	g.Waarschuwingen = opErnst(g.Waarschuwingen)
	return &pagina.Scherm{
		Sjabloon: "autorisatiegroep", Titel: g.Naam, Kruimels: kruimelsGroepen(b, nil),
		Inhoud: groepInhoud{
			*g, p.regels(b, g.RechtenLijst), b.Bezoeker.Mag("groepen", "beheren") && !g.Lid, b.Bezoeker.Mag("groepen", "wijzigen"),
			b.Bezoeker.Mag("groepen", "goedkeuren") && !g.Lid,
		},
	}, nil
}

func (p *paginas) groepScherm(b *pagina.Bezoek, g *GroepBlad) *pagina.Scherm {
	titel, terug := b.T("Nieuwe autorisatiegroep"), padAutorisatiegroepen
	if g != nil {
		titel, terug = b.T("Groep wijzigen"), padGroep(g.ID)
	}
	return &pagina.Scherm{
		Sjabloon: "groep_formulier", Titel: titel, Kruimels: kruimelsGroepen(b, g),
		Inhoud: map[string]any{"Nieuw": g == nil, "Pad": b.URL.Path, "Terug": terug, "MetClaims": magClaims(b, g)},
	}
}

// magClaims tells whether somebody may say who becomes a member by signing in: that is as much as giving rights.
func magClaims(b *pagina.Bezoek, g *GroepBlad) bool {
	return b.Bezoeker.Mag("groepen", "beheren") && (g == nil || !g.Lid)
}

func (p *paginas) toonNieuweGroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.groepScherm(b, nil), nil
}

func (p *paginas) nieuweGroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.bewaarGroep(b, nil)
}

func (p *paginas) toonWijzigGroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.groep(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("naam", g.Naam)
	b.Formulier.Zet("omschrijving", g.Omschrijving)
	b.Formulier.Zet("claims", strings.Join(g.Claims, "\n"))
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.groepScherm(b, g), nil
}

func (p *paginas) wijzigGroep(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.groep(b)
	if err != nil {
		return nil, err
	}
	return p.bewaarGroep(b, g)
}

func (p *paginas) bewaarGroep(b *pagina.Bezoek, g *GroepBlad) (pagina.Antwoord, error) {
	if b.Waarde("naam") == "" {
		b.Formulier.Meld("naam", b.T("Vul een naam in."))
	} else {
		var id uuid.UUID
		var v int64
		melding := pagina.Toegevoegd
		if g != nil {
			id, v, melding = g.ID, versie(b), pagina.Bewaard
		}
		var claims []string
		for c := range strings.SplitSeq(b.Waarde("claims"), "\n") {
			if c = strings.TrimSpace(c); c != "" {
				claims = append(claims, c)
			}
		}
		if !magClaims(b, g) {
			if claims = nil; g != nil {
				claims = g.Claims
			}
		}
		id, err := p.o.Groepen.ZetGroep(b.Context(), b.Bezoeker, id, v, b.Waarde("naam"), b.Waarde("omschrijving"), claims)
		if err == nil {
			return pagina.Verder{Naar: padGroep(id), Melding: melding}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.groepScherm(b, g), nil
}

func (p *paginas) nagekeken(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.groep(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Groepen.Nagekeken(b.Context(), b.Bezoeker, g.ID, versie(b)); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padGroep(g.ID), Melding: pagina.Nagekeken}, nil
}
