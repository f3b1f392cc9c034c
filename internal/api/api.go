// Package api serves the machine APIs over HTTP: Bewerking (/bewerking/api/v1/) and Inzage
// (/inzage/api/v1/) of the VNG standard, the ZGW Autorisaties API (/autorisaties/api/v1/), and the register
// of processing activities after VNG's draft (/var/api/v1/).
//
// It decodes, bounds and answers; the rules live in internal/verwerkingenlog and internal/autorisatie.
// Every route is one line in a table (bewerking.go, inzage.go, autorisaties.go, verwerkingsactiviteiten.go, doelbinding.go, bewijs.go)
// that names the right it needs: a route without one does not exist. Those of routesVAR and routesBewijs are open as well: without a
// token they give what is public.
// A handler returns an error and never writes one; probleem.go turns it into
// problem+json in one place.
//
// Order of checks (contracts): 401, coarse scope 403, 406/413/415, syntax 400, look-up, and then
// what depends on the record. Query strings hold identifiers of persons: they are never logged.
package api

import (
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Version is the version of both APIs, in the header API-version; it follows 0.9.0/RC3 of the
// standard (X38).
const Version = "1.0.0"

// Paths below which the APIs are served.
const (
	PadBewerking    = "/bewerking/api/v1"
	PadInzage       = "/inzage/api/v1"
	PadAutorisaties = "/autorisaties/api/v1"
	PadVAR          = "/var/api/v1"
	PadBewijs       = "/bewijs"
)

// Opties are what the APIs need.
type Opties struct {
	Log       *verwerkingenlog.Log
	Register  *autorisatie.Register
	Tokens    autorisatie.Instellingen
	URL       string        // base of all links, without a slash at the end
	MaxBody   int64         // bytes
	MaxDiepte int           // nesting of JSON
	MaxObject int           // objects in one actie
	MaxRegel  int64         // bytes of one line of a stream
	Stilte    time.Duration // after which a stream that does not move ends
	Limieten  Limieten
	Stopt     <-chan struct{} // closed when the register is to stop; nil: never
	Meting    Meting
	Logger    *slog.Logger

	Applicaties  *autorisatie.Beheer // the built-in Autorisatiecomponent
	Notificatie  string              // header Authorization of notifications; empty: none are taken
	Activiteiten Activiteiten        // the register of processing activities; nil: there is no VAR API

	Bewijzen       Bewijzen              // checkpoints and proofs; nil: there are none to be asked for
	BewijsOpenbaar func(oin string) bool // whether anybody may read the hashes of the trees of an organisation; nil: of none
	Overzichten    Overzichten           // what a portal of the organisation shows to a citizen

	Audit  *telemetry.Audit  // takes every refused call; nil: none
	Sporen *telemetry.Sporen // traces requests; nil: none
}

// Meting receives figures; telemetry implements it. No argument holds anything of a request's
// content.
type Meting interface {
	Accepted(operatie string, versies int)
	Refused(reden string)
	Inquired(api, functie string)
	Served(api, route, methode string, status int, duur time.Duration)
}

// Handler serves the APIs and their OpenAPI documents.
func Handler(o Opties) http.Handler {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Meting == nil {
		o.Meting = geenMeting{}
	}
	s := &server{o, newLimieten(o.Limieten)}
	mux := http.NewServeMux()
	s.mount(mux, "bewerking", PadBewerking, routesBewerking)
	s.mount(mux, "inzage", PadInzage, routesInzage)
	s.mount(mux, "autorisaties", PadAutorisaties, routesAutorisaties)
	if s.Notificatie != "" {
		mux.HandleFunc(PadAutorisaties+"/notificaties", func(w http.ResponseWriter, r *http.Request) {
			s.answer(w, r, "autorisaties", "/notificaties", (*verzoek).takeNotificatie)
		})
	}
	mux.Handle(PadBewerking+"/openapi.yaml", document("application/yaml", openapi.Bewerking))
	mux.Handle(PadBewerking+"/openapi.json", document("application/json", openapi.BewerkingJSON))
	mux.Handle(PadInzage+"/openapi.yaml", document("application/yaml", openapi.Inzage))
	mux.Handle(PadInzage+"/openapi.json", document("application/json", openapi.InzageJSON))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, "", &route{pad: "onbekend"}) })
	mux.Handle(PadAutorisaties+"/openapi.yaml", document("application/yaml", openapi.Autorisaties))
	mux.Handle(PadAutorisaties+"/openapi.json", document("application/json", openapi.AutorisatiesJSON))
	if s.Activiteiten != nil {
		s.mountOpen(mux, apiVAR, PadVAR, routesVAR)
		s.handleAll(mux, apiVAR, PadVAR, routesDoelbinding)
	}
	if s.Bewijzen != nil {
		s.mountOpen(mux, apiBewijs, PadBewijs, routesBewijs)
	}
	mux.Handle(PadBewijs+"/openapi.yaml", document("application/yaml", openapi.Bewijs))
	mux.Handle(PadBewijs+"/openapi.json", document("application/json", openapi.BewijsJSON))
	mux.Handle(PadVAR+"/openapi.yaml", document("application/yaml", openapi.Verwerkingsactiviteiten))
	mux.Handle(PadVAR+"/openapi.json", document("application/json", openapi.VerwerkingsactiviteitenJSON))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would send a path that is not plain on to one that is, with the query in the
		// address once more: no such address exists.
		if !Plain(r.URL.Path) || r.URL.Path == PadBewerking || r.URL.Path == PadInzage {
			s.serve(w, r, "", &route{pad: "onbekend"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// Plain tells whether a path is in its one form: no double slashes, no dots to walk up.
func Plain(p string) bool {
	return p != "" && p[0] == '/' && (path.Clean(p) == p || path.Clean(p)+"/" == p)
}

type server struct {
	Opties
	limieten *limieten
}

// document serves a contract; it is public, like the standard it follows.
func document(mediatype string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("API-version", Version)
		w.Header().Set("Content-Type", mediatype)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Write(body)
	})
}

type geenMeting struct{}

func (geenMeting) Accepted(string, int)                              {}
func (geenMeting) Refused(string)                                    {}
func (geenMeting) Inquired(string, string)                           {}
func (geenMeting) Served(string, string, string, int, time.Duration) {}
