package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/aansluiting"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/aanmelddienst"
	"github.com/verantwoord/verantwoord/internal/bron/smtp"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/server/beheerpaginas"
	aanmeldkast "github.com/verantwoord/verantwoord/internal/store/aanmelding"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	postkast "github.com/verantwoord/verantwoord/internal/store/post"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
)

// Mensen are the rooms about people who work with the register: who they are and may, how they sign in, and the mail
// they get.
type Mensen struct {
	Beheer     *gebruiker.Beheer
	Aanmelding *aanmelding.Dienst
	Bezorger   *post.Bezorger
	URL        string // of the register
	sleutels   func(oin string) (*betrokkene.Sleutels, bool)
	nu         func() time.Time
	metrics    *telemetry.Metrics // nil: nothing is measured
}

// newMensen opens the rooms on the store. relays deliver mail beside those of the configuration.
func (s *Server) newMensen(ctx context.Context, b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos, relays []post.Relay) (_ *Mensen, err error) {
	m := &Mensen{URL: strings.TrimRight(s.config.URL, "/"), sleutels: sleutels.Organisatie, nu: s.nu, metrics: s.metrics}
	meld := func(err error) { s.logger.Error("people", "oorzaak", err.Error()) }
	m.Beheer, err = gebruiker.NewBeheer(ctx, gebruiker.BeheerOpties{
		Opslag: kast.New(s.store, kast.Gebruikers, rechtenpost{m, meld}), Sleutels: sleutels.Organisatie, Organisaties: oins(b), Nu: s.nu, Meld: meld,
		FG: func(oin string) string { return s.config.Organisatie(oin).FG.Address },
	})
	if err != nil {
		return nil, fmt.Errorf("mensen openen: %w", err)
	}
	namen := map[string]string{}
	for _, o := range b.Organisaties {
		namen[o.OIN] = o.Naam
	}
	adres := ""
	if strings.HasPrefix(s.config.URL, "https://") {
		adres = s.config.URL
	}
	m.Aanmelding = aanmelding.New(aanmelding.Opties{
		Opslag: aanmeldkast.New(s.store, postbus{m}), Mensen: register{m.Beheer.Register(), s.nu}, Sleutels: sleutels.Organisatie, Log: s.beheerlog,
		Naam: func(oin string) string { return namen[oin] }, Adres: adres, Nu: s.nu, Meting: s.metrics,
		Koppel: func(ctx context.Context, oin string, k aanmelding.Koppeling) error {
			return m.Beheer.Koppel(ctx, oin, k.Gebruiker, gebruiker.Koppeling{Dienst: k.Dienst, Uitgever: k.Uitgever, Onderwerp: k.Onderwerp, Email: k.Email})
		},
	})
	eigen, err := smtp.Instellen(s.config.Post)
	if err != nil {
		return nil, err
	}
	for i := len(eigen) - 1; i >= 0; i-- {
		relays = append([]post.Relay{eigen[i]}, relays...)
	}
	m.Bezorger = post.NewBezorger(post.Opties{Opslag: postkast.New(s.store), Sleutels: sleutels.Organisatie, Relays: relays, Nu: s.nu, Meld: meld, Meet: m.meetPost})
	s.metrics.PostWachtend(m.Bezorger.Rij)
	return m, nil
}

func oins(b *autorisatie.Bestand) []string {
	uit := make([]string, len(b.Organisaties))
	for k, o := range b.Organisaties {
		uit[k] = o.OIN
	}
	return uit
}

// meetPost counts how a mail went. A code that was delivered is not counted: whoever reads the figures would see from it that a password
// was right.
func (m *Mensen) meetPost(soort post.Soort, stand post.Stand) {
	switch {
	case soort == post.Code && stand == post.Bezorgd:
	case stand == post.Wacht:
		m.metrics.Post("uitgesteld")
	default:
		m.metrics.Post(string(stand))
	}
}

// elkeTelling is how often sessions are counted for the figures.
const elkeTelling = 30 * time.Second

// telSessies counts sessions until ctx ends. While the store can't be asked the last figure stays.
func (m *Mensen) telSessies(ctx context.Context) {
	for t := time.NewTicker(elkeTelling); ; {
		if n, err := m.Aanmelding.Sessies(ctx); err == nil {
			m.metrics.Sessies(n)
		}
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// run does the background work of these rooms until ctx ends.
func (m *Mensen) run(ctx context.Context, meld func(error)) {
	var wg sync.WaitGroup
	wg.Go(func() { m.Beheer.Follow(ctx, elkeHalveSeconde) })
	wg.Go(func() { m.telSessies(ctx) })
	wg.Go(func() {
		if err := m.Bezorger.Run(ctx); err != nil && ctx.Err() == nil {
			meld(fmt.Errorf("deliver mail: %w", err))
		}
	})
	wg.Go(func() {
		for t := time.NewTicker(5 * time.Minute); ; {
			select {
			case <-ctx.Done():
				t.Stop()
				return
			case <-t.C:
				if err := m.Aanmelding.Opruim(ctx); err != nil && ctx.Err() == nil {
					meld(fmt.Errorf("clear away sign-ins: %w", err))
				}
			}
		}
	})
	wg.Wait()
}

// register answers what signing in needs to know of people.
type register struct {
	*gebruiker.Register
	nu func() time.Time
}

func (r register) mens(oin string, g *gebruiker.Gebruiker, ok bool) (aanmelding.Mens, bool) {
	if !ok {
		return aanmelding.Mens{}, false
	}
	return aanmelding.Mens{
		ID: g.ID, Naam: g.Naam, Email: g.Email, Taal: g.Taal, Actief: g.Actief, Ernstig: r.Ernstig(oin, g.ID, r.nu()),
		Gekoppeld: g.Onderwerp != "" || g.Wacht != nil,
	}, true
}

func (r register) BijEmail(oin, email string) (aanmelding.Mens, bool) {
	g, ok := r.OpEmail(oin, email, r.nu())
	return r.mens(oin, g, ok)
}

func (r register) BijOnderwerp(oin, uitgever, onderwerp string) (aanmelding.Mens, bool) {
	g, ok := r.OpOnderwerp(oin, uitgever, onderwerp, r.nu())
	return r.mens(oin, g, ok)
}

func (r register) BijID(oin string, id uuid.UUID) (aanmelding.Mens, bool) {
	g, ok := r.Gebruiker(oin, id, r.nu())
	return r.mens(oin, g, ok)
}

// postbus queues mail of signing in, in its transaction.
type postbus struct{ m *Mensen }

func (p postbus) Add(tx *kamer.Tx, oin string, b aanmelding.Bericht) error {
	soort := post.Melding
	if !b.Tot.IsZero() && b.Tot.Sub(p.m.nu()) <= 15*time.Minute {
		soort = post.Code
	}
	rij, err := p.m.rij(oin, post.Bericht{Soort: soort, Aan: b.Aan, Onderwerp: b.Onderwerp, Tekst: b.Tekst})
	if err != nil {
		return err
	}
	return postkast.Add(tx, rij)
}

func (m *Mensen) rij(oin string, b post.Bericht) (post.Rij, error) {
	s, ok := m.sleutels(oin)
	if !ok {
		return post.Rij{}, errors.New("unknown organisation")
	}
	return post.Verzegel(s, oin, m.nu(), b)
}

// rechtenpost queues mail about people and their rights, in the transaction of the change.
type rechtenpost struct {
	m    *Mensen
	meld func(error)
}

// Add implements kast.Postbus. An address that no mail can go to is told to the operator, and does not stop the change: it may
// be what is being mended.
func (p rechtenpost) Add(tx *kamer.Tx, oin string, b gebruiker.Bericht) error {
	if !post.IsAdres(b.Aan) {
		p.meld(errors.New("somebody is not told of a change: no mail can go to the address that is kept of them"))
		return nil
	}
	rij, err := p.m.rij(oin, post.Bericht{Soort: post.Melding, Aan: b.Aan, Onderwerp: b.Onderwerp, Tekst: b.Tekst})
	if err != nil {
		return err
	}
	return postkast.Add(tx, rij)
}

// newExtern makes the sign-in services of the configuration.
func (s *Server) newExtern(b *autorisatie.Bestand) (uit []beheerpaginas.Extern, err error) {
	for _, c := range s.config.Aanmelddiensten {
		oin := c.Organisatie
		if oin == "" {
			if len(b.Organisaties) != 1 {
				return nil, fmt.Errorf("aanmelddienst %s: noem de organisatie, want er zijn er meer", c.Sleutel)
			}
			oin = b.Organisaties[0].OIN
		}
		d, err := aanmelddienst.Instellen(c, s.config.URL, s.nu)
		if err != nil {
			return nil, err
		}
		uit = append(uit, beheerpaginas.Extern{Dienst: d, Sleutel: c.Sleutel, OIN: oin})
	}
	return uit, nil
}

// beheerPaginas are the pages below /beheer/. It makes those for citizens too: they stand on the same design.
func (s *Server) beheerPaginas(b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos, o Opties, ontwerp *ontwerp.Ontwerp) (opties beheer.Opties, err error) {
	extern, err := s.newExtern(b)
	if err != nil {
		return opties, err
	}
	namen := map[string]string{}
	for _, o := range b.Organisaties {
		namen[o.OIN] = o.Naam
	}
	opties = beheer.Opties{BaseURL: s.config.URL, Versie: o.Versie, Dev: o.Dev, Ontwerp: ontwerp, Logger: s.logger, Nu: s.nu}
	s.werk = beheerpaginas.NewWerkplaats()
	k := &beheerpaginas.Koppeling{
		OINs: oins(b), Naam: func(oin string) string { return namen[oin] }, Sleutels: sleutels.Organisatie, Aanmelding: s.mensen.Aanmelding,
		Mensen: register{s.mensen.Beheer.Register(), s.nu}, Beheer: s.mensen.Beheer, Log: s.beheerlog, Waarden: s.config.Waarden,
		Sleutelstand: func(ctx context.Context, oin string) (*hersleuteling.Stand, error) { return s.sleutelwerk.nu(ctx, oin) },
		Activiteiten: s.activiteiten, Teller: s.teller, Wetten: s.wetten, Juridisch: s.juridisch,
		Aansluiting: &aansluiting.Dienst{Mensen: s.mensen.Beheer, Applicaties: s.beheer},
		Inwoners:    beheerpaginas.Inwoners{Beschermingen: s.inwoners.beschermingen, Log: s.inzage.Opzoeken, Beeindig: s.inwoners.BeeindigVan},
		Domeinen:    s.inwoners.domeinen,
		Extern:      extern, Bewijs: s.bewijsStand, Regelbewijs: s.regelbewijs, Wek: s.mensen.Bezorger.Wek, Werk: s.werk, Nu: s.nu,
	}
	k.Vul(&opties)
	voor := openbaar.Opties{
		Versie: o.Versie, Dev: o.Dev, Ontwerp: ontwerp, Logger: s.logger, Mijn: len(s.config.Inwonerdiensten) > 0,
		Activiteiten: openbaarRegister{s.activiteiten, s.juridisch, k.Naam, s.nu},
	}
	for _, org := range b.Organisaties {
		voor.Organisaties = append(voor.Organisaties, openbaar.Organisatie{OIN: org.OIN, Naam: org.Naam})
	}
	s.openbaar = openbaar.New(voor)
	return opties, nil
}

// startMensen begins the background work of people.
func (s *Server) startMensen() {
	s.stopMensen = achtergrond(func(ctx context.Context) {
		s.mensen.run(ctx, func(err error) { s.logger.Error("people", "oorzaak", err.Error()) })
	})
}

// achtergrond runs f beside the requests; stop ends it and waits until it has ended.
func achtergrond(f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// vanzelf is achtergrond, unless a test says when.
func (s *Server) vanzelf(f func(context.Context)) (stop func()) {
	if s.stil {
		return func() {}
	}
	return achtergrond(f)
}

// maxThema bounds the stylesheet of a municipality, in bytes.
const maxThema = 1 << 20

// thema reads that stylesheet.
func (s *Server) thema() ([]byte, error) {
	if s.config.Thema == "" {
		return nil, nil
	}
	f, err := os.Open(s.config.Thema)
	if err != nil {
		return nil, fmt.Errorf("thema openen: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxThema+1))
	if err == nil && len(b) > maxThema {
		err = errors.New("het bestand is groter dan 1 MiB")
	}
	if err != nil {
		return nil, fmt.Errorf("thema lezen: %w", err)
	}
	return b, nil
}

// OpenMensen opens the rooms about people of a store, for the command line; meld takes what is wrong. close must be
// called. Errors as of OpenBeheer.
func OpenMensen(ctx context.Context, c *config.Config, b *autorisatie.Bestand, meld func(error)) (m *Mensen, close func() error, err error) {
	store, err := openOpslag(ctx, c, oins(b), nil, meld)
	if err != nil {
		return nil, nil, err
	}
	s := &Server{config: c, nu: time.Now, logger: slog.New(slog.DiscardHandler), store: store}
	sleutels, err := openSleutels(ctx, c, oins(b), store, nil, meld)
	if err == nil {
		s.beheerlog = beheerlog.NewLog(logboek.New(store), sleutels.Organisatie, s.nu)
		m, err = s.newMensen(ctx, b, sleutels, nil)
	}
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return m, store.Close, nil
}
