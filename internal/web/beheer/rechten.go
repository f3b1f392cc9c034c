package beheer

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// The rights of a group, as a table of module x handeling with a choice for every class of data: no access, how far,
// or refused. What a group may not, needs no mark: the choice "no access" is the default everywhere.

// verboden is the value of a choice that refuses, whatever another group gives.
const verboden = "verboden"

// rechtRegel is a right as a line to read.
type rechtRegel struct {
	Module, Handeling, Klasse, Bereik string
	Verbod                            bool
	Tot                               time.Time
}

// regels puts rights in the order of the table, in words.
func (p *paginas) regels(b *pagina.Bezoek, rechten []Recht) []rechtRegel {
	var uit []rechtRegel
	for _, m := range p.o.Groepen.Modules() {
		for _, h := range m.Handelingen {
			for _, k := range m.Klassen {
				for _, r := range rechten {
					if r.Module == m.Sleutel && r.Handeling == h.Sleutel && r.Veldklasse == k.Sleutel {
						uit = append(uit, rechtRegel{m.Naam, h.Naam, k.Naam, bereikTekst(b, r.Bereik), r.Verbod, r.Tot})
					}
				}
			}
		}
	}
	return uit
}

// bereikTekst is how far a right reaches, in words.
func bereikTekst(b *pagina.Bezoek, bereik string) string {
	switch bereik {
	case "eigen":
		return b.T("eigen werk")
	case "functiegroep":
		return b.T("eigen functiegroep")
	case "alles":
		return b.T("alles")
	}
	return b.T("domein %s", strings.TrimPrefix(bereik, "domein:"))
}

// matrix is the form of one module.
type matrix struct {
	Sleutel, Naam string
	Klassen       []Woord
	Rijen         []matrixRij
}

type matrixRij struct {
	Naam   string
	Cellen []matrixCel
	Tot    *matrixCel
}

// matrixCel is one choice; a cell without a name is a right that does not exist.
type matrixCel struct {
	Veld, Label, Kop, Waarde string
	Keuzes, Domeinen         []pagina.Keuze
}

func celNaam(m Module, h, k Woord) string {
	return "r." + m.Sleutel + "." + h.Sleutel + "." + k.Sleutel
}
func totNaam(m Module, h Woord) string { return "t." + m.Sleutel + "." + h.Sleutel }

func kan(m Module, h, k Woord) bool { return m.Kan == nil || m.Kan(h.Sleutel, k.Sleutel) }

// vul puts rights into the fields of the form.
func vul(f *pagina.Formulier, rechten []Recht) {
	for _, r := range rechten {
		waarde := r.Bereik
		if r.Verbod {
			waarde = verboden
		}
		f.Zet("r."+r.Module+"."+r.Handeling+"."+r.Veldklasse, waarde)
		naam := "t." + r.Module + "." + r.Handeling
		// One end for a line: the earliest, as that is the safe one.
		if dag := pagina.SchrijfDag(r.Tot); dag != "" && (f.Waarde(naam) == "" || dag < f.Waarde(naam)) {
			f.Zet(naam, dag)
		}
	}
}

// lees reads the form back into rights; a choice that is none is reported.
func (p *paginas) lees(b *pagina.Bezoek, domeinen []string) []Recht {
	var uit []Recht
	for _, m := range p.o.Groepen.Modules() {
		for _, h := range m.Handelingen {
			tot := dag(b, totNaam(m, h))
			if !tot.IsZero() && tot.Before(b.Nu()) {
				b.Formulier.Meld(totNaam(m, h), b.T("Deze datum is voorbij. Kies een latere, of laat hem weg."))
			}
			for _, k := range m.Klassen {
				waarde := b.Waarde(celNaam(m, h, k))
				r := Recht{Module: m.Sleutel, Handeling: h.Sleutel, Veldklasse: k.Sleutel, Bereik: waarde, Tot: tot}
				switch {
				case waarde == "":
					continue
				case !kan(m, h, k):
					b.Formulier.Meld("", b.T("Dit recht bestaat niet. Laad de pagina opnieuw."))
					continue
				case waarde == verboden:
					r.Bereik, r.Verbod = "alles", true
				case m.EenBereik && waarde != "alles":
					b.Formulier.Meld(celNaam(m, h, k), b.T("Dit recht geldt altijd voor alles. Kies ja of nee."))
					continue
				case waarde != "eigen" && waarde != "functiegroep" && waarde != "alles" && !slices.Contains(domeinen, strings.TrimPrefix(waarde, "domein:")):
					b.Formulier.Meld(celNaam(m, h, k), b.T("Kies hoever dit recht reikt."))
					continue
				}
				uit = append(uit, r)
			}
		}
	}
	return uit
}

func (p *paginas) matrixen(b *pagina.Bezoek, domeinen []string) []matrix {
	keuzes := []pagina.Keuze{
		{Waarde: "", Tekst: b.T("nee")}, {Waarde: "eigen", Tekst: b.T("eigen werk")}, {Waarde: "functiegroep", Tekst: b.T("functiegroep")},
		{Waarde: "alles", Tekst: b.T("alles")}, {Waarde: verboden, Tekst: b.T("verboden")},
	}
	eenBereik := []pagina.Keuze{keuzes[0], {Waarde: "alles", Tekst: b.T("ja")}, keuzes[4]}
	var perDomein []pagina.Keuze
	for _, d := range domeinen {
		perDomein = append(perDomein, pagina.Keuze{Waarde: "domein:" + d, Tekst: d})
	}
	var uit []matrix
	for _, m := range p.o.Groepen.Modules() {
		x := matrix{Sleutel: m.Sleutel, Naam: m.Naam, Klassen: m.Klassen}
		for _, h := range m.Handelingen {
			rij := matrixRij{Naam: h.Naam}
			for _, k := range m.Klassen {
				var cel matrixCel
				if kan(m, h, k) {
					naam := celNaam(m, h, k)
					cel = matrixCel{Veld: naam, Kop: k.Naam, Label: m.Naam + ", " + h.Naam + ", " + k.Naam, Waarde: b.Formulier.Waarde(naam)}
					if cel.Keuzes = kies(eenBereik, cel.Waarde); !m.EenBereik {
						cel.Keuzes, cel.Domeinen = kies(keuzes, cel.Waarde), kies(perDomein, cel.Waarde)
					}
				}
				rij.Cellen = append(rij.Cellen, cel)
			}
			naam := totNaam(m, h)
			rij.Tot = &matrixCel{Veld: naam, Kop: b.T("Geldt tot en met"), Label: m.Naam + ", " + h.Naam + ", " + b.T("geldt tot en met"), Waarde: b.Formulier.Waarde(naam)}
			x.Rijen = append(x.Rijen, rij)
		}
		uit = append(uit, x)
	}
	return uit
}

// kies marks the choice that was made.
func kies(keuzes []pagina.Keuze, waarde string) []pagina.Keuze {
	uit := slices.Clone(keuzes)
	for i := range uit {
		uit[i].Gekozen = uit[i].Waarde == waarde
	}
	return uit
}

// opErnst puts what is most serious first.
func opErnst(w []Waarschuwing) []Waarschuwing {
	rang := []string{"ernstig", "let_op", "info"}
	w = slices.Clone(w)
	slices.SortStableFunc(w, func(a, b Waarschuwing) int { return slices.Index(rang, a.Ernst) - slices.Index(rang, b.Ernst) })
	return w
}

type rechtenBlad struct {
	Groep    *GroepBlad
	Matrixen []matrix
}

func (p *paginas) rechtenScherm(b *pagina.Bezoek, g *GroepBlad, domeinen []string) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "rechten", Titel: b.T("Rechten van %s", g.Naam), Kruimels: kruimelsGroepen(b, g),
		Inhoud: rechtenBlad{g, p.matrixen(b, domeinen)},
	}
}

// groepEnDomeinen gives the group of the path, and what a scope can be bound to.
func (p *paginas) groepEnDomeinen(b *pagina.Bezoek) (*GroepBlad, []string, error) {
	g, err := p.groep(b)
	if err != nil {
		return nil, nil, err
	}
	domeinen, err := p.o.Groepen.Domeinen(b.Context(), b.Bezoeker)
	return g, domeinen, err
}

func (p *paginas) toonRechten(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, domeinen, err := p.groepEnDomeinen(b)
	if err != nil {
		return nil, err
	}
	vul(b.Formulier, g.RechtenLijst)
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.rechtenScherm(b, g, domeinen), nil
}

type voorzieBlad struct {
	Groep *GroepBlad
	Voorstelling
	Velden []veldwaarde
}

// veldwaarde is a field of the form that goes along to the next step.
type veldwaarde struct{ Naam, Waarde string }

// velden are those that make up the rights, in a fixed order.
func velden(f *pagina.Formulier) []veldwaarde {
	var uit []veldwaarde
	for naam, w := range f.Waarden {
		if (strings.HasPrefix(naam, "r.") || strings.HasPrefix(naam, "t.") || naam == "versie") && w[0] != "" {
			uit = append(uit, veldwaarde{naam, w[0]})
		}
	}
	slices.SortFunc(uit, func(a, b veldwaarde) int { return strings.Compare(a.Naam, b.Naam) })
	return uit
}

// voorzieRechten shows what the choices mean, before anything changes; or the form again, to go on choosing.
func (p *paginas) voorzieRechten(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, domeinen, err := p.groepEnDomeinen(b)
	if err != nil {
		return nil, err
	}
	rechten := p.lees(b, domeinen)
	if !b.Formulier.Goed() || b.Waarde("stap") == "aanpassen" {
		return p.rechtenScherm(b, g, domeinen), nil
	}
	return p.voorzieScherm(b, g, domeinen, rechten)
}

func (p *paginas) voorzieScherm(b *pagina.Bezoek, g *GroepBlad, domeinen []string, rechten []Recht) (pagina.Antwoord, error) {
	v, err := p.o.Groepen.Voorzie(b.Context(), b.Bezoeker, g.ID, rechten)
	if err != nil {
		if b.Formulier.Neem(b, err) {
			return p.rechtenScherm(b, g, domeinen), nil
		}
		return nil, err
	}
	v.Waarschuwingen = opErnst(v.Waarschuwingen)
	return &pagina.Scherm{
		Sjabloon: "voorzie", Titel: b.T("Wat dit betekent voor %s", g.Naam), Kruimels: kruimelsGroepen(b, g),
		Inhoud: voorzieBlad{g, *v, velden(b.Formulier)},
	}, nil
}

func (p *paginas) zetRechten(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, domeinen, err := p.groepEnDomeinen(b)
	if err != nil {
		return nil, err
	}
	rechten := p.lees(b, domeinen)
	if !b.Formulier.Goed() {
		return p.rechtenScherm(b, g, domeinen), nil
	}
	melding, err := p.o.Groepen.ZetRechten(b.Context(), b.Bezoeker, g.ID, versie(b), rechten, b.Waarde("reden"))
	if err == nil {
		return pagina.Verder{Naar: padGroep(g.ID), Melding: melding}, nil
	}
	if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.voorzieScherm(b, g, domeinen, rechten)
}
