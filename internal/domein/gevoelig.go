package domein

import (
	"slices"
	"strings"
	"unicode"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// Gevaar is why an activity is sensitive: what somebody may want to keep from who acts for them.
type Gevaar string

// The closed set. With Geheim an activity can't be in a domein at all.
const (
	Geheim     Gevaar = "vertrouwelijk"   // it is logged confidentially
	Eigen      Gevaar = "eigen"           // it tells when people looked in the log
	Bijzonder  Gevaar = "bijzonder"       // AVG art. 9
	Strafrecht Gevaar = "strafrechtelijk" // AVG art. 10
	Onderwerp  Gevaar = "onderwerp"       // its words name help, safety or the police
)

// woorden name work of which a line alone can harm somebody; they are looked for anywhere in what an activity is called, is for, and is about.
// beginwoorden only count at the beginning of a word: verzorgen is no zorg.
var (
	woorden = []string{
		"jeugd", "opvang", "politie", "justiti", "veilig thuis", "huiselijk", "mishandel", "misbruik", "geweld", "thuiszorg", "mantelzorg", "verslav", "abortus",
		"seksu", "prostitut", "asiel", "radicalis", "handhav", "opspor", "fraude", "onderzoek", "dreig", "stalk", "leerplicht", "voogd", "uithuis", "crisis",
		"klacht", "vertrouwens", "schuldhulp", "geheim", "detentie", "reclasser", "suïcid", "suicid", "zelfdoding",
	}
	beginwoorden = []string{"zorg", "wmo", "ggz", "ggd", "schuld", "psych", "scheiding", "echtscheiding"}
)

// Gevaren tells why an activity is sensitive; nothing: it is not. A nil version is one that does not hold, which nobody can judge: it is Geheim.
func Gevaren(v *activiteit.Versie) (uit []Gevaar) {
	if v == nil || v.Vertrouwelijkheid == activiteit.Vertrouwelijk || v.GrondVertrouwelijk != "" {
		return []Gevaar{Geheim}
	}
	heeft := func(soort string) bool {
		return slices.ContainsFunc(v.Persoonsgegevens, func(p activiteit.Persoonsgegeven) bool { return p.Soort == soort })
	}
	if heeft(activiteit.SoortBijzonder) || len(v.Uitzonderingen) > 0 {
		uit = append(uit, Bijzonder)
	}
	if heeft(activiteit.SoortStrafrechtelijk) {
		uit = append(uit, Strafrecht)
	}
	teksten := append([]string{v.Naam, v.Categorie, v.Doel}, v.Betrokkenen...)
	for _, p := range v.Persoonsgegevens {
		teksten = append(teksten, p.Naam)
	}
	if slices.ContainsFunc(teksten, noemt) {
		uit = append(uit, Onderwerp)
	}
	return uit
}

// noemt tells whether a text has one of the words.
func noemt(tekst string) bool {
	tekst = strings.ToLower(tekst)
	delen := strings.FieldsFunc(tekst, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(woorden, func(w string) bool { return strings.Contains(tekst, w) }) ||
		slices.ContainsFunc(delen, func(d string) bool {
			return slices.ContainsFunc(beginwoorden, func(w string) bool { return strings.HasPrefix(d, w) })
		})
}
