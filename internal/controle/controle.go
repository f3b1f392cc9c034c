// Package controle holds a store against its own proof.
//
// Every version is opened and its leaf made anew; every stored hash, everything derived from the versions (indexes, current
// state), every event of the beheerlog and every signed checkpoint is held against that. What differs is a Gebrek: it says
// what is wrong and where, and names nobody. The store is read and never written.
//
// What is derived is compared as a whole: both sides are added up in sums of a keyed hash, one for some thousand leaves, and
// only where these differ are the entries themselves put beside each other. So it takes little memory, however large the log.
//
// Further it verifies, without a store, a log from afar (Volg) and one record with its proof (Stuk).
package controle

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Gebrek is something that is wrong.
type Gebrek struct {
	OIN  string `json:"organisatie,omitempty"`
	Deel string `json:"deel"`           // one of the constants
	Waar string `json:"waar,omitempty"` // Dutch: "blad 12, versie 1 van actie ..."
	Wat  string `json:"wat"`            // Dutch, a sentence
}

// The parts of a store.
const (
	DeelOpslag     = "opslag" // the files or tables themselves
	DeelSleutel    = "sleutel"
	DeelVersie     = "versie"
	DeelBoom       = "boom"
	DeelIndex      = "index"
	DeelBeheerlog  = "beheerlog"
	DeelCheckpoint = "checkpoint"
	DeelTijdvak    = "tijdvak"
)

// Meld takes what is wrong.
type Meld func(Gebrek)

// Blad is a leaf as it is stored.
type Blad struct {
	Nummer uint64
	Hashes []bewijs.Hash        // that it brought, in the order of tlog; nil: they are not there
	Rij    *verwerkingenlog.Rij // nil: there is no version
}

// Afgeleid is one entry that an engine derived from a version.
type Afgeleid struct {
	OIN    string
	Blad   uint64
	Soort  string // Dutch, to name it
	Inhoud string // bytes: all that it says
}

// Stand is what a whole log comes to when it is made anew.
type Stand struct {
	Rand    *bewijs.Rand
	Laatste int64 // registration of the newest version, µs
}

// Opslag is an engine as the check reads it. What it finds wrong in its own bookkeeping, such as a row that would not have
// been written so, goes to meld; an error means that it can't be read.
type Opslag interface {
	// OINs are the organisations, sorted.
	OINs() []string
	// Vast fixes up to where is looked, in a store that others add to meanwhile: what comes after it is left out. It is called
	// when the checkpoints were read, so that none is of more.
	Vast(ctx context.Context) error
	// Bouw looks at the files or tables themselves.
	Bouw(ctx context.Context, meld Meld) error
	// Bladen gives the leaves in order, each once; a number is left out only when nothing is stored of it.
	Bladen(ctx context.Context, oin string, meld Meld) iter.Seq2[Blad, error]
	// Versies gives the versions with a leaf from van up to tot, in order.
	Versies(ctx context.Context, oin string, van, tot uint64) iter.Seq2[*verwerkingenlog.Rij, error]
	// Gewijzigd are the acties that have more than one version.
	Gewijzigd(ctx context.Context, oin string) (map[uuid.UUID]bool, error)
	// Tot is the number of leaves that entries are derived from; the others are not indexed yet.
	Tot(ctx context.Context, oin string) (uint64, error)
	// Verwacht gives the entries that belong to a version.
	Verwacht(oin string, r *verwerkingenlog.Rij, f func(Afgeleid))
	// Afgeleiden are the entries that are stored, of all organisations, in any order.
	Afgeleiden(ctx context.Context, meld Meld) iter.Seq2[Afgeleid, error]
	// Einde holds what is kept of a log as a whole against what it comes to.
	Einde(ctx context.Context, oin string, s Stand, meld Meld) error
}
