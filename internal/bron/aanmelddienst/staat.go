package aanmelddienst

import (
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/oidc"
)

// Staat is what a browser keeps between Begin and Voltooi.
type Staat = oidc.Staat

// Geldig is how long a person may take at the service.
const Geldig = oidc.Geldig

// Seal gives the value of a cookie, of letters, digits, - and _. Any node with the keys of the organisation opens it.
func Seal(s *betrokkene.Sleutels, oin string, st Staat) (string, error) {
	return oidc.Seal(s, binding(oin), st)
}

// Open reads the value of a cookie of the same organisation. Whether it is still valid Voltooi says.
func Open(s *betrokkene.Sleutels, oin, waarde string) (Staat, error) {
	return oidc.Open[Staat](s, binding(oin), waarde)
}

// binding keeps it apart from what else is sealed with that key.
func binding(oin string) []byte { return append([]byte("verantwoord/aanmelddienst/v1\x00"), oin...) }
