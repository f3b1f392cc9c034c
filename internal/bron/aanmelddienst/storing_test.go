package aanmelddienst

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// klok stops time at an issuer and the register alike, and gives what lets it go by.
func klok(u *uitgever) func(time.Duration) {
	begin := time.Now()
	var vooruit atomic.Int64
	u.klok = func() time.Time { return begin.Add(time.Duration(vooruit.Load())) }
	return func(d time.Duration) { vooruit.Add(int64(d)) }
}

func (u *uitgever) stoor(path string, f http.HandlerFunc) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.storing[path] = f
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "of "+adres, code) }
}

func TestAServiceThatIsAwayIsSaidToBeAndComesBack(t *testing.T) {
	t.Parallel()
	u := issuer(t, keycloak)
	verder := klok(u)
	d := u.dienst(nil)
	ontdekking := u.s.issuer + "/.well-known/openid-configuration"
	u.stoor(ontdekking, status(503))
	for range 20 {
		_, _, err := d.Begin(t.Context())
		weigert(t, err, fout.CodeNietBeschikbaar)
	}
	if n := len(u.gezien); n != 1 {
		t.Errorf("it was asked %d times at once", n)
	}
	u.stoor(ontdekking, nil)
	verder(6 * time.Second)
	if _, err := meld(u, d); err != nil {
		t.Fatalf("once it is back: %v", err)
	}
	// What it said before holds on when it can't be asked anew.
	verder(2 * time.Hour)
	u.stoor(ontdekking, status(500))
	if _, err := meld(u, d); err != nil {
		t.Errorf("two hours later: %v", err)
	}
	if _, err := d.Onderzoek(t.Context()); err == nil || strings.Contains(err.Error(), adres) {
		t.Errorf("an operator is told: %v", err)
	}
}

func TestManyWhoComeAtOnceAskTheServiceAboutItselfOnce(t *testing.T) {
	t.Parallel()
	u := issuer(t, entra)
	d := u.dienst(nil)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if _, _, err := d.Begin(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(u.gezien); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

func TestTroubleOfAServiceSignsNobodyIn(t *testing.T) {
	t.Parallel()
	var elders atomic.Int64
	ander := issuer(t, keycloak)
	ander.stoor("/vang", func(http.ResponseWriter, *http.Request) { elders.Add(1) })
	groot := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"a","token_type":"Bearer","id_token":"` + strings.Repeat("a", 2*maxAntwoord) + `"}`))
	}
	traag := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the other side goes away
		select {
		case <-r.Context().Done():
		case <-time.After(time.Minute):
		}
	}
	for naam, p := range map[string]struct {
		pad  func(u *uitgever) string
		f    http.HandlerFunc
		code fout.Code
	}{
		"no token but an error of the server": {token, status(500), fout.CodeNietBeschikbaar},
		"no token but a page":                 {token, status(200), fout.CodeAanmeldenMislukt},
		"no token but a refusal":              {token, status(403), fout.CodeAanmeldenMislukt},
		"no token, ever":                      {token, traag, fout.CodeNietBeschikbaar},
		"a token that is too large":           {token, groot, fout.CodeAanmeldenMislukt},
		"a token elsewhere":                   {token, http.RedirectHandler(ander.http.URL+"/vang", http.StatusTemporaryRedirect).ServeHTTP, fout.CodeNietBeschikbaar},
		"no keys":                             {keys, status(500), fout.CodeNietBeschikbaar},
		"keys that are too many":              {keys, groot, fout.CodeNietBeschikbaar},
		"no keys, ever":                       {keys, traag, fout.CodeNietBeschikbaar},
		"keys elsewhere":                      {keys, http.RedirectHandler(ander.http.URL+ander.s.jwks, http.StatusFound).ServeHTTP, fout.CodeNietBeschikbaar},
		"keys that are none":                  {keys, func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"keys": []any{}}) }, fout.CodeAanmeldenMislukt},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, keycloak)
			u.stoor(p.pad(u), p.f)
			begin := time.Now()
			_, err := meld(u, u.dienst(func(o *Opties) {
				if strings.HasSuffix(naam, "ever") {
					o.TimeOut = time.Second
				}
			}))
			weigert(t, err, p.code)
			if d := time.Since(begin); d > 30*time.Second {
				t.Errorf("it waited for what never comes: %v", d)
			}
		})
	}
	t.Cleanup(func() {
		if elders.Load() > 0 {
			t.Error("the secret of the register went elsewhere")
		}
	})
}

func token(u *uitgever) string { return u.s.token }
func keys(u *uitgever) string  { return u.s.jwks }

func TestAServiceThatSaysSomethingElseAboutItselfIsRefused(t *testing.T) {
	t.Parallel()
	for naam, document := range map[string]func(map[string]any){
		"another issuer":                func(d map[string]any) { d["issuer"] = "https://anders.example" },
		"an issuer with a slash more":   func(d map[string]any) { d["issuer"] = d["issuer"].(string) + "/" },
		"the issuer of every tenant":    func(d map[string]any) { d["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0" },
		"a token endpoint without TLS":  func(d map[string]any) { d["token_endpoint"] = "http://keycloak.example/token" },
		"a sign-in page without TLS":    func(d map[string]any) { d["authorization_endpoint"] = "http://keycloak.example/auth" },
		"a sign-in page that is script": func(d map[string]any) { d["authorization_endpoint"] = "javascript:alert(1)" },
		"keys without TLS":              func(d map[string]any) { d["jwks_uri"] = "http://keycloak.example/certs" },
		"no keys":                       func(d map[string]any) { delete(d, "jwks_uri") },
		"no PKCE that holds":            func(d map[string]any) { d["code_challenge_methods_supported"] = []string{"plain"} },
		"scopes that are none":          func(d map[string]any) { d["scopes_supported"] = "openid" },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, keycloak)
			u.document = document
			d := u.dienst(nil)
			_, _, err := d.Begin(t.Context())
			weigert(t, err, fout.CodeNietBeschikbaar)
			if _, err := d.Onderzoek(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "discover sign-in service") {
				t.Errorf("an operator is told: %v", err)
			}
		})
	}
}

func TestAServiceThatTakesANewKeyGoesOn(t *testing.T) {
	t.Parallel()
	u := issuer(t, keycloak)
	d := u.dienst(nil)
	if _, err := meld(u, d); err != nil {
		t.Fatal(err)
	}
	u.mu.Lock()
	u.kid = "sleutel-2"
	u.mu.Unlock()
	if _, err := meld(u, d); err != nil {
		t.Error(err)
	}
}

func TestWhoGoesAwayDoesNotCloseTheServiceForOthers(t *testing.T) {
	t.Parallel()
	u := issuer(t, keycloak)
	d := u.dienst(nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := d.Begin(ctx); err == nil {
		t.Error("it went on for who went away")
	}
	if _, err := meld(u, d); err != nil {
		t.Error(err)
	}
}
