// Package demo runs a register that is filled with a fictitious municipality: `verantwoord dev`.
//
// It starts the same register as `serve` does (internal/server), on loopback only and on a store of
// its own, and fills it once through the Bewerking API with the tokens of eight applications, as
// real software would. Then it prints addresses, tokens and commands to paste, and serves.
//
// What is logged comes from a script that is drawn from one seed and the present moment: the same
// two give the same script, with times in the year before that moment. Residents are numbers only
// (B3238): test BSNs starting with 9999, which nobody has. A file per domain holds its stories;
// activiteiten.go is the table of purposes and grounds behind them.
//
// The directory of a demonstration belongs to it: a note in it says so, and without that note
// nothing in a directory is ever touched. A filling that was interrupted begins anew, with a clean
// store. Secrets are random and made once; they and the keys are readable by the owner alone.
//
// Only a build with the tag dev imports this (contracts: a release build has no dev).
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/server"
)

// The organisations of the demonstration; 00000099 is the prefix of test numbers (B0516).
const (
	oinGemeente   = "00000099123456780000"
	oinWaterschap = "00000099234567890000"
	// These two have no log here, and a name in the settings: they occur as uitvoerder and as afnemer.
	oinBelastingsamenwerking = "00000099345678910000"
	oinZorgaanbieder         = "00000099456789120000"
)

// zaad decides, together with the moment of filling, everything that is logged.
const zaad = 99991234

// Opties are what the caller chooses.
type Opties struct {
	Map       string // directory of the demonstration
	Listen    string // host:port, on loopback; a taken port is replaced by a free one
	Programma string // how this program is called, for the printed commands
	Versie    string
	Logger    *slog.Logger
}

// Run starts, fills when that has not been done, prints to w and serves until ctx ends, which is no
// error. Errors are for the person at the keyboard: Dutch where that person can mend it.
func Run(ctx context.Context, o Opties, w io.Writer) error {
	begin := time.Now()
	l, verplaatst, err := listen(o.Listen)
	if err != nil {
		return err
	}
	m, err := openMap(o.Map)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer m.Close()
	vak := &postvak{}
	s, b, err := start(ctx, m, l, o, vak)
	if err != nil {
		err = errors.Join(err, l.Close())
		if ctx.Err() != nil {
			return onderbroken(w)
		}
		return err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx, l) }()

	u := uitleg{
		url: "http://" + l.Addr().String(), programma: o.Programma, dir: m.Naam, verplaatst: verplaatst,
		proxy: os.Getenv("http_proxy")+os.Getenv("all_proxy")+os.Getenv("ALL_PROXY") != "",
		nu:    time.Now(), starten: time.Since(begin),
	}
	vol := make(chan error, 1)
	go func() { // beside what follows: it mostly waits
		err := vulMensen(ctx, s, vak, m)
		if err == nil {
			err = vulRegister(ctx, s, u.nu)
		}
		if err == nil {
			err = vulDomeinen(ctx, s)
		}
		vol <- err
	}()
	err = prepare(ctx, m, b, &u)
	if err = errors.Join(err, <-vol); err != nil {
		interrupted := ctx.Err() != nil
		cancel()
		if stopErr := <-stopped; !interrupted || stopErr != nil {
			return errors.Join(err, stopErr)
		}
		return onderbroken(w)
	}
	if _, err := u.WriteTo(w); err != nil {
		cancel()
		return errors.Join(fmt.Errorf("print explanation: %w", err), <-stopped)
	}
	if err := <-stopped; err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, "# Gestopt. Wat is vastgelegd, staat er de volgende keer nog.")
	return err
}

// onderbroken tells that the work was stopped before there was anything to show.
func onderbroken(w io.Writer) error {
	_, err := fmt.Fprintln(w, "# Onderbroken; de volgende start maakt het af.")
	return err
}

// start writes what the register needs and opens it.
func start(ctx context.Context, m *demoMap, l net.Listener, o Opties, vak *postvak) (*server.Server, *autorisatie.Bestand, error) {
	adres, geheim := l.Addr().String(), newGeheim()
	if err := m.write(adres, geheim); err != nil {
		return nil, nil, err
	}
	inloggen, err := newInlogdienst("http://"+adres, geheim)
	if err != nil {
		return nil, nil, err
	}
	// The environment is left out: it may point at the store of a real register.
	c, err := config.Load(m.Pad(bestandConfig), func(string) string { return "" }, nil)
	if err != nil {
		return nil, nil, err
	}
	b, err := autorisatie.Load(c.Applicaties)
	if err != nil {
		return nil, nil, err
	}
	s, err := server.Open(ctx, c, b, server.Opties{
		Versie: o.Versie, Dev: true, Logger: o.Logger, Relays: []post.Relay{vak}, Paginas: paginas(vak, inloggen),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%w\nDe demonstratie begint opnieuw als u de map %s weggooit", err, m.Naam)
	}
	return s, b, nil
}

// prepare fills the register when it is new; otherwise it puts back what the printed commands
// changed, so that they show the same again.
func prepare(ctx context.Context, m *demoMap, b *autorisatie.Bestand, u *uitleg) error {
	t, err := newTokens(b, u.nu)
	if err != nil {
		return err
	}
	u.tokens = t
	v := newVuller(u.url, t)
	defer v.close()
	if m.gevuld() {
		return v.patch(ctx, fraudeonderzoek.clientID, lopendOnderzoek, map[string]string{"vertrouwelijkheid": "vertrouwelijk"},
			"Demonstratie opnieuw gestart")
	}
	begin := time.Now()
	verhalen, err := newDraaiboek(zaad, u.nu)
	if err != nil {
		return err
	}
	if u.acties, err = v.fill(ctx, verhalen); err != nil {
		return fmt.Errorf("vullen is niet gelukt; de volgende start begint opnieuw: %w", err)
	}
	u.vullen = time.Since(begin)
	return m.markeerGevuld()
}

// listen takes the address, or a free port beside it when it is taken; verplaatst tells which of
// the two. Anything but loopback is refused: the tokens are printed for whoever is at the screen.
func listen(adres string) (l net.Listener, verplaatst bool, err error) {
	host, _, err := net.SplitHostPort(adres)
	if err != nil {
		return nil, false, fmt.Errorf("het adres %q wordt niet begrepen; geef host:poort, zoals 127.0.0.1:8080", adres)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
		return nil, false, errors.New("de demonstratie luistert alleen op deze machine zelf; kies een adres als 127.0.0.1:8080")
	}
	l, err = net.Listen("tcp", adres)
	if errors.Is(err, syscall.EADDRINUSE) {
		verplaatst = true
		l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, false, fmt.Errorf("luisteren op %s lukt niet: %w", adres, err)
	}
	// The name localhost is what the machine says it is.
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		return nil, false, errors.Join(errors.New("localhost wijst hier niet naar deze machine zelf; kies 127.0.0.1"), l.Close())
	}
	return l, verplaatst, nil
}
