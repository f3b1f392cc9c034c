// Package openbaar is the pages that citizens read about verwerkingsactiviteiten: what an organisation uses data of people for,
// why that is allowed, who gets them and how long they stay. In plain Dutch, without an account, a cookie or a script.
//
// What may be seen is decided before it comes here: a view holds what is public and nothing else. Everything that is served
// stands in one table of routes, each with the reason why nobody needs a right for it. Answers may be kept by a browser or a
// proxy for a minute, and are asked for again with their ETag after that.
package openbaar

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

//go:embed sjablonen/*.html
var bestanden embed.FS

// sjablonen are the pages by name. They are the same for every register, so read once; each New panics when they can't be.
var sjablonen = sync.OnceValue(func() map[string]*template.Template {
	eigen, err := fs.Sub(bestanden, "sjablonen")
	if err != nil {
		panic("embedded templates: " + err.Error())
	}
	deel := template.New("").Option("missingkey=error").Funcs(template.FuncMap{"ontwerp": ontwerp.URL, "dag": dag})
	deel = template.Must(deel.ParseFS(eigen, "layout.html"))
	uit := map[string]*template.Template{}
	for _, naam := range []string{"lijst", "activiteit", "melding"} {
		uit[naam] = template.Must(template.Must(deel.Clone()).ParseFS(eigen, naam+".html"))
	}
	return uit
})

// Begin is where these pages are.
const Begin = "/verwerkingsactiviteiten"

// Opties is what the pages need.
type Opties struct {
	Versie       string // of the program
	Dev          bool   // a demonstration with fictitious people
	Ontwerp      *ontwerp.Ontwerp
	Organisaties []Organisatie
	Mijn         bool // citizens can sign in at /mijn/ to see who used their data
	Activiteiten Activiteiten
	Logger       *slog.Logger
}

// Route is one line of the table.
type Route struct {
	Patroon string
	Open    string // why nobody needs a right
	handler func(*http.Request) antwoord
}

// antwoord is a page to show.
type antwoord struct {
	status   int
	sjabloon string
	titel    string
	inhoud   any
}

// Openbaar serves the pages. It is read-only after New.
type Openbaar struct {
	o         Opties
	mux       *http.ServeMux
	routes    []Route
	sjablonen map[string]*template.Template
}

// New makes the handler. It panics on a template that can't be read and on a route without a reason: those are part of the
// program.
func New(o Opties) *Openbaar {
	p := &Openbaar{o: o, mux: http.NewServeMux(), sjablonen: sjablonen()}
	p.routes = []Route{
		{Begin, "inwoners hebben recht op deze informatie (AVG artikelen 12 tot en met 14)", p.lijst},
		{Begin + "/{id}", "inwoners hebben recht op deze informatie (AVG artikelen 12 tot en met 14)", p.activiteit},
	}
	for _, r := range p.routes {
		if r.Open == "" {
			panic("route " + r.Patroon + " is open without a reason")
		}
		p.mux.HandleFunc("GET "+r.Patroon, func(w http.ResponseWriter, req *http.Request) { p.schrijf(w, req, r.handler(req)) })
	}
	return p
}

// Routes gives the table, for documentation and tests.
func (p *Openbaar) Routes() []Route { return p.routes }

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP answers everything from Begin on.
func (p *Openbaar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if _, patroon := p.mux.Handler(r); patroon != "" {
		p.mux.ServeHTTP(w, r)
		return
	}
	als := r.Clone(r.Context())
	als.Method = http.MethodGet
	if _, patroon := p.mux.Handler(als); patroon != "" {
		h.Set("Allow", "GET, HEAD")
		p.schrijf(w, r, melding(http.StatusMethodNotAllowed, "Dat kan hier niet", "Deze pagina kunt u alleen bekijken."))
		return
	}
	p.schrijf(w, r, nietGevonden())
}

// vel is what layout.html gets.
type vel struct {
	Titel        string
	Pad          string
	Organisatie  string // when there is one
	Thema        string // address of the stylesheet of the municipality; empty: none
	Inhoud       any
	Versie       string
	Dev          bool
	Mijn         bool
	Organisaties []Organisatie
}

func (p *Openbaar) schrijf(w http.ResponseWriter, r *http.Request, a antwoord) {
	v := vel{Titel: a.titel, Pad: r.URL.Path, Thema: p.o.Ontwerp.ThemaURL(), Inhoud: a.inhoud, Versie: p.o.Versie, Dev: p.o.Dev, Mijn: p.o.Mijn, Organisaties: p.o.Organisaties}
	if len(p.o.Organisaties) == 1 {
		v.Organisatie = p.o.Organisaties[0].Naam
	}
	if act, ok := a.inhoud.(*Activiteit); ok {
		v.Organisatie = act.Organisatie
	}
	var uit bytes.Buffer
	if err := p.sjablonen[a.sjabloon].ExecuteTemplate(&uit, "layout.html", v); err != nil {
		p.o.Logger.ErrorContext(r.Context(), "public page failed", "oorzaak", err.Error())
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "Er ging iets mis. Probeer het over een minuut opnieuw.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	if a.status != http.StatusOK {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(a.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(uit.Bytes()) // an error here means that the client went away
		}
		return
	}
	h.Set("Cache-Control", "public, max-age=60")
	b := ontwerp.NewBestand("pagina.html", uit.Bytes())
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("ETag", b.ETag)
	http.ServeContent(w, r, b.Naam, time.Time{}, bytes.NewReader(b.Inhoud))
}

type meldingBlad struct {
	Tekst string
	Links []verwijzing
}

type verwijzing struct{ Tekst, Pad string }

func melding(status int, titel, tekst string, links ...verwijzing) antwoord {
	return antwoord{status, "melding", titel, meldingBlad{tekst, append(links, verwijzing{"Naar alle verwerkingen", Begin})}}
}

func nietGevonden() antwoord {
	return melding(http.StatusNotFound, "Deze pagina is er niet", "De verwerking bestaat niet, of is niet openbaar. Controleer het adres, of zoek in de lijst.")
}

// perPagina is how many activities stand on a page of the list.
const perPagina = 50

// maxZoek bounds what is searched for, in characters.
const maxZoek = 100

type lijstBlad struct {
	Zoek         Zoek
	Regels       []Regel
	Totaal       int
	Categorien   []string
	Organisaties []Organisatie
	Gezocht      bool
	Vorige       string
	Volgende     string
	Van, Tot     int
}

func (p *Openbaar) lijst(r *http.Request) antwoord {
	q := r.URL.Query()
	z := Zoek{Tekst: kort(q.Get("zoek")), Categorie: kort(q.Get("categorie")), Organisatie: kort(q.Get("organisatie"))}
	l := p.o.Activiteiten.Zoek(z)
	pagina, err := strconv.Atoi(q.Get("pagina"))
	if err != nil || pagina < 1 || (pagina-1)*perPagina >= max(len(l.Regels), 1) {
		pagina = 1
	}
	van := (pagina - 1) * perPagina
	blad := lijstBlad{
		Zoek: z, Totaal: len(l.Regels), Categorien: l.Categorien, Gezocht: z != (Zoek{}),
		Regels: l.Regels[van:min(van+perPagina, len(l.Regels))], Van: van + 1, Tot: min(van+perPagina, len(l.Regels)),
	}
	if len(p.o.Organisaties) > 1 {
		blad.Organisaties = p.o.Organisaties
	}
	adres := func(nr int) string {
		v := url.Values{}
		for naam, w := range map[string]string{"zoek": z.Tekst, "categorie": z.Categorie, "organisatie": z.Organisatie} {
			if w != "" {
				v.Set(naam, w)
			}
		}
		if nr > 1 {
			v.Set("pagina", strconv.Itoa(nr))
		}
		if len(v) == 0 {
			return Begin
		}
		return Begin + "?" + v.Encode()
	}
	if pagina > 1 {
		blad.Vorige = adres(pagina - 1)
	}
	if blad.Tot < blad.Totaal {
		blad.Volgende = adres(pagina + 1)
	}
	return antwoord{http.StatusOK, "lijst", "Waarvoor gebruiken wij uw gegevens?", blad}
}

func kort(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > maxZoek {
		s = string(r[:maxZoek])
	}
	return s
}

func (p *Openbaar) activiteit(r *http.Request) antwoord {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || id.String() != r.PathValue("id") {
		return nietGevonden()
	}
	q := r.URL.Query()
	op := ""
	if q.Has("geldigOp") {
		var ok bool
		if op, ok = leesDag(q.Get("geldigOp")); !ok {
			return melding(http.StatusBadRequest, "Deze datum klopt niet", "Schrijf de datum als jaar-maand-dag, zoals 2027-01-31.", verwijzing{"Naar deze verwerking", Begin + "/" + id.String()})
		}
	}
	a, ok := p.o.Activiteiten.Een(id, op)
	switch {
	case !ok:
		return nietGevonden()
	case a.Nummer == 0:
		return melding(http.StatusNotFound, "Op deze dag gold deze verwerking niet", fmt.Sprintf("Op %s gebruikten wij hiervoor geen gegevens.", dag(op)), verwijzing{"Naar deze verwerking", Begin + "/" + id.String()})
	}
	return antwoord{http.StatusOK, "activiteit", a.Naam, a}
}

// leesDag reads a day, or the day of a moment, as the log writes one.
func leesDag(s string) (string, bool) {
	if m, err := time.Parse(time.RFC3339, s); err == nil {
		return plaatselijk(m).Format(time.DateOnly), true
	}
	d, err := time.Parse(time.DateOnly, s)
	return s, err == nil && d.Year() >= 1900 && d.Year() <= 9998
}
