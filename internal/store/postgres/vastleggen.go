package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	// Writing makes this wait until the transaction that has the head row is over, whoever still runs it; and its
	// commit is on disk and on every synchronous standby only when all that came before it is.
	sqlKopAanraken = `UPDATE organisatie SET laatste = laatste WHERE nr = $1`
	// A transaction that still lies with the server and has not come to the head row was numbered by another one than it
	// finds after this, a microsecond later, and fails: what is not there now never comes.
	sqlKopVerzetten = `UPDATE organisatie SET laatste = laatste + 1
		WHERE nr = $1 AND NOT EXISTS (SELECT 1 FROM groep WHERE organisatie = $1 AND nr = $2)`
	sqlGroepIsEr = `SELECT count(*) FROM groep WHERE organisatie = $1 AND nr = $2`
)

// commit ends the transaction. An error wraps errOnbekend when it may have been committed.
func (s *Store) commit(ctx context.Context, c *pgx.Conn, g *groep) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.geduld)
	defer cancel()
	b := &pgx.Batch{}
	for _, w := range g.groei {
		if w.aantal == 0 {
			continue
		}
		registratie := w.eerste(g.nu)
		b.Queue("kop", w.o.nr, w.grootte, w.laatste, w.oud, g.nr, w.aantal-1,
			int64(w.rand.Grootte()), registratie+int64(w.aantal)-1, w.rand.AppendBytes(nil))
		b.Queue("groep", w.o.nr, w.grootte, g.nr, registratie, w.aantal, w.hashes, w.merken)
	}
	g.queueIdem(b)
	return finish(ctx, c, b)
}

// finish runs the last statements of a transaction and its COMMIT, in one round trip.
func finish(ctx context.Context, c *pgx.Conn, b *pgx.Batch) error {
	var tag pgconn.CommandTag
	delete(c.PgConn().CustomData(), gewaarschuwd)
	b.Queue("vastleggen").Exec(func(t pgconn.CommandTag) error { tag = t; return nil })
	err := send(ctx, c, b)
	switch {
	case err != nil && certain(err):
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", errOnbekend, err)
	case tag.String() != "COMMIT":
		return fmt.Errorf("transaction ended with %s", tag)
	case c.PgConn().CustomData()[gewaarschuwd] != nil:
		// An operator who cancels the wait for a standby makes the commit succeed, with a warning.
		return fmt.Errorf("%w: warning of the server", errOnbekend)
	}
	return nil
}

// certain tells whether an error means that nothing was committed. Only an ERROR of the server does: a FATAL
// may come after a commit that was waiting for a standby.
func certain(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.SeverityUnlocalized == "ERROR" && e.Code != "40003"
}

// settle finds out how a commit ended: nil when the group is written, an error for again when it never will be.
func (s *Store) settle(g *groep, cause error) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.geduld)
	defer cancel()
	o := g.nieuw[0].w.o // the transaction needs the head rows of all, so one is enough
	for {
		s.schrijf.Reset()
		var n int
		err := with(ctx, s.schrijf, func(c *pgx.Conn) error {
			if _, err := c.Exec(ctx, sqlBegin); err != nil {
				return err
			}
			b := &pgx.Batch{}
			b.Queue(sqlKopAanraken, o.nr)
			b.Queue(sqlKopVerzetten, o.nr, g.nr)
			b.Queue(sqlGroepIsEr, o.nr, g.nr).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
			return finish(ctx, c, b)
		})
		switch {
		case err == nil && n > 0:
			return nil
		case err == nil:
			return fmt.Errorf("%w: it was lost before the commit", errVerbinding)
		case ctx.Err() != nil:
			return &fout.Fout{
				Code: fout.CodeNietBeschikbaar,
				Detail: "De database viel weg tijdens het vastleggen, en of het gelukt is, is nog niet bekend. " +
					"Herhalen met dezelfde Idempotency-Key is veilig.",
				OpnieuwNa: time.Second, Oorzaak: fmt.Errorf("%w; finding out: %w", cause, err),
			}
		}
		pause(ctx, 50*time.Millisecond)
	}
}
