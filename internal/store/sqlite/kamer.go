package sqlite

import (
	"context"
	"database/sql"
	"errors"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var (
	_ kamer.Opslag = (*Store)(nil)
	_ kamer.Wisser = (*Store)(nil)
)

// Read implements kamer.Opslag; what f reads first fixes the snapshot. It takes one of the few reading
// connections.
func (s *Store) Read(ctx context.Context, f func(*kamer.Tx) error) error {
	if s.gesloten.Load() {
		return s.usable()
	}
	return kamerLezer{s.lees.db}.Read(ctx, f)
}

// Write implements kamer.Opslag: as the one writer, between two groups of the log. f runs once.
func (s *Store) Write(ctx context.Context, f func(*kamer.Tx) error) error {
	return s.writeKamer(ctx, false, f)
}

// Overwrite implements kamer.Wisser.
func (s *Store) Overwrite(ctx context.Context, f func(*kamer.Tx) error) error {
	return s.writeKamer(ctx, true, f)
}

func (s *Store) writeKamer(ctx context.Context, wis bool, f func(*kamer.Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if wis {
		if _, err := s.schrijf.c.ExecContext(ctx, sqlWisEcht); err != nil {
			return s.fail(judge("begin", err))
		}
		defer func() {
			_, e := s.schrijf.c.ExecContext(ctx, sqlWisSnel)
			err = errors.Join(err, e)
		}()
	}
	if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
		return s.fail(judge("begin", err))
	}
	committed := false
	defer func() {
		if !committed { // f may have panicked
			err = s.fail(s.rollback(ctx, err))
		}
	}()
	v := &verbinding{tx: s.schrijf.c, judge: judge}
	if err := kamer.Run(ctx, v, f); err != nil {
		return err
	}
	if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
		return judge("commit", err)
	}
	committed = true
	s.countPages(&groep{bytes: v.aantal * paginaGrootte}) // a row of a room is small
	return nil
}

// kamerLezer shows the rooms of a database that it can't write.
type kamerLezer struct{ db *sql.DB }

// Read implements kamer.Opslag.
func (l kamerLezer) Read(ctx context.Context, f func(*kamer.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return judgeRead("begin", err)
	}
	defer tx.Rollback()
	return kamer.Run(ctx, &verbinding{tx: tx, judge: judgeRead}, f)
}

// Write implements kamer.Opslag: it refuses.
func (kamerLezer) Write(context.Context, func(*kamer.Tx) error) error {
	return errors.New("the store is open for reading only")
}

// judgeRead is judge for readers, after whom nothing on disk is in doubt.
func judgeRead(stap string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN:
		return unavailable("De opslag is niet te lezen; kijk in het logboek van de dienst.", stap, err)
	}
	return judge(stap, err)
}

// verbinding implements kamer.Verbinding on the writing connection, or on the transaction of a reader.
type verbinding struct {
	tx interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	judge  func(stap string, err error) error
	aantal int // statements executed
}

func (v *verbinding) Exec(ctx context.Context, tekst string, args ...any) (int64, error) {
	v.aantal++
	r, err := v.tx.ExecContext(ctx, tekst, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (v *verbinding) Query(ctx context.Context, tekst string, args ...any) (kamer.Rows, error) {
	r, err := v.tx.QueryContext(ctx, tekst, args...)
	if err != nil {
		return nil, err
	}
	return rijen{r}, nil
}

func (v *verbinding) Judge(err error) error { return v.judge("statement", err) }

// rijen are those of database/sql, whose error of closing stands in Err as well.
type rijen struct{ *sql.Rows }

func (r rijen) Close() { _ = r.Rows.Close() }
