package gebruiker

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Ernst is how much a warning matters.
type Ernst uint8

// The grades. Ernstig asks a reason and a second administrator.
const (
	Info Ernst = iota + 1
	LetOp
	Ernstig
)

// String gives the grade for people.
func (e Ernst) String() string { return [...]string{"", "info", "let op", "ernstig"}[e] }

// Waarschuwing tells what is risky about rights.
type Waarschuwing struct {
	Ernst Ernst
	Regel string // stable code
	Tekst string // Dutch, whole sentences
	Nieuw bool   // the change brings it, or makes it wider
}

// atoom is something that is allowed.
type atoom struct {
	cel
	b Bereik
}

// atomen gives all that is allowed, in the order of the table.
func (r *Rechten) atomen() (uit []atoom) {
	if r == nil {
		return nil
	}
	cellen := slices.Collect(maps.Keys(r.cellen))
	slices.SortFunc(cellen, cel.vergelijk)
	for _, c := range cellen {
		for _, b := range r.bereiken(c) {
			uit = append(uit, atoom{c, b})
		}
	}
	return uit
}

// risico is a rule about rights. vind gives what it stumbles over; nothing: all is well. kan follows "kunnen".
type risico struct {
	code   string
	ernst  Ernst
	vind   func([]atoom) []atoom
	kan    string // %s: the module
	uitleg string
}

var risicos = []risico{
	{"bsn", Ernstig, metBSN, "BSN's gebruiken", "Geef dit alleen aan wie zonder BSN het werk niet kan doen."},
	{"bijzonder", Ernstig, metBijzonder, "bijzondere persoonsgegevens gebruiken, zoals over gezondheid, geloof of afkomst",
		"Dat is verboden, behalve waar de wet een uitzondering maakt."},
	{"strafrechtelijk", Ernstig, metStrafrechtelijk, "strafrechtelijke gegevens gebruiken", "Dat mag alleen waar de wet het toestaat."},
	{"geheim_adres", Ernstig, metGeheimAdres, "geheime adressen gebruiken", "Komt zo'n adres in verkeerde handen, dan kan iemand gevaar lopen."},
	{"beschermden", Ernstig, metBeschermden, "zien of bepalen welke inwoners extra beschermd zijn", "Zo'n inwoner kan gevaar lopen als iemand dit weet; houd deze groep klein."},
	{"domeinen", Ernstig, metDomeinen, "bepalen wat ouders, curatoren en gemachtigden van een ander zien",
		"In die regels kan iets staan wat de ander voor zichzelf wil houden; houd deze groep klein."},
	{"vertrouwelijk", Ernstig, metVertrouwelijk, "vertrouwelijke verwerkingen gebruiken, zoals van een lopend onderzoek",
		"De inwoner om wie het gaat ziet die nog niet; dat moet zo blijven tot het onderzoek klaar is."},
	{"exporteren", Ernstig, metExportVanMeer, "gevoelige gegevens als bestand opslaan", "Wie zo'n bestand daarna opent, is niet meer te zien."},
	{"exporteren_gewoon", LetOp, metExport, "gegevens als bestand opslaan", "Wie zo'n bestand daarna opent, is niet meer te zien."},
	{"verwijderen", Ernstig, metVerwijderen, "gegevens verwijderen of laten vernietigen", "Dat is niet terug te draaien."},
	{"in_een_hand", Ernstig, inEenHand, "in %s zelf iets opstellen, goedkeuren en uitvoeren",
		"Dan kijkt niemand anders meer mee; verdeel dit over twee groepen."},
	{"beheer_en_inzage", Ernstig, beheerEnInzage, "accounts beheren en ook de verwerkingenlog zien",
		"Wie accounts beheert, hoort de gegevens van inwoners niet te zien; verdeel dit over twee groepen."},
	{"leveren", Ernstig, metLeveren, "bepalen welke organisatie welke gegevens van inwoners mag krijgen",
		"Wat hier wordt toegestaan, gaat de gemeente uit; houd deze groep klein."},
	{"zelf_vaststellen", LetOp, zelfVaststellen, "een verwerkingsactiviteit zelf opstellen en zelf vaststellen",
		"Dan leest niemand anders mee of doel en grondslag kloppen; verdeel dit als het kan over twee groepen."},
	{"rechten_uitdelen", Ernstig, metUitdelen, "bepalen wat collega's of applicaties mogen", "Houd deze groep klein."},
	{"bereik_alles", LetOp, metAlles, "gegevens van de hele organisatie gebruiken", "Kijk of eigen werk, de functiegroep of één domein genoeg is."},
}

func waar(alle []atoom, is func(atoom) bool) (uit []atoom) {
	for _, a := range alle {
		if is(a) {
			uit = append(uit, a)
		}
	}
	return uit
}

func metKlasse(alle []atoom, v Veldklasse) []atoom {
	return waar(alle, func(a atoom) bool { return a.v == v })
}

func metBSN(alle []atoom) []atoom             { return metKlasse(alle, BSN) }
func metStrafrechtelijk(alle []atoom) []atoom { return metKlasse(alle, Strafrechtelijk) }
func metGeheimAdres(alle []atoom) []atoom     { return metKlasse(alle, GeheimAdres) }

func metBeschermden(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.m == ModuleInwoners })
}

func metDomeinen(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.m == ModuleDomeinen && a.h != Zien })
}

// In the verwerkingenlog bijzonder means confidential, which has its own rule.
func metBijzonder(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.v == Bijzonder && a.m != ModuleVerwerkingenlog })
}

func metVertrouwelijk(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.v == Bijzonder && a.m == ModuleVerwerkingenlog })
}

func metExportVanMeer(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.h == Exporteren && a.v != Gewoon })
}

// metExport is silent where the rule above speaks, and of processing activities: those name nobody, and are meant to be read.
func metExport(alle []atoom) []atoom {
	if len(metExportVanMeer(alle)) > 0 {
		return nil
	}
	return waar(alle, func(a atoom) bool { return a.h == Exporteren && a.m != ModuleActiviteiten })
}

func metLeveren(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.m == ModuleActiviteiten && a.h == Beheren })
}

func zelfVaststellen(alle []atoom) []atoom {
	deel := func(h Handeling) []atoom {
		return waar(alle, func(a atoom) bool { return a.m == ModuleActiviteiten && a.h == h })
	}
	opstellen, vaststellen := deel(Wijzigen), deel(Goedkeuren)
	if len(opstellen) == 0 || len(vaststellen) == 0 {
		return nil
	}
	return slices.Concat(opstellen, vaststellen)
}

func metVerwijderen(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.h == Verwijderen })
}

func metAlles(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool { return a.b == BereikAlles && a.m.Inwoners() })
}

// inEenHand finds the first module in which one can draw up, approve and carry out.
func inEenHand(alle []atoom) []atoom {
	for _, m := range modules {
		deel := func(h ...Handeling) []atoom {
			return waar(alle, func(a atoom) bool { return a.m == m.module && slices.Contains(h, a.h) })
		}
		opstellen, goedkeuren, uitvoeren := deel(Wijzigen, Verwijderen), deel(Goedkeuren), deel(Uitvoeren)
		if len(opstellen) > 0 && len(goedkeuren) > 0 && len(uitvoeren) > 0 {
			return slices.Concat(opstellen, goedkeuren, uitvoeren)
		}
	}
	return nil
}

func beheerEnInzage(alle []atoom) []atoom {
	beheer := waar(alle, func(a atoom) bool { return a.m == ModuleGebruikers && a.h == Beheren })
	inzage := waar(alle, func(a atoom) bool { return a.m == ModuleVerwerkingenlog && a.h == Zien })
	if len(beheer) == 0 || len(inzage) == 0 {
		return nil
	}
	return slices.Concat(beheer, inzage)
}

func metUitdelen(alle []atoom) []atoom {
	return waar(alle, func(a atoom) bool {
		return (a.m == ModuleGroepen || a.m == ModuleApplicaties) && (a.h == Beheren || a.h == Goedkeuren)
	})
}

// ernstig gives the codes of the serious rules that rights stumble over.
func ernstig(r *Rechten) (codes []string) {
	alle := r.atomen()
	for _, regel := range risicos {
		if regel.ernst == Ernstig && len(regel.vind(alle)) > 0 {
			codes = append(codes, regel.code)
		}
	}
	return codes
}

// tekst writes the warning about who: "Mensen in deze groep kunnen" or the like.
func (r *risico) tekst(wie string, gevonden []atoom) string {
	kan := r.kan
	if strings.Contains(kan, "%s") {
		kan = fmt.Sprintf(kan, modules[moduleIndex(gevonden[0].m)].ding)
	}
	return wie + " " + kan + ". " + r.uitleg
}

// nieuwe gives the rules, by their place, that stumble over something in na that was not allowed in voor, now or at any
// later moment, with all that they stumble over then.
func nieuwe(voor, na []verleend, nu time.Time) map[int][]atoom {
	uit := map[int][]atoom{}
	for _, t := range momenten(nu, voor, na) {
		had, krijgt := rechtenOp(voor, t), rechtenOp(na, t).atomen()
		for i, regel := range risicos {
			gevonden := regel.vind(krijgt)
			if slices.ContainsFunc(gevonden, func(a atoom) bool { return !had.mag(a.cel, a.b) }) {
				uit[i] = gevonden
			}
		}
	}
	return uit
}

// momenten gives every moment from nu on at which what is granted changes.
func momenten(nu time.Time, alle ...[]verleend) []time.Time {
	uit := []time.Time{nu}
	add := func(t time.Time) {
		if t.After(nu) && !slices.ContainsFunc(uit, t.Equal) {
			uit = append(uit, t)
		}
	}
	for _, bronnen := range alle {
		for _, v := range bronnen {
			add(v.tot)
			for _, r := range v.rechten {
				add(r.Tot)
			}
		}
	}
	return uit
}

// Bounds of the rules about people.
const (
	groteGroep   = 25
	opleidingOud = 3 // years
)

// overMensen warns of who is in a group that can do something.
func overMensen(a *Autorisatiegroep, leden []*Gebruiker, rechten []Recht, nu time.Time) (uit []Waarschuwing) {
	alle := NieuweRechten(nu, rechten).atomen()
	if len(alle) == 0 {
		return nil
	}
	if w, ok := veelMensen(leden); ok {
		uit = append(uit, w)
	}
	if w, ok := zonderOpleiding(leden, nu); ok {
		uit = append(uit, w)
	}
	if w, ok := vanzelfLid(a); ok {
		uit = append(uit, w)
	}
	if w, ok := zonderEinde(rechten, nu); ok {
		uit = append(uit, w)
	}
	return uit
}

func vanzelfLid(a *Autorisatiegroep) (Waarschuwing, bool) {
	return Waarschuwing{Ernst: LetOp, Regel: "vanzelf_lid",
		Tekst: "Wie in de aanmelddienst in een gekoppelde groep komt, wordt hier vanzelf lid. Het kunnen dus meer mensen worden."}, len(a.Claims) > 0
}

func veelMensen(leden []*Gebruiker) (Waarschuwing, bool) {
	return Waarschuwing{Ernst: LetOp, Regel: "veel_mensen", Tekst: fmt.Sprintf(
			"Deze groep heeft %s. Hoe meer mensen, hoe vaker iemand meer ziet dan nodig is; kijk of een kleinere groep kan.", aantal(len(leden)))},
		len(leden) > groteGroep
}

func zonderOpleiding(leden []*Gebruiker, nu time.Time) (Waarschuwing, bool) {
	n := 0
	for _, g := range leden {
		if g.Opleiding.Before(nu.AddDate(-opleidingOud, 0, 0)) {
			n++
		}
	}
	tekst := fmt.Sprintf("Van %d van de %s in deze groep is niet bekend dat zij in de afgelopen drie jaar een privacytraining volgden.", n, aantal(len(leden)))
	switch n {
	case len(leden):
		tekst = "Van niemand in deze groep is bekend dat die in de afgelopen drie jaar een privacytraining volgde."
	case 1:
		tekst = fmt.Sprintf("Van 1 van de %s in deze groep is niet bekend dat die in de afgelopen drie jaar een privacytraining volgde.", aantal(len(leden)))
	}
	return Waarschuwing{Ernst: LetOp, Regel: "opleiding", Tekst: tekst}, n > 0
}

// zonderEinde finds rights that are serious by themselves and go on for ever.
func zonderEinde(rechten []Recht, nu time.Time) (Waarschuwing, bool) {
	n := 0
	for _, r := range rechten {
		if !r.Verbod && r.Tot.IsZero() && len(ernstig(NieuweRechten(nu, []Recht{r}))) > 0 {
			n++
		}
	}
	wie := fmt.Sprintf("%d gevoelige rechten hebben", n)
	if n == 1 {
		wie = "Een gevoelig recht heeft"
	}
	return Waarschuwing{Ernst: Info, Regel: "zonder_einde",
		Tekst: wie + " geen einddatum. Met een einddatum vervalt een recht vanzelf als het niet meer nodig is."}, n > 0
}
