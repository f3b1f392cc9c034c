// Package aanmelddienst lets employees sign in with the service of their own organisation, by OpenID Connect: Keycloak,
// Entra ID, ADFS and what else follows the standard (OpenID Connect Core 1.0, code flow, RFC 7636, RFC 9207).
//
// What it promises: Voltooi gives who somebody is according to the service, or an error, never a guess. State, nonce and
// PKCE bind an answer to the browser that asked; issuer, audience, authorised party, times and signature (RS256, ES256 or
// PS256, with a key of the service, never a secret) bind it to this register. TLS is verified; what comes back is
// bounded in size and time, and no redirect leads elsewhere.
//
// What a caller must know:
//   - It says who, not what one may do, and the second step by e-mail follows always.
//   - Email may be typed by the person itself, whatever the service says of it: it finds an account, and proves nothing.
//   - Groepen are those of the whole claim or an error: part of them could be too few as well as too many rights.
//   - The caller keeps the Staat in the browser (Seal, Open) and throws it away at the first answer.
//   - No error quotes an address, a name, a token, or what the service wrote.
package aanmelddienst

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Opties say which service, and how the register is known there.
type Opties struct {
	Naam         string // for people: what the button says
	Uitgever     string // exactly as the service writes it, a slash at the end included
	ClientID     string
	Geheim       string
	GroepenClaim string // name of the claim, or a path with dots; empty: "groups"
	Terug        string // address in the register where the service sends the browser back to; another one for each service
	TimeOut      time.Duration
	Nu           func() time.Time
	HTTP         http.RoundTripper // nil: one of its own
}

const standaardGroepen = "groups"

// Dienst is one service. It may be used by many goroutines, and asks nothing until the first sign-in.
type Dienst struct {
	o    Opties
	oidc *oidc.Dienst
}

// New gives a service. It fails when the options can't work, and asks nothing.
func New(o Opties) (*Dienst, error) {
	if o.GroepenClaim == "" {
		o.GroepenClaim = standaardGroepen
	}
	d, err := oidc.New(oidc.Opties{
		Uitgever: o.Uitgever, ClientID: o.ClientID, Geheim: o.Geheim, Terug: o.Terug, Scopes: scopes, Teksten: teksten(o.Naam), TimeOut: o.TimeOut, Nu: o.Nu, HTTP: o.HTTP,
	})
	if err != nil {
		return nil, err
	}
	return &Dienst{o, d}, nil
}

func scopes(ondersteund []string) []string {
	uit := []string{"openid", "profile", "email"}
	if slices.Contains(ondersteund, "allatclaims") { // ADFS: claims of the access token in that of the identity as well
		uit = append(uit, "allatclaims")
	}
	return uit
}

func teksten(naam string) oidc.Teksten {
	return oidc.Teksten{
		Onbereikbaar: fmt.Sprintf("Aanmelden met %s lukt nu niet, omdat die dienst niet goed antwoordt. Probeer het straks weer, of meld u aan met uw e-mailadres en wachtwoord.", naam),
		Mislukt:      fmt.Sprintf("Het aanmelden met %s is niet gelukt. Begin opnieuw op de aanmeldpagina; lukt het dan weer niet, vraag het uw beheerder.", naam),
		Afgebroken:   fmt.Sprintf("U hebt het aanmelden bij %s afgebroken, of u mag daar deze toepassing niet gebruiken. Begin opnieuw, of vraag uw beheerder om toegang.", naam),
		TeLaat:       "Het aanmelden heeft te lang geduurd. Begin opnieuw op de aanmeldpagina.",
	}
}

// Naam is that for people.
func (d *Dienst) Naam() string { return d.o.Naam }

// Uitgever is the issuer: with Identiteit.Onderwerp it names a person for good.
func (d *Dienst) Uitgever() string { return d.o.Uitgever }

// Begin gives the address to send the browser to, and what it must keep meanwhile. fout.NietBeschikbaar.
func (d *Dienst) Begin(ctx context.Context) (adres string, s Staat, err error) {
	return d.oidc.Begin(ctx)
}

// Voltooi takes the parameters with which the service sent the browser back, and gives who it is. The caller has thrown
// away the cookie of s before. fout.NietBeschikbaar when the service does not answer; otherwise CodeAanmeldenMislukt with
// a way out, and a cause for the log that names nobody.
func (d *Dienst) Voltooi(ctx context.Context, s Staat, vraag url.Values) (*Identiteit, error) {
	t, err := d.oidc.Voltooi(ctx, s, vraag)
	if err != nil {
		return nil, err
	}
	b, alles, err := ontleed(t.Ruw)
	if err != nil {
		return nil, d.mislukt(err)
	}
	return d.identiteit(t.Onderwerp, b, alles)
}

// Bevinding is what an operator should know of a service that says what it must about itself.
type Bevinding = oidc.Bevinding

// Onderzoek asks the service about itself and for its keys, for an operator: the error says what does not fit. It signs nobody in.
func (d *Dienst) Onderzoek(ctx context.Context) (Bevinding, error) { return d.oidc.Onderzoek(ctx) }

// mislukt says to begin anew; why is for the log, as it may be an attack.
func (d *Dienst) mislukt(oorzaak error) error {
	return fout.Wrap(fout.CodeAanmeldenMislukt, teksten(d.o.Naam).Mislukt, fmt.Errorf("sign in by service: %w", oorzaak))
}
