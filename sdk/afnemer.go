package sdk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// ErrGeenAfnemer: a request doesn't prove who makes it.
var ErrGeenAfnemer = errors.New("niet bewezen wie dit vraagt")

// Afnemer is who makes a request, as proved by its credential.
type Afnemer struct {
	OINs             []string // of the organisations it may speak for
	MagVertrouwelijk bool     // registered for confidential verwerkingen; the levering must allow it too
}

// Afnemers finds out who makes a request. Tokens, Certificaten and Beide do so; an application with another way of
// authentication writes its own.
type Afnemers interface {
	// Wie gives who it is. Any error is a refusal: the caller gets 401, always in the same words, and the error goes
	// to who counts. It holds no secret and no identifier of a person.
	Wie(r *http.Request) (Afnemer, error)
}

// Beide asks for a token and a certificate: the OIN of the certificate must be one of those of the client in the token
// (B9177). The client decides whether it may ask for confidentiality.
func Beide(t *Tokens, c *Certificaten) Afnemers { return beide{t, c} }

type beide struct {
	tokens       *Tokens
	certificaten *Certificaten
}

func (b beide) Wie(r *http.Request) (Afnemer, error) {
	client, err := b.tokens.Wie(r)
	if err != nil {
		return Afnemer{}, err
	}
	organisatie, err := b.certificaten.Wie(r)
	if err != nil {
		return Afnemer{}, err
	}
	if !slices.Contains(client.OINs, organisatie.OINs[0]) {
		return Afnemer{}, onbewezen("het certificaat is van een andere organisatie dan het token")
	}
	return Afnemer{OINs: organisatie.OINs, MagVertrouwelijk: client.MagVertrouwelijk}, nil
}

// onbewezen refuses for a reason that only the operator hears.
func onbewezen(reden string) error { return fmt.Errorf("%w: %s", ErrGeenAfnemer, reden) }

// keur checks the OINs of somebody who may call.
func (a Afnemer) keur() error {
	if len(a.OINs) == 0 || slices.ContainsFunc(a.OINs, func(s string) bool { return !isOIN(s) }) {
		return errors.New("OINs: geef er minstens één, van 20 cijfers")
	}
	return nil
}
