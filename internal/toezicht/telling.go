package toezicht

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Telling is how many records of an activity the log holds on a day. A record counts by its newest version, and not at all when
// that is vervallen.
type Telling struct {
	Activiteit uuid.UUID        // as logged; zero: none was given
	Dag        activiteit.Datum // of its tijdstip, in Europe/Amsterdam
	Aantal     int64
}

// Opslag keeps the counts. They are derived: without them a Teller begins anew.
type Opslag interface {
	// Stand is the number of leaves that were counted.
	Stand(ctx context.Context, oin string) (uint64, error)
	// Tel adds the differences and moves the stand from van to tot, in one transaction. fout.Gelijktijdig: another node
	// counted meanwhile, and nothing was done.
	Tel(ctx context.Context, oin string, van, tot uint64, verschillen []Telling) error
	// Tellingen gives every count from a day on that is not zero; without a day all.
	Tellingen(ctx context.Context, oin string, van activiteit.Datum) ([]Telling, error)
}

// Log is what is read of the log: see verwerkingenlog.Store.
type Log interface {
	Size(ctx context.Context, oin string) (uint64, error)
	Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error)
	Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error)
}

// Teller follows the log.
type Teller struct {
	log    Log
	opslag Opslag
	oins   []string
	meld   func(error)
}

// NewTeller makes a Teller; meld takes what goes wrong in the background.
func NewTeller(l Log, o Opslag, oins []string, meld func(error)) *Teller {
	return &Teller{l, o, oins, meld}
}

// groep bounds how many leaves are read and counted at once; adem is the pause after each in the background. Together
// at most 4,000 a second: who counts never takes much from who logs.
const (
	groep = 1000
	adem  = 250 * time.Millisecond
)

// Run counts until ctx ends, and looks for more after each pause.
func (t *Teller) Run(ctx context.Context, pauze time.Duration) {
	kapot := false
	for klok := time.NewTicker(pauze); ; {
		var err error
		for _, oin := range t.oins {
			err = errors.Join(err, t.tel(ctx, oin, adem))
		}
		if err != nil && !kapot && ctx.Err() == nil {
			t.meld(fmt.Errorf("count records by activity: %w", err))
		}
		kapot = err != nil
		select {
		case <-ctx.Done():
			klok.Stop()
			return
		case <-klok.C:
		}
	}
}

// Tel counts at once what came since. That another node does so too is no error.
func (t *Teller) Tel(ctx context.Context, oin string) error { return t.tel(ctx, oin, 0) }

func (t *Teller) tel(ctx context.Context, oin string, adem time.Duration) error {
	grootte, err := t.log.Size(ctx, oin)
	if err != nil {
		return err
	}
	van, err := t.opslag.Stand(ctx, oin)
	for err == nil && van < grootte {
		tot := min(van+groep, grootte)
		var verschillen []Telling
		if verschillen, err = t.verschillen(ctx, oin, van, tot); err != nil {
			return err
		}
		err = t.opslag.Tel(ctx, oin, van, tot, verschillen)
		van = tot
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(adem):
		}
	}
	if errors.Is(err, fout.Gelijktijdig) {
		return nil
	}
	return err
}

// plek is what is counted together.
type plek struct {
	activiteit uuid.UUID
	dag        activiteit.Datum
}

// verschillen tells what the leaves from van to tot add and take away.
func (t *Teller) verschillen(ctx context.Context, oin string, van, tot uint64) ([]Telling, error) {
	bladen := make([]uint64, 0, tot-van)
	for b := van; b < tot; b++ {
		bladen = append(bladen, b)
	}
	rijen, err := t.log.Rows(ctx, oin, bladen)
	if err != nil {
		return nil, err
	}
	som := map[plek]int64{}
	for _, r := range rijen {
		if r == nil { // purged
			continue
		}
		if !r.Staat.Vervallen() {
			som[plekVan(r)]++
		}
		if r.Nummer == 1 {
			continue
		}
		vorige, err := t.vorige(ctx, oin, r)
		if err != nil {
			return nil, err
		}
		if vorige != nil && !vorige.Staat.Vervallen() {
			som[plekVan(vorige)]--
		}
	}
	uit := make([]Telling, 0, len(som))
	for p, n := range som {
		if n != 0 {
			uit = append(uit, Telling{p.activiteit, p.dag, n})
		}
	}
	return uit, nil
}

// vorige is the version before r; nil when the actie was purged.
func (t *Teller) vorige(ctx context.Context, oin string, r *verwerkingenlog.Rij) (*verwerkingenlog.Rij, error) {
	versies, err := t.log.Versions(ctx, oin, r.ActieID)
	if errors.Is(err, fout.NietGevonden) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, v := range versies {
		if v.Nummer == r.Nummer-1 {
			return v, nil
		}
	}
	return nil, nil
}

func plekVan(r *verwerkingenlog.Rij) plek {
	return plek{r.Activiteit, activiteit.DatumVan(time.UnixMicro(r.Tijdstip))}
}
