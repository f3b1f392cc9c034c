package postgres

import (
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestOldIdempotencyKeysAreDeletedByOneNode(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	o := opties(t)
	o.Nu = func() time.Time { return storetest.Start } // for this node nothing is old
	first := open(t, url, o)
	holder := func() string { return houders(t, first)["opruimen"] }
	until(t, "it has the lease", func() bool { return holder() == first.node })

	s, klok := open(t, url, opties(t)), storetest.KlokVan(t)
	for range 4 { // days
		var groep []*verwerkingenlog.Eenheid
		for range 300 {
			groep = append(groep, metIdempotentie())
		}
		must(t, s, groep...)
		klok.Add(24 * time.Hour)
	}
	klok.Add(-24 * time.Hour)
	for _, want := range []int64{500, 100, 0} {
		if n, err := s.opruimen(bg); err != nil || n != want {
			t.Fatalf("deleted %d, %v; want %d", n, err, want)
		}
	}
	left := func() (n int) {
		t.Helper()
		if err := s.lees.QueryRow(bg, `SELECT count(*) FROM idempotentie`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 600 { // today and yesterday
		t.Errorf("%d keys left, want 600", n)
	}

	klok.Add(24 * time.Hour)
	if got := holder(); got != first.node {
		t.Errorf("%s took the lease from a node that runs", got)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, url, opties(t))
	until(t, "the next node deletes", func() bool { return left() == 300 })
	if got := houders(t, s)["opruimen"]; got != next.node {
		t.Errorf("%s has the lease, want %s", got, next.node)
	}
}
