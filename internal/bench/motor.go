package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ingebouwd is the name of the embedded engine in a result.
const ingebouwd = "sqlite"

// motor is the engine under the register: its limits, the simplest thing that could work on it, and
// where the register keeps its own store.
type motor interface {
	naam() string
	store() string                            // the setting store of the register
	plannen() []plan                          // raw rows, and one transaction a record
	bytes(ctx context.Context) (int64, error) // of the register's store, once the register has stopped
	cpu() float64                             // seconds used by processes of the engine itself
	close() error
}

func openMotor(ctx context.Context, store, dir string) (motor, error) {
	switch {
	case store == "" || store == ingebouwd:
		return newSQLite(dir)
	case strings.HasPrefix(store, "postgres://"), strings.HasPrefix(store, "postgresql://"):
		return newPostgres(ctx, store)
	}
	return nil, fmt.Errorf("de opslag moet %s zijn of met postgres:// beginnen", ingebouwd)
}

// groepen is how many rows the limits put in one transaction.
const groepen = 512

// The lines of an engine, the same for every one.
func motorplannen(schrijvers int, metIndex, alleenLog, naief func(context.Context, int) error) []plan {
	return []plan{
		{"limiet: rijen met index in groepen van 512", schrijvers, herhaal(schrijvers, groepen, metIndex)},
		{"limiet: alleen logrijen in groepen van 512", schrijvers, herhaal(schrijvers, groepen, alleenLog)},
		{"nulmeting: één transactie per record", 64, herhaal(64, 1, naief)},
	}
}

// herhaal lets writers put groups of n rows in a transaction each, one after another.
func herhaal(schrijvers, n int, groep func(context.Context, int) error) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		var (
			mu   sync.Mutex
			all  []time.Duration
			fail error
			wg   sync.WaitGroup
		)
		begin := time.Now()
		for range schrijvers {
			wg.Go(func() {
				var times []time.Duration
				var err error
				for err == nil && ctx.Err() == nil && time.Since(begin) < d {
					at := time.Now()
					if err = groep(ctx, n); err == nil {
						times = append(times, time.Since(at))
					}
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, times...)
				if fail == nil {
					fail = err
				}
			})
		}
		wg.Wait()
		m := Meting{}
		if n == 1 {
			m = latency(all)
		}
		m.PerS = float64(len(all)*n) / time.Since(begin).Seconds()
		return m, fail
	}
}

// sqlite is the embedded engine: it works inside the register.
type sqlite struct {
	dir                string
	index, log, simpel *tabel
}

func newSQLite(dir string) (_ motor, err error) {
	m := &sqlite{dir: dir}
	for naam, t := range map[string]**tabel{"index": &m.index, "log": &m.log, "simpel": &m.simpel} {
		conns := 1
		if t == &m.simpel {
			conns = 64
		}
		if *t, err = openTabel(filepath.Join(dir, naam+".db"), conns); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *sqlite) naam() string  { return ingebouwd }
func (m *sqlite) store() string { return "sqlite:" + filepath.Join(m.dir, "store") }
func (m *sqlite) cpu() float64  { return 0 }

func (m *sqlite) plannen() []plan {
	groep := func(t *tabel, index bool) func(context.Context, int) error {
		return func(ctx context.Context, n int) error { return t.group(ctx, n, index) }
	}
	return motorplannen(1, groep(m.index, true), groep(m.log, false), groep(m.simpel, true))
}

func (m *sqlite) bytes(context.Context) (int64, error) {
	return bytesIn(filepath.Join(m.dir, "store")), nil
}

func (m *sqlite) close() error {
	for _, t := range []*tabel{m.index, m.log, m.simpel} {
		if err := t.db.Close(); err != nil {
			return err
		}
	}
	return nil
}
