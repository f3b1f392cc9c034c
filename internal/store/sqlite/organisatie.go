package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// organisatie is what the store knows of one organisation.
type organisatie struct {
	nr  int64 // stored in every key; from 1
	oin string

	// Owned by Append, under Store.mu.
	rand    *bewijs.Rand
	laatste int64 // registration of the newest version, µs
	groei   groei

	// grootte is the number of leaves that readers may see; it grows under staart.mu, together with
	// the staart.
	grootte atomic.Uint64
}

// maxOrganisatie keeps knoop.nr within an int64.
const maxOrganisatie = 1<<(63-knoopBits-1) - 1

var errOrganisatie = errors.New("unknown organisation")

func (s *Store) organisatie(oin string) (*organisatie, error) {
	if o := s.organisaties[oin]; o != nil {
		return o, nil
	}
	return nil, errOrganisatie
}

// loadOrganisaties adds the organisations that were asked for and restores the edge of every tree.
func (s *Store) loadOrganisaties(ctx context.Context) error {
	for _, oin := range s.opt.Organisaties {
		if len(oin) != 20 {
			return errors.New("an OIN has 20 digits")
		}
		if _, err := s.schrijf.c.ExecContext(ctx,
			`INSERT INTO organisatie(oin) VALUES(?) ON CONFLICT DO NOTHING`, oin); err != nil {
			return err
		}
	}
	rows, err := s.lees.db.QueryContext(ctx, `SELECT nr, oin FROM organisatie`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		o := &organisatie{}
		if err := rows.Scan(&o.nr, &o.oin); err != nil {
			return err
		}
		if o.nr > maxOrganisatie {
			return errors.New("too many organisations")
		}
		s.organisaties[o.oin] = o
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, o := range s.organisaties {
		if err := s.restore(ctx, o); err != nil {
			return fmt.Errorf("organisation %d: %w", o.nr, err)
		}
	}
	return nil
}

func (s *Store) restore(ctx context.Context, o *organisatie) error {
	n, err := s.lees.bladeren(ctx, o)
	if err != nil {
		return err
	}
	o.rand, err = bewijs.NieuweRand(n, func(i uint64) (bewijs.Hash, error) { return s.lees.knoopHash(ctx, o, i) })
	if err != nil {
		return err
	}
	o.groei.rand = o.rand.Clone()
	o.grootte.Store(n)
	var nr int64
	err = s.lees.laatsteRij.QueryRowContext(ctx, versieNr(o.nr, 0), versieNr(o.nr+1, 0)).Scan(&nr, &o.laatste)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && uint64(nr&maxBlad) >= n {
		err = errors.New("a version has no leaf in the tree")
	}
	return err
}
