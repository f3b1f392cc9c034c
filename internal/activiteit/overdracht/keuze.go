package overdracht

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// keuze reads one of the words that a field can have.
func keuze(naam, titel string, woorden []string, in func(*activiteit.Inhoud) *string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen,
		lees: func(r *rijLezer, s string) {
			w := plat(s)
			switch {
			case slices.Contains(woorden, w):
			case naam == "vertrouwelijkheid" && (w == "ja" || w == "confidentieel" || w == "geheim"):
				w = "vertrouwelijk"
			case naam == "vertrouwelijkheid" && (w == "nee" || w == "openbaar" || w == "geen"):
				w = "normaal"
			default:
				r.fout("Dit is geen bekende keuze; schrijf " + strings.Join(woorden, ", ") + ", of maak de cel leeg.")
				return
			}
			*in(&r.uit.Inhoud) = w
		},
		schrijf: func(r *rij) string { return *in(&r.Inhoud) }}
}

var (
	isoDuur = regexp.MustCompile(`^P[0-9YMWDTHS]+$`)
	nlDuur  = regexp.MustCompile(`^(\d{1,4})\s*(jaar|jaren|maand|maanden|week|weken|dag|dagen)$`)
)

// duur reads an ISO 8601 duration, or "5 jaar". Whether it may be this long is up to the register.
func duur(naam, titel string, in func(*activiteit.Inhoud) *string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen,
		lees: func(r *rijLezer, s string) {
			s = regelVan(s)
			if d := strings.ToUpper(s); isoDuur.MatchString(d) {
				*in(&r.uit.Inhoud) = d
			} else if m := nlDuur.FindStringSubmatch(strings.ToLower(s)); m != nil {
				*in(&r.uit.Inhoud) = "P" + m[1] + map[byte]string{'j': "Y", 'm': "M", 'w': "W", 'd': "D"}[m[2][0]]
			} else {
				r.fout("Dit is geen duur; schrijf bijvoorbeeld 5 jaar, 6 maanden of P5Y.")
			}
		},
		schrijf: func(r *rij) string { return *in(&r.Inhoud) }}
}

var (
	datumISO = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:T[0-9:.]+Z?)?$`)
	datumNL  = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$`)
	datumUit = regexp.MustCompile(`^(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})$`)
	maanden  = []string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}
)

// datum reads a day as the Dutch write it, day before month, or as ISO 8601.
func (r *rijLezer) datum(s string) activiteit.Datum {
	s = strings.ToLower(regelVan(s))
	s = strings.ReplaceAll(s, "t00:00:00", "")
	var jaar, maand, dag int
	if m := datumISO.FindStringSubmatch(strings.ToUpper(s)); m != nil {
		jaar, maand, dag = atoi(m[1]), atoi(m[2]), atoi(m[3])
	} else if m := datumNL.FindStringSubmatch(s); m != nil {
		jaar, maand, dag = atoi(m[3]), atoi(m[2]), atoi(m[1])
	} else if m := datumUit.FindStringSubmatch(s); m != nil && len(m[2]) >= 3 {
		begin := m[2][:3]
		if begin == "maa" {
			begin = "mrt"
		}
		jaar, maand, dag = atoi(m[3]), slices.Index(maanden, begin)+1, atoi(m[1])
	}
	t := time.Date(jaar, time.Month(maand), dag, 0, 0, 0, 0, time.UTC)
	d, ok := activiteit.ParseDatum(t.Format(time.DateOnly))
	if !ok || maand < 1 || t.Day() != dag || int(t.Month()) != maand { // 31-02
		r.fout("Dit is geen datum; schrijf bijvoorbeeld 31-12-2026.")
		return ""
	}
	return d
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // digits only, four at most
	return n
}
