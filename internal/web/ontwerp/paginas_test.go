package ontwerp

import (
	"html/template"
	"strings"
	"testing"
	"testing/fstest"
)

func bron(bestanden map[string]string) fstest.MapFS {
	uit := fstest.MapFS{}
	for naam, tekst := range bestanden {
		uit[naam] = &fstest.MapFile{Data: []byte(tekst)}
	}
	return uit
}

func TestPagesShareTheirPartsAndFrame(t *testing.T) {
	t.Parallel()
	f := template.FuncMap{"groot": strings.ToUpper}
	p := NewPaginas(f, bron(map[string]string{"layout.html": `<main>{{.Lichaam}}</main>`}))
	p.Lees(f, bron(map[string]string{"delen.html": `{{define "naam"}}<b>{{groot .}}</b>{{end}}`, "layout.html": "of another"}))
	p.Lees(f, bron(map[string]string{
		"een.html":  `{{define "inhoud"}}Een {{template "naam" .Naam}}{{end}}`,
		"naam.html": `{{define "inhoud"}}{{template "staart" .}}{{end}}{{define "staart"}}Naam {{.Naam}}{{end}}`, // a page may be called as a part is
	}))
	type vel struct {
		Naam    string
		Lichaam template.HTML
	}
	for pagina, want := range map[string]string{"een": "<main>Een <b>&lt;X&gt;</b></main>", "naam": "<main>Naam &lt;x&gt;</main>"} {
		for range 2 {
			if got := string(p.Kader(vel{Lichaam: p.Inhoud(pagina, vel{Naam: "<x>"})})); got != want {
				t.Errorf("%s: %s, want %s", pagina, got, want)
			}
		}
	}
	for wat, doe := range map[string]func(){
		"a page that is not there":  func() { p.Inhoud("twee", nil) },
		"a value that is not there": func() { p.Inhoud("een", map[string]any{}) },
		"a name that is there twice": func() {
			NewPaginas(nil, bron(map[string]string{"layout.html": ""})).Lees(nil, bron(map[string]string{"a.html": `{{define "x"}}1{{end}}`, "b.html": `{{define "x"}}2{{end}}`}))
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is not told", wat)
				}
			}()
			doe()
		}()
	}
}
