package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// getuigeConfig are the settings of a witness: few, and none of a register.
type getuigeConfig struct {
	Listen        string `yaml:"listen"`
	URL           string `yaml:"url"`     // where others reach it; its host and path are the name of its key
	Sleutel       string `yaml:"sleutel"` // file; made at the first start
	Map           string `yaml:"map"`     // what it saw
	Onversleuteld bool   `yaml:"onversleuteld"`
	TLS           struct {
		Certificaat string `yaml:"certificaat"`
		Sleutel     string `yaml:"sleutel"`
	} `yaml:"tls"`
	Logs []struct {
		Origin   string   `yaml:"origin"` // "": that of its keys
		Sleutels []string `yaml:"sleutels"`
		URL      string   `yaml:"url"` // of its proof; "": it offers its checkpoints itself
	} `yaml:"logs"`
}

// volgt are the addresses of the logs that the witness looks at by itself, by origin.
func (c *getuigeConfig) volgt() map[string]string {
	m := map[string]string{}
	for _, l := range c.Logs {
		if l.URL != "" {
			m[l.Origin] = strings.TrimRight(l.URL, "/")
		}
	}
	return m
}

// leesGetuigeConfig reads and checks the settings. Errors are Dutch.
func leesGetuigeConfig(pad string) (*getuigeConfig, []getuige.Log, error) {
	c := &getuigeConfig{Listen: "127.0.0.1:8090", Sleutel: "getuige.key", Map: "getuige"}
	f, err := os.Open(pad)
	if err != nil {
		return nil, nil, fmt.Errorf("de instellingen zijn niet te lezen; geef het bestand met --config: %w", err)
	}
	defer f.Close()
	d := yaml.NewDecoder(io.LimitReader(f, 1<<20))
	d.KnownFields(true)
	if err := d.Decode(c); err != nil {
		return nil, nil, fmt.Errorf("%s is niet te begrijpen; zie docs/beheer/getuige.md: %w", pad, err)
	}
	host, _, err := net.SplitHostPort(c.Listen)
	switch {
	case err != nil:
		return nil, nil, errors.New("listen: geef host:poort, bijvoorbeeld 127.0.0.1:8090")
	case !lokaal(host) && c.TLS.Certificaat == "" && !c.Onversleuteld:
		return nil, nil, errors.New("listen: dit adres is buiten deze machine bereikbaar; stel tls.certificaat en tls.sleutel in, of zet onversleuteld op true achter een proxy die versleutelt")
	case (c.TLS.Certificaat == "") != (c.TLS.Sleutel == ""):
		return nil, nil, errors.New("tls.certificaat en tls.sleutel horen bij elkaar; geef beide of geen")
	}
	c.URL = strings.TrimRight(c.URL, "/")
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, nil, errors.New("url: geef het adres waarop anderen de getuige bereiken, bijvoorbeeld https://getuige.buurstad.example")
	}
	var logs []getuige.Log
	gezien := map[string]bool{}
	for i, l := range c.Logs {
		keys, err := bewijs.ParseSleutels(strings.Join(l.Sleutels, "\n"))
		if err != nil {
			return nil, nil, fmt.Errorf("logs: de sleutels van log %d zijn niet te lezen; neem ze over van /bewijs/<oin>/sleutel: %w", i+1, err)
		}
		if l.Origin == "" {
			l.Origin = keys[0].Name()
			c.Logs[i].Origin = l.Origin
		}
		if u, err := url.Parse(l.URL); l.URL != "" && (err != nil || u.Scheme != "https" && (u.Scheme != "http" || !lokaal(u.Hostname()))) {
			return nil, nil, fmt.Errorf("logs: url van log %d begint met https://, of is op deze machine", i+1)
		}
		basis, _ := bewijs.Basis(l.Origin) // each epoch is a log by itself, with the same keys
		for _, k := range keys {
			if k.Name() != basis {
				return nil, nil, fmt.Errorf("logs: een sleutel van log %d is van een andere log; zet elke log apart in de lijst", i+1)
			}
		}
		if gezien[l.Origin] {
			return nil, nil, fmt.Errorf("logs: log %d staat er twee keer; zet alle sleutels van een log bij elkaar", i+1)
		}
		gezien[l.Origin] = true
		logs = append(logs, getuige.Log{Origin: l.Origin, Sleutels: keys})
	}
	return c, logs, nil
}

// lokaal tells whether a host is this machine.
func lokaal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// witness runs a witness of the logs of others until a signal.
func witness(ctx context.Context, args []string, _, stderr io.Writer) error {
	flags := flag.NewFlagSet("verantwoord witness", flag.ContinueOnError)
	flags.SetOutput(stderr)
	pad := flags.String("config", "getuige.yaml", "`BESTAND` met instellingen van de getuige (YAML)")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "verantwoord witness: dit wordt niet begrepen; zie verantwoord witness --help.")
		return errGebruik
	}
	c, logs, err := leesGetuigeConfig(*pad)
	if err != nil {
		return err
	}
	logger := telemetry.New(os.Stderr, slog.LevelInfo)
	_, naam, _ := strings.Cut(c.URL, "://")
	o, kaart, err := getuige.Open(naam, c.Sleutel, c.Map)
	if err != nil {
		return err
	}
	defer kaart.Close()
	g, err := getuige.New(o, logs, kaart, time.Now)
	if err != nil {
		return fmt.Errorf("wat de getuige eerder zag is beschadigd; zet een goede kopie van de map terug, of begin met een nieuwe sleutel en een lege map: %w", err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return err
	}
	tls, err := server.Certificaten(ctx, config.TLS{Certificaat: c.TLS.Certificaat, Sleutel: c.TLS.Sleutel}, logger)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("luisteren op %s lukt niet: %w", c.Listen, err)
	}
	h := &http.Server{
		Handler: dienst.Handler(g, u.Path, logger), TLSConfig: tls,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	if m := c.volgt(); len(m) > 0 {
		go dienst.NewVolger(g, m, logger).Run(ctx)
	}
	served := make(chan error, 1)
	go func() {
		if tls != nil {
			served <- h.ServeTLS(l, "", "")
			return
		}
		served <- h.Serve(l)
	}()
	logger.Info("ready", "adres", l.Addr().String(), "url", c.URL, "sleutel", o.Publiek(), "logs", len(logs), "tls", tls != nil)
	select {
	case err = <-served:
	case <-ctx.Done():
		einde, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = h.Shutdown(einde)
	}
	logger.Info("stopped")
	return err
}
