package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Inspectie is what can be told of a store without opening it for use.
type Inspectie struct {
	Bestaat   bool
	InGebruik bool  // by another process; then nothing below is known but Omvang
	Omvang    int64 // bytes of its files

	Vingerafdrukken map[string]map[string]string // by OIN and name of the key
	Applicaties     []autorisatie.Rij            // made through the API, sealed
	Versies         int64
	Laatste         time.Time // registration of the newest version; zero without one
	Achterstand     int64     // versions that are not in the index file: work for the next start
	Oordeel         string    // of the integrity check: "" is good
	Onvoltooid      bool      // the check was cut off by its time limit
}

// Inspect looks at the store in dir and changes nothing. While it looks nobody can open the store;
// controle bounds how long the check of integrity takes.
func Inspect(ctx context.Context, dir string, controle time.Duration) (*Inspectie, error) {
	in := &Inspectie{Vingerafdrukken: map[string]map[string]string{}}
	for _, naam := range []string{logBestand, logBestand + "-wal", indexBestand, indexBestand + "-wal"} {
		info, err := os.Stat(filepath.Join(dir, naam))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, fmt.Errorf("look at store: %w", err)
		default:
			in.Omvang += info.Size()
			in.Bestaat = in.Bestaat || naam == logBestand
		}
	}
	if !in.Bestaat {
		return in, nil
	}
	f, err := os.OpenFile(filepath.Join(dir, slotBestand), os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open lock file of store: %w", err)
	default:
		defer f.Close()
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			in.InGebruik = true
			return in, nil
		}
		if err != nil {
			return nil, fmt.Errorf("lock store: %w", err)
		}
	}
	db, err := openStil(filepath.Join(dir, logBestand))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	grootte, err := in.readLog(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	in.Achterstand = in.Versies - inIndex(ctx, filepath.Join(dir, indexBestand), grootte)

	limited, cancel := context.WithTimeout(ctx, controle)
	defer cancel()
	var oordeel string
	switch err := db.QueryRowContext(limited, "PRAGMA quick_check(1)").Scan(&oordeel); {
	case limited.Err() != nil && ctx.Err() == nil:
		in.Onvoltooid = true
	case err != nil:
		in.Oordeel = err.Error()
	case oordeel != "ok":
		in.Oordeel = oordeel
	}
	return in, nil
}

// openStil opens a database whose store is locked, for reading. Without a write-ahead log nothing is
// created beside it.
func openStil(pad string) (*sql.DB, error) {
	q := url.Values{"mode": {"ro"}, "_pragma": {"query_only(1)"}}
	if info, err := os.Stat(pad + "-wal"); err != nil || info.Size() == 0 {
		q.Set("immutable", "1")
	}
	u := url.URL{Scheme: "file", Path: pad, RawQuery: q.Encode()}
	return sql.Open("sqlite", u.String())
}

// readLog reads what the log tells of itself; it gives the number of versions by organisation.
func (in *Inspectie) readLog(ctx context.Context, db *sql.DB) (map[int64]int64, error) {
	rows, err := db.QueryContext(ctx, `SELECT nr, oin FROM organisatie`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	oins := map[int64]string{}
	for rows.Next() {
		var nr int64
		var oin string
		if err := rows.Scan(&nr, &oin); err != nil {
			return nil, err
		}
		oins[nr] = oin
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	grootte := map[int64]int64{}
	for organisatie, oin := range oins {
		var nr, registratie int64
		err := db.QueryRowContext(ctx, sqlRijLaatste, versieNr(organisatie, 0), versieNr(organisatie+1, 0)).Scan(&nr, &registratie)
		if err == nil {
			grootte[organisatie] = nr&maxBlad + 1
			in.Versies += nr&maxBlad + 1
			if t := time.UnixMicro(registratie); t.After(in.Laatste) {
				in.Laatste = t
			}
		} else if !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if in.Vingerafdrukken[oin], err = afdrukken(ctx, db, organisatie); err != nil {
			return nil, err
		}
	}
	in.Applicaties, err = applicaties(ctx, db)
	return grootte, err
}

// applicaties reads those of the store; a log that was not migrated yet has none.
func applicaties(ctx context.Context, db *sql.DB) ([]autorisatie.Rij, error) {
	var versie int
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(versie), 0) FROM schema`).Scan(&versie); err != nil || versie < 2 {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, sqlApplicaties)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []autorisatie.Rij
	for rows.Next() {
		var r autorisatie.Rij
		var id string
		if err := rows.Scan(&id, &r.OIN, &r.Versie, &r.Verzegeld); err != nil {
			return nil, err
		}
		if r.ID, err = uuid.Parse(id); err != nil {
			return nil, errors.New("the id of an application is no uuid")
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func afdrukken(ctx context.Context, db *sql.DB, organisatie int64) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, sqlSleutelLees, organisatie)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := map[string]string{}
	for rows.Next() {
		var naam, afdruk string
		if err := rows.Scan(&naam, &afdruk); err != nil {
			return nil, err
		}
		m[naam] = afdruk
	}
	return m, rows.Err()
}

// inIndex counts the versions in the index file; one that can't be read has none, since it is rebuilt.
func inIndex(ctx context.Context, pad string, grootte map[int64]int64) int64 {
	if _, err := os.Stat(pad); err != nil {
		return 0
	}
	db, err := openStil(pad)
	if err != nil {
		return 0
	}
	defer db.Close()
	var n int64
	for organisatie, max := range grootte {
		var tot, registratie int64
		if db.QueryRowContext(ctx, sqlStandLees, organisatie).Scan(&tot, &registratie) == nil {
			n += min(tot, max)
		}
	}
	return n
}
