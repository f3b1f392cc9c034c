// Package verhuizing moves the log of organisations from one engine to another, while everything that was
// ever given out stays valid: leaf numbers, the tree, registrations, ids, receipts, cursors, idempotency keys
// and fingerprints of keys. Nothing is opened or sealed anew: a row is taken over as it is.
//
// The target's own head row says how far it is, so a move that was killed is simply begun again. While it
// lasts the organisation is closed on the target: no node writes between what is taken over. A source whose
// nodes go on (Levend) is copied while they write; at the end the organisation is closed there too, for the
// little that came meanwhile. From then on nobody takes anything in for it until nodes run that look for it on
// the target; clients get 503 with Retry-After, and what was acknowledged has moved.
//
// Nothing is opened on the target before every leaf has been read from both sides and compared, and the root
// recomputed from the leaf hashes on the target is that of the source. When anything fails before that, the
// source takes in again. What stands on the source is left there.
package verhuizing

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Kop is how far the log of an organisation is.
type Kop struct {
	Rand    *bewijs.Rand
	Laatste int64 // registration of the newest version, µs
	Staat   Staat
}

// Staat says whether the log of an organisation takes in.
type Staat int16

// The states; stored, so never renumbered.
const (
	Open     Staat = 0
	Komt     Staat = 1 // it is being taken over from another store
	Vertrekt Staat = 2 // it is leaving for another store, or has left
)

// Grootte is the number of leaves.
func (k Kop) Grootte() uint64 { return k.Rand.Grootte() }

// Blad is a leaf with its version.
type Blad struct {
	Nummer uint64
	Hash   bewijs.Hash
	Rij    *verwerkingenlog.Rij // nil: it was purged
}

// same tells whether two engines say the same of a leaf.
func (b *Blad) same(a *Blad) bool {
	if b.Nummer != a.Nummer || b.Hash != a.Hash || (b.Rij == nil) != (a.Rij == nil) {
		return false
	}
	v, w := b.Rij, a.Rij
	return v == nil || v.Blad == w.Blad && v.ActieID == w.ActieID && v.Nummer == w.Nummer && v.Registratie == w.Registratie &&
		v.Operatie == w.Operatie && v.Staat == w.Staat && v.Tijdstip == w.Tijdstip && v.Activiteit == w.Activiteit &&
		slices.Equal(v.Ingangen, w.Ingangen) && bytes.Equal(v.Inhoud, w.Inhoud)
}

// Sleutel is an idempotency key as stored.
type Sleutel struct {
	verwerkingenlog.Idempotentie
	Registratie int64 // µs
	Blad        uint64
}

// Bron is an engine that a log moves from. A sequence ends with its error, if there is one.
type Bron interface {
	betrokkene.Vingerafdrukken
	kamer.Opslag
	// OINs are the organisations, sorted.
	OINs() []string
	Kop(ctx context.Context, oin string) (Kop, error)
	// RandVan is the edge that the tree had when it had n leaves.
	RandVan(ctx context.Context, oin string, n uint64) (*bewijs.Rand, error)
	// Bladen are the leaves from van up to tot, in order.
	Bladen(ctx context.Context, oin string, van, tot uint64) iter.Seq2[Blad, error]
	// Sleutels are the idempotency keys that belong to leaves from van on.
	Sleutels(ctx context.Context, oin string, van uint64) iter.Seq2[Sleutel, error]
}

// Levend is a Bron whose nodes go on while it is read.
type Levend interface {
	// SetGesloten closes an organisation for what comes in, or opens it again; not one that is underway to here.
	SetGesloten(ctx context.Context, oin string, gesloten bool) error
}

// Doel is an engine that a log moves to.
type Doel interface {
	Bron
	// Claim closes an organisation for who takes it over. One that takes in and has leaves is refused.
	Claim(ctx context.Context, oin string) error
	// Take adds leaves after kop, durably or not at all, and gives the head that this leads to. It refuses
	// when the organisation is not claimed, or has another size by now.
	Take(ctx context.Context, oin string, kop Kop, bladen []Blad) (Kop, error)
	// TakeSleutels adds idempotency keys; one that is there stays.
	TakeSleutels(ctx context.Context, oin string, sleutels []Sleutel) error
	// Release opens an organisation that was claimed. What comes next is registered after laatste.
	Release(ctx context.Context, oin string, laatste int64) error
}
