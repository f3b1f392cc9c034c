package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// errVerbinding is wrapped by errors that cost a connection, or for which there was none.
var errVerbinding = errors.New("no connection with the database")

// Codes of PostgreSQL.
const (
	codeAlleenLezen = "25006"
	codeBestaatAl   = "23505" // unique_violation
	codeGeenTabel   = "42P01"
	codeKopAnders   = "23502" // not_null_violation: only the statement that moves a head row can
)

// code is the SQLSTATE of an error of the server, "" when it is not one.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// lost tells whether the way to the server is gone, and the transaction with it: it is not one of which the
// outcome is unknown, which must never be run again.
func lost(err error) bool {
	return (errors.Is(err, errVerbinding) || code(err) == codeAlleenLezen) && !errors.Is(err, errOnbekend)
}

// again tells whether the same transaction may succeed when it is run once more.
func again(err error) bool { return lost(err) || met(err) }

// met tells whether a transaction met another one: serialization, deadlock, a twin that slipped in, a table
// that is made twice.
func met(err error) bool {
	switch code(err) {
	case "40001", "40P01", codeBestaatAl, "42P07", "42710":
		return true
	}
	return false
}

// judge turns an error into what is promised: trouble of the server is fout.NietBeschikbaar, a mistake in
// the program stays one.
func judge(stap string, err error) error {
	c := code(err)
	switch {
	case err == nil || errors.Is(err, fout.NietBeschikbaar):
		return err
	case c == codeAlleenLezen:
		return alleenLezen(stap, err)
	case c == "53100":
		return unavailable("De opslag is vol; maak ruimte vrij, er is niets verloren gegaan.", stap, err)
	case met(err), c == "55P03", c == "57014", c == "" && !lost(err) && errors.Is(err, context.DeadlineExceeded): // locked, or out of time
		return unavailable("De opslag is bezet; probeer het straks opnieuw.", stap, err)
	case lost(err), len(c) == 5 && (c[:2] == "08" || c[:2] == "53" || c[:2] == "57" || c[:2] == "58"):
		return unavailable("De database van het register is even niet bereikbaar; probeer het straks opnieuw.", stap, err)
	}
	return fmt.Errorf("%s: %w", stap, err)
}

func alleenLezen(stap string, err error) error {
	return unavailable("De database van het register is nu alleen te lezen; probeer het straks opnieuw.", stap, err)
}

func unavailable(detail, stap string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", stap, err)
	}
	return &fout.Fout{Code: fout.CodeNietBeschikbaar, Detail: detail, OpnieuwNa: time.Second, Oorzaak: err}
}
