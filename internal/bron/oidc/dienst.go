// Package oidc is what signing in by OpenID Connect asks of a register, whoever signs in (OpenID Connect Core 1.0, code flow, RFC 7636,
// RFC 9207). Who the claims say somebody is, the packages beside it read: aanmelddienst for employees, inwonerdienst for citizens.
//
// What it promises: Voltooi gives the claims of a token that the service gave for this browser and this register, or an error. State, nonce
// and PKCE bind an answer to the browser that asked; issuer, audience, authorised party, times and signature (RS256, ES256 or PS256, with a
// key of the service, never a secret) bind it to this register. TLS is verified; what comes back is bounded in size and time, and no
// redirect leads elsewhere.
//
// What a caller must know: it keeps the Staat in the browser (Seal, Open) and throws it away at the first answer. No error quotes an address,
// a name, a token, or what the service wrote.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Opties say which service, and how the register is known there.
type Opties struct {
	Uitgever string // exactly as the service writes it, a slash at the end included
	ClientID string
	Geheim   string                              // one of these two
	Sleutel  *Sleutel                            // private_key_jwt
	Terug    string                              // address in the register where the service sends the browser back to; another one for each service
	Scopes   func(ondersteund []string) []string // what is asked, of what the service says it knows
	Teksten  Teksten
	TimeOut  time.Duration
	Nu       func() time.Time
	HTTP     http.RoundTripper // nil: one of its own
}

// Teksten are what a person reads when it goes wrong: Dutch sentences, with the way out.
type Teksten struct {
	Onbereikbaar string // the service does not answer
	Mislukt      string // whatever else
	Afgebroken   string // the person stopped, or may not
	TeLaat       string
}

const (
	// speling is how much clocks may differ.
	speling = time.Minute

	// vers is how long what the service says about itself holds, and pauze how long a failure to ask it does.
	vers  = time.Hour
	pauze = 5 * time.Second
)

// algoritmes are those a service signs with; never none, and never with the secret or a public key as if it were one.
var algoritmes = []string{oidc.RS256, oidc.ES256, oidc.PS256}

// Dienst is one service. It may be used by many goroutines, and asks nothing until the first sign-in.
type Dienst struct {
	o    Opties
	http *http.Client

	mu       sync.Mutex // held while the service is asked: others wait for that answer
	bekend   *bekend
	gevraagd time.Time // last asked
	fout     error     // of that
}

// bekend is what the service says about itself; never changed.
type bekend struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	metIss   bool     // it names itself in its answers (RFC 9207)
	tekent   []string // with which a register may sign who it is
	jwks     string
}

// New gives a service. It fails when the options can't work, and asks nothing.
func New(o Opties) (*Dienst, error) {
	u, err := url.Parse(o.Uitgever)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || !veilig(u) {
		return nil, errors.New("issuer of the sign-in service is no https address")
	}
	if o.ClientID == "" || (o.Geheim == "") == (o.Sleutel == nil) || o.Terug == "" {
		return nil, errors.New("sign-in service needs a client id, a secret or a key, and an address to come back to")
	}
	if o.Scopes == nil {
		o.Scopes = func([]string) []string { return []string{oidc.ScopeOpenID} }
	}
	if o.TimeOut <= 0 {
		o.TimeOut = 10 * time.Second
	}
	if o.Nu == nil {
		o.Nu = time.Now
	}
	return &Dienst{o: o, http: newHTTP(o)}, nil
}

// veilig says whether what goes there stays unreadable for others: TLS, or this machine.
func veilig(u *url.URL) bool {
	if u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// Uitgever is the issuer: with Token.Onderwerp it names a person for good.
func (d *Dienst) Uitgever() string { return d.o.Uitgever }

// ken gives what the service says about itself; fout.NietBeschikbaar when it can't be asked and never could be.
func (d *Dienst) ken(ctx context.Context) (*bekend, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	nu := d.o.Nu()
	oud := nu.Sub(d.gevraagd)
	if d.bekend != nil && oud < vers {
		return d.bekend, nil
	}
	if d.bekend == nil && d.fout != nil && oud < pauze {
		return nil, d.onbereikbaar(d.fout)
	}
	b, err := d.ontdek(ctx)
	if ctx.Err() != nil && err != nil {
		return nil, d.onbereikbaar(err) // who asked went away, which says nothing
	}
	d.gevraagd, d.fout = nu, err
	if err == nil {
		d.bekend = b
	}
	if d.bekend == nil {
		return nil, d.onbereikbaar(err)
	}
	return d.bekend, nil // what it said before, when it is away
}

func (d *Dienst) onbereikbaar(oorzaak error) error {
	return fout.Wrap(fout.CodeNietBeschikbaar, d.o.Teksten.Onbereikbaar, oorzaak)
}

// ontdek asks the service about itself (OpenID Connect Discovery 1.0).
func (d *Dienst) ontdek(ctx context.Context) (*bekend, error) {
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, d.http), d.o.TimeOut)
	defer stop()
	p, err := oidc.NewProvider(ctx, d.o.Uitgever)
	var ander *oidc.IssuerMismatchError
	var web *url.Error
	switch {
	case errors.As(err, &ander):
		return nil, errors.New("discover sign-in service: it says to be another issuer than the one that is set; write it exactly as in its issuer, with the tenant, and a slash at the end or not")
	case errors.As(err, &web):
		return nil, fmt.Errorf("discover sign-in service: %w", web.Err)
	case err != nil:
		return nil, errors.New("discover sign-in service: there is no document .well-known/openid-configuration at its issuer") // the cause quotes
	}
	var meer struct {
		JWKS     string   `json:"jwks_uri"`
		Methodes []string `json:"token_endpoint_auth_methods_supported"`
		Scopes   []string `json:"scopes_supported"`
		Iss      bool     `json:"authorization_response_iss_parameter_supported"`
		PKCE     []string `json:"code_challenge_methods_supported"`
		Tekent   []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	}
	if err := p.Claims(&meer); err != nil {
		return nil, errors.New("discover sign-in service: what it says about itself is in no known form")
	}
	einde := p.Endpoint()
	for _, adres := range []string{einde.AuthURL, einde.TokenURL, meer.JWKS} {
		if u, err := url.Parse(adres); err != nil || u.Host == "" || !veilig(u) {
			return nil, errors.New("discover sign-in service: one of its addresses is no https")
		}
	}
	if len(meer.PKCE) > 0 && !slices.Contains(meer.PKCE, "S256") {
		return nil, errors.New("discover sign-in service: it does not do PKCE with S256")
	}
	// Chosen, as to try them one after the other would offer a code twice.
	einde.AuthStyle = oauth2.AuthStyleInHeader
	if d.o.Sleutel != nil || len(meer.Methodes) > 0 && !slices.Contains(meer.Methodes, "client_secret_basic") {
		einde.AuthStyle = oauth2.AuthStyleInParams
	}
	if d.o.Sleutel != nil && len(meer.Methodes) > 0 && !slices.Contains(meer.Methodes, "private_key_jwt") {
		return nil, errors.New("discover sign-in service: it does not do private_key_jwt; set a secret instead of a key")
	}
	return &bekend{
		oauth: oauth2.Config{ClientID: d.o.ClientID, ClientSecret: d.o.Geheim, Endpoint: einde, RedirectURL: d.o.Terug, Scopes: d.o.Scopes(meer.Scopes)},
		// Times are judged here, with one leeway for all.
		verifier: oidc.NewVerifier(d.o.Uitgever, oidc.NewRemoteKeySet(ctx, meer.JWKS), &oidc.Config{
			ClientID: d.o.ClientID, SupportedSigningAlgs: algoritmes, SkipExpiryCheck: true,
		}),
		metIss: meer.Iss, tekent: meer.Tekent, jwks: meer.JWKS,
	}, nil
}
