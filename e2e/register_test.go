// Package e2e tests the register as a whole: real store and keys on disk, real tokens, HTTP over a
// real socket. Every exchange is checked against our OpenAPI documents.
package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server"
)

// Two organisations that never may see anything of each other, and a third party.
const (
	voorbeeldstad = "00000099123456780000"
	anderdorp     = "00000099876543210000"
	derdePartij   = "00000099555555550000"
)

// The base path of each API.
const (
	bewerking    = "/bewerking/api/v1"
	inzage       = "/inzage/api/v1"
	autorisaties = "/autorisaties/api/v1"
	varAPI       = "/var/api/v1"
)

// geheim is the secret of every application in the tests.
const geheim = "een-geheim-van-minstens-32-tekens!"

// applicaties are the applications of the tests: client id -> what it may. The names say it:
// normaal and vertrouwelijk hold every scope of that reach in Bewerking, inzage-… in Inzage, niets
// holds none.
const applicaties = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
  - {oin: "00000099876543210000", naam: Gemeente Anderdorp}
applicaties:
  - clientIds: [normaal]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Normaal
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal", "read:normal", "update:normal", "delete:normal"]}
  - clientIds: [vertrouwelijk]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Vertrouwelijk
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update.confidential", "delete:confidential"]}
  - clientIds: [auditor]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Auditor
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["audit:read"]}
  - clientIds: [inzage-normaal]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Mijn omgeving
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-inzage, scopes: ["read:normal"]}
  - clientIds: [inzage-vertrouwelijk]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Mijn omgeving met opgeheven
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-inzage, scopes: ["read:confidential"]}
  - clientIds: [niets]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Niets
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties: []
  - clientIds: [derde]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Derde partij met rechten
    organisatie: "00000099123456780000"
    oins: ["00000099555555550000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential"]}
  - clientIds: [anderdorp]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Anderdorp
    organisatie: "00000099876543210000"
    oins: ["00000099876543210000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential", "audit:read"]}
      - {component: verwerkingenlogging-inzage, scopes: ["read:confidential"]}
  - clientIds: [beheerder]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Beheerder van applicaties
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: ac, scopes: ["autorisaties.lezen", "autorisaties.bijwerken"]}
  - clientIds: [beheerder-anderdorp]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Beheerder van applicaties van Anderdorp
    organisatie: "00000099876543210000"
    oins: ["00000099876543210000"]
    autorisaties:
      - {component: ac, scopes: ["autorisaties.lezen", "autorisaties.bijwerken"]}
  - clientIds: [beide]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Voor beide gemeenten
    organisaties: ["00000099123456780000", "00000099876543210000"]
    oins: ["00000099123456780000", "00000099876543210000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential"]}
`

// register is a running register of a test.
type register struct {
	t      testing.TB
	dir    string // store and keys below it
	url    string
	log    *veiligeBuffer
	server *server.Server
	klok   *klok
}

// klok is a clock that a test can set; zero means the real one.
type klok struct {
	mu sync.Mutex
	nu time.Time
}

func (k *klok) Nu() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.nu.IsZero() {
		return time.Now()
	}
	return k.nu
}

func (k *klok) Set(t time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nu = t
}

// veiligeBuffer collects log lines of many goroutines.
type veiligeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (v *veiligeBuffer) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.b.Write(p)
}

func (v *veiligeBuffer) String() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.b.String()
}

// start runs a register in a new directory; settings are lines of the configuration file.
func start(t testing.TB, settings ...string) *register {
	t.Helper()
	return startIn(t, t.TempDir(), settings...)
}

// startIn runs one on an existing directory, as after a restart.
func startIn(t testing.TB, dir string, settings ...string) *register {
	t.Helper()
	r := &register{t: t, dir: dir, log: &veiligeBuffer{}, klok: &klok{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + l.Addr().String()
	file := filepath.Join(t.TempDir(), "verantwoord.yaml")
	lines := settings
	for sleutel, waarde := range map[string]string{"url": r.url, "store": "sqlite:" + filepath.Join(dir, "store"), "sleutels": filepath.Join(dir, "sleutels")} {
		if !slices.ContainsFunc(settings, func(s string) bool { return strings.HasPrefix(s, sleutel+":") }) {
			lines = append(lines, sleutel+": "+waarde)
		}
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file, func(string) string { return "" }, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := autorisatie.Parse(strings.NewReader(applicaties), "")
	if err != nil {
		t.Fatal(err)
	}
	r.server, err = server.Open(t.Context(), c, b, server.Opties{
		Versie: "test", Nu: r.klok.Nu, Logger: slog.New(slog.NewJSONHandler(r.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &httptest.Server{Listener: l, Config: &http.Server{Handler: r.server.Handler()}}
	h.Start()
	opruimen.Na(t, func() {
		h.Close()
		if err := r.server.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// antwoord is what came back.
type antwoord struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// JSON reads the body.
func (a *antwoord) JSON() map[string]any {
	a.t.Helper()
	var m map[string]any
	if err := json.Unmarshal(a.Body, &m); err != nil {
		a.t.Fatalf("body is no JSON object: %v", err)
	}
	return m
}

// Lijst reads the results of a list.
func (a *antwoord) Lijst() []map[string]any {
	a.t.Helper()
	var list []map[string]any
	results, ok := a.JSON()["results"].([]any)
	if !ok {
		a.t.Fatalf("status %d, no results", a.Status)
	}
	for _, v := range results {
		list = append(list, v.(map[string]any))
	}
	return list
}

// Want fails the test on another status.
func (a *antwoord) Want(status int) *antwoord {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, foutTekst(a))
	}
	return a
}

// foutTekst gives what may be printed of an answer: an error holds no identifiers, a record does.
func foutTekst(a *antwoord) string {
	if strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		return string(a.Body)
	}
	return fmt.Sprintf("(%d bytes)", len(a.Body))
}

// optie changes a request.
type optie func(*http.Request)

func header(naam, waarde string) optie { return func(r *http.Request) { r.Header.Set(naam, waarde) } }

// doorgave sets the headers that the Inzage API demands.
func doorgave() optie {
	return func(r *http.Request) {
		r.Header.Set("OIN", voorbeeldstad)
		r.Header.Set("VerwerkingsactiviteitId", "5f0bef4c-f66f-4311-84a5-19e8bf359eaf")
		r.Header.Set("VerwerkingsactiviteitUrl", "https://var.voorbeeldstad.example/5f0bef4c-f66f-4311-84a5-19e8bf359eaf")
	}
}

// do sends a request as a client ("" for no token) and checks the exchange against our documents.
// body is nil, a string as is, or anything else as JSON.
func (r *register) do(client, method, path string, body any, opties ...optie) *antwoord {
	r.t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case string:
		raw = []byte(b)
	default:
		var err error
		if raw, err = json.Marshal(b); err != nil {
			r.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if client != "" {
		req.Header.Set("Authorization", "Bearer "+r.token(client, autorisatie.Claims{}))
	}
	for _, o := range opties {
		o(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if strings.HasPrefix(path, bewerking) || strings.HasPrefix(path, inzage) || strings.HasPrefix(path, autorisaties) || strings.HasPrefix(path, varAPI) {
		openapitest.Check(r.t, req, raw, res, got)
	}
	return &antwoord{r.t, res.StatusCode, res.Header, got}
}

// token makes a token of a client of the tests.
func (r *register) token(client string, c autorisatie.Claims) string {
	r.t.Helper()
	s, err := autorisatie.Sign(client, []byte(geheim), c, r.klok.Nu())
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// actie is a body of a POST; with gives a copy with other values (nil deletes a key).
type actie map[string]any

// basis is the full example of the standard's own illustration (dictionary.md).
func basis() actie {
	return actie{
		"actieNaam":                       "Ophalen persoonsgegevens",
		"handelingNaam":                   "Intake",
		"verwerkingNaam":                  "Huwelijk",
		"verwerkingId":                    "48086bf2-11b7-4603-9526-67d7c3bb6587",
		"verwerkingsactiviteitId":         "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		"verwerkingsactiviteitUrl":        "https://var.voorbeeldstad.example/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		"vertrouwelijkheid":               "normaal",
		"bewaartermijn":                   "P150Y",
		"uitvoerder":                      voorbeeldstad,
		"systeem":                         "FooBarApp v2.1",
		"gebruiker":                       "2ecf8e86-1a18-46ba-aa13-992c1dc231a5",
		"gegevensbron":                    "FooBar Database Publiekszaken",
		"soortAfnemerId":                  "OIN",
		"afnemerId":                       "00000099123456789000",
		"verwerkingsactiviteitIdAfnemer":  "c5b9f4e7-8c79-41b9-91e2-6268419cb167",
		"verwerkingsactiviteitUrlAfnemer": "https://var.anderdorp.example/c5b9f4e7-8c79-41b9-91e2-6268419cb167",
		"verwerkingIdAfnemer":             "4b698de3-ffba-45e7-8697-a283ec863db2",
		"tijdstip":                        "2024-04-05T14:35:42+01:00",
		"verwerkteObjecten":               []any{persoon("2308572", "Partner", "Geboortedatum", "Nationaliteit")},
	}
}

func (a actie) with(key string, value any) actie {
	c := actie{}
	for k, v := range a {
		c[k] = v
	}
	if value == nil {
		delete(c, key)
	} else {
		c[key] = value
	}
	return c
}

// persoon is one element of verwerkteObjecten, known by a BSN.
func persoon(bsn, betrokkenheid string, soorten ...string) map[string]any {
	list := []any{}
	for _, s := range soorten {
		list = append(list, map[string]any{"soortGegeven": s})
	}
	return map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn, "betrokkenheid": betrokkenheid, "verwerkteSoortenGegevens": list}
}

// post logs an actie and gives it back as stored.
func (r *register) post(client string, a actie, opties ...optie) map[string]any {
	r.t.Helper()
	return r.do(client, "POST", bewerking+"/verwerkingsacties", a, opties...).Want(http.StatusCreated).JSON()
}

// id is the actieId of a stored actie.
func id(a map[string]any) string { return a["actieId"].(string) }

// lijst asks the Bewerking API for the acties of a BSN; extra is more query ("&vertrouwelijkheid=…").
func (r *register) lijst(client, bsn, extra string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "GET", bewerking+"/verwerkingsacties?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+extra, nil, opties...)
}

// inzien asks the Inzage API for what may be shown about a BSN over a wide period.
func (r *register) inzien(client, bsn, extra string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+
		"&beginDatum=2000-01-01&eindDatum=2100-01-01"+extra, nil, append([]optie{doorgave()}, opties...)...)
}
