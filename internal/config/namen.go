package config

import (
	"regexp"
	"strings"
)

const oinPlaats = "<oin>"

var reOIN = regexp.MustCompile(`^[0-9]{20}$`)

func isOIN(s string) bool { return reOIN.MatchString(s) }

// alleSleutels gives every key, <oin> for the organisation's number.
func alleSleutels() []string {
	var uit []string
	for _, s := range algemeen {
		uit = append(uit, s.naam)
	}
	for _, s := range perOrganisatie {
		uit = append(uit, organisatieVoor+oinPlaats+"."+s.naam)
	}
	return uit
}

// bekendeSleutel says whether a key exists; that of an organisation needs a number of 20 digits.
func bekendeSleutel(sleutel string) (string, bool) {
	if oin, rest, ok := splitsOrganisatie(sleutel); ok {
		for _, s := range perOrganisatie {
			if s.naam == rest {
				return organisatieVoor + oin + "." + rest, true
			}
		}
		return "", false
	}
	for _, s := range algemeen {
		if s.naam == sleutel {
			return sleutel, true
		}
	}
	return "", false
}

// splitsOrganisatie cuts organisaties.<oin>.rest.
func splitsOrganisatie(sleutel string) (oin, rest string, ok bool) {
	na, ok := strings.CutPrefix(sleutel, organisatieVoor)
	if !ok {
		return "", "", false
	}
	oin, rest, ok = strings.Cut(na, ".")
	return oin, rest, ok && isOIN(oin)
}

// vorm gives a key with <oin> for the number of an organisation.
func vorm(sleutel string) string {
	if na, ok := strings.CutPrefix(sleutel, organisatieVoor); ok {
		if oin, _, _ := strings.Cut(na, "."); isOIN(oin) {
			return organisatieVoor + oinPlaats + strings.TrimPrefix(na, oin)
		}
	}
	return sleutel
}

// isGroep says whether keys exist below this one.
func isGroep(sleutel string) bool {
	for _, s := range alleSleutels() {
		if strings.HasPrefix(s, vorm(sleutel)+".") {
			return true
		}
	}
	return false
}

// variabele gives the name of a key in the environment, without the prefix.
func variabele(sleutel string) string {
	return strings.ToUpper(strings.ReplaceAll(sleutel, ".", "_"))
}

// sleutelVan gives the key of a variable, whose prefix is cut off.
func sleutelVan(rest string) (string, bool) {
	if m := reOmgevingOrganisatie.FindStringSubmatch(rest); m != nil && isOIN(m[1]) {
		for _, s := range perOrganisatie {
			if variabele(s.naam) == m[2] {
				return organisatieVoor + m[1] + "." + s.naam, true
			}
		}
		return "", false
	}
	for _, s := range algemeen {
		if variabele(s.naam) == rest {
			return s.naam, true
		}
	}
	return "", false
}

// onbekend says what may have been meant by a key that does not exist.
func onbekend(sleutel string) string {
	if isGroep(sleutel) {
		return "hier horen instellingen onder te staan, geen waarde"
	}
	if strings.HasPrefix(sleutel, organisatieVoor) && vorm(sleutel) == sleutel {
		return "onder organisaties hoort een OIN van 20 cijfers tussen aanhalingstekens"
	}
	return "deze instelling bestaat niet" + bedoeld(vorm(sleutel), "", alleSleutels())
}

// onbekendeVariabele does the same for a variable, whose prefix is cut off.
func onbekendeVariabele(rest string) string {
	if m := reOmgevingOrganisatie.FindStringSubmatch(rest); m != nil {
		if !isOIN(m[1]) {
			return "na ORGANISATIES_ hoort een OIN van 20 cijfers"
		}
		rest = "ORGANISATIES_" + oinPlaats + "_" + m[2]
	}
	var namen []string
	for _, s := range alleSleutels() {
		namen = append(namen, strings.ReplaceAll(variabele(s), "<OIN>", oinPlaats))
	}
	return "deze instelling bestaat niet" + bedoeld(rest, omgevingVoorvoegsel, namen)
}

// bedoeld names the nearest of the names, if any is near enough to be a slip of the keyboard.
func bedoeld(naam, voorvoegsel string, namen []string) string {
	verste := min(4, len(naam)/2)
	beste, afstandBeste := "", verste+1
	for _, n := range namen {
		if d := afstand(naam, n, verste); d < afstandBeste {
			beste, afstandBeste = n, d
		}
	}
	// A last part alone ("vloer" for "bewaren.vloer") is far in letters but near in meaning.
	if beste == "" {
		for _, n := range namen {
			if strings.HasSuffix(n, "."+naam) {
				beste = n
				break
			}
		}
	}
	if beste == "" {
		return "; verantwoord config toont welke er zijn"
	}
	return "; bedoelde u " + voorvoegsel + beste + "?"
}

// afstand counts the letters to add, drop or replace to make b of a; more than verste is cut off.
func afstand(a, b string, verste int) int {
	if d := len(a) - len(b); d > verste || -d > verste {
		return verste + 1
	}
	vorige := make([]int, len(b)+1)
	for j := range vorige {
		vorige[j] = j
	}
	for i := range len(a) {
		rij := make([]int, len(b)+1)
		rij[0] = i + 1
		for j := range len(b) {
			ander := 1
			if a[i] == b[j] {
				ander = 0
			}
			rij[j+1] = min(vorige[j]+ander, vorige[j+1]+1, rij[j]+1)
		}
		vorige = rij
	}
	return min(vorige[len(b)], verste+1)
}
