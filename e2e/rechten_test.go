package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// X25: a token narrows the registered rights and never widens them.
func TestTokenVersmaltRechten(t *testing.T) {
	t.Parallel()
	r := start(t)
	type scopes = []autorisatie.Scope
	postVertrouwelijk := vraag{"POST vertrouwelijk", func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.do(client, "POST", bewerking+"/verwerkingsacties", basis().with("vertrouwelijkheid", "vertrouwelijk"), o...)
	}}
	postNormaal := vraag{"POST normaal", func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.do(client, "POST", bewerking+"/verwerkingsacties", basis(), o...)
	}}
	verhuld := vraag{"GET with header Vertrouwelijkheid", func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.lijst(client, g.bsn, "", append(o, header("Vertrouwelijkheid", "vertrouwelijk"))...)
	}}
	tabel := []struct {
		client string
		scopes scopes
		vraag  vraag
		want   int
	}{
		{"vertrouwelijk", scopes{"read:normal"}, lijst("&vertrouwelijkheid=normaal"), 200},
		{"vertrouwelijk", scopes{"read:normal"}, lijst(""), 403},
		{"vertrouwelijk", scopes{"read.normal"}, lijst("&vertrouwelijkheid=normaal"), 200}, // both spellings (X21)
		{"vertrouwelijk", scopes{"read.confidential"}, lijst(""), 200},
		{"vertrouwelijk", scopes{"read:confidential"}, lijst("&vertrouwelijkheid=normaal"), 200},
		{"vertrouwelijk", scopes{"read:confidential"}, verwijder, 403},
		{"vertrouwelijk", scopes{"read:confidential"}, pas(`{"bewaartermijn":"P1Y"}`), 403},
		{"vertrouwelijk", scopes{"delete:normal"}, verwijder, 204},
		{"vertrouwelijk", scopes{"update:normal"}, pas(`{"bewaartermijn":"P1Y"}`), 204},
		{"vertrouwelijk", scopes{"update:normal"}, pas(`{"vertrouwelijkheid":"normaal"}`), 403},
		{"vertrouwelijk", scopes{"update:confidential"}, pas(`{"vertrouwelijkheid":"normaal"}`), 204}, // update.confidential was registered
		{"vertrouwelijk", scopes{"create:normal"}, postVertrouwelijk, 403},
		{"vertrouwelijk", scopes{"create:confidential"}, postVertrouwelijk, 201},
		{"vertrouwelijk", scopes{"read:confidential"}, verhuld, 403},
		{"vertrouwelijk", scopes{"read:confidential", "create:confidential"}, verhuld, 200},
		{"vertrouwelijk", scopes{}, lijst("&vertrouwelijkheid=normaal"), 403},
		{"vertrouwelijk", scopes{"read:everything", "*"}, lijst(""), 403},
		{"vertrouwelijk", scopes{}, postNormaal, 201}, // no scope is looked at
		{"normaal", scopes{"read:confidential"}, lijst(""), 403},
		{"normaal", scopes{"read:confidential"}, lijst("&vertrouwelijkheid=normaal"), 200},
		{"normaal", scopes{"create:confidential"}, postVertrouwelijk, 403},
		{"normaal", scopes{"audit:read"}, lijst("&vertrouwelijkheid=normaal"), 403},
		{"niets", scopes{"read:confidential", "create:confidential"}, lijst(""), 403},
		{"niets", scopes{"create:confidential"}, postVertrouwelijk, 403},
		{"niets", nil, postNormaal, 201},
		{"inzage-vertrouwelijk", scopes{"read:confidential"}, lijst(""), 403},
		{"inzage-vertrouwelijk", nil, lijst(""), 403},
		{"inzage-vertrouwelijk", nil, opID, 403},
		{"auditor", nil, lijst("&vertrouwelijkheid=normaal"), 403},
		{"auditor", nil, opID, 403},
	}
	for _, row := range tabel {
		t.Run(fmt.Sprintf("%s by %s with scopes %q gives %d", row.vraag.naam, row.client, row.scopes, row.want), func(t *testing.T) {
			t.Parallel()
			r := r.in(t)
			g := r.geval(staatN0)
			row.vraag.doe(r, row.client, g, r.als(row.client, autorisatie.Claims{Scopes: row.scopes})).Want(row.want)
		})
	}
}

// jwt makes a token by hand, with whatever header and claims.
func jwt(head, claims map[string]any, sign func([]byte) []byte) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	signed := part(head) + "." + part(claims)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(signed)))
}

func mac(h func() hash.Hash, key string) func([]byte) []byte {
	return func(b []byte) []byte {
		m := hmac.New(h, []byte(key))
		m.Write(b)
		return m.Sum(nil)
	}
}

// everything that is no good token is refused, says how to sign in, and stores and shows nothing.
func TestSlechteTokens(t *testing.T) {
	t.Parallel()
	r := start(t)
	now := time.Now()
	claims := func(more map[string]any) map[string]any {
		c := map[string]any{"iss": "vertrouwelijk", "client_id": "vertrouwelijk", "iat": now.Unix()}
		for k, v := range more {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		return c
	}
	hs256 := map[string]any{"typ": "JWT", "alg": "HS256"}
	good := mac(sha256.New, geheim)
	none := func([]byte) []byte { return nil }
	bearer := func(s string) []string { return []string{"Bearer " + s} }
	goed := jwt(hs256, claims(nil), good)
	tabel := []struct {
		naam   string
		header []string // Authorization; nil for none
		status int
	}{
		{"a good one", bearer(goed), 200},
		{"a clock half a minute ahead", bearer(jwt(hs256, claims(map[string]any{"iat": now.Add(30 * time.Second).Unix()}), good)), 200},
		{"the scheme in another case", []string{"bearer " + goed}, 200},
		{"none", nil, 401},
		{"an empty one", []string{"Bearer "}, 401},
		{"another scheme", []string{"Basic " + base64.StdEncoding.EncodeToString([]byte("vertrouwelijk:"+geheim))}, 401},
		{"a word", bearer("abc"), 401},
		{"three empty parts", bearer(".."), 401},
		{"twice", []string{"Bearer " + goed, "Bearer " + goed}, 401},
		{"alg none", bearer(jwt(map[string]any{"typ": "JWT", "alg": "none"}, claims(nil), none)), 401},
		{"alg None with a signature", bearer(jwt(map[string]any{"alg": "None"}, claims(nil), good)), 401},
		{"alg HS512", bearer(jwt(map[string]any{"alg": "HS512"}, claims(nil), mac(sha512.New, geheim))), 401},
		{"alg HS384", bearer(jwt(map[string]any{"alg": "HS384"}, claims(nil), mac(sha512.New384, geheim))), 401},
		{"alg RS256", bearer(jwt(map[string]any{"alg": "RS256"}, claims(nil), good)), 401},
		{"no alg", bearer(jwt(map[string]any{"typ": "JWT"}, claims(nil), good)), 401},
		{"a critical extension", bearer(jwt(map[string]any{"alg": "HS256", "crit": []string{"exp"}}, claims(nil), good)), 401},
		{"no signature", bearer(jwt(hs256, claims(nil), none)), 401},
		{"another secret", bearer(jwt(hs256, claims(nil), mac(sha256.New, geheim+"!"))), 401},
		{"another signature", bearer(goed[:len(goed)-4] + "AAAA"), 401},
		{"another payload", bearer(strings.Replace(goed, goed[40:44], "AAAA", 1)), 401},
		{"an unknown client", bearer(jwt(hs256, claims(map[string]any{"client_id": "onbekend"}), good)), 401},
		{"no client", bearer(jwt(hs256, claims(map[string]any{"client_id": nil}), good)), 401},
		{"a client that is a number", bearer(jwt(hs256, claims(map[string]any{"client_id": 1}), good)), 401},
		{"no iat", bearer(jwt(hs256, claims(map[string]any{"iat": nil}), good)), 401},
		{"iat in the future", bearer(jwt(hs256, claims(map[string]any{"iat": now.Add(time.Hour).Unix()}), good)), 401},
		{"iat too long ago", bearer(jwt(hs256, claims(map[string]any{"iat": now.Add(-61 * time.Minute).Unix()}), good)), 401},
		{"iat as text", bearer(jwt(hs256, claims(map[string]any{"iat": "nu"}), good)), 401},
		{"expired", bearer(jwt(hs256, claims(map[string]any{"exp": now.Add(-time.Second).Unix()}), good)), 401},
		{"not yet valid", bearer(jwt(hs256, claims(map[string]any{"nbf": now.Add(time.Hour).Unix()}), good)), 401},
		{"scopes that are no list", bearer(jwt(hs256, claims(map[string]any{"scopes": "read:confidential"}), good)), 401},
		{"larger than 8 KiB", bearer(jwt(hs256, claims(map[string]any{"user_id": strings.Repeat("x", 9000)}), good)), 401},
		{"another organisation", bearer(jwt(hs256, claims(map[string]any{"organisatie": anderdorp}), good)), 403},
		{"an unknown organisation", bearer(jwt(hs256, claims(map[string]any{"organisatie": derdePartij}), good)), 403},
	}
	for _, row := range tabel {
		t.Run(fmt.Sprintf("%s gives %d", row.naam, row.status), func(t *testing.T) {
			t.Parallel()
			r := r.in(t)
			bsn := nieuweBSN()
			set := func(req *http.Request) {
				for _, h := range row.header {
					req.Header.Add("Authorization", h)
				}
			}
			post := r.do("", "POST", bewerking+"/verwerkingsacties", basis().with("verwerkteObjecten", []any{persoon(bsn, "")}), set)
			others := []*antwoord{
				r.lijst("", bsn, "", set),
				r.haal("", "7a22eb38-bca6-463f-9955-54ab040287cb", set),
				r.delete("", "7a22eb38-bca6-463f-9955-54ab040287cb", set),
				r.patch("", "7a22eb38-bca6-463f-9955-54ab040287cb", actie{"bewaartermijn": "P1Y"}, set),
				r.inzien("", bsn, "", set),
				r.do("", "POST", bewerking+"/verwerkingsacties/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn}, set),
			}
			if row.status == http.StatusOK {
				post.Want(http.StatusCreated)
				others[0].Want(http.StatusOK)
				return
			}
			for _, a := range append(others, post) {
				a.Want(row.status)
				if got := a.Header.Get("WWW-Authenticate"); row.status == 401 && !strings.HasPrefix(got, "Bearer") {
					t.Errorf("WWW-Authenticate %q", got)
				}
				if a.Header.Get("API-version") == "" {
					t.Error("no API-version")
				}
				if strings.Contains(string(a.Body), geheim) || strings.Contains(string(a.Body), "vertrouwelijk\"") {
					t.Error("the answer tells the secret or the client")
				}
			}
			if n := len(r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst()); n != 0 {
				t.Errorf("%d records of refused requests", n)
			}
		})
	}
}

// An unknown client and a wrong secret get one answer: nobody learns which clients exist.
func TestOnbekendeClientIsNietTeOnderscheiden(t *testing.T) {
	t.Parallel()
	r := start(t)
	hs256 := map[string]any{"alg": "HS256"}
	claims := func(client string) map[string]any {
		return map[string]any{"client_id": client, "iat": time.Now().Unix()}
	}
	a := r.lijst("", "2308572", "", header("Authorization", "Bearer "+jwt(hs256, claims("vertrouwelijk"), mac(sha256.New, "verkeerd"))))
	b := r.lijst("", "2308572", "", header("Authorization", "Bearer "+jwt(hs256, claims("bestaat-niet"), mac(sha256.New, geheim))))
	if zonderInstance(a.Want(401)) != zonderInstance(b.Want(401)) {
		t.Error("an unknown client gets another answer than a wrong secret")
	}
}

// the order of checks. Who may nothing learns nothing of the rest.
func TestVolgordeVanControles(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatV)
	tekst := header("Content-Type", "text/plain")
	xml := header("Accept", "application/xml")
	for _, row := range []struct {
		naam string
		a    *antwoord
		want int
	}{
		{"401 before all", r.put("", g.actie, "{", tekst, xml), 401},
		{"scope before 406 and 415", r.put("niets", g.actie, "{", tekst, xml), 403},
		{"406 before 400", r.put("normaal", g.actie, "{", xml), 406},
		{"415 before 400", r.put("normaal", g.actie, "{", tekst), 415},
		{"syntax before the look-up", r.put("normaal", "7a22eb38-bca6-463f-9955-54ab040287cb", "{"), 400},
		{"syntax before confidentiality", r.put("normaal", g.actie, "{}"), 400},
		{"confidentiality last", r.put("normaal", g.actie, g.opgeslagen), 403},
		{"POST: 415 without a scope check", r.do("niets", "POST", bewerking+"/verwerkingsacties", "{", tekst), 415},
		{"POST: syntax before confidentiality", r.do("niets", "POST", bewerking+"/verwerkingsacties", actie{"vertrouwelijkheid": "vertrouwelijk"}), 400},
		{"unknown parameter before the look-up", r.do("normaal", "GET", bewerking+"/verwerkingsacties/"+g.actie+"?x=1", nil), 400},
	} {
		if row.a.Status != row.want {
			t.Errorf("%s: status %d, want %d", row.naam, row.a.Status, row.want)
		}
	}
}
