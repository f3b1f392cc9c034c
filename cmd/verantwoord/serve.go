package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// serve runs the register until a signal; it stops in order and loses nothing.
func serve(ctx context.Context, args []string, _, stderr io.Writer) error {
	c, err := parseConfig("serve", args, stderr, nil)
	if err != nil {
		return err
	}
	if c.Applicaties == "" {
		return errors.New("er is geen bestand met applicaties, dus niemand zou iets mogen; zet VERANTWOORD_APPLICATIES of de sleutel applicaties")
	}
	b, err := autorisatie.Load(c.Applicaties)
	if err != nil {
		return err
	}
	logger := telemetry.New(os.Stderr, c.LogNiveau)
	oins := make([]string, len(b.Organisaties))
	for k, o := range b.Organisaties {
		oins[k] = o.OIN
	}
	for _, w := range append(b.Waarschuwingen, c.Waarschuwingen(oins...)...) {
		logger.Warn(w)
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	// The address is taken before the store is opened: a second one fails without touching anything.
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("luisteren op %s lukt niet: %w", c.Listen, err)
	}
	s, err := server.Open(ctx, c, b, server.Opties{Versie: versie, Logger: logger})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	for _, oin := range oins {
		for _, g := range s.Activiteiten().Ontbreekt(oin) {
			logger.Warn(g.Tekst, "organisatie", oin, "pagina", g.Pad)
		}
	}
	go herlaad(ctx, hup, s)
	logger.Info("ready", "adres", l.Addr().String(), "url", c.URL, "versie", versie, "tls", s.Versleuteld(), "clientcertificaat", clientcertificaat(c))
	err = s.Run(ctx, l)
	logger.Info("stopped")
	return err
}

// herlaad takes changed files into use at each SIGHUP; serve notices a change by itself as well.
func herlaad(ctx context.Context, hup <-chan os.Signal, s *server.Server) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			s.Herlaad()
		}
	}
}

// clientcertificaat says how certificates of clients come in, if they do.
func clientcertificaat(c *config.Config) string {
	switch {
	case c.TLS.Client == config.ClientUit:
		return config.ClientUit
	case c.Proxy.Header != "":
		return c.TLS.Client + ", van de proxy"
	case c.TLS.ClientCA != "":
		return c.TLS.Client
	}
	return config.ClientUit
}

// parseConfig reads the flags of a subcommand, --config among them, and the configuration. more adds
// flags of its own.
func parseConfig(naam string, args []string, stderr io.Writer, more func(*flag.FlagSet)) (*config.Config, error) {
	flags := flag.NewFlagSet("verantwoord "+naam, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Gebruik: verantwoord %s [opties]\n", naam)
		flags.PrintDefaults()
	}
	path := flags.String("config", "", "`BESTAND` met instellingen (YAML); de omgeving gaat voor")
	if more != nil {
		more(flags)
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil, err
	} else if err != nil {
		return nil, errGebruik
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "verantwoord %s: %q wordt niet begrepen; zie verantwoord %s --help.\n", naam, flags.Arg(0), naam)
		return nil, errGebruik
	}
	return config.Load(*path, os.Getenv, os.Environ())
}
