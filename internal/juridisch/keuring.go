package juridisch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	reCode    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,49}$`)
	reNummer  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z./ -]{0,49}$`)
	reTermijn = regexp.MustCompile(`^P(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$`)
)

// keuring collects what is wrong with a file.
type keuring struct {
	naam   string
	fouten []error
	codes  map[string]bool
}

func (k *keuring) fout(zin string, a ...any) {
	k.fouten = append(k.fouten, fmt.Errorf("%s: "+zin, append([]any{k.naam}, a...)...))
}

// tekst checks the length of a text in characters, and that it holds nothing that can't be seen.
func (k *keuring) tekst(waar, tekst string, van, tot int) {
	switch n := utf8.RuneCountInString(tekst); {
	case !utf8.ValidString(tekst) || strings.ContainsFunc(strings.ReplaceAll(tekst, "\n", " "), unicode.IsControl):
		k.fout("%s bevat tekens die niet te lezen zijn; haal ze weg", waar)
	case strings.TrimSpace(tekst) == "" && van > 0:
		k.fout("%s ontbreekt; vul het in", waar)
	case n > tot:
		k.fout("%s is %d tekens lang; er mogen er hooguit %d zijn", waar, n, tot)
	}
}

// uniek notes a code or number; each comes once.
func (k *keuring) uniek(waar, code string) {
	if k.codes == nil {
		k.codes = map[string]bool{}
	}
	if k.codes[code] {
		k.fout("%s: %s staat er meer dan eens in; laat er één staan", waar, code)
	}
	k.codes[code] = true
}

func plek(n int) string { return fmt.Sprintf("regels[%d]", n+1) }

func (k *keuring) regel(n int, r *Regel) {
	waar := plek(n)
	if reCode.MatchString(r.Code) {
		waar += " (" + r.Code + ")"
		k.uniek(waar, r.Code)
	} else {
		k.fout("%s: code bestaat uit kleine letters, cijfers en _, begint met een letter en is hooguit 50 tekens lang", waar)
	}
	k.tekst(waar+".naam", r.Naam, 1, 242)
	k.tekst(waar+".artikel", r.Artikel, 1, 242)
	k.tekst(waar+".uitleg", r.Uitleg, 1, 2042)
	k.tekst(waar+".letOp", r.LetOp, 0, 2042)
	if len(r.OokBekendAls) > maxNamen {
		k.fout("%s: ookBekendAls heeft %d namen; er mogen er hooguit %d zijn", waar, len(r.OokBekendAls), maxNamen)
	}
	for _, s := range r.OokBekendAls {
		k.tekst(waar+".ookBekendAls", s, 1, 242)
	}
}

func (k *keuring) voor(n int, voor []string) {
	goed := func(s string) bool { return s == VoorBijzonder || s == VoorStrafrechtelijk }
	if len(voor) == 0 || slices.ContainsFunc(voor, func(s string) bool { return !goed(s) }) {
		k.fout("%s: voor noemt %s, %s of beide", plek(n), VoorBijzonder, VoorStrafrechtelijk)
	}
}

func (k *keuring) rij(n int, r *Rij) {
	waar := plek(n)
	if reNummer.MatchString(r.Nummer) {
		waar += " (" + r.Nummer + ")"
		k.uniek(waar, r.Nummer)
	} else {
		k.fout("%s: nummer begint met een cijfer of letter en is hooguit 50 tekens lang; zet het tussen aanhalingstekens", waar)
	}
	k.tekst(waar+".omschrijving", r.Omschrijving, 1, 2042)
	k.tekst(waar+".lijst", r.Lijst, 1, 242)
	switch r.Waardering {
	case Bewaren:
		if r.Termijn != "" {
			k.fout("%s: wat bewaard blijft heeft geen termijn; haal die weg, of zet waardering op %s", waar, Vernietigen)
		}
	case Vernietigen:
		if r.Termijn == "P" || !reTermijn.MatchString(r.Termijn) {
			k.fout("%s: termijn is een duur volgens ISO 8601, zoals P5Y of P18M", waar)
		}
	default:
		k.fout("%s: waardering is %s of %s", waar, Vernietigen, Bewaren)
	}
}
