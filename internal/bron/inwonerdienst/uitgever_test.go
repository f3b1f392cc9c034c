package inwonerdienst

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	client = "verantwoord"
	geheim = "geheim van het register & co"
	terug  = "https://register.voorbeeldstad.example/mijn/aanmelden/digid/terug"

	bsn      = "999990019"
	anderBSN = "999990275"
	naam     = "Anna Voorbeeld"
)

// uitgever is a broker of the test, over real HTTP.
type uitgever struct {
	t    testing.TB
	http *httptest.Server
	ec   *ecdsa.PrivateKey
	klok func() time.Time
	iss  bool // names itself in its answers

	mu       sync.Mutex
	codes    map[string]url.Values // what was asked, by code
	claims   map[string]any        // beside those of the protocol
	wijzig   func(claims map[string]any)
	teken    func(payload []byte) string // instead of an honest signature
	document func(map[string]any)
	publiek  *rsa.PublicKey // of the register: private_key_jwt
	wissels  int
	bewijzen map[string]bool // jti
}

func issuer(t testing.TB) *uitgever {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	u := &uitgever{t: t, ec: k, klok: time.Now, iss: true, codes: map[string]url.Values{}, bewijzen: map[string]bool{},
		claims: map[string]any{"sub": "ondoorzichtig", "bsn": bsn, "acr": "urn:etoegang:core:assurance-class:loa3", "name": naam}}
	u.http = httptest.NewServer(u)
	t.Cleanup(u.http.Close)
	return u
}

func (u *uitgever) adres() string { return u.http.URL + "/broker" }

// dienst is the register's side.
func (u *uitgever) dienst(wijzig func(*Opties)) *Dienst {
	u.t.Helper()
	o := Opties{
		Sleutel: "digid", Naam: "DigiD", Uitgever: u.adres(), ClientID: client, Geheim: geheim, Terug: terug, TimeOut: time.Minute, Nu: func() time.Time { return u.klok() },
		Claims: Claims{BSN: "bsn", Niveau: "acr", Naam: "name", Gemachtigde: "gemachtigde.bsn", NamensBSN: "namens.bsn", NamensKvK: "onderneming.kvk", NamensSoort: "namens.soort"},
	}
	if wijzig != nil {
		wijzig(&o)
	}
	d, err := New(o)
	if err != nil {
		u.t.Fatal(err)
	}
	return d
}

func (u *uitgever) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/broker/.well-known/openid-configuration":
		doc := map[string]any{
			"issuer": u.adres(), "authorization_endpoint": u.http.URL + "/kies", "token_endpoint": u.http.URL + "/token", "jwks_uri": u.http.URL + "/jwks",
			"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "private_key_jwt"}, "code_challenge_methods_supported": []string{"S256"},
			"authorization_response_iss_parameter_supported": u.iss,
		}
		if u.document != nil {
			u.document(doc)
		}
		antwoord(w, doc)
	case "/jwks":
		antwoord(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: u.ec.Public(), KeyID: "1", Use: "sig", Algorithm: "ES256"}}})
	case "/kies":
		u.kies(w, r)
	case "/token":
		u.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func antwoord(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (u *uitgever) kies(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != client || q.Get("redirect_uri") != terug || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 {
		http.Error(w, "wrong request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	u.mu.Lock()
	u.codes[code] = q
	u.mu.Unlock()
	uit := url.Values{"code": {code}, "state": {q.Get("state")}}
	if u.iss {
		uit.Set("iss", u.adres())
	}
	http.Redirect(w, r, terug+"?"+uit.Encode(), http.StatusFound)
}

// bekend tells whether the register says rightly who it is.
func (u *uitgever) bekend(r *http.Request) bool {
	if u.publiek == nil {
		id, g, ok := r.BasicAuth()
		id, _ = url.QueryUnescape(id)
		g, _ = url.QueryUnescape(g)
		return ok && id == client && g == geheim
	}
	if r.PostForm.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || r.PostForm.Has("client_secret") || r.Header.Get("Authorization") != "" {
		return false
	}
	t, err := jwt.ParseSigned(r.PostForm.Get("client_assertion"), []jose.SignatureAlgorithm{jose.PS256, jose.RS256})
	if err != nil {
		return false
	}
	var c jwt.Claims
	if t.Claims(u.publiek, &c) != nil || c.ID == "" || u.bewijzen[c.ID] {
		return false
	}
	u.bewijzen[c.ID] = true
	return c.ValidateWithLeeway(jwt.Expected{Issuer: client, Subject: client, AnyAudience: jwt.Audience{u.http.URL + "/token"}, Time: u.klok()}, time.Second) == nil && c.Expiry != nil
}

func (u *uitgever) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(woord string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": woord, "error_description": "of " + bsn})
	}
	if r.ParseForm() != nil {
		refuse("invalid_request")
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.wissels++
	q := u.codes[r.PostForm.Get("code")]
	delete(u.codes, r.PostForm.Get("code"))
	som := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if !u.bekend(r) {
		refuse("invalid_client")
		return
	}
	if q == nil || q.Get("redirect_uri") != r.PostForm.Get("redirect_uri") || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(som[:]) {
		refuse("invalid_grant")
		return
	}
	nu := u.klok()
	claims := map[string]any{"iss": u.adres(), "aud": client, "nonce": q.Get("nonce"), "iat": nu.Unix(), "exp": nu.Add(5 * time.Minute).Unix(), "auth_time": nu.Unix()}
	maps.Copy(claims, u.claims)
	if u.wijzig != nil {
		u.wijzig(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		u.t.Error(err)
	}
	teken := u.teken
	if teken == nil {
		teken = func(p []byte) string { return sign(u.t, jose.ES256, u.ec, p) }
	}
	antwoord(w, map[string]any{"access_token": "ondoorzichtig", "token_type": "Bearer", "expires_in": 300, "id_token": teken(payload)})
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, sleutel any, payload []byte) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: sleutel, KeyID: "1"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	j, err := s.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	uit, err := j.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return uit
}

// browser goes where it is sent, and gives what it brings back.
func (u *uitgever) browser(naar string) url.Values {
	u.t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Get(naar)
	if err != nil {
		u.t.Fatal(err)
	}
	defer res.Body.Close()
	loc, err := res.Location()
	if err != nil {
		u.t.Fatalf("the broker answered %s: %v", res.Status, err)
	}
	if zonder, _, _ := strings.Cut(loc.String(), "?"); zonder != terug {
		u.t.Fatalf("sent back to %s", zonder)
	}
	return loc.Query()
}
