// Package server ties the rooms together into one running register: store, keys, committer, log,
// APIs and pages. It is the composition root that `serve`, `dev`, the end-to-end tests and the
// benchmarks share, so that all of them run the same thing.
//
// Order of starting: store, keys (refused when they do not fit the store), committer, intake. Order
// of stopping is the reverse: first nothing is ready any more while all is answered (uitloop), then no
// new requests, then the queue drains, then the store closes.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/api"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/server/beheerpaginas"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/toezicht"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
	"github.com/verantwoord/verantwoord/internal/web"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

// Opties are what the caller chooses beside the configuration.
type Opties struct {
	Versie string // of the program
	Dev    bool   // demonstration with fictitious people
	Logger *slog.Logger
	Nu     func() time.Time // nil: time.Now
	Relays []post.Relay     // that deliver mail, beside those of the configuration
	// Paginas are pages that only a demonstration has, by pattern of http.ServeMux.
	Paginas map[string]http.Handler

	stil bool // it signs, offers, checks and looks for keys only when a test says so
}

// Server is an open register.
type Server struct {
	handler      http.Handler
	config       *config.Config
	nu           func() time.Time
	stil         bool
	logger       *slog.Logger
	metrics      *telemetry.Metrics
	certificaten *certificaten
	store        *opslagen
	vastleggers  *vastleggers
	log          *verwerkingenlog.Log
	beheer       *autorisatie.Beheer
	beheerlog    *beheerlog.Log
	juridisch    *juridisch.Gegevens
	mensen       *Mensen
	inwoners     *inwoners
	inzage       *inzage.Inzage // what citizens see
	wetten       activiteit.Wetten
	activiteiten *activiteit.Register
	openbaar     http.Handler // pages for citizens, for everybody
	mijn         http.Handler // and for who signed in
	teller       *toezicht.Teller
	werk         *beheerpaginas.Werkplaats // what pages began, and goes on
	checkpoints  *checkpoint.Bewaarder
	maker        *checkpoint.Maker
	nakijker     *controle.Dagelijks
	aanbieder    *getuige.Aanbieder
	stopMensen   func() // ends the background work of people
	stopInwoners func() // ends the background work of citizens
	stopTellen   func() // ends counting the log
	stopTekenen  func() // ends signing checkpoints
	stopNakijken func() // ends the daily check
	stopAanbod   func() // ends offering them to witnesses
	stopVolgen   func() // ends looking for changed applications
	sleutels     *betrokkene.Sleutelbos
	sleutelwerk  *sleutelwerk
	stopSleutels func() // ends looking for new keys, and rewriting with them

	stopActiviteiten func() // ends looking for changed processing activities

	waarneming *waarneming

	lost    chan error // durability was lost: the process must stop
	stop    sync.Once
	stopped error
	weg     chan struct{} // closed when a stop was asked: not ready any more
	stoping chan struct{} // closed when stopping began: streams end
}

// Open starts a register on the store and keys of the configuration, for the organisations and
// applications of the file. Errors are for an operator: Dutch where the operator can mend it.
func Open(ctx context.Context, c *config.Config, b *autorisatie.Bestand, o Opties) (*Server, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	oins := make([]string, len(b.Organisaties))
	for k, org := range b.Organisaties {
		oins[k] = org.OIN
	}
	s := &Server{
		config: c, nu: o.Nu, stil: o.stil, logger: o.Logger, lost: make(chan error, 1),
		weg: make(chan struct{}), stoping: make(chan struct{}),
	}
	if s.nu == nil {
		s.nu = time.Now
	}
	var err error
	if s.certificaten, err = openCertificaten(c.TLS, s.nu, o.Logger); err != nil {
		return nil, err
	}
	if s.juridisch, err = juridisch.Open(c.Juridisch); err != nil {
		return nil, err
	}
	s.wetten = wetten{s.juridisch, s.nu}
	s.store, err = openOpslag(ctx, c, oins, o.Nu, func(err error) { o.Logger.Error("store", "oorzaak", err.Error()) })
	if err != nil {
		return nil, err
	}
	sleutels, err := openSleutels(ctx, c, oins, s.store, o.Nu, s.meldSleutels)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sleutels openen: %w", err), s.store.Close())
	}
	s.sleutels = sleutels
	if err := s.weigerTeruggezet(ctx, oins, sleutels); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	if err := s.openBeheerlog(ctx, b, sleutels); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	metrics := telemetry.NewMetrics(o.Versie, autorisatie.Redenen()...)
	s.metrics = metrics
	s.certificaten.meet(metrics)
	metrics.WachtrijMaximum(c.Limieten.Wachtrij * len(s.store.motoren))
	metrics.IndexAchterstand(s.store.Achterstand)
	meting := meting{metrics}
	if s.waarneming, err = openWaarneming(c, o, metrics); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	s.vastleggers = newVastleggers(s.store, c.Limieten.Wachtrij, s.waarneming.sporen, metrics, meting)
	committer := func(oin string) *verwerkingenlog.Committer { return s.vastleggers.per[s.store.Op(oin)] }
	s.log = verwerkingenlog.NewLog(volg(s.store, s.waarneming.sporen, metrics), committer, sleutels, verwerkingenlog.Opties{
		Organisatie:  instellingen(c, oins),
		Nu:           o.Nu,
		Systeem:      "Verantwoord " + o.Versie,
		MaxPatch:     c.Limieten.Patch,
		Pagina:       c.Limieten.Pagina,
		MaxPagina:    c.Limieten.PaginaMax,
		CursorGeldig: time.Hour,
		Veranderd: func(err error) {
			metrics.Veranderd()
			o.Logger.Error("altered record", "oorzaak", err.Error())
		},
	})
	register := newRegister(c, s.nu)
	if err := s.openBeheer(ctx, b, sleutels, register); err != nil {
		return nil, errors.Join(err, s.store.Close(), s.waarneming.close())
	}
	if s.mensen, err = s.newMensen(ctx, b, sleutels, o.Relays); err != nil {
		s.stopVolgen()
		return nil, errors.Join(err, s.store.Close(), s.waarneming.close())
	}
	if err := s.openActiviteiten(ctx, b, sleutels); err != nil {
		s.stopVolgen()
		return nil, errors.Join(err, s.store.Close(), s.waarneming.close())
	}
	if s.inwoners, err = s.newInwoners(ctx, b, sleutels); err != nil {
		s.stopVolgen()
		return nil, errors.Join(err, s.store.Close(), s.waarneming.close())
	}
	s.openToezicht(oins)
	if err = s.openCheckpoints(oins, sleutels); err == nil {
		err = s.openGetuigen(oins)
	}
	if err == nil {
		err = s.openNakijken(oins, sleutels)
	}
	var thema []byte
	if err == nil {
		thema, err = s.thema()
	}
	var paginas beheer.Opties
	var overzichten overzichten
	if err == nil {
		vorm := ontwerp.New(thema)
		s.mijn, overzichten = s.mijnPaginas(b, sleutels, o, vorm)
		paginas, err = s.beheerPaginas(b, sleutels, o, vorm)
	}
	if err != nil {
		s.stopVolgen()
		return nil, errors.Join(err, s.store.Close(), s.waarneming.close())
	}
	machine := api.Handler(api.Opties{
		Log: s.log, Register: register, Applicaties: s.beheer, Notificatie: c.Autorisaties.NotificatieGeheim,
		Activiteiten: varActiviteiten{s.activiteiten, s.juridisch}, Overzichten: overzichten,
		Bewijzen: s.bewijzen(), BewijsOpenbaar: s.bewijsOpenbaar,
		Tokens: autorisatie.Instellingen{MaxLeeftijd: c.Token.MaxLeeftijd, Speling: c.Token.Speling, Nu: o.Nu, CertificaatVerplicht: c.TLS.Client == config.ClientVerplicht},
		URL:    c.URL, MaxBody: c.Limieten.Body, MaxDiepte: c.Limieten.Diepte, MaxObject: c.Limieten.Objecten,
		MaxRegel: c.Limieten.Regel, Stilte: c.Limieten.Stilte, Stopt: s.stoping,
		Limieten: api.Limieten{
			PerSeconde: c.Limieten.PerSeconde, Piek: c.Limieten.Piek,
			Gelijktijdig: c.Limieten.Gelijktijdig, Stromen: c.Limieten.Stromen,
		},
		Meting: meting, Logger: o.Logger, Audit: s.waarneming.audit, Sporen: s.waarneming.sporen,
	})
	s.handler = s.uitlopend(s.routes(machine, metrics.Handler(), o.Paginas, beheer.New(paginas), web.Handler(web.Opties{
		Versie: o.Versie, BaseURL: c.URL, Organisaties: namen(b), Dev: o.Dev, Beheer: true, Mijn: len(s.inwoners.Diensten()) > 0, Thema: thema,
		Documentatie: documentatie(), Checkpoints: s.openbarePunten,
	})))
	if c.TLS.Client != config.ClientUit {
		s.handler = (&afnemers{proxy: c.Proxy, uitgevers: s.certificaten.uitgevers, nu: s.nu, metrics: metrics}).middleware(s.handler)
	}
	go s.vastleggers.run(s.lost)
	s.startMensen()
	s.startInwoners()
	s.startActiviteiten()
	s.startToezicht()
	s.startCheckpoints()
	s.startSleutels(oins)
	s.startNakijken()
	s.startGetuigen()
	return s, nil
}

// Log gives the use cases without HTTP: for filling a store.
func (s *Server) Log() *verwerkingenlog.Log { return s.log }

// Size is the number of leaves in a tree of an organisation.
func (s *Server) Size(ctx context.Context, oin string, boom bewijs.Boom) (uint64, error) {
	return s.checkpoints.Bomen.Grootte(ctx, oin, boom)
}

// Mensen gives the rooms about people without pages: for the command line and for filling a store.
func (s *Server) Mensen() *Mensen { return s.mensen }

// Handler serves everything: APIs, pages, health and metrics.
func (s *Server) Handler() http.Handler { return s.handler }

// Versleuteld tells whether Run serves TLS.
func (s *Server) Versleuteld() bool { return s.certificaten.serverConfig() != nil }

// Herlaad takes new keys and changed files of TLS into use at once, and opens the file of the audit by its name
// again; what is no good is logged and left.
func (s *Server) Herlaad() {
	s.kijkSleutels(context.Background())
	s.certificaten.kijk(true)
	if err := s.waarneming.reopen(); err != nil {
		s.logger.Error("audit stays in the file it was in", "oorzaak", err.Error())
	}
}

// Lost receives the error after which the process must stop: durability of the store is lost.
func (s *Server) Lost() <-chan error { return s.lost }

// Run serves until ctx ends or durability is lost, then stops in order: after the uitloop requests under
// way are answered, the queue drains, the store closes.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	kijken, stop := context.WithCancel(ctx)
	defer stop()
	go s.certificaten.bewaak(kijken)
	h := s.httpServer()
	l = begrens(l, s.config, s.metrics)
	served := make(chan error, 1)
	go func() {
		if h.TLSConfig != nil {
			served <- h.ServeTLS(l, "", "")
			return
		}
		served <- h.Serve(l)
	}()
	var err error
	select {
	case err = <-served:
	case err = <-s.lost:
	case <-ctx.Done():
	}
	close(s.weg)
	if err == nil {
		err = s.loopUit(served)
	}
	close(s.stoping)
	grace, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if shutErr := h.Shutdown(grace); shutErr != nil {
		err = errors.Join(err, h.Close())
	}
	return errors.Join(err, s.Close())
}

// Close drains the queue and closes the store.
func (s *Server) Close() error {
	s.stop.Do(func() {
		s.vastleggers.close()
		s.stopVolgen()
		if s.werk != nil {
			s.werk.Stop()
		}
		s.stopMensen()
		s.stopInwoners()
		s.stopActiviteiten()
		s.stopTellen()
		s.stopTekenen()
		s.stopSleutels()
		s.stopNakijken()
		s.stopAanbod()
		s.stopped = errors.Join(s.store.Close(), s.waarneming.close())
	})
	return s.stopped
}

// instellingen translates the configuration of an organisation for the rules.
func instellingen(c *config.Config, oins []string) func(oin string) *verwerkingenlog.Instellingen {
	keuzes := map[string]verwerkingenlog.GebruikerKeuze{
		config.GebruikerUit:          verwerkingenlog.GebruikerUit,
		config.GebruikerPseudoniem:   verwerkingenlog.GebruikerPseudoniem,
		config.GebruikerZoalsGegeven: verwerkingenlog.GebruikerZoalsGegeven,
	}
	per := make(map[string]*verwerkingenlog.Instellingen, len(oins)) // made once: every record asks
	for _, oin := range oins {
		o := c.Organisatie(oin)
		per[oin] = &verwerkingenlog.Instellingen{
			Gebruiker:            keuzes[o.Gebruiker],
			InzageTolerant:       o.InzageHeaders == config.HeadersTolerant,
			ToelichtingVerplicht: o.ToelichtingVerplicht,
			WijzigViaAfnemer:     o.WijzigViaAfnemer,
			ActiviteitInzage: verwerkingenlog.Activiteit{
				ID: uuid.MustParse(o.Activiteit.Inzage), URL: o.Activiteit.InzageURL, ActieNaam: o.Activiteit.InzageActie,
			},
			ActiviteitBewerking: verwerkingenlog.Activiteit{
				ID: uuid.MustParse(o.Activiteit.Bewerking), URL: o.Activiteit.BewerkingURL, ActieNaam: o.Activiteit.BewerkingActie,
			},
			BewaartermijnOpvragen: o.Activiteit.Bewaartermijn,
		}
	}
	return func(oin string) *verwerkingenlog.Instellingen { return per[oin] }
}

func namen(b *autorisatie.Bestand) []web.Organisatie {
	list := make([]web.Organisatie, len(b.Organisaties))
	for k, o := range b.Organisaties {
		list[k] = web.Organisatie{OIN: o.OIN, Naam: o.Naam}
	}
	return list
}
