package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// geduld is what Opties.Geduld is when it is 0.
	geduld = 5 * time.Second
	// geduldVerbinding bounds the making of one connection.
	geduldVerbinding = 3 * time.Second
)

// sessie holds of every connection. A node that vanishes in the middle of a transaction keeps the others
// waiting for its locks no longer than they have patience, and what nobody waits for any more needs no work.
const sessie = `SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '3s';
	SELECT set_config(name, 'off', false) FROM pg_settings
		WHERE name IN ('enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit')`

// openPool makes a pool of at most max connections; none is made yet.
func openPool(ctx context.Context, url string, max int, prepare func(context.Context, *pgx.Conn) error) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	settle(c.ConnConfig)
	c.MaxConns = int32(max)
	c.PingTimeout = geduldVerbinding
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, sessie); err != nil {
			return err
		}
		return prepare(ctx, conn)
	}
	return pgxpool.NewWithConfig(ctx, c)
}

// settle fills in what the URL leaves open.
func settle(c *pgx.ConnConfig) {
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "verantwoord"
	}
	if c.ConnectTimeout == 0 || c.ConnectTimeout > geduldVerbinding {
		c.ConnectTimeout = geduldVerbinding
	}
	c.AfterNetConnect = newLijn
	c.OnNotice = func(c *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			c.CustomData()[gewaarschuwd] = true
		}
	}
}

// gewaarschuwd is the key under which a connection remembers a warning.
const gewaarschuwd = "gewaarschuwd"

// prepareSchrijver makes sure that commits of the connection are durable, whatever the server, the database
// or the role has as its default, now or after a reload. What is prepared here is run under a lock.
func prepareSchrijver(ctx context.Context, c *pgx.Conn) error {
	var wijze string
	if err := c.QueryRow(ctx, "SHOW synchronous_commit").Scan(&wijze); err != nil {
		return err
	}
	if wijze != "remote_apply" {
		wijze = "on"
	}
	if _, err := c.Exec(ctx, "SET synchronous_commit = "+wijze); err != nil {
		return err
	}
	for naam, tekst := range voorbereid {
		if _, err := c.Prepare(ctx, naam, tekst); err != nil {
			return err
		}
	}
	return nil
}

// with runs f on a connection. An error wraps errVerbinding when there was none, or when it did not survive.
func with(ctx context.Context, p *pgxpool.Pool, f func(*pgx.Conn) error) error {
	c, err := p.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errVerbinding, err)
	}
	defer func() {
		if c.Conn().IsClosed() {
			c.Hijack() // its place in the pool is free at once, however long closing takes
		} else {
			c.Release()
		}
	}()
	if err = f(c.Conn()); err != nil && c.Conn().IsClosed() {
		err = fmt.Errorf("%w: %w", errVerbinding, err)
	}
	return err
}

// do runs f, which must do no harm when it is run again: once more when it met another transaction, and when
// the connection is lost, by a restart or a fail-over. Then the others of the pool are as well.
func (s *Store) do(ctx context.Context, p *pgxpool.Pool, stap string, f func(context.Context, *pgx.Conn) error) error {
	binnen, cancel := context.WithTimeout(ctx, s.geduld)
	defer cancel()
	for poging := 1; ; poging++ {
		err := with(binnen, p, func(c *pgx.Conn) error { return f(binnen, c) })
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%s: %w", stap, ctx.Err())
		}
		if lost(err) {
			p.Reset()
		}
		if !again(err) || poging == 2 || binnen.Err() != nil {
			return judge(stap, err)
		}
	}
}

// read gives the rows of a question.
func read[T any](ctx context.Context, s *Store, stap, tekst string, scan pgx.RowToFunc[T], args ...any) (l []T, err error) {
	err = s.do(ctx, s.lees, stap, func(ctx context.Context, c *pgx.Conn) error {
		rows, err := c.Query(ctx, tekst, args...)
		if err != nil {
			return err
		}
		l, err = pgx.CollectRows(rows, scan)
		return err
	})
	return l, err
}

// exec runs one statement that may be run again, durably.
func (s *Store) exec(ctx context.Context, stap, tekst string, args ...any) (n int64, err error) {
	err = s.do(ctx, s.schrijf, stap, func(ctx context.Context, c *pgx.Conn) error {
		tag, err := c.Exec(ctx, tekst, args...)
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

// pause sleeps for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
