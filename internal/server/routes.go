package server

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/api"
	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/web"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// documentatie is the same for every register, so made once; each Open panics when it can't be.
var documentatie = sync.OnceValue(func() *web.Documentatie {
	return web.NewDocumentatie(web.Documenten{
		Bewerking: openapi.Bewerking, Inzage: openapi.Inzage, Autorisaties: openapi.Autorisaties, VAR: openapi.Verwerkingsactiviteiten, Bewijs: openapi.Bewijs,
	})
})

// routes is everything this process answers.
func (s *Server) routes(machine, metrics http.Handler, eigen map[string]http.Handler, beheer, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(api.PadAutorisaties+"/", machine)
	mux.Handle(api.PadVAR+"/", machine)
	mux.Handle(api.PadBewijs+"/", machine)
	mux.HandleFunc("GET /healthz/live", func(w http.ResponseWriter, _ *http.Request) { health(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /healthz/ready", s.ready)
	mux.Handle("GET /metrics", metrics)
	for pad, h := range eigen {
		mux.Handle(pad, h)
	}
	mux.Handle(pagina.Begin, beheer)
	mux.Handle(mijn.Begin, s.mijn)
	mux.Handle(openbaar.Begin, s.openbaar)
	mux.Handle(openbaar.Begin+"/", s.openbaar)
	mux.Handle("/", pages)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p := r.URL.Path; {
		case strings.HasPrefix(p, "/bewerking"), strings.HasPrefix(p, "/inzage"):
			machine.ServeHTTP(w, r)
		case !api.Plain(p): // not found, rather than sent on with what stands in it
			pages.ServeHTTP(w, r)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// ready answers 200 when records are accepted: the store can be read and written, and nothing is
// stopping.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.weg:
		health(w, http.StatusServiceUnavailable, "stopt")
		return
	default:
	}
	if !s.vastleggers.healthy() {
		health(w, http.StatusServiceUnavailable, "opslag onbetrouwbaar")
		return
	}
	if s.sleutels.Gebrek() != nil { // what it is was logged when it was found
		health(w, http.StatusServiceUnavailable, "sleutels kloppen niet")
		return
	}
	if err := s.store.Ready(r.Context()); err != nil {
		s.logger.Error("store is not ready", "oorzaak", err.Error())
		health(w, http.StatusServiceUnavailable, "opslag niet bereikbaar")
		return
	}
	health(w, http.StatusOK, "ok")
}

func health(w http.ResponseWriter, status int, word string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(word + "\n"))
}

// meting passes the figures of the rooms on to Prometheus.
type meting struct{ m *telemetry.Metrics }

func (m meting) QueueLength(records int)                   { m.m.Wachtrij(records) }
func (m meting) Committed(records int, duur time.Duration) { m.m.Commit(records, duur) }
func (m meting) Accepted(operatie string, versies int)     { m.m.Inname(operatie, versies) }
func (m meting) Refused(reden string)                      { m.m.Geweigerd(fout.Code(reden)) }
func (m meting) Inquired(api, functie string)              { m.m.Vraag(api, functie) }
func (m meting) Served(api, _, methode string, status int, duur time.Duration) {
	m.m.HTTP(api, methode, status, duur)
}
