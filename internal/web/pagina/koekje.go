package pagina

import (
	"net/http"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// The cookies there are. None holds anything about a person.
const (
	koekjeSessie  = "sessie"
	koekjeMelding = "melding"
	koekjeTaal    = "taal"

	koekjeBevestiging = "bevestiging" // a secret of an attempt to prove that the person is there
)

// koekjeNaam has the prefix that keeps other hosts and plain HTTP out, where cookies are Secure.
func (p *Pagina) koekjeNaam(naam string) string {
	if p.veilig {
		return "__Host-" + naam
	}
	return naam
}

// Koekje gives the value of a cookie, empty when there is none.
func (b *Bezoek) Koekje(naam string) string {
	c, err := b.Request.Cookie(b.p.koekjeNaam(naam))
	if err != nil {
		return ""
	}
	return c.Value
}

// ZetKoekje sets a cookie of this host only, unreachable for scripts. A duration of 0 removes it.
func (b *Bezoek) ZetKoekje(naam, waarde string, duur time.Duration) {
	c := &http.Cookie{
		Name: b.p.koekjeNaam(naam), Value: waarde, Path: "/",
		MaxAge: int(duur / time.Second), Secure: b.p.veilig, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if duur <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(b.w, c)
}

// ZetTaal keeps a language in this browser for a year, for the pages before signing in.
func (b *Bezoek) ZetTaal(gekozen string) {
	b.ZetKoekje(koekjeTaal, string(taal.Kies(gekozen)), 365*24*time.Hour)
}

// MeldAan gives the browser the token of a session.
func (b *Bezoek) MeldAan(token string) { b.ZetKoekje(koekjeSessie, token, sessieDuur) }

// Token is that of the session of this request; empty without one.
func (b *Bezoek) Token() string { return b.Koekje(koekjeSessie) }
