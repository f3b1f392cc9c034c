package sqlite

import (
	"context"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// checkTree compares the stored nodes of an organisation with what tlog computes from its leaves.
func checkTree(t testing.TB, s *Store, oin string) {
	t.Helper()
	o := s.organisaties[oin]
	n := int64(o.grootte.Load())
	stored := func(indexes []int64) ([]tlog.Hash, error) {
		var l []tlog.Hash
		for _, i := range indexes {
			h, err := s.lees.knoopHash(context.Background(), o, uint64(i))
			if err != nil {
				return nil, err
			}
			l = append(l, tlog.Hash(h))
		}
		return l, nil
	}
	var all []tlog.Hash
	for i := range n {
		leaf, err := stored([]int64{tlog.StoredHashIndex(0, i)})
		if err != nil {
			t.Fatal(err)
		}
		l, err := tlog.StoredHashesForRecordHash(i, leaf[0], tlog.HashReaderFunc(func(x []int64) ([]tlog.Hash, error) {
			var l []tlog.Hash
			for _, i := range x {
				l = append(l, all[i])
			}
			return l, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l...)
	}
	for i, want := range all {
		if got, err := stored([]int64{int64(i)}); err != nil || got[0] != want {
			t.Fatalf("node %d differs (%v)", i, err)
		}
	}
	if _, err := stored([]int64{int64(len(all))}); err == nil {
		t.Fatal("more nodes than leaves account for")
	}
	root, err := tlog.TreeHash(n, tlog.HashReaderFunc(stored))
	if err != nil || bewijs.Hash(root) != o.rand.Wortel() {
		t.Fatalf("root differs (%v)", err)
	}
}

func TestTreeIsThatOfTheLeaves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(1, 2))
	var want []bewijs.Hash
	for range 4 { // reopened each time
		s := open(t, dir, opties(t))
		for range 8 {
			var groep []*verwerkingenlog.Eenheid
			for range 1 + rnd.IntN(20) {
				groep = append(groep, storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.B))
			}
			must(t, s, groep...)
			for _, e := range groep {
				if e.OIN == storetest.A {
					b := e.Rijen[0].Bewijs
					if b.Registratie == 0 {
						t.Fatal("leaf without registration")
					}
					want = append(want, b.BladHash())
				}
			}
		}
		checkTree(t, s, storetest.A)
		checkTree(t, s, storetest.B)
		for i, h := range want {
			got, err := s.lees.knoopHash(bg, s.organisaties[storetest.A], uint64(tlog.StoredHashIndex(0, int64(i))))
			if err != nil || got != h {
				t.Fatalf("leaf %d is not that of its version (%v)", i, err)
			}
		}
		shut(t, s)
	}
}
