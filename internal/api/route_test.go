package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

const secret = "een-geheim-van-minstens-32-tekens!"

// rights is a register with a client that has no grant at all, and one that has them all.
func rights(t testing.TB) *autorisatie.Register {
	t.Helper()
	b, err := autorisatie.Parse(strings.NewReader(`
organisaties: [{oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}]
applicaties:
  - {clientIds: [niets], geheim: "`+secret+`", label: Niets, organisatie: "00000099123456780000", oins: ["00000099123456780000"]}
  - clientIds: [alles]
    geheim: "`+secret+`"
    label: Alles
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential", "audit:read"]}
      - {component: verwerkingenlogging-inzage, scopes: ["read:confidential"]}
`), "")
	if err != nil {
		t.Fatal(err)
	}
	return autorisatie.NewRegister(b)
}

func bearerOf(t testing.TB, client string) string {
	t.Helper()
	s, err := autorisatie.Sign(client, []byte(secret), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + s
}

func request(t testing.TB, method, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), method, "http://register.example"+path, nil)
}

func newServer(t testing.TB, log io.Writer) *server {
	t.Helper()
	return &server{Opties: Opties{
		Register: rights(t), URL: "http://register.example", MaxBody: 1 << 10, MaxDiepte: 32, MaxObject: 10,
		Meting: geenMeting{}, Logger: slog.New(slog.NewJSONHandler(log, nil)), Audit: telemetry.NewAudit(slog.NewJSONHandler(log, nil)),
	}, limieten: newLimieten(Limieten{})}
}

func TestEveryRouteHasARight(t *testing.T) {
	t.Parallel()
	opties := newServer(t, io.Discard).Opties
	opties.Activiteiten = leegRegister{}
	mux := Handler(opties)
	for api, routes := range map[string][]route{
		PadBewerking: routesBewerking, PadInzage: routesInzage, PadAutorisaties: routesAutorisaties, PadVAR: routesDoelbinding,
	} {
		for _, rt := range routes {
			if len(rt.operaties) == 0 {
				t.Errorf("%s has no operation", rt.pad)
			}
			for _, o := range rt.operaties {
				t.Run(o.methode+" "+api+rt.pad, func(t *testing.T) {
					t.Parallel()
					if o.recht == nil {
						t.Fatal("no right")
					}
					post := o.methode == "POST" && (rt.pad == "/verwerkingsacties" || rt.pad == padBulk)
					if o.recht(nil) && !post || o.recht(&autorisatie.Besluit{}) && !post {
						t.Error("nobody in particular passes")
					}
					path := api + strings.NewReplacer("{actieId}", "48086bf2-11b7-4603-9526-67d7c3bb6587", "{verwerktObjectId}", "48086bf2-11b7-4603-9526-67d7c3bb6587").Replace(rt.pad)
					for client, want := range map[string]int{"": http.StatusUnauthorized, "niets": http.StatusForbidden} {
						if rt.pad == padBewijs && client == "niets" {
							continue // it may have what it logged itself: the log decides
						}
						r := request(t, o.methode, path)
						if client != "" {
							r.Header.Set("Authorization", bearerOf(t, client))
						}
						if post && client == "niets" {
							want = http.StatusUnsupportedMediaType // it may log, and gets as far as the body
						}
						w := httptest.NewRecorder()
						mux.ServeHTTP(w, r)
						if w.Code != want {
							t.Errorf("client %q: status %d, want %d", client, w.Code, want)
						}
					}
				})
			}
		}
	}
}

// What of the proof anybody may ask is decided here, route by route; all else asks audit:read.
func TestOfTheProofOnlyWhatWasDecidedIsOpen(t *testing.T) {
	t.Parallel()
	open := []string{"/{oin}/checkpoint", "/{oin}/sleutel", "/{oin}/tijdvakken", "/{oin}/beheer/checkpoint", "/{oin}/beheer/sleutel", "/{oin}/beheer/tijdvakken"}
	for _, rt := range routesBewijs {
		for _, o := range rt.operaties {
			if got := o.recht(nil) || o.recht(&autorisatie.Besluit{}); got != slices.Contains(open, rt.pad) {
				t.Errorf("%s %s: open is %v", o.methode, rt.pad, got)
			}
		}
	}
	if len(routesBewijs) != 14 {
		t.Errorf("%d routes", len(routesBewijs))
	}
}

// The right is asked for before anything of the request is looked at (contracts: order of checks).
func TestChecksComeInTheirOrder(t *testing.T) {
	t.Parallel()
	s := newServer(t, io.Discard)
	rt := &route{"/x", []operatie{{"POST", func(b *autorisatie.Besluit) bool { return b.ClientID == "alles" }, true, []string{"a"},
		func(*verzoek) error { return fout.NietGevonden }}}}
	change := func(opties ...func(*http.Request)) *http.Request {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "http://register.example/x", strings.NewReader("{}"))
		r.Header.Set("Authorization", bearerOf(t, "alles"))
		r.Header.Set("Content-Type", "application/json")
		for _, o := range opties {
			o(r)
		}
		return r
	}
	noToken := func(r *http.Request) { r.Header.Del("Authorization") }
	noRight := func(r *http.Request) { r.Header.Set("Authorization", bearerOf(t, "niets")) }
	noAccept := func(r *http.Request) { r.Header.Set("Accept", "text/html") }
	noType := func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	tooLarge := func(r *http.Request) { r.ContentLength = 1 << 20 }
	badQuery := func(r *http.Request) { r.URL.RawQuery = "b=1" }
	for _, tt := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"no token comes first", change(noToken, noAccept, noType, tooLarge, badQuery), 401},
		{"then the right", change(noRight, noAccept, noType, tooLarge, badQuery), 403},
		{"then what the client accepts", change(noAccept, noType, tooLarge, badQuery), 406},
		{"then the type", change(noType, tooLarge, badQuery), 415},
		{"then the size", change(tooLarge, badQuery), 413},
		{"then the query", change(badQuery), 400},
		{"then what was asked for", change(), 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			s.serve(w, tt.r, "bewerking", rt)
			if w.Code != tt.want {
				t.Errorf("status %d, want %d", w.Code, tt.want)
			}
		})
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values []string
		want   bool
	}{
		{"no header", nil, true},
		{"JSON", []string{"application/json"}, true},
		{"JSON in capitals", []string{"Application/JSON"}, true},
		{"JSON with a charset", []string{"application/json; charset=utf-8"}, true},
		{"anything", []string{"*/*"}, true},
		{"any application type", []string{"application/*"}, true},
		{"a browser", []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, true},
		{"JSON among others", []string{"text/html, application/json;q=0.1"}, true},
		{"two headers", []string{"text/html", "application/json"}, true},
		{"HTML only", []string{"text/html"}, false},
		{"any text", []string{"text/*"}, false},
		{"problem+json only", []string{"application/problem+json"}, false},
		{"JSON refused", []string{"application/json;q=0"}, false},
		{"JSON refused in three digits", []string{"application/json;q=0.000"}, false},
		{"JSON refused, anything else welcome", []string{"application/json;q=0, */*"}, false},
		{"nonsense", []string{";;"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := prefers(tt.values, "application/json") != ""; got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAPanicIsAnswered500AndLoggedWithoutItsCause(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newServer(t, &log)
	rt := &route{"/x", []operatie{{"GET", func(*autorisatie.Besluit) bool { return true }, false, nil, func(*verzoek) error {
		panic("bsn 999990019")
	}}}}
	r := request(t, "GET", "/x")
	r.Header.Set("Authorization", bearerOf(t, "niets"))
	w := httptest.NewRecorder()
	s.serve(w, r, "bewerking", rt)
	if w.Code != 500 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("API-version") != Version {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	var b map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	instance, _ := b["instance"].(string)
	if b["code"] != "error" || !strings.HasPrefix(instance, "urn:uuid:") || !strings.Contains(log.String(), instance) {
		t.Errorf("%v; log %s", b, log.String())
	}
	if strings.Contains(log.String()+w.Body.String(), "999990019") {
		t.Error("the cause of the panic is repeated")
	}
	if !strings.Contains(log.String(), "route_test.go") {
		t.Error("the log does not tell where it happened")
	}
}

func TestAnAnswerThatAPanicCutsOffIsNotFollowedByAnother(t *testing.T) {
	t.Parallel()
	s := newServer(t, io.Discard)
	rt := &route{"/x", []operatie{{"GET", func(*autorisatie.Besluit) bool { return true }, false, nil, func(q *verzoek) error {
		q.json(http.StatusOK, []byte(`{}`))
		panic("late")
	}}}}
	r := request(t, "GET", "/x")
	r.Header.Set("Authorization", bearerOf(t, "niets"))
	w := httptest.NewRecorder()
	s.serve(w, r, "bewerking", rt)
	if w.Code != 200 || w.Body.String() != `{}` {
		t.Errorf("status %d, body %s", w.Code, w.Body.String())
	}
}

func TestAnErrorThatIsNotOursIsNeverShown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newServer(t, &log)
	rt := &route{"/x", []operatie{{"GET", func(*autorisatie.Besluit) bool { return true }, false, nil, func(*verzoek) error {
		return errors.New("disk sda1 is broken")
	}}}}
	r := request(t, "GET", "/x")
	r.Header.Set("Authorization", bearerOf(t, "niets"))
	w := httptest.NewRecorder()
	s.serve(w, r, "bewerking", rt)
	if w.Code != 500 || strings.Contains(w.Body.String(), "sda1") {
		t.Errorf("status %d, body %s", w.Code, w.Body.String())
	}
	if !strings.Contains(log.String(), "sda1") {
		t.Error("the operator does not learn the cause")
	}
}

func TestNamesFromOutsideComeBackOnlyWhenTheyAreWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"objectID": "objectID", "vertrouwelijkheid__in": "vertrouwelijkheid__in", "a-b.c": "a-b.c",
		"": "onbekend", "999990019": "onbekend", "bsn=999990019": "onbekend", "bsn9": "onbekend", "x y": "onbekend", "é": "onbekend",
		"<script>": "onbekend", "a\x00": "onbekend", "a\n": "onbekend", "[a]": "onbekend", "a`": "onbekend", "A{": "onbekend", "@": "onbekend",
		strings.Repeat("a", 40): strings.Repeat("a", 40), strings.Repeat("a", 41): "onbekend",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestTheKeyOfARepeatableRequestIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values []string
		want   string
		ok     bool
	}{
		{"none", nil, "", true},
		{"a UUID", []string{"48086bf2-11b7-4603-9526-67d7c3bb6587"}, "48086bf2-11b7-4603-9526-67d7c3bb6587", true},
		{"128 characters", []string{strings.Repeat("k", 128)}, strings.Repeat("k", 128), true},
		{"129 characters", []string{strings.Repeat("k", 129)}, "", false},
		{"empty", []string{""}, "", false},
		{"twice", []string{"a", "a"}, "", false},
		{"with a space", []string{"a b"}, "", false},
		{"with a control character", []string{"a\x01"}, "", false},
		{"with other script", []string{"é"}, "", false},
	} {
		got, err := idempotencyKey(tt.values)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestWrongTypesAndBrokenRulesAreMergedEachNameOnce(t *testing.T) {
	t.Parallel()
	got := merge([]fout.Param{{Name: "tijdstip", Code: "invalid"}}, []fout.Param{{Name: "tijdstip", Code: "required"}, {Name: "uitvoerder", Code: "pattern"}})
	if d := cmp.Diff([]string{"tijdstip invalid", "uitvoerder pattern"}, places(got)); d != "" {
		t.Error(d)
	}
}
