package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// opslag is what the register needs of an engine.
type opslag interface {
	verwerkingenlog.Store
	betrokkene.Vingerafdrukken
	kamer.Opslag
	// Ready tells cheaply whether the store can be used; the error says why not.
	Ready(ctx context.Context) error
	// Achterstand is the number of versions that an index lacks, to which readers look elsewhere.
	Achterstand() int
	Close() error
}

// openOpslag opens the engine that the configuration names, for these organisations. meld takes what is
// wrong in the background. Errors are for an operator.
func openOpslag(ctx context.Context, c *config.Config, oins []string, nu func() time.Time, meld func(error)) (opslag, error) {
	if dir, ok := c.SQLiteMap(); ok {
		s, err := sqlite.Open(ctx, dir, sqlite.Opties{Organisaties: oins, Nu: nu, Fout: meld})
		if err != nil {
			return nil, fmt.Errorf("opslag openen: %w", err)
		}
		return s, nil
	}
	s, err := postgres.Open(ctx, c.Store, postgres.Opties{Organisaties: oins, Nu: nu, Fout: meld})
	if err != nil {
		// The error itself is not shown: it may repeat the address, and with it a password.
		if wat, uitweg := postgres.Uitleg(err); wat != "" {
			return nil, errors.New("opslag openen: " + wat + "; " + uitweg)
		}
		return nil, fmt.Errorf("opslag openen: %w", err)
	}
	return s, nil
}
