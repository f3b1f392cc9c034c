package juridisch

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxHerken bounds a text that is to be recognised, in bytes.
const maxHerken = 2000

// Herken finds which code a text of a person means: "Wettelijke verplichting", "art. 6 lid 1 sub c AVG", "e. Publieke
// taak". It is for import, where spellings are odd; what may mean two things means none.
//
// A text is taken as a code, a name, an article or a spelling of the file; without what is between brackets, and as that
// alone; as the only known words in it, unless it says no; and last as a slip of the keyboard.
func (s *Stand) Herken(soort, tekst string) (code string, ok bool) {
	k, ok := ParseSoort(soort)
	if !ok || len(tekst) > maxHerken {
		return "", false
	}
	w := &s.van(k).woorden
	vormen := []string{gewoon(tekst)}
	if buiten, rest, ok := strings.Cut(tekst, "("); ok {
		binnen, na, _ := strings.Cut(rest, ")")
		vormen = append(vormen, gewoon(buiten+" "+na), gewoon(binnen))
	}
	for _, v := range vormen {
		if code, ok := w.precies[v]; ok {
			return code, true
		}
	}
	if code, beslist := w.bevat(vormen[0]); beslist {
		return code, code != ""
	}
	return w.bijna(vormen[0])
}

// woorden are the spellings of the rows of a file.
type woorden struct {
	precies map[string]string // spelling in its plain form -> code
	langst  []string          // the spellings, longest first
}

// voeg adds the spellings of a row.
func (w *woorden) voeg(r *Regel, k *keuring) {
	for _, s := range append([]string{r.Code, r.Naam, r.Artikel}, r.OokBekendAls...) {
		w.neem(s, r.Code, k)
	}
}

// neem adds one spelling. Two rows that share one is a mistake in the file.
func (w *woorden) neem(spelling, code string, k *keuring) {
	if w.precies == nil {
		w.precies = map[string]string{}
	}
	v := gewoon(spelling)
	if v == "" {
		return
	}
	if ander, bestaat := w.precies[v]; bestaat && ander != code {
		k.fout("%q hoort bij %s en ook bij %s; laat het bij één staan", spelling, ander, code)
		return
	}
	w.precies[v] = code
}

func (w *woorden) sluit() {
	for v := range w.precies {
		w.langst = append(w.langst, v)
	}
	slices.SortFunc(w.langst, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// nee are words after which a known word may mean its opposite.
var nee = []string{"geen", "niet", "nooit", "zonder", "nvt"}

// bevat finds the one row whose words are in the text. beslist without a code: the text says no, or means several rows.
func (w *woorden) bevat(tekst string) (code string, beslist bool) {
	for woord := range strings.FieldsSeq(tekst) {
		if slices.Contains(nee, woord) {
			return "", true
		}
	}
	rest := " " + tekst + " "
	for _, v := range w.langst {
		if len(v) < 8 && !strings.Contains(v, " ") { // one short word says too little inside a sentence
			continue
		}
		if !strings.Contains(rest, " "+v+" ") {
			continue
		}
		rest = strings.ReplaceAll(rest, " "+v+" ", " | ") // a shorter spelling inside it says nothing more
		switch c := w.precies[v]; {
		case code == "":
			code = c
		case code != c:
			return "", true
		}
	}
	return code, code != ""
}

// bijna finds the one row of which a spelling is a letter or two away.
func (w *woorden) bijna(tekst string) (code string, ok bool) {
	n := utf8.RuneCountInString(tekst)
	verste := 0
	switch {
	case n >= 14 && n <= 100:
		verste = 2
	case n >= 8 && n <= 100:
		verste = 1
	}
	beste := verste + 1
	for _, v := range w.langst {
		d := afstand(tekst, v, verste)
		switch c := w.precies[v]; {
		case d > verste || d > beste:
		case d < beste:
			beste, code = d, c
		case c != code:
			code = ""
		}
	}
	return code, code != ""
}

// afstand counts the letters to add, drop or replace to make b of a; more than verste is cut off.
func afstand(a, b string, verste int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > verste || -d > verste {
		return verste + 1
	}
	vorige := make([]int, len(y)+1)
	for j := range vorige {
		vorige[j] = j
	}
	for i := range x {
		rij := make([]int, len(y)+1)
		rij[0] = i + 1
		for j := range y {
			ander := 1
			if x[i] == y[j] {
				ander = 0
			}
			rij[j+1] = min(vorige[j]+ander, vorige[j+1]+1, rij[j]+1)
		}
		vorige = rij
	}
	return min(vorige[len(y)], verste+1)
}

// weg are words that say nothing about which row is meant.
var weg = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq("de het een van der des den en of in bij voor met ten tot aanhef artikel artikelen art lid leden onder onderdeel sub avg uavg gdpr nr") {
		weg[w] = true
	}
}

// gewoon gives the plain form of a text: small letters without accents, digits apart from letters, and only the words
// that say something.
func gewoon(tekst string) string {
	var b strings.Builder
	var vorige rune
	for _, r := range norm.NFD.String(tekst) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsLetter(vorige) && unicode.IsDigit(r), unicode.IsDigit(vorige) && unicode.IsLetter(r):
			b.WriteRune(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		vorige = r
	}
	woorden := slices.DeleteFunc(strings.Fields(b.String()), func(w string) bool { return weg[w] })
	return strings.Join(woorden, " ")
}
