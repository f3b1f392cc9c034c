package pagina

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Scherm is a page to show.
type Scherm struct {
	Sjabloon  string    // name of its template file, without .html
	Titel     string    // in the language of the page
	Kruimels  []Kruimel // the way to here, without the page itself
	Formulier *Formulier
	Inhoud    any
	Status    int // 0: 200, or 422 when something is wrong with the form
	Ververs   int // seconds after which the browser asks for it again; 0: never
}

// Kruimel is a page above this one.
type Kruimel struct{ Titel, Pad string }

// vel is what layout.html gets.
type vel struct {
	*Scherm
	Bezoeker *Bezoeker
	Menu     []MenuItem
	Grijs    []MenuItem // there is a module, and its first page is not for this person
	Taal     taal.Taal
	Pad      string
	Melding  string
	Versie   string
	Dev      bool
	Script   bool
	Nu       time.Time
}

// sjablonen are the pages by name, in one language.
type sjablonen map[string]*template.Template

func (s *Scherm) schrijf(p *Pagina, b *Bezoek) {
	if s.Formulier == nil {
		s.Formulier = b.Formulier
	}
	status := s.Status
	if status == 0 {
		if status = http.StatusOK; !s.Formulier.Goed() {
			status = http.StatusUnprocessableEntity
		}
	}
	if code := b.Koekje(koekjeMelding); code != "" {
		b.melding = meldingVan(code)
		b.ZetKoekje(koekjeMelding, "", 0)
	}
	v := vel{
		Scherm: s, Bezoeker: b.Bezoeker, Taal: b.Taal, Pad: b.URL.Path,
		Versie: p.o.Versie, Dev: p.o.Dev, Script: b.route.Script, Nu: p.o.Nu(),
	}
	if b.melding != "" {
		v.Melding = b.T(b.melding)
	}
	if b.Bezoeker != nil {
		for _, m := range p.o.Menu {
			switch {
			case b.Bezoeker.Mag(m.Module, m.Handeling):
				v.Menu = append(v.Menu, m)
			case b.Bezoeker.HeeftModule(m.Module):
				v.Grijs = append(v.Grijs, m)
			}
		}
	}
	t, ok := p.sjablonen[b.Taal][s.Sjabloon]
	if !ok {
		panic("no template " + s.Sjabloon)
	}
	var uit bytes.Buffer
	if err := t.ExecuteTemplate(&uit, "layout.html", v); err != nil {
		panic(fmt.Sprintf("page %s: %v", s.Sjabloon, err))
	}
	b.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	b.w.Header().Set("Content-Language", string(b.Taal))
	if s.Ververs > 0 {
		b.w.Header().Set("Refresh", strconv.Itoa(s.Ververs))
	}
	b.w.WriteHeader(status)
	// An error here means that the client went away; net/http sends no body with HEAD.
	_, _ = b.w.Write(uit.Bytes())
}

// functies are what templates can call, in a language.
func functies(t taal.Taal, o *ontwerp.Ontwerp) template.FuncMap {
	return template.FuncMap{
		"t":       t.Tekst,
		"nl":      func(s string) template.HTML { return vreemd(t, s) },
		"ontwerp": o.URL,
		"thema":   o.ThemaURL,
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

func (p *Pagina) leesSjablonen() map[taal.Taal]sjablonen {
	uit := map[taal.Taal]sjablonen{}
	for _, t := range []taal.Taal{taal.Nederlands, taal.Engels} {
		uit[t] = sjablonen{}
		deel := template.New("").Option("missingkey=error").Funcs(functies(t, p.o.Ontwerp))
		deel = template.Must(deel.ParseFS(ontwerp.Onderdelen(), "*.html"))
		deel = template.Must(deel.ParseFS(eigen(), "layout.html"))
		for _, bron := range []fs.FS{eigen(), p.o.Sjablonen} {
			namen, err := fs.Glob(bron, "*.html")
			if err != nil {
				panic("templates: " + err.Error())
			}
			for _, naam := range namen {
				if naam == "layout.html" {
					continue
				}
				uit[t][strings.TrimSuffix(naam, ".html")] = template.Must(template.Must(deel.Clone()).ParseFS(bron, naam))
			}
		}
	}
	return uit
}
