package mijn

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// bezoek is one request of a person for a page.
type bezoek struct {
	*http.Request
	Inwoner *inwoner.Inwoner // nil without a session

	m        *Mijn
	w        http.ResponseWriter
	taal     taal.Taal
	verlopen bool // there was a session
	elders   *elders
	// Of the list that is shown, so that one comes back there from a line: what was chosen, and the place in it ("" = its top).
	gekozen inzage.Filter
	plaats  string
	// voorAnder: the page is about who somebody acts for, and not about the reader.
	voorAnder bool
}

// The cookies there are. None holds anything about a person.
const (
	koekjeSessie = "mijn"
	koekjeStaat  = "mijn-staat"  // sealed, until the person returns from the service
	koekjeNaar   = "mijn-naar"   // which page to come back to
	koekjeDienst = "mijn-dienst" // by which service this browser signed in last
	koekjeTaal   = "taal"        // the choice of all pages
)

// onderweg is how long signing in may take.
const onderweg = 10 * time.Minute

// sessieDuur is how long the cookie lives; the session itself ends earlier by its own rules.
const sessieDuur = time.Hour

func (m *Mijn) bezoek(w http.ResponseWriter, r *http.Request) *bezoek {
	b := &bezoek{Request: r, m: m, w: w}
	b.taal = taal.Kies(b.koekje(koekjeTaal))
	return b
}

// t gives a text in the language of the visitor.
func (b *bezoek) t(sleutel string, paren ...any) string { return tekst(b.taal, sleutel, paren...) }

// token is that of the session of this request; empty without one.
func (b *bezoek) token() string { return b.koekje(koekjeSessie) }

// koekjeNaam has the prefix that keeps other hosts and plain HTTP out, where cookies are Secure.
func (m *Mijn) koekjeNaam(naam string) string {
	if m.veilig {
		return "__Host-" + naam
	}
	return naam
}

// koekje gives the value of a cookie, empty when there is none.
func (b *bezoek) koekje(naam string) string {
	c, err := b.Request.Cookie(b.m.koekjeNaam(naam))
	if err != nil {
		return ""
	}
	return c.Value
}

// zetKoekje sets a cookie of this host only, unreachable for scripts. A duration of 0 removes it.
func (b *bezoek) zetKoekje(naam, waarde string, duur time.Duration) {
	c := &http.Cookie{
		Name: b.m.koekjeNaam(naam), Value: waarde, Path: "/",
		MaxAge: int(duur / time.Second), Secure: b.m.veilig, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if duur <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(b.w, c)
}

// verder leads to another page.
func (b *bezoek) verder(naar string) (*scherm, error) {
	http.Redirect(b.w, b.Request, naar, http.StatusSeeOther)
	return nil, nil
}

// id reads an id in the path; what is none, is not found.
func (b *bezoek) id(naam string) (uuid.UUID, error) {
	id, err := uuid.Parse(b.PathValue(naam))
	if err != nil || id.String() != b.PathValue(naam) {
		return uuid.UUID{}, fout.NietGevonden
	}
	return id, nil
}

// maxAdres bounds an address to come back to.
const maxAdres = 2000

// lokaal gives an address with its query when it is of a page of ours that can be come back to, else Begin.
func lokaal(adres string) string {
	pad, vraag, _ := strings.Cut(adres, "?")
	if len(adres) > maxAdres || !strings.HasPrefix(pad, Begin) || strings.ContainsAny(adres, "\\#\x00\r\n\"; ,") || path.Clean(pad) != strings.TrimSuffix(pad, "/") ||
		strings.HasPrefix(pad, Begin+"aanmelden/") || pad == padAfgemeld || strings.Contains(pad, "%") {
		return Begin
	}
	if vraag == "" {
		return pad
	}
	return pad + "?" + vraag
}
