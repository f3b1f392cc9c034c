package dienst

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/verantwoord/verantwoord/internal/getuige"
)

const (
	wachttijd   = 10 * time.Second // for a whole answer
	maxAntwoord = 16 << 10         // bytes
)

// Client asks witnesses. It follows no redirect, and reads little and not long.
type Client struct{ http *http.Client }

// NewClient makes one; t may be nil.
func NewClient(t http.RoundTripper) *Client {
	if t == nil {
		t = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: wachttijd}).DialContext,
			TLSHandshakeTimeout:    wachttijd,
			ResponseHeaderTimeout:  wachttijd,
			MaxResponseHeaderBytes: 16 << 10,
			MaxConnsPerHost:        16,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		}
	}
	return &Client{&http.Client{
		Timeout: wachttijd, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected elsewhere") },
	}}
}

// Status is that of an answer which says nothing else.
type Status int

// Error implements error.
func (s Status) Error() string { return fmt.Sprintf("it answers with status %d", int(s)) }

// post sends a request, and gives what came back.
func (c *Client) post(ctx context.Context, url string, verzoek []byte) (Status, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+pad, bytes.NewReader(verzoek))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", tekstType)
	res, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord+1))
	if err == nil && len(b) > maxAntwoord {
		err = errors.New("the answer is too large")
	}
	return Status(res.StatusCode), b, err
}

// Vraag implements getuige.Vraag.
func (c *Client) Vraag(ctx context.Context, url string, verzoek []byte) (getuige.Antwoord, error) {
	status, b, err := c.post(ctx, url, verzoek)
	if err != nil {
		return getuige.Antwoord{}, err
	}
	switch status {
	case http.StatusOK:
		return getuige.Antwoord{Regels: b}, nil
	case http.StatusConflict:
		n, err := getuige.ParseGrootte(string(bytes.TrimSuffix(b, []byte("\n"))))
		if err != nil {
			return getuige.Antwoord{}, errors.New("it does not tell what it saw last")
		}
		return getuige.Antwoord{Botsing: &getuige.Botsing{Grootte: n}}, nil
	case http.StatusUnprocessableEntity:
		return getuige.Antwoord{Onbewezen: true}, nil
	case http.StatusNotFound:
		return getuige.Antwoord{}, fmt.Errorf("it does not know this log: have it added there: %w", getuige.ErrOnbekend)
	case http.StatusForbidden:
		return getuige.Antwoord{}, errors.New("it does not know the key of this log: give it the new one")
	}
	return getuige.Antwoord{}, status
}

// Bereikbaar tells whether a witness answers at an address: it sends nothing, which a witness can't read. A Status when something
// else answers there.
func (c *Client) Bereikbaar(ctx context.Context, url string) error {
	status, _, err := c.post(ctx, url, nil)
	if err == nil && status != http.StatusBadRequest {
		err = status
	}
	return err
}
