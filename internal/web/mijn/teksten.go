package mijn

import (
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

//go:embed teksten/*.yaml
var tekstbestanden embed.FS

// catalogus is what the pages say in one language.
type catalogus struct {
	Zinnen map[string]map[string]string `yaml:"zinnen"` // by part of the pages, then by key
	Bladen map[string]blad              `yaml:"bladen"`
	// Gronden of AVG art. 6, by code, where the page is not in Dutch. In Dutch they stand in the legal data, and are the organisation's to replace.
	Gronden map[string]grond `yaml:"gronden"`
}

// blad is a page of text.
type blad struct {
	Titel string
	Intro string
	Delen []deel
}

type deel struct {
	Kop    string
	Tekst  []string // paragraphs
	Punten []string
	Link   *struct{ Tekst, Naar string }
}

// grond is a ground of the law in words, with its article.
type grond struct{ Naam, Artikel, Uitleg string }

// catalogi holds both languages. A file that can't be read stops the program: it is part of it.
var catalogi = func() map[taal.Taal]*catalogus {
	uit := map[taal.Taal]*catalogus{}
	for _, t := range []taal.Taal{taal.Nederlands, taal.Engels} {
		f, err := tekstbestanden.Open("teksten/" + string(t) + ".yaml")
		if err != nil {
			panic("embedded texts: " + err.Error())
		}
		defer f.Close()
		d := yaml.NewDecoder(f)
		d.KnownFields(true)
		uit[t] = &catalogus{}
		if err := d.Decode(uit[t]); err != nil {
			panic("texts in " + string(t) + ": " + err.Error())
		}
	}
	return uit
}()

// zin looks a text up by its key, such as "start.titel".
func zin(t taal.Taal, sleutel string) (string, bool) {
	groep, rest, _ := strings.Cut(sleutel, ".")
	s, ok := catalogi[t].Zinnen[groep][rest]
	return s, ok
}

// tekst gives a text with what stands between braces filled in, from pairs of name and value. A key that isn't there is a mistake in the
// program.
func tekst(t taal.Taal, sleutel string, paren ...any) string {
	s, ok := zin(t, sleutel)
	if !ok {
		panic("no text " + sleutel + " in " + string(t))
	}
	if len(paren) == 0 {
		return s
	}
	oudNieuw := make([]string, 0, len(paren))
	for k := 0; k+1 < len(paren); k += 2 {
		oudNieuw = append(oudNieuw, "{"+fmt.Sprint(paren[k])+"}", fmt.Sprint(paren[k+1]))
	}
	return strings.NewReplacer(oudNieuw...).Replace(s)
}

// telling gives a text with a number, which has another form for one.
func telling(t taal.Taal, sleutel string, n int) string {
	if n == 1 {
		return tekst(t, sleutel+"-een")
	}
	return tekst(t, sleutel, "aantal", getal(t, n))
}

// getal writes a number as people do.
func getal(t taal.Taal, n int) string {
	s := strconv.Itoa(n)
	punt := "."
	if t == taal.Engels {
		punt = ","
	}
	for k := len(s) - 3; k > 0; k -= 3 {
		s = s[:k] + punt + s[k:]
	}
	return s
}

var maanden = map[taal.Taal][12]string{
	taal.Nederlands: {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	taal.Engels:     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

func maand(t taal.Taal, m time.Time) string {
	return fmt.Sprintf("%s %d", maanden[t][m.Month()-1], m.Year())
}

func dag(t taal.Taal, m time.Time) string { return fmt.Sprintf("%d %s", m.Day(), maand(t, m)) }

// kortedag is a day without its year.
func kortedag(t taal.Taal, m time.Time) string {
	return fmt.Sprintf("%d %s", m.Day(), maanden[t][m.Month()-1])
}

func moment(t taal.Taal, m time.Time) string {
	m = m.In(amsterdam)
	om := " om "
	if t == taal.Engels {
		om = " at "
	}
	return dag(t, m) + om + tijd(m)
}

func tijd(m time.Time) string { return m.In(amsterdam).Format("15:04") }

var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error()) // embedded by cmd, see tzdata
	}
	return loc
}()

// functies are what templates can call, in a language.
func functies(t taal.Taal) template.FuncMap {
	return template.FuncMap{
		"t":        func(sleutel string, paren ...any) string { return tekst(t, sleutel, paren...) },
		"tn":       func(sleutel string, n int) string { return telling(t, sleutel, n) },
		"nl":       func(s string) template.HTML { return nederlands(t, s) },
		"grond":    func(g inzage.Grond) toonGrond { return grondHTML(t, g) },
		"maand":    func(m time.Time) string { return maand(t, m) },
		"dag":      func(m time.Time) string { return dag(t, m) },
		"kortedag": func(m time.Time) string { return kortedag(t, m) },
		"moment":   func(m time.Time) string { return moment(t, m) },
		"tijd":     tijd,
		"id":       func(s string) string { return s },
		"ontwerp":  ontwerp.URL,
		"begint":   strings.HasPrefix,
	}
}

// vertaald gives a ground in the language of the page; false when it is only there in Dutch.
func vertaald(t taal.Taal, g inzage.Grond) (grond, bool) {
	if v, ok := catalogi[t].Gronden[g.Code]; ok {
		return v, true
	}
	return grond{g.Naam, g.Artikel, g.Uitleg}, t == taal.Nederlands
}

// toonGrond is a ground as a page shows it.
type toonGrond struct{ Naam, Artikel, Uitleg template.HTML }

func grondHTML(t taal.Taal, g inzage.Grond) toonGrond {
	v, ok := vertaald(t, g)
	if !ok {
		return toonGrond{nederlands(t, v.Naam), nederlands(t, v.Artikel), nederlands(t, v.Uitleg)}
	}
	h := func(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }
	return toonGrond{h(v.Naam), h(v.Artikel), h(v.Uitleg)}
}

// gronden gives the names of grounds in the language of the visitor.
func (b *bezoek) gronden(lijst []inzage.Grond) (uit []string) {
	for _, g := range lijst {
		v, _ := vertaald(b.taal, g)
		uit = append(uit, v.Naam)
	}
	return uit
}

// voegGrondToe adds a ground that is not there yet.
func voegGrondToe(lijst []inzage.Grond, g inzage.Grond) []inzage.Grond {
	if slices.ContainsFunc(lijst, func(x inzage.Grond) bool { return x.Code == g.Code }) {
		return lijst
	}
	return append(lijst, g)
}

// nederlands marks what the organisation wrote itself, on a page in another language, for who listens to it.
func nederlands(t taal.Taal, s string) template.HTML {
	s = template.HTMLEscapeString(s)
	if t == taal.Nederlands || s == "" {
		return template.HTML(s)
	}
	return template.HTML(`<span lang="nl">` + s + `</span>`)
}
