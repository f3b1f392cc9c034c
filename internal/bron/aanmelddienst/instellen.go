package aanmelddienst

import (
	"fmt"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
)

// Instellen makes a service of the settings, for a register at an address, and asks it nothing. Errors are for an operator.
func Instellen(c config.Aanmelddienst, register string, nu func() time.Time) (*Dienst, error) {
	naam := c.Naam
	if naam == "" {
		naam = c.Sleutel
	}
	d, err := New(Opties{
		Naam: naam, Uitgever: c.Uitgever, ClientID: c.ClientID, Geheim: c.Geheim, GroepenClaim: c.GroepenClaim,
		Terug: strings.TrimRight(register, "/") + "/beheer/aanmelden/terug/" + c.Sleutel, Nu: nu,
	})
	if err != nil {
		return nil, fmt.Errorf("aanmelddienst %s: %w", c.Sleutel, err)
	}
	return d, nil
}
