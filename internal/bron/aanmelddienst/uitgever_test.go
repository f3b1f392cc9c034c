package aanmelddienst

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
	"golang.org/x/oauth2"
)

// soort is a product as its issuer shows itself.
type soort struct {
	issuer, authorize, token, jwks string // paths
	methodes                       []string
	scopes                         []string
	iss                            bool // RFC 9207
	alg                            jose.SignatureAlgorithm
	claims                         map[string]any
}

const (
	client = "verantwoord"
	geheim = "geheim van het register & co"
	terug  = "https://register.voorbeeldstad.example/aanmelden/dienst/terug"
	adres  = "b.heer@voorbeeldstad.example"
)

var (
	keycloak = soort{
		issuer: "/realms/stad", authorize: "/realms/stad/protocol/openid-connect/auth", token: "/realms/stad/protocol/openid-connect/token", jwks: "/realms/stad/protocol/openid-connect/certs",
		methodes: []string{"private_key_jwt", "client_secret_basic", "client_secret_post"}, scopes: []string{"openid", "profile", "email", "roles"}, iss: true, alg: jose.RS256,
		claims: map[string]any{
			"sub": "7f1c3c0e-5b0a-4a6e-9a3c-1f2e3d4c5b6a", "azp": client, "typ": "ID", "acr": "1", "sid": "s", "email_verified": true, "name": "Bea Heer", "preferred_username": "b.heer",
			"given_name": "Bea", "family_name": "Heer", "email": adres, "groups": []string{"/belastingen", "/team/kcc"},
			"realm_access":    map[string]any{"roles": []string{"offline_access", "medewerker"}},
			"resource_access": map[string]any{client: map[string]any{"roles": []string{"inzien"}}},
		},
	}
	entra = soort{
		issuer: "/9a1d3c0e-0000-4a6e-9a3c-1f2e3d4c5b6a/v2.0", authorize: "/9a1d3c0e-0000-4a6e-9a3c-1f2e3d4c5b6a/oauth2/v2.0/authorize", token: "/9a1d3c0e-0000-4a6e-9a3c-1f2e3d4c5b6a/oauth2/v2.0/token", jwks: "/9a1d3c0e-0000-4a6e-9a3c-1f2e3d4c5b6a/discovery/v2.0/keys",
		methodes: []string{"client_secret_post", "private_key_jwt", "client_secret_basic"}, scopes: []string{"openid", "profile", "email", "offline_access"}, alg: jose.RS256,
		claims: map[string]any{
			"sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "oid": "00000000-0000-0000-66f3-3332eca7ea81", "tid": "9a1d3c0e-0000-4a6e-9a3c-1f2e3d4c5b6a", "ver": "2.0", "aio": "x", "rh": "y", "uti": "z",
			"name": "Bea Heer", "preferred_username": adres, "email": adres, "groups": []string{"0a6c1f1e-1111-4222-8333-444455556666", "0a6c1f1e-1111-4222-8333-444455557777"},
		},
	}
	adfs = soort{
		issuer: "/adfs", authorize: "/adfs/oauth2/authorize/", token: "/adfs/oauth2/token/", jwks: "/adfs/discovery/keys",
		methodes: []string{"client_secret_post", "private_key_jwt", "windows_client_authentication"}, scopes: []string{"openid", "profile", "email", "allatclaims", "vpn_cert"}, alg: jose.RS256,
		claims: map[string]any{
			"sub": "8vV1kqJ0Zg2c4p1e0XoQJb1fJ0m4e9F8aR3kYxg3n2I=", "upn": adres, "unique_name": `STAD\b.heer`, "sid": "S-1-5-21-1", "pwd_exp": "1", "group": "Belastingen",
		},
	}
)

// uitgever is an issuer of the test, over real HTTP.
type uitgever struct {
	t     testing.TB
	s     soort
	http  *httptest.Server
	rsa   *rsa.PrivateKey
	ec    *ecdsa.PrivateKey
	klok  func() time.Time
	terug string

	mu       sync.Mutex
	kid      string
	codes    map[string]*verleend
	wijzig   func(claims map[string]any)              // the claims of the next tokens
	teken    func(u *uitgever, payload []byte) string // instead of an honest signature
	storing  map[string]http.HandlerFunc              // path to what it does instead
	document func(map[string]any)                     // the discovery document
	gezien   []string                                 // paths
	basic    int                                      // sign-ins at the token endpoint by header
	scope    string                                   // last asked
}

// verleend is what a code was given for.
type verleend struct {
	nonce, challenge, redirect string
	gebruikt                   bool
}

// eigenSleutel is that of every issuer here, as making one takes a while; vreemdeSleutel is of nobody.
var (
	eigenSleutel   = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	vreemdeSleutel = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
)

func issuer(t testing.TB, s soort) *uitgever {
	t.Helper()
	k, err := eigenSleutel()
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	u := &uitgever{t: t, s: s, rsa: k, ec: e, kid: "sleutel-1", codes: map[string]*verleend{}, storing: map[string]http.HandlerFunc{}, klok: time.Now, terug: terug}
	u.http = httptest.NewServer(u)
	t.Cleanup(u.http.Close)
	return u
}

func (u *uitgever) adres() string { return u.http.URL + u.s.issuer }

// dienst is the register's side, at a clock that can be moved.
func (u *uitgever) dienst(wijzig func(*Opties)) *Dienst {
	u.t.Helper()
	o := Opties{Naam: "Inloggen", Uitgever: u.adres(), ClientID: client, Geheim: geheim, Terug: terug, TimeOut: time.Minute, Nu: func() time.Time { return u.klok() }}
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
	u.mu.Lock()
	u.gezien = append(u.gezien, r.URL.Path)
	storing := u.storing[r.URL.Path]
	u.mu.Unlock()
	if storing != nil {
		storing(w, r)
		return
	}
	switch r.URL.Path {
	case u.s.issuer + "/.well-known/openid-configuration":
		doc := map[string]any{
			"issuer": u.adres(), "authorization_endpoint": u.http.URL + u.s.authorize, "token_endpoint": u.http.URL + u.s.token, "jwks_uri": u.http.URL + u.s.jwks,
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}, "response_types_supported": []string{"code", "id_token"},
			"token_endpoint_auth_methods_supported": u.s.methodes, "scopes_supported": u.s.scopes,
		}
		if u.s.iss {
			doc["authorization_response_iss_parameter_supported"] = true
			doc["code_challenge_methods_supported"] = []string{"plain", "S256"}
		}
		if u.document != nil {
			u.document(doc)
		}
		answer(w, doc)
	case u.s.jwks:
		u.mu.Lock()
		kid := u.kid
		u.mu.Unlock()
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: u.rsa.Public(), KeyID: kid, Use: "sig"},
			{Key: u.ec.Public(), KeyID: kid + "-ec", Algorithm: "ES256", Use: "sig"},
		}})
	case u.s.authorize:
		u.authorize(w, r)
	case u.s.token:
		u.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// authorize is where a browser comes: the person signs in and agrees.
func (u *uitgever) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != client || q.Get("redirect_uri") != u.terug || q.Get("response_type") != "code" || !strings.Contains(" "+q.Get("scope")+" ", " openid ") ||
		q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || len(q.Get("state")) < 32 || len(q.Get("nonce")) < 32 {
		http.Error(w, "wrong request", http.StatusBadRequest)
		return
	}
	code := random()
	u.mu.Lock()
	u.codes[code] = &verleend{nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")}
	u.scope = q.Get("scope")
	u.mu.Unlock()
	uit := url.Values{"code": {code}, "state": {q.Get("state")}}
	if u.s.iss {
		uit.Set("iss", u.adres())
		uit.Set("session_state", "s")
	}
	http.Redirect(w, r, u.terug+"?"+uit.Encode(), http.StatusFound)
}

// token exchanges a code, once.
func (u *uitgever) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(woord string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": woord, "error_description": "of " + adres})
	}
	if r.ParseForm() != nil {
		refuse("invalid_request")
		return
	}
	id, wachtwoord, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		wachtwoord, _ = url.QueryUnescape(wachtwoord)
	} else {
		id, wachtwoord = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if basic {
		u.basic++
	}
	v := u.codes[r.PostForm.Get("code")]
	som := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	switch {
	case id != client || wachtwoord != geheim:
		refuse("invalid_client")
		return
	case v == nil || v.gebruikt || v.redirect != r.PostForm.Get("redirect_uri") || v.challenge != base64.RawURLEncoding.EncodeToString(som[:]):
		refuse("invalid_grant")
		return
	}
	v.gebruikt = true
	nu := u.klok()
	claims := map[string]any{"iss": u.adres(), "aud": client, "nonce": v.nonce, "iat": nu.Unix(), "nbf": nu.Unix(), "exp": nu.Add(5 * time.Minute).Unix(), "auth_time": nu.Unix()}
	maps.Copy(claims, u.s.claims)
	if u.wijzig != nil {
		u.wijzig(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		u.t.Error(err)
	}
	teken := u.teken
	if teken == nil {
		teken = func(u *uitgever, p []byte) string { return u.sign(u.s.alg, p) }
	}
	answer(w, map[string]any{"access_token": "ondoorzichtig", "token_type": "Bearer", "expires_in": 300, "id_token": teken(u, payload)})
}

// sign signs honestly.
func (u *uitgever) sign(alg jose.SignatureAlgorithm, payload []byte) string {
	var sleutel any = u.rsa
	kid := u.kid
	if alg == jose.ES256 {
		sleutel, kid = u.ec, kid+"-ec"
	}
	return teken(u.t, alg, sleutel, kid, payload, nil)
}

func teken(t testing.TB, alg jose.SignatureAlgorithm, sleutel any, kid string, payload []byte, o *jose.SignerOptions) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: sleutel, KeyID: kid}}, o)
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

func random() string { return oauth2.GenerateVerifier() }

// maxAntwoord is the largest answer of a service.
const maxAntwoord = 1 << 20

// handmatig writes a token that no library would sign.
func handmatig(header string, payload []byte, teken func(in []byte) []byte) string {
	in := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	return in + "." + base64.RawURLEncoding.EncodeToString(teken([]byte(in)))
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
		u.t.Fatalf("the issuer answered %s: %v", res.Status, err)
	}
	if zonder, _, _ := strings.Cut(loc.String(), "?"); zonder != u.terug {
		u.t.Fatalf("sent back to %s", zonder)
	}
	return loc.Query()
}
