// Package keten runs the landscape of case C2866 on one machine: `verantwoord dev --keten`. A waterschap asks a municipality for
// data of a person, and each logs in a register of its own, before the data move.
//
// Everything in it is real: four registers (internal/server), of which two are the Autorisatiecomponent of the others, a data store
// with its own file (magazijn) behind sdk.Aanbieder, an application that asks through sdk.Transport (procesapplicatie), and HTTP over
// six sockets. What passes is noted at those sockets (waarneming). inrichting.go is what the two organisations have agreed: which
// function has which activity, and who gets which data for which purpose.
//
// It listens on loopback only. Its directory belongs to it, as a note in it says; it may be killed at any moment and started again.
// Only a build with the tag dev imports this.
package keten

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/demo/proefmap"
	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// Opties are what the caller chooses.
type Opties struct {
	Map    string // directory of the landscape
	Listen string // host:port of the page, on loopback; the other sockets take the ports after it, or free ones
	Versie string
	Logger *slog.Logger
}

// Run starts the landscape, prints to w where it is and serves until ctx ends, which is no error. Errors are for the person at
// the keyboard: Dutch where that person can mend it.
func Run(ctx context.Context, o Opties, w io.Writer) error {
	begin := time.Now()
	k, err := Start(ctx, o)
	if err != nil {
		if ctx.Err() != nil {
			_, err = fmt.Fprintln(w, "# Onderbroken; de volgende start maakt het af.")
		}
		return err
	}
	if _, err := io.WriteString(w, k.uitleg(time.Since(begin))); err != nil {
		return errors.Join(fmt.Errorf("print explanation: %w", err), k.Close())
	}
	<-ctx.Done()
	if err := k.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, "# Gestopt. Wat is vastgelegd, staat er de volgende keer nog.")
	return err
}

// kant is one of the two organisations, running.
type kant struct {
	*organisatie
	log, autorisaties *register
	toezicht          *sdk.Client // reads the log back, as the officer of the organisation
}

// Keten is a landscape that runs.
type Keten struct {
	Boek *waarneming.Boek // what passed at the sockets

	m                *proefmap.Map
	derde            kant
	gemeente         kant
	opslag           *magazijn.Opslag
	applicatie       *procesapplicatie.Applicatie
	luisteraars      [6]net.Listener // in the order of namen
	servers          []*http.Server  // of the page and the data store
	bezig            sync.WaitGroup
	verplaatst       bool
	logger           *slog.Logger
	geheimen         map[string]string
	versie           string
	URL, magazijnURL string
}

// Start opens everything and serves it; Close ends it.
func Start(ctx context.Context, o Opties) (_ *Keten, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	k := &Keten{Boek: &waarneming.Boek{}, logger: o.Logger, versie: o.Versie}
	defer func() {
		if err != nil {
			err = errors.Join(err, k.Close())
		}
	}()
	if err := k.luister(o.Listen); err != nil {
		return nil, err
	}
	if k.m, err = proefmap.Open(o.Map, inhoudBriefje); err != nil {
		return nil, err
	}
	if k.geheimen, err = geheimen(k.m, append(append(derdePartij.geheimNamen(), gemeente.geheimNamen()...), geheimMagazijn, geheimOud)...); err != nil {
		return nil, err
	}
	maak := func(plaats, naam string, l net.Listener) *register {
		return &register{plaats: plaats, dir: k.m.Pad(naam), adres: l.Addr().String(), boek: k.Boek, logger: o.Logger, versie: o.Versie}
	}
	k.derde = kant{organisatie: &derdePartij, log: maak(waarneming.DerdeLog, "waterschap-log", k.luisteraars[1]), autorisaties: maak(waarneming.DerdeAC, "waterschap-autorisaties", k.luisteraars[2])}
	k.gemeente = kant{organisatie: &gemeente, log: maak(waarneming.GemeenteLog, "gemeente-log", k.luisteraars[3]), autorisaties: maak(waarneming.GemeenteAC, "gemeente-autorisaties", k.luisteraars[4])}
	for n, z := range []*kant{&k.derde, &k.gemeente} {
		if err := z.start(ctx, k.geheimen, k.luisteraars[1+2*n], k.luisteraars[2+2*n]); err != nil {
			return nil, fmt.Errorf("%w\nDe demonstratie begint opnieuw als u de map %s weggooit", err, k.m.Naam)
		}
	}
	if err := k.startMagazijn(ctx); err != nil {
		return nil, err
	}
	return k, k.startApplicatie(ctx)
}

// start runs the two registers of an organisation, and fills its register of activities.
func (z *kant) start(ctx context.Context, geheimen map[string]string, log, autorisaties net.Listener) error {
	if err := z.log.schrijf(z.instellingen(z.autorisaties.url(), geheimen), z.bestand("log", geheimen)); err != nil {
		return err
	}
	if err := z.autorisaties.schrijf(nil, z.bestand("autorisaties", geheimen)); err != nil {
		return err
	}
	if err := z.autorisaties.start(ctx, autorisaties); err != nil {
		return err
	}
	if err := z.log.start(ctx, log); err != nil {
		return err
	}
	return z.vul(ctx, z.log.server.Activiteiten())
}

// client is an application at the log of an organisation.
func (z *kant) client(geheimen map[string]string, clientID, systeem, bron string) (*sdk.Client, error) {
	oin := z.oin
	for _, a := range z.applicaties {
		if a.clientID == clientID {
			oin = a.oins[0]
		}
	}
	return sdk.New(sdk.Instellingen{
		URL: z.log.url(), ClientID: clientID, Geheim: []byte(geheimen[geheimVan(z.kort, "log", clientID)]), Organisatie: oin, Systeem: systeem, Gegevensbron: bron,
		HTTP: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute}}, // no proxy: it is on this machine
	})
}

// Secrets by which the applications of the third party sign in at the data store.
const (
	geheimMagazijn = "magazijn/waterschap"
	geheimOud      = "magazijn/waterschap-oud"
)

// startMagazijn serves the data store of the municipality behind its guard.
func (k *Keten) startMagazijn(ctx context.Context) (err error) {
	if k.opslag, err = magazijn.Open(ctx, k.m.Pad(bestandPersonen)); err != nil {
		return err
	}
	log, err := k.gemeente.client(k.geheimen, clientMagazijn, "Gegevensmagazijn 7.1", "Gegevensmagazijn personen")
	if err != nil {
		return err
	}
	afnemer := sdk.Afnemer{OINs: []string{oinDerde}, MagVertrouwelijk: true}
	afnemers, err := sdk.NewTokens(map[string]sdk.TokenClient{
		clientWaterschap: {Geheim: []byte(k.geheimen[geheimMagazijn]), Afnemer: afnemer},
		clientOud:        {Geheim: []byte(k.geheimen[geheimOud]), Afnemer: afnemer},
	})
	if err != nil {
		return err
	}
	vars := sdk.NewVAR(log, sdk.VARInstellingen{})
	// Read once before the first question, so that the log may stop right after the start.
	if _, err := vars.Levering(ctx, oinDerde, magazijn.SetAdres, heffen); err != nil {
		return err
	}
	a, err := sdk.NewAanbieder(sdk.AanbiederInstellingen{
		Log: log, Afnemers: afnemers, Leveringen: k.Boek.Leveringen(vars), Vloer: "P1Y", Maximum: "P10Y",
	})
	if err != nil {
		return err
	}
	k.magazijnURL = "http://" + k.luisteraars[5].Addr().String()
	k.serveer(k.luisteraars[5], k.Boek.Om(waarneming.Magazijn, waarneming.VanVraag, magazijn.Handler(k.opslag, a)))
	return nil
}

// startApplicatie serves the page of the third party.
func (k *Keten) startApplicatie(ctx context.Context) error {
	var clients [3]*sdk.Client
	for n, naam := range []string{clientProces, clientOud} {
		c, err := k.derde.client(k.geheimen, naam, []string{"Procesapplicatie 3.0", "Oude procesapplicatie 1.4"}[n], "Gegevensmagazijn gemeente")
		if err != nil {
			return err
		}
		clients[n] = c
	}
	c, err := k.gemeente.client(k.geheimen, clientWaterschap, "Procesapplicatie 3.0", "")
	if err != nil {
		return err
	}
	clients[2] = c
	for _, z := range []*kant{&k.derde, &k.gemeente} {
		c, err := z.client(k.geheimen, clientToezicht, "Toezicht op het log 1.0", "Verwerkingenlog")
		if err != nil {
			return err
		}
		z.toezicht = c.Bewaakt(sdk.NewTransport(c, sdk.NewVAR(c, sdk.VARInstellingen{})))
	}
	vars := sdk.NewVAR(clients[0], sdk.VARInstellingen{})
	if _, err := vars.Activiteit(ctx, procesapplicatie.Aanslag); err != nil {
		return err
	}
	k.applicatie = procesapplicatie.New(procesapplicatie.Instellingen{
		Log: clients[0], OudLog: clients[1], Functies: k.Boek.Functies(vars), Magazijn: k.magazijnURL,
		Keten:    sdk.Keten{Eigen: clients[0], Anderen: map[string]*sdk.Client{gemeente.naam: clients[2]}},
		Token:    k.token(clientWaterschap, geheimMagazijn),
		OudToken: k.token(clientOud, geheimOud),
	})
	k.URL = "http://" + k.luisteraars[0].Addr().String()
	k.serveer(k.luisteraars[0], procesapplicatie.NewPagina(procesapplicatie.PaginaOpties{
		Applicatie: k.applicatie, Landschap: k, Boek: k.Boek, Adressen: k.adressen(), Versie: k.versie, Logger: k.logger,
	}))
	return nil
}

func (k *Keten) token(clientID, geheim string) func() (string, error) {
	return func() (string, error) {
		return autorisatie.Sign(clientID, []byte(k.geheimen[geheim]), autorisatie.Claims{}, time.Now())
	}
}

// serveer runs a handler on a socket until Close.
func (k *Keten) serveer(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(k.logger.Handler(), slog.LevelWarn)}
	k.servers = append(k.servers, s)
	k.bezig.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			k.logger.Error("socket of the landscape", "oorzaak", err.Error())
		}
	})
}

// Close ends everything, in order: first the page, then the data store, then the logs.
func (k *Keten) Close() error {
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var fouten []error
	for n := len(k.servers) - 1; n >= 0; n-- {
		if err := k.servers[n].Shutdown(grace); err != nil {
			fouten = append(fouten, err, k.servers[n].Close())
		}
	}
	k.bezig.Wait()
	if k.opslag != nil {
		fouten = append(fouten, k.opslag.Close())
	}
	for _, r := range []*register{k.derde.log, k.gemeente.log, k.derde.autorisaties, k.gemeente.autorisaties} {
		if r != nil {
			fouten = append(fouten, r.stop())
		}
	}
	for _, l := range k.luisteraars { // those that nobody took into use
		if l != nil {
			_ = l.Close()
		}
	}
	if k.m != nil {
		k.m.Close()
	}
	return errors.Join(fouten...)
}

// luister takes six addresses: that of the page, and those after it, or free ones. Anything but loopback is refused: what is
// shown is for whoever is at the screen.
func (k *Keten) luister(adres string) error {
	host, poort, err := net.SplitHostPort(adres)
	begin, nrErr := strconv.Atoi(poort)
	if err != nil || nrErr != nil {
		return fmt.Errorf("het adres %q wordt niet begrepen; geef host:poort, zoals 127.0.0.1:8080", adres)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
		return errors.New("de demonstratie luistert alleen op deze machine zelf; kies een adres als 127.0.0.1:8080")
	}
	for n := range k.luisteraars {
		volgende := 0
		if begin != 0 && !k.verplaatst {
			volgende = begin + n
		}
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(volgende)))
		if errors.Is(err, syscall.EADDRINUSE) {
			k.verplaatst = k.verplaatst || n == 0
			l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
		}
		if err != nil {
			return fmt.Errorf("luisteren op %s lukt niet: %w", adres, err)
		}
		k.luisteraars[n] = l
		// The name localhost is what the machine says it is.
		if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			return errors.New("localhost wijst hier niet naar deze machine zelf; kies 127.0.0.1")
		}
	}
	return nil
}
