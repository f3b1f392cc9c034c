package postgres

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestALeaseIsOfOneNodeUntilItEnds(t *testing.T) {
	t.Parallel()
	b := openNodes(t, 2)
	const naam = "proef"
	a, other := b.nodes[0].Lease(naam, time.Hour), b.nodes[1].Lease(naam, time.Hour)
	want := func(what string, f func() (bool, error), want bool) {
		t.Helper()
		if got, err := f(); err != nil || got != want {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
	acquire := func(l *Lease) func() (bool, error) { return func() (bool, error) { return l.Acquire(bg) } }
	renew := func(l *Lease) func() (bool, error) { return func() (bool, error) { return l.Renew(bg) } }
	end := func() { // the hour passes
		t.Helper()
		if _, err := b.nodes[0].schrijf.Exec(bg, `UPDATE pacht SET tot = now() WHERE naam = $1`, naam); err != nil {
			t.Fatal(err)
		}
	}
	want("renew what nobody has", renew(a), false)
	want("acquire", acquire(a), true)
	want("acquire again", acquire(a), true)
	want("acquire what another has", acquire(other), false)
	want("renew what another has", renew(other), false)
	if err := other.Release(bg); err != nil {
		t.Error(err)
	}
	want("renew after another gave back what it had not", renew(a), true)
	end()
	want("renew what ended and nobody took", renew(a), true)
	end()
	want("acquire what ended", acquire(other), true)
	want("renew what another took", renew(a), false)
	if err := other.Release(bg); err != nil {
		t.Error(err)
	}
	want("acquire what was given back", acquire(a), true)

	var duur float64
	if err := b.nodes[0].lees.QueryRow(bg, `SELECT extract(epoch FROM tot - now()) FROM pacht WHERE naam = $1`, naam).Scan(&duur); err != nil || duur < 3500 || duur > 3600 {
		t.Errorf("it ends after %v s (%v)", duur, err)
	}
}

func TestOfManyThatWantALeaseAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	b := openNodes(t, 3)
	for range 10 {
		var got atomic.Int32
		var fs []func()
		for _, s := range b.nodes {
			fs = append(fs, func() {
				held, err := s.Lease("proef", time.Hour).Acquire(bg)
				if err != nil {
					t.Error(err)
				}
				if held {
					got.Add(1)
				}
			})
		}
		together(fs...)
		if got.Load() != 1 {
			t.Errorf("%d have it", got.Load())
		}
		if _, err := b.nodes[0].schrijf.Exec(bg, `UPDATE pacht SET houder = 'weg', tot = now() WHERE naam = 'proef'`); err != nil {
			t.Fatal(err)
		}
	}
}

// houders are who have a lease now.
func houders(t testing.TB, s *Store) map[string]string {
	t.Helper()
	l, err := read(bg, s, "read leases", `SELECT naam, houder FROM pacht WHERE tot > now()`, pgx.RowToStructByPos[struct{ Naam, Houder string }])
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, p := range l {
		m[p.Naam] = p.Houder
	}
	return m
}
