package sdk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Bounds on the tokens of callers, as a register has them.
const (
	maxToken     = 8 << 10 // bytes
	tokenTeOud   = time.Hour
	tokenSpeling = time.Minute // how far the clock of a caller may run ahead
)

// algoritmen is the explicit list: whatever a token says, nothing else is ever tried.
var algoritmen = []jose.SignatureAlgorithm{jose.HS256}

// TokenClient is an application of somebody else that may call.
type TokenClient struct {
	Geheim  []byte // that it signs with, at least 32 bytes
	Afnemer Afnemer
}

// Tokens knows callers by the tokens of the ZGW standards: a JWT of at most an hour old, signed with HS256, that names
// the client in client_id; exp and nbf are honoured. NewTokens makes one.
type Tokens struct {
	clients map[string]TokenClient
	niemand []byte // secret of a client that isn't known
	nu      func() time.Time
}

// NewTokens checks the clients, by client_id.
func NewTokens(clients map[string]TokenClient) (*Tokens, error) {
	t := &Tokens{clients: make(map[string]TokenClient, len(clients)), niemand: make([]byte, minGeheim), nu: time.Now}
	for id, c := range clients {
		if id == "" || len(c.Geheim) < minGeheim {
			return nil, fmt.Errorf("een client van Tokens heeft een client_id en een Geheim van minstens %d bytes nodig", minGeheim)
		}
		if err := c.Afnemer.keur(); err != nil {
			return nil, fmt.Errorf("client %q van Tokens: %w", id, err)
		}
		c.Geheim, c.Afnemer.OINs = slices.Clone(c.Geheim), slices.Clone(c.Afnemer.OINs)
		t.clients[id] = c
	}
	_, err := rand.Read(t.niemand)
	return t, err
}

// Wie implements Afnemers.
func (t *Tokens) Wie(r *http.Request) (Afnemer, error) {
	waarden := r.Header.Values("Authorization")
	if len(waarden) != 1 {
		return Afnemer{}, onbewezen("geen token, of meer dan één")
	}
	soort, tekst, _ := strings.Cut(waarden[0], " ")
	if tekst = strings.TrimSpace(tekst); !strings.EqualFold(soort, "Bearer") || tekst == "" || len(tekst) > maxToken {
		return Afnemer{}, onbewezen("geen token, of een te groot")
	}
	jws, err := jose.ParseSignedCompact(tekst, algoritmen)
	if err != nil {
		return Afnemer{}, onbewezen("het token is onleesbaar of niet met HS256 ondertekend")
	}
	// Extensions that change what a token means (crit, RFC 7515 4.1.11; b64, RFC 7797) have no use here.
	for _, naam := range []jose.HeaderKey{"crit", "b64"} {
		if _, ok := jws.Signatures[0].Protected.ExtraHeaders[naam]; ok {
			return Afnemer{}, onbewezen("het token vraagt om een uitbreiding")
		}
	}
	// The claims are read before they are verified, as they say with whose secret to do that. Until then nothing
	// else in them counts, and a client that isn't known takes the same work.
	var c tokenClaims
	if json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &c) != nil {
		return Afnemer{}, onbewezen("de claims van het token zijn onleesbaar")
	}
	client, bekend := t.clients[c.ClientID]
	geheim := t.niemand
	if bekend {
		geheim = client.Geheim
	}
	if getekend := getekend(tekst, jws.Signatures[0].Signature, geheim); !getekend || !bekend {
		return Afnemer{}, onbewezen("de client is onbekend of de handtekening klopt niet")
	}
	if err := c.tijdig(t.nu()); err != nil {
		return Afnemer{}, err
	}
	return client.Afnemer, nil
}

// getekend reports whether a signature is the HMAC-SHA256 of a token as received: all before its last dot (RFC 7515
// 5.2). It takes as long wherever they differ.
func getekend(token string, handtekening, geheim []byte) bool {
	mac := hmac.New(sha256.New, geheim)
	mac.Write([]byte(token[:strings.LastIndexByte(token, '.')]))
	return hmac.Equal(mac.Sum(nil), handtekening)
}

// tokenClaims are those that count here.
type tokenClaims struct {
	ClientID string      `json:"client_id"`
	Iat      numericDate `json:"iat"`
	Exp      numericDate `json:"exp"`
	Nbf      numericDate `json:"nbf"`
}

// tijdig judges the moments. Only the future has leeway: past its own end a token is worth nothing.
func (c *tokenClaims) tijdig(nu time.Time) error {
	switch {
	case c.Iat.IsZero():
		return onbewezen("het token zegt niet wanneer het is gemaakt")
	case c.Iat.After(nu.Add(tokenSpeling)), c.Nbf.After(nu.Add(tokenSpeling)):
		return onbewezen("het token geldt nog niet")
	case nu.Sub(c.Iat.Time) > tokenTeOud, !c.Exp.IsZero() && !nu.Before(c.Exp.Time):
		return onbewezen("het token is verlopen")
	}
	return nil
}

// numericDate is a moment of RFC 7519: seconds since 1970, possibly with a fraction. Zero: not there.
type numericDate struct{ time.Time }

// UnmarshalJSON takes a number and null.
func (d *numericDate) UnmarshalJSON(b []byte) error {
	var s *float64
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New("a moment is no number")
	}
	if s != nil {
		const verste = 7.3e9 // the year 2201: within what a time.Duration can compare
		heel, deel := math.Modf(max(-verste, min(*s, verste)))
		d.Time = time.Unix(int64(heel), int64(deel*1e9))
	}
	return nil
}
