package beheer

import (
	"context"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Beheerlog is what the page of the beheerlog needs.
type Beheerlog interface {
	// Lijst gives at most n events with a number below voor (0: the newest), newest first, of one kind or of all.
	Lijst(ctx context.Context, b *pagina.Bezoeker, soort string, voor uint64, n int) ([]LogRegel, error)
	// Soorten are the kinds, with their name for people.
	Soorten() []Woord
}

// LogRegel is an event.
type LogRegel struct {
	Nummer  uint64
	Moment  time.Time
	Soort   string `klasse:"gewoon"`
	Wat     string `klasse:"gewoon"`
	Door    string `klasse:"gewoon"`
	Betreft string `klasse:"gewoon"`
	Reden   string `klasse:"vrije_tekst"`
}

// Applicaties is what the pages of applications need.
type Applicaties interface {
	Applicaties(ctx context.Context, b *pagina.Bezoeker) ([]Applicatie, error)
	Applicatie(ctx context.Context, b *pagina.Bezoeker, id string) (*ApplicatieBlad, error)
}

// Applicatie is an application in a list.
type Applicatie struct {
	ID       string `klasse:"gewoon"` // in the path
	Naam     string `klasse:"gewoon"`
	Herkomst string `klasse:"gewoon"` // bestand, API, elders
	Ernst    string `klasse:"gewoon"` // of its gravest warning: "", info, let_op, ernstig
	Scopes   int
}

// ApplicatieBlad is all of an application. It holds no secret.
type ApplicatieBlad struct {
	Applicatie
	Clients        []string `klasse:"gewoon"` // client ids
	OINs           []string `klasse:"gewoon"` // on whose behalf it may speak
	Autorisaties   []Autorisatie
	Zinnen         []Zin
	Waarschuwingen []Waarschuwing
}

// Autorisatie is what an application may on one component.
type Autorisatie struct {
	Component string   `klasse:"gewoon"`
	Scopes    []string `klasse:"gewoon"`
}

// Instellingen is what the page of settings needs.
type Instellingen interface {
	Instellingen(ctx context.Context, b *pagina.Bezoeker) ([]Instelling, error)
}

// Instelling is a setting, its value masked when it is a secret.
type Instelling struct {
	Groep     string `klasse:"gewoon"` // heading
	Sleutel   string `klasse:"gewoon"`
	Betekenis string `klasse:"gewoon"`
	Gekozen   string `klasse:"gewoon"`
	Standaard string `klasse:"gewoon"`
	Eenheid   string `klasse:"gewoon"`
	Herkomst  string `klasse:"gewoon"` // standaard, bestand, omgeving
	Onveilig  bool   // what was chosen is less safe than the default
}
