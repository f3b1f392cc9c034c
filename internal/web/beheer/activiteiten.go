package beheer

import (
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

const padActiviteiten = "/beheer/verwerkingsactiviteiten"

func padActiviteit(id uuid.UUID) string { return padActiviteiten + "/" + id.String() }

// kruimelsActiviteiten leads from the list, and from the activity when one is given.
func kruimelsActiviteiten(b *pagina.Bezoek, a *ActiviteitBlad) []pagina.Kruimel {
	k := []pagina.Kruimel{{Titel: b.T("Verwerkingsactiviteiten"), Pad: padActiviteiten}}
	if a != nil {
		k = append(k, pagina.Kruimel{Titel: a.Naam, Pad: padActiviteit(a.ID)})
	}
	return k
}

// activiteitenMenu are the pages beside the list, for who may have them.
func activiteitenMenu(b *pagina.Bezoek) []menuRegel {
	uit := []menuRegel{
		{b.T("Alle activiteiten"), padActiviteiten, false},
		{b.T("Register (artikel 30)"), padActiviteiten + "/register", false},
		{b.T("Functies"), padActiviteiten + "/koppelingen", false},
		{b.T("Leveringen"), padActiviteiten + "/leveringen", false},
		{b.T("Kwaliteit"), padKwaliteit, false},
		{b.T("Grond van de log"), padActiviteiten + "/log", false},
		{b.T("Verantwoordelijke"), padActiviteiten + "/verantwoordelijke", false},
		{b.T("Juridische gegevens"), padActiviteiten + "/juridisch", false},
	}
	if b.Bezoeker.Mag("activiteiten", "wijzigen") {
		uit = append(uit, menuRegel{b.T("Invoeren"), padActiviteiten + "/invoeren", false})
	}
	if b.Bezoeker.Mag("activiteiten", "exporteren") {
		uit = append(uit, menuRegel{b.T("Opslaan als bestand"), padActiviteiten + "/uitvoeren", false})
	}
	for i := range uit {
		uit[i].Hier = uit[i].Pad == b.URL.Path
	}
	return uit
}

// metZicht refuses who may not see activities: a file of them, and an import that tells what it changes, show what they say.
func metZicht(b *pagina.Bezoek) error {
	if !b.Bezoeker.Mag("activiteiten", "zien") {
		return fout.GeenToestemming
	}
	return nil
}

// menuRegel is a line of the part "submenu".
type menuRegel struct {
	Titel, Pad string
	Hier       bool
}

type activiteitenBlad struct {
	ActiviteitenLijst
	Menu        []menuRegel
	Standen     []pagina.Keuze
	Categorie   []pagina.Keuze
	Bladeren    bladeren
	Gezocht     bool
	MagWijzigen bool
}

func (p *paginas) activiteiten(b *pagina.Bezoek) (pagina.Antwoord, error) {
	q := b.URL.Query()
	vanaf, err := strconv.Atoi(q.Get("vanaf"))
	if err != nil || vanaf < 0 {
		vanaf = 0
	}
	z := ActiviteitZoek{Tekst: q.Get("zoek"), Stand: q.Get("stand"), Categorie: q.Get("categorie"), Vanaf: vanaf, N: perPagina}
	blad := activiteitenBlad{
		Menu: activiteitenMenu(b), Standen: standKeuzes(b), Categorie: []pagina.Keuze{{Waarde: "", Tekst: b.T("Alle categorieën")}},
		Gezocht: z.Tekst != "" || z.Stand != "" || z.Categorie != "", MagWijzigen: b.Bezoeker.Mag("activiteiten", "wijzigen"),
	}
	lijst, err := p.o.Activiteiten.Lijst(b.Context(), b.Bezoeker, z)
	if err != nil {
		return nil, err
	}
	blad.ActiviteitenLijst = *lijst
	for _, c := range lijst.Categorien {
		blad.Categorie = append(blad.Categorie, pagina.Keuze{Waarde: c, Tekst: c})
	}
	var vorige, volgende string
	if vanaf > 0 {
		vorige = strconv.Itoa(vanaf)
	}
	if n := vanaf + len(lijst.Regels); n < lijst.Totaal {
		volgende = strconv.Itoa(n)
	}
	f := url.Values{"zoek": {z.Tekst}, "stand": {z.Stand}, "categorie": {z.Categorie}}
	blad.Bladeren = blader(padActiviteiten, f, vorige, volgende)
	return &pagina.Scherm{
		Sjabloon: "activiteiten", Titel: b.T("Verwerkingsactiviteiten"), Inhoud: blad, Formulier: &pagina.Formulier{Waarden: f},
	}, nil
}

func standKeuzes(b *pagina.Bezoek) []pagina.Keuze {
	return []pagina.Keuze{
		{Waarde: "", Tekst: b.T("Alles")}, {Waarde: StandGeldig, Tekst: b.T("Geldt nu")}, {Waarde: StandConcept, Tekst: b.T("Heeft een concept")},
		{Waarde: StandToekomstig, Tekst: b.T("Gaat later in")}, {Waarde: StandVerlopen, Tekst: b.T("Geldt niet meer")},
	}
}

type activiteitBlad struct {
	ActiviteitBlad
	Secties                                []sectie
	Getoond                                string // geldig, concept, of leeg: niets geldt op die dag
	Historie                               []versieBlad
	Komt                                   []verschil // what the concept changes
	MagWijzigen, MagGoedkeuren, MagBeheren bool
	Ander                                  bool // another day than today was asked for
}

// versieBlad is a version with what it changed.
type versieBlad struct {
	ActiviteitVersie
	Geldt       bool
	Verschillen []verschil
}

// activiteit gives the one of the path, on the day of the query.
func (p *paginas) activiteit(b *pagina.Bezoek) (*ActiviteitBlad, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Activiteiten.Een(b.Context(), b.Bezoeker, id, "")
}

// vandaag is the day of today where people are.
func vandaag(b *pagina.Bezoek) string { return pagina.SchrijfDag(b.Nu()) }

// leesDag reads a day of a query or a form; empty when it is none.
func leesDag(s string) string {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil || d.Year() < 1900 || d.Year() > 9998 {
		return ""
	}
	return s
}

func (p *paginas) toonActiviteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	gevraagd := b.URL.Query().Get("geldigOp")
	op := leesDag(gevraagd)
	b.Formulier.Zet("geldigOp", gevraagd)
	if gevraagd != "" && op == "" {
		b.Formulier.Meld("geldigOp", b.T("Vul een datum in als jaar-maand-dag, zoals 2027-01-31."))
	}
	a, err := p.o.Activiteiten.Een(b.Context(), b.Bezoeker, id, op)
	if err != nil {
		return nil, err
	}
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, op)
	if err != nil {
		return nil, err
	}
	blad := activiteitBlad{
		ActiviteitBlad: *a, Ander: op != "" && op != vandaag(b),
		MagWijzigen: b.Bezoeker.Mag("activiteiten", "wijzigen"), MagGoedkeuren: b.Bezoeker.Mag("activiteiten", "goedkeuren"), MagBeheren: b.Bezoeker.Mag("activiteiten", "beheren"),
	}
	switch {
	case a.Nu != nil:
		blad.Getoond, blad.Secties = StandGeldig, secties(b, &a.Nu.ActiviteitInhoud, j)
	case a.Concept != nil && len(a.Versies) == 0:
		blad.Getoond, blad.Secties = StandConcept, secties(b, &a.Concept.ActiviteitInhoud, j)
	}
	for i := len(a.Versies) - 1; i >= 0; i-- {
		v := versieBlad{ActiviteitVersie: a.Versies[i], Geldt: a.Nu != nil && a.Nu.Nummer == a.Versies[i].Nummer}
		if i > 0 {
			v.Verschillen = verschillen(b, &a.Versies[i-1].ActiviteitInhoud, &a.Versies[i].ActiviteitInhoud, j)
		}
		blad.Historie = append(blad.Historie, v)
	}
	if a.Laatste != nil && a.Concept != nil {
		blad.Komt = verschillen(b, &a.Laatste.ActiviteitInhoud, &a.Concept.ActiviteitInhoud, j)
	}
	return &pagina.Scherm{Sjabloon: "activiteit", Titel: a.Naam, Kruimels: kruimelsActiviteiten(b, nil), Inhoud: blad}, nil
}
