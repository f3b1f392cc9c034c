package aanmelddienst

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestAServiceIsExaminedWithoutASignIn(t *testing.T) {
	t.Parallel()
	for _, s := range []soort{keycloak, entra, adfs} {
		u := issuer(t, s)
		begin := time.Now()
		b, err := u.dienst(nil).Onderzoek(t.Context())
		if err != nil || b.Sleutels != 2 || !b.KlokBekend || b.Klok.Abs() > 2*time.Second+time.Since(begin) { // as long as it took it is not known
			t.Errorf("%s: %+v, %v", s.issuer, b, err)
		}
		for _, p := range u.gezien {
			if p == s.authorize || p == s.token {
				t.Errorf("%s: it asked %v", s.issuer, u.gezien)
			}
		}
	}
}

func TestWhatKeepsPeopleFromSigningInIsFound(t *testing.T) {
	t.Parallel()
	u := issuer(t, entra)
	d := u.dienst(nil)
	for naam, p := range map[string]struct {
		antwoord http.HandlerFunc
		deel     string
	}{
		"keys that are away": {status(503), "no set of keys"},
		"no keys at all":     {func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"keys": []any{}}) }, ""},
		"no JSON":            {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>" + adres)) }, "no set of keys"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elders.example/", http.StatusFound)
		}, "redirected"},
		"too much": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2<<20)) }, "no set of keys"},
		"of another kind": {func(w http.ResponseWriter, _ *http.Request) {
			answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
				{Key: u.rsa.Public(), KeyID: "1", Use: "enc"}, {Key: u.rsa.Public(), KeyID: "2", Algorithm: "RSA-OAEP"}, {Key: []byte("een geheim dat geen sleutel is"), KeyID: "3", Algorithm: "HS256"},
			}})
		}, ""},
	} {
		u.stoor(u.s.jwks, p.antwoord)
		b, err := d.Onderzoek(t.Context())
		switch {
		case p.deel == "" && (err != nil || b.Sleutels != 0):
			t.Errorf("%s: %+v, %v", naam, b, err)
		case p.deel != "" && (err == nil || !strings.Contains(err.Error(), p.deel) || strings.Contains(err.Error(), adres)):
			t.Errorf("%s: %v", naam, err)
		}
	}
	u.stoor(u.s.jwks, nil)
	begin := time.Now()
	klok(u)(-10 * time.Minute) // of the register: the service is ahead of it
	b, err := d.Onderzoek(t.Context())
	if err != nil || !b.KlokBekend || (b.Klok-10*time.Minute).Abs() > 2*time.Second+time.Since(begin) {
		t.Errorf("%+v, %v", b, err)
	}
}
