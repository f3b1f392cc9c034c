package autorisatie

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// Opslag keeps the applications that are made through the API or the command line, beside those of
// the file. What it keeps of them is sealed; only what the engine itself needs stands plain.
type Opslag interface {
	// LoadApplicaties gives every application, and the generation they belong to or an earlier one.
	LoadApplicaties(ctx context.Context) ([]Rij, int64, error)
	// PutApplicatie durably adds the application when Versie is 1, and replaces version Versie-1 of
	// it otherwise, together with the record of that change and its event. Nothing is done and the error is
	// fout.Gelijktijdig when another version is stored, ErrClientInGebruik when another application
	// has one of the client ids, of whatever organisation.
	PutApplicatie(ctx context.Context, r Rij, w WijzigingRij) error
	// DeleteApplicatie durably removes what is version r.Versie, with the record of that; otherwise
	// fout.Gelijktijdig.
	DeleteApplicatie(ctx context.Context, r Rij, w WijzigingRij) error
	// Generatie gives a number that grows with every change by any process, and nothing else. It is
	// asked often and must be cheap.
	Generatie(ctx context.Context) (int64, error)
	// LoadWijzigingen gives the records of an organisation, oldest first.
	LoadWijzigingen(ctx context.Context, oin string) ([]WijzigingRij, error)
}

// ErrClientInGebruik says that another application has the client id.
var ErrClientInGebruik = errors.New("client id is in use")

// Rij is an application as it is stored.
type Rij struct {
	OIN       string // of its organisation
	ID        uuid.UUID
	Versie    int64    // from 1
	ClientIDs []string // plain, so that the engine can keep them unique; what is sealed decides
	Verzegeld []byte
}

// WijzigingRij is the record of a change as it is stored.
type WijzigingRij struct {
	Nummer    int64 // given by the engine: the generation that the change made
	OIN       string
	ID        uuid.UUID // of the application
	Versie    int64     // of the application, after the change
	Moment    time.Time // to the microsecond
	Verzegeld []byte
	Regel     *beheerlog.Rij // the same event for the beheerlog, when it is stored; nil when it is read
}
