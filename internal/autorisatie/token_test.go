package autorisatie_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	gemeente  = "00000099123456780000"
	buurman   = "00000099000000010000"
	vreemde   = "00000099000000020000"
	headerJWT = `{"alg":"HS256","typ":"JWT"}`
)

var (
	nu            = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	geheimEen     = []byte("geheim-van-burgerzaken-en-niemand-anders")
	geheimMeer    = []byte("geheim-van-de-gezamenlijke-uitvoerder!!!")
	instellingen  = autorisatie.Instellingen{Nu: func() time.Time { return nu }}
	alleBewerking = []autorisatie.Scope{"create:normal", "create:confidential", "read:normal", "read:confidential",
		"update:normal", "update:confidential", "delete:normal", "delete:confidential", "audit:read"}
)

func register() *autorisatie.Register {
	return autorisatie.NewRegister(&autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{
		{
			ClientIDs: []string{"burgerzaken", "burgerzaken-balie"}, Geheim: geheimEen, Label: "Burgerzaken",
			Organisaties: []string{gemeente}, OINs: []string{gemeente},
			Autorisaties: []autorisatie.Autorisatie{
				{Component: autorisatie.ComponentBewerking, Scopes: []autorisatie.Scope{"update:confidential", "read:normal"}},
				{Component: autorisatie.ComponentInzage, Scopes: []autorisatie.Scope{"read:confidential"}},
			},
		},
		{
			ClientIDs: []string{"uitvoerder"}, Geheim: geheimMeer, Label: "Uitvoerder",
			Organisaties: []string{gemeente, buurman}, OINs: []string{buurman},
		},
	}})
}

// payload gives claims of burgerzaken issued ten seconds ago, with more members appended.
func payload(meer string) string {
	return fmt.Sprintf(`{"iss":"burgerzaken","client_id":"burgerzaken","iat":%d%s}`, nu.Unix()-10, meer)
}

// jws makes a token by hand, so that it may be one no decent library makes.
func jws(hash func() hash.Hash, header, payload string, geheim []byte) string {
	b64 := base64.RawURLEncoding.EncodeToString
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	mac := hmac.New(hash, geheim)
	mac.Write([]byte(input))
	return input + "." + b64(mac.Sum(nil))
}

func hs256(header, payload string) string { return jws(sha256.New, header, payload, geheimEen) }

func TestAGoodTokenGivesADecision(t *testing.T) {
	t.Parallel()
	b, err := register().Authenticate(hs256(headerJWT,
		payload(`,"user_id":"u-17","user_representation":"Balie 3","extra":{"x":[1]}`)), instellingen)
	if err != nil {
		t.Fatal(err)
	}
	type zichtbaar struct{ ClientID, Label, Organisatie, ID, Naam, OIN string }
	got := zichtbaar{b.ClientID, b.Label, b.Organisatie, b.GebruikerID, b.GebruikerNaam, strings.Join(b.OINs, " ")}
	want := zichtbaar{"burgerzaken", "Burgerzaken", gemeente, "u-17", "Balie 3", gemeente}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if b.Derde() || !b.EigenOIN(gemeente) || b.EigenOIN(buurman) {
		t.Error("the organisation's own application is no third party")
	}
}

func TestTokensThatAreAccepted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ header, payload string }{
		"without typ":                             {`{"alg":"HS256"}`, payload("")},
		"a kid points nowhere and is ignored":     {`{"alg":"HS256","kid":"../../../dev/null"}`, payload("")},
		"an embedded key is not used":             {`{"alg":"HS256","jku":"https://example.invalid/jwks"}`, payload("")},
		"without iss":                             {headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken","iat":%d}`, nu.Unix())},
		"another client id of the application":    {headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken-balie","iat":%d}`, nu.Unix())},
		"iat as far ahead as the leeway":          {headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken","iat":%d}`, nu.Unix()+60)},
		"iat as old as allowed":                   {headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken","iat":%d}`, nu.Unix()-3600)},
		"iat with a fraction":                     {headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken","iat":%d.25}`, nu.Unix()-1)},
		"exp still to come":                       {headerJWT, payload(fmt.Sprintf(`,"exp":%d`, nu.Unix()+1))},
		"exp absurdly far away":                   {headerJWT, payload(`,"exp":1e999`)},
		"nbf within the leeway":                   {headerJWT, payload(fmt.Sprintf(`,"nbf":%d`, nu.Unix()+60))},
		"its own organisation named":              {headerJWT, payload(`,"organisatie":"` + gemeente + `"`)},
		"optional claims that are null or empty":  {headerJWT, payload(`,"exp":null,"nbf":null,"organisatie":"","user_id":null`)},
		"a scope nobody knows narrows to nothing": {headerJWT, payload(`,"scopes":["alles"]`)},
	}
	r := register()
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := r.Authenticate(hs256(tt.header, tt.payload), instellingen); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	b64 := base64.RawURLEncoding.EncodeToString
	goed := hs256(headerJWT, payload(""))
	delen := strings.Split(goed, ".")
	none := b64([]byte(`{"alg":"none"}`)) + "." + delen[1] + "."
	client := func(meer string) string { return hs256(headerJWT, `{"client_id":"burgerzaken"`+meer+`}`) }
	last := delen[2][:len(delen[2])-2] + map[bool]string{true: "AA", false: "BB"}[!strings.HasSuffix(delen[2], "AA")]

	tests := map[string]struct{ token, reden string }{
		"no token":                      {"", "geen_token"},
		"one byte too large":            {goed + strings.Repeat("A", 8<<10+1-len(goed)), "te_groot"},
		"huge":                          {strings.Repeat("A", 10<<20), "te_groot"},
		"not a token":                   {"geheim", "onleesbaar"},
		"two parts":                     {delen[0] + "." + delen[1], "onleesbaar"},
		"four parts":                    {goed + ".AAAA", "onleesbaar"},
		"five parts (JWE)":              {goed + ".AAAA.AAAA", "onleesbaar"},
		"padding in base64":             {delen[0] + "." + delen[1] + "=." + delen[2], "onleesbaar"},
		"header is not JSON":            {hs256(`alg`, payload("")), "onleesbaar"},
		"JSON serialization":            {`{"payload":"` + delen[1] + `","protected":"` + delen[0] + `","signature":"` + delen[2] + `"}`, "onleesbaar"},
		"several signatures":            {`{"payload":"` + delen[1] + `","signatures":[{"protected":"` + delen[0] + `","signature":"` + delen[2] + `"},{"protected":"` + delen[0] + `","signature":"AAAA"}]}`, "onleesbaar"},
		"detached payload":              {delen[0] + ".." + delen[2], "onleesbaar"},
		"alg none":                      {none, "algoritme"},
		"alg None with a signature":     {hs256(`{"alg":"None"}`, payload("")), "algoritme"},
		"alg in lower case":             {hs256(`{"alg":"hs256"}`, payload("")), "algoritme"},
		"no alg":                        {hs256(`{"typ":"JWT"}`, payload("")), "algoritme"},
		"alg is a list":                 {hs256(`{"alg":["HS256"]}`, payload("")), "algoritme"},
		"RS256 header over an HMAC":     {hs256(`{"alg":"RS256"}`, payload("")), "algoritme"},
		"HS512, rightly signed":         {jws(sha512.New, `{"alg":"HS512"}`, payload(""), geheimEen), "algoritme"},
		"HS512 said, HS256 done":        {hs256(`{"alg":"HS512"}`, payload("")), "algoritme"},
		"RS256, rightly signed":         {rs256(t), "algoritme"},
		"alg twice":                     {hs256(`{"alg":"none","alg":"HS256"}`, payload("")), "onleesbaar"},
		"critical extension":            {hs256(`{"alg":"HS256","crit":["exp"],"exp":1}`, payload("")), "onleesbaar"},
		"unencoded payload":             {hs256(`{"alg":"HS256","crit":["b64"],"b64":false}`, payload("")), "onleesbaar"},
		"b64 without crit":              {hs256(`{"alg":"HS256","b64":false}`, payload("")), "onleesbaar"},
		"own key in the header":         {jws(sha256.New, `{"alg":"HS256","jwk":{"kty":"oct","k":"`+b64(geheimMeer)+`"}}`, payload(""), geheimMeer), "onleesbaar"},
		"kid is the client of the key":  {jws(sha256.New, `{"alg":"HS256","kid":"uitvoerder"}`, payload(""), geheimMeer), "handtekening"},
		"another client's secret":       {jws(sha256.New, headerJWT, payload(""), geheimMeer), "handtekening"},
		"empty secret":                  {jws(sha256.New, headerJWT, payload(""), nil), "handtekening"},
		"signature cut off":             {delen[0] + "." + delen[1] + "." + delen[2][:20], "handtekening"},
		"no signature":                  {delen[0] + "." + delen[1] + ".", "handtekening"},
		"signature of other bytes":      {delen[0] + "." + delen[1] + "." + last, "handtekening"},
		"payload swapped":               {delen[0] + "." + b64([]byte(payload(`,"user_id":"x"`))) + "." + delen[2], "handtekening"},
		"unknown client":                {hs256(headerJWT, fmt.Sprintf(`{"client_id":"niemand","iat":%d}`, nu.Unix())), "onbekende_client"},
		"client id in capitals":         {hs256(headerJWT, fmt.Sprintf(`{"client_id":"BURGERZAKEN","iat":%d}`, nu.Unix())), "onbekende_client"},
		"no client id, only iss":        {hs256(headerJWT, fmt.Sprintf(`{"iss":"burgerzaken","iat":%d}`, nu.Unix())), "geen_client_id"},
		"claim name in capitals":        {hs256(headerJWT, fmt.Sprintf(`{"Client_ID":"burgerzaken","iat":%d}`, nu.Unix())), "geen_client_id"},
		"client id is a number":         {hs256(headerJWT, `{"client_id":1}`), "claim"},
		"client id is a list":           {hs256(headerJWT, `{"client_id":["burgerzaken"]}`), "claim"},
		"client id twice":               {client(fmt.Sprintf(`,"iat":%d,"client_id":"uitvoerder"`, nu.Unix())), "onleesbaar"},
		"scopes twice":                  {hs256(headerJWT, payload(`,"scopes":[],"scopes":["read:normal"]`)), "onleesbaar"},
		"unknown claim twice":           {hs256(headerJWT, payload(`,"x":1,"x":2`)), "onleesbaar"},
		"payload is a list":             {hs256(headerJWT, `[]`), "claim"},
		"payload is empty":              {hs256(headerJWT, ``), "onleesbaar"},
		"payload is null":               {hs256(headerJWT, `null`), "claim"},
		"payload with something behind": {hs256(headerJWT, payload("")+"{}"), "onleesbaar"},
		"payload not UTF-8":             {hs256(headerJWT, payload(",\"user_id\":\"\xff\"")), "onleesbaar"},
		"payload very deep":             {hs256(headerJWT, payload(`,"x":`+strings.Repeat("[", 5000))), "onleesbaar"},
		"iat missing":                   {client(""), "geen_iat"},
		"iat null":                      {client(`,"iat":null`), "geen_iat"},
		"iat as text":                   {client(fmt.Sprintf(`,"iat":"%d"`, nu.Unix())), "claim"},
		"iat true":                      {client(`,"iat":true`), "claim"},
		"iat beyond the leeway":         {client(fmt.Sprintf(`,"iat":%d`, nu.Unix()+61)), "iat_in_toekomst"},
		"iat in milliseconds":           {client(fmt.Sprintf(`,"iat":%d`, nu.UnixMilli())), "iat_in_toekomst"},
		"iat immense":                   {client(`,"iat":1e308`), "iat_in_toekomst"},
		"iat beyond a float":            {client(`,"iat":1e999`), "iat_in_toekomst"},
		"iat a second too old":          {client(fmt.Sprintf(`,"iat":%d`, nu.Unix()-3601)), "te_oud"},
		"iat zero":                      {client(`,"iat":0`), "te_oud"},
		"iat immensely negative":        {client(`,"iat":-1e308`), "te_oud"},
		"expired this second":           {hs256(headerJWT, payload(fmt.Sprintf(`,"exp":%d`, nu.Unix()))), "verlopen"},
		"exp as text":                   {hs256(headerJWT, payload(`,"exp":"morgen"`)), "claim"},
		"not valid yet":                 {hs256(headerJWT, payload(fmt.Sprintf(`,"nbf":%d`, nu.Unix()+61))), "nog_niet_geldig"},
		"scopes as text":                {hs256(headerJWT, payload(`,"scopes":"read:normal"`)), "claim"},
		"scopes null":                   {hs256(headerJWT, payload(`,"scopes":null`)), "claim"},
		"scopes an object":              {hs256(headerJWT, payload(`,"scopes":{"read:normal":true}`)), "claim"},
		"scopes with a number":          {hs256(headerJWT, payload(`,"scopes":["read:normal",1]`)), "claim"},
		"scopes with null":              {hs256(headerJWT, payload(`,"scopes":[null]`)), "claim"},
		"scopes with a list":            {hs256(headerJWT, payload(`,"scopes":[["read:normal"]]`)), "claim"},
		"organisatie a list":            {hs256(headerJWT, payload(`,"organisatie":["`+gemeente+`"]`)), "claim"},
		"user id a number":              {hs256(headerJWT, payload(`,"user_id":17`)), "claim"},
		"user id with NUL":              {hs256(headerJWT, payload(`,"user_id":"a\u0000b"`)), "claim"},
	}
	r := register()
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := r.Authenticate(tt.token, instellingen)
			if b != nil || err == nil {
				t.Fatal("accepted")
			}
			code := fout.CodeAanmeldenMislukt
			if tt.token == "" {
				code = fout.CodeNietAangemeld
			}
			if got := fout.CodeOf(err); got != code {
				t.Errorf("code %s, want %s", got, code)
			}
			if got := autorisatie.Reden(err); got != tt.reden {
				t.Errorf("reason %s, want %s", got, tt.reden)
			}
			var f *fout.Fout
			if !errors.As(err, &f) || f.Detail == "" || f.Oorzaak == nil {
				t.Errorf("a refusal needs a detail and a cause: %v", err)
			}
		})
	}
}

func rs256(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	input := b64([]byte(`{"alg":"RS256"}`)) + "." + b64([]byte(payload("")))
	som := sha256.Sum256([]byte(input))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, som[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + b64(sig)
}

func TestAnUnknownClientLooksLikeAWrongSignature(t *testing.T) {
	t.Parallel()
	r := register()
	detail := func(token string) fout.Fout {
		_, err := r.Authenticate(token, instellingen)
		var f *fout.Fout
		if !errors.As(err, &f) {
			t.Fatalf("no Fout: %v", err)
		}
		return fout.Fout{Code: f.Code, Detail: f.Detail}
	}
	// What follows the check of the signature (no iat here) must not be told to either.
	onbekend := detail(hs256(headerJWT, `{"client_id":"niemand"}`))
	fouteHandtekening := detail(jws(sha256.New, headerJWT, `{"client_id":"burgerzaken"}`, geheimMeer))
	if d := cmp.Diff(onbekend, fouteHandtekening); d != "" {
		t.Error(d)
	}
}

func TestReasonsAreAClosedSet(t *testing.T) {
	t.Parallel()
	if got := autorisatie.Reden(errors.New("disk full")); got != "" {
		t.Errorf("reason of another error: %q", got)
	}
	if got := autorisatie.Reden(nil); got != "" {
		t.Errorf("reason of no error: %q", got)
	}
	gezien := map[string]bool{}
	for _, r := range autorisatie.Redenen() {
		if gezien[r] || r == "" {
			t.Errorf("double or empty reason %q", r)
		}
		gezien[r] = true
	}
	_, err := register().Authenticate("", instellingen)
	if r := autorisatie.Reden(fmt.Errorf("handle request: %w", err)); !gezien[r] {
		t.Errorf("reason %q of a wrapped refusal", r)
	}
}

func TestLimitsCanBeSet(t *testing.T) {
	t.Parallel()
	r := register()
	token := func(iat int64) string {
		return hs256(headerJWT, fmt.Sprintf(`{"client_id":"burgerzaken","iat":%d}`, iat))
	}
	streng := autorisatie.Instellingen{MaxLeeftijd: time.Minute, Speling: -1, Nu: instellingen.Nu}
	for iat, want := range map[int64]string{nu.Unix() - 60: "", nu.Unix() - 61: "te_oud", nu.Unix() + 1: "iat_in_toekomst"} {
		if _, err := r.Authenticate(token(iat), streng); autorisatie.Reden(err) != want {
			t.Errorf("iat %+d s: %v, want %q", iat-nu.Unix(), err, want)
		}
	}
	if _, err := r.Authenticate(token(time.Now().Unix()), autorisatie.Instellingen{}); err != nil {
		t.Errorf("without settings the clock and the defaults count: %v", err)
	}
}
