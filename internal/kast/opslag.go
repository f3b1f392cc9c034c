package kast

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// Opslag keeps the documents of a room, sealed. All changes of an organisation are in one order, counted by its generation.
type Opslag interface {
	// Load gives every document of an organisation but the bijlagen, and its generation.
	Load(ctx context.Context, oin string) ([]Rij, int64, error)
	// Bijlage gives one of them, or fout.NietGevonden.
	Bijlage(ctx context.Context, oin string, id uuid.UUID) (Rij, error)
	// Put durably does all of a change, queues its mail and adds its events, or nothing. The error is fout.Gelijktijdig when the
	// generation or a version is another, ErrInGebruik when another document of the kind has the ingang. To remove
	// a bijlage that isn't there is no error.
	Put(ctx context.Context, w Wijziging) error
	// Generaties gives the generation by OIN; an organisation that never had a change may be absent (0). It is asked
	// often and must be cheap.
	Generaties(ctx context.Context) (map[string]int64, error)
}

var (
	// ErrInGebruik says that another document has what must be unique.
	ErrInGebruik = errors.New("ingang is in use")
	// ErrTeGroot says that a document is larger than the room allows.
	ErrTeGroot = errors.New("document is too large")
)

// Soort is a kind of document. It is part of what is sealed, and never changes its name.
type Soort string

// SoortBijlage is content beside a document, with the id of that document, that is not kept in memory.
const SoortBijlage Soort = "bijlage"

// Rij is a document as it is stored.
type Rij struct {
	OIN       string
	Soort     Soort
	ID        uuid.UUID
	Versie    int64  // from 1; a change replaces the one before
	Ingang    []byte // handle of what is unique in its kind; nil: nothing is
	Verzegeld []byte
	Weg       bool // remove version Versie
}

// Wijziging is a change of one organisation: from Generatie to the next.
type Wijziging struct {
	OIN            string
	Generatie      int64
	Rijen          []Rij
	Gebeurtenissen []*beheerlog.Rij
	Post           []Bericht // queued with it: no mail of what did not happen, and none lost
}

// Bericht is a mail about a change. It holds no personal data but the salutation.
type Bericht struct{ Aan, Onderwerp, Tekst string }
