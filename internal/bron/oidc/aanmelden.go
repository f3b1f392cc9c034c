package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/verantwoord/verantwoord/internal/fout"
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

// Begin gives the address to send the browser to, with what a caller adds to it, and what the browser must keep meanwhile.
// fout.NietBeschikbaar.
func (d *Dienst) Begin(ctx context.Context, meer ...oauth2.AuthCodeOption) (adres string, s Staat, err error) {
	b, err := d.ken(ctx)
	if err != nil {
		return "", Staat{}, err
	}
	s = Staat{
		Uitgever: d.o.Uitgever, ClientID: d.o.ClientID, State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(),
		Verloopt: d.o.Nu().Add(Geldig),
	}
	meer = append(slices.Clone(meer), oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier)) // last: what binds is never overwritten
	return b.oauth.AuthCodeURL(s.State, meer...), s, nil
}

func random() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

var reFoutcode = regexp.MustCompile(`^[a-z_]{1,64}$`)

// Voltooi takes the parameters with which the service sent the browser back, and gives what it says. The caller has thrown
// away the cookie of s before. fout.NietBeschikbaar when the service does not answer; otherwise CodeAanmeldenMislukt with
// a way out, and a cause for the log that names nobody.
func (d *Dienst) Voltooi(ctx context.Context, s Staat, vraag url.Values) (*Token, error) {
	b, err := d.ken(ctx)
	if err != nil {
		return nil, err
	}
	code, err := d.code(b, s, vraag)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, d.http), d.o.TimeOut)
	defer stop()
	wie := []oauth2.AuthCodeOption{oauth2.VerifierOption(s.Verifier)}
	if d.o.Sleutel != nil {
		bewijs, err := d.o.Sleutel.bewijs(d.o.ClientID, b.oauth.Endpoint.TokenURL, d.o.Nu(), b.tekent)
		if err != nil {
			return nil, err
		}
		wie = append(wie, bewijs...)
	}
	token, err := b.oauth.Exchange(ctx, code, wie...)
	if err != nil {
		return nil, d.geweigerd(err)
	}
	ruw, ok := token.Extra("id_token").(string)
	if !ok || ruw == "" {
		return nil, d.mislukt(errors.New("the service gave no identity token"))
	}
	id, err := b.verifier.Verify(ctx, ruw)
	if err != nil {
		return nil, d.onecht(ctx, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(s.Nonce)) != 1 || s.Nonce == "" {
		return nil, d.mislukt(errors.New("the nonce is not that of this browser"))
	}
	return d.lees(id)
}

// code judges the answer that the browser brought, and takes the code out of it.
func (d *Dienst) code(b *bekend, s Staat, vraag url.Values) (string, error) {
	if s.Uitgever != d.o.Uitgever || s.ClientID != d.o.ClientID {
		return "", d.mislukt(errors.New("the sign-in was begun at another service"))
	}
	if !d.o.Nu().Before(s.Verloopt) {
		return "", fout.New(fout.CodeAanmeldenMislukt, d.o.Teksten.TeLaat)
	}
	state, ok := een(vraag, "state")
	if !ok || s.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(s.State)) != 1 {
		return "", d.mislukt(errors.New("the state is not that of this browser"))
	}
	if iss, ok := een(vraag, "iss"); vraag.Has("iss") && (!ok || iss != d.o.Uitgever) || b.metIss && !vraag.Has("iss") {
		return "", d.mislukt(errors.New("the answer is not from the service that was asked"))
	}
	if vraag.Has("error") {
		woord, _ := een(vraag, "error")
		if woord == "access_denied" {
			return "", fout.New(fout.CodeAanmeldenMislukt, d.o.Teksten.Afgebroken)
		}
		if !reFoutcode.MatchString(woord) {
			woord = "in no known form"
		}
		return "", d.mislukt(fmt.Errorf("the service answered with error %s", woord))
	}
	code, ok := een(vraag, "code")
	if !ok || code == "" || len(code) > 4096 {
		return "", d.mislukt(errors.New("the answer holds no code"))
	}
	return code, nil
}

// een gives a parameter that is there once.
func een(v url.Values, naam string) (string, bool) {
	if len(v[naam]) != 1 {
		return "", false
	}
	return v[naam][0], true
}

// mislukt says to begin anew; why is for the log, as it may be an attack.
func (d *Dienst) mislukt(oorzaak error) error {
	return fout.Wrap(fout.CodeAanmeldenMislukt, d.o.Teksten.Mislukt, fmt.Errorf("sign in by service: %w", oorzaak))
}

// geweigerd judges that a code was not exchanged.
func (d *Dienst) geweigerd(err error) error {
	var r *oauth2.RetrieveError
	var web *url.Error
	switch {
	case errors.As(err, &r) && r.Response != nil && r.Response.StatusCode >= 500:
		return d.onbereikbaar(fmt.Errorf("exchange code: status %d", r.Response.StatusCode))
	case errors.As(err, &r):
		woord := r.ErrorCode
		if !reFoutcode.MatchString(woord) {
			woord = "in no known form"
		}
		return d.mislukt(fmt.Errorf("exchange code: error %s", woord))
	case errors.As(err, &web):
		return d.onbereikbaar(fmt.Errorf("exchange code: %w", web.Err))
	}
	return d.mislukt(errors.New("exchange code: the answer is in no known form"))
}

// onecht judges that a token is not accepted. The cause of the library quotes what stands in it.
func (d *Dienst) onecht(ctx context.Context, err error) error {
	if ctx.Err() != nil || strings.Contains(err.Error(), "fetching keys") {
		return d.onbereikbaar(errors.New("fetch keys of the sign-in service"))
	}
	return d.mislukt(errors.New("the identity token is not accepted: by its signature, algorithm, issuer or audience"))
}
