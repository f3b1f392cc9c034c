package storetest

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Boom is an engine whose tree can be read.
type Boom interface {
	verwerkingenlog.Store
	Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error)
}

// RunKnopen holds an engine to what is stored of the tree: every hash that its leaves bring, where tlog has it. open is
// that of Run.
func RunKnopen(t *testing.T, open func(t testing.TB) Boom) {
	t.Run("every hash of the tree is read, in any order and number", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		want := map[string][]bewijs.Hash{}
		edges := map[string]*bewijs.Rand{A: {}, B: {}}
		for i := range 60 { // groups of many sizes, so that rows hold few hashes and many
			oin := []string{A, A, B}[i%3]
			groep := make([]*verwerkingenlog.Eenheid, 1+(i*i)%17)
			for j := range groep {
				groep[j] = Eenheid(oin, Rij(oin, uuid.New(), 1), Rij(oin, uuid.New(), 1))
			}
			if i == 40 {
				groep = append(groep, Nieuw(A), Nieuw(B))
			}
			must(t, s, groep...)
			for _, e := range groep {
				for _, r := range e.Rijen {
					want[e.OIN] = edges[e.OIN].Append(want[e.OIN], r.Bewijs.BladHash())
				}
			}
		}
		for oin, all := range want {
			wantSize(t, s, oin, edges[oin].Grootte())
			read := func(indexes ...uint64) {
				t.Helper()
				got, err := s.Knopen(bg, oin, indexes)
				if err != nil || len(got) != len(indexes) {
					t.Fatalf("nodes %v: %d, %v", indexes, len(got), err)
				}
				for i, x := range indexes {
					if got[i] != all[x] {
						t.Fatalf("node %d differs", x)
					}
				}
			}
			var every []uint64
			for x := range all {
				every = append(every, uint64(x))
			}
			read(every...)
			rand.Shuffle(len(every), func(i, j int) { every[i], every[j] = every[j], every[i] })
			read(every...)
			for range 50 {
				some := every[:rand.IntN(40)+1]
				read(append(some[:len(some):len(some)], some[0])...) // one of them twice
				rand.Shuffle(len(every), func(i, j int) { every[i], every[j] = every[j], every[i] })
			}
			for _, x := range every[:20] {
				read(x)
			}
			n := edges[oin].Grootte()
			knopen := bewijs.Knopen(func(x []uint64) ([]bewijs.Hash, error) { return s.Knopen(bg, oin, x) })
			if root, err := bewijs.Wortel(n, knopen); err != nil || root != edges[oin].Wortel() {
				t.Errorf("another root: %v", err)
			}
			if _, err := s.Knopen(bg, oin, nil); err != nil {
				t.Errorf("no nodes: %v", err)
			}
			last := uint64(len(all))
			for _, x := range []uint64{last, last + 1, last + 1000, 1 << 40, 1<<63 - 1} {
				if _, err := s.Knopen(bg, oin, []uint64{0, x}); err == nil {
					t.Errorf("node %d of %d was read", x, last)
				}
			}
		}
	})
	t.Run("of an empty tree and of nobody's nothing is read", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		if _, err := s.Knopen(bg, A, []uint64{0}); err == nil {
			t.Error("a node of an empty tree")
		}
		if _, err := s.Knopen(bg, "00000099000000009999", []uint64{0}); err == nil {
			t.Error("a node of an unknown organisation")
		}
	})
}
