package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the engine of the embedded store
)

// The same rows as the store writes for one record, put in the plainest way: the version with its leaf,
// and where asked an index row for its id, its verwerking, that of the afnemer, its person and its
// object, on random keys.
const (
	tabellen = `CREATE TABLE IF NOT EXISTS versie(nr INTEGER PRIMARY KEY, actie BLOB, nummer INTEGER, registratie INTEGER,
			tijdstip INTEGER, kenmerk INTEGER, activiteit BLOB, ingangen BLOB, inhoud BLOB);
		CREATE TABLE IF NOT EXISTS ingang(soort INTEGER, sleutel BLOB, nr INTEGER, actie BLOB, tijdstip INTEGER,
			PRIMARY KEY(soort, sleutel, nr)) WITHOUT ROWID;
		CREATE TABLE IF NOT EXISTS knoop(nr INTEGER PRIMARY KEY, hashes BLOB)`
	insertVersie = `INSERT INTO versie VALUES(?, ?, 1, ?, ?, 1, ?, ?, ?)`
	insertIngang = `INSERT INTO ingang VALUES(?, ?, ?, ?, ?)`
	insertKnoop  = `INSERT INTO knoop VALUES(?, ?)`
	soorten      = 5
)

// inhoudBytes is the size of the sealed content of the measured record.
const inhoudBytes = 560

// tabel is a database of the baseline.
type tabel struct {
	db *sql.DB
	nr atomic.Int64
}

func openTabel(path string, conns int) (*tabel, error) {
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(30000)", "cache_size(-65536)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if _, err := db.Exec(tabellen); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &tabel{db: db}, nil
}

// group puts n records in one transaction, with or without index rows.
func (t *tabel) group(ctx context.Context, n int, index bool) error {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	versie, err := tx.PrepareContext(ctx, insertVersie)
	if err != nil {
		return err
	}
	ingang, err := tx.PrepareContext(ctx, insertIngang)
	if err != nil {
		return err
	}
	var ids [16 * (soorten + 1)]byte
	inhoud := make([]byte, inhoudBytes)
	for range n {
		rand.Read(ids[:])
		rand.Read(inhoud[:32])
		nr, at := t.nr.Add(1), time.Now().UnixMicro()
		if _, err := versie.ExecContext(ctx, nr, ids[:16], at, at, ids[16:32], ids[16:], inhoud); err != nil {
			return err
		}
		if !index {
			continue
		}
		for k := range soorten {
			if _, err := ingang.ExecContext(ctx, k, ids[16*(k+1):16*(k+2)], nr, ids[:16], at); err != nil {
				return err
			}
		}
	}
	// Two hashes of the tree a record, packed in a row.
	hashes := make([]byte, 64*n)
	rand.Read(hashes[:32])
	if _, err := tx.ExecContext(ctx, insertKnoop, t.nr.Load(), hashes); err != nil {
		return err
	}
	return tx.Commit()
}
