// Package toezicht keeps counts of records by activity and day in the store: toezicht.Opslag, written once for both engines on
// the rooms of kamer. What stands here is derived, and names nobody: an id of an activity, a day and a number.
package toezicht

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/toezicht"
)

var _ toezicht.Opslag = (*Opslag)(nil)

// Opslag implements toezicht.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the counts of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

const (
	sqlStand       = `SELECT coalesce(max(geteld), 0) FROM telstand WHERE organisatie = $1`
	sqlStandNieuw  = `INSERT INTO telstand(organisatie, geteld) VALUES($1, 0) ON CONFLICT(organisatie) DO NOTHING`
	sqlStandVerder = `UPDATE telstand SET geteld = $3 WHERE organisatie = $1 AND geteld = $2`
	sqlTel         = `INSERT INTO telling(organisatie, activiteit, dag, aantal) VALUES($1, $2, $3, $4)
		ON CONFLICT(organisatie, activiteit, dag) DO UPDATE SET aantal = telling.aantal + excluded.aantal`
	sqlTellingen = `SELECT activiteit, dag, aantal FROM telling WHERE organisatie = $1 AND dag >= $2 AND aantal <> 0`
)

// Stand implements toezicht.Opslag.
func (s *Opslag) Stand(ctx context.Context, oin string) (stand uint64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		var n int64
		err = tx.QueryRow(sqlStand, nr).Scan(&n)
		stand = uint64(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read what was counted: %w", err)
	}
	return stand, nil
}

// Tel implements toezicht.Opslag.
func (s *Opslag) Tel(ctx context.Context, oin string, van, tot uint64, verschillen []toezicht.Telling) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(sqlStandNieuw, nr); err != nil {
			return err
		}
		n, err := tx.Exec(sqlStandVerder, nr, int64(van), int64(tot))
		if err != nil {
			return err
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		for _, v := range verschillen {
			if _, err := tx.Exec(sqlTel, nr, tekst(v.Activiteit), string(v.Dag), v.Aantal); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	return nil
}

// Tellingen implements toezicht.Opslag.
func (s *Opslag) Tellingen(ctx context.Context, oin string, van activiteit.Datum) (uit []toezicht.Telling, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		for row, err := range tx.Query(sqlTellingen, nr, string(van)) {
			var id, dag string
			var t toezicht.Telling
			if err == nil {
				err = row.Scan(&id, &dag, &t.Aantal)
			}
			if err == nil && id != "" {
				t.Activiteit, err = uuid.Parse(id)
			}
			if err != nil {
				return err
			}
			t.Dag = activiteit.Datum(dag)
			uit = append(uit, t)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read counts: %w", err)
	}
	return uit, nil
}

// tekst is how an activity stands in the table; empty when none was logged, since a key has no NULL.
func tekst(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
