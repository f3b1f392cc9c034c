// Package checkpoint signs what the trees of an organisation are, and gives the proofs that go with it.
//
// A Maker looks every few seconds whether a tree grew and then signs a checkpoint of it, on one node at a time. On the
// whole hour it makes the public one, also when nothing grew, so that nobody sees from outside at what time work was
// done. It never signs a tree that does not begin with the one it signed before: it raises the alarm and signs that tree
// no more, while intake goes on. What it signed last is kept outside the store too, so that a store that was put back to
// an older copy is found.
//
// A Bewaarder reads: checkpoints, keys, tiles and proofs. Neither knows what a leaf is about.
package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bewaard is a checkpoint as the store keeps it.
type Bewaard struct {
	Nr       uint64 // from 1, in the order in which those of a tree were made
	Grootte  uint64
	Wortel   bewijs.Hash
	Moment   time.Time // to the second
	Openbaar bool
	Tekst    []byte // the signed note
}

// Sleutel is a public key that signed, and since when.
type Sleutel struct {
	Publiek string // text of C2SP signed-note
	Sinds   time.Time
}

// Opslag keeps checkpoints and what signed them, each for one tree of one organisation.
type Opslag interface {
	// Laatste is the newest, and Openbaar the newest public one; Nr 0: there is none.
	Laatste(ctx context.Context, oin string, b bewijs.Boom) (Bewaard, error)
	Openbaar(ctx context.Context, oin string, b bewijs.Boom) (Bewaard, error)
	// OpenbaarVan tells whether there is a public one of that size.
	OpenbaarVan(ctx context.Context, oin string, b bewijs.Boom, grootte uint64) (bool, error)
	// Vanaf gives at most n of them from number nr on, oldest first.
	Vanaf(ctx context.Context, oin string, b bewijs.Boom, nr uint64, n int) ([]Bewaard, error)
	// Voeg durably adds one, of which the newest key is sleutel, after the one numbered c.Nr-1. fout.Gelijktijdig:
	// another came first, and nothing was done. What need not be kept goes.
	Voeg(ctx context.Context, oin string, b bewijs.Boom, c *Bewaard, sleutel string) error
	// Houd keeps one that a receipt used.
	Houd(ctx context.Context, oin string, b bewijs.Boom, nr uint64) error
	// Sleutels are the keys that signed, newest first.
	Sleutels(ctx context.Context, oin string, b bewijs.Boom) ([]Sleutel, error)
}

// Bomen reads the trees.
type Bomen interface {
	Grootte(ctx context.Context, oin string, b bewijs.Boom) (uint64, error)
	// Knopen gives stored hashes by their index in the order of tlog.
	Knopen(ctx context.Context, oin string, b bewijs.Boom, indexes []uint64) ([]bewijs.Hash, error)
	// Tijdvakken gives the epochs of a tree after the first, in order, as they are stored.
	Tijdvakken(ctx context.Context, oin string, b bewijs.Boom) ([]bewijs.Tijdvak, error)
	// Inhouden gives what the leaves from van up to tot hash, none of which begins an epoch. fout.NietGevonden: one of them was
	// purged.
	Inhouden(ctx context.Context, oin string, b bewijs.Boom, van, tot uint64) ([]bewijs.Hash, error)
}

// Opties are what a Bewaarder needs.
type Opties struct {
	Opslag Opslag
	Bomen  Bomen
	Host   string // of the register, that the names of the trees begin with
	OINs   []string
	// Zaden gives the seeds of the signing keys of an organisation, newest first; they may become more. Ondertekenen gives
	// those to sign with: a new one is known for a while before it signs. nil: all of Zaden.
	Zaden        func(oin string) [][]byte
	Ondertekenen func(oin string) [][]byte
	Nu           func() time.Time
}

// Bewaarder reads checkpoints and proofs. It is safe for concurrent use.
type Bewaarder struct {
	Opties
	kent map[string]bool // organisations
}

// plek names a tree.
type plek struct {
	oin  string
	boom bewijs.Boom
}

// NewBewaarder makes one. It fails when a key can't sign, or the host does not fit in the name of a key.
func NewBewaarder(o Opties) (*Bewaarder, error) {
	b := &Bewaarder{o, map[string]bool{}}
	if b.Ondertekenen == nil {
		b.Ondertekenen = b.Zaden
	}
	for _, oin := range o.OINs {
		b.kent[oin] = true
		for _, boom := range bewijs.Bomen {
			if _, err := b.tekenaars(oin, boom, b.Ondertekenen(oin)); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// tekenaars makes signers of seeds. They are not kept: a key may join.
func (b *Bewaarder) tekenaars(oin string, boom bewijs.Boom, zaden [][]byte) (uit []*bewijs.Tekenaar, err error) {
	for _, zaad := range zaden {
		t, err := bewijs.NewTekenaar(bewijs.Origin(b.Host, oin, boom), zaad)
		if err != nil {
			return nil, fmt.Errorf("signing key of organisation %s: %w", oin, err)
		}
		uit = append(uit, t)
	}
	if uit == nil {
		return nil, fmt.Errorf("organisation %s has no signing key", oin)
	}
	return uit, nil
}

// Tijdvakken are the epochs of a tree after the first. An error that wraps ErrOnverenigbaar says that what is stored is not what
// was written.
func (b *Bewaarder) Tijdvakken(ctx context.Context, oin string, boom bewijs.Boom) (bewijs.Tijdvakken, error) {
	l, err := b.Bomen.Tijdvakken(ctx, oin, boom)
	if err != nil {
		return nil, err
	}
	t, err := bewijs.OpenTijdvakken(oin, boom, l)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
	}
	return t, nil
}

// tijdvakVan is the epoch in which a checkpoint was signed.
func tijdvakVan(w *Bewaard) uint32 {
	_, nr := bewijs.Basis(bewijs.OriginVan(w.Tekst))
	return nr
}

// Origin names a tree, without its epoch.
func (b *Bewaarder) Origin(oin string, boom bewijs.Boom) string {
	return bewijs.Origin(b.Host, oin, boom)
}

// knopen reads a tree for the mathematics.
func (b *Bewaarder) knopen(ctx context.Context, oin string, boom bewijs.Boom) bewijs.Knopen {
	return func(indexes []uint64) ([]bewijs.Hash, error) { return b.Bomen.Knopen(ctx, oin, boom, indexes) }
}

// Open verifies a signed note of a tree, as one that somebody kept.
func (b *Bewaarder) Open(oin string, boom bewijs.Boom, tekst []byte) (bewijs.Checkpoint, error) {
	return b.open(oin, boom, tekst)
}

// open verifies a signed note of a tree with the keys of its organisation. It may carry the name that the register had
// before its url changed.
func (b *Bewaarder) open(oin string, boom bewijs.Boom, tekst []byte) (bewijs.Checkpoint, error) {
	origin := bewijs.OriginVan(tekst)
	var keys []note.Verifier
	for _, zaad := range b.Zaden(oin) {
		t, err := bewijs.NewTekenaar(origin, zaad)
		if err != nil {
			return bewijs.Checkpoint{}, err
		}
		keys = append(keys, t.Lezer())
	}
	return bewijs.OpenCheckpoint(tekst, origin, keys...)
}

// openBewaard verifies a stored one, and that what stands beside the text is what the text says.
func (b *Bewaarder) openBewaard(oin string, boom bewijs.Boom, w *Bewaard) error {
	c, err := b.open(oin, boom, w.Tekst)
	if err != nil {
		return fmt.Errorf("checkpoint %d: %w", w.Nr, err)
	}
	if c.Grootte != w.Grootte || c.Wortel != w.Wortel || !c.Moment.Equal(w.Moment) {
		return fmt.Errorf("checkpoint %d: what stands beside its text differs from it", w.Nr)
	}
	return nil
}

// errBoom is the answer for an organisation that this register does not have.
var errBoom = fout.New(fout.CodeNietGevonden, "Van deze organisatie is hier geen log; controleer het OIN in het adres.")

// nogNiet is the answer until a checkpoint covers what is asked for.
var nogNiet = &fout.Fout{
	Code:      fout.CodeBewijsNogNiet,
	Detail:    "Het register heeft dit nog niet ondertekend; vraag het over twee seconden opnieuw.",
	OpnieuwNa: 2 * time.Second,
}

// ken tells whether there is such an organisation.
func (b *Bewaarder) ken(oin string, boom bewijs.Boom) error {
	if !b.kent[oin] || !slices.Contains(bewijs.Bomen, boom) {
		return errBoom
	}
	return nil
}

// Punt gives the newest checkpoint, or the newest public one. CodeBewijsNogNiet when there is none yet.
func (b *Bewaarder) Punt(ctx context.Context, oin string, boom bewijs.Boom, openbaar bool) (w Bewaard, err error) {
	if err := b.ken(oin, boom); err != nil {
		return w, err
	}
	if openbaar {
		w, err = b.Opslag.Openbaar(ctx, oin, boom)
	} else {
		w, err = b.Opslag.Laatste(ctx, oin, boom)
	}
	if err == nil && w.Nr == 0 {
		err = nogNiet
	}
	return w, err
}

// Sleutels gives the public keys of a tree, newest first, one on a line: all that are in the key files, and those with
// which it signed under another name before.
func (b *Bewaarder) Sleutels(ctx context.Context, oin string, boom bewijs.Boom) (string, error) {
	if err := b.ken(oin, boom); err != nil {
		return "", err
	}
	tekst, seen := "", map[string]bool{}
	add := func(k string) {
		if !seen[k] {
			seen[k], tekst = true, tekst+k+"\n"
		}
	}
	alle, err := b.tekenaars(oin, boom, b.Zaden(oin))
	if err != nil {
		return "", err
	}
	for _, t := range alle {
		add(t.Publiek())
	}
	eerder, err := b.Opslag.Sleutels(ctx, oin, boom)
	for _, s := range eerder {
		add(s.Publiek)
	}
	return tekst, err
}

// errStuk is for the server log alone.
func errStuk(oin string, boom bewijs.Boom, err error) error {
	return fout.Wrap(fout.CodeIntern, "", fmt.Errorf("tree %s of organisation %s: %w", boom, oin, errors.Join(ErrOnverenigbaar, err)))
}
