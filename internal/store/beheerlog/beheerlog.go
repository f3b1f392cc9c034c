// Package beheerlog keeps the events of internal/beheerlog in the store, on the rooms of kamer. Other rooms add
// theirs with Add, in the transaction of the change.
package beheerlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ beheerlog.Opslag = (*Opslag)(nil)

// boom names the tree; the organisation has others.
const boom = "beheer"

const (
	sqlBoom       = `SELECT o.nr, coalesce(b.grootte, 0), coalesce(b.laatste, 0), b.rand FROM organisatie o LEFT JOIN boom b ON b.organisatie = o.nr AND b.boom = $2 WHERE o.oin = $1`
	sqlBoomSlot   = `UPDATE boom SET laatste = laatste WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2`
	sqlBoomNieuw  = `INSERT INTO boom(organisatie, boom, grootte, laatste, rand) SELECT nr, $2, 0, 0, NULL FROM organisatie WHERE oin = $1 ON CONFLICT(organisatie, boom) DO NOTHING`
	sqlBoomWijzig = `UPDATE boom SET grootte = $3, laatste = $4, rand = $5 WHERE organisatie = $1 AND boom = $2`
	sqlRegelNieuw = `INSERT INTO beheerregel(organisatie, nr, id, moment, soort, hashes, inhoud) VALUES($1, $2, $3, $4, $5, $6, $7)`
	sqlRegels     = `SELECT nr, id, moment, soort, inhoud FROM beheerregel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND nr < $2 ORDER BY nr DESC LIMIT $3`
	sqlRegelsVan  = `SELECT nr, id, moment, soort, inhoud FROM beheerregel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND soort = $4 AND nr < $2 ORDER BY nr DESC LIMIT $3`
	sqlHashes     = `SELECT hashes FROM beheerregel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND nr >= $2 ORDER BY nr LIMIT $3`
)

// Opslag implements beheerlog.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the beheerlog of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

// Verzegeld says what is sealed of events. Their leaves are made of what they say, and stay.
func Verzegeld() []kamer.Verzegeld {
	return []kamer.Verzegeld{{Tabel: "beheerregel", Sleutel: []string{"nr"}, Ook: []string{"id", "soort"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
		id, err := uuid.Parse(rij[1].(string))
		return (&beheerlog.Rij{OIN: oin, ID: id, Soort: beheerlog.Soort(rij[2].(string))}).Binding(), err
	}}}
}

// Add implements beheerlog.Opslag.
func (s *Opslag) Add(ctx context.Context, rijen []*beheerlog.Rij) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error { return Add(tx, rijen...) })
}

// Add adds rows in a transaction, in order, with their leaves: last in it, as others wait from here on.
func Add(tx *kamer.Tx, rijen ...*beheerlog.Rij) error {
	for _, r := range rijen {
		if err := add(tx, r); err != nil {
			return fmt.Errorf("add to beheerlog: %w", err)
		}
	}
	return nil
}

func add(tx *kamer.Tx, r *beheerlog.Rij) error {
	// Touched before it is read: of two transactions the second waits here.
	if _, err := tx.Exec(sqlBoomNieuw, r.OIN, boom); err != nil {
		return err
	}
	if _, err := tx.Exec(sqlBoomSlot, r.OIN, boom); err != nil {
		return err
	}
	organisatie, laatste, rand, err := stand(tx, r.OIN)
	if err != nil {
		return err
	}
	r.Nummer, r.Moment = rand.Grootte(), max(r.Moment, laatste+1)
	return addAt(tx, r, organisatie, rand)
}

// addAt adds a row that has its number and moment.
func addAt(tx *kamer.Tx, r *beheerlog.Rij, organisatie int64, rand *bewijs.Rand) error {
	var hashes []byte
	for _, h := range rand.Append(nil, r.BladHash()) {
		hashes = append(hashes, h[:]...)
	}
	if _, err := tx.Exec(sqlRegelNieuw, organisatie, int64(r.Nummer), r.ID.String(), r.Moment, string(r.Soort), hashes, r.Verzegeld); err != nil {
		return err
	}
	_, err := tx.Exec(sqlBoomWijzig, organisatie, boom, int64(rand.Grootte()), r.Moment, rand.AppendBytes(nil))
	return err
}

// stand reads the edge of the tree.
func stand(tx *kamer.Tx, oin string) (organisatie, laatste int64, rand *bewijs.Rand, err error) {
	var grootte int64
	var edge []byte
	err = tx.QueryRow(sqlBoom, oin, boom).Scan(&organisatie, &grootte, &laatste, &edge)
	if errors.Is(err, kamer.ErrGeenRij) {
		err = errors.New("unknown organisation")
	}
	if err != nil {
		return 0, 0, nil, err
	}
	rand, err = bewijs.ReadRand(uint64(grootte), edge)
	return organisatie, laatste, rand, err
}

// List implements beheerlog.Opslag.
func (s *Opslag) List(ctx context.Context, oin string, soort beheerlog.Soort, voor uint64, n int) (uit []beheerlog.Rij, err error) {
	tekst, args := sqlRegels, []any{oin, int64(min(voor, beheerlog.Vanaf)), int64(n)}
	if soort != "" {
		tekst, args = sqlRegelsVan, append(args, string(soort))
	}
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(tekst, args...) {
			r := beheerlog.Rij{OIN: oin}
			var nr int64
			var id, soort string
			if err == nil {
				err = row.Scan(&nr, &id, &r.Moment, &soort, &r.Verzegeld)
			}
			if err != nil {
				return err
			}
			if r.ID, err = uuid.Parse(id); err != nil || r.ID.String() != id {
				return errors.New("the id of an event is no uuid")
			}
			r.Nummer, r.Soort = uint64(nr), beheerlog.Soort(soort)
			uit = append(uit, r)
		}
		return nil
	})
	return uit, err
}

// Stand implements beheerlog.Opslag.
func (s *Opslag) Stand(ctx context.Context, oin string) (rand *bewijs.Rand, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error { _, _, rand, err = stand(tx, oin); return err })
	return rand, err
}

// Hashes implements beheerlog.Opslag.
func (s *Opslag) Hashes(ctx context.Context, oin string, van uint64, n int) (uit [][]bewijs.Hash, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlHashes, oin, int64(van), int64(n)) {
			var b []byte
			if err == nil {
				err = row.Scan(&b)
			}
			if err != nil {
				return err
			}
			if len(b)%bewijs.HashSize != 0 {
				return errors.New("hashes of an event can't be read")
			}
			var hashes []bewijs.Hash
			for ; len(b) > 0; b = b[bewijs.HashSize:] {
				hashes = append(hashes, bewijs.Hash(b))
			}
			uit = append(uit, hashes)
		}
		return nil
	})
	return uit, err
}
