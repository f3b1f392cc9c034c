package aanmelddienst

import (
	"encoding/base64"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Staat is what a browser keeps between Begin and Voltooi, in a cookie that no script can read and that only goes back
// to where the service sends it. It opens nothing by itself.
type Staat struct {
	Uitgever string    `json:"uitgever"`
	ClientID string    `json:"client_id"`
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	Verloopt time.Time `json:"verloopt"`
	Verder   string    `json:"verder,omitempty"` // where the person wanted to go; for the caller to fill in and to check
}

// Geldig is how long a person may take at the service.
const Geldig = 10 * time.Minute

// errStaat tells nothing more: who made it up learns nothing.
var errStaat = errors.New("state of a sign-in can't be opened")

// maxStaat bounds a cookie.
const maxStaat = 4096

// Seal gives the value of a cookie, of letters, digits, - and _. Any node with the keys of the organisation opens it.
func Seal(s *betrokkene.Sleutels, oin string, st Staat) (string, error) {
	plain, err := json.Marshal(st)
	if err != nil {
		return "", errors.New("state of a sign-in can't be written as JSON")
	}
	uit := base64.RawURLEncoding.EncodeToString(s.SealCursor(binding(oin), plain))
	if len(uit) > maxStaat {
		return "", errors.New("state of a sign-in is too large")
	}
	return uit, nil
}

// Open reads the value of a cookie of the same organisation. Whether it is still valid Voltooi says.
func Open(s *betrokkene.Sleutels, oin, waarde string) (Staat, error) {
	if len(waarde) > maxStaat {
		return Staat{}, errStaat
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(waarde)
	if err != nil {
		return Staat{}, errStaat
	}
	plain, err := s.OpenCursor(binding(oin), sealed)
	if err != nil {
		return Staat{}, errStaat
	}
	var st Staat
	if json.Unmarshal(plain, &st) != nil {
		return Staat{}, errStaat
	}
	return st, nil
}

// binding keeps it apart from what else is sealed with that key.
func binding(oin string) []byte { return append([]byte("verantwoord/aanmelddienst/v1\x00"), oin...) }
