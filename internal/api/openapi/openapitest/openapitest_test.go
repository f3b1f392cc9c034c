package openapitest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
)

// exampleOf gives an example of a document as JSON.
func exampleOf(t *testing.T, doc []byte, name string) map[string]any {
	t.Helper()
	d, err := Load(doc)
	if err != nil {
		t.Fatal(err)
	}
	ref := d.Components.Examples[name]
	if ref == nil {
		t.Fatalf("no example %q", name)
	}
	value, ok := ref.Value.Value.(map[string]any)
	if !ok {
		t.Fatalf("example %q is no object", name)
	}
	return value
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

const (
	actie = "/bewerking/api/v1/verwerkingsacties/7a22eb38-bca6-463f-9955-54ab040287cb"
	fout  = `{"code":"CODE","title":"t","status":STATUS,"detail":"d","instance":"urn:uuid:0b1f7c52-6a3d-4e88-9c41-5d2e7f90a1b3"}`
)

func TestExchangesAreCheckedAgainstTheDocument(t *testing.T) {
	t.Parallel()
	in := asJSON(t, exampleOf(t, openapi.Bewerking, "ActieIn"))
	uit := exampleOf(t, openapi.Bewerking, "ActieUit")
	changed := func(key string, value any) string {
		m := maps.Clone(uit)
		if m[key] = value; value == nil {
			delete(m, key)
		}
		return asJSON(t, m)
	}
	withNull := maps.Clone(uit)
	withNull["verwerkingId"], withNull["bewaartermijn"], withNull["afnemerId"], withNull["uitvoerder"] = nil, nil, nil, nil
	problem := func(status, code string) string {
		return strings.NewReplacer("STATUS", status, "CODE", code).Replace(fout)
	}
	type header = map[string]string
	json200 := header{"Content-Type": "application/json", "ETag": `"a"`, "Peilmoment": "2026-03-05T13:35:42.118204Z"}
	created := header{"Content-Type": "application/json", "ETag": `"a"`, "Location": "https://log.example" + actie}
	problemJSON := header{"Content-Type": "application/problem+json"}
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		header                   header
		answer                   string
		wrong                    string // part of the report; empty when the exchange is right
	}{
		{"a created actie as documented is right", "POST", "/bewerking/api/v1/verwerkingsacties", in, 201, created, asJSON(t, uit), ""},
		{"capitals in what is sent are right", "POST", "/bewerking/api/v1/verwerkingsacties",
			`{"tijdstip":"2026-03-05T14:35:42+01:00","vertrouwelijkheid":"Vertrouwelijk","verwerkingId":"","bewaartermijn":null,
			"verwerkteObjecten":[{"objecttype":"Persoon","soortObjectId":"BSN","objectId":"2308572"}]}`, 201, created, asJSON(t, uit), ""},
		{"an accepted request without tijdstip is wrong", "POST", "/bewerking/api/v1/verwerkingsacties",
			`{"verwerkteObjecten":[]}`, 201, created, asJSON(t, uit), "tijdstip"},
		{"a refused request is not looked at", "POST", "/bewerking/api/v1/verwerkingsacties", `{`, 403, problemJSON, problem("403", "permission_denied"), ""},
		{"a created actie without Location is wrong", "POST", "/bewerking/api/v1/verwerkingsacties", in, 201, json200, asJSON(t, uit), "Location"},
		{"an answer without API-version is wrong", "GET", actie, "", 200, header{"Content-Type": "application/json", "ETag": `"a"`, "API-version": ""}, asJSON(t, uit), "API-version"},
		{"empty formatted fields are null", "GET", actie, "", 200, json200, asJSON(t, withNull), ""},
		{"an empty uuid as text is wrong", "GET", actie, "", 200, json200, changed("verwerkingId", ""), "uuid"},
		{"a missing field is wrong", "GET", actie, "", 200, json200, changed("gebruiker", nil), "gebruiker"},
		{"an undocumented field is wrong", "GET", actie, "", 200, json200, changed("vervallen", false), "vervallen"},
		{"an actieId in capitals is wrong", "GET", actie, "", 200, json200, changed("actieId", "7A22EB38-BCA6-463F-9955-54AB040287CB"), "actieId"},
		{"a moment without zone is wrong", "GET", actie, "", 200, json200, changed("tijdstip", "2026-03-05T14:35:42"), "tijdstip"},
		{"a moment that never was is wrong", "GET", actie, "", 200, json200, changed("tijdstip", "2026-02-30T14:35:42Z"), "tijdstip"},
		{"a duration of nothing is wrong", "GET", actie, "", 200, json200, changed("bewaartermijn", "PT"), "duration"},
		{"an enum in capitals is wrong in an answer", "GET", actie, "", 200, json200, changed("vertrouwelijkheid", "Normaal"), "vertrouwelijkheid"},
		{"an undeclared status is wrong", "GET", actie, "", 409, problemJSON, problem("409", "idempotentie_conflict"), "status"},
		{"an unknown query parameter that is accepted is wrong", "GET", "/bewerking/api/v1/verwerkingsacties?kleur=rood", "", 200,
			json200, `{"count":0,"next":null,"previous":null,"results":[]}`, "kleur"},
		{"repeated and comma separated vertrouwelijkheid are right", "GET",
			"/bewerking/api/v1/verwerkingsacties?objecttype=Persoon&soortObjectId=BSN&objectId=2308572&vertrouwelijkheid=Vertrouwelijk,opgeheven&vertrouwelijkheid=normaal", "", 200,
			json200, `{"count":0,"next":null,"previous":null,"results":[]}`, ""},
		{"a next page of Inzage needs no headers", "GET", "/inzage/api/v1/verwerkte-objecten?cursor=abc", "", 200,
			json200, `{"count":0,"next":null,"previous":null,"results":[]}`, ""},
		{"a first page of Inzage does", "GET", "/inzage/api/v1/verwerkte-objecten?page=2", "", 200,
			json200, `{"count":0,"next":null,"previous":null,"results":[]}`, "OIN"},
		{"a next page by cursor alone is right", "GET", "/bewerking/api/v1/verwerkingsacties/_zoek?cursor=abc", "", 200,
			json200, `{"count":0,"next":null,"previous":null,"results":[]}`, ""},
		{"an unknown field in a filter that is accepted is wrong", "POST", "/bewerking/api/v1/verwerkingsacties/_zoek",
			`{"verwerkingId":"48086bf2-11b7-4603-9526-67d7c3bb6587","kleur":"rood"}`, 200, json200, `{"count":0,"next":null,"previous":null,"results":[]}`, "kleur"},
		{"one vertrouwelijkheid or a list in a filter are right", "POST", "/bewerking/api/v1/verwerkingsacties/_zoek",
			`{"verwerkingId":"48086bf2-11b7-4603-9526-67d7c3bb6587","vertrouwelijkheid":["Normaal","opgeheven"]}`, 200, json200, `{"count":0,"next":null,"previous":null,"results":[]}`, ""},
		{"a 204 with a body is wrong", "DELETE", actie, "", 204, json200, "{}", "body"},
		{"a 204 without a body is right", "DELETE", actie, "", 204, nil, "", ""},
		{"a 400 without invalidParams is wrong", "PUT", actie, "{}", 400, problemJSON, problem("400", "invalid"), "invalidParams"},
		{"a code of another status is wrong", "GET", actie, "", 404, problemJSON, problem("404", "permission_denied"), "permission_denied"},
		{"an unknown code is wrong", "GET", actie, "", 404, problemJSON, problem("404", "weg"), "code"},
		{"an unknown path gives the documented 404", "GET", "/bewerking/api/v1/bestaatniet", "", 404, problemJSON, problem("404", "not_found"), ""},
		{"an unknown path may not succeed", "GET", "/bewerking/api/v1/bestaatniet", "", 200, json200, "{}", "no such operation"},
		{"a 405 must name the methods that can", "POST", actie, "", 405, problemJSON, problem("405", "method_not_allowed"), "Allow"},
		{"a 405 with Allow is right", "POST", actie, "", 405, header{"Content-Type": "application/problem+json", "Allow": "GET, HEAD"}, problem("405", "method_not_allowed"), ""},
		{"a 503 must say when to come back", "GET", actie, "", 503, problemJSON, problem("503", "niet_beschikbaar"), "Retry-After"},
		{"HEAD is GET without a body", "HEAD", actie, "", 200, json200, "", ""},
		{"a 401 must say how to sign in", "GET", actie, "", 401, problemJSON, problem("401", "not_authenticated"), "WWW-Authenticate"},
		{"Inzage needs its headers", "GET", "/inzage/api/v1/verwerkte-objecten/5f089abb-7ed1-4714-92d4-1850453eda5d", "", 200,
			json200, asJSON(t, exampleOf(t, openapi.Inzage, "Object")), "OIN"},
		{"the document itself is not an operation", "GET", "/inzage/api/v1/openapi.json", "", 200, json200, "{}", ""},
		{"other paths are not checked", "GET", "/docs", "", 200, nil, "<html>", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(tc.method, tc.path, nil)
			if tc.body != "" {
				req.Header.Set("Content-Type", "application/json")
			}
			res := &http.Response{StatusCode: tc.status, Header: http.Header{"Api-Version": {"1.0.0"}}}
			for k, v := range tc.header {
				if res.Header.Set(k, v); v == "" {
					res.Header.Del(k)
				}
			}
			err := check(req, []byte(tc.body), res, []byte(tc.answer), true)
			switch {
			case tc.wrong == "" && err != nil:
				t.Errorf("a right exchange is reported: %v", err)
			case tc.wrong != "" && err == nil:
				t.Error("a wrong exchange passes")
			case err != nil && !strings.Contains(err.Error(), tc.wrong):
				t.Errorf("the report does not name %q: %v", tc.wrong, err)
			case err != nil && strings.Contains(err.Error(), "2308572"):
				t.Error("the report holds the number of a person")
			}
		})
	}
}

func TestMiddlewareHandsOnBothBodies(t *testing.T) {
	t.Parallel()
	uit := asJSON(t, exampleOf(t, openapi.Bewerking, "ActieUit"))
	in := asJSON(t, exampleOf(t, openapi.Bewerking, "ActieIn"))
	h := Middleware(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got map[string]any
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || got["actieNaam"] == "" {
			t.Errorf("the handler does not get the body: %v", err)
		}
		w.Header().Set("API-version", "1.0.0")
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Location", "https://log.example"+actie)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		if _, err := w.Write([]byte(uit)); err != nil {
			t.Error(err)
		}
	}))
	req := httptest.NewRequest("POST", "/bewerking/api/v1/verwerkingsacties", strings.NewReader(in))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	if rec.Code != http.StatusCreated || rec.Body.String() != uit || rec.Header().Get("ETag") == "" {
		t.Errorf("the answer is not handed on: status %d", rec.Code)
	}
}

func TestFormatsAreStrict(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		check func(string) error
		right []string
		wrong []string
	}{
		{"uri", uri, []string{"https://a.example/b", "urn:uuid:0b1f"}, []string{"", "/b", "a.example/b", "https://", "%"}},
		{"duration", duration, []string{"P1Y", "P2W", "PT1.5S", "P3Y6M4DT12H30M5S"}, []string{"", "P", "PT", "P1YT", "-P1Y", "1Y", "P1S"}},
		{"date", date, []string{"2026-02-28"}, []string{"", "2026-02-29", "2026-2-1", "20260201"}},
		{"date-time", moment, []string{"2026-03-05T14:35:42+01:00", "2026-03-05T14:35:42.123456789Z"},
			[]string{"", "2026-03-05T14:35:42", "2026-03-05 14:35:42Z", "2026-02-30T14:35:42Z", "2026-03-05T14:35:42+25:00", "2026-03-05T14:35:42.1234567890Z", "2026-03-05t14:35:42z"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range tc.right {
				if err := tc.check(s); err != nil {
					t.Errorf("%q is refused: %v", s, err)
				}
			}
			for _, s := range tc.wrong {
				if tc.check(s) == nil {
					t.Errorf("%q is taken", s)
				}
			}
		})
	}
}
