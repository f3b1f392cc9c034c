package aanmelddienst

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestATokenThatTheServiceDidNotSignIsRefused(t *testing.T) {
	t.Parallel()
	vreemd, err := vreemdeSleutel()
	if err != nil {
		t.Fatal(err)
	}
	hs := func(sleutel []byte) func(in []byte) []byte {
		return func(in []byte) []byte {
			m := hmac.New(sha256.New, sleutel)
			m.Write(in)
			return m.Sum(nil)
		}
	}
	publiek := func(u *uitgever) []byte {
		der, err := x509.MarshalPKIXPublicKey(u.rsa.Public())
		if err != nil {
			t.Error(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	zonder := func([]byte) []byte { return nil }
	for naam, f := range map[string]func(u *uitgever, p []byte) string{
		"without a signature":             func(_ *uitgever, p []byte) string { return handmatig(`{"alg":"none"}`, p, zonder) },
		"without a signature, written so": func(_ *uitgever, p []byte) string { return handmatig(`{"alg":"NonE","kid":"sleutel-1"}`, p, zonder) },
		"without an algorithm":            func(_ *uitgever, p []byte) string { return handmatig(`{}`, p, zonder) },
		"with the public key as a secret": func(u *uitgever, p []byte) string {
			return handmatig(`{"alg":"HS256","kid":"sleutel-1"}`, p, hs(publiek(u)))
		},
		"with the public key in DER as a secret": func(u *uitgever, p []byte) string {
			b, _ := pem.Decode(publiek(u))
			return handmatig(`{"alg":"HS256","kid":"sleutel-1"}`, p, hs(b.Bytes))
		},
		"with the secret of the register": func(_ *uitgever, p []byte) string { return handmatig(`{"alg":"HS256"}`, p, hs([]byte(geheim))) },
		"by somebody else with its key id": func(_ *uitgever, p []byte) string {
			return teken(t, jose.RS256, vreemd, "sleutel-1", p, nil)
		},
		"by somebody else without a key id": func(_ *uitgever, p []byte) string { return teken(t, jose.RS256, vreemd, "", p, nil) },
		"by a key that it brings itself": func(_ *uitgever, p []byte) string {
			return teken(t, jose.RS256, vreemd, "sleutel-1", p, &jose.SignerOptions{EmbedJWK: true})
		},
		"with an algorithm that is not on the list": func(u *uitgever, p []byte) string {
			return teken(t, jose.RS512, u.rsa, "sleutel-1", p, nil)
		},
		"with other claims under the signature": func(u *uitgever, p []byte) string {
			goed := bytes.Split([]byte(u.sign(jose.RS256, p)), []byte("."))
			goed[1] = []byte(base64.RawURLEncoding.EncodeToString(bytes.Replace(p, []byte("/belastingen"), []byte("/beheerders"), 1)))
			return string(bytes.Join(goed, []byte(".")))
		},
		"with a claim that is there twice": func(u *uitgever, p []byte) string {
			return u.sign(jose.RS256, append(p[:len(p)-1:len(p)-1], `,"groups":["/beheerders"]}`...))
		},
		"with two signatures": func(u *uitgever, p []byte) string {
			s, err := jose.NewMultiSigner([]jose.SigningKey{{Algorithm: jose.RS256, Key: vreemd}, {Algorithm: jose.RS256, Key: u.rsa}}, nil)
			if err != nil {
				t.Error(err)
			}
			j, err := s.Sign(p)
			if err != nil {
				t.Error(err)
			}
			return j.FullSerialize()
		},
		"that is no token":  func(*uitgever, []byte) string { return "geen token" },
		"that is not there": func(*uitgever, []byte) string { return "" },
		"that is encrypted or of a kind unknown": func(u *uitgever, p []byte) string {
			return handmatig(`{"alg":"RS256","crit":["b64"],"b64":false,"kid":"sleutel-1"}`, p, func([]byte) []byte { return make([]byte, 256) })
		},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, keycloak)
			d := u.dienst(nil)
			if _, err := meld(u, d); err != nil {
				t.Fatalf("the honest one: %v", err)
			}
			u.mu.Lock()
			u.teken = func(u *uitgever, p []byte) string {
				if !json.Valid(p) {
					t.Error("the claims are no JSON")
				}
				return f(u, p)
			}
			u.mu.Unlock()
			_, err := meld(u, d)
			weigert(t, err, fout.CodeAanmeldenMislukt)
		})
	}
}
