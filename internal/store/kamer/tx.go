package kamer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
)

// Tx is a transaction, for one goroutine and as long as the function runs that was given it. A statement
// that fails ends it: what follows is refused, and the whole fails whatever the function makes of it.
type Tx struct {
	ctx        context.Context
	verbinding Verbinding
	leest      bool  // rows are being yielded
	fout       error // of the statement that failed
}

// Row is one row of an answer.
type Row interface {
	Scan(dest ...any) error
}

// ErrGeenRij says, with errors.Is, that QueryRow found nothing. The transaction goes on.
var ErrGeenRij = sql.ErrNoRows

// errLeest is given by both engines, though one of them could do it.
var errLeest = errors.New("statement before the rows of another were read")

// Exec runs a statement and tells how many rows it touched.
func (t *Tx) Exec(tekst string, args ...any) (int64, error) {
	if err := t.ready(); err != nil {
		return 0, err
	}
	n, err := t.verbinding.Exec(t.ctx, tekst, args...)
	return n, t.note(err)
}

// Query yields the rows; an error comes last and without a row. The next statement must wait until the
// loop has ended.
func (t *Tx) Query(tekst string, args ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := t.ready(); err != nil {
			yield(nil, err)
			return
		}
		rows, err := t.verbinding.Query(t.ctx, tekst, args...)
		if err != nil {
			yield(nil, t.note(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			t.leest = true
			more := yield(rij{t, rows}, nil)
			t.leest = false
			if !more {
				rows.Close()
				_ = t.note(rows.Err()) // met by who comes next
				return
			}
		}
		if err := t.note(rows.Err()); err != nil {
			yield(nil, err)
		}
	}
}

// QueryRow asks for the first row when it is scanned; that gives ErrGeenRij when there is none.
func (t *Tx) QueryRow(tekst string, args ...any) Row { return eerste{t.Query(tekst, args...)} }

// Organisatie gives the number of an organisation, by which rooms name it. One that the store does not know is an error, and
// never ErrGeenRij: that is of what was asked about it.
func (t *Tx) Organisatie(oin string) (nr int64, err error) {
	err = t.QueryRow(`SELECT nr FROM organisatie WHERE oin = $1`, oin).Scan(&nr)
	if errors.Is(err, ErrGeenRij) {
		return 0, errors.New("unknown organisation")
	}
	if err != nil {
		return 0, fmt.Errorf("find organisation: %w", err)
	}
	return nr, nil
}

// ready tells why no statement may begin.
func (t *Tx) ready() error {
	if t.leest && t.fout == nil {
		t.fout = errLeest
	}
	return t.fout
}

// note keeps the first error.
func (t *Tx) note(err error) error {
	if err != nil && t.fout == nil {
		t.fout = t.verbinding.Judge(err)
	}
	return t.fout
}

type rij struct {
	t    *Tx
	rows Rows
}

func (r rij) Scan(dest ...any) error { return r.t.note(r.rows.Scan(dest...)) }

type eerste struct{ rijen iter.Seq2[Row, error] }

func (e eerste) Scan(dest ...any) error {
	for row, err := range e.rijen {
		if err != nil {
			return err
		}
		return row.Scan(dest...)
	}
	return ErrGeenRij
}

// Verbinding is what an engine gives to make a Tx of: a connection in a transaction.
type Verbinding interface {
	Exec(ctx context.Context, tekst string, args ...any) (int64, error)
	Query(ctx context.Context, tekst string, args ...any) (Rows, error)
	// Judge turns an error of a statement into what Opslag promises.
	Judge(err error) error
}

// Rows are those of an answer. Close may be called again, and Err after it.
type Rows interface {
	Row
	Next() bool
	Err() error
	Close()
}

// Run gives f a transaction on a connection, for an engine: nil means that it is to be committed. The
// error of a statement is among what it gives, also when f kept it to itself.
func Run(ctx context.Context, v Verbinding, f func(*Tx) error) error {
	t := &Tx{ctx: ctx, verbinding: v}
	if err := f(t); t.fout == nil || errors.Is(err, t.fout) {
		return err
	}
	return t.fout
}
