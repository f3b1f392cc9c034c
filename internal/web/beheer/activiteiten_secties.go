package beheer

import (
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// sectie is a part of what is said of an activity, in the order of AVG art. 30 lid 1.
type sectie struct {
	ID, Titel string
	Artikel   string // which part of art. 30 lid 1 asks for it; empty: none
	Gegevens  []gegeven
}

// gegeven is a name with what belongs to it.
type gegeven struct {
	Naam    string
	Waarden []string
	Leeg    string // what stands there when there are no values
	Eigen   bool   // the values are words of ours, in the language of the page
}

// maakSectie leaves out what is empty and says nothing by being so.
func maakSectie(id, titel, artikel string, gegevens ...gegeven) sectie {
	s := sectie{ID: id, Titel: titel, Artikel: artikel}
	for _, g := range gegevens {
		if len(g.Waarden) > 0 || g.Leeg != "" {
			s.Gegevens = append(s.Gegevens, g)
		}
	}
	return s
}

// een makes a list of one text, or of none.
func een(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// secties are all that is said of an activity.
func secties(b *pagina.Bezoek, in *ActiviteitInhoud, j *Juridisch) []sectie {
	open, geen := b.T("niet ingevuld"), b.T("geen")
	doorgifte := ""
	if len(in.InternationaleDerden) > 0 {
		doorgifte = open
	}
	uit := []sectie{
		maakSectie("wat", b.T("Wat het is"), "",
			gegeven{Naam: b.T("Nummer"), Waarden: een(in.Nummer)},
			gegeven{Naam: b.T("Categorie"), Waarden: een(in.Categorie), Leeg: open},
			gegeven{Naam: b.T("Gebaseerd op"), Waarden: een(in.GebaseerdOp)}),
		maakSectie("wie", b.T("Wie verantwoordelijk is"), "a",
			gegeven{Naam: b.T("Organisatie (OIN)"), Waarden: een(in.VerantwoordelijkeOrganisatie), Leeg: open},
			gegeven{Naam: b.T("Bestuursorgaan"), Waarden: een(in.VerantwoordelijkeBestuursorgaan), Leeg: open},
			gegeven{Naam: b.T("Samen verantwoordelijk met"), Waarden: in.GezamenlijkMet, Leeg: geen},
			gegeven{Naam: b.T("Gedelegeerd verantwoordelijke"), Waarden: een(in.GedelegeerdVerantwoordelijke)},
			gegeven{Naam: b.T("Proceseigenaar"), Waarden: een(in.Proceseigenaar), Leeg: open}),
		maakSectie("doel", b.T("Doel en grondslag"), "b",
			gegeven{Naam: b.T("Doel"), Waarden: een(in.Doel), Leeg: open},
			gegeven{Naam: b.T("Grondslag (AVG artikel 6)"), Waarden: namen(j.Grondslagen, in.Grondslagen), Leeg: open},
			gegeven{Naam: b.T("Welke wet of taak"), Waarden: een(in.ToelichtingGrondslag)},
			gegeven{Naam: b.T("Toestemming"), Waarden: een(in.Toestemming)}),
		maakSectie("gegevens", b.T("Over wie, en welke gegevens"), "c",
			gegeven{Naam: b.T("Betrokkenen"), Waarden: in.Betrokkenen, Leeg: open},
			gegeven{Naam: b.T("Persoonsgegevens"), Waarden: perRol(b, in.Persoonsgegevens), Leeg: open},
			gegeven{Naam: b.T("Uitzondering voor bijzondere gegevens"), Waarden: namen(j.Uitzonderingen, in.Uitzonderingen)},
			gegeven{Naam: b.T("Herkomst"), Waarden: een(in.Herkomst), Leeg: open}),
		maakSectie("ontvangers", b.T("Wie de gegevens krijgt"), "d, e",
			gegeven{Naam: b.T("Ontvangers"), Waarden: in.Ontvangers, Leeg: geen},
			gegeven{Naam: b.T("Ontvangers buiten de EU"), Waarden: in.InternationaleDerden, Leeg: geen},
			gegeven{Naam: b.T("Waarborgen bij doorgifte"), Waarden: een(in.Doorgifte), Leeg: doorgifte},
			gegeven{Naam: b.T("Verwerkers"), Waarden: verwerkerRegels(b, in.Verwerkers), Leeg: geen}),
		maakSectie("bewaren", b.T("Bewaren en beveiligen"), "f, g",
			gegeven{Naam: b.T("Bewaartermijn"), Waarden: een(in.Bewaartermijn), Leeg: open},
			gegeven{Naam: b.T("Beveiliging"), Waarden: een(in.Beveiliging), Leeg: open},
			gegeven{Naam: b.T("Selecties van veel personen"), Waarden: een(in.Selecties)}),
		maakSectie("loggen", b.T("Vastleggen in de log"), "", logGegevens(b, in, j)...),
	}
	if len(in.Overig) > 0 {
		s := sectie{ID: "overig", Titel: b.T("Andere kolommen uit een bestand")}
		for _, o := range in.Overig {
			s.Gegevens = append(s.Gegevens, gegeven{Naam: o.Naam, Waarden: een(o.Waarde), Leeg: "–"})
		}
		uit = append(uit, s)
	}
	return uit
}

// namen gives the names of codes.
func namen(j JuridischeSoort, codes []string) (uit []string) {
	for _, c := range codes {
		uit = append(uit, j.naam(c))
	}
	return uit
}

// soortWoorden are what kinds of data are called; gewoon needs no word.
func soortWoord(b *pagina.Bezoek, soort string) string {
	switch soort {
	case "bsn":
		return b.T("BSN")
	case "bijzonder":
		return b.T("bijzonder")
	case "strafrechtelijk":
		return b.T("strafrechtelijk")
	}
	return ""
}

// perRol puts the data of one role on one line.
func perRol(b *pagina.Bezoek, l []SoortGegeven) (uit []string) {
	var rollen []string
	per := map[string][]string{}
	for _, g := range l {
		if _, ok := per[g.Rol]; !ok {
			rollen = append(rollen, g.Rol)
		}
		tekst := g.Naam
		if w := soortWoord(b, g.Soort); w != "" {
			tekst += " (" + w + ")"
		}
		per[g.Rol] = append(per[g.Rol], tekst)
	}
	for _, r := range rollen {
		tekst := strings.Join(per[r], ", ")
		if r != "" {
			tekst = r + ": " + tekst
		}
		uit = append(uit, tekst)
	}
	return uit
}

func verwerkerRegels(b *pagina.Bezoek, l []Verwerker) (uit []string) {
	for _, v := range l {
		tekst := v.Naam
		if v.Contact != "" {
			tekst += ", " + v.Contact
		}
		if v.Overeenkomst != "" {
			tekst += " (" + b.T("overeenkomst: %s", v.Overeenkomst) + ")"
		}
		uit = append(uit, tekst)
	}
	return uit
}

// omvangTekst says what applications log.
func omvangTekst(b *pagina.Bezoek, omvang string) string {
	switch omvang {
	case "volledig":
		return b.T("Volledig: wat er gebeurde, wanneer en over wie")
	case "minimaal":
		return b.T("Minimaal: alleen wat de standaard verplicht stelt")
	case "uit":
		return b.T("Uit: er wordt niets vastgelegd")
	}
	return ""
}

func logGegevens(b *pagina.Bezoek, in *ActiviteitInhoud, j *Juridisch) []gegeven {
	open := b.T("niet ingevuld")
	jaNee := func(ja bool) []string {
		if ja {
			return []string{b.T("ja")}
		}
		return []string{b.T("nee")}
	}
	uit := []gegeven{{Naam: b.T("Wat applicaties vastleggen"), Waarden: een(omvangTekst(b, in.LogOmvang)), Leeg: b.T("nog niet gekozen"), Eigen: true}}
	if in.LogOmvang == "volledig" || in.LogOmvang == "minimaal" {
		uit = append(uit,
			gegeven{Naam: b.T("Ook welke medewerker"), Waarden: jaNee(in.LogGebruiker), Eigen: true},
			gegeven{Naam: b.T("Ook welke soorten gegevens"), Waarden: jaNee(in.LogSoorten), Eigen: true})
	}
	uit = append(uit,
		gegeven{Naam: b.T("Bewaartermijn van de logregels"), Waarden: een(schrijfTermijn(b.Taal, in.BewaartermijnLog)), Leeg: open, Eigen: true},
		gegeven{Naam: b.T("Vertrouwelijk"), Waarden: jaNee(in.Vertrouwelijk), Eigen: true})
	if in.Vertrouwelijk {
		uit = append(uit,
			gegeven{Naam: b.T("Waarom vertrouwelijk"), Waarden: namen(j.Beperkingen, een(in.GrondVertrouwelijk)), Leeg: open},
			gegeven{Naam: b.T("Hoelang vertrouwelijk"), Waarden: een(schrijfTermijn(b.Taal, in.DuurVertrouwelijkheid)), Leeg: open, Eigen: true})
	}
	return uit
}

// verschil is what changed in one thing that is said.
type verschil struct {
	Naam     string
	Weg, Bij []string // was and becomes; of a list only what differs
}

// verschillen compares two versions as people read them.
func verschillen(b *pagina.Bezoek, oud, nieuw *ActiviteitInhoud, j *Juridisch) (uit []verschil) {
	if oud.Naam != nieuw.Naam {
		uit = append(uit, verschil{b.T("Naam"), een(oud.Naam), een(nieuw.Naam)})
	}
	toen := map[string][]string{}
	for _, s := range secties(b, oud, j) {
		for _, g := range s.Gegevens {
			toen[s.ID+"/"+g.Naam] = g.Waarden
		}
	}
	for _, s := range secties(b, nieuw, j) {
		for _, g := range s.Gegevens {
			was := toen[s.ID+"/"+g.Naam]
			delete(toen, s.ID+"/"+g.Naam)
			if v := (verschil{g.Naam, zonder(was, g.Waarden), zonder(g.Waarden, was)}); len(v.Weg)+len(v.Bij) > 0 {
				uit = append(uit, v)
			}
		}
	}
	for _, s := range secties(b, oud, j) { // what the new one does not say at all
		for _, g := range s.Gegevens {
			if was := toen[s.ID+"/"+g.Naam]; len(was) > 0 {
				uit = append(uit, verschil{g.Naam, was, nil})
			}
		}
	}
	return uit
}

// zonder gives what is in one list and not in the other.
func zonder(l, ander []string) (uit []string) {
	for _, s := range l {
		if !slices.Contains(ander, s) {
			uit = append(uit, s)
		}
	}
	return uit
}
