package smtp

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/verantwoord/verantwoord/internal/config"
)

// Instellen makes the relays of the settings, in their order, and connects to none. Errors are for an operator, in Dutch.
func Instellen(p config.Post) (uit []*Relay, err error) {
	for i, r := range p.Relays {
		if r.Adres == "" {
			continue
		}
		o := Opties{
			Naam: fmt.Sprintf("post.relay.%d", i+1), Adres: r.Adres, Versleuteling: r.Versleuteling, Gebruiker: r.Gebruiker, Wachtwoord: r.Wachtwoord, Afzender: p.Afzender,
		}
		if r.Uitgevers != "" {
			pem, err := os.ReadFile(r.Uitgevers)
			if err != nil {
				return nil, fmt.Errorf("%s: uitgevers lezen: %w", o.Naam, err)
			}
			if o.Uitgevers = x509.NewCertPool(); !o.Uitgevers.AppendCertsFromPEM(pem) {
				return nil, fmt.Errorf("%s: in het bestand met uitgevers staat geen certificaat", o.Naam)
			}
		}
		relay, err := New(o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Naam, err)
		}
		uit = append(uit, relay)
	}
	return uit, nil
}
