package beheer

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// A term is an ISO 8601 duration in the rooms, and words for people: "5 jaar en 6 maanden".

var (
	duur  = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$`)
	deel  = regexp.MustCompile(`^(\d{1,5})\s*([a-z]+)$`)
	apart = regexp.MustCompile(`\s*(?:,|\ben\b|\band\b)\s*`)
)

// eenheden of a term, with how they are called: one and more, in each language.
var eenheden = []struct {
	letter string
	namen  map[taal.Taal][2]string
}{
	{"Y", map[taal.Taal][2]string{taal.Nederlands: {"jaar", "jaar"}, taal.Engels: {"year", "years"}}},
	{"M", map[taal.Taal][2]string{taal.Nederlands: {"maand", "maanden"}, taal.Engels: {"month", "months"}}},
	{"W", map[taal.Taal][2]string{taal.Nederlands: {"week", "weken"}, taal.Engels: {"week", "weeks"}}},
	{"D", map[taal.Taal][2]string{taal.Nederlands: {"dag", "dagen"}, taal.Engels: {"day", "days"}}},
}

// letters are the words that people write.
var letters = map[string]string{
	"jaar": "Y", "jaren": "Y", "jr": "Y", "j": "Y", "year": "Y", "years": "Y", "maand": "M", "maanden": "M", "mnd": "M", "month": "M", "months": "M",
	"week": "W", "weken": "W", "weeks": "W", "dag": "D", "dagen": "D", "day": "D", "days": "D",
}

// leesTermijn reads a term in words or as a duration. Empty is empty; what it does not understand is not ok.
func leesTermijn(s string) (iso string, ok bool) {
	s = strings.TrimSpace(s)
	if m := duur.FindStringSubmatch(strings.ToUpper(s)); s == "" || m != nil && len(s) > 1 {
		return strings.ToUpper(s), true
	}
	aantal := map[string]string{}
	for _, d := range apart.Split(strings.ToLower(s), -1) {
		m := deel.FindStringSubmatch(d)
		if m == nil || letters[m[2]] == "" || aantal[letters[m[2]]] != "" {
			return "", false
		}
		aantal[letters[m[2]]] = strings.TrimLeft(m[1], "0")
	}
	iso = "P"
	for _, e := range eenheden {
		if n := aantal[e.letter]; n != "" {
			iso += n + e.letter
		}
	}
	return iso, iso != "P"
}

// schrijfTermijn writes a duration in words; what is none stays as it is.
func schrijfTermijn(t taal.Taal, iso string) string {
	m := duur.FindStringSubmatch(iso)
	if m == nil {
		return iso
	}
	var delen []string
	for i, e := range eenheden {
		if n, err := strconv.Atoi(m[i+1]); err == nil {
			naam := e.namen[t][1]
			if n == 1 {
				naam = e.namen[t][0]
			}
			delen = append(delen, strconv.Itoa(n)+" "+naam)
		}
	}
	if len(delen) == 0 {
		return iso
	}
	en := " en "
	if t == taal.Engels {
		en = " and "
	}
	return strings.Join(delen, en)
}
