package sqlite

import (
	"context"
	"slices"

	"github.com/google/uuid"

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
	rijen := make([]*verwerkingenlog.Rij, len(bladen))
	for i, blad := range bladen {
		if blad >= o.grootte.Load() {
			return nil, fout.NietGevonden
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if rijen[i], err = s.lees.rij(ctx, o, blad); err != nil {
			return nil, err
		}
	}
	return rijen, nil
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
	r, err := s.lees.rij(ctx, o, v.blad)
	if err == nil && r == nil {
		err = fout.NietGevonden
	}
	return r, err
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
	var rijen []*verwerkingenlog.Rij
	for _, v := range onder[0] {
		r, err := s.lees.rij(ctx, o, v.blad)
		if err != nil {
			return nil, err
		}
		if r != nil {
			rijen = append(rijen, r)
		}
	}
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
