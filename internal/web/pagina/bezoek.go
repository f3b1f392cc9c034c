package pagina

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Bezoek is one request of a person for a page.
type Bezoek struct {
	*http.Request
	Bezoeker  *Bezoeker  // nil on an open page without a session
	Formulier *Formulier // what was sent, with POST; else empty
	Taal      taal.Taal

	p       *Pagina
	w       http.ResponseWriter
	route   *Route
	melding string // shown once, from the page before
}

func (p *Pagina) bezoek(w http.ResponseWriter, r *http.Request, route *Route) *Bezoek {
	b := &Bezoek{Request: r, Formulier: &Formulier{}, p: p, w: w, route: route}
	b.Taal = taal.Kies(b.Koekje(koekjeTaal))
	return b
}

// T gives a text in the language of the visitor.
func (b *Bezoek) T(nederlands string, argumenten ...any) string {
	return b.Taal.Tekst(nederlands, argumenten...)
}

// Nu is the clock of the pages.
func (b *Bezoek) Nu() time.Time { return b.p.o.Nu() }

// Waarde gives what was sent in a field, without spaces around it.
func (b *Bezoek) Waarde(naam string) string { return strings.TrimSpace(b.Formulier.Waarde(naam)) }

// ID reads an id in the path; what is none, is not found.
func (b *Bezoek) ID(naam string) (uuid.UUID, error) {
	id, err := uuid.Parse(b.PathValue(naam))
	if err != nil || id.String() != b.PathValue(naam) {
		return uuid.UUID{}, fout.NietGevonden
	}
	return id, nil
}

// Bestand gives the file that was sent in a field; nil when none was. Its name is as the sender calls it.
func (b *Bezoek) Bestand(naam string) (inhoud io.ReaderAt, lengte int64, heet string) {
	if b.MultipartForm == nil || len(b.MultipartForm.File[naam]) == 0 {
		return nil, 0, ""
	}
	h := b.MultipartForm.File[naam][0]
	f, err := h.Open() // in memory: it needs no closing
	if err != nil || h.Size == 0 {
		return nil, 0, ""
	}
	return f, h.Size, h.Filename
}

// Antwoord is what a handler gives: a Scherm, a Verder or a Download.
type Antwoord interface{ schrijf(p *Pagina, b *Bezoek) }

// Verder leads to another page, after a form was dealt with.
type Verder struct {
	Naar    string // path
	Melding string // Dutch text of the catalogue, shown once on that page; holds nothing about a person
}

func (v Verder) schrijf(_ *Pagina, b *Bezoek) {
	if v.Melding != "" {
		b.ZetKoekje(koekjeMelding, meldingCode(v.Melding), time.Minute)
	}
	http.Redirect(b.w, b.Request, v.Naar, http.StatusSeeOther)
}
