package sqlite

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Size implements verwerkingenlog.Store.
func (s *Store) Size(_ context.Context, oin string) (uint64, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return 0, err
	}
	return o.grootte.Load(), nil
}

// Rows implements verwerkingenlog.Store.
func (s *Store) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	for _, blad := range bladen {
		if blad >= o.grootte.Load() {
			return nil, fout.NietGevonden
		}
	}
	return s.lees.rijen(ctx, o, bladen)
}

// Latest implements verwerkingenlog.Store.
func (s *Store) Latest(ctx context.Context, oin string, actieID uuid.UUID) (*verwerkingenlog.Rij, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	v, err := s.latest(ctx, o, actieID)
	if err != nil {
		return nil, err
	}
	l, err := s.rijen(ctx, o, []uint64{v.blad})
	if err != nil {
		return nil, err
	}
	if l[0] == nil {
		return nil, fout.NietGevonden
	}
	return l[0], nil
}

// rijen reads versions with their leaf hashes, in this order; nil for one that is not there (any more). It fails when the tree has no
// such leaf.
func (s *Store) rijen(ctx context.Context, o *organisatie, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	rijen, err := s.lees.rijen(ctx, o, bladen)
	if err != nil {
		return nil, err
	}
	knopen := make([]uint64, len(bladen))
	for i, blad := range bladen {
		knopen[i] = bewijs.AantalKnopen(blad)
	}
	hashes, err := s.knopen(ctx, o, knopen)
	if err != nil {
		return nil, err
	}
	for i, r := range rijen {
		if r != nil {
			r.BladHash = hashes[i]
		}
	}
	return rijen, nil
}

// latest tells where the newest version of an actie stands; fout.NietGevonden.
func (s *Store) latest(ctx context.Context, o *organisatie, actieID uuid.UUID) (vermelding, error) {
	onder, err := s.search(ctx, o, soortActie, [][16]byte{actieID})
	if err != nil {
		return vermelding{}, err
	}
	if len(onder[0]) == 0 {
		return vermelding{}, fout.NietGevonden
	}
	return slices.MaxFunc(onder[0], byBlad), nil
}

// Versions implements verwerkingenlog.Store.
func (s *Store) Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	onder, err := s.search(ctx, o, soortActie, [][16]byte{actieID})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(onder[0], byBlad)
	bladen := make([]uint64, len(onder[0]))
	for i := range bladen {
		bladen[i] = onder[0][i].blad
	}
	rijen, err := s.rijen(ctx, o, bladen)
	if err != nil {
		return nil, err
	}
	rijen = slices.DeleteFunc(rijen, func(r *verwerkingenlog.Rij) bool { return r == nil })
	if len(rijen) == 0 {
		return nil, fout.NietGevonden
	}
	return rijen, nil
}

func byBlad(a, b vermelding) int {
	switch {
	case a.blad < b.blad:
		return -1
	case a.blad > b.blad:
		return 1
	}
	return 0
}
