package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/verantwoord/verantwoord/internal/bestand"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Inspectie is what can be told of a store without opening it for use.
type Inspectie struct {
	Bestaat   bool
	InGebruik bool  // by another process; then nothing below is known but Omvang
	Omvang    int64 // bytes of its files

	Stappen []string // migrations of the log that Open would run

	Vingerafdrukken map[string]map[string]string // by OIN and name of the key
	Versies         int64
	Laatste         time.Time // registration of the newest version; zero without one
	Achterstand     int64     // versions that are not in the index file: work for the next start
	Oordeel         string    // of the integrity check: "" is good
	Onvoltooid      bool      // the check was cut off by its time limit
}

// Inspect looks at the store in dir and changes nothing. While it looks nobody can open the store;
// controle bounds how long the check of integrity takes. When the store can be read and has rooms,
// kamers is shown them.
func Inspect(ctx context.Context, dir string, controle time.Duration, kamers func(kamer.Opslag) error) (*Inspectie, error) {
	dir, err := filepath.Abs(dir) // a relative one can't stand in the URL of a database
	if err != nil {
		return nil, fmt.Errorf("look at store: %w", err)
	}
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
		in.Stappen = stapNamen
		return in, nil
	}
	f, err := os.OpenFile(filepath.Join(dir, slotBestand), os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open lock file of store: %w", err)
	default:
		defer bestand.Ontgrendel(f)
		err := bestand.Vergrendel(f)
		if errors.Is(err, bestand.ErrBezet) {
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
	var versie int
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(versie), 0) FROM schema`).Scan(&versie); err != nil {
		return nil, fmt.Errorf("read version of the log: %w", err)
	}
	in.Stappen = stapNamen[min(versie, len(stapNamen)):]
	if err := showKamers(ctx, db, kamers); err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
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
	return grootte, nil
}

// showKamers leaves out a log that is older than the rooms.
func showKamers(ctx context.Context, db *sql.DB, kamers func(kamer.Opslag) error) error {
	var versie int
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(versie), 0) FROM schema`).Scan(&versie); err != nil || versie < 2 {
		return err
	}
	return kamers(kamerLezer{db})
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
