package beheer

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Who is in which group: the rights of a person come from nowhere else.

func (p *paginas) toonLid(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.lidScherm(b, g)
}

func (p *paginas) lidScherm(b *pagina.Bezoek, g *GebruikerBlad) (pagina.Antwoord, error) {
	groepen, err := p.o.Groepen.Autorisatiegroepen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	in := map[uuid.UUID]bool{}
	for _, l := range g.Groepen {
		in[l.Groep] = true
	}
	keuzes := []pagina.Keuze{{Waarde: "", Tekst: b.T("Kies een autorisatiegroep")}}
	for _, a := range groepen {
		if !in[a.ID] {
			tekst := a.Naam
			if a.Ernst == "ernstig" {
				tekst += " (" + b.T("zware rechten: een tweede beheerder keurt dit goed") + ")"
			}
			keuzes = append(keuzes, pagina.Keuze{Waarde: a.ID.String(), Tekst: tekst})
		}
	}
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("%s in een groep zetten", g.Naam), Kruimels: kruimelsMensen(b, g),
		Inhoud: besluitBlad{
			Uitleg: []string{b.T("Deze persoon krijgt de rechten van de groep, zolang dit lidmaatschap duurt.")},
			Knop:   b.T("Bekijk wat dit betekent"), Pad: b.URL.Path, Terug: padGebruiker(g.ID), Groepen: keuzes, MetTot: true, ZonderReden: true,
		},
	}, nil
}

func (p *paginas) lid(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	groep, err := uuid.Parse(b.Waarde("groep"))
	if err != nil {
		b.Formulier.Meld("groep", b.T("Kies een autorisatiegroep."))
	}
	tot := dag(b, "tot")
	switch stap := b.Waarde("stap"); {
	case !b.Formulier.Goed() || stap == "aanpassen":
	case stap != "bewaren":
		return p.voorzieLid(b, g, groep, tot)
	default:
		melding, err := p.o.Mensen.Lid(b.Context(), b.Bezoeker, g.ID, versie(b), groep, tot, b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(g.ID), Melding: melding}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
		if b.Formulier.Fout("reden") != "" {
			return p.voorzieLid(b, g, groep, tot)
		}
	}
	return p.lidScherm(b, g)
}

type voorzieLidBlad struct {
	Voorstelling
	Naam, Groep string
	Pad, Terug  string
	Velden      []veldwaarde
}

// voorzieLid shows what a membership means, before anything changes.
func (p *paginas) voorzieLid(b *pagina.Bezoek, g *GebruikerBlad, groep uuid.UUID, tot time.Time) (pagina.Antwoord, error) {
	v, err := p.o.Mensen.VoorzieLid(b.Context(), b.Bezoeker, g.ID, groep, tot)
	if err != nil {
		return nil, err
	}
	a, err := p.o.Groepen.Autorisatiegroep(b.Context(), b.Bezoeker, groep)
	if err != nil {
		return nil, err
	}
	v.Waarschuwingen = opErnst(v.Waarschuwingen)
	blad := voorzieLidBlad{Voorstelling: *v, Naam: g.Naam, Groep: a.Naam, Pad: b.URL.Path, Terug: padGebruiker(g.ID)}
	for _, naam := range []string{"groep", "tot", "versie"} {
		blad.Velden = append(blad.Velden, veldwaarde{naam, b.Waarde(naam)})
	}
	return &pagina.Scherm{Sjabloon: "voorzie_lid", Titel: b.T("Wat dit betekent voor %s", g.Naam), Kruimels: kruimelsMensen(b, g), Inhoud: blad}, nil
}

// lidmaatschap finds the group of the path among those of the person.
func (p *paginas) lidmaatschap(b *pagina.Bezoek) (*GebruikerBlad, *Lidmaatschap, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, nil, err
	}
	id, err := b.ID("groep")
	if err != nil {
		return nil, nil, err
	}
	for i := range g.Groepen {
		if g.Groepen[i].Groep == id {
			return g, &g.Groepen[i], nil
		}
	}
	return nil, nil, fout.NietGevonden
}

func (p *paginas) geenLidScherm(b *pagina.Bezoek, g *GebruikerBlad, l *Lidmaatschap) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("%s uit de groep %s halen", g.Naam, l.Naam), Kruimels: kruimelsMensen(b, g),
		Inhoud: besluitBlad{
			Uitleg: []string{b.T("Deze persoon verliest de rechten van de groep meteen, ook in sessies die nu lopen.")},
			Knop:   b.T("Uit de groep halen"), Gevaar: true, Pad: b.URL.Path, Terug: padGebruiker(g.ID),
			RedenUitleg: b.T("De reden komt in het beheerlog."),
		},
	}
}

func (p *paginas) toonGeenLid(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, l, err := p.lidmaatschap(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.geenLidScherm(b, g, l), nil
}

func (p *paginas) geenLid(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, l, err := p.lidmaatschap(b)
	if err != nil {
		return nil, err
	}
	err = p.o.Mensen.GeenLid(b.Context(), b.Bezoeker, g.ID, versie(b), l.Groep, b.Waarde("reden"))
	if err == nil {
		return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.Verwijderd}, nil
	}
	if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.geenLidScherm(b, g, l), nil
}
