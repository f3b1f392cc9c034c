package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Bevinding is what an operator should know of a service that says what it must about itself.
type Bevinding struct {
	Sleutels   int           // that a token can be signed with; without one nobody signs in
	Klok       time.Duration // how far its clock is ahead of ours, to a second; only when KlokBekend
	KlokBekend bool
}

// Onderzoek asks the service about itself and for its keys, for an operator: the error says what does not fit. It signs nobody in.
func (d *Dienst) Onderzoek(ctx context.Context) (Bevinding, error) {
	b, err := d.ontdek(ctx)
	if err != nil {
		return Bevinding{}, err
	}
	ctx, stop := context.WithTimeout(ctx, d.o.TimeOut)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.jwks, nil)
	if err != nil {
		return Bevinding{}, errors.New("fetch keys of the sign-in service: its address is in no known form")
	}
	begin := d.o.Nu()
	res, err := d.http.Do(r)
	var web *url.Error
	if errors.As(err, &web) {
		return Bevinding{}, fmt.Errorf("fetch keys of the sign-in service: %w", web.Err)
	}
	if err != nil {
		return Bevinding{}, errors.New("fetch keys of the sign-in service")
	}
	defer res.Body.Close()
	eind := d.o.Nu()
	body, err := io.ReadAll(res.Body)
	var reeks jose.JSONWebKeySet
	if err != nil || res.StatusCode != http.StatusOK || json.Unmarshal(body, &reeks) != nil {
		return Bevinding{}, errors.New("fetch keys of the sign-in service: what it gives is no set of keys")
	}
	var uit Bevinding
	for i := range reeks.Keys {
		if bruikbaar(&reeks.Keys[i]) {
			uit.Sleutels++
		}
	}
	if datum, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		// Date has whole seconds and was set somewhere between asking and answering.
		uit.KlokBekend, uit.Klok = true, datum.Add(500*time.Millisecond).Sub(begin.Add(eind.Sub(begin)/2)).Round(time.Second)
	}
	return uit, nil
}

// bruikbaar tells whether a token signed with the key is accepted.
func bruikbaar(k *jose.JSONWebKey) bool {
	if !k.Valid() || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && !slices.Contains(algoritmes, k.Algorithm) {
		return false
	}
	switch k.Key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
		return true
	}
	return false
}
