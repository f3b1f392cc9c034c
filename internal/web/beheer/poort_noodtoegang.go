package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Noodtoegang is what the pages of break-glass need.
type Noodtoegang interface {
	// Keuzes gives what somebody could take, and who is told of it.
	Keuzes(ctx context.Context, b *pagina.Bezoeker) (*NoodBlad, error)
	// Neem fields: recht, duur, reden.
	Neem(ctx context.Context, b *pagina.Bezoeker, recht string, duur time.Duration, reden string) error
	// Beeindig ends one's own, and is silent about one that ended by itself.
	Beeindig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error
	// Lopend gives what runs in the organisation, for who may see the beheerlog.
	Lopend(ctx context.Context, b *pagina.Bezoeker) ([]NoodRegel, error)
}

// NoodBlad is what break-glass could be taken for.
type NoodBlad struct {
	Keuzes     []Woord         // a right, and what it allows
	Duren      []time.Duration // the shortest first
	FG         string          `klasse:"contact"` // address of the functionaris gegevensbescherming
	WaaromNiet string          `klasse:"gewoon"`  // a sentence, of who can take none
}

// NoodRegel is break-glass that runs.
type NoodRegel struct {
	Van, Tot time.Time
	Wie      string `klasse:"gewoon"`
	Wat      string `klasse:"gewoon"`
	Reden    string `klasse:"vrije_tekst"` // empty when it may not be read
}
