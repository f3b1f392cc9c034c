package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
)

// indexVersie is the version of the layout of index.db. Another one is not migrated but rebuilt.
const indexVersie = 1

// deelBits: the index is split into parts of 2^20 versions of an organisation. New entries go to the
// last part only, so that adding to it costs the same however many versions there are; a question
// looks into every part.
const deelBits = 20

const indexSchema = `
	CREATE TABLE herkomst(logboek BLOB NOT NULL) STRICT;
	CREATE TABLE stand(organisatie INTEGER PRIMARY KEY, tot INTEGER NOT NULL, registratie INTEGER NOT NULL) STRICT;
	-- plaats = (organisation << 20 | part) << 8 | kind, in deel with kind 0: one column, since every
	-- one of a key costs a comparison at each step down the tree.
	CREATE TABLE deel(organisatie INTEGER NOT NULL, plaats INTEGER NOT NULL,
		PRIMARY KEY(organisatie, plaats)) STRICT, WITHOUT ROWID;
	-- Kind 0 is the actie itself: sleutel is its id, aantal the version number, stand NULL. For the
	-- others stand is what standBytes packs.
	CREATE TABLE ingang(plaats INTEGER NOT NULL, sleutel BLOB NOT NULL, blad INTEGER NOT NULL,
		aantal INTEGER NOT NULL, stand BLOB, PRIMARY KEY(plaats, sleutel, blad)) STRICT, WITHOUT ROWID;
	PRAGMA user_version = 1`

const (
	sqlIngangSchrijf = `INSERT OR IGNORE INTO ingang(plaats, sleutel, blad, aantal, stand) VALUES(?, ?, ?, ?, ?)`
	sqlDeelSchrijf   = `INSERT OR IGNORE INTO deel(organisatie, plaats) VALUES(?, ?)`
	sqlStandSchrijf  = `INSERT OR REPLACE INTO stand(organisatie, tot, registratie) VALUES(?, ?, ?)`
	sqlStandLees     = `SELECT tot, registratie FROM stand WHERE organisatie = ?`
	sqlZoek          = `SELECT i.blad, i.aantal, i.stand
		FROM deel d CROSS JOIN ingang i ON i.plaats = d.plaats + ?
		WHERE d.organisatie = ? AND i.sleutel = ?`
)

// index is the index file: one connection that writes runs, and a pool that reads.
type index struct {
	pad string
	db  *sql.DB
	c   *sql.Conn
	ro  *sql.DB
	voorbereid

	begin, commit, rollback, ingang, deel, stand, standLees *sql.Stmt
	zoek                                                    *sql.Stmt

	perVersie atomic.Int64 // ns that indexing a version took in the last run
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
	if err := removeIndex(pad); err != nil {
		return err
	}
	x, err := createIndex(ctx, pad, id)
	if err != nil {
		return err
	}
	s.index = x
	return nil
}

func openIndexFile(ctx context.Context, pad string) (*index, error) {
	x := &index{pad: pad}
	var err error
	if x.db, x.c, err = openWriter(ctx, pad, "NORMAL", 64<<10); err != nil {
		return nil, err
	}
	// Nobody waits for a run, so it may do its own checkpoints.
	if _, err = x.c.ExecContext(ctx, "PRAGMA wal_autocheckpoint = 8000"); err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

func (x *index) prepareAll(ctx context.Context) error {
	var err error
	if x.ro, err = openReaders(x.pad, 8<<10); err != nil {
		return err
	}
	return errors.Join(x.prepare(ctx, x.c, map[**sql.Stmt]string{
		&x.begin:     `BEGIN IMMEDIATE`,
		&x.commit:    `COMMIT`,
		&x.rollback:  `ROLLBACK`,
		&x.ingang:    sqlIngangSchrijf,
		&x.deel:      sqlDeelSchrijf,
		&x.stand:     sqlStandSchrijf,
		&x.standLees: sqlStandLees,
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
