package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Find implements verwerkingenlog.Store.
func (s *Store) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	o, err := s.organisatie(v.OIN)
	if err != nil {
		return nil, err
	}
	onder, err := s.search(ctx, o, v.Soort, unique(v.Sleutels))
	if err != nil {
		return nil, err
	}
	vondsten := verwerkingenlog.NewVondsten(v.Tot)
	for _, l := range onder {
		for i := range l {
			vondsten.Add(l[i].actie, l[i].stand(), uuid.Nil)
		}
	}
	treffers := vondsten.Treffers()
	if v.MetActiviteit {
		for i := range treffers {
			if err := s.lees.activiteitVan(ctx, o, treffers[i].Nu.Blad, &treffers[i].Activiteit); err != nil {
				return nil, err
			}
		}
	}
	return treffers, nil
}

func (v *vermelding) stand() verwerkingenlog.Stand {
	return verwerkingenlog.Stand{
		Blad: v.blad, Tijdstip: v.tijdstip, Staat: v.staat, Aantal: uint16(min(v.aantal, math.MaxUint16)),
	}
}

func unique(sleutels [][16]byte) [][16]byte {
	if len(sleutels) < 2 {
		return sleutels
	}
	seen := make(map[[16]byte]bool, len(sleutels))
	var l [][16]byte
	for _, k := range sleutels {
		if !seen[k] {
			seen[k] = true
			l = append(l, k)
		}
	}
	return l
}

// activiteitVan reads the activity of a version; a version that was purged meanwhile has none.
func (l *lezer) activiteitVan(ctx context.Context, o *organisatie, blad uint64, dst *uuid.UUID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var b []byte
	err := l.activiteit.QueryRowContext(context.WithoutCancel(ctx), versieNr(o.nr, blad)).Scan(&b)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read activity: %w", err)
	}
	copy(dst[:], b)
	return nil
}
