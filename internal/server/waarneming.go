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

// volg counts the questions to a store, and puts spans around them when there are traces at all.
func volg(s verwerkingenlog.Store, sporen *telemetry.Sporen, metrics *telemetry.Metrics) verwerkingenlog.Store {
	return gevolgd{s, sporen, metrics}
}

// gevolgd is a store of which each question is counted, with a span around each call. Both say which question it was, and
// nothing of what was asked or for whom.
type gevolgd struct {
	verwerkingenlog.Store
	sporen  *telemetry.Sporen
	metrics *telemetry.Metrics
}

// vraag begins a question; the function ends it, with how many versions it gave.
func (g gevolgd) vraag(ctx context.Context, soort string) (context.Context, func(versies int, err error)) {
	ctx, end := g.sporen.Vraag(ctx, "store "+soort)
	return ctx, func(versies int, err error) {
		g.metrics.Gelezen(soort, versies)
		end(err)
	}
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
	ctx, end := g.vraag(ctx, "latest")
	rij, err := g.Store.Latest(ctx, oin, actieID)
	end(een(rij), err)
	return rij, err
}

// Versions passes on, see verwerkingenlog.Store.
func (g gevolgd) Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	ctx, end := g.vraag(ctx, "versions")
	rijen, err := g.Store.Versions(ctx, oin, actieID)
	end(len(rijen), err)
	return rijen, err
}

// Find passes on, see verwerkingenlog.Store.
func (g gevolgd) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	ctx, end := g.vraag(ctx, "find")
	treffers, err := g.Store.Find(ctx, v)
	end(0, err)
	return treffers, err
}

// Rows passes on, see verwerkingenlog.Store.
func (g gevolgd) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	ctx, end := g.vraag(ctx, "rows")
	rijen, err := g.Store.Rows(ctx, oin, bladen)
	end(len(rijen), err)
	return rijen, err
}

func een(r *verwerkingenlog.Rij) int {
	if r == nil {
		return 0
	}
	return 1
}
