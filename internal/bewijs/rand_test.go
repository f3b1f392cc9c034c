package bewijs_test

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// nodes is a store of hashes that both our trees and tlog read.
type nodes []bewijs.Hash

func (k nodes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(k)) {
			return nil, errors.New("hash is not stored")
		}
		out[i] = tlog.Hash(k[x])
	}
	return out, nil
}

func (k nodes) read(index uint64) (bewijs.Hash, error) {
	if index >= uint64(len(k)) {
		return bewijs.Hash{}, errors.New("hash is not stored")
	}
	return k[index], nil
}

// content is the i-th leaf's content, as a verifier gets it.
func content(i uint64) bewijs.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, i))
}

func leafHash(c bewijs.Hash) bewijs.Hash { return sha256.Sum256(append([]byte{0}, c[:]...)) }

func emptyEdge(t testing.TB) *bewijs.Rand {
	t.Helper()
	r, err := bewijs.NieuweRand(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTreeEqualsThatOfTlogAtEverySize(t *testing.T) {
	t.Parallel()
	var stored nodes
	edge := emptyEdge(t)
	for n := uint64(0); n <= 300; n++ {
		if edge.Grootte() != n {
			t.Fatalf("size is %d, want %d", edge.Grootte(), n)
		}
		if got, want := bewijs.AantalKnopen(n), uint64(tlog.StoredHashCount(int64(n))); got != want || got != uint64(len(stored)) {
			t.Fatalf("%d leaves: %d stored hashes, AantalKnopen %d, tlog %d", n, len(stored), got, want)
		}
		want, err := tlog.TreeHash(int64(n), stored)
		if err != nil {
			t.Fatal(err)
		}
		if edge.Wortel() != bewijs.Hash(want) {
			t.Fatalf("%d leaves: root differs from tlog", n)
		}

		restored, err := bewijs.NieuweRand(n, stored.read)
		if err != nil {
			t.Fatal(err)
		}
		if restored.Wortel() != edge.Wortel() || restored.Grootte() != n {
			t.Fatalf("%d leaves: restored edge has another root", n)
		}

		c := content(n)
		expected, err := tlog.StoredHashes(int64(n), c[:], stored)
		if err != nil {
			t.Fatal(err)
		}
		got := edge.Append(nil, leafHash(c))
		again := restored.Append([]bewijs.Hash{{1}}, leafHash(c)) // appends after what dst holds
		if len(got) != len(expected) || len(again) != len(expected)+1 || again[0] != (bewijs.Hash{1}) {
			t.Fatalf("leaf %d adds %d hashes, restored edge %d, tlog %d", n, len(got), len(again)-1, len(expected))
		}
		for i := range got {
			if got[i] != bewijs.Hash(expected[i]) || again[i+1] != got[i] {
				t.Fatalf("leaf %d: hash %d differs", n, i)
			}
		}
		stored = append(stored, got...)
	}
}

func TestEveryLeafCanBeProvedAgainstTheRoot(t *testing.T) {
	t.Parallel()
	var stored nodes
	edge := emptyEdge(t)
	const size = 300
	for i := range uint64(size) {
		stored = edge.Append(stored, leafHash(content(i)))
		if i%37 != 0 && i != size-1 {
			continue
		}
		n, root := int64(i+1), tlog.Hash(edge.Wortel())
		for leaf := range n {
			proof, err := tlog.ProveRecord(n, leaf, stored)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, n, root, leaf, tlog.Hash(leafHash(content(uint64(leaf))))); err != nil {
				t.Fatalf("leaf %d of %d: %v", leaf, n, err)
			}
			if err := tlog.CheckRecord(proof, n, root, leaf, tlog.Hash(leafHash(content(uint64(leaf)+1)))); err == nil {
				t.Fatalf("leaf %d of %d: the proof also holds for another leaf", leaf, n)
			}
		}
	}
}

func TestTreeGrowsLikeTlogWhateverIsUndoneOrRestored(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stored nodes
		edge, err := bewijs.NieuweRand(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		steps := rapid.SliceOfN(rapid.IntRange(0, 3), 1, 60).Draw(t, "steps")
		for _, step := range steps {
			batch := rapid.SliceOfN(rapid.Uint64(), 1, 9).Draw(t, "batch")
			switch step {
			case 0: // restart
				if edge, err = bewijs.NieuweRand(edge.Grootte(), stored.read); err != nil {
					t.Fatal(err)
				}
			case 1: // a transaction that fails
				attempt := edge.Clone()
				for _, b := range batch {
					attempt.Append(nil, leafHash(content(b)))
				}
			default:
				for _, b := range batch {
					c := content(b)
					want, err := tlog.StoredHashes(int64(edge.Grootte()), c[:], stored)
					if err != nil {
						t.Fatal(err)
					}
					before := len(stored)
					stored = edge.Append(stored, leafHash(c))
					if len(stored)-before != len(want) {
						t.Fatalf("adds %d hashes, tlog %d", len(stored)-before, len(want))
					}
					for i := range want {
						if stored[before+i] != bewijs.Hash(want[i]) {
							t.Fatalf("hash %d differs from tlog", i)
						}
					}
				}
			}
			root, err := tlog.TreeHash(int64(edge.Grootte()), stored)
			if err != nil {
				t.Fatal(err)
			}
			if edge.Wortel() != bewijs.Hash(root) {
				t.Fatalf("root of %d leaves differs from tlog", edge.Grootte())
			}
		}
	})
}

func TestRestoringReadsTheIndexesOfTlogInTreesOfAnySize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(0, 1<<62-1).Draw(t, "n")
		want := map[uint64]bool{}
		for level := range 62 {
			if n>>level&1 == 1 {
				want[uint64(tlog.StoredHashIndex(level, int64(n>>level-1)))] = true
			}
		}
		asked := 0
		_, err := bewijs.NieuweRand(n, func(index uint64) (bewijs.Hash, error) {
			asked++
			if !want[index] {
				t.Fatalf("tree of %d leaves: asks for index %d", n, index)
			}
			return bewijs.Hash{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if asked != len(want) {
			t.Fatalf("tree of %d leaves: asks for %d hashes, want %d", n, asked, len(want))
		}
		// The n-1 leaves before the last one, and what they completed, come before its index.
		if n > 0 && bewijs.AantalKnopen(n-1) != uint64(tlog.StoredHashIndex(0, int64(n-1))) {
			t.Fatalf("AantalKnopen(%d) differs from tlog", n-1)
		}
	})
}

func TestAnEdgeIsRestoredFromItsBytes(t *testing.T) {
	t.Parallel()
	edge := emptyEdge(t)
	for n := uint64(0); n <= 300; n++ {
		b := edge.AppendBytes([]byte{1}) // appends after what dst holds
		if b[0] != 1 || len(b) != 1+bewijs.HashSize*bits.OnesCount64(n) {
			t.Fatalf("%d leaves: %d bytes", n, len(b))
		}
		restored, err := bewijs.ReadRand(n, b[1:])
		if err != nil || restored.Grootte() != n || restored.Wortel() != edge.Wortel() {
			t.Fatalf("%d leaves: restored edge has another root (%v)", n, err)
		}
		leaf := leafHash(content(n))
		if d := cmp.Diff(edge.Append(nil, leaf), restored.Append(nil, leaf)); d != "" {
			t.Fatalf("%d leaves: the restored edge grows otherwise:\n%s", n, d)
		}
		if _, err := bewijs.ReadRand(n, b); err == nil {
			t.Fatalf("%d leaves: an edge that is a byte too long", n)
		}
	}
	if _, err := bewijs.ReadRand(1<<62, make([]byte, bewijs.HashSize)); err == nil {
		t.Error("a tree larger than an index can tell")
	}
}

func TestRestoringFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk is gone")
	if _, err := bewijs.NieuweRand(5, func(uint64) (bewijs.Hash, error) { return bewijs.Hash{}, broken }); !errors.Is(err, broken) {
		t.Errorf("when a hash can't be read: got %v", err)
	}
	if _, err := bewijs.NieuweRand(1<<62, func(uint64) (bewijs.Hash, error) { return bewijs.Hash{}, nil }); err == nil {
		t.Error("when the tree is larger than an index can tell: no error")
	}
}

func TestEmptyTreeHasTheRootOfRFC6962(t *testing.T) {
	t.Parallel()
	if got := emptyEdge(t).Wortel(); got != sha256.Sum256(nil) {
		t.Errorf("got %x", got)
	}
}
