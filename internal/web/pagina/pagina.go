// Package pagina is the framework of the pages for people: who may have which page, the frame around it, forms,
// errors, and the headers that keep it safe.
//
// Everything that is served stands in one table of routes, each with the right it needs or the reason why it needs
// none. Sessions come from a cookie, an action from another site is refused, and an action that is dangerous asks
// for a code first, in one place, without losing what was typed. Pages hold no script, but for the one of a passkey,
// and nothing is kept by the browser or a proxy.
//
// A page is a template that fills "inhoud" of layout.html with the parts of package ontwerp. Its handler gives what is
// shown; it writes nothing itself. Texts are Dutch and go through the catalogue of package taal.
package pagina

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Begin is where all pages of this framework are.
const Begin = "/beheer/"

// Paths that the framework itself leads to.
const (
	PadAanmelden = Begin + "aanmelden"
	PadAfgemeld  = Begin + "afgemeld"
	PadTaal      = Begin + "taal"
	PadAfmelden  = Begin + "afmelden"

	PadAccount = Begin + "mijn-account" // where one gives or makes a factor
)

// MaxFormulier bounds what is sent with a form, in bytes.
const MaxFormulier = 256 << 10

// MenuItem is a part of the product in the menu: a module, and the right its first page needs.
type MenuItem struct{ Module, Handeling, Titel, Pad string }

// Opties is what the pages need.
type Opties struct {
	BaseURL string // as in the configuration; cookies are Secure unless it is plain HTTP
	Versie  string
	Dev     bool
	Ontwerp *ontwerp.Ontwerp
	Sessies Sessies
	// Kent tells whether a right exists.
	Kent      func(module, handeling string) bool
	Menu      []MenuItem
	Sjablonen *Sjablonen // the pages, see Lees
	Routes    []Route
	// Adres gives the address of a client, behind a proxy too; nil: that of the connection.
	Adres  func(*http.Request) string
	Logger *slog.Logger
	Nu     func() time.Time // nil: time.Now
}

// Pagina serves the routes. It is read-only after New.
type Pagina struct {
	o      Opties
	mux    *http.ServeMux
	kruis  *http.CrossOriginProtection
	veilig bool // cookies only over TLS
	rem    *rem
}

// New makes the handler of the table. It panics on a route without a right: those are part of the program.
func New(o Opties) *Pagina {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Adres == nil {
		o.Adres = verbinding
	}
	p := &Pagina{o: o, mux: http.NewServeMux(), kruis: http.NewCrossOriginProtection(), veilig: !strings.HasPrefix(o.BaseURL, "http://"), rem: newRem(o.Nu)}
	if u, err := url.Parse(o.BaseURL); err == nil && u.Host != "" {
		if err := p.kruis.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic("base URL: " + err.Error())
		}
	}
	p.o.Routes = append(p.o.Routes[:len(p.o.Routes):len(p.o.Routes)], p.eigenRoutes()...)
	for i := range p.o.Routes {
		r := &p.o.Routes[i]
		if err := r.controleer(o.Kent); err != nil {
			panic(err.Error())
		}
		p.mux.HandleFunc(r.Methode+" "+r.Patroon, func(w http.ResponseWriter, req *http.Request) { p.serve(w, req, r) })
	}
	return p
}

// Routes gives the table, for documentation and tests.
func (p *Pagina) Routes() []Route { return p.o.Routes }

// ServeHTTP answers everything below Begin.
func (p *Pagina) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, patroon := p.mux.Handler(r); patroon != "" {
		p.mux.ServeHTTP(w, r)
		return
	}
	b := p.bezoek(w, r, &Route{Methode: http.MethodGet, Open: "melding"})
	p.headers(w, b.route)
	p.herken(b)
	if toegestaan := p.methoden(r); len(toegestaan) > 0 {
		w.Header().Set("Allow", strings.Join(toegestaan, ", "))
		p.fout(b, fout.New(fout.CodeMethode, ""))
		return
	}
	p.fout(b, fout.NietGevonden)
}

// methoden are those under which the path of a request exists.
func (p *Pagina) methoden(r *http.Request) []string {
	var uit []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		ander := r.Clone(r.Context())
		ander.Method = m
		if _, patroon := p.mux.Handler(ander); patroon != "" {
			uit = append(uit, m)
		}
	}
	return uit
}

// headers are the same on every answer, but for the one script.
func (p *Pagina) headers(w http.ResponseWriter, r *Route) {
	script := "script-src 'none'"
	if r.Script {
		script = "script-src 'self'"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; "+script+"; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
	h.Set("Cache-Control", "no-store")
	if p.veilig {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// serve decides whether a route may be had, and has it done.
func (p *Pagina) serve(w http.ResponseWriter, r *http.Request, route *Route) {
	b := p.bezoek(w, r, route)
	p.headers(w, route)
	defer func() {
		if wrong := recover(); wrong != nil {
			if wrong == http.ErrAbortHandler {
				panic(wrong)
			}
			p.fout(b, errors.New("panic in a page"))
			panic(wrong) // net/http logs it with its stack
		}
	}()
	if err := p.kruis.Check(r); err != nil {
		p.fout(b, fout.New(fout.CodeGeenToestemming, b.T("Dit verzoek kwam van een andere website. Open de pagina hier en probeer het opnieuw.")))
		return
	}
	p.herken(b)
	if r.Method == http.MethodPost && route.Rem && !p.rem.mag(p.o.Adres(r)) {
		p.fout(b, &fout.Fout{Code: fout.CodeTeVeel, OpnieuwNa: time.Minute})
		return
	}
	switch {
	case route.Open != "":
	case b.Bezoeker == nil:
		p.nietAangemeld(b)
		return
	case b.Bezoeker.Beperkt && !route.Beperkt:
		Verder{Naar: PadAccount}.schrijf(p, b)
		return
	case route.Module != "" && !b.Bezoeker.Mag(route.Module, route.Handeling):
		p.fout(b, fout.GeenToestemming)
		return
	}
	if r.Method == http.MethodPost { // only now: who may not do it, need not be read
		if err := lees(w, r, route); err != nil {
			p.fout(b, err)
			return
		}
		b.Formulier = &Formulier{Waarden: r.PostForm}
	}
	if route.Bevestigd && !p.bevestigd(b, route) {
		return
	}
	antwoord, err := route.Handler(b)
	if err != nil {
		p.fout(b, err)
		return
	}
	antwoord.schrijf(p, b)
}

// lees reads the form, with its file when the route takes one. A file stays in memory: nothing of it comes on a disk.
func lees(w http.ResponseWriter, r *http.Request, route *Route) error {
	most := route.Max
	if most == 0 {
		most = MaxFormulier
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	var err error
	if route.Bestand {
		err = r.ParseMultipartForm(most)
		if errors.Is(err, http.ErrNotMultipart) {
			err = nil // a form without a file; ParseForm was done
		}
	} else {
		err = r.ParseForm()
	}
	var groot *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &groot):
		return fout.New(fout.CodeTeGroot, "")
	}
	return fout.New(fout.CodeOnleesbaar, "")
}

// herken fills in who sends the request, and their language: what they chose goes before what was chosen in this browser,
// which others may use too.
func (p *Pagina) herken(b *Bezoek) {
	if b.Bezoeker = p.zoek(b); b.Bezoeker != nil && b.Bezoeker.Taal != "" {
		b.Taal = taal.Kies(b.Bezoeker.Taal)
	}
}

// zoek gives who sends the request, or nil. A store that can't be asked gives nil too, and is logged: without a
// session nothing is shown.
func (p *Pagina) zoek(b *Bezoek) *Bezoeker {
	token := b.Koekje(koekjeSessie)
	if token == "" {
		return nil
	}
	v, err := p.o.Sessies.Zoek(b.Context(), token)
	switch {
	case errors.Is(err, ErrGeenSessie):
		return nil
	case err != nil:
		p.log(b.Context(), err, "")
		return nil
	}
	return v
}

// nietAangemeld sends who wants to see a page to sign in and then back to it; who sent a form gets a page that says
// what happened.
func (p *Pagina) nietAangemeld(b *Bezoek) {
	if b.Method == http.MethodPost {
		p.fout(b, fout.New(fout.CodeNietAangemeld, ""))
		return
	}
	naar := PadAanmelden
	if b.URL.Path != Begin {
		naar += "?naar=" + url.QueryEscape(b.URL.Path)
	}
	http.Redirect(b.w, b.Request, naar, http.StatusSeeOther)
}

// Lokaal gives the path when it leads to a page of ours, else Begin.
func Lokaal(pad string) string {
	if !strings.HasPrefix(pad, Begin) || strings.ContainsAny(pad, "\\?#%\x00\r\n") || path.Clean(pad) != strings.TrimSuffix(pad, "/") {
		return Begin
	}
	return pad
}

// log writes what went wrong with a number that the page shows too.
func (p *Pagina) log(ctx context.Context, err error, nummer string) {
	p.o.Logger.ErrorContext(ctx, "page failed", "oorzaak", err.Error(), "nummer", nummer)
}

// nummer is for people to quote.
func nummer() string {
	var b [4]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
