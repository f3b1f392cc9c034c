package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Applicaties is what the pages of applications need. id is that of the path; empty for a new one.
type Applicaties interface {
	Applicaties(ctx context.Context, b *pagina.Bezoeker) ([]Applicatie, error)
	Applicatie(ctx context.Context, b *pagina.Bezoeker, id string) (*ApplicatieBlad, error)
	// Componenten are those that rights can be given on.
	Componenten() []Component
	// Voorzie tells what a choice would mean, and does nothing. Fields: naam, clients, oins, scopes.<component>.
	Voorzie(ctx context.Context, b *pagina.Bezoeker, id string, k *ApplicatieKeuze) (*ApplicatieVoorstelling, error)
	// Zet does it. Fields: those, and reden. It gives the id of the application, empty while a new one waits for a second
	// administrator, and what to say.
	Zet(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, k *ApplicatieKeuze, reden string) (na, melding string, err error)
	// Geheim gives the application a new secret, which is to be had this once. Field: reden.
	Geheim(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, reden string) (string, error)
	// NeemWeg field: reden.
	NeemWeg(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, reden string) error

	Voorstellen(ctx context.Context, b *pagina.Bezoeker) ([]ApplicatieVoorstel, error)
	Voorstel(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*ApplicatieVoorstel, error)
	// Beslis field: reden, needed to refuse.
	Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error
	// TrekIn takes one's own proposal back.
	TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error
}

// Applicatie is an application in a list.
type Applicatie struct {
	ID           string `klasse:"gewoon"` // in the path
	Naam         string `klasse:"gewoon"`
	Bestand      bool   // it stands in the file, and can't be changed here
	Ernst        string `klasse:"gewoon"` // of its gravest warning: "", info, let_op, ernstig
	Scopes       int
	KanAanmelden bool // it has a secret
	Wacht        int  // proposals about it
}

// ApplicatieBlad is all of an application. It holds no secret.
type ApplicatieBlad struct {
	Applicatie
	Versie         int64
	Clients        []string `klasse:"gewoon"` // client ids
	OINs           []string `klasse:"gewoon"` // on whose behalf it may speak
	Autorisaties   []Autorisatie
	Zinnen         []Zin
	Waarschuwingen []Waarschuwing
}

// Autorisatie is what an application may on one component.
type Autorisatie struct {
	Component string   `klasse:"gewoon"`
	Naam      string   `klasse:"gewoon"` // of the component, for people
	Scopes    []string `klasse:"gewoon"`
}

// Component is a part of the register with the scopes that it knows, and what each allows.
type Component struct {
	Sleutel string `klasse:"gewoon"`
	Naam    string `klasse:"gewoon"`
	Scopes  []Woord
}

// ApplicatieKeuze is all that is chosen of an application.
type ApplicatieKeuze struct {
	Naam         string   `klasse:"gewoon"`
	Clients      []string `klasse:"gewoon"`
	OINs         []string `klasse:"gewoon"`
	Autorisaties []Autorisatie
}

// ApplicatieVoorstelling is what a change of an application would mean.
type ApplicatieVoorstelling struct {
	Zinnen         []Zin
	Verschillen    []string `klasse:"gewoon"` // beside what it can do: its name, its client ids, its OINs
	Waarschuwingen []Waarschuwing
	Ernstig        bool // it needs a reason and a second administrator
	Gelijk         bool // nothing changes
}

// ApplicatieVoorstel is a change of an application that waits for a second administrator.
type ApplicatieVoorstel struct {
	ID          uuid.UUID
	Versie      int64
	Titel       string   `klasse:"gewoon"` // what it is about, a sentence
	Applicatie  string   `klasse:"gewoon"` // id; empty: it is not there yet
	Naam        string   `klasse:"gewoon"`
	Clients     []string `klasse:"gewoon"`
	OINs        []string `klasse:"gewoon"`
	Door        string   `klasse:"gewoon"`
	Op, Vervalt time.Time
	Reden       string `klasse:"gewoon"`
	ApplicatieVoorstelling
	MagBeslissen bool
	Eigen        bool   // who looks made it
	WaaromNiet   string `klasse:"gewoon"` // with the way out, when MagBeslissen is false
}
