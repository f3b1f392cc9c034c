package aanmelddienst

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// meld signs in as a browser does.
func meld(u *uitgever, d *Dienst) (*Identiteit, error) {
	u.t.Helper()
	naar, s, err := d.Begin(u.t.(*testing.T).Context())
	if err != nil {
		return nil, err
	}
	return d.Voltooi(u.t.(*testing.T).Context(), s, u.browser(naar))
}

// weigert holds an error to a code, a way out, and quoting nobody.
func weigert(t *testing.T, err error, code fout.Code) {
	t.Helper()
	if fout.CodeOf(err) != code {
		t.Fatalf("%v, want %s", err, code)
	}
	for _, wat := range []string{adres, "b.heer", "Bea", "Heer", geheim, "eyJ", "<script>"} {
		if strings.Contains(err.Error(), wat) {
			t.Errorf("the error quotes %s: %v", wat, err)
		}
	}
	var f *fout.Fout
	if errors.As(err, &f); len(f.Detail) < 40 || !strings.HasSuffix(f.Detail, ".") {
		t.Errorf("no way out: %q", f.Detail)
	}
}

func TestEveryProductSignsSomebodyIn(t *testing.T) {
	t.Parallel()
	for naam, p := range map[string]struct {
		s      soort
		o      func(*Opties)
		wijzig func(map[string]any)
		want   Identiteit
	}{
		"Keycloak": {keycloak, nil, nil,
			Identiteit{Onderwerp: "7f1c3c0e-5b0a-4a6e-9a3c-1f2e3d4c5b6a", Email: adres, Naam: "Bea Heer", Groepen: []string{"/belastingen", "/team/kcc"}}},
		"Keycloak with roles of the realm": {keycloak, func(o *Opties) { o.GroepenClaim = "realm_access.roles" }, nil,
			Identiteit{Onderwerp: "7f1c3c0e-5b0a-4a6e-9a3c-1f2e3d4c5b6a", Email: adres, Naam: "Bea Heer", Groepen: []string{"offline_access", "medewerker"}}},
		"Keycloak with roles of the client": {keycloak, func(o *Opties) { o.GroepenClaim = "resource_access.verantwoord.roles" }, nil,
			Identiteit{Onderwerp: "7f1c3c0e-5b0a-4a6e-9a3c-1f2e3d4c5b6a", Email: adres, Naam: "Bea Heer", Groepen: []string{"inzien"}}},
		"Keycloak with an address nobody checked": {keycloak, nil, func(c map[string]any) { c["email_verified"] = false },
			Identiteit{Onderwerp: "7f1c3c0e-5b0a-4a6e-9a3c-1f2e3d4c5b6a", Email: adres, Naam: "Bea Heer", Groepen: []string{"/belastingen", "/team/kcc"}}},
		"Entra ID": {entra, nil, nil,
			Identiteit{Onderwerp: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", Email: adres, Naam: "Bea Heer", Groepen: []string{"0a6c1f1e-1111-4222-8333-444455556666", "0a6c1f1e-1111-4222-8333-444455557777"}}},
		"Entra ID without groups": {entra, nil, func(c map[string]any) { delete(c, "groups") },
			Identiteit{Onderwerp: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", Email: adres, Naam: "Bea Heer"}},
		"ADFS with one group": {adfs, func(o *Opties) { o.GroepenClaim = "group" }, nil,
			Identiteit{Onderwerp: "8vV1kqJ0Zg2c4p1e0XoQJb1fJ0m4e9F8aR3kYxg3n2I=", Email: adres, Naam: `STAD\b.heer`, Groepen: []string{"Belastingen"}}},
		"ADFS with more groups": {adfs, func(o *Opties) { o.GroepenClaim = "group" }, func(c map[string]any) { c["group"] = []string{"Belastingen", "KCC"} },
			Identiteit{Onderwerp: "8vV1kqJ0Zg2c4p1e0XoQJb1fJ0m4e9F8aR3kYxg3n2I=", Email: adres, Naam: `STAD\b.heer`, Groepen: []string{"Belastingen", "KCC"}}},
		"ADFS with a claim that is an address": {adfs, func(o *Opties) { o.GroepenClaim = "http://schemas.xmlsoap.org/claims/Group" }, func(c map[string]any) { c["http://schemas.xmlsoap.org/claims/Group"] = "KCC" },
			Identiteit{Onderwerp: "8vV1kqJ0Zg2c4p1e0XoQJb1fJ0m4e9F8aR3kYxg3n2I=", Email: adres, Naam: `STAD\b.heer`, Groepen: []string{"KCC"}}},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, p.s)
			u.wijzig = p.wijzig
			d := u.dienst(p.o)
			p.want.Uitgever = u.adres()
			for range 2 {
				got, err := meld(u, d)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(&p.want, got, cmpopts.EquateEmpty()); d != "" {
					t.Error(d)
				}
			}
			u.mu.Lock()
			defer u.mu.Unlock()
			if basic := slices.Contains(p.s.methodes, "client_secret_basic"); basic != (u.basic == 2) {
				t.Errorf("%d of 2 sign-ins of the register by header", u.basic)
			}
			if strings.Contains(u.scope, "allatclaims") != slices.Contains(p.s.scopes, "allatclaims") {
				t.Errorf("asked for %q", u.scope)
			}
			if n := strings.Count(strings.Join(u.gezien, " "), "openid-configuration"); n != 1 {
				t.Errorf("asked about itself %d times", n)
			}
		})
	}
}

func TestEveryAlgorithmOfTheListIsAccepted(t *testing.T) {
	t.Parallel()
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256} {
		s := keycloak
		s.alg = alg
		u := issuer(t, s)
		if _, err := meld(u, u.dienst(nil)); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

func TestATokenThatIsNotForThisSignInIsRefused(t *testing.T) {
	t.Parallel()
	zet := func(naam string, waarde any) func(map[string]any) {
		return func(c map[string]any) { c[naam] = waarde }
	}
	// over is counted when the token is made: these tests begin long before their last ones do.
	over := func(naam string, d time.Duration) func(map[string]any) {
		return func(c map[string]any) { c[naam] = time.Now().Add(d).Unix() }
	}
	for naam, wijzig := range map[string]func(map[string]any){
		"the nonce of another browser":            zet("nonce", random()),
		"an empty nonce":                          zet("nonce", ""),
		"no nonce":                                func(c map[string]any) { delete(c, "nonce") },
		"another audience":                        zet("aud", "een-ander"),
		"other audiences":                         zet("aud", []string{"een", "twee"}),
		"no audience":                             func(c map[string]any) { delete(c, "aud") },
		"more audiences, nobody authorised":       func(c map[string]any) { c["aud"] = []string{client, "een-ander"}; delete(c, "azp") },
		"more audiences, another authorised":      func(c map[string]any) { c["aud"] = []string{client, "een-ander"}; c["azp"] = "een-ander" },
		"this audience, another authorised":       zet("azp", "een-ander"),
		"another issuer":                          zet("iss", "https://anders.example/realms/stad"),
		"an issuer with a slash more":             func(c map[string]any) { c["iss"] = c["iss"].(string) + "/" },
		"no issuer":                               func(c map[string]any) { delete(c, "iss") },
		"expired":                                 over("exp", -2*time.Minute),
		"no end":                                  func(c map[string]any) { delete(c, "exp") },
		"issued in the future":                    over("iat", 2*time.Minute),
		"not issued at any time":                  func(c map[string]any) { delete(c, "iat") },
		"not yet valid":                           over("nbf", 2*time.Minute),
		"nobody":                                  zet("sub", ""),
		"somebody with a name that is too long":   zet("sub", strings.Repeat("a", 256)),
		"somebody with a new line":                zet("sub", "a\nb"),
		"an address with a new line":              zet("email", "a@b.example\nBcc: c@d.example"),
		"a name that is no text":                  zet("name", 5),
		"groups that are an object":               zet("groups", map[string]any{"a": "b"}),
		"groups that are numbers":                 zet("groups", []int{1, 2}),
		"a group without a name":                  zet("groups", []string{"/belastingen", ""}),
		"a group with a new line":                 zet("groups", []string{"a\nb"}),
		"more groups than anybody has":            zet("groups", make([]string, maxGroepen+1)),
		"groups that are true":                    zet("groups", true),
		"groups that stand elsewhere":             func(c map[string]any) { delete(c, "groups"); overage(c) },
		"groups that stand elsewhere and here":    overage,
		"groups that are said to be there":        zet("hasgroups", true),
		"groups that are said to be there, as is": zet("hasgroups", "true"),
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, keycloak)
			d := u.dienst(nil)
			if _, err := meld(u, d); err != nil {
				t.Fatalf("the honest one: %v", err)
			}
			u.wijzig = wijzig
			_, err := meld(u, d)
			weigert(t, err, fout.CodeAanmeldenMislukt)
			if strings.Contains(naam, "elsewhere") || strings.Contains(naam, "said") {
				if !strings.Contains(err.Error(), "meer groepen") {
					t.Errorf("the way out is another one: %v", err)
				}
			}
		})
	}
}

// overage is how Entra ID says that somebody has more groups than fit in a token.
func overage(c map[string]any) {
	c["_claim_names"] = map[string]any{"groups": "src1"}
	c["_claim_sources"] = map[string]any{"src1": map[string]any{"endpoint": "https://graph.windows.net/t/users/u/getMemberObjects"}}
}

func TestClocksMayDifferAMinute(t *testing.T) {
	t.Parallel()
	u := issuer(t, entra)
	nu := time.Now()
	u.klok = func() time.Time { return nu }
	u.wijzig = func(c map[string]any) {
		c["exp"], c["iat"], c["nbf"] = nu.Add(-50*time.Second).Unix(), nu.Add(50*time.Second).Unix(), nu.Add(50*time.Second).Unix()
	}
	if _, err := meld(u, u.dienst(nil)); err != nil {
		t.Error(err)
	}
}

func TestAnswersThatAreNotOfThisBrowserAreRefused(t *testing.T) {
	t.Parallel()
	for naam, wijzig := range map[string]func(s *Staat, q url.Values){
		"another state":                     func(_ *Staat, q url.Values) { q.Set("state", random()) },
		"no state":                          func(_ *Staat, q url.Values) { q.Del("state") },
		"no state on either side":           func(s *Staat, q url.Values) { s.State = ""; q.Set("state", "") },
		"two states":                        func(_ *Staat, q url.Values) { q.Add("state", "x") },
		"a state that begins the same":      func(_ *Staat, q url.Values) { q.Set("state", q.Get("state")+"x") },
		"of another issuer":                 func(_ *Staat, q url.Values) { q.Set("iss", "https://anders.example/realms/stad") },
		"of two issuers":                    func(_ *Staat, q url.Values) { q.Add("iss", "https://anders.example") },
		"of an issuer that does not say so": func(_ *Staat, q url.Values) { q.Del("iss") },
		"begun at another service":          func(s *Staat, _ url.Values) { s.Uitgever = "https://anders.example/realms/stad" },
		"begun as another client":           func(s *Staat, _ url.Values) { s.ClientID = "een-ander" },
		"too late":                          func(s *Staat, _ url.Values) { s.Verloopt = time.Now().Add(-time.Second) },
		"without a code":                    func(_ *Staat, q url.Values) { q.Del("code") },
		"with two codes":                    func(_ *Staat, q url.Values) { q.Add("code", "x") },
		"with a code that is made up":       func(_ *Staat, q url.Values) { q.Set("code", random()) },
		"with a long code":                  func(_ *Staat, q url.Values) { q.Set("code", strings.Repeat("a", 5000)) },
		"without the verifier of PKCE":      func(s *Staat, _ url.Values) { s.Verifier = "" },
		"with the verifier of another":      func(s *Staat, _ url.Values) { s.Verifier = random() },
		"with the nonce of another":         func(s *Staat, _ url.Values) { s.Nonce = random() },
		"without a nonce":                   func(s *Staat, _ url.Values) { s.Nonce = "" },
		"of somebody who stopped":           func(_ *Staat, q url.Values) { q.Set("error", "access_denied") },
		"with trouble of the service":       func(_ *Staat, q url.Values) { q.Set("error", "temporarily_unavailable") },
		"with an error that is an attack":   func(_ *Staat, q url.Values) { q.Set("error", "<script>") },
		"an empty one":                      func(s *Staat, q url.Values) { *s = Staat{}; clear(q) },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			u := issuer(t, keycloak)
			d := u.dienst(nil)
			naar, s, err := d.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			q := u.browser(naar)
			wijzig(&s, q)
			_, err = d.Voltooi(t.Context(), s, q)
			weigert(t, err, fout.CodeAanmeldenMislukt)
		})
	}
}

func TestACodeThatIsOfferedAgainIsRefused(t *testing.T) {
	t.Parallel()
	u := issuer(t, keycloak)
	d := u.dienst(nil)
	naar, s, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q := u.browser(naar)
	if _, err := d.Voltooi(t.Context(), s, q); err != nil {
		t.Fatal(err)
	}
	_, err = d.Voltooi(t.Context(), s, q)
	weigert(t, err, fout.CodeAanmeldenMislukt)
}

// The code of an attacker in the browser of a victim, with the state of the victim: PKCE and nonce stop it.
func TestACodeOfAnotherBrowserIsRefused(t *testing.T) {
	t.Parallel()
	u := issuer(t, entra)
	d := u.dienst(nil)
	naar, _, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	aanvaller := u.browser(naar)
	naar, s, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q := u.browser(naar)
	q.Set("code", aanvaller.Get("code"))
	_, err = d.Voltooi(t.Context(), s, q)
	weigert(t, err, fout.CodeAanmeldenMislukt)
}

// Of two services one is an attacker's: it sends the browser on to the honest one with its own state.
func TestAnAnswerOfOneServiceIsNotForAnother(t *testing.T) {
	t.Parallel()
	eerlijk, kwaad := issuer(t, entra), issuer(t, entra)
	kwaad.document = func(doc map[string]any) { doc["authorization_endpoint"] = eerlijk.http.URL + eerlijk.s.authorize }
	d := kwaad.dienst(nil)
	naar, s, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q := eerlijk.browser(naar)
	if _, err = eerlijk.dienst(nil).Voltooi(t.Context(), s, q); err == nil {
		t.Error("the honest service takes what was begun at another")
	}
	weigert(t, err, fout.CodeAanmeldenMislukt)
	// With an address of its own for each service the honest one does not even send it back.
	if u, err := url.Parse(naar); err != nil || u.Query().Get("redirect_uri") != terug {
		t.Errorf("%s, %v", naar, err)
	}
}

func TestAnAddressToGoToHoldsWhatBindsTheAnswer(t *testing.T) {
	t.Parallel()
	u := issuer(t, adfs)
	d := u.dienst(nil)
	gezien := map[string]bool{}
	for range 20 {
		naar, s, err := d.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a, err := url.Parse(naar)
		if err != nil {
			t.Fatal(err)
		}
		q := a.Query()
		if q.Get("state") != s.State || q.Get("nonce") != s.Nonce || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == s.Verifier || q.Has("client_secret") {
			t.Errorf("%v", q)
		}
		if d := time.Until(s.Verloopt); d > Geldig || d < Geldig-time.Minute {
			t.Errorf("valid for %v", d)
		}
		for _, w := range []string{s.State, s.Nonce, s.Verifier} {
			if len(w) < 43 || gezien[w] {
				t.Errorf("%q was there before, or is short", w)
			}
			gezien[w] = true
		}
	}
}

func TestOptionsThatCanNotWorkAreRefused(t *testing.T) {
	t.Parallel()
	goed := Opties{Uitgever: "https://keycloak.example/realms/stad", ClientID: client, Geheim: geheim, Terug: terug}
	if _, err := New(goed); err != nil {
		t.Fatal(err)
	}
	for naam, wijzig := range map[string]func(*Opties){
		"an issuer without TLS":      func(o *Opties) { o.Uitgever = "http://keycloak.example/realms/stad" },
		"an issuer with a query":     func(o *Opties) { o.Uitgever += "?a=b" },
		"an issuer with a password":  func(o *Opties) { o.Uitgever = "https://a:b@keycloak.example" },
		"no issuer":                  func(o *Opties) { o.Uitgever = "" },
		"no client":                  func(o *Opties) { o.ClientID = "" },
		"no secret":                  func(o *Opties) { o.Geheim = "" },
		"no address to come back to": func(o *Opties) { o.Terug = "" },
	} {
		o := goed
		wijzig(&o)
		if _, err := New(o); err == nil || strings.Contains(err.Error(), geheim) {
			t.Errorf("%s: %v", naam, err)
		}
	}
}
