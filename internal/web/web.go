// Package web serves the pages for people: what runs here, the documentation of the APIs, and the
// stylesheet they share.
//
// Every page is made once, when the handler is; a request only copies bytes. Pages hold no script and
// load nothing from elsewhere, and the headers forbid both. They hold nothing about a person, and
// nothing here reads the store.
//
// A page is a template in paginas/ that fills "inhoud" of layout.html with classes of the stylesheet
// ontwerp/verantwoord.css; its parts carry the names and the anatomy of NL Design System components.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

//go:embed paginas/*.html
var paginas embed.FS

//go:embed ontwerp
var ontwerp embed.FS

// Organisatie is an organisation whose processings this register keeps.
type Organisatie struct{ OIN, Naam string }

// Opties is what the pages tell about this register.
type Opties struct {
	Versie       string        // of the program
	BaseURL      string        // address of the register, without slash at the end
	Organisaties []Organisatie // as configured
	Dev          bool          // a demonstration with fictitious people
	Bewerking    []byte        // OpenAPI document of the Bewerking API, YAML
	Inzage       []byte        // OpenAPI document of the Inzage API, YAML
	Autorisaties []byte        // OpenAPI document of the Autorisaties API, YAML
}

// Handler serves GET /, GET /docs and /ontwerp/..., and a page of its own for every other path. It
// panics on an OpenAPI document that can't be read: those are part of the program.
func Handler(o Opties) http.Handler {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	h := &handler{files: map[string]file{}}
	h.addOntwerp()
	docs := []api{mustAPI("bewerking", o.Bewerking), mustAPI("inzage", o.Inzage), mustAPI("autorisaties", o.Autorisaties)}
	markCodes(docs)
	h.files["/"] = h.page(o, "start.html", "/", "Verantwoord", nil)
	h.files["/docs"] = h.page(o, "docs.html", "/docs", "Documentatie", docs)
	h.missing = h.page(o, "melding.html", "", "Pagina niet gevonden",
		"Deze pagina bestaat niet of niet meer. Controleer het adres, of begin opnieuw bij de startpagina.")
	h.method = h.page(o, "melding.html", "", "Dat kan hier niet",
		"Deze pagina kunt u alleen bekijken. Ga naar de startpagina om verder te gaan.")
	return h
}

// file is what is served on one path.
type file struct {
	name string // for the content type
	body []byte
	etag string
}

// handler is read-only after Handler.
type handler struct {
	files           map[string]file
	missing, method file
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	return file{name: name, body: body, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func (h *handler) addOntwerp() {
	err := fs.WalkDir(ontwerp, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := ontwerp.ReadFile(path)
		if err == nil {
			h.files["/"+path] = newFile(path, body)
		}
		return err
	})
	if err != nil {
		panic("embedded stylesheet: " + err.Error())
	}
}

// pagina is what layout.html gets.
type pagina struct {
	Opties
	Titel  string
	Pad    string // of the page, to mark it in the navigation
	Inhoud any
}

func (h *handler) page(o Opties, name, pad, titel string, inhoud any) file {
	t := template.Must(template.New(name).Funcs(template.FuncMap{
		"ontwerp": h.ontwerpURL,
		"tekst":   tekst,
		"regel":   regel,
		"tabel":   func(titel, soort string, velden []veld) tabel { return tabel{titel, soort, velden} },
	}).ParseFS(paginas, "paginas/layout.html", "paginas/onderdelen.html", "paginas/"+name))
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout.html", pagina{o, titel, pad, inhoud}); err != nil {
		panic(fmt.Sprintf("page %s: %v", name, err))
	}
	return newFile("pagina.html", out.Bytes())
}

// ontwerpURL is the address of a file of the design with its version, so that it can be kept for ever.
func (h *handler) ontwerpURL(name string) (string, error) {
	f, ok := h.files["/ontwerp/"+name]
	if !ok {
		return "", fmt.Errorf("no file %q in ontwerp", name)
	}
	return "/ontwerp/" + name + "?v=" + strings.Trim(f.etag, `"`), nil
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
	f, ok := h.files[r.URL.Path]
	switch {
	case !ok:
		serveMelding(w, r, http.StatusNotFound, h.missing)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		head.Set("Allow", "GET, HEAD")
		serveMelding(w, r, http.StatusMethodNotAllowed, h.method)
		return
	case r.URL.RawQuery != "" && r.URL.RawQuery == "v="+strings.Trim(f.etag, `"`):
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	head.Set("ETag", f.etag)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(f.body))
}

func serveMelding(w http.ResponseWriter, r *http.Request, status int, f file) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// An error here means that the client went away.
		_, _ = w.Write(f.body)
	}
}
