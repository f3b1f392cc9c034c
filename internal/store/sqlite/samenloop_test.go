package sqlite

import (
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Runs are added between the steps of a merge, which stops in the middle of a block: neither may
// take the number of a block of the other.
func TestRunsAreAddedWhileOthersAreMerged(t *testing.T) {
	t.Parallel()
	s := still(t, t.TempDir())
	s.index.kleinste = 1000
	a := s.organisaties[storetest.A]
	p := storetest.Persoon()
	var blad uint64
	add := func(versies int) {
		t.Helper()
		s.staart.mu.Lock()
		for range versies {
			r := storetest.Rij(storetest.A, uuid.New(), 1, p)
			for range 10 {
				r.Ingangen = append(r.Ingangen, storetest.Persoon())
			}
			r.Blad, r.Tijdstip = blad, int64(blad)
			s.staart.put(a.nr, r)
			blad++
		}
		a.grootte.Store(blad)
		s.staart.mu.Unlock()
		if err := s.indexAll(bg); err != nil {
			t.Fatal(err)
		}
	}
	for range samenvoegen {
		add(2500)
	}
	steps := 0
	for more := true; more; steps++ {
		var err error
		if more, err = s.index.merge(bg); err != nil {
			t.Fatalf("step %d: %v", steps, err)
		}
		if steps < 3 {
			add(300)
		}
	}
	if steps < 4 {
		t.Fatalf("the merge took %d steps; nothing was added in between", steps)
	}
	owner := map[int64]int64{} // block -> run
	for _, r := range s.index.runs {
		for _, w := range r.wijzers {
			if other, ok := owner[w.blok]; ok {
				t.Errorf("block %d is in runs %d and %d", w.blok, other, r.nr)
			}
			owner[w.blok] = r.nr
		}
	}
	if n := count(t, s.index.ro, "blok"); n != len(owner) {
		t.Errorf("%d blocks, and %d in runs", n, len(owner))
	}
	found := storetest.Find(t, s, verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: p.Soort, Sleutels: [][16]byte{p.Sleutel}, Tot: blad})
	if len(found) != int(blad) {
		t.Errorf("found %d of %d acties", len(found), blad)
	}
}
