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
