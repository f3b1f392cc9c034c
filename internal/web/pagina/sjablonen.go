package pagina

import (
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Sjablonen are the templates of pages, read, in every language. Nothing of a register is in them, so any number of registers
// can show them, also at the same time.
type Sjablonen struct {
	perTaal map[taal.Taal]*ontwerp.Paginas
}

// Lees reads the pages of bron, one template file each, that defines "inhoud", and those of the framework. It panics on a
// template that can't be read: those are part of the program.
func Lees(bron fs.FS) *Sjablonen {
	uit := &Sjablonen{map[taal.Taal]*ontwerp.Paginas{}}
	for _, t := range []taal.Taal{taal.Nederlands, taal.Engels} {
		f := functies(t)
		uit.perTaal[t] = ontwerp.NewPaginas(f, eigen())
		for _, bron := range []fs.FS{ontwerp.Onderdelen(), eigen(), bron} {
			uit.perTaal[t].Lees(f, bron)
		}
	}
	return uit
}

// functies are what templates can call, in a language.
func functies(t taal.Taal) template.FuncMap {
	return template.FuncMap{
		"t":       t.Tekst,
		"nl":      func(s string) template.HTML { return vreemd(t, s) },
		"ontwerp": ontwerp.URL,
		"veld":    newVeld,
		"datum":   func(m time.Time) template.HTML { return datum(t, m) },
		"moment":  func(m time.Time) template.HTML { return moment(t, m) },
		"dag":     func(s string) template.HTML { return dag(t, s) },
		"tijd":    tijd,
		"begint":  strings.HasPrefix,
		"paar":    paar,
		"lijst":   func(delen ...string) []string { return delen },
		"samen":   strings.Join,
		"plus":    func(a, b int) int { return a + b },
	}
}

// paar makes a map of names and values, for a part that needs more than one.
func paar(delen ...any) (map[string]any, error) {
	if len(delen)%2 != 0 {
		return nil, fmt.Errorf("names and values come in pairs")
	}
	m := make(map[string]any, len(delen)/2)
	for i := 0; i < len(delen); i += 2 {
		naam, ok := delen[i].(string)
		if !ok {
			return nil, fmt.Errorf("a name is a text")
		}
		m[naam] = delen[i+1]
	}
	return m, nil
}

// vreemd marks a text that a room gives in Dutch on a page in another language, for who listens to it.
func vreemd(t taal.Taal, s string) template.HTML {
	if t.Kent(s) || s == "" {
		return template.HTML(template.HTMLEscapeString(t.Tekst(s)))
	}
	return template.HTML(`<span lang="nl">` + template.HTMLEscapeString(s) + `</span>`)
}
