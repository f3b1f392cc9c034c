package dienst

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// VolgTempo is how often logs are looked at; a public checkpoint comes once an hour.
const VolgTempo = 10 * time.Minute

// maxGelezen bounds what is read of a log, in bytes.
const maxGelezen = 64 << 10

// Volger has a witness look at logs by itself, so that what it saw does not depend on what is offered to it.
type Volger struct {
	client  *Client
	g       *getuige.Getuige
	logger  *slog.Logger
	logs    map[string]string // address by origin
	gezien  map[string]string // newest checkpoint that was looked at, by origin
	gezegde map[string]string // what was told, by origin
}

// NewVolger makes one. logs has, by origin, the address of the proof of a log (https://…/bewijs/<oin>).
func NewVolger(g *getuige.Getuige, logs map[string]string, logger *slog.Logger) *Volger {
	return &Volger{NewClient(nil), g, logger, logs, map[string]string{}, map[string]string{}}
}

// Run looks until ctx ends.
func (v *Volger) Run(ctx context.Context) {
	klok := time.NewTicker(VolgTempo)
	defer klok.Stop()
	for {
		v.Kijk(ctx)
		select {
		case <-ctx.Done():
			return
		case <-klok.C:
		}
	}
}

// Kijk looks at every log once. What goes wrong is told when it is something else than before.
func (v *Volger) Kijk(ctx context.Context) {
	for origin, url := range v.logs {
		err := v.een(ctx, origin, url)
		if ctx.Err() != nil {
			return
		}
		zin := ""
		if err != nil {
			zin = err.Error()
		}
		if zin != "" && zin != v.gezegde[origin] {
			niveau := slog.LevelWarn
			var botsing *getuige.Botsing
			if errors.As(err, &botsing) || errors.Is(err, bewijs.ErrBewijs) { // at its own address, with its own proof
				niveau = slog.LevelError
			}
			v.logger.Log(ctx, niveau, "follow log", "log", origin, "oorzaak", zin)
		}
		v.gezegde[origin] = zin
	}
}

func (v *Volger) een(ctx context.Context, origin, url string) error {
	tekst, err := v.haal(ctx, url+"/checkpoint")
	if err != nil || string(tekst) == v.gezien[origin] {
		return err
	}
	kop, _, _ := strings.Cut(string(tekst), "\n\n")
	c, err := bewijs.ParseCheckpoint(kop + "\n")
	if err == nil && c.Origin != origin {
		err = errors.New("another log is there")
	}
	if err != nil {
		return err
	}
	var oud uint64
	for _, l := range v.g.Logs() {
		if l.Origin == origin {
			oud = l.Grootte
		}
	}
	if oud > c.Grootte {
		// It may be an older one that something in between kept; with its signature it is told all the same.
		oud = c.Grootte
	}
	vraag := &getuige.Verzoek{Oud: oud, Checkpoint: tekst}
	if oud > 0 && oud < c.Grootte {
		b, err := v.haal(ctx, fmt.Sprintf("%s/consistentie?van=%d&tot=%d", url, oud, c.Grootte))
		if err == nil {
			vraag.Pad, err = bewijs.ParsePad(b)
		}
		if err != nil {
			return err
		}
	}
	if _, err = v.g.Voeg(vraag.Tekst()); err == nil {
		v.gezien[origin] = string(tekst)
	}
	return err
}

// haal reads what a log gives to everybody.
func (v *Volger) haal(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := v.client.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, Status(res.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxGelezen+1))
	if err == nil && len(b) > maxGelezen {
		err = errors.New("the answer is too large")
	}
	return b, err
}
