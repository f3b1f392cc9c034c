package verwerkingenlog

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Store is the port to an engine that keeps the versions and the tree. Every call is about one
// organisation; an engine never mixes two. A reader sees every acknowledged version at once,
// although indexes may be derived behind it (invariant 2).
type Store interface {
	// Append writes all units in one durable transaction: a nil error means synced to disk. It
	// numbers the leaves, sets Blad and Registratie of every Rij (strictly increasing per
	// organisation; Rij.Plaats) and computes leaf and tree nodes. A unit is all or nothing and never fails its
	// neighbours: its own refusal stands in its Err (fout.Gelijktijdig when a version is not the
	// next one of its actie, fout.Idempotentie when the key was used for another body). An error
	// that wraps ErrNietDuurzaam means the engine can't be trusted any more; any other one that
	// nothing was written and trying again is safe, unless its text says that the outcome is not known:
	// then it is safe with an idempotency key.
	Append(ctx context.Context, groep []*Eenheid) error

	// Latest is the newest version of an actie, also when it is vervallen; fout.NietGevonden.
	Latest(ctx context.Context, oin string, actieID uuid.UUID) (*Rij, error)

	// Versions are all versions of an actie, oldest first; fout.NietGevonden.
	Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*Rij, error)

	// Find lists every actie that some version names under one of the keys, in no particular order.
	Find(ctx context.Context, v Zoekvraag) ([]Treffer, error)

	// Rows are the versions with these leaf numbers, in that order. One that was purged meanwhile is
	// nil. Blad must have been given out by this store, else fout.NietGevonden.
	Rows(ctx context.Context, oin string, bladen []uint64) ([]*Rij, error)

	// Size is the number of leaves of the organisation.
	Size(ctx context.Context, oin string) (uint64, error)

	// Knopen are stored hashes of the tree, by their index in the order of tlog. It fails when one is not stored.
	Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error)
}

// ErrNietDuurzaam is wrapped by errors after which the process must stop: a failed fsync leaves
// unknown what is on disk, and is never tried again (invariant 1).
var ErrNietDuurzaam = errors.New("durability of the store is lost")

// Rij is one version as stored: what stands plain beside the sealed content, and that content.
type Rij struct {
	ActieID     uuid.UUID
	Nummer      uint32 // 1 for a new actie; must be the latest number plus one
	Blad        uint64 // set by the store
	Registratie int64  // µs; set by the store
	Operatie    bewijs.Operatie
	Staat       Staat
	Tijdstip    int64     // µs
	Activiteit  uuid.UUID // verwerkingsactiviteitId, for the filter
	Ingangen    []Ingang
	Inhoud      []byte // sealed

	// Geindexeerd are the entries that the index has of the version, when they are those of before it was put under other
	// keys; nil: Ingangen. Only who looks a store through fills it in.
	Geindexeerd []Ingang

	// Merk is what Append made of Zaad when it gave the version its place (Plaats); stored beside it, and read with it. Zero
	// of a version from before there were any.
	Merk bewijs.Merk

	// BladHash is the leaf hash as the tree has it; set by Latest and Versions. It is zero when the tree has none.
	BladHash bewijs.Hash

	// Bewijs holds the commitments of the leaf and Zaad the seed of the version; used by Append only.
	Bewijs bewijs.Blad
	Zaad   bewijs.Zaad
}

// Plaats gives a version its leaf number and instant of registration in µs, and all that follows from these.
func (r *Rij) Plaats(blad uint64, registratie int64) {
	r.Blad, r.Registratie, r.Bewijs.Registratie = blad, registratie, registratie
	r.Merk = r.Zaad.Merk(blad, registratie)
}

// IngangSoort is a kind of index entry: a way to find an actie besides its own id.
type IngangSoort uint8

// The kinds; stored, so never renumbered.
const (
	IngangPersoon        IngangSoort = 1 // handle of a verwerkt object
	IngangVerwerking     IngangSoort = 2 // verwerkingId
	IngangAfnemer        IngangSoort = 3 // verwerkingIdAfnemer
	IngangVerwerktObject IngangSoort = 4 // verwerktObjectId
)

// Ingang is one key under which an actie is found. A version lists every key that any version of
// its actie ever had, so that one range of the index tells all versions of all acties under a key,
// and the index can be rebuilt from the versions alone.
type Ingang struct {
	Soort   IngangSoort
	Sleutel [16]byte
	Aantal  uint16 // occurrences in this version; 0 = an earlier version had it
}

// Zoekvraag asks for the acties under any of some keys of one kind.
type Zoekvraag struct {
	OIN      string
	Soort    IngangSoort
	Sleutels [][16]byte
	Tot      uint64 // snapshot: Toen is the newest version with a leaf number below Tot
	// MetActiviteit asks to fill Treffer.Activiteit, which costs a read of each current version.
	MetActiviteit bool
}

// Treffer is an actie found: as it stood in the snapshot, which decides membership and order, and as
// it stands now, which decides whether it may be seen. Acties without a version in the snapshot are
// left out.
type Treffer struct {
	ActieID    uuid.UUID
	Toen, Nu   Stand
	Activiteit uuid.UUID // of the current version, when asked for
}

// Stand is one version as the index knows it.
type Stand struct {
	Blad     uint64
	Tijdstip int64 // µs
	Staat    Staat
	Aantal   uint16 // occurrences of the key in that version
}

// Eenheid is what is stored together or not at all: one new actie, or the new versions of one
// change. The results stand in it after Append.
type Eenheid struct {
	OIN          string
	ClientID     string // who sent it: clients take turns in the queue
	Rijen        []*Rij
	Idempotentie *Idempotentie // nil when the client gave no key
	// Gezien is the number of leaves before the versions were read that this unit changes, 0 when it
	// changes nothing or that is not known. What is older than that need not be looked up again.
	Gezien uint64
	// Verzoek is the context of the request it came with, for tracing alone: what was taken in is
	// written, also when that request ends. May be nil.
	Verzoek context.Context

	Err    error   // why this unit was not written
	Eerder *uint64 // leaf number of the first Rij of the earlier unit with the same key and body
}

// Idempotentie lets a client repeat a POST after a time-out without logging twice: kept 24
// hours in the same transaction, per client.
type Idempotentie struct {
	Sleutel [16]byte // hash of client id and Idempotency-Key
	Lichaam [16]byte // hash of the body
}
