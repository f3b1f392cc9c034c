// Package web serves the pages for people: what runs here, the documentation of the APIs, and the
// stylesheet they share.
//
// Every page is made once, when the handler is, and a request only copies bytes; the start page is made
// anew when there is another public checkpoint. Pages hold no script and load nothing from elsewhere, and
// the headers forbid both. They hold nothing about a person, and nothing here reads the store.
//
// A page is a template in paginas/ that fills "inhoud" of layout.html with classes of the stylesheet
// ontwerp/verantwoord.css; its parts carry the names and the anatomy of NL Design System components.
package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

//go:embed paginas/*.html
var paginas embed.FS

// sjablonen are the pages by file name. They are the same for every register, so read once; each Handler panics when they can't be.
var sjablonen = sync.OnceValue(func() map[string]*template.Template {
	uit := map[string]*template.Template{}
	for _, naam := range []string{"start.html", "docs.html", "klaar.html", "melding.html"} {
		uit[naam] = template.Must(template.New(naam).Funcs(template.FuncMap{
			"ontwerp": ontwerp.URL,
			"tekst":   tekst,
			"regel":   regel,
			"wortel":  func(b []byte) string { return base64.StdEncoding.EncodeToString(b) },
			"moment":  moment,
			"getal":   getal,
			"tabel":   func(titel, soort string, velden []veld) tabel { return tabel{titel, soort, velden} },
		}).ParseFS(paginas, "paginas/layout.html", "paginas/onderdelen.html", "paginas/"+naam))
	}
	return uit
})

// Organisatie is an organisation whose processings this register keeps.
type Organisatie struct{ OIN, Naam string }

// Opties is what the pages tell about this register.
type Opties struct {
	Versie       string        // of the program
	BaseURL      string        // address of the register, without slash at the end
	Organisaties []Organisatie // as configured
	Dev          bool          // a demonstration with fictitious people
	Beheer       bool          // there are pages below /beheer/
	Mijn         bool          // citizens can sign in on /mijn/
	Thema        []byte        // stylesheet of the municipality, after ours; nil: none
	Documentatie *Documentatie // of the APIs

	// Checkpoints gives the newest public checkpoints for the start page, which is made anew when they change; nil: none.
	Checkpoints func(context.Context) []Checkpoint
}

// Handler serves GET /, GET /docs, /ontwerp/... and /thema.css, and a page of its own for every other path. It
// panics on a template that can't be read: those are part of the program.
func Handler(o Opties) http.Handler {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	h := &handler{files: map[string]ontwerp.Bestand{}, ontwerp: ontwerp.New(o.Thema)}
	h.start.maak = func(punten []Checkpoint) ontwerp.Bestand { return h.page(o, "start.html", "/", "Verantwoord", punten) }
	h.start.punten = o.Checkpoints
	h.files["/docs"] = h.page(o, "klaar.html", "/docs", "Documentatie", o.Documentatie.inhoud)
	h.missing = h.page(o, "melding.html", "", "Pagina niet gevonden",
		"Deze pagina bestaat niet of niet meer. Controleer het adres, of begin opnieuw bij de startpagina.")
	h.method = h.page(o, "melding.html", "", "Dat kan hier niet",
		"Deze pagina kunt u alleen bekijken. Ga naar de startpagina om verder te gaan.")
	return h
}

// handler is read-only after Handler, but for the start page.
type handler struct {
	files           map[string]ontwerp.Bestand
	start           start
	ontwerp         *ontwerp.Ontwerp
	missing, method ontwerp.Bestand
}

// pagina is what layout.html gets.
type pagina struct {
	Opties
	Titel    string
	Pad      string // of the page, to mark it in the navigation
	ThemaURL string // address of the stylesheet of the municipality; empty: none
	Inhoud   any
}

func (h *handler) page(o Opties, name, pad, titel string, inhoud any) ontwerp.Bestand {
	var out bytes.Buffer
	if err := sjablonen()[name].ExecuteTemplate(&out, "layout.html", pagina{o, titel, pad, h.ontwerp.ThemaURL(), inhoud}); err != nil {
		panic(fmt.Sprintf("page %s: %v", name, err))
	}
	return ontwerp.NewBestand("pagina.html", out.Bytes())
}

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; " +
	"frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP answers with a file made before.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", contentSecurityPolicy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "no-cache")
	f, ok := h.ontwerp.Get(r.URL.Path)
	if !ok {
		var page ontwerp.Bestand
		if page, ok = h.files[r.URL.Path]; r.URL.Path == "/" {
			page, ok = h.start.page(r.Context()), true
		}
		f = &page
	}
	switch {
	case !ok:
		serveMelding(w, r, http.StatusNotFound, h.missing)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		head.Set("Allow", "GET, HEAD")
		serveMelding(w, r, http.StatusMethodNotAllowed, h.method)
	default:
		if r.URL.Path == "/ontwerp/verantwoord.css" { // a portal of the organisation shows pieces of our pages with it
			head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		f.ServeHTTP(w, r)
	}
}

func serveMelding(w http.ResponseWriter, r *http.Request, status int, f ontwerp.Bestand) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// An error here means that the client went away.
		_, _ = w.Write(f.Inhoud)
	}
}
