package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"

	_ "modernc.org/sqlite" // the driver
)

// Read connections per file: queries are short, and more of them than cores gain nothing.
const lezers = 4

// dsn names a database file for database/sql, with settings of every connection.
func dsn(pad string, alleenLezen bool, pragmas ...string) string {
	q := url.Values{"_pragma": append([]string{"busy_timeout(10000)", "temp_store(2)"}, pragmas...)}
	if alleenLezen {
		q.Set("mode", "ro")
		q.Add("_pragma", "query_only(1)")
	}
	u := url.URL{Scheme: "file", Path: pad, RawQuery: q.Encode()}
	return u.String()
}

// openWriter opens a database for writing through one connection that lives as long as the store.
// A new file gets its page size and auto_vacuum before anything else, the only moment they can be
// chosen. Checkpoints never run in a commit.
func openWriter(ctx context.Context, pad, synchronous string, cacheKiB int) (*sql.DB, *sql.Conn, error) {
	if err := makeFile(pad); err != nil {
		return nil, nil, err
	}
	db, err := sql.Open("sqlite", dsn(pad, false))
	if err != nil {
		return nil, nil, err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	for _, p := range []string{
		"page_size = " + strconv.Itoa(paginaGrootte),
		"auto_vacuum = INCREMENTAL",
		"journal_mode = WAL",
		"synchronous = " + synchronous,
		"wal_autocheckpoint = 0",
		"cache_size = -" + strconv.Itoa(cacheKiB),
	} {
		if _, err := c.ExecContext(ctx, "PRAGMA "+p); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("pragma %s: %w", p, err), c.Close(), db.Close())
		}
	}
	return db, c, nil
}

// openReaders opens a pool that can't write.
func openReaders(pad string, cacheKiB int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(pad, true, "cache_size(-"+strconv.Itoa(cacheKiB)+")"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(lezers)
	db.SetMaxIdleConns(lezers)
	return db, nil
}

// walCheckpoint copies the write-ahead log into the database; it tells the frames in the log and
// how many of them are copied. When busy, another connection kept it from doing all, or anything.
func walCheckpoint(ctx context.Context, db *sql.DB, wijze string) (busy bool, log, gedaan int64, err error) {
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+wijze+")").Scan(&busy, &log, &gedaan)
	if err != nil {
		return false, 0, 0, fmt.Errorf("checkpoint: %w", err)
	}
	return busy, log, gedaan, nil
}

// voorbereid are prepared statements. Those of a single connection must be closed before it:
// database/sql does not do that, and SQLite keeps the file open for them.
type voorbereid []*sql.Stmt

// prepare prepares statements on p, the pool or the connection.
func (v *voorbereid) prepare(ctx context.Context, p interface {
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}, todo map[**sql.Stmt]string) error {
	for st, tekst := range todo {
		var err error
		if *st, err = p.PrepareContext(ctx, tekst); err != nil {
			return fmt.Errorf("prepare %q: %w", tekst, err)
		}
		*v = append(*v, *st)
	}
	return nil
}

func (v voorbereid) close() error {
	var errs []error
	for _, st := range v {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}

// schrijver is the one connection that writes log.db.
type schrijver struct {
	db *sql.DB
	c  *sql.Conn
	voorbereid

	begin, commit, rollback                          *sql.Stmt
	versie, knoop                                    *sql.Stmt
	idemLees, idemSchrijf, idemOud, idemWis, sleutel *sql.Stmt
	bewaar, vervang                                  *sql.Stmt
}

func openSchrijver(ctx context.Context, dir string) (*schrijver, error) {
	db, c, err := openWriter(ctx, filepath.Join(dir, logBestand), "FULL", 16<<10)
	if err != nil {
		return nil, err
	}
	w := &schrijver{db: db, c: c}
	if err := migrate(ctx, c); err != nil {
		return nil, errors.Join(err, w.close())
	}
	// What moves to another page leaves nothing behind where it was.
	if _, err := c.ExecContext(ctx, sqlWisSnel); err != nil {
		return nil, errors.Join(err, w.close())
	}
	err = w.prepare(ctx, c, map[**sql.Stmt]string{
		&w.begin:       `BEGIN IMMEDIATE`,
		&w.commit:      `COMMIT`,
		&w.rollback:    `ROLLBACK`,
		&w.versie:      sqlVersieSchrijf,
		&w.knoop:       sqlKnoopSchrijf,
		&w.idemLees:    sqlIdemLees,
		&w.idemSchrijf: sqlIdemSchrijf,
		&w.idemOud:     sqlIdemOud,
		&w.idemWis:     sqlIdemWis,
		&w.sleutel:     sqlSleutelSchrijf,
		&w.bewaar:      sqlHersleutelBewaar,
		&w.vervang:     sqlHersleutelSchrijf,
	})
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *schrijver) close() error {
	return errors.Join(w.voorbereid.close(), w.c.Close(), w.db.Close())
}

// lezer is the pool that reads log.db, and the connection that runs its checkpoints.
type lezer struct {
	db, onderhoud *sql.DB
	voorbereid

	stRij, stRijen, activiteit, knoop, knopen, laatsteKnoop, laatsteRij, vanaf, sleutels *sql.Stmt
}

func openLezer(ctx context.Context, dir string) (*lezer, error) {
	pad := filepath.Join(dir, logBestand)
	db, err := openReaders(pad, 4<<10)
	if err != nil {
		return nil, err
	}
	l := &lezer{db: db}
	if l.onderhoud, err = sql.Open("sqlite", dsn(pad, false, "synchronous(FULL)", "wal_autocheckpoint(0)")); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	l.onderhoud.SetMaxOpenConns(1)
	err = l.prepare(ctx, db, map[**sql.Stmt]string{
		&l.stRij:        sqlRij,
		&l.stRijen:      sqlRijen,
		&l.activiteit:   sqlActiviteit,
		&l.knoop:        sqlKnoopLees,
		&l.knopen:       sqlKnopenLees,
		&l.laatsteKnoop: sqlKnoopLaatste,
		&l.laatsteRij:   sqlRijLaatste,
		&l.vanaf:        sqlRijenVanaf,
		&l.sleutels:     sqlSleutelLees,
	})
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *lezer) checkpoint(ctx context.Context, wijze string) (busy bool, log, gedaan int64, err error) {
	return walCheckpoint(ctx, l.onderhoud, wijze)
}

func (l *lezer) ping(ctx context.Context) error {
	var een int
	if err := l.db.QueryRowContext(ctx, `SELECT 1`).Scan(&een); err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	return nil
}

func (l *lezer) close() error {
	return errors.Join(l.voorbereid.close(), l.db.Close(), l.onderhoud.Close())
}
