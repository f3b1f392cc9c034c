package oidc

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// Sleutel is a private key with which the register says at a service who it is (private_key_jwt, RFC 7523): nothing secret goes there.
type Sleutel struct {
	sleutel crypto.Signer
	kid     string
}

// maxBewijs is how long what it signs is valid.
const maxBewijs = time.Minute

// LeesSleutel reads a private key in PEM: RSA of 2048 bits or more, or P-256.
func LeesSleutel(inhoud []byte) (*Sleutel, error) {
	b, rest := pem.Decode(inhoud)
	if b == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("the key is no single block of PEM")
	}
	k, err := x509.ParsePKCS8PrivateKey(b.Bytes)
	switch b.Type {
	case "EC PRIVATE KEY":
		k, err = x509.ParseECPrivateKey(b.Bytes)
	case "RSA PRIVATE KEY":
		k, err = x509.ParsePKCS1PrivateKey(b.Bytes)
	}
	if err != nil {
		return nil, errors.New("the key is no private key that is not encrypted") // the cause could quote
	}
	var s crypto.Signer
	switch k := k.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() >= 2048 {
			s = k
		}
	case *ecdsa.PrivateKey:
		if k.Curve == elliptic.P256() {
			s = k
		}
	}
	if s == nil {
		return nil, errors.New("the key is neither RSA of 2048 bits or more, nor P-256")
	}
	jwk := jose.JSONWebKey{Key: s.Public()}
	som, err := jwk.Thumbprint(crypto.SHA256) // RFC 7638
	if err != nil {
		return nil, errors.New("the key has no thumbprint")
	}
	return &Sleutel{s, base64.RawURLEncoding.EncodeToString(som)}, nil
}

// bewijs adds to the exchange of a code who asks. algoritmes are those that the service accepts, none when it does not say.
func (s *Sleutel) bewijs(clientID, bij string, nu time.Time, algoritmes []string) ([]oauth2.AuthCodeOption, error) {
	alg := jose.ES256
	if _, ok := s.sleutel.(*rsa.PrivateKey); ok {
		if alg = jose.RS256; slices.Contains(algoritmes, string(jose.PS256)) {
			alg = jose.PS256
		}
	}
	var o jose.SignerOptions
	t, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: s.sleutel, KeyID: s.kid}}, o.WithType("JWT"))
	if err != nil {
		return nil, errors.New("sign in at the service: the key can't sign")
	}
	plain, err := json.Marshal(map[string]any{
		"iss": clientID, "sub": clientID, "aud": bij, "jti": random(), "iat": nu.Unix(), "exp": nu.Add(maxBewijs).Unix(),
	})
	if err != nil {
		return nil, errors.New("sign in at the service: claims can't be written as JSON")
	}
	j, err := t.Sign(plain)
	if err != nil {
		return nil, errors.New("sign in at the service: the key can't sign")
	}
	tekst, err := j.CompactSerialize()
	if err != nil {
		return nil, errors.New("sign in at the service: the key can't sign")
	}
	return []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), oauth2.SetAuthURLParam("client_assertion", tekst),
	}, nil
}
