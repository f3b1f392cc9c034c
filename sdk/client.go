package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Instellingen of a Client.
type Instellingen struct {
	URL         string // base of the register, as https://log.voorbeeldstad.nl
	ClientID    string // of the application, as registered there
	Geheim      []byte // its secret, at least 32 bytes
	Organisatie string // OIN of the own organisation: what other parties are told in the header OIN

	Systeem      string // software and version, as logged: "Balie Burgerzaken 6.2"
	Gegevensbron string // where the application keeps its data, as logged; may be empty
	Uitvoerder   string // OIN, when another organisation executes the work; may be empty

	HTTP     *http.Client  // to reach the register; nil: one with sensible limits
	Pogingen int           // how often a call is tried when the register is busy or away; 0: 4
	Wacht    time.Duration // before the second try, longer each time; 0: 100 ms
}

// Client is an application at one register. It may be used by many goroutines.
type Client struct {
	i      Instellingen
	http   *http.Client
	tokens *tokens
	nu     func() time.Time

	wacht *Transport // logs what is read; nil: this client itself
}

// maxAntwoord bounds what is read of a register: a page of 500 records with many objects fits.
const maxAntwoord = 64 << 20

// New checks the settings. Nothing is asked of the register yet.
func New(i Instellingen) (*Client, error) {
	u, err := url.Parse(i.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !lokaal(u.Hostname())) || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("URL van het register: geef https://… zonder vraagteken; http kan alleen op deze machine zelf")
	}
	if !isOIN(i.Organisatie) {
		return nil, errors.New("geef in Organisatie het OIN van de eigen organisatie, 20 cijfers")
	}
	if i.Uitvoerder != "" && !isOIN(i.Uitvoerder) {
		return nil, errors.New("geef in Uitvoerder een OIN, 20 cijfers")
	}
	i.URL = strings.TrimRight(i.URL, "/")
	if i.Pogingen <= 0 {
		i.Pogingen = 4
	}
	if i.Wacht <= 0 {
		i.Wacht = 100 * time.Millisecond
	}
	c := &Client{i: i, nu: time.Now}
	if c.tokens, err = newTokens(i.ClientID, i.Geheim, "", c.tijd); err != nil {
		return nil, err
	}
	h := http.Client{Timeout: 30 * time.Second, Transport: newTransport()}
	if i.HTTP != nil {
		h = *i.HTTP
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token is for one host
	c.http = &h
	return c, nil
}

func (c *Client) tijd() time.Time { return c.nu() }

// Organisatie is the OIN of the own organisation.
func (c *Client) Organisatie() string { return c.i.Organisatie }

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     true,
	}
}

func lokaal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func isOIN(s string) bool {
	return len(s) == 20 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// vraag is one call of a register.
type vraag struct {
	methode, pad string
	body         any // nil: none
	gebruiker    string
	header       http.Header // beside the usual ones; with Idempotency-Key a POST may be repeated
	veilig       bool        // a POST that changes nothing
	want         int
	kop          *http.Header // gets the headers of a good answer; nil: not asked for
}

// do makes a call, again when the register is busy or away and that is harmless, and reads the answer into uit (which
// may be nil). Errors: *Fout for what the register answers, ctx.Err() when time is up, or that the register can't be reached.
func (c *Client) do(ctx context.Context, v vraag, uit any) error {
	var body []byte
	if v.body != nil {
		var err error
		if body, err = json.Marshal(v.body); err != nil {
			return fmt.Errorf("het verzoek is niet te schrijven als JSON: %w", err)
		}
	}
	herhaalbaar := v.methode != http.MethodPost || v.veilig || v.header.Get("Idempotency-Key") != ""
	for poging := 1; ; poging++ {
		opnieuw, wacht, err := c.eenmaal(ctx, v, body, uit)
		if err == nil || !opnieuw || !herhaalbaar || poging >= c.i.Pogingen {
			return err
		}
		// A little chance keeps many clients from coming back at the same moment.
		if eigen := c.i.Wacht << (poging - 1); wacht < eigen {
			wacht = eigen/2 + rand.N(eigen)
		}
		select {
		case <-time.After(wacht):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

func (c *Client) eenmaal(ctx context.Context, v vraag, body []byte, uit any) (opnieuw bool, wacht time.Duration, _ error) {
	token, err := c.tokens.voor(v.gebruiker)
	if err != nil {
		return false, 0, err
	}
	r, err := http.NewRequestWithContext(ctx, v.methode, c.i.URL+v.pad, bytes.NewReader(body))
	if err != nil {
		return false, 0, errors.New("het adres van het register is niet te gebruiken")
	}
	for naam, waarden := range v.header {
		r.Header[naam] = waarden
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	if v.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(r)
	if err != nil {
		return ctx.Err() == nil, 0, onbereikbaar(err)
	}
	defer res.Body.Close()
	antwoord, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord+1))
	switch {
	case err != nil:
		return ctx.Err() == nil, 0, fmt.Errorf("het antwoord van het register is niet te lezen: %w", err)
	case len(antwoord) > maxAntwoord:
		return false, 0, errors.New("het antwoord van het register is te groot")
	case res.StatusCode != v.want:
		return tijdelijk(res.StatusCode), na(res.Header.Get("Retry-After")), leesFout(res.StatusCode, antwoord)
	}
	if v.kop != nil {
		*v.kop = res.Header
	}
	if uit != nil {
		if err := json.Unmarshal(antwoord, uit); err != nil {
			return false, 0, errors.New("het antwoord van het register is geen JSON van de standaard")
		}
	}
	return false, 0, nil
}

// onbereikbaar is an error of a call without its address, which may name a record.
func onbereikbaar(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("het register is niet te bereiken: %w", err)
}

// tijdelijk reports whether a status may be gone the next time.
func tijdelijk(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// maxWacht bounds what a register may ask to wait.
const maxWacht = 30 * time.Second

func na(header string) time.Duration {
	s, err := strconv.Atoi(header)
	if err != nil || s < 0 {
		return 0
	}
	return min(time.Duration(s)*time.Second, maxWacht)
}

func leesFout(status int, body []byte) *Fout {
	f := &Fout{}
	if json.Unmarshal(body, f) != nil {
		*f = Fout{}
	}
	f.Status = status
	return f
}
