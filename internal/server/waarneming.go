package server

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// waarneming is what an operator sees beside the figures: refused calls and traces.
type waarneming struct {
	audit   *telemetry.Audit
	bestand *telemetry.Bestand // nil: the audit goes with the log
	sporen  *telemetry.Sporen  // nil: no traces
}

func openWaarneming(c *config.Config, o Opties, m *telemetry.Metrics) (*waarneming, error) {
	w := &waarneming{}
	handler := o.Logger.Handler()
	if c.Audit.Bestand != "" {
		var err error
		if w.bestand, err = telemetry.OpenBestand(c.Audit.Bestand, o.Logger); err != nil {
			return nil, err
		}
		handler = telemetry.New(w.bestand, 0).Handler()
	}
	if !o.Dev || w.bestand != nil { // the screen of the demonstration is for people
		w.audit = telemetry.NewAudit(handler)
	}
	var err error
	w.sporen, err = telemetry.Start(telemetry.OTLP{
		URL: c.Telemetrie.OTLP, HeadersBestand: c.Telemetrie.HeadersBestand, Deel: c.Telemetrie.Deel, Versie: o.Versie,
	}, m, o.Logger)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// aflevertijd is how long stopping waits for a collector that does not answer.
const aflevertijd = 3 * time.Second

func (w *waarneming) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), aflevertijd)
	defer cancel()
	_ = w.sporen.Stop(ctx) // what a collector misses is no reason to stop badly
	w.audit.Close()
	if w.bestand == nil {
		return nil
	}
	return w.bestand.Close()
}

// reopen opens the file of the audit by its name again, for who moved it away.
func (w *waarneming) reopen() error {
	if w.bestand == nil {
		return nil
	}
	return w.bestand.Reopen()
}

// volg puts spans around a store, when there are traces at all.
func volg(s verwerkingenlog.Store, sporen *telemetry.Sporen) verwerkingenlog.Store {
	if sporen == nil {
		return s
	}
	return gevolgd{s, sporen}
}

// gevolgd is a store with a span around each call. A span says which question it was, and nothing of
// what was asked.
type gevolgd struct {
	verwerkingenlog.Store
	sporen *telemetry.Sporen
}

// Append commits a group in a trace of its own, linked to the requests it came from.
func (g gevolgd) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	records := 0
	for _, e := range groep {
		records += len(e.Rijen)
	}
	ctx, end := g.sporen.Vastlegging(ctx, "store append", records, func(yield func(context.Context) bool) {
		for _, e := range groep {
			if e.Verzoek != nil && !yield(e.Verzoek) {
				return
			}
		}
	})
	err := g.Store.Append(ctx, groep)
	end(err)
	return err
}

// Latest passes on, see verwerkingenlog.Store.
func (g gevolgd) Latest(ctx context.Context, oin string, actieID uuid.UUID) (*verwerkingenlog.Rij, error) {
	ctx, end := g.sporen.Vraag(ctx, "store latest")
	rij, err := g.Store.Latest(ctx, oin, actieID)
	end(err)
	return rij, err
}

// Versions passes on, see verwerkingenlog.Store.
func (g gevolgd) Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	ctx, end := g.sporen.Vraag(ctx, "store versions")
	rijen, err := g.Store.Versions(ctx, oin, actieID)
	end(err)
	return rijen, err
}

// Find passes on, see verwerkingenlog.Store.
func (g gevolgd) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	ctx, end := g.sporen.Vraag(ctx, "store find")
	treffers, err := g.Store.Find(ctx, v)
	end(err)
	return treffers, err
}

// Rows passes on, see verwerkingenlog.Store.
func (g gevolgd) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	ctx, end := g.sporen.Vraag(ctx, "store rows")
	rijen, err := g.Store.Rows(ctx, oin, bladen)
	end(err)
	return rijen, err
}
