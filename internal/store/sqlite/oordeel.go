package sqlite

import (
	"errors"
	"fmt"
	"time"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// code is the primary result code of SQLite, 0 when err is not one of its errors.
func code(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// judge turns an error of a write to log.db into what Append promises. An I/O error or corruption
// leaves unknown what is on disk; anything else was rolled back.
func judge(stap string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s: %w: %w", stap, verwerkingenlog.ErrNietDuurzaam, err)
	case sqlite3.SQLITE_FULL:
		return unavailable("De opslag is vol; maak ruimte vrij, er is niets verloren gegaan.", stap, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM:
		return unavailable("De opslag is bezet; probeer het straks opnieuw.", stap, err)
	}
	return fmt.Errorf("%s: %w", stap, err)
}

func unavailable(detail, stap string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", stap, err)
	}
	return &fout.Fout{Code: fout.CodeNietBeschikbaar, Detail: detail, OpnieuwNa: time.Second, Oorzaak: err}
}

// fail remembers that durability is lost, so that nothing is appended any more.
func (s *Store) fail(err error) error {
	if errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		s.stuk.CompareAndSwap(nil, &err)
	}
	return err
}

// damaged tells whether an error of index.db means that the file can't be used any more.
func damaged(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR:
		return true
	}
	return errors.Is(err, errBlok)
}

func foutIndexStuk(err error) error {
	return fout.Wrap(fout.CodeNietBeschikbaar,
		"De index van het register is beschadigd; herstart het register, dan wordt hij opnieuw opgebouwd.", err)
}
