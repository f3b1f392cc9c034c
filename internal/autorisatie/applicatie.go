package autorisatie

import (
	"fmt"
	"log/slog"
	"slices"
)

// Bestand is what an applications file says, checked.
type Bestand struct {
	Organisaties   []Organisatie
	Applicaties    []Applicatie
	Waarschuwingen []string // Dutch, for the operator: allowed, but probably not meant
}

// Organisatie is an organisation (tenant) that the register keeps a log for.
type Organisatie struct {
	OIN  string
	Naam string
}

// Applicatie is a registered application, the ZGW concept plus a secret and OINs of its own.
type Applicatie struct {
	ClientIDs             []string
	Geheim                Geheim
	Label                 string
	Organisaties          []string // OINs of the organisations it works for; the token names one when there are several
	OINs                  []string // the application's own; without that of the organisation it is a third party
	HeeftAlleAutorisaties bool     // read, and grants nothing
	Autorisaties          []Autorisatie
}

// Autorisatie grants scopes on one component.
type Autorisatie struct {
	Component string  `json:"component"`
	Scopes    []Scope `json:"scopes"`
}

// Applicatie finds the application a client id belongs to.
func (b *Bestand) Applicatie(clientID string) (*Applicatie, bool) {
	for i := range b.Applicaties {
		if slices.Contains(b.Applicaties[i].ClientIDs, clientID) {
			return &b.Applicaties[i], true
		}
	}
	return nil, false
}

// Geheim is a shared secret. Printed, logged or marshalled it shows a mask, whatever the verb.
type Geheim []byte

const masker = "***"

// Format shows the mask for every verb, %x and %d included.
func (Geheim) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(masker)) }

// String gives the mask.
func (Geheim) String() string { return masker }

// LogValue gives the mask.
func (Geheim) LogValue() slog.Value { return slog.StringValue(masker) }

// MarshalText gives the mask.
func (Geheim) MarshalText() ([]byte, error) { return []byte(masker), nil }

// MarshalJSON gives the mask.
func (Geheim) MarshalJSON() ([]byte, error) { return []byte(`"` + masker + `"`), nil }
