package keten

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/demo/proefmap"
	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/internal/server"
)

// register is a whole Verantwoord on a socket of its own: a log, or an Autorisatiecomponent. It can be stopped and started on
// the same address, as a machine can.
type register struct {
	plaats string // of what is noted
	dir    string
	adres  string // host:port, once it listened
	boek   *waarneming.Boek
	logger *slog.Logger
	versie string

	mu     sync.Mutex
	server *server.Server // nil: stopped
	http   *http.Server
	klaar  chan struct{} // closed when serving ended
}

// Files of a register.
const (
	bestandConfig      = "verantwoord.yaml"
	bestandApplicaties = "applicaties.yaml"
)

func (r *register) url() string { return "http://" + r.adres }

// schrijf writes the configuration and the applications of the register.
func (r *register) schrijf(instellingen map[string]any, applicaties any) error {
	c := map[string]any{
		"listen": r.adres, "url": r.url(), "store": "sqlite:" + filepath.Join(r.dir, "store"), "sleutels": filepath.Join(r.dir, "sleutels"),
		"applicaties": filepath.Join(r.dir, bestandApplicaties),
	}
	for k, v := range instellingen {
		c[k] = v
	}
	if err := proefmap.SchrijfYAML(filepath.Join(r.dir, bestandApplicaties), applicaties); err != nil {
		return err
	}
	return proefmap.SchrijfYAML(filepath.Join(r.dir, bestandConfig), c)
}

// start opens the register and serves it on l, or on the address that it had when l is nil. One that runs is left alone.
func (r *register) start(ctx context.Context, l net.Listener) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil {
		return nil
	}
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", r.adres); err != nil {
			return fmt.Errorf("luisteren op %s lukt niet: %w", r.adres, err)
		}
	}
	// The environment is left out: it may point at the store of a real register.
	c, err := config.Load(filepath.Join(r.dir, bestandConfig), func(string) string { return "" }, nil)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	b, err := autorisatie.Load(c.Applicaties)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	s, err := server.Open(ctx, c, b, server.Opties{Versie: r.versie, Dev: true, Logger: r.logger})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	r.server, r.klaar = s, make(chan struct{})
	r.http = &http.Server{Handler: r.boek.Om(r.plaats, waarneming.VanActie, s.Handler()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(r.logger.Handler(), slog.LevelWarn)}
	go func(h *http.Server, klaar chan struct{}) {
		defer close(klaar)
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			r.logger.Error("register of the landscape", "plaats", r.plaats, "oorzaak", err.Error())
		}
	}(r.http, r.klaar)
	return nil
}

// stop ends serving, in order: what is under way is answered, the queue drains, the store closes. One that is stopped is left
// alone.
func (r *register) stop() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server == nil {
		return nil
	}
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := r.http.Shutdown(grace)
	if err != nil {
		err = errors.Join(err, r.http.Close())
	}
	<-r.klaar
	err = errors.Join(err, r.server.Close())
	r.server, r.http = nil, nil
	return err
}

// draait tells whether it answers.
func (r *register) draait() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.server != nil
}
