package postgres

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// geduldStandby is how long a question waits for a standby that is behind, before the primary answers it.
	geduldStandby = 200 * time.Millisecond
	// rustStandby is how long a standby that failed is left alone.
	rustStandby = 5 * time.Second
)

// standby is a copy of the database that takes questions off the primary. It never makes an answer older: a
// question is put to it only when it has every leaf that there was when the question came, and what was
// registered before that is therefore in the answer.
type standby struct {
	pool *pgxpool.Pool // nil: there is none
	rust atomic.Int64  // not to be asked before, ns

	gevraagd, primair atomic.Int64 // questions that it answered, and that the primary had to
}

func (b *standby) bruikbaar() bool { return b.pool != nil && time.Now().UnixNano() >= b.rust.Load() }

// grootteNu is the size that an answer of now must reach: asked of the primary when there is a standby that
// could be behind it, 0 otherwise.
func (s *Store) grootteNu(ctx context.Context, o *organisatie) (int64, error) {
	if !s.standby.bruikbaar() {
		return 0, nil
	}
	l, err := read(ctx, s, "read size", sqlGrootte, pgx.RowTo[int64], o.nr)
	if err != nil || len(l) == 0 {
		return 0, err
	}
	return l[0], nil
}

// readFrom gives the rows of a question: from the standby when it has the first tot leaves of the
// organisation, otherwise from the primary.
func readFrom[T any](ctx context.Context, s *Store, o *organisatie, tot int64, stap, tekst string, scan pgx.RowToFunc[T], args ...any) ([]T, error) {
	if s.standby.bruikbaar() {
		l, ok, err := readStandby(ctx, s, o, tot, tekst, scan, args...)
		switch {
		case ok:
			s.standby.gevraagd.Add(1)
			return l, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			s.standby.rust.Store(time.Now().Add(rustStandby).UnixNano())
		}
	}
	s.standby.primair.Add(1)
	return read(ctx, s, stap, tekst, scan, args...)
}

// readStandby asks the standby; ok is false when it stays behind.
func readStandby[T any](ctx context.Context, s *Store, o *organisatie, tot int64, tekst string, scan pgx.RowToFunc[T], args ...any) (l []T, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.geduld)
	defer cancel()
	err = with(ctx, s.standby.pool, func(c *pgx.Conn) error {
		for eind := time.Now().Add(geduldStandby); ; pause(ctx, 5*time.Millisecond) {
			// What is asked after the size shows at least that size.
			var grootte int64
			b := &pgx.Batch{}
			b.Queue(sqlGrootte, o.nr).QueryRow(func(row pgx.Row) error { return row.Scan(&grootte) })
			b.Queue(tekst, args...).Query(func(rows pgx.Rows) (err error) {
				l, err = pgx.CollectRows(rows, scan)
				return err
			})
			if err := c.SendBatch(ctx, b).Close(); err != nil {
				return err
			}
			if ok = grootte >= tot; ok || time.Now().After(eind) || ctx.Err() != nil {
				return nil
			}
		}
	})
	return l, ok, err
}
