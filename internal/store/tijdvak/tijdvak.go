// Package tijdvak keeps the epochs of the trees in the store, written once for both engines on the rooms of kamer. An epoch begins
// where a tree goes on after its store was put back to an older copy (contracts, Proof; docs/bewijs.md).
//
// Its row is a duty of the transaction that adds its leaf, as a version is: nothing else says what that leaf hashes. So it stands
// on the engine of its tree: that of the log where the log is, that of the beheerlog on the main one.
package tijdvak

import (
	"context"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const (
	sqlLijst = `SELECT nummer, blad, inhoud FROM tijdvak WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2 ORDER BY nummer`
	sqlNieuw = `INSERT INTO tijdvak(organisatie, boom, nummer, blad, inhoud) SELECT nr, $2, $3, $4, $5 FROM organisatie WHERE oin = $1`
)

// Opslag are the epochs on an engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the epochs of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

// Lijst gives the epochs of a tree after the first, in order, as they are stored.
func (s *Opslag) Lijst(ctx context.Context, oin string, b bewijs.Boom) (uit []bewijs.Tijdvak, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlLijst, oin, string(b)) {
			var nummer, blad int64
			var t bewijs.Tijdvak
			if err == nil {
				err = row.Scan(&nummer, &blad, &t.Inhoud)
			}
			if err != nil {
				return err
			}
			// A number that does not fit is not that of the leaf, which is held against it.
			t.Nummer, t.Blad = uint32(nummer), uint64(blad)
			if int64(t.Nummer) != nummer {
				t.Nummer = 0
			}
			uit = append(uit, t)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read epochs: %w", err)
	}
	return uit, nil
}

// Voeg adds an epoch, in the transaction that adds its leaf.
func Voeg(tx *kamer.Tx, b *bewijs.Tijdvakblad) error {
	n, err := tx.Exec(sqlNieuw, b.OIN, string(b.Boom), int64(b.Nummer), int64(b.Blad), b.Bytes())
	if err == nil && n != 1 {
		err = errors.New("unknown organisation")
	}
	if err != nil {
		return fmt.Errorf("add epoch: %w", err)
	}
	return nil
}

// Bomen reads the epochs of both trees of an organisation, wherever they stand.
type Bomen struct {
	Log    kamer.Opslag // where its log is
	Beheer kamer.Opslag // the main engine
}

// Tijdvakken gives the epochs of a tree after the first, in order, as they are stored.
func (b Bomen) Tijdvakken(ctx context.Context, oin string, boom bewijs.Boom) ([]bewijs.Tijdvak, error) {
	if boom == bewijs.BoomLog {
		return New(b.Log).Lijst(ctx, oin, boom)
	}
	return New(b.Beheer).Lijst(ctx, oin, boom)
}

// Verhuis takes over the epochs of organisations that stand in both stores. The leaves that they are of move with their trees.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "tijdvak", "boom", "nummer", "blad", "inhoud"); err != nil {
			return err
		}
	}
	return nil
}
