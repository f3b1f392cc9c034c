package getuige_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

const origin = "voorbeeldstad.example/bewijs/00000099123456780000"

// proeflog is a log of which every size can be signed; from the leaf anders on it took another course.
type proeflog struct {
	t        testing.TB
	tekenaar *bewijs.Tekenaar
	hashes   []bewijs.Hash
	wortels  []bewijs.Hash // by size
}

func newLog(t testing.TB, n, anders int) *proeflog {
	t.Helper()
	k, err := bewijs.NewTekenaar(origin, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	l := &proeflog{t: t, tekenaar: k, wortels: []bewijs.Hash{bewijs.Leeg()}}
	rand := &bewijs.Rand{}
	for i := range n {
		l.hashes = rand.Append(l.hashes, sha256.Sum256(fmt.Appendf(nil, "blad %d %v", i, i >= anders)))
		l.wortels = append(l.wortels, rand.Wortel())
	}
	return l
}

func (l *proeflog) knopen(indexes []uint64) (uit []bewijs.Hash, err error) {
	for _, x := range indexes {
		uit = append(uit, l.hashes[x])
	}
	return uit, nil
}

func (l *proeflog) punt(n uint64) []byte {
	l.t.Helper()
	tekst, err := bewijs.Checkpoint{Origin: origin, Grootte: n, Wortel: l.wortels[n], Moment: time.Unix(1770000000, 0)}.Sign(l.tekenaar)
	if err != nil {
		l.t.Fatal(err)
	}
	return tekst
}

func (l *proeflog) pad(van, tot uint64) []bewijs.Hash {
	l.t.Helper()
	p, err := bewijs.Consistentie(van, tot, l.knopen)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

func (l *proeflog) lezers() []note.Verifier { return []note.Verifier{l.tekenaar.Lezer()} }
