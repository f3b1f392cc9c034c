package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var (
	_ verhuizing.Doel   = (*Store)(nil)
	_ verhuizing.Levend = (*Store)(nil)
)

const (
	sqlVerhuisKop   = `SELECT grootte, laatste, rand, gesloten FROM organisatie WHERE nr = $1`
	sqlGroepVanBlad = `SELECT van, aantal, hashes FROM groep WHERE organisatie = $1 AND van <= $2 ORDER BY van DESC LIMIT 1`
	sqlGroepenVanaf = `SELECT van, aantal, hashes FROM groep WHERE organisatie = $1 AND van < $3
		AND van >= (SELECT van FROM groep WHERE organisatie = $1 AND van <= $2 ORDER BY van DESC LIMIT 1) ORDER BY van`
	sqlVersiesVanaf = `SELECT ` + kolommen + ` FROM groep g JOIN versie v ON v.organisatie = g.organisatie AND v.groep = g.nr
		WHERE g.organisatie = $1 AND g.van >= $2 AND g.van < $3 ORDER BY g.van, v.plaats`
	sqlSleutelsVanaf = `SELECT sleutel, lichaam, registratie, blad FROM idempotentie WHERE organisatie = $1 AND blad >= $2`
	sqlSluit         = `UPDATE organisatie SET gesloten = $2 WHERE nr = $1 AND gesloten <> 1`
)

// leesDeel is how many leaves one statement reads: a snapshot that stays would keep the head row from being
// cleaned.
const leesDeel = 16 << 10

var errGesloten = &fout.Fout{
	Code:      fout.CodeNietBeschikbaar,
	Detail:    "De log van deze organisatie verhuist naar een andere opslag; probeer het straks opnieuw.",
	OpnieuwNa: time.Second,
}

// OINs implements verhuizing.Bron.
func (s *Store) OINs() []string { return slices.Sorted(maps.Keys(s.organisaties)) }

// Kop implements verhuizing.Bron.
func (s *Store) Kop(ctx context.Context, oin string) (k verhuizing.Kop, err error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return k, err
	}
	l, err := read(ctx, s, "read head", sqlVerhuisKop, func(row pgx.CollectableRow) (k verhuizing.Kop, err error) {
		var grootte int64
		var edge []byte
		if err = row.Scan(&grootte, &k.Laatste, &edge, &k.Staat); err == nil {
			k.Rand, err = bewijs.ReadRand(uint64(grootte), edge)
		}
		return k, err
	}, o.nr)
	if err == nil && len(l) == 0 {
		err = errKop
	}
	if err != nil {
		return k, err
	}
	return l[0], nil
}

// RandVan implements verhuizing.Bron.
func (s *Store) RandVan(ctx context.Context, oin string, n uint64) (*bewijs.Rand, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	return bewijs.NieuweRand(n, func(i uint64) (h bewijs.Hash, err error) {
		// A hash stands with the leaf that brought it.
		blad := sort.Search(int(n), func(b int) bool { return bewijs.AantalKnopen(uint64(b)+1) > i })
		l, err := read(ctx, s, "read hash", sqlGroepVanBlad, pgx.RowToStructByPos[hashes], o.nr, blad)
		if err == nil && len(l) == 0 {
			err = errHash
		}
		if err != nil {
			return h, err
		}
		return l[0].hash(i)
	})
}

// hashes are those that a group brought.
type hashes struct {
	Van, Aantal int64
	Hashes      []byte
}

var errHash = errors.New("a leaf has no hash")

// hash gives one, by its index in the order of tlog.
func (g *hashes) hash(i uint64) (h bewijs.Hash, err error) {
	van := bewijs.AantalKnopen(uint64(g.Van))
	if i < van || (i-van+1)*bewijs.HashSize > uint64(len(g.Hashes)) {
		return h, errHash
	}
	return bewijs.Hash(g.Hashes[(i-van)*bewijs.HashSize:]), nil
}

// Bladen implements verhuizing.Bron.
func (s *Store) Bladen(ctx context.Context, oin string, van, tot uint64) iter.Seq2[verhuizing.Blad, error] {
	return func(yield func(verhuizing.Blad, error) bool) {
		o, err := s.organisatie(oin)
		if err == nil {
			err = s.alone(ctx, func(c *pgx.Conn) error {
				more := true
				for ; err == nil && more && van < tot; van += leesDeel {
					more, err = eachBlad(ctx, c, o, van, min(van+leesDeel, tot), yield)
				}
				return err
			})
		}
		if err != nil {
			yield(verhuizing.Blad{}, judge("read leaves", err))
		}
	}
}

// alone runs f on a connection of its own, that may take its time.
func (s *Store) alone(ctx context.Context, f func(*pgx.Conn) error) error {
	c, err := s.lees.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errVerbinding, err)
	}
	conn := c.Hijack()
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err = conn.Exec(ctx, `SET statement_timeout = 0`); err == nil {
		err = f(conn)
	}
	if err != nil && conn.IsClosed() && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", errVerbinding, err)
	}
	return err
}

// eachBlad yields some leaves, and tells whether more are wanted.
func eachBlad(ctx context.Context, c *pgx.Conn, o *organisatie, van, tot uint64, yield func(verhuizing.Blad, error) bool) (more bool, err error) {
	rows, err := c.Query(ctx, sqlGroepenVanaf, o.nr, van, tot)
	if err != nil {
		return false, err
	}
	groepen, err := pgx.CollectRows(rows, pgx.RowToStructByPos[hashes])
	if err != nil {
		return false, err
	}
	if len(groepen) == 0 {
		return false, errHash
	}
	if rows, err = c.Query(ctx, sqlVersiesVanaf, o.nr, groepen[0].Van, tot); err != nil {
		return false, err
	}
	defer rows.Close()
	next := func() (r *verwerkingenlog.Rij, err error) {
		for rows.Next() {
			if r, err = scanRij(rows); err != nil || r.Blad >= van {
				return r, err
			}
		}
		return nil, rows.Err()
	}
	rij, err := next()
	for n := van; n < tot; n++ {
		if err != nil {
			return false, err
		}
		for len(groepen) > 1 && uint64(groepen[1].Van) <= n {
			groepen = groepen[1:]
		}
		b := verhuizing.Blad{Nummer: n}
		if b.Hash, err = groepen[0].hash(bewijs.AantalKnopen(n)); err != nil {
			return false, err
		}
		if rij != nil && rij.Blad == n {
			b.Rij = rij
			rij, err = next()
		}
		if !yield(b, nil) {
			return false, nil
		}
	}
	return true, err
}

// Sleutels implements verhuizing.Bron.
func (s *Store) Sleutels(ctx context.Context, oin string, van uint64) iter.Seq2[verhuizing.Sleutel, error] {
	return func(yield func(verhuizing.Sleutel, error) bool) {
		o, err := s.organisatie(oin)
		if err == nil {
			err = s.alone(ctx, func(c *pgx.Conn) error {
				rows, err := c.Query(ctx, sqlSleutelsVanaf, o.nr, van)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
					var k verhuizing.Sleutel
					var sleutel, lichaam pgtype.UUID
					if err := rows.Scan(&sleutel, &lichaam, &k.Registratie, &k.Blad); err != nil {
						return err
					}
					k.Sleutel, k.Lichaam = sleutel.Bytes, lichaam.Bytes
					if !yield(k, nil) {
						return nil
					}
				}
				return rows.Err()
			})
		}
		if err != nil {
			yield(verhuizing.Sleutel{}, judge("read idempotency keys", err))
		}
	}
}

// SetGesloten implements verhuizing.Levend: when it returns, no group of before is under way any more.
func (s *Store) SetGesloten(ctx context.Context, oin string, gesloten bool) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	staat := verhuizing.Open
	if gesloten {
		staat = verhuizing.Vertrekt
	}
	n, err := s.exec(ctx, "close or open organisation", sqlSluit, o.nr, staat)
	if err == nil && n == 0 {
		err = fout.New(fout.CodeNietBeschikbaar, "Organisatie "+oin+" is naar deze opslag onderweg; maak die verhuizing eerst af.")
	}
	return err
}
