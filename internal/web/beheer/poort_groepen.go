package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Groepen is what the pages need of groups and rights.
type Groepen interface {
	Functiegroepen(ctx context.Context, b *pagina.Bezoeker) ([]Functiegroep, error)
	// ZetFunctiegroep adds one when id is zero. Field: naam.
	ZetFunctiegroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, naam string) error

	Autorisatiegroepen(ctx context.Context, b *pagina.Bezoeker) ([]Autorisatiegroep, error)
	Autorisatiegroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*GroepBlad, error)
	// ZetGroep adds an empty one when id is zero. Fields: naam, omschrijving, claims.
	ZetGroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, naam, omschrijving string, claims []string) (uuid.UUID, error)

	// Modules are those that exist, with what can be chosen.
	Modules() []Module
	// Domeinen are the domains that a scope can be bound to.
	Domeinen(ctx context.Context, b *pagina.Bezoeker) ([]string, error)
	// Voorzie tells what rights would mean, and does nothing. What is wrong is at the fields of the table (r., t.).
	Voorzie(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, rechten []Recht) (*Voorstelling, error)
	// ZetRechten field: reden. The message tells whether it is done or waits for a second administrator.
	ZetRechten(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, rechten []Recht, reden string) (melding string, err error)
	Nagekeken(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error

	Voorstellen(ctx context.Context, b *pagina.Bezoeker) ([]Voorstel, error)
	Voorstel(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*Voorstel, error)
	// Beslis field: reden, needed to refuse.
	Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error

	// TrekIn takes one's own proposal back.
	TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error

	// Aandacht is what waits for this person.
	Aandacht(ctx context.Context, b *pagina.Bezoeker) (Aandacht, error)
}

// Functiegroep says what work somebody does, and gives no rights.
type Functiegroep struct {
	ID     uuid.UUID
	Versie int64
	Naam   string `klasse:"gewoon"`
	Mensen int
}

// Autorisatiegroep is a group in a list.
type Autorisatiegroep struct {
	ID           uuid.UUID
	Versie       int64
	Naam         string `klasse:"gewoon"`
	Omschrijving string `klasse:"gewoon"`
	Mensen       int
	Rechten      int
	Ernst        string `klasse:"gewoon"` // of its gravest warning: "", info, let_op, ernstig
	Herzien      time.Time
	Nakijken     bool // it is time to
	Wacht        int  // proposals
}

// GroepBlad is all of a group.
type GroepBlad struct {
	Autorisatiegroep
	Claims         []string `klasse:"gewoon"`
	RechtenLijst   []Recht
	Zinnen         []Zin
	Waarschuwingen []Waarschuwing
	Leden          []GroepLid
	Lid            bool // who looks is in it
}

// GroepLid is somebody in a group.
type GroepLid struct {
	ID   uuid.UUID
	Naam string `klasse:"gewoon"`
	Tot  time.Time
}

// Module is a part of the product with the rights it knows.
type Module struct {
	Sleutel     string `klasse:"gewoon"`
	Naam        string `klasse:"gewoon"`
	Handelingen []Woord
	Klassen     []Woord
	// Kan tells whether a right exists for this pair; nil: all do.
	Kan func(handeling, klasse string) bool
	// EenBereik: a right in it reaches everything or nothing.
	EenBereik bool
}

// Woord is a key and its name for people.
type Woord struct {
	Sleutel string `klasse:"gewoon"`
	Naam    string `klasse:"gewoon"`
}

// Recht is one right of a group.
type Recht struct {
	Module     string `klasse:"gewoon"`
	Handeling  string `klasse:"gewoon"`
	Veldklasse string `klasse:"gewoon"`
	Bereik     string `klasse:"gewoon"` // eigen, functiegroep, domein:<x>, alles
	Verbod     bool
	Tot        time.Time // zero: no end
}

// Zin is a sentence of what a group can do.
type Zin struct {
	Tekst    string `klasse:"gewoon"`
	Verschil string `klasse:"gewoon"` // "": stays, "komt", "gaat"
}

// Waarschuwing is what to watch out for.
type Waarschuwing struct {
	Ernst string `klasse:"gewoon"` // info, let_op, ernstig
	Regel string `klasse:"gewoon"`
	Tekst string `klasse:"gewoon"`
}

// Voorstelling is what a change would mean.
type Voorstelling struct {
	Zinnen         []Zin
	Waarschuwingen []Waarschuwing
	Mensen         int
	Ernstig        bool // it needs a reason and a second administrator
	Gelijk         bool // nothing changes
}

// Voorstel is a change that waits for a second administrator.
type Voorstel struct {
	ID          uuid.UUID
	Versie      int64
	Titel       string `klasse:"gewoon"` // what it is about, a sentence
	GroepID     uuid.UUID
	Groep       string `klasse:"gewoon"`
	Door        string `klasse:"gewoon"`
	Op, Vervalt time.Time
	Reden       string `klasse:"gewoon"`
	Voorstelling
	MagBeslissen bool
	Eigen        bool   // who looks made it
	WaaromNiet   string `klasse:"gewoon"` // with the way out, when MagBeslissen is false
}

// Aandacht is how much waits.
type Aandacht struct{ Voorstellen, Nakijken int }
