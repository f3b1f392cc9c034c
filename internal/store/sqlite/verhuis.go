package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var _ verhuizing.Bron = (*Store)(nil)

const (
	sqlVersiesVanaf = `SELECT ` + kolommen + ` FROM versie WHERE nr >= ? AND nr < ? ORDER BY nr`
	// The first row is the one that holds the first hash.
	sqlKnopenVanaf = `SELECT nr, hashes FROM knoop
		WHERE nr >= (SELECT max(nr) FROM knoop WHERE nr BETWEEN ? AND ?) AND nr < ? ORDER BY nr`
	sqlSleutelsVanaf = `SELECT sleutel, lichaam, registratie, blad FROM idempotentie
		WHERE organisatie = ? AND blad >= ? ORDER BY dag, sleutel`
)

// OINs implements verhuizing.Bron.
func (s *Store) OINs() []string { return slices.Sorted(maps.Keys(s.organisaties)) }

// Kop implements verhuizing.Bron.
func (s *Store) Kop(_ context.Context, oin string) (verhuizing.Kop, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return verhuizing.Kop{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return verhuizing.Kop{Rand: o.rand.Clone(), Laatste: o.laatste}, nil
}

// RandVan implements verhuizing.Bron.
func (s *Store) RandVan(ctx context.Context, oin string, n uint64) (*bewijs.Rand, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	return bewijs.NieuweRand(n, func(i uint64) (bewijs.Hash, error) { return s.lees.knoopHash(ctx, o, i) })
}

// Bladen implements verhuizing.Bron.
func (s *Store) Bladen(ctx context.Context, oin string, van, tot uint64) iter.Seq2[verhuizing.Blad, error] {
	return func(yield func(verhuizing.Blad, error) bool) {
		if err := s.eachBlad(ctx, oin, van, tot, func(b verhuizing.Blad) bool { return yield(b, nil) }); err != nil {
			yield(verhuizing.Blad{}, fmt.Errorf("read leaves: %w", err))
		}
	}
}

// eachBlad walks along the versions and the hashes of the tree together.
func (s *Store) eachBlad(ctx context.Context, oin string, van, tot uint64, f func(verhuizing.Blad) bool) error {
	o, err := s.organisatie(oin)
	if err != nil || van >= tot {
		return err
	}
	versies, err := s.lees.db.QueryContext(ctx, sqlVersiesVanaf, versieNr(o.nr, van), versieNr(o.nr, tot))
	if err != nil {
		return err
	}
	defer versies.Close()
	eerste := knoopNr(o.boom(), bewijs.AantalKnopen(van))
	rows, err := s.lees.db.QueryContext(ctx, sqlKnopenVanaf, knoopNr(o.boom(), 0), eerste, knoopNr(o.boom(), bewijs.AantalKnopen(tot)))
	if err != nil {
		return err
	}
	defer rows.Close()
	knopen := knopen{rows: rows}
	next := func() (r *verwerkingenlog.Rij, err error) {
		if versies.Next() {
			return scanRij(versies)
		}
		return nil, versies.Err()
	}
	rij, err := next()
	for n := van; n < tot && err == nil; n++ {
		b := verhuizing.Blad{Nummer: n}
		if b.Hash, err = knopen.hash(knoopNr(o.boom(), bewijs.AantalKnopen(n))); err != nil {
			return err
		}
		if rij != nil && rij.Blad == n {
			b.Rij = rij
			rij, err = next()
		}
		if !f(b) {
			return nil
		}
	}
	return err
}

// knopen are the stored hashes of a tree, from front to back.
type knopen struct {
	rows   *sql.Rows
	nr     int64 // of the first of hashes
	hashes []byte
}

func (k *knopen) hash(nr int64) (h bewijs.Hash, err error) {
	for nr >= k.nr+int64(len(k.hashes)/bewijs.HashSize) {
		if !k.rows.Next() {
			return h, errors.Join(errors.New("a leaf has no hash"), k.rows.Err())
		}
		if err := k.rows.Scan(&k.nr, &k.hashes); err != nil {
			return h, err
		}
	}
	return bewijs.Hash(k.hashes[(nr-k.nr)*bewijs.HashSize:]), nil
}

// Sleutels implements verhuizing.Bron.
func (s *Store) Sleutels(ctx context.Context, oin string, van uint64) iter.Seq2[verhuizing.Sleutel, error] {
	return func(yield func(verhuizing.Sleutel, error) bool) {
		if err := s.eachSleutel(ctx, oin, van, func(k verhuizing.Sleutel) bool { return yield(k, nil) }); err != nil {
			yield(verhuizing.Sleutel{}, fmt.Errorf("read idempotency keys: %w", err))
		}
	}
}

func (s *Store) eachSleutel(ctx context.Context, oin string, van uint64, f func(verhuizing.Sleutel) bool) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	rows, err := s.lees.db.QueryContext(ctx, sqlSleutelsVanaf, o.nr, van)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k verhuizing.Sleutel
		var sleutel, lichaam []byte
		if err := rows.Scan(&sleutel, &lichaam, &k.Registratie, &k.Blad); err != nil {
			return err
		}
		k.Sleutel, k.Lichaam = [16]byte(sleutel), [16]byte(lichaam)
		if !f(k) {
			return nil
		}
	}
	return rows.Err()
}

// Bestaat tells whether there is a store in dir, without making one.
func Bestaat(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, logBestand))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
