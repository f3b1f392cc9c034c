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

// vondst is a Treffer in the making: how an actie stands under the keys seen so far.
type vondst struct {
	verwerkingenlog.Treffer
	toen bool // Toen is known
}

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
	gevonden := map[uuid.UUID]*vondst{}
	for _, l := range onder {
		for i := range l {
			f := gevonden[l[i].actie]
			if f == nil {
				f = &vondst{Treffer: verwerkingenlog.Treffer{ActieID: l[i].actie}}
				f.Nu = l[i].stand(0)
				gevonden[l[i].actie] = f
			} else {
				f.Nu = newest(f.Nu, &l[i])
			}
			if l[i].blad < v.Tot {
				if f.toen {
					f.Toen = newest(f.Toen, &l[i])
				} else {
					f.toen, f.Toen = true, l[i].stand(0)
				}
			}
		}
	}
	treffers := make([]verwerkingenlog.Treffer, 0, len(gevonden))
	for _, f := range gevonden {
		if !f.toen {
			continue
		}
		if v.MetActiviteit {
			if err := s.lees.activiteitVan(ctx, o, f.Nu.Blad, &f.Activiteit); err != nil {
				return nil, err
			}
		}
		treffers = append(treffers, f.Treffer)
	}
	return treffers, nil
}

// newest is the newer of two versions; under two keys the same version counts for both.
func newest(st verwerkingenlog.Stand, v *vermelding) verwerkingenlog.Stand {
	switch {
	case v.blad > st.Blad:
		return v.stand(0)
	case v.blad == st.Blad:
		return v.stand(uint32(st.Aantal))
	}
	return st
}

func (v *vermelding) stand(erbij uint32) verwerkingenlog.Stand {
	return verwerkingenlog.Stand{
		Blad: v.blad, Tijdstip: v.tijdstip, Staat: v.staat,
		Aantal: uint16(min(v.aantal+erbij, math.MaxUint16)),
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
