package beheerlog

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestNodesOfTheBeheerlogAreReadInAnyOrderAndNumber(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	for naam, open := range map[string]func() kamer.Opslag{
		"sqlite":   func() kamer.Opslag { return openSQLite(t) },
		"postgres": func() kamer.Opslag { return openPostgres(t, postgrestest.Database(t)) },
	} {
		t.Run(naam, func(t *testing.T) {
			s := New(open())
			l := beheerlog.NewLog(s, sleutels, time.Now)
			if _, err := s.Knopen(bg, storetest.A, []uint64{0}); err == nil {
				t.Error("a node of an empty tree")
			}
			for range 150 {
				if err := l.Add(bg, storetest.A, beheerlog.Regel{Soort: beheerlog.Aangemeld}); err != nil {
					t.Fatal(err)
				}
			}
			leaves, err := s.Hashes(bg, storetest.A, 0, 200)
			if err != nil {
				t.Fatal(err)
			}
			var all []bewijs.Hash
			for _, h := range leaves {
				all = append(all, h...)
			}
			for range 40 {
				indexes := make([]uint64, 1+rand.IntN(30))
				for i := range indexes {
					indexes[i] = rand.Uint64N(uint64(len(all)))
				}
				got, err := s.Knopen(bg, storetest.A, indexes)
				if err != nil || len(got) != len(indexes) {
					t.Fatalf("%d nodes, %v", len(got), err)
				}
				for i, x := range indexes {
					if got[i] != all[x] {
						t.Fatalf("node %d differs", x)
					}
				}
			}
			edge, err := s.Stand(bg, storetest.A)
			if err != nil {
				t.Fatal(err)
			}
			root, err := bewijs.Wortel(150, func(x []uint64) ([]bewijs.Hash, error) { return s.Knopen(bg, storetest.A, x) })
			if err != nil || root != edge.Wortel() {
				t.Errorf("another root: %v", err)
			}
			for _, x := range []uint64{uint64(len(all)), 1 << 40, 1<<63 - 1} {
				if _, err := s.Knopen(bg, storetest.A, []uint64{0, x}); err == nil {
					t.Errorf("node %d of %d was read", x, len(all))
				}
			}
		})
	}
}
