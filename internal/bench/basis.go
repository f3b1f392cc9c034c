package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
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

func (t *tabel) close() error { return t.db.Close() }

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

type naief struct{ *tabel }

func newNaief(path string) (naief, error) {
	t, err := openTabel(path, 64)
	return naief{t}, err
}

// insert measures a transaction for each record on connections of their own, as a simple service
// would do it.
func (t naief) insert(klanten int) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		var (
			mu   sync.Mutex
			all  []time.Duration
			fail error
			wg   sync.WaitGroup
		)
		begin := time.Now()
		for range klanten {
			wg.Go(func() {
				var times []time.Duration
				var err error
				for err == nil && time.Since(begin) < d {
					at := time.Now()
					if err = t.group(ctx, 1, true); err == nil {
						times = append(times, time.Since(at))
					}
				}
				mu.Lock()
				defer mu.Unlock()
				all, fail = append(all, times...), errors.Join(fail, err)
			})
		}
		wg.Wait()
		elapsed := time.Since(begin).Seconds()
		m := latency(all)
		m.PerS = float64(len(all)) / elapsed
		return m, fail
	}
}

type ruw struct{ *tabel }

func newRuw(path string) (ruw, error) {
	t, err := openTabel(path, 1)
	return ruw{t}, err
}

// insert measures groups of 512 records.
func (t ruw) insert(index bool) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		const groep = 512
		begin, n := time.Now(), 0
		for time.Since(begin) < d {
			if err := t.group(ctx, groep, index); err != nil {
				return Meting{}, err
			}
			n += groep
		}
		return Meting{PerS: float64(n) / time.Since(begin).Seconds()}, nil
	}
}

// fdatasync measures the disk: append 4 KiB and sync, one after another.
func fdatasync(path string) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (_ Meting, err error) {
		f, err := os.Create(path)
		if err != nil {
			return Meting{}, err
		}
		defer func() { err = errors.Join(err, f.Close(), os.Remove(path)) }()
		block := make([]byte, 4096)
		var times []time.Duration
		for begin := time.Now(); time.Since(begin) < d && ctx.Err() == nil; {
			at := time.Now()
			if _, err := f.Write(block); err != nil {
				return Meting{}, err
			}
			if err := syncData(f); err != nil {
				return Meting{}, fmt.Errorf("fdatasync: %w", err)
			}
			times = append(times, time.Since(at))
		}
		m := latency(times)
		if m.P50 > 0 {
			m.PerS = float64(len(times)) / d.Seconds()
		}
		return m, ctx.Err()
	}
}
