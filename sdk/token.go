package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// minGeheim is what HS256 asks of a secret, in bytes (RFC 7518 section 3.2).
const minGeheim = 32

// tokenGeldig is how long one token is used; registers take them for an hour.
const tokenGeldig = 15 * time.Minute

// tokens signs tokens of one application as the ZGW standards know them: HS256 with client_id.
type tokens struct {
	clientID, organisatie string
	signer                jose.Signer
	nu                    func() time.Time

	mu  sync.Mutex
	per map[string]token // by user
}

type token struct {
	tekst string
	tot   time.Time
}

func newTokens(clientID string, geheim []byte, organisatie string, nu func() time.Time) (*tokens, error) {
	if clientID == "" || len(geheim) < minGeheim {
		return nil, fmt.Errorf("een ClientID en een Geheim van minstens %d bytes zijn nodig", minGeheim)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: geheim}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, errors.New("met dit Geheim kan niet worden ondertekend")
	}
	return &tokens{clientID: clientID, organisatie: organisatie, signer: signer, nu: nu, per: map[string]token{}}, nil
}

// Token gives a token of the application itself, to ask a register what this package has no method for: in the header Authorization, after
// "Bearer ". Whoever asks so logs it first, as the methods do. It can be used for three quarters of an hour at least.
func (c *Client) Token() (string, error) { return c.tokens.voor("") }

// maxBewaard bounds how many tokens are kept; one more and all are made anew.
const maxBewaard = 1024

// voor gives a token in the name of a user of the application; "" is the application itself.
func (t *tokens) voor(gebruiker string) (string, error) {
	nu := t.nu()
	t.mu.Lock()
	defer t.mu.Unlock()
	if k, ok := t.per[gebruiker]; ok && nu.Before(k.tot) {
		return k.tekst, nil
	}
	claims, err := json.Marshal(struct {
		Iss         string `json:"iss"`
		Iat         int64  `json:"iat"`
		ClientID    string `json:"client_id"`
		UserID      string `json:"user_id"`
		Weergave    string `json:"user_representation"`
		Organisatie string `json:"organisatie,omitempty"`
	}{t.clientID, nu.Unix(), t.clientID, gebruiker, "", t.organisatie})
	if err != nil {
		return "", err
	}
	jws, err := t.signer.Sign(claims)
	if err != nil {
		return "", errors.New("het token is niet te ondertekenen")
	}
	tekst, err := jws.CompactSerialize()
	if err != nil {
		return "", errors.New("het token is niet te ondertekenen")
	}
	if len(t.per) >= maxBewaard {
		clear(t.per)
	}
	t.per[gebruiker] = token{tekst, nu.Add(tokenGeldig)}
	return tekst, nil
}
