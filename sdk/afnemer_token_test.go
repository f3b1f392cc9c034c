package sdk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	oinVanClient    = "00000001804770694000"
	geheimVanClient = "geheim van een client, lang genoeg!"
)

var nuVanProef = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func tokensVanProef(t *testing.T) *Tokens {
	t.Helper()
	k, err := NewTokens(map[string]TokenClient{"derde": {Geheim: []byte(geheimVanClient), Afnemer: Afnemer{OINs: []string{oinVanClient}, MagVertrouwelijk: true}}})
	if err != nil {
		t.Fatal(err)
	}
	k.nu = func() time.Time { return nuVanProef }
	return k
}

// getekendMet signs claims as text, so that anything can stand in them.
func getekendMet(t *testing.T, alg jose.SignatureAlgorithm, geheim, claims string, kop map[jose.HeaderKey]any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: []byte(geheim)}, &jose.SignerOptions{ExtraHeaders: kop})
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign([]byte(claims))
	if err != nil {
		t.Fatal(err)
	}
	tekst, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return tekst
}

func claimsVan(delta time.Duration, meer string) string {
	return fmt.Sprintf(`{"client_id":"derde","iat":%d%s}`, nuVanProef.Add(delta).Unix(), meer)
}

func metToken(waarden ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	for _, w := range waarden {
		r.Header.Add("Authorization", w)
	}
	return r
}

func TestATokenThatIsRightNamesWhoCalls(t *testing.T) {
	t.Parallel()
	k := tokensVanProef(t)
	for naam, claims := range map[string]string{
		"now":               claimsVan(0, ""),
		"an hour old":       claimsVan(-time.Hour, ""),
		"a clock ahead":     claimsVan(time.Minute, ""),
		"nbf ahead":         claimsVan(0, fmt.Sprintf(`,"nbf":%d`, nuVanProef.Add(time.Minute).Unix())),
		"exp to come":       claimsVan(0, fmt.Sprintf(`,"exp":%d.5`, nuVanProef.Unix())),
		"nulls":             claimsVan(0, `,"exp":null,"nbf":null`),
		"claims of others":  claimsVan(0, `,"user_id":"x","CLIENT_ID":"ander","scopes":[]`),
		"a fraction in iat": fmt.Sprintf(`{"client_id":"derde","iat":%d.75}`, nuVanProef.Unix()),
	} {
		for _, soort := range []string{"Bearer ", "bearer ", "Bearer  "} {
			wie, err := k.Wie(metToken(soort + getekendMet(t, jose.HS256, geheimVanClient, claims, nil)))
			if err != nil || !slices.Equal(wie.OINs, []string{oinVanClient}) || !wie.MagVertrouwelijk {
				t.Errorf("%s: %+v, %v", naam, wie, err)
			}
		}
	}
}

// slechteTokens are all that must not be believed; each is the good one with one thing changed.
func slechteTokens(t *testing.T) map[string]*http.Request {
	t.Helper()
	goed := claimsVan(0, "")
	b64 := base64.RawURLEncoding.EncodeToString
	hs256 := func(claims string) string { return getekendMet(t, jose.HS256, geheimVanClient, claims, nil) }
	bearer := func(tekst string) *http.Request { return metToken("Bearer " + tekst) }
	heel := hs256(goed)
	delen := strings.Split(heel, ".")
	zegt := func(alg string) *http.Request { // the signature is right, and the token says that it is another one
		kop := b64([]byte(`{"alg":"` + alg + `","typ":"JWT"}`))
		mac := hmac.New(sha256.New, []byte(geheimVanClient))
		mac.Write([]byte(kop + "." + delen[1]))
		return bearer(kop + "." + delen[1] + "." + b64(mac.Sum(nil)))
	}
	// A last character with other bits that count for nothing: the same bytes, not the same text.
	anders := delen[2][:len(delen[2])-1] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", delen[2][len(delen[2])-1]))^8])
	return map[string]*http.Request{
		"nothing":               metToken(),
		"nothing after Bearer":  metToken("Bearer "),
		"another scheme":        metToken("Basic " + heel),
		"twice":                 metToken("Bearer "+heel, "Bearer "+heel),
		"no token":              bearer("x"),
		"too large":             bearer(heel + strings.Repeat("A", maxToken)),
		"alg none":              bearer(b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64([]byte(goed)) + "."),
		"alg None":              bearer(b64([]byte(`{"alg":"None"}`)) + "." + b64([]byte(goed)) + "." + delen[2]),
		"no alg":                bearer(b64([]byte(`{"typ":"JWT"}`)) + "." + b64([]byte(goed)) + "." + delen[2]),
		"HS384":                 bearer(getekendMet(t, jose.HS384, geheimVanClient+geheimVanClient, goed, nil)),
		"HS512":                 bearer(getekendMet(t, jose.HS512, geheimVanClient+geheimVanClient, goed, nil)),
		"HS512 in name":         zegt("HS512"),
		"ES256 in name":         zegt("ES256"),
		"none in name":          zegt("none"),
		"hs256 in name":         zegt("hs256"),
		"RS256 in name":         bearer(b64([]byte(`{"alg":"RS256"}`)) + "." + delen[1] + "." + delen[2]),
		"crit":                  bearer(getekendMet(t, jose.HS256, geheimVanClient, goed, map[jose.HeaderKey]any{"crit": []string{"exp"}, "exp": 1})),
		"b64":                   bearer(getekendMet(t, jose.HS256, geheimVanClient, goed, map[jose.HeaderKey]any{"b64": true})),
		"no signature":          bearer(delen[0] + "." + delen[1] + "."),
		"another signature":     bearer(delen[0] + "." + delen[1] + "." + anders),
		"other claims":          bearer(delen[0] + "." + b64([]byte(claimsVan(0, `,"x":1`))) + "." + delen[2]),
		"four parts":            bearer(heel + ".x"),
		"JSON":                  bearer(`{"payload":"` + delen[1] + `","protected":"` + delen[0] + `","signature":"` + delen[2] + `"}`),
		"wrong secret":          bearer(getekendMet(t, jose.HS256, "geheim van een ander, ook lang genoeg", goed, nil)),
		"unknown client":        bearer(getekendMet(t, jose.HS256, geheimVanClient, strings.Replace(goed, "derde", "vierde", 1), nil)),
		"no client":             bearer(hs256(strings.Replace(goed, "client_id", "client", 1))),
		"empty client":          bearer(getekendMet(t, jose.HS256, strings.Repeat("\x00", 32), strings.Replace(goed, "derde", "", 1), nil)),
		"a client that is none": bearer(hs256(strings.Replace(goed, `"derde"`, "1", 1))),
		"a claim twice":         bearer(hs256(strings.Replace(goed, "{", `{"client_id":"vierde",`, 1))),
		"no claims":             bearer(hs256("[]")),
		"no JSON":               bearer(hs256("client_id=derde")),
		"no iat":                bearer(hs256(`{"client_id":"derde"}`)),
		"iat null":              bearer(hs256(`{"client_id":"derde","iat":null}`)),
		"iat as text":           bearer(hs256(`{"client_id":"derde","iat":"2026-03-01"}`)),
		"iat without end":       bearer(hs256(`{"client_id":"derde","iat":1e400}`)),
		"iat far":               bearer(hs256(`{"client_id":"derde","iat":1e300}`)),
		"too old":               bearer(hs256(claimsVan(-time.Hour-time.Second, ""))),
		"from the future":       bearer(hs256(claimsVan(time.Minute+time.Second, ""))),
		"expired":               bearer(hs256(claimsVan(0, fmt.Sprintf(`,"exp":%d`, nuVanProef.Unix())))),
		"expired in 1970":       bearer(hs256(claimsVan(0, `,"exp":1`))),
		"not yet":               bearer(hs256(claimsVan(0, fmt.Sprintf(`,"nbf":%d`, nuVanProef.Add(61*time.Second).Unix())))),
	}
}

func TestATokenThatIsNotRightIsRefusedAlwaysInTheSameWords(t *testing.T) {
	t.Parallel()
	log, err := New(Instellingen{URL: "http://127.0.0.1:1", ClientID: "x", Geheim: []byte(geheimVanClient), Organisatie: oinVanClient})
	if err != nil {
		t.Fatal(err)
	}
	k := tokensVanProef(t)
	var geteld []Gebeurtenis
	a, err := NewAanbieder(AanbiederInstellingen{Log: log, Afnemers: k, Leveringen: VasteLeveringen{}, Meting: func(g Gebeurtenis) { geteld = append(geteld, g) }})
	if err != nil {
		t.Fatal(err)
	}
	h := a.Achteraf(Dienst{Gegevensset: "personen", ActieNaam: "Zoeken personen"}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Error("the handler runs")
	}))
	antwoorden := map[string][]string{}
	for naam, r := range slechteTokens(t) {
		geteld = nil
		if wie, err := k.Wie(r); !errors.Is(err, ErrGeenAfnemer) || len(wie.OINs) > 0 {
			t.Errorf("%s: %+v, %v", naam, wie, err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var p probleemJSON
		if err := json.NewDecoder(w.Body).Decode(&p); err != nil {
			t.Fatal(err)
		}
		p.Instance = ""
		tekst := fmt.Sprint(w.Code, p, w.Header())
		antwoorden[tekst] = append(antwoorden[tekst], naam)
		if len(geteld) != 1 || geteld[0].Soort != SoortGeweigerd || geteld[0].Afnemer != "" || !errors.Is(geteld[0].Fout, ErrGeenAfnemer) {
			t.Errorf("%s: counted %+v", naam, geteld)
		}
	}
	if len(antwoorden) != 1 {
		t.Errorf("the answers differ: %v", antwoorden)
	}
	for tekst := range antwoorden {
		if !strings.HasPrefix(tekst, "401 ") || !strings.Contains(tekst, "Www-Authenticate:[Bearer]") {
			t.Error(tekst)
		}
	}
}

func TestClientsThatCannotBeRightAreRefused(t *testing.T) {
	t.Parallel()
	goed := Afnemer{OINs: []string{oinVanClient}}
	for naam, c := range map[string]map[string]TokenClient{
		"a short secret": {"derde": {Geheim: []byte("kort"), Afnemer: goed}},
		"no id":          {"": {Geheim: []byte(geheimVanClient), Afnemer: goed}},
		"no OIN":         {"derde": {Geheim: []byte(geheimVanClient)}},
		"a wrong OIN":    {"derde": {Geheim: []byte(geheimVanClient), Afnemer: Afnemer{OINs: []string{"123"}}}},
	} {
		if _, err := NewTokens(c); err == nil || strings.Contains(err.Error(), geheimVanClient) {
			t.Errorf("%s: %v", naam, err)
		}
	}
}

// A secret that somebody changes afterwards is not that of the client.
func TestTheSecretsOfClientsAreKeptApart(t *testing.T) {
	t.Parallel()
	geheim, oins := []byte(geheimVanClient), []string{oinVanClient}
	k, err := NewTokens(map[string]TokenClient{"derde": {Geheim: geheim, Afnemer: Afnemer{OINs: oins}}})
	if err != nil {
		t.Fatal(err)
	}
	k.nu = func() time.Time { return nuVanProef }
	clear(geheim)
	oins[0] = ""
	if wie, err := k.Wie(metToken("Bearer " + getekendMet(t, jose.HS256, geheimVanClient, claimsVan(0, ""), nil))); err != nil || wie.OINs[0] != oinVanClient {
		t.Errorf("%+v, %v", wie, err)
	}
}

// What is believed of a client of this SDK is what it signs itself.
func TestTheTokenOfAClientIsBelieved(t *testing.T) {
	t.Parallel()
	k := tokensVanProef(t)
	van, err := newTokens("derde", []byte(geheimVanClient), "", func() time.Time { return nuVanProef })
	if err != nil {
		t.Fatal(err)
	}
	tekst, err := van.voor("gebruiker-12")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Wie(metToken("Bearer " + tekst)); err != nil {
		t.Error(err)
	}
}

// A panic in the application tells the operator where, and not of whom.
func TestAPanicTellsWhereAndNotOfWhom(t *testing.T) {
	t.Parallel()
	log, err := New(Instellingen{URL: "http://127.0.0.1:1", ClientID: "x", Geheim: []byte(geheimVanClient), Organisatie: oinVanClient})
	if err != nil {
		t.Fatal(err)
	}
	var geteld []Gebeurtenis
	a, err := NewAanbieder(AanbiederInstellingen{
		Log: log, Afnemers: altijd{Afnemer{OINs: []string{oinVanClient}}}, Leveringen: VasteLeveringen{{Afnemer: oinVanClient, Gegevensset: "personen", Doel: NietOpgegeven, Levering: Levering{Activiteit: Activiteit{ID: NewVerwerkingID()}}}},
		Meting: func(g Gebeurtenis) { geteld = append(geteld, g) },
	})
	if err != nil {
		t.Fatal(err)
	}
	d := Dienst{Gegevensset: "personen", ActieNaam: "Zoeken personen"}
	for naam, h := range map[string]http.Handler{
		"the handler of a search": a.Achteraf(d, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { zoekIn(999990019) })),
		"who reads the persons": a.Vooraf(d, func(*http.Request, []byte) ([]Object, error) { zoekIn(999990019); return nil, nil },
			http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler runs") })),
	} {
		geteld = nil
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
		body, _ := io.ReadAll(w.Body)
		if w.Code != http.StatusInternalServerError || strings.Contains(string(body), "999990019") {
			t.Errorf("%s: %d %s", naam, w.Code, body)
		}
		fout := geteld[len(geteld)-1].Fout.Error()
		if !strings.Contains(fout, "sdk.zoekIn:") || strings.Contains(fout, "999990019") || strings.Contains(fout, "3b9aa") {
			t.Errorf("%s: %s", naam, fout)
		}
	}
}

//go:noinline
func zoekIn(bsn int) { panic(fmt.Sprint("geen rij voor ", bsn)) }

// altijd knows everybody.
type altijd struct{ Afnemer }

func (a altijd) Wie(*http.Request) (Afnemer, error) { return a.Afnemer, nil }
