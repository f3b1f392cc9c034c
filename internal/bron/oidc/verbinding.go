package oidc

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// maxAntwoord bounds an answer; the keys of a large service are some 20 KiB.
const maxAntwoord = 1 << 20

// newHTTP gives a client whose answers are bounded.
func newHTTP(o Opties) *http.Client {
	t := o.HTTP
	if t == nil {
		t = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: o.TimeOut}).DialContext,
			TLSHandshakeTimeout:    o.TimeOut,
			ResponseHeaderTimeout:  o.TimeOut,
			MaxResponseHeaderBytes: 64 << 10,
			MaxConnsPerHost:        16,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		}
	}
	return &http.Client{
		Timeout:   o.TimeOut,
		Transport: begrensd{t},
		// The secret of the register and the code of a person are for the address that the service named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected elsewhere") },
	}
}

// begrensd gives answers that fail once they are too large.
type begrensd struct{ http.RoundTripper }

func (b begrensd) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = &antwoord{res.Body, maxAntwoord}
	}
	return res, err
}

type antwoord struct {
	io.ReadCloser
	over int
}

func (a *antwoord) Read(p []byte) (int, error) {
	if a.over <= 0 {
		return 0, errors.New("the answer is too large")
	}
	n, err := a.ReadCloser.Read(p[:min(len(p), a.over)])
	a.over -= n
	return n, err
}
