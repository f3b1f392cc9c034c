package mijn

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
)

// Dienst is a service that says who a citizen is, such as DigiD.
type Dienst struct{ Sleutel, Naam, Organisatie string }

// Aanmelden is signing in at such a service.
type Aanmelden interface {
	// Diensten are those of the configuration, in the order in which they are offered.
	Diensten() []Dienst
	// Begin gives where to send the browser, and what its cookie must bring back: sealed, good for ten minutes. vers asks to sign in
	// again, whoever is signed in at the service.
	Begin(ctx context.Context, dienst string, vers bool) (naar, staat string, err error)
	// Voltooi takes what the service sent back, and gives the token of a new session. Its errors are a *fout.Fout with a Dutch text.
	Voltooi(ctx context.Context, dienst string, antwoord url.Values, staat, adres string) (token string, err error)
}

// Sessies are those of citizens who signed in. A token is a secret of the cookie only.
type Sessies interface {
	// Zoek gives who has a session; fout.CodeNietAangemeld when there is none, or not any more.
	Zoek(ctx context.Context, token string) (*inwoner.Inwoner, error)
	// Beeindig ends one session, and is silent about one that isn't.
	Beeindig(ctx context.Context, token string) error
	// BeeindigAlle ends every session of the citizen who has this one.
	BeeindigAlle(ctx context.Context, token string) error
	// Vers tells whether the citizen signed in less than five minutes ago.
	Vers(ctx context.Context, token string) (bool, error)
	// Historie gives the citizen's own sign-ins, newest first.
	Historie(ctx context.Context, token string) ([]inwoner.Aanmelding, error)
}

// Inzage is what a citizen sees; *inzage.Inzage is one.
type Inzage interface {
	Overzicht(ctx context.Context, w *inwoner.Inwoner, f inzage.Filter, cursor string) (*inzage.Overzicht, error)
	Bijwerken(w *inwoner.Inwoner, f inzage.Filter) error
	Een(ctx context.Context, w *inwoner.Inwoner, id uuid.UUID) (*inzage.Gebruik, error)
	Alles(ctx context.Context, w *inwoner.Inwoner, f inzage.Filter, g func(*inzage.Gebruik) error) error
	NamensDomeinen(w *inwoner.Inwoner) ([]domein.OpenDomein, error)
	Namens(ctx context.Context, w *inwoner.Inwoner, domein uuid.UUID, cursor string) (*inzage.NamensOverzicht, error)
	Doelen(oin string) []inzage.Doel
	Wijzen(oin string) bool
	Verantwoordelijke(oin string) activiteit.Verantwoordelijke
}
