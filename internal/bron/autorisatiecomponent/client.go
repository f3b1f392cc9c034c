// Package autorisatiecomponent asks an Autorisatiecomponent outside the register what an application may
// do, over the ZGW Autorisaties API (A9726). It implements autorisatie.Component.
//
// The published documents and the implementations differ in what /applicaties/consumer answers: a
// list of applications, one application, or a page with results. All three are read. Whatever comes
// back counts only for the client that was asked about, and only when exactly one application has
// that client id.
//
// What it promises: it answers with what was granted or with an error, never with a guess. Any status
// but 200 and 404, an answer that is too large, too late, no JSON or of another form is an error.
// TLS is verified, a redirect is followed only to the same host, and no answer is kept: that is for
// the caller. Callers must know that heeftAlleAutorisaties grants nothing, and that scopes and
// components the register does not know are skipped.
package autorisatiecomponent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Opties say where the component is and who asks.
type Opties struct {
	URL      string // base of its API, without a slash at the end
	ClientID string // of the register, with the scope autorisaties.lezen there
	Geheim   []byte
	TimeOut  time.Duration
	// What it calls the components of the log and the register of activities: its own contract has no word for them. None
	// may be empty.
	Bewerking, Inzage, VAR string
	Nu                     func() time.Time
}

// maxAntwoord bounds an answer; an application with every right of a municipality is some 100 KiB.
const maxAntwoord = 1 << 20

// Client asks. It may be used by many goroutines.
type Client struct {
	o    Opties
	http *http.Client
}

var _ autorisatie.Component = (*Client)(nil)

// New gives a client with connections of its own.
func New(o Opties) *Client {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	return &Client{o: o, http: &http.Client{
		Timeout:       o.TimeOut,
		CheckRedirect: sameHost,
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: o.TimeOut}).DialContext,
			TLSHandshakeTimeout:    o.TimeOut,
			ResponseHeaderTimeout:  o.TimeOut,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    16,
			MaxConnsPerHost:        32,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		},
	}}
}

// sameHost follows a redirect a few times and never elsewhere: the token is for that host alone.
func sameHost(req *http.Request, via []*http.Request) error {
	if first := via[0].URL; req.URL.Scheme != first.Scheme || req.URL.Host != first.Host {
		return errors.New("redirected to another host")
	}
	if len(via) > 3 {
		return errors.New("redirected too often")
	}
	return nil
}

// Autorisaties gives what the component granted a client, nothing when it does not know the client.
func (c *Client) Autorisaties(ctx context.Context, clientID string) ([]autorisatie.Autorisatie, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.TimeOut)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet,
		c.o.URL+"/applicaties/consumer?"+url.Values{"clientId": {clientID}}.Encode(), nil)
	if err != nil {
		return nil, errors.New("ask the component: its address can't be used")
	}
	token, err := autorisatie.Sign(c.o.ClientID, c.o.Geheim, autorisatie.Claims{}, c.o.Nu())
	if err != nil {
		return nil, fmt.Errorf("ask the component: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the component: %w", err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, nil
	default:
		return nil, fmt.Errorf("ask the component: status %d", res.StatusCode)
	}
	if mediatype, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || mediatype != "application/json" {
		return nil, errors.New("ask the component: the answer is no application/json")
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer of the component: %w", err)
	}
	if len(body) > maxAntwoord {
		return nil, errors.New("read the answer of the component: it is too large")
	}
	return c.read(body, clientID)
}
