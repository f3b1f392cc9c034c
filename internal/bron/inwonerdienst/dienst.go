// Package inwonerdienst lets citizens sign in by a broker of the organisation (DigiD, eHerkenning, eIDAS), by OpenID Connect. Brokers differ
// in how they name things, so where a number, a level and a representation stand in the token is configured.
//
// What it promises: Voltooi gives who somebody is, how sure that is and whether they act for another, or an error, never a guess. The
// number is that of who signed in, never of who they act for; a token that says that somebody acts for another in a way that is not
// configured signs nobody in. A level that is not known is refused, not taken for a low one. What binds an answer to the browser and
// to this register is package oidc.
//
// What a caller must know: no error quotes a number, a name or what the service wrote.
package inwonerdienst

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// Opties say which service, how the register is known there, and how its tokens are read.
type Opties struct {
	Sleutel  string // name in the settings
	Naam     string // for people: what the button says
	Uitgever string // exactly as the service writes it
	ClientID string
	Geheim   string        // one of these two
	Tekent   *oidc.Sleutel // private_key_jwt
	Scopes   []string      // beside openid
	Acr      []string      // levels that are asked
	Claims   Claims
	Niveaus  map[string]inwoner.Niveau      // beside those that are known, which it wins from
	Namens   map[string]inwoner.NamensSoort // values of Claims.NamensSoort
	Terug    string                         // address in the register where the service sends the browser back to; another one for each service
	TimeOut  time.Duration
	Nu       func() time.Time
	HTTP     http.RoundTripper // nil: one of its own
}

// Claims are names of claims, or paths with dots; empty: the service has none.
type Claims struct {
	BSN         string // of who signed in
	Gemachtigde string // of who signed in for another, at a service that gives in BSN who they act for
	Niveau      string
	Naam        string
	Geheim      string // whether the BRP keeps their data secret
	NamensBSN   string // of who they act for
	NamensKvK   string // of the company that they act for
	NamensSoort string // in what way they act for another
}

// Dienst is one service. It may be used by many goroutines, and asks nothing until the first sign-in.
type Dienst struct {
	o    Opties
	oidc *oidc.Dienst
}

// New gives a service. It fails when the options can't work, and asks nothing.
func New(o Opties) (*Dienst, error) {
	if err := o.Claims.keur(); err != nil {
		return nil, err
	}
	d, err := oidc.New(oidc.Opties{
		Uitgever: o.Uitgever, ClientID: o.ClientID, Geheim: o.Geheim, Sleutel: o.Tekent, Terug: o.Terug, Teksten: teksten(o.Naam),
		Scopes:  func([]string) []string { return append([]string{"openid"}, o.Scopes...) },
		TimeOut: o.TimeOut, Nu: o.Nu, HTTP: o.HTTP,
	})
	if err != nil {
		return nil, err
	}
	if o.Nu == nil {
		o.Nu = time.Now
	}
	return &Dienst{o, d}, nil
}

// keur refuses claims with which the number of one person could be taken for that of another.
func (c Claims) keur() error {
	if c.BSN == "" || c.Niveau == "" {
		return errors.New("sign-in service needs the claims of the BSN and of the level")
	}
	gezien := []string{c.BSN}
	for _, p := range []string{c.Gemachtigde, c.NamensBSN, c.NamensKvK, c.NamensSoort} {
		if p == "" {
			continue
		}
		if slices.Contains(gezien, p) {
			return errors.New("two settings of the sign-in service name one claim: who signs in and who they act for must stand apart")
		}
		gezien = append(gezien, p)
	}
	return nil
}

func teksten(naam string) oidc.Teksten {
	return oidc.Teksten{
		Onbereikbaar: fmt.Sprintf("Aanmelden met %s lukt nu niet, omdat die dienst niet goed antwoordt. Probeer het over een paar minuten opnieuw.", naam),
		Mislukt:      fmt.Sprintf("Het aanmelden met %s is niet gelukt. Begin opnieuw. Lukt het dan weer niet, neem dan contact op met de organisatie.", naam),
		Afgebroken:   fmt.Sprintf("U bent gestopt met aanmelden met %s. U bent niet aangemeld. Begin opnieuw als u dat wilt.", naam),
		TeLaat:       "Het aanmelden duurde te lang. U bent niet aangemeld. Begin opnieuw.",
	}
}

// Naam is that for people, Sleutel that in the settings.
func (d *Dienst) Naam() string    { return d.o.Naam }
func (d *Dienst) Sleutel() string { return d.o.Sleutel }

// Staat is what a browser keeps between Begin and Voltooi.
type Staat struct {
	OIDC   oidc.Staat `json:"oidc"`
	Dienst string     `json:"dienst"`
	Sinds  time.Time  `json:"sinds"`
	Vers   bool       `json:"vers,omitempty"`
}

// Seal gives the value of a cookie, of letters, digits, - and _. Any node with the keys of the organisation opens it.
func Seal(s *betrokkene.Sleutels, oin string, st Staat) (string, error) {
	return oidc.Seal(s, binding(oin), st)
}

// Open reads the value of a cookie of the same organisation. Whether it is still valid Voltooi says.
func Open(s *betrokkene.Sleutels, oin, waarde string) (Staat, error) {
	return oidc.Open[Staat](s, binding(oin), waarde)
}

func binding(oin string) []byte { return append([]byte("verantwoord/inwonerdienst/v1\x00"), oin...) }

// Begin gives the address to send the browser to, and what it must keep meanwhile. vers asks that the person proves again who they are.
// fout.NietBeschikbaar.
func (d *Dienst) Begin(ctx context.Context, vers bool) (adres string, s Staat, err error) {
	var meer []oauth2.AuthCodeOption
	if len(d.o.Acr) > 0 {
		meer = append(meer, oauth2.SetAuthURLParam("acr_values", strings.Join(d.o.Acr, " ")))
	}
	if vers { // both: prompt can be taken out on the way, and max_age is what the service must answer for (auth_time)
		meer = append(meer, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	adres, staat, err := d.oidc.Begin(ctx, meer...)
	return adres, Staat{OIDC: staat, Dienst: d.o.Sleutel, Sinds: d.o.Nu(), Vers: vers}, err
}

// Voltooi takes the parameters with which the service sent the browser back, and gives who it is. The caller has thrown away the cookie
// of s before. fout.NietBeschikbaar when the service does not answer; otherwise CodeAanmeldenMislukt with a way out, and a cause for
// the log that names nobody.
func (d *Dienst) Voltooi(ctx context.Context, s Staat, antwoord url.Values) (*inwoner.Bewijs, error) {
	if s.Dienst != d.o.Sleutel {
		return nil, d.mislukt(errors.New("the sign-in was begun at another service"))
	}
	t, err := d.oidc.Voltooi(ctx, s.OIDC, antwoord)
	if err != nil {
		return nil, err
	}
	b, err := d.bewijs(t)
	if err != nil {
		return nil, d.mislukt(err)
	}
	b.Vers, b.Sinds, b.Staat, b.Tot = s.Vers, s.Sinds, []byte(s.OIDC.State), s.OIDC.Verloopt
	return b, nil
}

// Bevinding is what an operator should know of a service that says what it must about itself.
type Bevinding = oidc.Bevinding

// Onderzoek asks the service about itself and for its keys, for an operator: the error says what does not fit. It signs nobody in.
func (d *Dienst) Onderzoek(ctx context.Context) (Bevinding, error) { return d.oidc.Onderzoek(ctx) }
