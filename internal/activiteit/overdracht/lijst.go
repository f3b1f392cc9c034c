package overdracht

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// punt begins each entry of a list in a cell.
const punt = "• "

// punten writes entries as they stand in a cell: one after another, lines within an entry indented. So an entry may hold a
// comma, a semicolon or a bullet of its own.
func punten(entries []string) []string {
	uit := make([]string, len(entries))
	for k, e := range entries {
		uit[k] = punt + strings.ReplaceAll(e, "\n", "\n  ")
	}
	return uit
}

// ontpunt is the other way round; ok tells that s was written so. Whoever adds a line without a bullet continues an entry.
func ontpunt(s string) (entries []string, ok bool) {
	if !strings.HasPrefix(s, punt) {
		return nil, false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if rest, ok := strings.CutPrefix(line, punt); ok {
			entries = append(entries, rest)
		} else {
			entries[len(entries)-1] += "\n" + strings.TrimPrefix(line, "  ")
		}
	}
	return entries, true
}

// opsomteken is what people put before an entry.
var opsomteken = regexp.MustCompile(`^(?:[-–—*•·▪○●o]\s+|[•·▪○●]|\d{1,2}[.)]\s+|[a-z]\)\s+)`)

// los cuts a list as people write it: at lines and semicolons. komma tells that it was cut at commas, which is a guess: only
// when there is nothing else, and each piece is short and stands on its own.
func los(s string) (entries []string, komma bool) {
	for _, e := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ';' }) {
		if e = strings.TrimSpace(opsomteken.ReplaceAllString(strings.TrimSpace(e), "")); e != "" && !niets(e) {
			entries = append(entries, e)
		}
	}
	if len(entries) != 1 || !strings.Contains(entries[0], ", ") || strings.ContainsAny(entries[0], "()[]:") {
		return entries, false
	}
	delen := strings.Split(entries[0], ", ")
	for _, d := range delen {
		eerste, _, _ := strings.Cut(strings.TrimSpace(d), " ")
		switch eerste {
		case "", "en", "of", "die", "dat", "waaronder", "inclusief", "exclusief", "zoals", "bijv.", "bijvoorbeeld", "mits", "tenzij", "indien", "o.a.", "m.u.v.":
			return entries, false
		}
		if utf8.RuneCountInString(d) > 40 {
			return entries, false
		}
	}
	for k := range delen {
		delen[k] = strings.TrimSpace(delen[k])
	}
	return delen, true
}

// niets tells that an entry says there is none.
func niets(s string) bool {
	switch plat(s) {
	case "", "geen", "nvt", "n v t", "niet van toepassing", "nee":
		return true
	}
	return false
}

// soortAchter is how a kind stands behind a piece of data: "Etnische afkomst [bijzonder]".
var soortAchter = regexp.MustCompile(`\s*\[(gewoon|bsn|bijzonder|strafrechtelijk)\]$`)

func persoonsgegevens(naam, titel, soort string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel, Lijst: true}, namen: namen, vorm: lijst, deel: soort != "",
		lees: func(r *rijLezer, s string) { r.persoonsgegevens(s, soort) },
		lijst: func(r *rij) []string {
			var uit []string
			for _, p := range r.Persoonsgegevens {
				if soort == "" || p.Soort == soort {
					uit = append(uit, schrijfPersoonsgegeven(p))
				}
			}
			return uit
		}}
}

// schrijfPersoonsgegeven writes "Aanvrager: Geboortedatum [bijzonder]". A colon in the role gets a backslash.
func schrijfPersoonsgegeven(p activiteit.Persoonsgegeven) string {
	s := p.Naam
	if p.Rol != "" {
		s = strings.NewReplacer(`\`, `\\`, ":", `\:`).Replace(p.Rol) + ": " + s
	} else if _, _, ook := snijdRol(s); ook {
		s = ": " + s
	}
	switch {
	case p.Soort != "" && p.Soort != "gewoon":
		return s + " [" + p.Soort + "]"
	case soortAchter.MatchString(p.Naam) || isBSN(p.Naam):
		return s + " [gewoon]"
	}
	return s
}

// leesPersoonsgegeven also tells whether the kind was seen in the name alone.
func leesPersoonsgegeven(s string, precies bool) (p activiteit.Persoonsgegeven, geraden bool) {
	gezegd := false
	if m := soortAchter.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
		p.Soort, gezegd = s[m[2]:m[3]], true
		s = s[:m[0]]
	}
	if p.Soort == "gewoon" {
		p.Soort = ""
	}
	p.Naam = s
	if rol, naam, ok := snijdRol(s); ok && strings.TrimSpace(naam) != "" {
		p.Rol, p.Naam = strings.TrimSpace(rol), strings.TrimSpace(naam)
		if precies {
			p.Rol = ontsnap(p.Rol)
		}
	}
	if !gezegd && isBSN(p.Naam) {
		p.Soort, geraden = "bsn", true
	}
	return p, geraden
}

// snijdRol cuts at the first ": " that has no backslash before it.
func snijdRol(s string) (rol, naam string, ok bool) {
	for k := 0; k < len(s); k++ {
		switch s[k] {
		case '\\':
			k++
		case ':':
			if k+1 < len(s) && s[k+1] == ' ' {
				return s[:k], s[k+2:], true
			}
		}
	}
	return "", s, false
}

// ontsnap takes away the backslashes that were put in.
func ontsnap(s string) string {
	var b strings.Builder
	for k := 0; k < len(s); k++ {
		if s[k] == '\\' && k+1 < len(s) && strings.IndexByte(`\:|`, s[k+1]) >= 0 {
			k++
		}
		b.WriteByte(s[k])
	}
	return b.String()
}

// isBSN tells whether a piece of data is named as the number of a person.
func isBSN(naam string) bool {
	for w := range strings.FieldsSeq(plat(naam)) {
		if w == "bsn" || w == "burgerservicenummer" || w == "sofinummer" {
			return true
		}
	}
	return false
}

// schrijfVerwerkers writes "Naam | contact | overeenkomst", without what is empty at the end.
func schrijfVerwerkers(list []activiteit.Verwerker) []string {
	uit := make([]string, len(list))
	for k, v := range list {
		delen := []string{v.Naam, v.Contact, v.Overeenkomst}
		for len(delen) > 1 && delen[len(delen)-1] == "" {
			delen = delen[:len(delen)-1]
		}
		for n, d := range delen {
			delen[n] = strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(d)
		}
		uit[k] = strings.Join(delen, " | ")
	}
	return uit
}

// leesVerwerker cuts at each "|" that has no backslash before it; what follows the second belongs to the contract.
func leesVerwerker(s string, precies bool) activiteit.Verwerker {
	var delen []string
	begin := 0
	for k := 0; k < len(s) && len(delen) < 2; k++ {
		switch s[k] {
		case '\\':
			k++
		case '|':
			delen = append(delen, s[begin:k])
			begin = k + 1
		}
	}
	delen = append(delen, s[begin:], "", "")
	for k, d := range delen {
		delen[k] = strings.TrimSpace(d)
		if precies {
			delen[k] = ontsnap(delen[k])
		}
	}
	return activiteit.Verwerker{Naam: delen[0], Contact: delen[1], Overeenkomst: delen[2]}
}

// schrijfVeld and leesVeld are for a value with a name in one column for all of them.
func schrijfVeld(v activiteit.Veld) string {
	return strings.NewReplacer(`\`, `\\`, ":", `\:`).Replace(v.Naam) + ": " + v.Waarde
}

func leesVeld(s string, precies bool) (activiteit.Veld, bool) {
	naam, waarde, ok := snijdRol(s)
	if precies {
		naam = ontsnap(naam)
	}
	return activiteit.Veld{Naam: strings.TrimSpace(naam), Waarde: strings.TrimSpace(waarde)}, ok
}
