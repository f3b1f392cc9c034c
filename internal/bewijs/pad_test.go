package bewijs_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// knopen reads as a store does.
func (k nodes) knopen(indexes []uint64) ([]bewijs.Hash, error) {
	out := make([]bewijs.Hash, len(indexes))
	for i, x := range indexes {
		if x >= uint64(len(k)) {
			return nil, errors.New("hash is not stored")
		}
		out[i] = k[x]
	}
	return out, nil
}

// grow is a tree of n leaves, with its root at every size.
func grow(t testing.TB, n uint64) (k nodes, roots []bewijs.Hash) {
	t.Helper()
	edge := emptyEdge(t)
	roots = append(roots, edge.Wortel())
	for i := range n {
		k = edge.Append(k, leafHash(content(i)))
		roots = append(roots, edge.Wortel())
	}
	return k, roots
}

func asBytes(pad []bewijs.Hash) [][]byte {
	out := make([][]byte, len(pad))
	for i := range pad {
		out[i] = pad[i][:]
	}
	return out
}

// Another implementation of RFC 6962 accepts our proofs for every pair of sizes, and computes the same ones.
func TestEveryProofUpTo300LeavesHoldsForAnotherImplementation(t *testing.T) {
	t.Parallel()
	const max = 300
	k, roots := grow(t, max)
	for n := uint64(1); n <= max; n++ {
		if w, err := bewijs.Wortel(n, k.knopen); err != nil || w != roots[n] {
			t.Fatalf("root of %d: %x, %v", n, w, err)
		}
		for i := range n {
			leaf := leafHash(content(i))
			pad, err := bewijs.Inclusie(i, n, k.knopen)
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, i, n, leaf[:], asBytes(pad), roots[n][:]); err != nil {
				t.Fatalf("leaf %d of %d: %v", i, n, err)
			}
			if err := bewijs.CheckInclusie(pad, i, n, leaf, roots[n]); err != nil {
				t.Fatalf("leaf %d of %d: %v", i, n, err)
			}
		}
		for m := uint64(0); m <= n; m++ {
			pad, err := bewijs.Consistentie(m, n, k.knopen)
			if err != nil {
				t.Fatal(err)
			}
			// Of an empty tree the other one has nothing to say.
			if m > 0 {
				if err := proof.VerifyConsistency(rfc6962.DefaultHasher, m, n, asBytes(pad), roots[m][:], roots[n][:]); err != nil {
					t.Fatalf("from %d to %d: %v", m, n, err)
				}
			}
			if err := bewijs.CheckConsistentie(pad, m, n, roots[m], roots[n]); err != nil {
				t.Fatalf("from %d to %d: %v", m, n, err)
			}
		}
	}
}

// Whatever is changed of a proof, or of what it is held against, it does not hold any more.
func TestNoChangedProofHolds(t *testing.T) {
	t.Parallel()
	const max = 70
	k, roots := grow(t, max)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Uint64Range(1, max).Draw(r, "n")
		i := rapid.Uint64Range(0, n-1).Draw(r, "leaf")
		m := rapid.Uint64Range(0, n).Draw(r, "from")
		in, err := bewijs.Inclusie(i, n, k.knopen)
		if err != nil {
			r.Fatal(err)
		}
		groei, err := bewijs.Consistentie(m, n, k.knopen)
		if err != nil {
			r.Fatal(err)
		}
		change := func(naam string, pad []bewijs.Hash) []bewijs.Hash {
			pad = append([]bewijs.Hash{}, pad...)
			switch soort := rapid.SampledFrom([]string{"bit", "weg", "erbij", "ruil"}).Draw(r, naam); {
			case soort == "bit" && len(pad) > 0:
				pad[rapid.IntRange(0, len(pad)-1).Draw(r, "hash")][rapid.IntRange(0, 31).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
			case soort == "weg" && len(pad) > 0:
				pad = pad[1:]
			case soort == "ruil" && len(pad) > 1:
				pad[0], pad[1] = pad[1], pad[0]
			default:
				pad = append(pad, roots[0])
			}
			return pad
		}
		leaf := leafHash(content(i))
		if err := bewijs.CheckInclusie(change("in", in), i, n, leaf, roots[n]); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("a changed proof of leaf %d of %d: %v", i, n, err)
		}
		if err := bewijs.CheckConsistentie(change("groei", groei), m, n, roots[m], roots[n]); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("a changed proof of growth from %d to %d: %v", m, n, err)
		}
		if err := bewijs.CheckInclusie(in, i, n, leafHash(content(i+1)), roots[n]); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("another leaf: %v", err)
		}
		anders := roots[n]
		anders[0] ^= 1
		if err := bewijs.CheckConsistentie(groei, m, n, roots[m], anders); m > 0 && !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("another new root: %v", err)
		}
		anders = roots[m]
		anders[31] ^= 1
		if err := bewijs.CheckConsistentie(groei, m, n, anders, roots[n]); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("another old root: %v", err)
		}
	})
}

func TestWhatIsNotInTheTreeIsNotProved(t *testing.T) {
	t.Parallel()
	k, roots := grow(t, 5)
	if _, err := bewijs.Inclusie(5, 5, k.knopen); err == nil {
		t.Error("a leaf beyond the tree")
	}
	if _, err := bewijs.Consistentie(6, 5, k.knopen); err == nil {
		t.Error("a tree that shrinks")
	}
	if _, err := bewijs.Inclusie(0, 6, k.knopen); err == nil {
		t.Error("more leaves than are stored")
	}
	if _, err := bewijs.Inclusie(0, 1<<62, k.knopen); err == nil {
		t.Error("too large a tree")
	}
	for _, n := range []uint64{1, 5, 1 << 62, 1<<64 - 1} {
		if err := bewijs.CheckInclusie(nil, n, n, roots[1], roots[5]); !errors.Is(err, bewijs.ErrBewijs) {
			t.Errorf("leaf %d of as many: %v", n, err)
		}
		if err := bewijs.CheckConsistentie(nil, n+1, n, roots[1], roots[5]); n < 1<<63 && !errors.Is(err, bewijs.ErrBewijs) {
			t.Errorf("from %d back: %v", n+1, err)
		}
	}
	if err := bewijs.CheckConsistentie(nil, 0, 3, roots[1], roots[3]); !errors.Is(err, bewijs.ErrBewijs) {
		t.Error("an empty tree has another root")
	}
	if w, err := bewijs.Wortel(0, nil); err != nil || w != roots[0] {
		t.Errorf("the empty tree: %v", err)
	}
}

func TestAProofIsReadInTheOneWayItIsWritten(t *testing.T) {
	t.Parallel()
	_, roots := grow(t, 3)
	tekst := bewijs.PadTekst(roots)
	back, err := bewijs.ParsePad(tekst)
	if err != nil || len(back) != len(roots) || back[2] != roots[2] {
		t.Fatalf("%v, %v", back, err)
	}
	for naam, fout := range map[string][]byte{
		"no newline":   tekst[:len(tekst)-1],
		"empty line":   append(append([]byte{}, tekst...), '\n'),
		"a space":      append([]byte(" "), tekst...),
		"return":       bytes.ReplaceAll(tekst, []byte("\n"), []byte("\r\n")),
		"short":        []byte("AAAA\n"),
		"other bits":   []byte("gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlR=\n"),
		"far too many": bytes.Repeat(tekst, 40),
	} {
		if _, err := bewijs.ParsePad(fout); err == nil {
			t.Errorf("%s was read", naam)
		}
	}
}

var _ tlog.HashReader = bewijs.Knopen(nil)
