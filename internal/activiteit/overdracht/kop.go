package overdracht

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// Koppeling says what each column is.
type Koppeling struct {
	Kolommen  []string          `json:"kolommen"`           // by column: Naam of a Veld, Overig or Negeer; beyond its end Overig
	Standaard map[string]string `json:"standaard,omitzero"` // by Naam of a Veld: what it is in a row that has nothing there
}

// What is looked through to find the names of the columns.
const (
	zoekRijen  = 300
	maxKopnaam = 120 // characters; longer ones are text
)

// Voorstel finds the row with the names of the columns, from 0, and what each column is by its name. kop is -1 when no row has
// names that are known: then a person must say. Rows above it (a title, a name over several columns) are no part of the table.
func Voorstel(t *rekenblad.Tabel) (kop int, m Koppeling) {
	z := zoeker{}
	kop, beste := -1, 1 // one known name is chance, unless it is the name of the activity
	for k, rij := range t.Rijen[:min(len(t.Rijen), zoekRijen)] {
		n, naam := z.bekend(rij)
		if n == 1 && naam && kop < 0 {
			kop = k
		}
		// On a tie a row wins from the one right above when they share a name: that one was merged downwards.
		if n > beste || n == beste && n > 1 && kop == k-1 && deelt(t.Rijen[kop], rij) {
			kop, beste = k, n
		}
	}
	if kop < 0 {
		return -1, Koppeling{}
	}
	return kop, Koppeling{Kolommen: z.koppel(t.Rijen[kop], t.Kolommen())}
}

// VoorstelVoor is the Koppeling when a person says which row has the names.
func VoorstelVoor(t *rekenblad.Tabel, kop int) Koppeling {
	if kop < 0 || kop >= len(t.Rijen) {
		return Koppeling{}
	}
	z := zoeker{}
	return Koppeling{Kolommen: z.koppel(t.Rijen[kop], t.Kolommen())}
}

func deelt(a, b []string) bool {
	for k := range min(len(a), len(b)) {
		if a[k] != "" && a[k] == b[k] {
			return true
		}
	}
	return false
}

// zoeker finds fields by the names of columns and remembers what it found.
type zoeker map[string]gevonden

type gevonden struct {
	veld string
	mate int // how far the name is from a known one; 0 is a known one
}

func (z zoeker) bekend(rij []string) (n int, naam bool) {
	gezien := map[string]bool{}
	for _, s := range rij {
		if g := z.vind(s); g.veld != "" && g.veld != Negeer {
			gezien[g.veld] = true
		}
	}
	return len(gezien), gezien["naam"]
}

// koppel gives each field that can be one column only the column whose name is nearest.
func (z zoeker) koppel(rij []string, breed int) []string {
	uit := make([]string, breed)
	beste := map[string]int{}
	for k := range uit {
		uit[k] = Overig
		if k >= len(rij) {
			continue
		}
		g := z.vind(rij[k])
		if g.veld == "" {
			continue
		}
		if v := perNaam[g.veld]; v != nil && v.vorm != lijst {
			if eerder, ok := beste[g.veld]; ok {
				if z.vind(rij[eerder]).mate <= g.mate {
					continue
				}
				uit[eerder] = Overig
			}
			beste[g.veld] = k
		}
		uit[k] = g.veld
	}
	return uit
}

func (z zoeker) vind(kop string) gevonden {
	g, ok := z[kop]
	if !ok {
		g = vind(kop)
		z[kop] = g
	}
	return g
}

var (
	haakjes = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`)
	nummer  = regexp.MustCompile(`^\s*(?:\d{1,2}|[a-z])[.)]\s*`)
)

// voorOverig stands before the name of a column that an export writes for Overig.
const voorOverig = "Overig: "

// vind gives the field of the name of a column: as it is, without what stands between brackets or a number in front, with
// more words behind it, or with a spelling error. In that order.
func vind(kop string) gevonden {
	if len(kop) > maxKopnaam*4 || strings.HasPrefix(kop, voorOverig) {
		return gevonden{}
	}
	for _, u := range alleenUit {
		if kop == u.titel {
			return gevonden{veld: Negeer}
		}
	}
	heel := plat(kop)
	if v := bekend[heel]; v != "" {
		return gevonden{veld: v}
	}
	kaal := plat(nummer.ReplaceAllString(strings.ToLower(haakjes.ReplaceAllString(kop, " ")), ""))
	if v := bekend[kaal]; v != "" {
		return gevonden{veld: v, mate: 1}
	}
	if len(kaal) < 4 || len(kaal) > maxKopnaam {
		return gevonden{}
	}
	langste := ""
	for naam := range bekend {
		if len(naam) >= 4 && len(naam) > len(langste) && strings.HasPrefix(kaal, naam+" ") {
			langste = naam
		}
	}
	if langste != "" {
		return gevonden{veld: bekend[langste], mate: 2}
	}
	beste, veld := 3, ""
	for naam, v := range bekend {
		ruimte := 0 // errors that a name of this length may have
		switch n := len(naam); {
		case n >= 12:
			ruimte = 2
		case n >= 6:
			ruimte = 1
		}
		if d := afstand(kaal, naam, ruimte); d <= ruimte && (d < beste || d == beste && v < veld) && ruimte > 0 {
			beste, veld = d, v
		}
	}
	if veld != "" {
		return gevonden{veld: veld, mate: 2 + beste}
	}
	return gevonden{}
}

// bekend are the names of all fields, as plat gives them.
var bekend = func() map[string]string {
	m := map[string]string{}
	for _, v := range velden {
		m[plat(v.Titel)] = v.Naam
		if v.Naam != "id" { // a column "ID" is a number of the organisation's own
			m[plat(v.Naam)] = v.Naam
		}
		for _, n := range v.namen {
			m[n] = v.Naam
		}
	}
	return m
}()

// plat is s in small letters and digits with a space between words: without accents and punctuation.
func plat(s string) string {
	var b strings.Builder
	spatie := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\u00ad':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if spatie && b.Len() > 0 {
				b.WriteByte(' ')
			}
			spatie = false
			b.WriteRune(unicode.ToLower(r))
		default:
			spatie = true
		}
	}
	return b.String()
}

// afstand is how many letters must be added, taken away, changed or swapped with their neighbour to make a of b; more than
// max is max+1.
func afstand(a, b string, max int) int {
	if len(a)-len(b) > max || len(b)-len(a) > max {
		return max + 1
	}
	vorig2, vorig, nu := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for k := range vorig {
		vorig[k] = k
	}
	for i := 1; i <= len(a); i++ {
		nu[0] = i
		minst := i
		for j := 1; j <= len(b); j++ {
			kost := 1
			if a[i-1] == b[j-1] {
				kost = 0
			}
			nu[j] = min(vorig[j]+1, nu[j-1]+1, vorig[j-1]+kost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				nu[j] = min(nu[j], vorig2[j-2]+1)
			}
			minst = min(minst, nu[j])
		}
		if minst > max {
			return max + 1
		}
		vorig2, vorig, nu = vorig, nu, vorig2
	}
	return vorig[len(b)]
}
