package autorisatie_test

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// FuzzToken feeds a raw token, and a header and payload under a right signature: what only someone
// with a secret can send must be refused as cleanly as what anybody can.
func FuzzToken(f *testing.F) {
	f.Add("", headerJWT, payload(""))
	f.Add("a.b.c", headerJWT, payload(`,"scopes":["read:normal"],"exp":1e999`))
	f.Add("eyJhbGciOiJub25lIn0.e30.", `{"alg":"none"}`, payload(`,"scopes":null`))
	f.Add(hs256(headerJWT, payload("")), `{"alg":"HS256","crit":["b64"],"b64":false}`, `{"client_id":"uitvoerder"}`)
	f.Add(`{"payload":"e30","signatures":[]}`, `{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}`, payload(`,"organisatie":"00000099000000010000"`))
	r := register()
	redenen := autorisatie.Redenen()
	f.Fuzz(func(t *testing.T, ruw, header, inhoud string) {
		for _, token := range []string{ruw, jws(sha256.New, header, inhoud, geheimEen), jws(sha256.New, header, inhoud, geheimMeer)} {
			b, err := r.Authenticate(token, instellingen)
			if (b == nil) == (err == nil) {
				t.Fatal("neither or both of a decision and a refusal")
			}
			if err == nil {
				if b.Organisatie != gemeente && b.Organisatie != buurman {
					t.Fatalf("organisation %q", b.Organisatie)
				}
				if b.Mag(autorisatie.ComponentBewerking, "delete:normal") || b.Mag(autorisatie.ComponentAC, autorisatie.AutorisatiesLezen) {
					t.Fatal("a right that no client was granted")
				}
				continue
			}
			var ft *fout.Fout
			if !errors.As(err, &ft) || !slices.Contains(redenen, autorisatie.Reden(err)) {
				t.Fatalf("refused without a reason: %v", err)
			}
			if len(inhoud) > 40 && strings.Contains(err.Error(), inhoud) {
				t.Fatal("the refusal quotes the token")
			}
		}
	})
}

// FuzzApplicaties checks that whatever is accepted can be used: each client of it can sign in.
func FuzzApplicaties(f *testing.F) {
	f.Add(voorbeeld)
	f.Add(kop + applicatie(nil))
	f.Add(kop + applicatie(map[string]string{"organisatie": "", "organisaties": `["00000099000000010000"]`, "heeftAlleAutorisaties": "true"}))
	f.Add(kop + applicatie(map[string]string{"autorisaties": "[{component: ac, scopes: [autorisaties.lezen]}]", "geheim": "", "geheimBestand": "/etc/hostname"}))
	f.Add("organisaties: &a [*a]\napplicaties: *a")
	f.Add("? [a]\n: {b: !!binary AA==}\n---\n...")
	f.Fuzz(func(t *testing.T, s string) {
		b, err := parse(s)
		if err != nil {
			if b != nil {
				t.Fatal("both a file and an error")
			}
			return
		}
		r := autorisatie.NewRegister(b)
		for _, a := range b.Applicaties {
			if len(a.ClientIDs) == 0 || len(a.Organisaties) == 0 || a.Label == "" {
				t.Fatalf("incomplete: %+v", a)
			}
			for _, id := range a.ClientIDs {
				token, err := autorisatie.Sign(id, a.Geheim, autorisatie.Claims{Organisatie: a.Organisaties[0]}, nu)
				if err != nil {
					t.Fatal(err)
				}
				if d, err := r.Authenticate(token, instellingen); err != nil || d.Organisatie != a.Organisaties[0] {
					t.Fatalf("accepted, and of no use: %v", err)
				}
			}
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	r := register()
	token := hs256(headerJWT, payload(`,"user_id":"u-17","user_representation":"Balie 3","scopes":["read:normal","update:normal"]`))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Authenticate(token, instellingen); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnknownClient(b *testing.B) {
	r := autorisatie.NewRegister(nil)
	token := hs256(headerJWT, payload(`,"user_id":"u-17","user_representation":"Balie 3","scopes":["read:normal","update:normal"]`))
	for b.Loop() {
		if _, err := r.Authenticate(token, instellingen); err == nil {
			b.Fatal("accepted")
		}
	}
}
