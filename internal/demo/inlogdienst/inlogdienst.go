// Package inlogdienst is a sign-in service of invented people, in the place of the broker of a real organisation (OpenID Connect Core 1.0,
// code flow with PKCE). Whoever is at the screen chooses who to be, how sure that is, and what goes wrong.
//
// Only a build with the tag dev imports this, and it works on this machine alone: it asks nobody for a password. Nothing is kept; its key is new
// at every start.
package inlogdienst

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// Persoon is somebody who can be chosen.
type Persoon struct {
	Sleutel string // in the form
	Naam    string
	Uitleg  string // Dutch, for whoever is at the screen
	BSN     string // of who signs in
	Hoogste string // level that they have at most; empty: any
	Namens  string // BSN of who they act for
	Soort   string // in what way: ouder, curator, gemachtigde, onderneming
	KvK     string // number of the company that they act for
	Geheim  bool   // the BRP keeps their address secret
}

// Opties say who is there, and for whom.
type Opties struct {
	Uitgever         string // http://127.0.0.1:8080/inlogdienst
	ClientID, Geheim string
	Terug            string // where browsers are sent back to
	Personen         []Persoon
	Nu               func() time.Time
}

// Levels, from low to high, as DigiD calls them.
var niveaus = []string{"Basis", "Midden", "Substantieel", "Hoog"}

// geldig is how long a code lasts.
const geldig = time.Minute

// Dienst is a running service. It may be used by many goroutines.
type Dienst struct {
	o       Opties
	pad     string // of the issuer
	sleutel *ecdsa.PrivateKey

	mu    sync.Mutex
	codes map[string]verleend
}

// verleend is what a code was given for.
type verleend struct {
	claims               map[string]any
	uitdaging, fout, tot string
	einde                time.Time
}

// New makes a service. It fails when its address is not on this machine.
func New(o Opties) (*Dienst, error) {
	u, err := url.Parse(o.Uitgever)
	if err != nil || u.Scheme != "http" || u.Path == "" || u.Path == "/" {
		return nil, errors.New("the sign-in service of the demonstration needs an address with a path")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
		return nil, errors.New("de inlogdienst van de demonstratie werkt alleen op deze machine zelf")
	}
	if o.ClientID == "" || o.Geheim == "" || o.Terug == "" {
		return nil, errors.New("the sign-in service of the demonstration needs a client, a secret and where to send browsers back to")
	}
	if o.Nu == nil {
		o.Nu = time.Now
	}
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return &Dienst{o: o, pad: u.Path, sleutel: k, codes: map[string]verleend{}}, nil
}

// Pad is where it must be served, with what is below it.
func (d *Dienst) Pad() string { return d.pad + "/" }

// ServeHTTP answers everything below the issuer.
func (d *Dienst) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, d.pad) {
	case "GET /.well-known/openid-configuration":
		antwoord(w, http.StatusOK, map[string]any{
			"issuer": d.o.Uitgever, "authorization_endpoint": d.o.Uitgever + "/aanmelden", "token_endpoint": d.o.Uitgever + "/token", "jwks_uri": d.o.Uitgever + "/sleutels",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
			"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}, "code_challenge_methods_supported": []string{"S256"},
			"authorization_response_iss_parameter_supported": true, "acr_values_supported": niveaus,
		})
	case "GET /sleutels":
		antwoord(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: d.sleutel.Public(), KeyID: "1", Use: "sig", Algorithm: "ES256"}}})
	case "GET /aanmelden":
		d.toon(w, r, r.URL.Query(), "")
	case "POST /aanmelden":
		d.kies(w, r)
	case "POST /token":
		d.wissel(w, r)
	default:
		http.NotFound(w, r)
	}
}

func antwoord(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // an error means that the client went away
}

// vraagt judges what the register asks; "" when it is in order.
func (d *Dienst) vraagt(q url.Values) string {
	switch {
	case q.Get("client_id") != d.o.ClientID || q.Get("redirect_uri") != d.o.Terug:
		return "Deze toepassing is hier niet bekend."
	case q.Get("response_type") != "code" || !strings.Contains(" "+q.Get("scope")+" ", " openid ") || q.Get("state") == "" || q.Get("nonce") == "":
		return "Dit is geen aanvraag van OpenID Connect."
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		return "De aanvraag mist PKCE."
	}
	return ""
}

// kies makes a code of what was chosen, and sends the browser back.
func (d *Dienst) kies(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if r.ParseForm() != nil {
		http.Error(w, "te groot", http.StatusRequestEntityTooLarge)
		return
	}
	q := r.PostForm
	p, ok := d.persoon(q)
	niveau := q.Get("niveau")
	if niveau == "" {
		niveau = "Substantieel"
	}
	uit := url.Values{"state": {q.Get("state")}, "iss": {d.o.Uitgever}}
	switch {
	case d.vraagt(q) != "":
		d.toon(w, r, q, "")
		return
	case q.Has("stop") || q.Get("gaat") == "stoppen":
		uit.Set("error", "access_denied")
	case q.Get("gaat") == "storing":
		uit.Set("error", "temporarily_unavailable")
	case !ok && q.Get("persoon") == ander:
		d.toon(w, r, q, "Typ een testnummer: negen cijfers, het begint met 9999, en het klopt met de elfproef.")
		return
	case !ok:
		d.toon(w, r, q, "Kies eerst wie u bent.")
		return
	case rang(niveau) < 0 || p.Hoogste != "" && rang(niveau) > rang(p.Hoogste):
		d.toon(w, r, q, p.Naam+" heeft niveau "+niveau+" niet. Kies een lager niveau.")
		return
	default:
		uit.Set("code", d.verleen(q, p, niveau))
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, d.o.Terug+"?"+uit.Encode(), http.StatusSeeOther)
}

// ander is the choice of whoever types a number.
const ander = "ander"

// persoon is who was chosen. A number that is typed must be one that nobody has.
func (d *Dienst) persoon(q url.Values) (Persoon, bool) {
	sleutel := q.Get("persoon")
	if p, ok := inwoner.LeesBSN(q.Get("nummer")); sleutel == ander {
		return Persoon{Sleutel: ander + " " + p.ID, Naam: "Iemand anders", BSN: p.ID, Geheim: q.Has("geheim")}, ok && strings.HasPrefix(p.ID, "9999")
	}
	for _, p := range d.o.Personen {
		if p.Sleutel == sleutel {
			return p, true
		}
	}
	return Persoon{}, false
}

// rang is the place of a level; -1 of what is none.
func rang(niveau string) int {
	for i, n := range niveaus {
		if n == niveau {
			return i
		}
	}
	return -1
}

// verleen gives a code.
func (d *Dienst) verleen(q url.Values, p Persoon, niveau string) string {
	nu := d.o.Nu()
	som := sha256.Sum256([]byte("inlogdienst\x00" + p.Sleutel))
	claims := map[string]any{
		"iss": d.o.Uitgever, "aud": d.o.ClientID, "sub": base64.RawURLEncoding.EncodeToString(som[:16]), "nonce": q.Get("nonce"),
		"iat": nu.Unix(), "exp": nu.Add(5 * time.Minute).Unix(), "auth_time": nu.Unix(), "acr": niveau, "name": p.Naam, "bsn": p.BSN,
	}
	namens := map[string]any{}
	for claim, waarde := range map[string]string{"bsn": p.Namens, "kvk": p.KvK, "soort": p.Soort} {
		if waarde != "" {
			namens[claim] = waarde
		}
	}
	if len(namens) > 0 {
		claims["namens"] = namens
	}
	if p.Geheim {
		claims["indicatieGeheim"] = 7 // LO BRP, element 07.70.10: to nobody
	}
	switch q.Get("gaat") {
	case "niveau":
		claims["acr"] = "Onbekend"
	case "nummer":
		claims["bsn"] = "999900000"
	case "nonce":
		claims["nonce"] = "van een ander"
	case "vreemd":
		claims["machtiging"] = true
	}
	code := rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	for c, v := range d.codes {
		if !nu.Before(v.einde) {
			delete(d.codes, c)
		}
	}
	d.codes[code] = verleend{claims, q.Get("code_challenge"), q.Get("gaat"), q.Get("redirect_uri"), nu.Add(geldig)}
	return code
}

// wissel gives a token for a code, once.
func (d *Dienst) wissel(w http.ResponseWriter, r *http.Request) {
	weiger := func(woord string) { antwoord(w, http.StatusBadRequest, map[string]string{"error": woord}) }
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	id, geheim, ok := r.BasicAuth()
	id, fout1 := url.QueryUnescape(id)
	geheim, fout2 := url.QueryUnescape(geheim)
	if !ok || fout1 != nil || fout2 != nil || id != d.o.ClientID || subtle.ConstantTimeCompare([]byte(geheim), []byte(d.o.Geheim)) != 1 {
		weiger("invalid_client")
		return
	}
	code, verifier := r.PostFormValue("code"), r.PostFormValue("code_verifier")
	d.mu.Lock()
	v, ok := d.codes[code]
	delete(d.codes, code)
	d.mu.Unlock()
	som := sha256.Sum256([]byte(verifier))
	if !ok || !d.o.Nu().Before(v.einde) || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != v.tot ||
		base64.RawURLEncoding.EncodeToString(som[:]) != v.uitdaging {
		weiger("invalid_grant")
		return
	}
	token, err := d.teken(v)
	if err != nil {
		http.Error(w, "tekenen lukt niet", http.StatusInternalServerError)
		return
	}
	antwoord(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": token})
}

// teken signs; with a key of nobody when that was chosen.
func (d *Dienst) teken(v verleend) (string, error) {
	k := d.sleutel
	if v.fout == "ondertekening" {
		var err error
		if k, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return "", err
		}
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: k, KeyID: "1"}}, nil)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(v.claims)
	if err != nil {
		return "", err
	}
	j, err := s.Sign(plain)
	if err != nil {
		return "", err
	}
	return j.CompactSerialize()
}
