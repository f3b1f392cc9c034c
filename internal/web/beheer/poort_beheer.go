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
	// Stand is what is known of the proof of the trees of the organisation.
	Stand(ctx context.Context, b *pagina.Bezoeker) (*BewijsStand, error)
	// Bewijs is the proof of an event, to be kept.
	Bewijs(ctx context.Context, b *pagina.Bezoeker, nummer uint64) ([]byte, error)
}

// BewijsStand is what was signed of the trees of an organisation, and what the last check came to.
type BewijsStand struct {
	Bomen     []BoomStand
	Nagekeken *Nagekeken // nil: it was not checked yet
	Uit       bool       // there is no daily check
}

// BoomStand is one tree.
type BoomStand struct {
	Naam      string    `klasse:"gewoon"`
	Pad       string    `klasse:"gewoon"` // of its checkpoints
	Bladen    uint64    // as it is now
	Getekend  uint64    // leaves of the newest checkpoint
	Moment    time.Time // of that checkpoint; zero: there is none yet
	Nagekeken uint64    // leaves that were there at the last check
	Tijdvak   uint32    // epoch that it is in, from 1
	Begonnen  uint64    // leaves before that epoch
	Gat       uint64    // signed leaves that were lost then
}

// Nagekeken is what a check came to.
type Nagekeken struct {
	Moment, Heel time.Time // when it began, and when all was well last; zero: never
	Duur         string    `klasse:"gewoon"`
	Klopt        bool
	Aantal       int // of what is wrong
	Gebreken     []Gebrek
	Meer         int // that are not among them
}

// Gebrek is something that is wrong.
type Gebrek struct {
	Deel string `klasse:"gewoon"`
	Waar string `klasse:"gewoon"`
	Wat  string `klasse:"gewoon"`
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
	Sleutels(ctx context.Context, b *pagina.Bezoeker) (Sleutels, error)
}

// Sleutels is with which keys the register writes, and how far rewriting with them is. It holds no key.
type Sleutels struct {
	Schrijft []string // names: "handle-2"
	Wacht    []string // names of those that are known and not in use yet
	Stand    HerschrijfStand
	Bekeken  uint64 // versions that were looked at, of Totaal
	Totaal   uint64
	Gelaten  uint64 // versions and documents that could not be rewritten
	Klaar    time.Time

	Documenten uint64   // of the rooms that were looked at
	Vrij       []string // names of old sealing keys that nothing needs
	Vervallen  []string // names
}

// HerschrijfStand is where rewriting is.
type HerschrijfStand string

// The closed set.
const (
	HerschrijfNiets HerschrijfStand = ""      // there are no older keys
	HerschrijfWacht HerschrijfStand = "wacht" // until the new key is an hour in use
	HerschrijfBezig HerschrijfStand = "bezig"
	HerschrijfKamer HerschrijfStand = "kamers" // the log is done, and documents of the rooms are not
	HerschrijfKlaar HerschrijfStand = "klaar"
)

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
