package inwonerdienst

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// Terug is the path in the register where a service sends the browser back to: another one for each service.
func Terug(dienst string) string { return "/mijn/aanmelden/" + dienst + "/terug" }

// Instellen makes a service of the settings, for a register at an address, and asks it nothing. Errors are for an operator.
func Instellen(c config.Inwonerdienst, register string, nu func() time.Time) (*Dienst, error) {
	o := Opties{
		Sleutel: c.Sleutel, Naam: c.Naam, Uitgever: c.Uitgever, ClientID: c.ClientID, Geheim: c.Geheim, Scopes: c.Scopes, Acr: c.Acr,
		Claims: Claims(c.Claims), Niveaus: map[string]inwoner.Niveau{}, Namens: map[string]inwoner.NamensSoort{},
		Terug: strings.TrimRight(register, "/") + Terug(c.Sleutel), Nu: nu,
	}
	if o.Naam == "" {
		o.Naam = c.Sleutel
	}
	for waarde, woord := range c.Niveaus {
		n, ok := inwoner.NiveauVan(woord)
		if !ok {
			return nil, fmt.Errorf("inwonerdienst %s: there is no level %q", c.Sleutel, woord)
		}
		o.Niveaus[waarde] = n
	}
	for waarde, woord := range c.NamensSoorten {
		o.Namens[waarde] = inwoner.NamensSoort(woord)
	}
	var err error
	if c.TekenSleutel != "" {
		if o.Tekent, err = leesSleutel(c.TekenSleutel); err != nil {
			return nil, fmt.Errorf("inwonerdienst %s: %w", c.Sleutel, err)
		}
	}
	d, err := New(o)
	if err != nil {
		return nil, fmt.Errorf("inwonerdienst %s: %w", c.Sleutel, err)
	}
	return d, nil
}

// maxSleutel bounds the file of a key, in bytes.
const maxSleutel = 64 << 10

func leesSleutel(pad string) (*oidc.Sleutel, error) {
	f, err := os.Open(pad)
	if err != nil {
		return nil, errors.New("the file of the key can't be opened")
	}
	defer f.Close()
	inhoud, err := io.ReadAll(io.LimitReader(f, maxSleutel))
	if err != nil {
		return nil, errors.New("the file of the key can't be read")
	}
	return oidc.LeesSleutel(inhoud)
}
