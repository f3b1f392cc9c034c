package oidc

import (
	stdjson "encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Token is what a service says of who signed in. Signature, issuer, audience, authorised party, nonce and times are right.
type Token struct {
	Onderwerp string // with the issuer it names one person, for good: 1 to 255 bytes
	Ruw       []byte // the claims as JSON, none of them twice
	Claims    Claims
}

// Claims are those of a token, by name.
type Claims map[string]jsontext.Value

// Lees reads claims. One that is there twice is refused: others might take the other one.
func Lees(ruw []byte) (c Claims, err error) {
	if json.Unmarshal(ruw, &c) != nil {
		return nil, errors.New("the claims of the identity token are in no known form")
	}
	return c, nil
}

// Zoek finds a claim by its whole name, as names may be addresses with dots, and otherwise by its path.
func (c Claims) Zoek(claim string) (jsontext.Value, bool) {
	if v, ok := c[claim]; ok {
		return v, true
	}
	eerst, rest, ok := strings.Cut(claim, ".")
	if !ok {
		return nil, false
	}
	v, ok := c[eerst]
	if !ok || v.Kind() != '{' {
		return nil, false
	}
	onder, err := Lees(v)
	if err != nil {
		return nil, false
	}
	return onder.Zoek(rest)
}

// Gebroken tells whether a path that Zoek does not find leads into something that has no names below it: what is looked for may be in there, in
// a form that is not known.
func (c Claims) Gebroken(claim string) bool {
	eerst, rest, ok := strings.Cut(claim, ".")
	v, er := c[eerst]
	switch {
	case !ok || !er || v.Kind() == 'n':
		return false
	case v.Kind() != '{':
		return true
	}
	onder, err := Lees(v)
	return err != nil || onder.Gebroken(rest)
}

// lees takes the claims out of a token whose signature, issuer, audience and nonce are right.
func (d *Dienst) lees(id *oidc.IDToken) (*Token, error) {
	var ruw stdjson.RawMessage
	if err := id.Claims(&ruw); err != nil {
		return nil, d.mislukt(errors.New("the identity token can't be read"))
	}
	var b struct {
		Azp string  `json:"azp"`
		Nbf float64 `json:"nbf"`
	}
	claims, err := Lees(ruw)
	if err == nil && json.Unmarshal(ruw, &b) != nil {
		err = errors.New("the claims of the identity token are in no known form")
	}
	if err == nil {
		err = d.tijdig(id, b.Nbf)
	}
	if err == nil && (b.Azp != "" && b.Azp != d.o.ClientID || b.Azp == "" && len(id.Audience) > 1) {
		err = errors.New("the identity token was given to another application")
	}
	if err == nil && (id.Subject == "" || len(id.Subject) > 255 || !Toonbaar(id.Subject)) {
		err = errors.New("the identity token names nobody")
	}
	if err != nil {
		return nil, d.mislukt(err)
	}
	return &Token{id.Subject, ruw, claims}, nil
}

// tijdig judges the times in a token.
func (d *Dienst) tijdig(id *oidc.IDToken, nbf float64) error {
	nu := d.o.Nu()
	switch {
	case id.Expiry.Unix() <= 0 || id.IssuedAt.Unix() <= 0:
		return errors.New("the identity token has no times")
	case !nu.Before(id.Expiry.Add(speling)):
		return errors.New("the identity token has expired")
	case id.IssuedAt.After(nu.Add(speling)) || time.Unix(int64(nbf), 0).After(nu.Add(speling)):
		return errors.New("the identity token is from the future: compare the clocks")
	}
	return nil
}

const maxTekst = 512

// Toonbaar says whether a text can be shown and stored.
func Toonbaar(s string) bool {
	return len(s) <= maxTekst && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
