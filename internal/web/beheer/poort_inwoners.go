package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Inwoners is what the pages about protected citizens need. Each look at a person is in the verwerkingenlog before it is shown.
type Inwoners interface {
	// Zoek gives what holds of a person. Field: bsn.
	Zoek(ctx context.Context, b *pagina.Bezoeker, bsn string) (*InwonerBlad, error)
	// Gezocht gives what Zoek gave, to who asked it; fout.NietGevonden when that is longer ago than a quarter of an hour.
	Gezocht(ctx context.Context, b *pagina.Bezoeker, sleutel string) (*InwonerBlad, error)
	// Stel fields: wat, aanleiding, tot, opmerking.
	Stel(ctx context.Context, b *pagina.Bezoeker, sleutel string, in BeschermingInvoer) (uuid.UUID, error)
	Een(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*BeschermingBlad, error)
	// StelEindeVoor field: reden. versie is that of the bescherming.
	StelEindeVoor(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error
	// Beslis field: reden, when it is refused. versie is that of the proposal, here and of TrekIn.
	Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error
	TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error
	Aandacht(ctx context.Context, b *pagina.Bezoeker) (*InwonersAandacht, error)
}

// InwonerBlad is a person that was looked up.
type InwonerBlad struct {
	Sleutel       string            `klasse:"gewoon"` // sealed; stands for the person in the forms of this page
	Nummer        string            `klasse:"gewoon"` // masked
	Beschermingen []BeschermingBlad `klasse:"gewoon"`
}

// BeschermingBlad is what holds of a person, or held.
type BeschermingBlad struct {
	ID         uuid.UUID
	Versie     int64
	Nummer     string `klasse:"gewoon"`      // masked
	Wat        string `klasse:"gewoon"`      // "beschermd" or "overleden"
	Aanleiding string `klasse:"vrije_tekst"` // word of the set; empty when it may not be read
	Opmerking  string `klasse:"vrije_tekst"`
	Door       string `klasse:"gewoon"`
	Sinds, Tot time.Time
	Voorbij    bool
	Voorstel   *BeschermingVoorstel `klasse:"gewoon"` // to end it
}

// BeschermingVoorstel is a proposal to end it.
type BeschermingVoorstel struct {
	Versie  int64
	Door    string `klasse:"gewoon"`
	Reden   string `klasse:"vrije_tekst"`
	Op      time.Time
	Vervalt time.Time
	Eigen   bool
}

// BeschermingInvoer is what is set.
type BeschermingInvoer struct {
	Wat, Aanleiding, Opmerking string
	Tot                        time.Time
}

// InwonersAandacht is what asks for a decision.
type InwonersAandacht struct {
	Aflopend []BeschermingBlad `klasse:"gewoon"` // within a month
	Wacht    []BeschermingBlad `klasse:"gewoon"` // on a second officer
}
