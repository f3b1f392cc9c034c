package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Domeinen is what the pages about veilige domeinen need. They name no citizen.
type Domeinen interface {
	Lijst(ctx context.Context, b *pagina.Bezoeker) ([]DomeinBlad, error)
	Een(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*DomeinBlad, error)
	// Keuzes gives the activities that can be in a domein, by name.
	Keuzes(ctx context.Context, b *pagina.Bezoeker) ([]DomeinActiviteit, error)
	// StelVoor fields: naam, uitleg, voor, activiteiten, and waarom.<id>. uuid.Nil proposes a new one.
	StelVoor(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, in DomeinInvoer) (uuid.UUID, error)
	// Beslis field: reden, when it is refused.
	Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error
	TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error
	// Sluit field: reden.
	Sluit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, reden string) error
}

// DomeinBlad is a domein.
type DomeinBlad struct {
	ID       uuid.UUID
	Versie   int64
	Naam     string `klasse:"gewoon"`
	Open     bool
	Sinds    time.Time
	Door     string          `klasse:"gewoon"`
	Akkoord  string          `klasse:"gewoon"`
	Geldt    *DomeinInhoud   `klasse:"gewoon"` // what was approved last; nil: nothing ever was
	Voorstel *DomeinVoorstel `klasse:"gewoon"` // that can be decided on
}

// DomeinInhoud is what is decided on.
type DomeinInhoud struct {
	Naam         string             `klasse:"gewoon"`
	Uitleg       string             `klasse:"gewoon"`
	Voor         []string           `klasse:"gewoon"` // ouder, curator, gemachtigde
	Activiteiten []DomeinActiviteit `klasse:"gewoon"`
}

// DomeinActiviteit is an activity, with what makes it sensitive.
type DomeinActiviteit struct {
	ID      uuid.UUID
	Naam    string   `klasse:"gewoon"` // empty: it is not known
	Gevaren []string `klasse:"gewoon"` // words of the room
	Waarom  string   `klasse:"gewoon"`
	Buiten  bool     // it can't be in a domein now, or lacks the reason for it: nothing of it is shown
}

// DomeinVoorstel is a proposal.
type DomeinVoorstel struct {
	Inhoud  DomeinInhoud `klasse:"gewoon"`
	Door    string       `klasse:"gewoon"`
	Op      time.Time
	Vervalt time.Time
	Eigen   bool
}

// DomeinInvoer is what is proposed.
type DomeinInvoer struct {
	Naam, Uitleg string
	Voor         []string
	Activiteiten []DomeinGekozen
}

// DomeinGekozen is an activity that was chosen, with why it is safe.
type DomeinGekozen struct {
	ID     uuid.UUID
	Waarom string
}
