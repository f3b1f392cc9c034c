package api

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Limieten bound what one client may ask. Zero is no limit.
type Limieten struct {
	PerSeconde   int // requests, and lines of a stream, on average
	Piek         int // of them at once
	Gelijktijdig int // requests under way
	Stromen      int // of those, streams
}

// limieten keeps count for each client: one that has proved who it is, or an address that asks for what is open. An entry that
// says nothing any more is dropped, so that there are no more than there are applications, and addresses that ask at the time.
type limieten struct {
	Limieten
	mu      sync.Mutex
	klanten map[string]*verbruik
	grens   int // number of entries from which to look for those that may go
}

// verbruik is what one client uses; its counts are guarded by limieten.mu.
type verbruik struct {
	tempo   *rate.Limiter // nil: no limit
	bezig   int           // requests under way
	stromen int
}

const minGrens = 64 // below it nothing is looked for

func newLimieten(l Limieten) *limieten {
	return &limieten{Limieten: l, klanten: map[string]*verbruik{}, grens: minGrens}
}

var (
	teSnel      = "Deze applicatie stuurt meer verzoeken per seconde dan zij mag; wacht zo lang als de header Retry-After zegt."
	teVeel      = fout.New(fout.CodeTeVeel, "Deze applicatie heeft te veel verzoeken tegelijk lopen; wacht op de antwoorden en probeer het dan opnieuw.")
	teVeelStrom = fout.New(fout.CodeTeVeel, "Deze applicatie heeft te veel stromen tegelijk open; wacht tot er een klaar is of stuur de regels daarin mee.")
)

// begin lets a request of a client in; end must be called when it is over. Error: CodeTeVeel.
func (l *limieten) begin(clientID string) (*verbruik, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.klanten[clientID]
	if v == nil {
		l.sweep()
		v = new(verbruik)
		if l.PerSeconde > 0 {
			v.tempo = rate.NewLimiter(rate.Limit(l.PerSeconde), max(l.Piek, 1))
		}
		l.klanten[clientID] = v
	}
	if l.Gelijktijdig > 0 && v.bezig >= l.Gelijktijdig {
		return nil, teVeel
	}
	if v.tempo != nil {
		now := time.Now()
		r := v.tempo.ReserveN(now, 1)
		if wacht := r.DelayFrom(now); wacht > 0 {
			r.CancelAt(now)
			return nil, &fout.Fout{Code: fout.CodeTeVeel, Detail: teSnel, OpnieuwNa: wacht}
		}
	}
	v.bezig++
	return v, nil
}

// adres gives what is counted together of those who ask without a token: one address, or one /64 of IPv6, which is what one
// subscriber has at least. It can't be a client id.
func adres(r *http.Request) string {
	host, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "\x00"
	}
	ip, bits := host.Addr().Unmap(), 32
	if ip.Is6() {
		bits = 64
	}
	return "\x00" + netip.PrefixFrom(ip.WithZone(""), bits).Masked().String()
}

func (l *limieten) end(v *verbruik) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v.bezig--
}

// beginStroom lets a stream in, a request already under way. Error: CodeTeVeel.
func (l *limieten) beginStroom(v *verbruik) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Stromen > 0 && v.stromen >= l.Stromen {
		return teVeelStrom
	}
	v.stromen++
	return nil
}

func (l *limieten) endStroom(v *verbruik) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v.stromen--
}

// sweep drops what a new entry would not differ from, when there have become many.
func (l *limieten) sweep() {
	if len(l.klanten) < l.grens {
		return
	}
	for id, v := range l.klanten {
		if v.bezig == 0 && (v.tempo == nil || v.tempo.Tokens() >= float64(v.tempo.Burst())) {
			delete(l.klanten, id)
		}
	}
	l.grens = max(minGrens, 2*len(l.klanten))
}

// wacht tells how long the client must wait before its next n lines, which it takes.
func (v *verbruik) wacht(n int) time.Duration {
	if v.tempo == nil {
		return 0
	}
	now := time.Now()
	var wacht time.Duration
	for n > 0 {
		k := min(n, v.tempo.Burst())
		wacht = max(wacht, v.tempo.ReserveN(now, k).DelayFrom(now))
		n -= k
	}
	return wacht
}
