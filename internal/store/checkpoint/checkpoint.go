// Package checkpoint keeps signed checkpoints in the store: checkpoint.Opslag, written once for both engines on the rooms of
// kamer. All public ones stay, and those that a receipt used; of the others the newest do.
package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ checkpoint.Opslag = (*Opslag)(nil)

// bewaar is how many stay that are not public and that no receipt used: half an hour of a tree that always grows.
const bewaar = 1000

const (
	kolommen       = `nr, grootte, wortel, moment, openbaar, tekst`
	van            = ` FROM checkpoint WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2`
	sqlLaatste     = `SELECT ` + kolommen + van + ` ORDER BY nr DESC LIMIT 1`
	sqlOpenbaar    = `SELECT ` + kolommen + van + ` AND openbaar = 1 ORDER BY nr DESC LIMIT 1`
	sqlOpenbaarVan = `SELECT nr` + van + ` AND grootte = $3 AND openbaar = 1 LIMIT 1`
	sqlVanaf       = `SELECT ` + kolommen + van + ` AND nr >= $3 ORDER BY nr LIMIT $4`
	sqlNieuw       = `INSERT INTO checkpoint(organisatie, boom, nr, grootte, wortel, moment, openbaar, gehouden, tekst) VALUES($1, $2, $3, $4, $5, $6, $7, 0, $8)`
	// The one that leaves is near the limit, as each that is added takes one away: what stays is not looked at anew.
	sqlWeg          = `DELETE FROM checkpoint WHERE organisatie = $1 AND boom = $2 AND nr >= $3 AND nr < $4 AND openbaar = 0 AND gehouden = 0`
	sqlHoud         = `UPDATE checkpoint SET gehouden = 1 WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2 AND nr = $3 AND gehouden = 0`
	sqlGehouden     = `SELECT gehouden` + van + ` AND nr = $3`
	sqlSleutelNieuw = `INSERT INTO checkpointsleutel(organisatie, boom, sleutel, sinds) VALUES($1, $2, $3, $4) ON CONFLICT(organisatie, boom, sleutel) DO NOTHING`
	sqlSleutels     = `SELECT sleutel, sinds FROM checkpointsleutel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2 ORDER BY sinds DESC, sleutel`
)

// Opslag implements checkpoint.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the checkpoints of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

// Laatste implements checkpoint.Opslag.
func (s *Opslag) Laatste(ctx context.Context, oin string, b bewijs.Boom) (checkpoint.Bewaard, error) {
	return s.een(ctx, sqlLaatste, oin, b)
}

// Openbaar implements checkpoint.Opslag.
func (s *Opslag) Openbaar(ctx context.Context, oin string, b bewijs.Boom) (checkpoint.Bewaard, error) {
	return s.een(ctx, sqlOpenbaar, oin, b)
}

func (s *Opslag) een(ctx context.Context, tekst, oin string, b bewijs.Boom) (w checkpoint.Bewaard, err error) {
	l, err := s.lees(ctx, tekst, oin, string(b))
	if err == nil && len(l) > 0 {
		w = l[0]
	}
	return w, err
}

// Vanaf implements checkpoint.Opslag.
func (s *Opslag) Vanaf(ctx context.Context, oin string, b bewijs.Boom, nr uint64, n int) ([]checkpoint.Bewaard, error) {
	return s.lees(ctx, sqlVanaf, oin, string(b), int64(nr), int64(n))
}

func (s *Opslag) lees(ctx context.Context, tekst string, args ...any) (uit []checkpoint.Bewaard, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit, err = lees(tx, tekst, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	return uit, nil
}

func lees(tx *kamer.Tx, tekst string, args ...any) (uit []checkpoint.Bewaard, err error) {
	for row, err := range tx.Query(tekst, args...) {
		var nr, grootte, moment, openbaar int64
		var w checkpoint.Bewaard
		var wortel []byte
		if err == nil {
			err = row.Scan(&nr, &grootte, &wortel, &moment, &openbaar, &w.Tekst)
		}
		if err == nil && len(wortel) != bewijs.HashSize {
			err = errors.New("root of a checkpoint has another length")
		}
		if err != nil {
			return nil, err
		}
		w.Nr, w.Grootte, w.Wortel, w.Openbaar = uint64(nr), uint64(grootte), bewijs.Hash(wortel), openbaar == 1
		w.Moment = time.UnixMicro(moment).UTC()
		uit = append(uit, w)
	}
	return uit, nil
}

// OpenbaarVan implements checkpoint.Opslag.
func (s *Opslag) OpenbaarVan(ctx context.Context, oin string, b bewijs.Boom, grootte uint64) (is bool, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		var nr int64
		err := tx.QueryRow(sqlOpenbaarVan, oin, string(b), int64(grootte)).Scan(&nr)
		is = err == nil
		if errors.Is(err, kamer.ErrGeenRij) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("read checkpoints: %w", err)
	}
	return is, nil
}

// Voeg implements checkpoint.Opslag. It is the last guard: whatever a node thinks, no checkpoint is kept that is smaller
// than the one before it, or of its size with another root.
func (s *Opslag) Voeg(ctx context.Context, oin string, b bewijs.Boom, c *checkpoint.Bewaard, sleutel string) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		l, err := lees(tx, sqlLaatste, oin, string(b))
		if err != nil {
			return err
		}
		var w checkpoint.Bewaard
		if len(l) > 0 {
			w = l[0]
		}
		switch {
		case c.Nr != w.Nr+1:
			return fout.Gelijktijdig
		case c.Grootte < w.Grootte || c.Grootte == w.Grootte && w.Nr > 0 && c.Wortel != w.Wortel:
			return checkpoint.ErrOnverenigbaar
		}
		openbaar := int64(0)
		if c.Openbaar {
			openbaar = 1
		}
		if _, err := tx.Exec(sqlNieuw, organisatie, string(b), int64(c.Nr), int64(c.Grootte), c.Wortel[:], c.Moment.UnixMicro(), openbaar, c.Tekst); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlSleutelNieuw, organisatie, string(b), sleutel, c.Moment.UnixMicro()); err != nil {
			return err
		}
		if rest := int64(c.Nr) - bewaar; rest > 0 {
			_, err = tx.Exec(sqlWeg, organisatie, string(b), rest-bewaar, rest)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep checkpoint: %w", err)
	}
	return nil
}

// Houd implements checkpoint.Opslag. Of many receipts on one checkpoint the first writes.
func (s *Opslag) Houd(ctx context.Context, oin string, b bewijs.Boom, nr uint64) error {
	var al int64
	err := s.kamer.Read(ctx, func(tx *kamer.Tx) error { return tx.QueryRow(sqlGehouden, oin, string(b), int64(nr)).Scan(&al) })
	if err == nil && al == 0 {
		err = s.kamer.Write(ctx, func(tx *kamer.Tx) error { _, err := tx.Exec(sqlHoud, oin, string(b), int64(nr)); return err })
	}
	if err != nil {
		return fmt.Errorf("hold checkpoint: %w", err)
	}
	return nil
}

// Sleutels implements checkpoint.Opslag.
func (s *Opslag) Sleutels(ctx context.Context, oin string, b bewijs.Boom) (uit []checkpoint.Sleutel, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlSleutels, oin, string(b)) {
			var k checkpoint.Sleutel
			var sinds int64
			if err == nil {
				err = row.Scan(&k.Publiek, &sinds)
			}
			if err != nil {
				return err
			}
			k.Sinds = time.UnixMicro(sinds).UTC()
			uit = append(uit, k)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read keys of checkpoints: %w", err)
	}
	return uit, nil
}

// Verhuis takes over the checkpoints of organisations that stand in both stores, and what signed and cosigned them. The tree that they
// are of moves with the log.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "checkpoint", "boom", "nr", "grootte", "wortel", "moment", "openbaar", "gehouden", "tekst"); err != nil {
			return err
		}
		if err := kamer.Overnemen(ctx, van, naar, oin, "checkpointsleutel", "boom", "sleutel", "sinds"); err != nil {
			return err
		}
		if err := kamer.Overnemen(ctx, van, naar, oin, "medeondertekening", "boom", "nr", "sleutel", "moment", "regel"); err != nil {
			return err
		}
	}
	return nil
}
