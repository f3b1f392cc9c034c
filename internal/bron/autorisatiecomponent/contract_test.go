package autorisatiecomponent_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bron/autorisatiecomponent"
)

const oin = "00000099123456780000"

var geheim = []byte("een-geheim-van-minstens-32-tekens!")

// opname is a component over a real socket that holds every request against a published contract,
// answers from it, and remembers what was asked.
type opname struct {
	*httptest.Server
	t      *testing.T
	router routers.Router
	doc    *openapi3.T
	vorm   string // list, as published; object, as one implementation answers; page

	mu       sync.Mutex
	gevraagd []string
}

// applicaties are what the component knows; its contract has no name for the components of the log.
var applicaties = []map[string]any{
	{
		"clientIds": []string{"werkplek-kcc", "werkplek-oud"}, "label": "Werkplek KCC", "heeftAlleAutorisaties": false,
		"autorisaties": []map[string]any{
			{"component": "zrc", "componentWeergave": "Zaken API", "scopes": []string{"zaken.lezen"}, "zaaktype": "https://ztc.example/zaaktypen/1", "maxVertrouwelijkheidaanduiding": "openbaar"},
			{"component": "nrc", "componentWeergave": "Notificaties API", "scopes": []string{"create:normal", "read.confidential", "notificaties.publiceren"}},
			{"component": "ztc", "componentWeergave": "Catalogi API", "scopes": []string{"read:normal"}},
			{"component": "ac", "componentWeergave": "Autorisaties API", "scopes": []string{"autorisaties.lezen"}},
			{"component": "drc", "componentWeergave": "Documenten API", "scopes": []string{"documenten.lezen", "var:read"}, "informatieobjecttype": "https://ztc.example/informatieobjecttypen/1", "maxVertrouwelijkheidaanduiding": "openbaar"},
		},
	},
	{"clientIds": []string{"alles"}, "label": "Alles", "heeftAlleAutorisaties": true, "autorisaties": []map[string]any{}},
}

// opnemen starts one on a published document; without the folder of those documents it can't run.
func opnemen(t *testing.T, document, vorm string) *opname {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "specs")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the published documents are not here: ../shared/specs is absent")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, document))
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: "/autorisaties/api/v1"}}
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation())
	if err != nil {
		t.Fatal(err)
	}
	o := &opname{t: t, router: router, doc: doc, vorm: vorm}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	return o
}

func (o *opname) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.gevraagd = append(o.gevraagd, r.Method+" "+r.URL.RequestURI())
	o.mu.Unlock()
	route, params, err := o.router.FindRoute(r)
	if err != nil {
		o.t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
	}}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		o.t.Errorf("request against the contract: %v", err)
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	known := autorisatie.NewRegister(&autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{{ClientIDs: []string{"register"}, Geheim: geheim, Organisaties: []string{oin}}}})
	if _, err := known.Authenticate(token, autorisatie.Instellingen{}); !ok || err != nil {
		o.t.Errorf("the token is no ZGW token of the register: %v", err)
	}

	var found []map[string]any
	for _, a := range applicaties {
		if slices.Contains(a["clientIds"].([]string), r.URL.Query().Get("clientId")) {
			a = maps.Clone(a) // the tests run beside each other
			a["url"] = o.URL + "/autorisaties/api/v1/applicaties/2f8c7a0e-6b2d-4c55-9f0a-5a7b3c1d9e42"
			found = append(found, a)
		}
	}
	status, answer := http.StatusOK, any(found)
	switch {
	case found == nil && o.vorm == "page":
		answer = map[string]any{"count": 0, "next": nil, "previous": nil, "results": []any{}}
	case found == nil && o.vorm == "list" && route.Operation.Responses.Status(http.StatusNotFound) == nil:
		answer = []any{}
	case found == nil:
		status = http.StatusNotFound
		answer = map[string]any{"code": "not_found", "title": "Niet gevonden.", "status": 404, "detail": "Niet gevonden.", "instance": "urn:uuid:1"}
	case o.vorm == "object":
		answer = found[0]
	case o.vorm == "page":
		answer = map[string]any{"count": len(found), "next": nil, "previous": nil, "results": found}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		o.t.Error(err)
	}
	w.Header().Set("API-version", "1.0.1")
	w.Header().Set("Content-Type", "application/json")
	if status != http.StatusOK {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	o.check(in, status, w.Header(), body)
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		o.t.Error(err)
	}
}

// check keeps the recorder itself honest: what it answers is what the contract describes, for the
// forms that the contract has.
func (o *opname) check(in *openapi3filter.RequestValidationInput, status int, h http.Header, body []byte) {
	var err error
	switch {
	case status == http.StatusOK && o.vorm == "object":
		var v any
		if err = json.Unmarshal(body, &v); err == nil {
			err = o.doc.Components.Schemas["Applicatie"].Value.VisitJSON(v)
		}
	case status == http.StatusOK && o.vorm == "page":
		in.Route.Operation = o.doc.Paths.Value("/applicaties").Get
		fallthrough
	default:
		if in.Route.Operation.Responses.Status(status) == nil {
			return // an implementation that goes its own way
		}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: status, Header: h, Options: in.Options}
		out.SetBodyBytes(body)
		err = openapi3filter.ValidateResponse(in.Request.Context(), out)
	}
	if err != nil {
		o.t.Errorf("the recorder does not keep to the contract: %v", err)
	}
}

func client(url string) *autorisatiecomponent.Client {
	return autorisatiecomponent.New(autorisatiecomponent.Opties{
		URL: url + "/autorisaties/api/v1", ClientID: "register", Geheim: geheim, TimeOut: time.Minute, Bewerking: "nrc", Inzage: "ztc", VAR: "drc",
	})
}
