package bewijs

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Knopen reads stored hashes of a tree by their index in the order of tlog.StoredHashIndex, and gives them in the
// order of indexes. One call holds all that a proof needs.
type Knopen func(indexes []uint64) ([]Hash, error)

// ReadHashes implements tlog.HashReader.
func (k Knopen) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	in := make([]uint64, len(indexes))
	for i, x := range indexes {
		in[i] = uint64(x)
	}
	hashes, err := k(in)
	if err != nil {
		return nil, err
	}
	if len(hashes) != len(in) {
		return nil, fmt.Errorf("%d hashes read instead of %d", len(hashes), len(in))
	}
	out := make([]tlog.Hash, len(hashes))
	for i := range hashes {
		out[i] = tlog.Hash(hashes[i])
	}
	return out, nil
}

// Leeg is the root of the tree without leaves: SHA-256 of nothing.
func Leeg() Hash { return sha256.Sum256(nil) }

// Wortel computes the root of the tree of its first n leaves.
func Wortel(n uint64, k Knopen) (Hash, error) {
	if n == 0 {
		return Leeg(), nil
	}
	if n >= maxGrootte {
		return Hash{}, fmt.Errorf("root of %d leaves: too many", n)
	}
	h, err := tlog.TreeHash(int64(n), k)
	if err != nil {
		return Hash{}, fmt.Errorf("root of %d leaves: %w", n, err)
	}
	return Hash(h), nil
}

// Inclusie gives the proof that a leaf is in the tree of its first n leaves: the audit path of RFC 6962, section
// 2.1.1, from the leaf's sibling up. It fails when there is no such leaf in it.
func Inclusie(blad, n uint64, k Knopen) ([]Hash, error) {
	if blad >= n || n >= maxGrootte {
		return nil, fmt.Errorf("leaf %d is not in a tree of %d leaves", blad, n)
	}
	p, err := tlog.ProveRecord(int64(n), int64(blad), k)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", blad, n, err)
	}
	return fromTlog(p), nil
}

// CheckInclusie verifies such a proof; ErrBewijs when it does not hold.
func CheckInclusie(pad []Hash, blad, n uint64, bladHash, wortel Hash) error {
	if blad >= n || n >= maxGrootte {
		return fmt.Errorf("leaf %d in a tree of %d leaves: %w", blad, n, ErrBewijs)
	}
	if tlog.CheckRecord(toTlog(pad), int64(n), tlog.Hash(wortel), int64(blad), tlog.Hash(bladHash)) != nil {
		return fmt.Errorf("leaf %d in a tree of %d leaves: %w", blad, n, ErrBewijs)
	}
	return nil
}

// Consistentie gives the proof that the tree of the first tot leaves begins with that of the first van: RFC 6962,
// section 2.1.2. From an empty tree, and between equal ones, it has no hashes.
func Consistentie(van, tot uint64, k Knopen) ([]Hash, error) {
	if van > tot || tot >= maxGrootte {
		return nil, fmt.Errorf("a tree of %d leaves does not grow to %d", van, tot)
	}
	if van == 0 || van == tot {
		return nil, nil
	}
	p, err := tlog.ProveTree(int64(tot), int64(van), k)
	if err != nil {
		return nil, fmt.Errorf("prove growth from %d to %d leaves: %w", van, tot, err)
	}
	return fromTlog(p), nil
}

// CheckConsistentie verifies such a proof; ErrBewijs when it does not hold.
func CheckConsistentie(pad []Hash, van, tot uint64, oud, nieuw Hash) error {
	ok := false
	switch {
	case van > tot || tot >= maxGrootte:
	case van == tot:
		ok = len(pad) == 0 && oud == nieuw && (van > 0 || oud == Leeg())
	case van == 0:
		ok = len(pad) == 0 && oud == Leeg()
	default:
		ok = tlog.CheckTree(toTlog(pad), int64(tot), tlog.Hash(nieuw), int64(van), tlog.Hash(oud)) == nil
	}
	if !ok {
		return fmt.Errorf("growth from %d to %d leaves: %w", van, tot, ErrBewijs)
	}
	return nil
}

// maxPad is above the length of every proof in a tree of 2^62 leaves.
const maxPad = 128

// PadTekst writes the hashes of a proof: one in base64 on each line.
func PadTekst(pad []Hash) []byte {
	b := make([]byte, 0, len(pad)*45)
	for i := range pad {
		b = append(base64.StdEncoding.AppendEncode(b, pad[i][:]), '\n')
	}
	return b
}

// ParsePad reads what PadTekst wrote.
func ParsePad(tekst []byte) ([]Hash, error) {
	if len(tekst) > maxPad*45 {
		return nil, fmt.Errorf("a proof has at most %d hashes", maxPad)
	}
	var pad []Hash
	for l := range strings.Lines(string(tekst)) {
		s, ended := strings.CutSuffix(l, "\n")
		h, err := parseHash(s)
		if err != nil || !ended {
			return nil, fmt.Errorf("hash %d of a proof can't be read", len(pad))
		}
		pad = append(pad, h)
	}
	return pad, nil
}

func fromTlog[P ~[]tlog.Hash](p P) []Hash {
	out := make([]Hash, len(p))
	for i := range p {
		out[i] = Hash(p[i])
	}
	return out
}

func toTlog(p []Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(p))
	for i := range p {
		out[i] = tlog.Hash(p[i])
	}
	return out
}
