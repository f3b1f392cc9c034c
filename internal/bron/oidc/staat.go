package oidc

import (
	"encoding/base64"
	"errors"

	"github.com/go-json-experiment/json"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// errStaat tells nothing more: who made it up learns nothing.
var errStaat = errors.New("state of a sign-in can't be opened")

// maxStaat bounds a cookie.
const maxStaat = 4096

// Seal gives the value of a cookie, of letters, digits, - and _. Any node with the keys of the organisation opens it. binding keeps it apart
// from what else is sealed with them.
func Seal[S any](s *betrokkene.Sleutels, binding []byte, staat S) (string, error) {
	plain, err := json.Marshal(staat)
	if err != nil {
		return "", errors.New("state of a sign-in can't be written as JSON")
	}
	uit := base64.RawURLEncoding.EncodeToString(s.SealCursor(binding, plain))
	if len(uit) > maxStaat {
		return "", errors.New("state of a sign-in is too large")
	}
	return uit, nil
}

// Open reads the value of a cookie with the same binding. Whether it is still valid Voltooi says.
func Open[S any](s *betrokkene.Sleutels, binding []byte, waarde string) (staat S, err error) {
	var leeg S
	if len(waarde) > maxStaat {
		return leeg, errStaat
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(waarde)
	if err != nil {
		return leeg, errStaat
	}
	plain, err := s.OpenCursor(binding, sealed)
	if err != nil || json.Unmarshal(plain, &staat) != nil {
		return leeg, errStaat
	}
	return staat, nil
}
