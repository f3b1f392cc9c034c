package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ kamer.Opslag = (*Store)(nil)

// Read implements kamer.Opslag, on the server of the writes: a copy that lags would show less than was
// written. f may run twice, when the connection is lost.
func (s *Store) Read(ctx context.Context, f func(*kamer.Tx) error) error {
	return s.kamers(ctx, s.lees, "read room", func(ctx context.Context, k kamers) error { return k.Read(ctx, f) })
}

// Write implements kamer.Opslag.
func (s *Store) Write(ctx context.Context, f func(*kamer.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.kamers(context.WithoutCancel(ctx), s.schrijf, "write room", func(ctx context.Context, k kamers) error { return k.Write(ctx, f) })
}

// kamers runs f on a connection, and once more on a new one when that was lost and nothing was done. The
// error of f itself comes back as it is.
func (s *Store) kamers(ctx context.Context, p *pgxpool.Pool, stap string, f func(context.Context, kamers) error) (eigen error) {
	err := s.do(ctx, p, stap, func(ctx context.Context, c *pgx.Conn) error {
		if eigen = f(ctx, kamers{c}); lost(eigen) {
			return eigen
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eigen
}

// kamers implements kamer.Opslag on one connection. It does so with pgx itself, which gives the number of
// rows and the codes of errors as they are and takes the connections of the log; database/sql would put a
// second pool before that one, and take nothing away: a Verbinding is a handful of lines.
type kamers struct{ c *pgx.Conn }

// Read implements kamer.Opslag.
func (k kamers) Read(ctx context.Context, f func(*kamer.Tx) error) error {
	return k.transaction(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`, func() error {
		return kamer.Run(ctx, verbinding(k), f)
	})
}

// Write implements kamer.Opslag, on a connection of a writer. PostgreSQL refuses a SERIALIZABLE transaction
// when, with another one, it could give what no order of the two gives; then f runs again, on what the
// other one made of it. A key that is taken is among it, as two that number from the same maximum meet so:
// a room that means to refuse one says ON CONFLICT.
func (k kamers) Write(ctx context.Context, f func(*kamer.Tx) error) error {
	for top := time.Millisecond; ; top = min(2*top, 64*time.Millisecond) {
		err := k.transaction(ctx, `BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE`, func() error {
			if err := kamer.Run(ctx, verbinding(k), f); err != nil {
				return err
			}
			return k.commit(ctx)
		})
		if !met(err) || errors.Is(err, errOnbekend) {
			return err
		}
		if pause(ctx, rand.N(top)); ctx.Err() != nil { // those who met don't meet again
			return err
		}
	}
}

// transaction runs f after begin, and rolls back what it has not ended.
func (k kamers) transaction(ctx context.Context, begin string, f func() error) error {
	if _, err := k.c.Exec(ctx, begin); code(err) == "0A000" { // a standby knows no such transactions
		return alleenLezen("begin", err)
	} else if err != nil {
		return judge("begin", fmt.Errorf("%w: %w", errVerbinding, err))
	}
	defer func() { // f may panic
		if k.c.PgConn().TxStatus() != 'I' {
			_, _ = k.c.Exec(ctx, "ROLLBACK") // a connection that stays in it is not used again
		}
	}()
	return f()
}

// errOnbekend says that a commit was sent, and that nobody told how it went.
var errOnbekend = errors.New("outcome of the commit is unknown")

func (k kamers) commit(ctx context.Context) error {
	if k.c.IsClosed() { // once it was sent nobody can tell that it was not
		return judge("commit", fmt.Errorf("%w: it was lost before the commit", errVerbinding))
	}
	err := finish(ctx, k.c, &pgx.Batch{})
	if errors.Is(err, errOnbekend) {
		return unavailable("De verbinding met de database viel weg bij het vastleggen; kijk of de wijziging er staat voordat u haar herhaalt.", "commit", err)
	}
	return judge("commit", err)
}

// verbinding implements kamer.Verbinding.
type verbinding struct{ c *pgx.Conn }

func (v verbinding) Exec(ctx context.Context, tekst string, args ...any) (int64, error) {
	tag, err := v.c.Exec(ctx, tekst, args...)
	return tag.RowsAffected(), err
}

func (v verbinding) Query(ctx context.Context, tekst string, args ...any) (kamer.Rows, error) {
	return v.c.Query(ctx, tekst, args...)
}

func (v verbinding) Judge(err error) error {
	if v.c.IsClosed() {
		err = fmt.Errorf("%w: %w", errVerbinding, err)
	}
	return judge("statement", err)
}
