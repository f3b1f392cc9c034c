// Package bewijs is the mathematics of the proof: what of a version of a Verwerkingsactie is
// hashed, and how the hashes grow into a tree.
//
// Every version is one leaf of the tree of its organisation (rules R-500: records may be added,
// never changed). A leaf (Blad) holds commitments (Verbintenis) instead of values: one to the
// public attributes, one to the internal ones, one to each person. Each has a salt of its own,
// derived from one random seed (Zaad) that is stored with the version. So one part can be proved
// without showing another, and once the purge has removed content and seed nothing can be learnt
// from what stays in the tree.
//
// The tree is that of RFC 6962 and stores its hashes in the order of
// golang.org/x/mod/sumdb/tlog. A Rand is all that is needed to go on appending. A Checkpoint is what
// a log signs of its tree, a Tegel how the tree is read from afar, and a Bewijsstuk the proof of one
// leaf that needs neither; their texts are those of C2SP.
//
// The exact bytes and the test vectors are in docs/bewijs.md. They are a promise to everybody
// who ever verifies: a change is a new leaf version beside this one. Callers write the canonical
// JSON (RFC 8785), keep the stored hashes, and guard a Rand against concurrent use. The package
// does no input or output, and the only key it sees is the one that a Tekenaar signs with.
package bewijs

import (
	"crypto/sha256"
	"encoding/binary"
)

// HashSize is the length of a Hash in bytes.
const HashSize = sha256.Size

// Hash is a SHA-256 value: a commitment, a leaf or a node.
type Hash [HashSize]byte

// Labels of the three kinds of commitment: the tag that is hashed in front, and the label of the
// salt. None is the beginning of another one, nor of the leaf's tag.
const (
	LabelPubliek = "verantwoord/publiek/v1"
	LabelIntern  = "verantwoord/intern/v1"
	LabelPersoon = "verantwoord/persoon/v1"
)

// labelMerk is that of a Merk, which is no part of a leaf.
const labelMerk = "verantwoord/merk/v1"

// MerkSize is the length of a Merk in bytes.
const MerkSize = 16

// Merk ties a version to its place in the tree and its instant of registration, which stand under no seal: who can't open the
// version can't make it. The zero Merk is none.
type Merk [MerkSize]byte

// Zaad is the random seed of one version. Whoever has it can compute every salt of that version,
// so it is kept with the content, under the same seal, and leaves with it.
type Zaad [32]byte

// Zout gives the salt for a label and an index (of a person; 0 for the other kinds):
// HMAC-SHA256(seed, label ‖ 0 ‖ index as uint32). A salt tells nothing about another one.
func (z *Zaad) Zout(label string, index int) [32]byte {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(index))
	return z.mac(label, b[:])
}

// Merk gives the mark for a leaf number and an instant of registration in µs: the first 16 bytes of HMAC-SHA256(seed,
// "verantwoord/merk/v1" ‖ 0 ‖ leaf as uint64 ‖ instant as int64).
func (z *Zaad) Merk(blad uint64, registratie int64) Merk {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], blad)
	binary.BigEndian.PutUint64(b[8:], uint64(registratie))
	sum := z.mac(labelMerk, b[:])
	return Merk(sum[:])
}

// mac is HMAC-SHA256(seed, label ‖ 0 ‖ rest).
func (z *Zaad) mac(label string, rest []byte) [32]byte {
	// HMAC (RFC 2104) written out, word by word: every seed is used a few times only, and
	// crypto/hmac allocates its state for each of them.
	const block = sha256.BlockSize
	var inner [block + 64]byte
	var outer [block + sha256.Size]byte
	for i := 0; i < block; i += 8 {
		var word uint64
		if i < len(z) {
			word = binary.LittleEndian.Uint64(z[i:])
		}
		binary.LittleEndian.PutUint64(inner[i:], word^0x3636363636363636)
		binary.LittleEndian.PutUint64(outer[i:], word^0x5c5c5c5c5c5c5c5c)
	}
	b := append(inner[:block], label...)
	b = append(b, 0)
	b = append(b, rest...)
	sum := sha256.Sum256(b)
	copy(outer[block:], sum[:])
	return sha256.Sum256(outer[:])
}

// Verbintenis is the commitment SHA-256(tag ‖ salt ‖ canonical JSON): it binds to the text and,
// as long as the salt is secret, hides it even when the text can be guessed.
func Verbintenis(tag string, zout [32]byte, canoniek []byte) Hash {
	var buf [1024]byte // most texts fit, and then nothing is allocated
	b := append(buf[:0], tag...)
	b = append(b, zout[:]...)
	b = append(b, canoniek...)
	return sha256.Sum256(b)
}
