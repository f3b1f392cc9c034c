package procesapplicatie

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/sdk"
)

//go:embed sjablonen/*.html keten.css
var bestanden embed.FS

// Landschap is what surrounds the application, as the page may use it.
type Landschap interface {
	// Draait tells whether the log of an organisation answers, and Zet stops or starts it.
	Draait(Kant) bool
	Zet(context.Context, Kant, bool) error
	// Lees reads acties back over the API of a log, as an officer of that organisation. Each look is logged, so that it
	// can't be seen by who may not see what is looked at: confidentially when that is asked.
	Lees(ctx context.Context, k Kant, acties []uuid.UUID, vertrouwelijk bool) ([]sdk.Verwerkingsactie, error)
	// Gelezen tells how often the data store of the municipality was read.
	Gelezen() int64
}

// PaginaOpties is what the page needs.
type PaginaOpties struct {
	Applicatie *Applicatie
	Landschap  Landschap
	Boek       *waarneming.Boek
	Adressen   []Adresregel
	Versie     string
	Logger     *slog.Logger
}

// Adresregel is a socket of the landscape.
type Adresregel struct {
	Wie       Kant
	Naam, URL string
	Open      bool // a browser can open it
}

// Pagina shows look-ups and what each leaves behind. It keeps the latest in memory, without the data that were found: those
// are shown once.
type Pagina struct {
	o         PaginaOpties
	mux       *http.ServeMux
	kruis     *http.CrossOriginProtection
	sjablonen map[string]*template.Template
	css       ontwerp.Bestand

	// beurt is held while something happens in the landscape, so that what is noted meanwhile belongs to it.
	beurt sync.Mutex

	mu          sync.Mutex
	opvragingen []*opvraging // newest first
	laatste     Opdracht     // what the form shows
}

// maxOpvragingen is how many are kept.
const maxOpvragingen = 50

// maxFormulier bounds what is sent with a form, in bytes.
const maxFormulier = 16 << 10

// NewPagina makes the handler. It panics on a template that can't be read: those are part of the program.
func NewPagina(o PaginaOpties) *Pagina {
	p := &Pagina{o: o, mux: http.NewServeMux(), kruis: http.NewCrossOriginProtection(), sjablonen: map[string]*template.Template{}, laatste: eersteOpdracht()}
	d := ontwerp.New(nil)
	css, err := bestanden.ReadFile("keten.css")
	if err != nil {
		panic("embedded style: " + err.Error())
	}
	p.css = ontwerp.NewBestand("keten.css", css)
	eigen, err := fs.Sub(bestanden, "sjablonen")
	if err != nil {
		panic("embedded templates: " + err.Error())
	}
	deel := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"ontwerp": ontwerp.URL, "css": p.css.Versie, "duur": duurTekst, "paar": newRondjes, "logs": func(l []schakelaar, terug string) any {
			return struct {
				Logs  []schakelaar
				Terug string
			}{l, terug}
		}, "datum": datumTekst, "tijd": func(t time.Time) string { return t.Format("15:04:05") },
	})
	deel = template.Must(deel.ParseFS(eigen, "layout.html", "onderdelen.html"))
	for _, naam := range []string{"begin", "opvraging", "melding"} {
		p.sjablonen[naam] = template.Must(template.Must(deel.Clone()).ParseFS(eigen, naam+".html"))
	}
	p.mux.HandleFunc("GET /{$}", p.begin)
	p.mux.HandleFunc("POST /opvragingen", p.vraag)
	p.mux.HandleFunc("GET /opvragingen/{id}", p.opvraging)
	p.mux.HandleFunc("POST /opvragingen/{id}/wijzigingen", p.wijzig)
	p.mux.HandleFunc("POST /logs", p.schakel)
	p.mux.Handle("GET /keten.css", &p.css)
	p.mux.HandleFunc("GET /ontwerp/", func(w http.ResponseWriter, r *http.Request) {
		if b, ok := d.Get(r.URL.Path); ok {
			b.ServeHTTP(w, r)
			return
		}
		p.melding(w, r, http.StatusNotFound, "Deze pagina is er niet", "Controleer het adres, of begin opnieuw.")
	})
	p.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.melding(w, r, http.StatusNotFound, "Deze pagina is er niet", "Controleer het adres, of begin opnieuw.")
	})
	return p
}

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP answers everything.
func (p *Pagina) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if err := p.kruis.Check(r); err != nil {
		p.melding(w, r, http.StatusForbidden, "Dit verzoek kwam van een andere website", "Open de pagina hier en probeer het opnieuw.")
		return
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxFormulier)
		if r.ParseForm() != nil {
			p.melding(w, r, http.StatusBadRequest, "Het formulier is niet te lezen", "Ga terug en probeer het opnieuw.")
			return
		}
	}
	p.mux.ServeHTTP(w, r)
}

// vel is what layout.html gets.
type vel struct {
	Titel, Versie string
	Inhoud        any
}

func (p *Pagina) schrijf(w http.ResponseWriter, r *http.Request, status int, sjabloon, titel string, inhoud any) {
	var uit bytes.Buffer
	if err := p.sjablonen[sjabloon].ExecuteTemplate(&uit, "layout.html", vel{titel, p.o.Versie, inhoud}); err != nil {
		p.o.Logger.ErrorContext(r.Context(), "page of the landscape failed", "oorzaak", err.Error())
		http.Error(w, "Er ging iets mis. Probeer het over een minuut opnieuw.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(uit.Bytes()) // an error here means that the client went away
}

func (p *Pagina) melding(w http.ResponseWriter, r *http.Request, status int, titel, tekst string) {
	p.schrijf(w, r, status, "melding", titel, tekst)
}

// schakelaar is a log that can be stopped and started.
type schakelaar struct {
	Wie    Kant
	Naam   string
	Draait bool
}

func (p *Pagina) schakelaars() []schakelaar {
	return []schakelaar{
		{Derde, "Log van het waterschap", p.o.Landschap.Draait(Derde)},
		{Gemeente, "Log van de gemeente", p.o.Landschap.Draait(Gemeente)},
	}
}

// schakel stops or starts a log, and leads back.
func (p *Pagina) schakel(w http.ResponseWriter, r *http.Request) {
	k, aan := Kant(r.PostFormValue("log")), r.PostFormValue("aan")
	if k != Derde && k != Gemeente || aan != "ja" && aan != "nee" {
		p.melding(w, r, http.StatusBadRequest, "Deze keuze is er niet", "Ga terug en kies opnieuw.")
		return
	}
	p.beurt.Lock()
	// A visitor who goes away does not leave a log half open.
	err := p.o.Landschap.Zet(context.WithoutCancel(r.Context()), k, aan == "ja")
	p.beurt.Unlock()
	if err != nil {
		p.o.Logger.ErrorContext(r.Context(), "log of the landscape", "oorzaak", err.Error())
		p.melding(w, r, http.StatusInternalServerError, "Het log is niet om te zetten", "Stop de demonstratie met Ctrl-C en start haar opnieuw.")
		return
	}
	naar := "/"
	if o := p.zoek(r.PostFormValue("terug")); o != nil {
		naar = "/opvragingen/" + o.id
	}
	http.Redirect(w, r, naar, http.StatusSeeOther)
}

// zoek gives a look-up that is still kept.
func (p *Pagina) zoek(id string) *opvraging {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.opvragingen {
		if o.id == id {
			return o
		}
	}
	return nil
}

func (p *Pagina) bewaar(o *opvraging) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o.id = rand.Text()
	p.opvragingen = slices.Insert(p.opvragingen, 0, o)
	p.opvragingen = p.opvragingen[:min(len(p.opvragingen), maxOpvragingen)]
	p.laatste = o.opdracht
}

// duurTekst writes a duration as people read it.
func duurTekst(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms >= 1000 {
		return strings.Replace(strconv.FormatFloat(ms/1000, 'f', 1, 64), ".", ",", 1) + " seconden"
	}
	return strings.Replace(strconv.FormatFloat(ms, 'f', 1, 64), ".", ",", 1) + " milliseconden"
}

// datumTekst writes a day as people do; what is none stays as it is.
func datumTekst(s string) string {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return d.Format("2-1-2006")
}
