package sdk

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
)

// Vertrouwelijkheid of a verwerking. Empty counts as Normaal.
type Vertrouwelijkheid string

// The three of the standard (dictionary, row 9). Nothing is ever logged as Opgeheven at once: it is what
// a confidential verwerking becomes.
const (
	Normaal       Vertrouwelijkheid = "normaal"
	Vertrouwelijk Vertrouwelijkheid = "vertrouwelijk"
	Opgeheven     Vertrouwelijkheid = "opgeheven"
)

// Verwerking is the doelbinding of one step with personal data: why, as part of what, and of whom. It
// travels in a context; without one in it no call leaves and no data are shown.
type Verwerking struct {
	// Functie is what the application calls what it does. Functies of the transport say which activity
	// that is, and a function without one can't run (B0869). Leave it empty when Activiteit is given.
	Functie       string
	Activiteit    uuid.UUID // verwerkingsactiviteitId in the register of activities of the own organisation
	ActiviteitURL string    // where that activity can be read; empty: not told

	// VerwerkingID holds together all acties of one task, also those of the parties that were asked; the id of a
	// case may serve. NewVerwerkingID makes one. It may only be zero for what is Normaal with a term.
	VerwerkingID      uuid.UUID
	ActieNaam         string // infinitive and noun: "Ophalen persoonsgegevens" (A7838)
	HandelingNaam     string // the step of the process; empty when there is one
	VerwerkingNaam    string // "Huwelijk"
	Vertrouwelijkheid Vertrouwelijkheid
	Bewaartermijn     string // of the record, an ISO 8601 duration; empty: that of the activity, or not known yet
	Gebruiker         string // key of the employee within the application, never a name (B9207)

	// Objecten are the persons it is about, when they are known beforehand.
	Objecten []Object
}

// Object is a person in a verwerking.
type Object struct {
	Soort         string   // soortObjectId: BSN, Personeelsnummer
	ID            string   // objectId, at most 40 characters
	Betrokkenheid string   // the role: "Aanvrager", "Getoond in zoekresultaat"
	Soorten       []string // kinds of data, never the data: "Verblijfsadres"
}

// BSN is the person with this number, in a role.
func BSN(nummer, betrokkenheid string, soorten ...string) Object {
	return Object{Soort: "BSN", ID: nummer, Betrokkenheid: betrokkenheid, Soorten: soorten}
}

// NewVerwerkingID makes an id for a new verwerking (UUID version 4, B2357).
func NewVerwerkingID() uuid.UUID { return uuid.New() }

// Gevonden reads from an answer which persons are in it. It gets the body whole; none found is an answer,
// and not to be able to tell is an error, after which nothing is shown.
type Gevonden func(r *http.Response, body []byte) ([]Object, error)

type sleutel struct{}

// binding is what the context holds.
type binding struct {
	Verwerking
	gevonden Gevonden // nil: log, then act; else act, log, then show
}

// MetVerwerking binds what is done with this context to a verwerking of persons who are known beforehand: *log,
// then act* (B7952). v.Objecten must name one.
func MetVerwerking(ctx context.Context, v Verwerking) context.Context {
	return context.WithValue(ctx, sleutel{}, &binding{Verwerking: v})
}

// MetZoekopdracht binds a search, of which only the answer tells who they are: *act, log, then show* (B7952). The
// answer is withheld until everybody in it is logged. v.Objecten may name persons who are known already: they are
// logged before the call.
func MetZoekopdracht(ctx context.Context, v Verwerking, gevonden Gevonden) context.Context {
	if gevonden == nil {
		gevonden = func(*http.Response, []byte) ([]Object, error) {
			return nil, errors.New("geef MetZoekopdracht een Gevonden")
		}
	}
	return context.WithValue(ctx, sleutel{}, &binding{v, gevonden})
}

// VerwerkingVan gives the verwerking of a context. In a handler behind Aanbieder it is that of the provider.
func VerwerkingVan(ctx context.Context) (Verwerking, bool) {
	b, ok := ctx.Value(sleutel{}).(*binding)
	if !ok {
		return Verwerking{}, false
	}
	return b.Verwerking, true
}
