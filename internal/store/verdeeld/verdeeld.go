// Package verdeeld places organisations on several engines. The organisation is the shard: everything the
// log keeps of one stands on one engine, in one tree, so no transaction and no question ever crosses two.
//
// Which organisation stands where is the operator's map (organisaties.<oin>.store); what is not in it stands
// on the main engine, which also keeps what is not the log (applications). An engine that is down costs its
// own organisations their answer and nobody else's, as long as each engine has a committer of its own.
package verdeeld

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Deel is an engine with the log of some organisations.
type Deel interface {
	verwerkingenlog.Store
	verwerkingenlog.Hersleutelaar
	betrokkene.Vervaller
	Zegels(ctx context.Context, oin string) (map[uint16]uint64, error)
	Ready(ctx context.Context) error
	Achterstand() int
	Close() error
}

// Store is the log of all organisations, each on its own engine.
type Store struct {
	hoofd Deel
	per   map[string]Deel // by OIN; what is missing is on hoofd
	delen []Deel          // each once, hoofd first
}

var _ Deel = (*Store)(nil)

// New makes one of engines that are open. It closes them all in the end.
func New(hoofd Deel, per map[string]Deel) *Store {
	s := &Store{hoofd: hoofd, per: per, delen: []Deel{hoofd}}
	seen := map[Deel]bool{hoofd: true}
	for _, d := range per {
		if !seen[d] {
			seen[d] = true
			s.delen = append(s.delen, d)
		}
	}
	return s
}

// Op gives the engine of an organisation.
func (s *Store) Op(oin string) Deel {
	if d := s.per[oin]; d != nil {
		return d
	}
	return s.hoofd
}

// Append implements verwerkingenlog.Store. Units of several engines are written beside each other; what
// fails on one engine is the error of its units alone.
func (s *Store) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	if len(groep) == 0 {
		return nil
	}
	eerste, zelfde := s.Op(groep[0].OIN), true
	for _, e := range groep[1:] {
		zelfde = zelfde && s.Op(e.OIN) == eerste
	}
	if zelfde {
		return eerste.Append(ctx, groep)
	}
	per := map[Deel][]*verwerkingenlog.Eenheid{}
	for _, e := range groep {
		per[s.Op(e.OIN)] = append(per[s.Op(e.OIN)], e)
	}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		lost error
	)
	for d, deel := range per {
		wg.Go(func() {
			err := d.Append(ctx, deel)
			if err == nil {
				return
			}
			if errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
				mu.Lock()
				defer mu.Unlock()
				lost = errors.Join(lost, err)
			}
			if !errors.Is(err, fout.NietBeschikbaar) { // what the engine says of that itself tells more
				err = fout.Wrap(fout.CodeNietBeschikbaar, "Het register kan nu niets opslaan; probeer het later opnieuw.", err)
			}
			for _, e := range deel {
				e.Err = err
			}
		})
	}
	wg.Wait()
	return lost
}

// Latest implements verwerkingenlog.Store.
func (s *Store) Latest(ctx context.Context, oin string, actieID uuid.UUID) (*verwerkingenlog.Rij, error) {
	return s.Op(oin).Latest(ctx, oin, actieID)
}

// Versions implements verwerkingenlog.Store.
func (s *Store) Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	return s.Op(oin).Versions(ctx, oin, actieID)
}

// Find implements verwerkingenlog.Store.
func (s *Store) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	return s.Op(v.OIN).Find(ctx, v)
}

// Rows implements verwerkingenlog.Store.
func (s *Store) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	return s.Op(oin).Rows(ctx, oin, bladen)
}

// Size implements verwerkingenlog.Store.
func (s *Store) Size(ctx context.Context, oin string) (uint64, error) {
	return s.Op(oin).Size(ctx, oin)
}

// Knopen implements verwerkingenlog.Hersleutelaar.
func (s *Store) Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	return s.Op(oin).Knopen(ctx, oin, indexes)
}

// Vingerafdrukken implements betrokkene.Vingerafdrukken.
func (s *Store) Vingerafdrukken(ctx context.Context, oin string) (map[string]string, error) {
	return s.Op(oin).Vingerafdrukken(ctx, oin)
}

// BewaarVingerafdrukken implements betrokkene.Vingerafdrukken.
func (s *Store) BewaarVingerafdrukken(ctx context.Context, oin string, nieuw map[string]string) error {
	return s.Op(oin).BewaarVingerafdrukken(ctx, oin, nieuw)
}

// VervangVingerafdruk implements betrokkene.Vervaller.
func (s *Store) VervangVingerafdruk(ctx context.Context, oin, naam, was, wordt string) (bool, error) {
	return s.Op(oin).VervangVingerafdruk(ctx, oin, naam, was, wordt)
}

// Zegels counts the versions of an organisation by the number of the zegel key that they are under.
func (s *Store) Zegels(ctx context.Context, oin string) (map[uint16]uint64, error) {
	return s.Op(oin).Zegels(ctx, oin)
}

// Ready tells whether the main engine can be used: without it nobody's rights are known. That another one
// is down is told by the answers of its own organisations, and must not take this node from the others.
func (s *Store) Ready(ctx context.Context) error { return s.hoofd.Ready(ctx) }

// Achterstand adds up what is not indexed yet.
func (s *Store) Achterstand() (n int) {
	for _, d := range s.delen {
		n += d.Achterstand()
	}
	return n
}

// Close closes every engine.
func (s *Store) Close() error {
	var errs []error
	for k, d := range s.delen {
		if err := d.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close engine %d: %w", k, err))
		}
	}
	return errors.Join(errs...)
}
