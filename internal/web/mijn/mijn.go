// Package mijn is the pages on which citizens see who used their data, and why (AVG art. 12, 13, 15).
//
// Everything that is served stands in one table of routes: each needs a session that may look into the log, a session alone, or none, and
// then the reason why. Pages hold no script and are kept by no browser or proxy; an action from another site is refused; no address, title
// or cookie holds anything about a person.
//
// What the pages say stands in teksten/nl.yaml and teksten/en.yaml, for an editor to change without touching the program. What an
// organisation wrote itself (names, purposes) is shown as it is, marked as Dutch on an English page.
package mijn

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

//go:embed sjablonen/*.html
var bestanden embed.FS

// sjablonen are the pages by language and name. They are the same for every register, so read once; each New panics when they
// can't be.
var sjablonen = sync.OnceValue(leesSjablonen)

// Begin is where these pages are.
const Begin = "/mijn/"

// Opties is what the pages need.
type Opties struct {
	BaseURL     string // as in the configuration; cookies are Secure unless it is plain HTTP
	Versie      string // of the program
	Dev         bool   // a demonstration with fictitious people
	OIN         string // of the organisation, when there is one
	Organisatie string // its name
	Ontwerp     *ontwerp.Ontwerp
	Aanmelden   Aanmelden
	Sessies     Sessies
	Inzage      Inzage
	// Adres gives the address of a client, behind a proxy too; nil: that of the connection.
	Adres  func(*http.Request) string
	Logger *slog.Logger
	Nu     func() time.Time // nil: time.Now
}

// Mijn serves the pages. It is read-only after New.
type Mijn struct {
	o         Opties
	mux       *http.ServeMux
	kruis     *http.CrossOriginProtection
	routes    []Route
	sjablonen map[taal.Taal]sjabloonset
	veilig    bool // cookies only over TLS
}

// New makes the handler. It panics on a text or template that can't be read, and on a route that does not say who may have it: those
// are part of the program.
func New(o Opties) *Mijn {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Adres == nil {
		o.Adres = verbinding
	}
	m := &Mijn{o: o, mux: http.NewServeMux(), kruis: http.NewCrossOriginProtection(), sjablonen: sjablonen(), veilig: !strings.HasPrefix(o.BaseURL, "http://")}
	if u, err := url.Parse(o.BaseURL); err == nil && u.Host != "" {
		if err := m.kruis.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic("base URL: " + err.Error())
		}
	}
	m.routes = m.tabel()
	for i := range m.routes {
		r := &m.routes[i]
		if err := r.controleer(); err != nil {
			panic(err.Error())
		}
		m.mux.HandleFunc(r.Methode+" "+r.Patroon, func(w http.ResponseWriter, req *http.Request) { m.serve(w, req, r) })
	}
	return m
}

// Routes gives the table, for documentation and tests.
func (m *Mijn) Routes() []Route { return m.routes }

// sjabloonset are the templates twice: for pages, and for pieces that come to stand in a page of a portal elsewhere. In those every id has
// another name.
type sjabloonset struct{ paginas, stukken *ontwerp.Paginas }

func leesSjablonen() map[taal.Taal]sjabloonset {
	eigen, err := fs.Sub(bestanden, "sjablonen")
	if err != nil {
		panic("embedded templates: " + err.Error())
	}
	lees := func(f template.FuncMap) *ontwerp.Paginas {
		p := ontwerp.NewPaginas(f, eigen)
		p.Lees(f, eigen)
		return p
	}
	uit := map[taal.Taal]sjabloonset{}
	for _, t := range []taal.Taal{taal.Nederlands, taal.Engels} {
		stukken := functies(t)
		stukken["id"] = idElders
		uit[t] = sjabloonset{lees(functies(t)), lees(stukken)}
	}
	return uit
}

// ServeHTTP answers everything below Begin.
func (m *Mijn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, patroon := m.mux.Handler(r); patroon != "" {
		m.mux.ServeHTTP(w, r)
		return
	}
	b := m.bezoek(w, r)
	m.headers(w)
	m.herken(b)
	for _, methode := range []string{http.MethodGet, http.MethodPost} {
		als := r.Clone(r.Context())
		als.Method = methode
		if _, patroon := m.mux.Handler(als); patroon != "" {
			w.Header().Set("Allow", methode)
			m.fout(b, fout.New(fout.CodeMethode, ""))
			return
		}
	}
	m.fout(b, fout.NietGevonden)
}

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers are the same on every answer.
func (m *Mijn) headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	if m.veilig {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// maxFormulier bounds what is sent with a form, in bytes.
const maxFormulier = 8 << 10

// serve decides whether a route may be had, and has it done.
func (m *Mijn) serve(w http.ResponseWriter, r *http.Request, route *Route) {
	b := m.bezoek(w, r)
	m.headers(w)
	defer func() {
		if wrong := recover(); wrong != nil {
			if wrong != http.ErrAbortHandler {
				m.fout(b, errors.New("panic in a page"))
			}
			panic(wrong) // net/http logs it with its stack
		}
	}()
	if err := m.kruis.Check(r); err != nil {
		m.toon(b, &scherm{sjabloon: "fout", titel: b.t("fout.geen-toestemming-kop"), status: http.StatusForbidden, inhoud: foutBlad{Uitleg: b.t("fout.andere-site"), Pad: Begin}})
		return
	}
	if err := m.herken(b); err != nil {
		m.fout(b, err)
		return
	}
	switch {
	case route.Open != "":
	case b.Inwoner == nil:
		m.nietAangemeld(b)
		return
	case route.Inzage && b.Inwoner.Namens != nil:
		m.nietEigen(b)
		return
	case route.Inzage && b.Inwoner.Niveau < inwoner.NiveauInzage:
		m.toon(b, b.niveau())
		return
	}
	if route.Vers {
		vers, err := m.o.Sessies.Vers(r.Context(), b.token())
		if err != nil {
			m.fout(b, err)
			return
		}
		if !vers {
			m.toon(b, m.opnieuw(b))
			return
		}
	}
	if r.Method == http.MethodPost { // only now: who may not do it, need not be read
		r.Body = http.MaxBytesReader(w, r.Body, maxFormulier)
		if err := r.ParseForm(); err != nil {
			m.fout(b, fout.New(fout.CodeOnleesbaar, ""))
			return
		}
	}
	s, err := route.handler(b)
	switch {
	case err != nil:
		m.fout(b, err)
	case s != nil:
		m.toon(b, s)
	}
}

// herken fills in who sends the request. Without a session nothing is shown: a store that can't be asked is an error.
func (m *Mijn) herken(b *bezoek) error {
	token := b.token()
	if token == "" || m.o.Sessies == nil {
		return nil
	}
	i, err := m.o.Sessies.Zoek(b.Context(), token)
	switch {
	case err == nil:
		b.Inwoner = i
	case fout.CodeOf(err) == fout.CodeNietAangemeld:
		b.verlopen = true
	default:
		return err
	}
	return nil
}

// nietAangemeld sends who wants to see a page to the begin, and then back to it.
func (m *Mijn) nietAangemeld(b *bezoek) {
	if b.Method == http.MethodPost {
		m.fout(b, fout.New(fout.CodeNietAangemeld, ""))
		return
	}
	naar := Begin + "?naar=" + url.QueryEscape(lokaal(b.URL.RequestURI()))
	if b.verlopen {
		naar += "&verlopen=ja"
	}
	http.Redirect(b.w, b.Request, naar, http.StatusSeeOther)
}

// verbinding is the address of the connection.
func verbinding(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// scherm is a page to show.
type scherm struct {
	sjabloon string
	titel    string
	inhoud   any
	status   int // 0: 200
}

// vel is what layout.html gets.
type vel struct {
	Titel       string
	Inhoud      any
	Lichaam     template.HTML // the page itself, made
	Taal        taal.Taal
	Pad         string // with its query, to come back to
	Plaats      string // without
	Inwoner     *inwoner.Inwoner
	Inzien      bool // may look into the log
	Organisatie string
	Thema       string // address of the stylesheet of the municipality; empty: none
	Versie      string
	Dev         bool
}

// toon writes a page.
func (m *Mijn) toon(b *bezoek, s *scherm) {
	v := vel{
		Titel: s.titel, Inhoud: s.inhoud, Taal: b.taal, Pad: lokaal(b.URL.RequestURI()), Plaats: b.URL.Path, Inwoner: b.Inwoner, Organisatie: m.o.Organisatie,
		Thema: m.o.Ontwerp.ThemaURL(), Versie: m.o.Versie, Dev: m.o.Dev,
	}
	if b.Method != http.MethodGet && b.Method != http.MethodHead {
		v.Pad = Begin
	}
	if b.Inwoner != nil {
		v.Organisatie, v.Inzien = b.Inwoner.Organisatie, b.Inwoner.MagInzien() == nil
		if b.Inwoner.Beschermd { // a day or a task in it does nothing, and is repeated on no page
			v.Pad = lokaal(b.URL.Path)
		}
	}
	v.Lichaam = m.sjablonen[b.taal].paginas.Inhoud(s.sjabloon, v)
	uit := m.sjablonen[b.taal].paginas.Kader(v)
	b.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	b.w.Header().Set("Content-Language", string(b.taal))
	if s.status != 0 {
		b.w.WriteHeader(s.status)
	}
	_, _ = b.w.Write(uit) // an error here means that the client went away; net/http sends no body with HEAD
}

// log writes what went wrong with a number that the page shows too.
func (m *Mijn) log(ctx context.Context, err error, nummer string) {
	m.o.Logger.ErrorContext(ctx, "page of a citizen failed", "oorzaak", err.Error(), "nummer", nummer)
}
