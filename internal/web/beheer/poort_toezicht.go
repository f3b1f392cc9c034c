package beheer

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Toezicht is what the pages need of the watch over the log.
type Toezicht interface {
	// Kwaliteit tells which records since a day can't be accounted for; of all when that is empty. Days are texts as "2006-01-02".
	Kwaliteit(ctx context.Context, b *pagina.Bezoeker, sinds string) (*Kwaliteit, error)
}

// Kwaliteit is how many records have an activity that was valid.
type Kwaliteit struct {
	Totaal, Goed int64
	Ongeteld     int64 // records that came since the last count
	Bevindingen  []Bevinding
}

// Why records can't be accounted for.
const (
	RedenLeeg     = "leeg"     // no activity was logged
	RedenOnbekend = "onbekend" // the register has no such activity
	RedenOngeldig = "ongeldig" // it did not hold on the day of the processing
)

// Bevinding is what is wrong with the records of one activity.
type Bevinding struct {
	Reden      string `klasse:"gewoon"`
	Activiteit uuid.UUID
	Naam       string `klasse:"gewoon"` // when it is known
	Aantal     int64
	Van, Tot   string `klasse:"gewoon"` // first and last day
}
