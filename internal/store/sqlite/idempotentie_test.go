package sqlite

import (
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestOldIdempotencyKeysAreDeleted(t *testing.T) {
	t.Parallel()
	s := still(t, t.TempDir())
	klok := storetest.KlokVan(t)
	for range 4 { // days
		var groep []*verwerkingenlog.Eenheid
		for range 300 {
			e := storetest.Nieuw(storetest.A)
			e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: storetest.Sleutel(), Lichaam: storetest.Sleutel()}
			groep = append(groep, e)
		}
		must(t, s, groep...)
		klok.Add(24 * time.Hour)
	}
	klok.Add(-24 * time.Hour)
	count := func() (n int) {
		if err := s.lees.db.QueryRow(`SELECT count(*) FROM idempotentie`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, want := range []int{500, 100, 0} {
		if n, err := s.opruimen(bg); err != nil || n != want {
			t.Fatalf("deleted %d, %v; want %d", n, err, want)
		}
	}
	if n := count(); n != 600 { // today and yesterday
		t.Errorf("%d keys left, want 600", n)
	}
}
