package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Mensen is what the pages need of people. A use case checks the right of who asks. What is wrong with a field is a
// fout.Ongeldig whose parameters have the names of the fields.
type Mensen interface {
	Gebruikers(ctx context.Context, b *pagina.Bezoeker, z Zoek) (*GebruikersLijst, error)
	Gebruiker(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*GebruikerBlad, error)
	// VoegToe fields: naam, email, functiegroep.
	VoegToe(ctx context.Context, b *pagina.Bezoeker, g Gegevens) (uuid.UUID, error)
	// Wijzig fields: naam, email, functiegroep, opleiding. The answer is a message of package pagina.
	Wijzig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, g Gegevens) (melding string, err error)
	// VoorzieLid tells what a membership would mean, and does nothing.
	VoorzieLid(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, groep uuid.UUID, tot time.Time) (*Voorstelling, error)
	// Lid fields: groep, tot, reden. The message tells whether it is done or waits for a second administrator.
	Lid(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, groep uuid.UUID, tot time.Time, reden string) (melding string, err error)
	GeenLid(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, groep uuid.UUID, reden string) error
	Sluit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error
	Heropen(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error
	MeldAf(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error
	// NodigUit mails a code to choose a password with.
	NodigUit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error
	// Herroep takes away all that a person signs in with, and invites them.
	Herroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, reden string) error
}

// Zoek is a question for a list.
type Zoek struct {
	Tekst string // part of a name
	Groep uuid.UUID
	Alles bool // closed ones too
	Vanaf string
	N     int
}

// Gegevens is what a form tells of a person.
type Gegevens struct {
	Naam, Email  string
	Functiegroep uuid.UUID
	Opleiding    time.Time
}

// GebruikersLijst is a page of people.
type GebruikersLijst struct {
	Regels   []GebruikerRegel
	Totaal   int
	Volgende string `klasse:"gewoon"` // Vanaf of the next page; empty on the last. No name in it.
}

// GebruikerRegel is a person in a list.
type GebruikerRegel struct {
	ID           uuid.UUID
	Naam         string   `klasse:"gewoon"`
	Email        string   `klasse:"contact"`
	Functiegroep string   `klasse:"gewoon"`
	Groepen      []string `klasse:"gewoon"`
	Actief       bool
	Ernstig      bool // in a group with serious rights
	Laatst       time.Time
}

// GebruikerBlad is all of a person.
type GebruikerBlad struct {
	ID             uuid.UUID
	Versie         int64
	Naam           string `klasse:"gewoon"`
	Email          string `klasse:"contact"`
	Functiegroep   string `klasse:"gewoon"`
	FunctiegroepID uuid.UUID
	Groepen        []Lidmaatschap
	Actief         bool
	Zelf           bool     // it is who looks
	Aanmelddienst  string   `klasse:"gewoon"` // empty: a password of our own
	Middelen       []string `klasse:"gewoon"`
	Opleiding      time.Time
	Kan            []string `klasse:"gewoon"` // sentences: what this person can do
	Aanmeldingen   []Aanmelding
	Sessies        int
}

// Lidmaatschap is a group somebody is in.
type Lidmaatschap struct {
	Groep   uuid.UUID
	Naam    string `klasse:"gewoon"`
	Tot     time.Time
	Bron    string `klasse:"gewoon"` // "hand" or "aanmelddienst"
	Ernstig bool
	Wacht   bool // for a second administrator
}
