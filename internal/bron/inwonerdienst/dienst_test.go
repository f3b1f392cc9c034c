package inwonerdienst

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// meld signs in as a browser does.
func meld(u *uitgever, d *Dienst) (*inwoner.Bewijs, error) {
	u.t.Helper()
	ctx := u.t.(*testing.T).Context()
	naar, s, err := d.Begin(ctx, false)
	if err != nil {
		return nil, err
	}
	return d.Voltooi(ctx, s, u.browser(naar))
}

// weigert holds an error to a code, a way out, and quoting nobody.
func weigert(t *testing.T, err error, code fout.Code) {
	t.Helper()
	if fout.CodeOf(err) != code {
		t.Fatalf("%v, want %s", err, code)
	}
	for _, wat := range []string{bsn, anderBSN, bsn[:8], naam, "Anna", geheim, "eyJ", "ondoorzichtig", "loa9"} {
		if strings.Contains(err.Error(), wat) {
			t.Errorf("the error quotes %s: %v", wat, err)
		}
	}
	var f *fout.Fout
	if errors.As(err, &f); len(f.Detail) < 40 || !strings.HasSuffix(f.Detail, ".") {
		t.Errorf("no way out: %q", f.Detail)
	}
}

func TestATokenSaysWhoSignedInAndHowSureThatIs(t *testing.T) {
	t.Parallel()
	zet := func(paren ...any) func(map[string]any) {
		return func(c map[string]any) {
			for i := 0; i < len(paren); i += 2 {
				c[paren[i].(string)] = paren[i+1]
			}
		}
	}
	type obj = map[string]any
	sub := func(u *uitgever) inwoner.Persoon {
		return inwoner.Persoon{Objecttype: "persoon", Soort: "sub", ID: u.adres() + " ondoorzichtig"}
	}
	for wat, p := range map[string]struct {
		o       func(*Opties)
		wijzig  func(map[string]any)
		persoon inwoner.Persoon
		niveau  inwoner.Niveau
		namens  inwoner.NamensSoort
	}{
		"as it is":                           {nil, nil, inwoner.BSN(bsn), inwoner.Substantieel, ""},
		"a word of DigiD":                    {nil, zet("acr", "Substantieel"), inwoner.BSN(bsn), inwoner.Substantieel, ""},
		"a number of DigiD":                  {nil, zet("acr", 20), inwoner.BSN(bsn), inwoner.Midden, ""},
		"a number in text":                   {nil, zet("acr", "30"), inwoner.BSN(bsn), inwoner.Hoog, ""},
		"a name of SAML":                     {nil, zet("acr", "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"), inwoner.BSN(bsn), inwoner.Midden, ""},
		"a name of eIDAS":                    {nil, zet("acr", "http://eidas.europa.eu/LoA/high"), inwoner.BSN(bsn), inwoner.Hoog, ""},
		"eHerkenning 2 is no more than low":  {nil, zet("acr", "urn:etoegang:core:assurance-class:loa2"), inwoner.BSN(bsn), inwoner.Basis, ""},
		"a level that is set":                {func(o *Opties) { o.Niveaus = map[string]inwoner.Niveau{"goud": inwoner.Hoog} }, zet("acr", "goud"), inwoner.BSN(bsn), inwoner.Hoog, ""},
		"a level that is set otherwise":      {func(o *Opties) { o.Niveaus = map[string]inwoner.Niveau{"Hoog": inwoner.Midden} }, zet("acr", "Hoog"), inwoner.BSN(bsn), inwoner.Midden, ""},
		"claims elsewhere, with dots":        {func(o *Opties) { o.Claims.BSN, o.Claims.Niveau = "persoon.nummers.bsn", "zekerheid" }, zet("persoon", obj{"nummers": obj{"bsn": anderBSN}}, "zekerheid", "hoog"), inwoner.BSN(anderBSN), inwoner.Hoog, ""},
		"a claim that is an address":         {func(o *Opties) { o.Claims.BSN = "urn:nl.bsn" }, zet("urn:nl.bsn", anderBSN), inwoner.BSN(anderBSN), inwoner.Substantieel, ""},
		"always below the name of one asked": {func(o *Opties) { o.Claims.BSN = "aanvrager.bsn" }, zet("aanvrager", obj{"bsn": anderBSN}), inwoner.BSN(anderBSN), inwoner.Substantieel, ""},
		"with the sector of DigiD":           {nil, zet("bsn", "s00000000:"+bsn), inwoner.BSN(bsn), inwoner.Substantieel, ""},
		"a number that begins with zero":     {nil, zet("bsn", "00000012"), inwoner.BSN("000000012"), inwoner.Substantieel, ""},
		"a number of JSON":                   {nil, zet("bsn", 999990019), inwoner.BSN(bsn), inwoner.Substantieel, ""},
		"null where it says nothing":         {nil, zet("namens", nil, "gemachtigde", nil, "act", nil, "machtiging", false), inwoner.BSN(bsn), inwoner.Substantieel, ""},

		"for somebody":              {nil, zet("namens", obj{"bsn": anderBSN}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Gemachtigde},
		"for a child":               {nil, zet("namens", obj{"bsn": anderBSN, "soort": "Ouder"}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Ouder},
		"in a way that is set":      {func(o *Opties) { o.Namens = map[string]inwoner.NamensSoort{"CUR": inwoner.Curator} }, zet("namens", obj{"bsn": anderBSN, "soort": "CUR"}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Curator},
		"whose number is elsewhere": {nil, zet("bsn", anderBSN, "gemachtigde", obj{"bsn": bsn}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Gemachtigde},
		"elsewhere, as curator":     {nil, zet("bsn", anderBSN, "gemachtigde", obj{"bsn": bsn}, "namens", obj{"soort": "curator"}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Curator},
		"for a company":             {nil, zet("onderneming", obj{"kvk": "12345678"}), inwoner.BSN(bsn), inwoner.Substantieel, inwoner.Onderneming},
		"for a company, no number":  {nil, func(c map[string]any) { delete(c, "bsn"); c["onderneming"] = obj{"kvk": 12345678} }, inwoner.Persoon{Soort: "sub"}, inwoner.Substantieel, inwoner.Onderneming},
	} {
		t.Run(wat, func(t *testing.T) {
			t.Parallel()
			u := issuer(t)
			u.wijzig = p.wijzig
			got, err := meld(u, u.dienst(p.o))
			if err != nil {
				t.Fatal(err)
			}
			want := &inwoner.Bewijs{Dienst: "DigiD", Persoon: p.persoon, Naam: naam, Niveau: p.niveau}
			if p.namens != "" {
				want.Namens = &inwoner.Namens{Soort: p.namens}
				if p.namens != inwoner.Onderneming {
					want.Namens.Persoon = inwoner.BSN(anderBSN)
				}
			}
			if p.persoon.Soort == "sub" {
				want.Persoon = sub(u)
			}
			if d := cmp.Diff(want, got, cmpopts.IgnoreFields(inwoner.Bewijs{}, "Bewezen", "Sinds", "Staat", "Tot")); d != "" {
				t.Error(d)
			}
			if time.Since(got.Bewezen).Abs() > time.Minute || len(got.Staat) != 43 || !got.Tot.After(got.Sinds) {
				t.Errorf("when: %+v", got)
			}
		})
	}
}

func TestATokenThatIsNotSureIsRefused(t *testing.T) {
	t.Parallel()
	type obj = map[string]any
	zet := func(naam string, waarde any) func(map[string]any) {
		return func(c map[string]any) { c[naam] = waarde }
	}
	// over is counted when the token is made: these tests begin long before their last ones do.
	over := func(naam string, d time.Duration) func(map[string]any) {
		return func(c map[string]any) { c[naam] = time.Now().Add(d).Unix() }
	}
	for wat, wijzig := range map[string]func(map[string]any){
		"the nonce of another browser": zet("nonce", rand.Text()),
		"no nonce":                     func(c map[string]any) { delete(c, "nonce") },
		"another audience":             zet("aud", "een-ander"),
		"more audiences":               zet("aud", []string{client, "een-ander"}),
		"another application":          zet("azp", "een-ander"),
		"another issuer":               zet("iss", "https://anders.example"),
		"expired":                      over("exp", -2*time.Minute),
		"from the future":              over("iat", 2*time.Minute),
		"nobody":                       zet("sub", ""),

		"no number":                        func(c map[string]any) { delete(c, "bsn") },
		"an empty number":                  zet("bsn", ""),
		"a number that fails the 11-proef": zet("bsn", "999990018"),
		"two digits exchanged":             zet("bsn", "999990091"),
		"zeros":                            zet("bsn", "000000000"),
		"seven digits":                     zet("bsn", "2308572"),
		"ten digits":                       zet("bsn", "9999900190"),
		"letters":                          zet("bsn", "99999001a"),
		"other digits":                     zet("bsn", "٩٩٩٩٩٠٠١٩"),
		"a number of the old sector":       zet("bsn", "s00000001:"+bsn),
		"a fraction":                       zet("bsn", 999990019.5),
		"two numbers":                      zet("bsn", []string{bsn, anderBSN}),
		"an object":                        zet("bsn", obj{"nummer": bsn}),
		"true":                             zet("bsn", true),

		"no level":                 func(c map[string]any) { delete(c, "acr") },
		"an empty level":           zet("acr", ""),
		"an unknown level":         zet("acr", "urn:etoegang:core:assurance-class:loa9"),
		"a level that is a list":   zet("acr", []string{"hoog"}),
		"a number that is none":    zet("acr", 26),
		"a level with a fraction":  zet("acr", 25.5),
		"a name with a new line":   zet("name", "Anna\nVoorbeeld"),
		"a name that is an object": zet("name", obj{"voor": "Anna"}),
		"a name that is too long":  zet("name", strings.Repeat("a", 600)),
		"proved in the future":     over("auth_time", 2*time.Minute),
		"proved in a text":         zet("auth_time", "gisteren"),

		"for another in a way that is not known":  zet("namens", obj{"bsn": anderBSN, "soort": "tovenaar"}),
		"for another, whose number is none":       zet("namens", obj{"bsn": "999990018"}),
		"for another, who has the same number":    zet("namens", obj{"bsn": bsn}),
		"by another, who has the same number":     zet("gemachtigde", obj{"bsn": bsn}),
		"by another, whose number is none":        zet("gemachtigde", obj{"bsn": "999990018"}),
		"by another, whose number is not there":   zet("gemachtigde", obj{"naam": "Bram"}),
		"for another, whose number is not there":  zet("namens", obj{"naam": "Bram"}),
		"by an actor (RFC 8693)":                  zet("act", obj{"sub": "x"}),
		"with a mandate":                          zet("mandate", []string{"belasting"}),
		"as eHerkenning says it":                  zet("urn:etoegang:core:LegalSubjectID", "12345678"),
		"represented, as it says":                 zet("representation", true),
		"for another, while the number is absent": func(c map[string]any) { delete(c, "bsn"); c["machtiging"] = obj{"bsn": anderBSN} },
	} {
		t.Run(wat, func(t *testing.T) {
			t.Parallel()
			u := issuer(t)
			d := u.dienst(nil)
			if _, err := meld(u, d); err != nil {
				t.Fatalf("the honest one: %v", err)
			}
			u.mu.Lock()
			u.wijzig = wijzig
			u.mu.Unlock()
			_, err := meld(u, d)
			weigert(t, err, fout.CodeAanmeldenMislukt)
		})
	}
}

func TestATokenThatTheServiceDidNotSignIsRefused(t *testing.T) {
	t.Parallel()
	vreemd, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	handmatig := func(header string, p []byte, teken func([]byte) []byte) string {
		in := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(p)
		return in + "." + base64.RawURLEncoding.EncodeToString(teken([]byte(in)))
	}
	hs := func(sleutel []byte) func([]byte) []byte {
		return func(in []byte) []byte {
			m := hmac.New(sha256.New, sleutel)
			m.Write(in)
			return m.Sum(nil)
		}
	}
	for wat, teken := range map[string]func(u *uitgever, p []byte) string{
		"without a signature": func(_ *uitgever, p []byte) string {
			return handmatig(`{"alg":"none"}`, p, func([]byte) []byte { return nil })
		},
		"with the secret of the register": func(_ *uitgever, p []byte) string { return handmatig(`{"alg":"HS256"}`, p, hs([]byte(geheim))) },
		"with the public key as a secret": func(u *uitgever, p []byte) string {
			der, err := x509.MarshalPKIXPublicKey(u.ec.Public())
			if err != nil {
				t.Error(err)
			}
			return handmatig(`{"alg":"HS256","kid":"1"}`, p, hs(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
		},
		"by somebody else": func(u *uitgever, p []byte) string { return sign(u.t, jose.ES256, vreemd, p) },
		"with other claims under the signature": func(u *uitgever, p []byte) string {
			delen := strings.Split(sign(u.t, jose.ES256, u.ec, p), ".")
			delen[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(p), bsn, anderBSN, 1)))
			return strings.Join(delen, ".")
		},
		"with a number that is there twice": func(u *uitgever, p []byte) string {
			return sign(u.t, jose.ES256, u.ec, append(p[:len(p)-1:len(p)-1], `,"bsn":"`+anderBSN+`"}`...))
		},
		"with a number that is there twice below": func(u *uitgever, p []byte) string {
			return sign(u.t, jose.ES256, u.ec, append(p[:len(p)-1:len(p)-1], `,"gemachtigde":{"bsn":"`+anderBSN+`","bsn":"`+bsn+`"}}`...))
		},
		"that is no token": func(*uitgever, []byte) string { return "geen token" },
	} {
		t.Run(wat, func(t *testing.T) {
			t.Parallel()
			u := issuer(t)
			u.teken = func(p []byte) string { return teken(u, p) }
			_, err := meld(u, u.dienst(nil))
			weigert(t, err, fout.CodeAanmeldenMislukt)
		})
	}
}

func TestAnAnswerThatIsNotOfThisBrowserIsRefused(t *testing.T) {
	t.Parallel()
	for wat, wijzig := range map[string]func(s *Staat, q url.Values){
		"another state":                     func(_ *Staat, q url.Values) { q.Set("state", rand.Text()) },
		"no state":                          func(_ *Staat, q url.Values) { q.Del("state") },
		"of another issuer":                 func(_ *Staat, q url.Values) { q.Set("iss", "https://anders.example") },
		"of an issuer that does not say so": func(_ *Staat, q url.Values) { q.Del("iss") },
		"begun at another service":          func(s *Staat, _ url.Values) { s.Dienst = "eherkenning" },
		"begun at another issuer":           func(s *Staat, _ url.Values) { s.OIDC.Uitgever = "https://anders.example" },
		"too late":                          func(s *Staat, _ url.Values) { s.OIDC.Verloopt = time.Now().Add(-time.Second) },
		"without a code":                    func(_ *Staat, q url.Values) { q.Del("code") },
		"with two codes":                    func(_ *Staat, q url.Values) { q.Add("code", "x") },
		"with the verifier of another":      func(s *Staat, _ url.Values) { s.OIDC.Verifier = rand.Text() + rand.Text() },
		"with the nonce of another":         func(s *Staat, _ url.Values) { s.OIDC.Nonce = rand.Text() },
		"of somebody who stopped":           func(_ *Staat, q url.Values) { q.Set("error", "access_denied") },
		"an empty one":                      func(s *Staat, q url.Values) { *s = Staat{}; clear(q) },
	} {
		t.Run(wat, func(t *testing.T) {
			t.Parallel()
			u := issuer(t)
			d := u.dienst(nil)
			naar, s, err := d.Begin(t.Context(), false)
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

// Of two services one is an attacker's: it sends the browser on to the honest one with its own state.
func TestAnAnswerOfOneServiceIsNotForAnother(t *testing.T) {
	t.Parallel()
	for wat, iss := range map[string]bool{"one that names itself": true, "one that does not": false} {
		eerlijk, kwaad := issuer(t), issuer(t)
		eerlijk.iss, kwaad.iss = iss, iss
		kwaad.document = func(doc map[string]any) { doc["authorization_endpoint"] = eerlijk.http.URL + "/kies" }
		d := kwaad.dienst(func(o *Opties) { o.Sleutel = "kwaad" })
		naar, s, err := d.Begin(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		q := eerlijk.browser(naar)
		if _, err = eerlijk.dienst(nil).Voltooi(t.Context(), s, q); err == nil {
			t.Errorf("%s takes what was begun at another", wat)
		}
		weigert(t, err, fout.CodeAanmeldenMislukt)
		_, err = d.Voltooi(t.Context(), s, q)
		weigert(t, err, fout.CodeAanmeldenMislukt)
		if iss && kwaad.wissels > 0 {
			t.Error("the code of the honest service was given away")
		}
	}
}

func TestACodeThatIsOfferedAgainIsRefused(t *testing.T) {
	t.Parallel()
	u := issuer(t)
	d := u.dienst(nil)
	naar, s, err := d.Begin(t.Context(), false)
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

func TestTheServiceIsAskedWhatIsSet(t *testing.T) {
	t.Parallel()
	u := issuer(t)
	d := u.dienst(func(o *Opties) { o.Acr, o.Scopes = []string{"loa3", "loa4"}, []string{"bsn", "profile"} })
	for vers, want := range map[bool][2]string{false: {"", ""}, true: {"login", "0"}} {
		naar, s, err := d.Begin(t.Context(), vers)
		if err != nil {
			t.Fatal(err)
		}
		a, err := url.Parse(naar)
		if err != nil {
			t.Fatal(err)
		}
		q := a.Query()
		if q.Get("prompt") != want[0] || q.Get("max_age") != want[1] || q.Get("acr_values") != "loa3 loa4" || q.Get("scope") != "openid bsn profile" || s.Vers != vers {
			t.Errorf("%v: %v", vers, q)
		}
		if q.Get("state") != s.OIDC.State || q.Get("nonce") != s.OIDC.Nonce || q.Get("code_challenge_method") != "S256" || strings.Contains(naar, s.OIDC.Verifier) {
			t.Errorf("what binds the answer: %v", q)
		}
		b, err := d.Voltooi(t.Context(), s, u.browser(naar))
		if err != nil || b.Vers != vers || !b.Sinds.Equal(s.Sinds) {
			t.Errorf("%+v, %v", b, err)
		}
	}
}

func TestTheRegisterSignsWhoItIs(t *testing.T) {
	t.Parallel()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	vreemd, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	lees := func(k *rsa.PrivateKey) *oidc.Sleutel {
		t.Helper()
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		s, err := oidc.LeesSleutel(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	u := issuer(t)
	u.publiek = &k.PublicKey
	for _, algoritmes := range [][]string{nil, {"RS256", "PS256"}} {
		u.document = func(doc map[string]any) { doc["token_endpoint_auth_signing_alg_values_supported"] = algoritmes }
		d := u.dienst(func(o *Opties) { o.Geheim, o.Tekent = "", lees(k) })
		for range 2 { // each time another proof
			if _, err := meld(u, d); err != nil {
				t.Errorf("%v: %v", algoritmes, err)
			}
		}
	}
	_, err = meld(u, u.dienst(func(o *Opties) { o.Geheim, o.Tekent = "", lees(vreemd) }))
	weigert(t, err, fout.CodeAanmeldenMislukt)
	u.document = func(doc map[string]any) {
		doc["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"}
	}
	_, err = meld(u, u.dienst(func(o *Opties) { o.Geheim, o.Tekent = "", lees(k) }))
	weigert(t, err, fout.CodeNietBeschikbaar)
}

func TestOptionsThatCanNotWorkAreRefused(t *testing.T) {
	t.Parallel()
	goed := Opties{Uitgever: "https://broker.example", ClientID: client, Geheim: geheim, Terug: terug, Claims: Claims{BSN: "bsn", Niveau: "acr"}}
	if _, err := New(goed); err != nil {
		t.Fatal(err)
	}
	for wat, wijzig := range map[string]func(*Opties){
		"no TLS":                            func(o *Opties) { o.Uitgever = "http://broker.example" },
		"no secret":                         func(o *Opties) { o.Geheim = "" },
		"a secret and a key":                func(o *Opties) { o.Tekent = &oidc.Sleutel{} },
		"no claim of the number":            func(o *Opties) { o.Claims.BSN = "" },
		"no claim of the level":             func(o *Opties) { o.Claims.Niveau = "" },
		"one claim for both people":         func(o *Opties) { o.Claims.NamensBSN = "bsn" },
		"one claim for both, the other way": func(o *Opties) { o.Claims.Gemachtigde = "bsn" },
		"one claim for two others":          func(o *Opties) { o.Claims.NamensBSN, o.Claims.NamensSoort = "x", "x" },
	} {
		o := goed
		wijzig(&o)
		if _, err := New(o); err == nil || strings.Contains(err.Error(), geheim) {
			t.Errorf("%s: %v", wat, err)
		}
	}
}

// FuzzBewijs checks that no claims make reading panic, and that who comes out of them has a number, a level and a name to show.
func FuzzBewijs(f *testing.F) {
	for _, s := range []string{
		`{"bsn":"` + bsn + `","acr":"hoog","name":"Anna"}`, `{"bsn":999990019,"acr":25,"namens":{"bsn":"` + anderBSN + `","soort":"ouder"}}`, `{"gemachtigde":{"bsn":"` + bsn + `"},"acr":"10","auth_time":1}`,
		`null`, `[]`, `{"bsn":{"a":1},"acr":[1]}`, `{"auth_time":1e400}`, `{"onderneming":{"kvk":"1"},"acr":"hoog"}`,
	} {
		f.Add([]byte(s))
	}
	d := &Dienst{o: Opties{Naam: "DigiD", Uitgever: "https://broker.example", Nu: time.Now, Claims: Claims{
		BSN: "bsn", Niveau: "acr", Naam: "name", Gemachtigde: "gemachtigde.bsn", NamensBSN: "namens.bsn", NamensKvK: "onderneming.kvk", NamensSoort: "namens.soort"}}}
	f.Fuzz(func(t *testing.T, ruw []byte) {
		c, err := oidc.Lees(ruw)
		if err != nil {
			return
		}
		b, err := d.bewijs(&oidc.Token{Onderwerp: "iemand", Ruw: ruw, Claims: c})
		if err != nil {
			return
		}
		if b.Niveau < inwoner.Basis || b.Niveau > inwoner.Hoog || !oidc.Toonbaar(b.Naam) || b.Persoon.Soort == "BSN" != betrokkene.IsBSN(b.Persoon.ID) || b.Persoon.Soort != "BSN" && b.Namens == nil {
			t.Errorf("%+v", b)
		}
	})
}
