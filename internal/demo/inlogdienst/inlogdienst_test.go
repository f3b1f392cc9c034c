package inlogdienst

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	geheim = "geheim van de proef"
	terug  = "http://127.0.0.1:8080/mijn/aanmelden/demo/terug"
	bsn    = "999990019"
)

func start(t *testing.T) (*Dienst, string, *time.Time) {
	t.Helper()
	nu := time.Now()
	var d *Dienst
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.ServeHTTP(w, r) }))
	t.Cleanup(h.Close)
	var err error
	d, err = New(Opties{
		Uitgever: h.URL + "/inlogdienst", ClientID: "verantwoord", Geheim: geheim, Terug: terug, Nu: func() time.Time { return nu },
		Personen: []Persoon{{Sleutel: "anna", Naam: "Anna", BSN: bsn}, {Sleutel: "basis", Naam: "Bram", BSN: bsn, Hoogste: "Basis"}, {Sleutel: "geheim", Naam: "Cato", BSN: bsn, Geheim: true},
			{Sleutel: "bedrijf", Naam: "Dirk", BSN: bsn, KvK: "99990000", Soort: "onderneming"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, h.URL + "/inlogdienst", &nu
}

// vraag is what a register asks, and its verifier of PKCE.
func vraag() (url.Values, string) {
	verifier := rand.Text() + rand.Text()
	som := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {"verantwoord"}, "redirect_uri": {terug}, "response_type": {"code"}, "scope": {"openid"}, "state": {"staat"}, "nonce": {"eenmalig"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(som[:])}, "code_challenge_method": {"S256"}, "persoon": {"anna"},
	}, verifier
}

func post(t *testing.T, adres string, velden url.Values, wie string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, adres, strings.NewReader(velden.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if wie != "" {
		r.SetBasicAuth("verantwoord", url.QueryEscape(wie))
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

// code chooses somebody and gives the code.
func code(t *testing.T, adres string, q url.Values) string {
	t.Helper()
	res := post(t, adres+"/aanmelden", q, "")
	loc, err := res.Location()
	if err != nil || !strings.HasPrefix(loc.String(), terug+"?") || loc.Query().Get("state") != "staat" || loc.Query().Get("iss") != adres {
		t.Fatalf("%s: %v, %v", res.Status, loc, err)
	}
	return loc.Query().Get("code")
}

func TestItWorksOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for adres, mag := range map[string]bool{
		"http://127.0.0.1:8080/i": true, "http://localhost:1/i": true, "http://[::1]:1/i": true,
		"http://10.0.0.1/i": false, "http://0.0.0.0:8080/i": false, "https://127.0.0.1/i": false, "http://127.0.0.1:8080": false, "http://localhost.example/i": false, "": false,
	} {
		if _, err := New(Opties{Uitgever: adres, ClientID: "a", Geheim: "b", Terug: "c"}); (err == nil) != mag {
			t.Errorf("%s: %v", adres, err)
		}
	}
}

func TestACodeIsForOneBrowserOneRegisterAndOneMinute(t *testing.T) {
	t.Parallel()
	_, adres, nu := start(t)
	for wat, wijzig := range map[string]func(wissel url.Values, wie *string){
		"as it is":               func(url.Values, *string) {},
		"no code":                func(v url.Values, _ *string) { v.Del("code") },
		"another verifier":       func(v url.Values, _ *string) { v.Set("code_verifier", rand.Text()) },
		"no verifier":            func(v url.Values, _ *string) { v.Del("code_verifier") },
		"another address":        func(v url.Values, _ *string) { v.Set("redirect_uri", "http://127.0.0.1/x") },
		"another grant":          func(v url.Values, _ *string) { v.Set("grant_type", "password") },
		"another secret":         func(_ url.Values, wie *string) { *wie = "geraden" },
		"a register that is not": func(_ url.Values, wie *string) { *wie = "" },
		"too late":               func(url.Values, *string) { *nu = nu.Add(geldig) },
	} {
		q, verifier := vraag()
		v := url.Values{"grant_type": {"authorization_code"}, "code": {code(t, adres, q)}, "code_verifier": {verifier}, "redirect_uri": {terug}}
		wie := geheim
		wijzig(v, &wie)
		for keer, want := range []int{http.StatusOK, http.StatusBadRequest} { // a second time never
			if wat != "as it is" {
				want = http.StatusBadRequest
			}
			if res := post(t, adres+"/token", v, wie); res.StatusCode != want {
				t.Errorf("%s, time %d: %s", wat, keer, res.Status)
			}
			if wat != "as it is" {
				break
			}
		}
	}
}

func TestTheTokenSaysWhatWasChosen(t *testing.T) {
	t.Parallel()
	_, adres, nu := start(t)
	q, verifier := vraag()
	q.Set("niveau", "Hoog")
	res := post(t, adres+"/token", url.Values{"grant_type": {"authorization_code"}, "code": {code(t, adres, q)}, "code_verifier": {verifier}, "redirect_uri": {terug}}, geheim)
	var uit struct {
		Token string `json:"id_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&uit); err != nil {
		t.Fatal(err)
	}
	delen := strings.Split(uit.Token, ".")
	if len(delen) != 3 {
		t.Fatalf("%d parts", len(delen))
	}
	plain, err := base64.RawURLEncoding.DecodeString(delen[1])
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(plain, &c); err != nil {
		t.Fatal(err)
	}
	if c["bsn"] != bsn || c["acr"] != "Hoog" || c["nonce"] != "eenmalig" || c["iss"] != adres || c["auth_time"] != float64(nu.Unix()) {
		t.Errorf("%v", c)
	}
}

func TestTheTokenSaysWhatIsKnownOfWhoWasChosen(t *testing.T) {
	t.Parallel()
	d, adres, _ := start(t)
	claims := func(wie, nummer string) map[string]any {
		q, _ := vraag()
		q.Set("persoon", wie)
		q.Set("nummer", nummer)
		c := code(t, adres, q)
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.codes[c].claims
	}
	if c := claims("anna", ""); c["indicatieGeheim"] != nil || c["namens"] != nil {
		t.Errorf("%v", c)
	}
	if c := claims("geheim", ""); c["indicatieGeheim"] != 7 {
		t.Errorf("%v", c)
	}
	if c := claims("ander", "9999 93.653"); c["bsn"] != "999993653" || c["name"] != "Iemand anders" || c["sub"] == claims("ander", bsn)["sub"] {
		t.Errorf("%v", c)
	}
	if n, ok := claims("bedrijf", "")["namens"].(map[string]any); !ok || n["kvk"] != "99990000" || n["soort"] != "onderneming" || n["bsn"] != nil {
		t.Errorf("%v", n)
	}
}

func TestWhatCanNotBeChosenIsSaidOnThePage(t *testing.T) {
	t.Parallel()
	_, adres, _ := start(t)
	for wat, p := range map[string]struct {
		wijzig func(url.Values)
		deel   string
	}{
		"nobody":                  {func(q url.Values) { q.Del("persoon") }, "Kies eerst wie u bent."},
		"no number":               {func(q url.Values) { q.Set("persoon", "ander") }, "Typ een testnummer"},
		"a number of somebody":    {func(q url.Values) { q.Set("persoon", "ander"); q.Set("nummer", "000000012") }, "Typ een testnummer"},
		"a number that is none":   {func(q url.Values) { q.Set("persoon", "ander"); q.Set("nummer", "999990018") }, "Typ een testnummer"},
		"a level that is not":     {func(q url.Values) { q.Set("persoon", "basis"); q.Set("niveau", "Hoog") }, "Bram heeft niveau Hoog niet."},
		"another application":     {func(q url.Values) { q.Set("client_id", "x") }, "niet bekend"},
		"another way back":        {func(q url.Values) { q.Set("redirect_uri", "https://elders.example/") }, "niet bekend"},
		"no PKCE":                 {func(q url.Values) { q.Del("code_challenge") }, "mist PKCE"},
		"PKCE that hides nothing": {func(q url.Values) { q.Set("code_challenge_method", "plain") }, "mist PKCE"},
		"no nonce":                {func(q url.Values) { q.Del("nonce") }, "geen aanvraag"},
	} {
		q, _ := vraag()
		p.wijzig(q)
		res := post(t, adres+"/aanmelden", q, "")
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusBadRequest || res.Header.Get("Location") != "" || !strings.Contains(string(body), p.deel) {
			t.Errorf("%s: %s, %v\n%s", wat, res.Status, err, body)
		}
	}
	q, _ := vraag()
	q.Set("stop", "ja")
	if loc, err := post(t, adres+"/aanmelden", q, "").Location(); err != nil || loc.Query().Get("error") != "access_denied" || loc.Query().Has("code") {
		t.Errorf("who stops: %v, %v", loc, err)
	}
	for _, pad := range []string{"/", "/iets", "/token"} {
		res, err := http.Get(adres + pad)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", pad, res.Status)
		}
	}
}
