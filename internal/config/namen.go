package config

import (
	"regexp"
	"slices"
	"strings"
)

var reOIN = regexp.MustCompile(`^[0-9]{20}$`)

func isOIN(s string) bool { return reOIN.MatchString(s) }

// reeks is a group of keys that comes again for each name: of an organisation, of a sign-in service.
type reeks struct {
	voor   string // in front of the name
	plaats string // stands for the name in a list of keys
	is     func(naam string) bool
	onder  func() []string // the keys below a name
	hoort  string          // Dutch: what belongs in the place of the name
}

// isDienst is what a sign-in service may be called.
var isDienst = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`).MatchString

// reeksen are all there are. A name has no dot and no underscore, as a variable is cut there.
var reeksen = []reeks{
	{organisatieVoor, "<oin>", isOIN, func() []string { return namenVan(perOrganisatie) }, "een OIN van 20 cijfers"},
	{dienstVoor, "<dienst>", isDienst, func() []string { return namenVan(perAanmelddienst) }, "een naam van kleine letters en cijfers"},
	{inwonerVoor, "<dienst>", isDienst, func() []string { return namenVan(perInwonerdienst) }, "een naam van kleine letters en cijfers"},
}

func namenVan[T any](tabel []sleutel[T]) (uit []string) {
	for _, s := range tabel {
		uit = append(uit, s.naam)
	}
	return uit
}

// alleSleutels gives every key, <oin> for the organisation's number.
func alleSleutels() []string {
	uit := namenVan(algemeen)
	for _, r := range reeksen {
		for _, s := range r.onder() {
			uit = append(uit, r.voor+r.plaats+"."+s)
		}
	}
	return uit
}

// bekendeSleutel says whether a key exists; that of an organisation needs a number of 20 digits.
func bekendeSleutel(sleutel string) (string, bool) {
	if r, _, rest, ok := splits(sleutel); ok {
		return sleutel, slices.Contains(r.onder(), rest)
	}
	for _, s := range algemeen {
		if s.naam == sleutel {
			return sleutel, true
		}
	}
	return "", false
}

// splits cuts organisaties.<oin>.rest.
func splits(sleutel string) (r reeks, naam, rest string, ok bool) {
	for _, r := range reeksen {
		if na, ok := strings.CutPrefix(sleutel, r.voor); ok {
			naam, rest, ok = strings.Cut(na, ".")
			return r, naam, rest, ok && r.is(naam)
		}
	}
	return reeks{}, "", "", false
}

// vorm gives a key with <oin> for the number of an organisation.
func vorm(sleutel string) string {
	for _, r := range reeksen {
		if na, ok := strings.CutPrefix(sleutel, r.voor); ok {
			if naam, _, _ := strings.Cut(na, "."); r.is(naam) {
				return r.voor + r.plaats + strings.TrimPrefix(na, naam)
			}
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

// splitsVariabele cuts ORGANISATIES_<oin>_REST; the name comes in small letters, which are all it may have.
func splitsVariabele(variabel string) (r reeks, naam, rest string, ok bool) {
	for _, r := range reeksen {
		if na, ok := strings.CutPrefix(variabel, variabele(r.voor)); ok {
			naam, rest, ok = strings.Cut(na, "_")
			return r, strings.ToLower(naam), rest, ok && naam == strings.ToUpper(naam)
		}
	}
	return reeks{}, "", "", false
}

// sleutelVan gives the key of a variable, whose prefix is cut off.
func sleutelVan(rest string) (string, bool) {
	if r, naam, onder, ok := splitsVariabele(rest); ok && r.is(naam) {
		for _, s := range r.onder() {
			if variabele(s) == onder {
				return r.voor + naam + "." + s, true
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
	for _, r := range reeksen {
		if strings.HasPrefix(sleutel, r.voor) && vorm(sleutel) == sleutel {
			zin := "onder " + strings.TrimSuffix(r.voor, ".") + " hoort " + r.hoort
			if r.voor == organisatieVoor {
				zin += " tussen aanhalingstekens"
			}
			return zin
		}
	}
	return "deze instelling bestaat niet" + bedoeld(vorm(sleutel), "", alleSleutels())
}

// onbekendeVariabele does the same for a variable, whose prefix is cut off.
func onbekendeVariabele(rest string) string {
	if r, naam, onder, ok := splitsVariabele(rest); ok {
		if !r.is(naam) {
			return "na " + variabele(r.voor) + " hoort " + r.hoort
		}
		rest = variabele(r.voor) + r.plaats + "_" + onder
	}
	var namen []string
	for _, s := range alleSleutels() {
		v := variabele(s)
		for _, r := range reeksen {
			v = strings.ReplaceAll(v, strings.ToUpper(r.plaats), r.plaats)
		}
		namen = append(namen, v)
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
