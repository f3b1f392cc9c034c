package pagina

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Rechten says what somebody may do. What is not known, may not.
type Rechten interface {
	Mag(module, handeling string) bool
	HeeftModule(module string) bool // anything at all: its tab exists
}

// Bezoeker is somebody who signed in.
type Bezoeker struct {
	Rechten
	ID          uuid.UUID
	OIN         string
	Organisatie string // name of it
	Naam        string
	Taal        string // "nl" or "en"; empty: no choice made
	Beperkt     bool   // must give or make a factor first, and may have no page but those of it
	Beheerder   string // whom to ask for rights, as in "Vraag het aan …"; empty: an administrator
	Nood        []Nood // break-glass that runs: every page says so
}

// Nood is break-glass that somebody took and that still runs.
type Nood struct {
	ID  uuid.UUID
	Wat string // what it allows, in Dutch
	Tot time.Time
}

// ErrGeenSessie: the token is of no session, or of one that ended.
var ErrGeenSessie = errors.New("no session")

// ErrCode: the code is wrong, and another try is possible.
var ErrCode = errors.New("wrong code")

// Sessies is what the pages need of sessions. A token is a secret of the cookie only.
type Sessies interface {
	// Zoek gives who has the session and until when it lasts without another request; ErrGeenSessie.
	Zoek(ctx context.Context, token string) (*Bezoeker, error)
	// Beeindig ends one session, and is silent about one that isn't.
	Beeindig(ctx context.Context, token string) error
	// Bevestigd tells whether the person behind the session proved to be there less than five minutes ago.
	Bevestigd(ctx context.Context, token string) (bool, error)
	// VraagBevestiging sends a code, and gives the masked address and a secret of the attempt, for a cookie.
	VraagBevestiging(ctx context.Context, token string) (adres, poging string, err error)
	// Bevestig checks the code and gives the token that replaces the old one; ErrCode, or a fout.Fout that ends it.
	Bevestig(ctx context.Context, token, poging, code string) (nieuw string, err error)
	// Gevraagd gives the masked address of an attempt.
	Gevraagd(ctx context.Context, poging string) (adres string, err error)
	// ZetTaal keeps the language of a person, for pages and mails.
	ZetTaal(ctx context.Context, b *Bezoeker, taal string) error
}

// sessieDuur is how long the cookie lives; the session itself ends earlier by its own rules.
const sessieDuur = 10 * time.Hour
