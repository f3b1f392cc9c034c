package beheer

import (
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// The ground of the log itself, and who is responsible.

const (
	padLoggrond          = padActiviteiten + "/log"
	padVerantwoordelijke = padActiviteiten + "/verantwoordelijke"
)

type loggrondBlad struct {
	Menu       []menuRegel
	Grond      Loggrond
	Plichten   []plichtRegel
	Vloer      string // in words
	Maximum    string
	Lijst      *JuridischeRegel // row of the selectielijst, when it is one
	Gemis      []Gemis
	Leeg       bool
	MagBeheren bool
}

type plichtRegel struct{ Plicht, Grondslag, Toelichting string }

func (p *paginas) loggrond(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.o.Doelbinding.Loggrond(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, "")
	if err != nil {
		return nil, err
	}
	gemis, err := p.o.Activiteiten.Ontbreekt(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	blad := loggrondBlad{
		Menu: activiteitenMenu(b), Grond: *g, Vloer: schrijfTermijn(b.Taal, g.Vloer), Maximum: schrijfTermijn(b.Taal, g.Maximum), Gemis: gemis,
		Leeg: g.Activiteit == uuid.Nil && len(g.Plichten) == 0, MagBeheren: b.Bezoeker.Mag("activiteiten", "beheren"),
	}
	for _, q := range g.Plichten {
		blad.Plichten = append(blad.Plichten, plichtRegel{q.Plicht, j.Grondslagen.naam(q.Grondslag), q.Toelichting})
	}
	for i, r := range j.Selectielijst.Regels {
		if r.Code == g.Selectielijst {
			blad.Lijst = &j.Selectielijst.Regels[i]
			blad.Lijst.Termijn = schrijfTermijn(b.Taal, r.Termijn)
		}
	}
	return &pagina.Scherm{Sjabloon: "loggrond", Titel: b.T("Grond van de log"), Kruimels: kruimelsActiviteiten(b, nil), Inhoud: blad}, nil
}

type loggrondFormulier struct {
	Activiteiten, Grondslagen []pagina.Keuze
	Plichten                  []int
	Lijst                     []JuridischeRegel
}

func (p *paginas) loggrondFormulier(b *pagina.Bezoek) (pagina.Antwoord, error) {
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, "")
	if err != nil {
		return nil, err
	}
	var plichten []Plicht
	extra := 0
	if b.Method == "POST" {
		in := Loggrond{
			Stand: versie(b), Activiteit: activiteitVeld(b), Vloer: termijnVeld(b, "vloer"), Maximum: termijnVeld(b, "maximum"),
			Selectielijst: b.Waarde("selectielijst"), Besluit: b.Waarde("besluit"), BesluitDatum: datumVeld(b, "besluitDatum", false),
		}
		for _, r := range rijen(b, "plichten", "plicht", "grondslag", "toelichting") {
			in.Plichten = append(in.Plichten, Plicht{r[0], r[1], r[2]})
		}
		plichten = in.Plichten
		switch {
		case b.Waarde("stap") == "meer":
			b.Formulier.Fouten, extra = nil, 4
		case b.Formulier.Goed():
			err := p.o.Doelbinding.ZetLoggrond(b.Context(), b.Bezoeker, in)
			if err == nil {
				return pagina.Verder{Naar: padLoggrond, Melding: pagina.Bewaard}, nil
			}
			if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	} else {
		g, err := p.o.Doelbinding.Loggrond(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		plichten = g.Plichten
		vulIn(b.Formulier, "versie", strconv.FormatInt(g.Stand, 10), "vloer", schrijfTermijn(b.Taal, g.Vloer), "maximum", schrijfTermijn(b.Taal, g.Maximum),
			"selectielijst", g.Selectielijst, "besluit", g.Besluit, "besluitDatum", g.BesluitDatum)
		if g.Activiteit != uuid.Nil {
			b.Formulier.Zet("activiteit", g.Activiteit.String())
		}
	}
	var vulling [][]string
	blad := loggrondFormulier{Plichten: nummers(len(plichten), 2+extra), Lijst: j.Selectielijst.Regels}
	var codes []string
	for _, q := range plichten {
		vulling = append(vulling, []string{q.Plicht, q.Grondslag, q.Toelichting})
		codes = append(codes, q.Grondslag)
	}
	zetRijen(b.Formulier, "plichten", vulling)
	richt(b.Formulier)
	blad.Grondslagen = append([]pagina.Keuze{{Tekst: b.T("Kies een grondslag")}}, keuzes(j.Grondslagen, codes)...)
	for i := range blad.Grondslagen {
		blad.Grondslagen[i].Gekozen = false // each row has its own
	}
	if blad.Activiteiten, err = p.activiteitKeuzes(b, b.Waarde("activiteit")); err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "loggrond_formulier", Titel: b.T("Grond van de log wijzigen"), Inhoud: blad,
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Grond van de log"), Pad: padLoggrond}),
	}, nil
}

type verantwoordelijkeBlad struct {
	Menu       []menuRegel
	Wie        Verantwoordelijke
	MagBeheren bool
}

func (p *paginas) verantwoordelijke(b *pagina.Bezoek) (pagina.Antwoord, error) {
	v, err := p.o.Doelbinding.Verantwoordelijke(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "verantwoordelijke", Titel: b.T("Verantwoordelijke"), Kruimels: kruimelsActiviteiten(b, nil),
		Inhoud: verantwoordelijkeBlad{activiteitenMenu(b), *v, b.Bezoeker.Mag("activiteiten", "beheren")},
	}, nil
}

func (p *paginas) verantwoordelijkeFormulier(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Method == "POST" {
		contact := func(wie string) Contact {
			return Contact{Naam: b.Waarde(wie + ".naam"), Email: b.Waarde(wie + ".email"), Telefoon: b.Waarde(wie + ".telefoon")}
		}
		in := Verantwoordelijke{Stand: versie(b), Naam: b.Waarde("naam"), Adres: b.Waarde("adres"), Contact: contact("contact"), FG: contact("fg")}
		if in.Naam == "" {
			b.Formulier.Meld("naam", b.T("Vul een naam in."))
		}
		if b.Formulier.Goed() {
			err := p.o.Doelbinding.ZetVerantwoordelijke(b.Context(), b.Bezoeker, in)
			if err == nil {
				return pagina.Verder{Naar: padVerantwoordelijke, Melding: pagina.Bewaard}, nil
			}
			if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	} else {
		v, err := p.o.Doelbinding.Verantwoordelijke(b.Context(), b.Bezoeker)
		if err != nil {
			return nil, err
		}
		vulIn(b.Formulier, "versie", strconv.FormatInt(v.Stand, 10), "naam", v.Naam, "adres", v.Adres,
			"contact.naam", v.Contact.Naam, "contact.email", v.Contact.Email, "contact.telefoon", v.Contact.Telefoon,
			"fg.naam", v.FG.Naam, "fg.email", v.FG.Email, "fg.telefoon", v.FG.Telefoon)
	}
	return &pagina.Scherm{
		Sjabloon: "verantwoordelijke_formulier", Titel: b.T("Verantwoordelijke wijzigen"),
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Verantwoordelijke"), Pad: padVerantwoordelijke}),
	}, nil
}
