package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

// indexVersie is the version of the layout of index.db. Another one is not migrated but rebuilt.
const indexVersie = 2

const indexSchema = `
	CREATE TABLE herkomst(logboek BLOB NOT NULL) STRICT;
	CREATE TABLE stand(organisatie INTEGER PRIMARY KEY, tot INTEGER NOT NULL, registratie INTEGER NOT NULL) STRICT;
	-- wijzers tells where the blocks of a run begin, acties is a filter; a block that no run names is
	-- garbage.
	CREATE TABLE run(nr INTEGER PRIMARY KEY, versies INTEGER NOT NULL, wijzers BLOB NOT NULL,
		acties BLOB NOT NULL) STRICT;
	CREATE TABLE blok(nr INTEGER PRIMARY KEY, inhoud BLOB NOT NULL) STRICT;
	PRAGMA user_version = 2`

const (
	sqlRunLees      = `SELECT nr, versies, wijzers, acties FROM run ORDER BY nr`
	sqlRunSchrijf   = `INSERT INTO run(nr, versies, wijzers, acties) VALUES(?, ?, ?, ?)`
	sqlRunWis       = `DELETE FROM run WHERE nr = ?`
	sqlBlokLees     = `SELECT inhoud FROM blok WHERE nr = ?`
	sqlBlokSchrijf  = `INSERT INTO blok(nr, inhoud) VALUES(?, ?)`
	sqlBlokWis      = `DELETE FROM blok WHERE nr BETWEEN ? AND ?`
	sqlZoek         = `SELECT inhoud FROM blok WHERE nr IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlStandLees    = `SELECT tot, registratie FROM stand WHERE organisatie = ?`
	sqlStandSchrijf = `INSERT OR REPLACE INTO stand(organisatie, tot, registratie) VALUES(?, ?, ?)`
)

// index is the index file: one connection that writes runs, and a pool that reads.
type index struct {
	pad string
	db  *sql.DB
	c   *sql.Conn
	ro  *sql.DB
	voorbereid

	begin, commit, rollback, stand, standLees *sql.Stmt
	runSchrijf, runWis                        *sql.Stmt
	blokLees, blokSchrijf, blokWis            *sql.Stmt
	zoek                                      *sql.Stmt

	// Owned by the indexer.
	volgende int64                 // number of the next block or run
	bezig    map[int]*samenvoeging // by trap
	kleinste int                   // versions from which a run is not in the lowest trap
	vast     []*run                // not to be merged: they are being replaced

	mu   sync.RWMutex // held for reading while a question reads blocks
	runs []*run       // replaced by the indexer, never changed

	perVersie atomic.Int64 // ns that indexing a version took in the last run
	klaar     time.Time    // when the last run was added; the indexer's own
	schoon    atomic.Bool  // hersleuteld does not count, and is being emptied
	stuk      atomic.Bool  // damaged; a restart rebuilds it
}

// openIndex opens the index file when it belongs to this log, and otherwise makes an empty one.
func (s *Store) openIndex(ctx context.Context) error {
	var id []byte
	if err := s.schrijf.c.QueryRowContext(ctx, `SELECT id FROM logboek`).Scan(&id); err != nil {
		return err
	}
	pad := filepath.Join(s.dir, indexBestand)
	if _, err := os.Stat(pad); err == nil {
		x, err := loadIndex(ctx, pad)
		if err == nil {
			if err = s.trust(ctx, x, id); err == nil {
				if err := s.finishSchoon(ctx, x); err != nil {
					return errors.Join(fmt.Errorf("forget earlier entries: %w", err), x.close())
				}
				s.index = x
				return nil
			}
			x.close()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.opt.Fout(fmt.Errorf("index is rebuilt from the log: %w", err))
	}
	if err := errors.Join(removeIndex(pad), bestand.Sync(s.dir)); err != nil {
		return err
	}
	if err := s.forgetHersleuteld(ctx); err != nil {
		return fmt.Errorf("forget earlier entries: %w", err)
	}
	x, err := createIndex(ctx, pad, id)
	if err != nil {
		return err
	}
	s.index = x
	return nil
}

func openIndexFile(ctx context.Context, pad string) (*index, error) {
	x := &index{pad: pad, kleinste: 4096, bezig: map[int]*samenvoeging{}}
	var err error
	if x.db, x.c, err = openWriter(ctx, pad, "NORMAL", 16<<10); err != nil {
		return nil, err
	}
	// Nobody waits for a run, so it may do its own checkpoints. A page that is used again holds nothing of before.
	for _, p := range []string{"PRAGMA wal_autocheckpoint = 8000", sqlWisSnel} {
		if _, err = x.c.ExecContext(ctx, p); err != nil {
			return nil, errors.Join(err, x.close())
		}
	}
	return x, nil
}

func (x *index) prepareAll(ctx context.Context) error {
	var err error
	if x.ro, err = openReaders(x.pad, 8<<10); err != nil {
		return err
	}
	return errors.Join(x.prepare(ctx, x.c, map[**sql.Stmt]string{
		&x.begin:       `BEGIN IMMEDIATE`,
		&x.commit:      `COMMIT`,
		&x.rollback:    `ROLLBACK`,
		&x.stand:       sqlStandSchrijf,
		&x.standLees:   sqlStandLees,
		&x.runSchrijf:  sqlRunSchrijf,
		&x.runWis:      sqlRunWis,
		&x.blokLees:    sqlBlokLees,
		&x.blokSchrijf: sqlBlokSchrijf,
		&x.blokWis:     sqlBlokWis,
	}), x.prepare(ctx, x.ro, map[**sql.Stmt]string{&x.zoek: sqlZoek}))
}

func createIndex(ctx context.Context, pad string, id []byte) (*index, error) {
	x, err := openIndexFile(ctx, pad)
	if err != nil {
		return nil, err
	}
	if _, err = x.c.ExecContext(ctx, indexSchema); err == nil {
		_, err = x.c.ExecContext(ctx, `INSERT INTO herkomst(logboek) VALUES(?)`, id)
	}
	if err == nil {
		err = x.prepareAll(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// loadIndex opens an existing index file, if it is one and is whole.
func loadIndex(ctx context.Context, pad string) (*index, error) {
	x, err := openIndexFile(ctx, pad)
	if err != nil {
		return nil, err
	}
	if err = x.whole(ctx); err == nil {
		err = x.prepareAll(ctx)
	}
	if err == nil {
		err = x.loadRuns(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// whole tells whether the file has the known layout and is as long as its header says.
func (x *index) whole(ctx context.Context) error {
	if _, _, _, err := walCheckpoint(ctx, x.db, "TRUNCATE"); err != nil {
		return err
	}
	var versie, paginas, grootte int64
	for p, v := range map[string]*int64{"user_version": &versie, "page_count": &paginas, "page_size": &grootte} {
		if err := x.c.QueryRowContext(ctx, "PRAGMA "+p).Scan(v); err != nil {
			return err
		}
	}
	fi, err := os.Stat(x.pad)
	if err != nil {
		return err
	}
	if versie != indexVersie {
		return fmt.Errorf("index has layout %d", versie)
	}
	if fi.Size() != paginas*grootte {
		return errors.New("index is cut off")
	}
	return nil
}

// trust tells whether the index was made from this very log, and from no more than stands in it.
func (s *Store) trust(ctx context.Context, x *index, id []byte) error {
	var van []byte
	if err := x.c.QueryRowContext(ctx, `SELECT logboek FROM herkomst`).Scan(&van); err != nil {
		return err
	}
	if string(van) != string(id) {
		return errors.New("index belongs to another log")
	}
	for _, o := range s.organisaties {
		st, err := x.standVan(ctx, o)
		if err != nil {
			return err
		}
		if st.tot == 0 {
			continue
		}
		if st.tot > o.grootte.Load() {
			return errors.New("index is ahead of the log")
		}
		r, err := s.lees.rij(ctx, o, st.tot-1)
		if err != nil {
			return err
		}
		if r != nil && r.Registratie != st.registratie {
			return errors.New("index was made from another course of the log")
		}
	}
	return nil
}

func (x *index) standVan(ctx context.Context, o *organisatie) (st stand, err error) {
	err = x.standLees.QueryRowContext(ctx, o.nr).Scan(&st.tot, &st.registratie)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return st, err
}

func removeIndex(pad string) error {
	for _, p := range []string{pad, pad + "-wal", pad + "-shm"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (x *index) close() error {
	err := x.voorbereid.close()
	if x.ro != nil {
		err = errors.Join(err, x.ro.Close())
	}
	return errors.Join(err, x.c.Close(), x.db.Close())
}
