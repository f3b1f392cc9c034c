package bewijs

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
)

// maxGrootte keeps every index of a stored hash within an int64, as tlog has them.
const maxGrootte = 1 << 62

// Rand is the right edge of a tree: the roots of the largest complete subtrees, which is all
// that appending and the root need. It is not safe for concurrent use; its owner clones it before
// a transaction and keeps the clone when that fails.
type Rand struct {
	n uint64
	// top[l] is the root of the complete subtree of 2^l leaves, when bit l of n is set. Other
	// elements hold what was merged before and mean nothing.
	top [64]Hash
}

// NieuweRand restores the edge of a tree of n leaves. It reads at most log2(n)+1 stored hashes,
// by their index in the order of tlog.StoredHashIndex. It fails when lees fails, or when n is too
// large for such an index.
func NieuweRand(n uint64, lees func(index uint64) (Hash, error)) (*Rand, error) {
	if n >= maxGrootte {
		return nil, errors.New("restore edge of tree: too many leaves")
	}
	r := &Rand{n: n}
	for m := n; m != 0; m &= m - 1 {
		level := bits.TrailingZeros64(m)
		h, err := lees(knoopIndex(level, n>>level-1))
		if err != nil {
			return nil, fmt.Errorf("restore edge of tree of %d leaves: %w", n, err)
		}
		r.top[level] = h
	}
	return r, nil
}

// ReadRand restores the edge of a tree of n leaves from what AppendBytes wrote. It fails when b has not the
// length that belongs to n.
func ReadRand(n uint64, b []byte) (*Rand, error) {
	if n >= maxGrootte || len(b) != bits.OnesCount64(n)*HashSize {
		return nil, fmt.Errorf("restore edge of tree of %d leaves: %d bytes", n, len(b))
	}
	r := &Rand{n: n}
	for m := n; m != 0; b = b[HashSize:] {
		level := bits.Len64(m) - 1
		r.top[level] = Hash(b)
		m &^= 1 << level
	}
	return r, nil
}

// AppendBytes appends the edge to dst: the roots of the complete subtrees, largest first. The number of
// leaves is not among it.
func (r *Rand) AppendBytes(dst []byte) []byte {
	for m := r.n; m != 0; {
		level := bits.Len64(m) - 1
		dst = append(dst, r.top[level][:]...)
		m &^= 1 << level
	}
	return dst
}

// Append adds a leaf hash and appends to dst the hashes that must be stored for it: the leaf,
// then the root of each subtree it completes, lowest first. They follow the AantalKnopen hashes
// that were there.
func (r *Rand) Append(dst []Hash, blad Hash) []Hash {
	dst = append(dst, blad)
	h := blad
	level := 0
	for ; r.n>>level&1 == 1; level++ {
		h = nodeHash(&r.top[level], &h)
		dst = append(dst, h)
	}
	r.top[level] = h
	r.n++
	return dst
}

// Grootte is the number of leaves.
func (r *Rand) Grootte() uint64 { return r.n }

// Wortel is the root hash of RFC 6962; that of the empty tree is SHA-256 of nothing.
func (r *Rand) Wortel() Hash {
	if r.n == 0 {
		return sha256.Sum256(nil)
	}
	level := bits.TrailingZeros64(r.n)
	h := r.top[level]
	for m := r.n & (r.n - 1); m != 0; m &= m - 1 {
		h = nodeHash(&r.top[bits.TrailingZeros64(m)], &h)
	}
	return h
}

// Clone gives a copy that grows on its own.
func (r *Rand) Clone() *Rand {
	c := *r
	return &c
}

// AantalKnopen is the number of stored hashes of a tree of n leaves: leaves and roots of complete
// subtrees. It equals tlog.StoredHashCount.
func AantalKnopen(n uint64) uint64 {
	// n + n/2 + n/4 + ...
	return 2*n - uint64(bits.OnesCount64(n))
}

// knoopIndex is where the i-th node of a level is stored: after everything that was stored before
// its last leaf, and after the lower nodes that this leaf completes.
func knoopIndex(level int, i uint64) uint64 {
	lastLeaf := (i+1)<<level - 1
	return AantalKnopen(lastLeaf) + uint64(level)
}

func nodeHash(left, right *Hash) Hash {
	var buf [1 + 2*HashSize]byte
	buf[0] = 1
	copy(buf[1:], left[:])
	copy(buf[1+HashSize:], right[:])
	return sha256.Sum256(buf[:])
}
