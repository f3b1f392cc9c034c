package gebruiker

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// Opslag keeps the documents of this room, sealed. All changes to an organisation's people and groups are in one
// order, counted by its generation.
type Opslag interface {
	// Load gives every document of an organisation, and its generation.
	Load(ctx context.Context, oin string) ([]Rij, int64, error)
	// Put durably does all of a change, queues its mail and adds its events, or nothing. The error is fout.Gelijktijdig when the
	// generation or a version is another, ErrInGebruik when another document of the kind has the ingang.
	Put(ctx context.Context, w Wijziging) error
	// Generaties gives the generation by OIN; an organisation that never had a change may be absent (0). It is asked
	// often and must be cheap.
	Generaties(ctx context.Context) (map[string]int64, error)
}

// ErrInGebruik says that another document has what must be unique.
var ErrInGebruik = errors.New("ingang is in use")

// Soort is a kind of document.
type Soort string

// The kinds. They are part of what is sealed, and never change their name.
const (
	SoortGebruiker        Soort = "gebruiker"
	SoortFunctiegroep     Soort = "functiegroep"
	SoortAutorisatiegroep Soort = "autorisatiegroep"
	SoortVoorstel         Soort = "voorstel"
	SoortNoodtoegang      Soort = "noodtoegang"
)

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
