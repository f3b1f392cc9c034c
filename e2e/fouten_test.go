package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Errors that do not come from the content of a request. The same 403 for every confidential state
// is TestWeigeringVerraadtDeStaatNiet; 503 for a full queue and a store that refuses, and
// panics, are tested in internal/api, where they can be brought about.

func TestAddressesMethodsAndTypesThatAreNot(t *testing.T) {
	t.Parallel()
	r := start(t)
	const lijstPad, enkelPad = bewerking + "/verwerkingsacties", bewerking + "/verwerkingsacties/48086bf2-11b7-4603-9526-67d7c3bb6587"
	for _, tt := range []struct {
		name, client, method, path string
		opties                     []optie
		status                     int
		code, allow                string
	}{
		{"an unknown address", "normaal", "GET", bewerking + "/acties", nil, 404, "not_found", ""},
		{"an unknown address of Inzage", "normaal", "GET", inzage + "/verwerkingsacties", nil, 404, "not_found", ""},
		{"an unknown address without a token", "", "GET", bewerking + "/acties", nil, 404, "not_found", ""},
		{"the root of an API", "normaal", "GET", bewerking + "/", nil, 404, "not_found", ""},
		{"a slash too many", "normaal", "GET", lijstPad + "/", nil, 404, "not_found", ""},
		{"other case", "normaal", "GET", bewerking + "/Verwerkingsacties", nil, 404, "not_found", ""},
		{"a withdrawn operation (R-245)", "vertrouwelijk", "POST", bewerking + "/wijzigVertrouwelijkheidVerwerking", nil, 404, "not_found", ""},
		{"and its twin", "vertrouwelijk", "POST", bewerking + "/wijzigBewaartermijnVerwerking", nil, 404, "not_found", ""},
		{"an object by Bewerking (X23)", "vertrouwelijk", "GET", bewerking + "/verwerkte-objecten/48086bf2-11b7-4603-9526-67d7c3bb6587", nil, 404, "not_found", ""},
		{"PUT on a list", "normaal", "PUT", lijstPad, nil, 405, "method_not_allowed", "GET, POST, PATCH"},
		{"DELETE on a list", "normaal", "DELETE", lijstPad, nil, 405, "method_not_allowed", "GET, POST, PATCH"},
		{"POST on an actie", "normaal", "POST", enkelPad, nil, 405, "method_not_allowed", "GET, PUT, DELETE"},
		{"PATCH on an actie", "normaal", "PATCH", enkelPad, nil, 405, "method_not_allowed", "GET, PUT, DELETE"},
		{"DELETE on the history", "auditor", "DELETE", enkelPad + "/versies", nil, 405, "method_not_allowed", "GET"},
		{"POST in Inzage", "inzage-normaal", "POST", inzage + "/verwerkte-objecten", nil, 405, "method_not_allowed", "GET"},
		{"DELETE in Inzage", "inzage-normaal", "DELETE", inzage + "/verwerkte-objecten/48086bf2-11b7-4603-9526-67d7c3bb6587", nil, 405, "method_not_allowed", "GET"},
		{"OPTIONS", "", "OPTIONS", lijstPad, nil, 405, "method_not_allowed", "GET, POST, PATCH"},
		{"TRACE", "", "TRACE", lijstPad, nil, 405, "method_not_allowed", "GET, POST, PATCH"},
		{"a method in lower case", "normaal", "post", lijstPad, nil, 405, "method_not_allowed", "GET, POST, PATCH"},
		{"HTML wanted", "vertrouwelijk", "GET", enkelPad, []optie{header("Accept", "text/html")}, 406, "not_acceptable", ""},
		{"XML wanted of a POST", "normaal", "POST", lijstPad, []optie{header("Accept", "application/xml")}, 406, "not_acceptable", ""},
		{"a form", "normaal", "POST", lijstPad, []optie{header("Content-Type", "application/x-www-form-urlencoded")}, 415, "unsupported_media_type", ""},
		{"no type", "normaal", "POST", lijstPad, []optie{header("Content-Type", "")}, 415, "unsupported_media_type", ""},
		{"merge-patch", "normaal", "PATCH", lijstPad + "?verwerkingId=48086bf2-11b7-4603-9526-67d7c3bb6587",
			[]optie{header("Content-Type", "application/merge-patch+json")}, 415, "unsupported_media_type", ""},
		{"another charset", "normaal", "POST", lijstPad, []optie{header("Content-Type", "application/json; charset=iso-8859-1")}, 415, "unsupported_media_type", ""},
		{"compressed", "normaal", "POST", lijstPad, []optie{header("Content-Encoding", "gzip")}, 415, "unsupported_media_type", ""},
		{"no scope for reading", "niets", "GET", lijstPad, nil, 403, "permission_denied", ""},
		{"a scope of the other API (R-108)", "inzage-vertrouwelijk", "GET", enkelPad, nil, 403, "permission_denied", ""},
		{"a scope of the other API, the other way", "vertrouwelijk", "GET", inzage + "/verwerkte-objecten/48086bf2-11b7-4603-9526-67d7c3bb6587", nil, 403, "permission_denied", ""},
		{"history without audit:read", "vertrouwelijk", "GET", enkelPad + "/versies", nil, 403, "permission_denied", ""},
		{"an OIN that is not the client's", "vertrouwelijk", "GET", lijstPad + "?objecttype=persoon&soortObjectId=BSN&objectId=2308572", []optie{header("OIN", anderdorp)}, 403, "permission_denied", ""},
		{"hiding the own look without the right", "auditor", "GET", enkelPad + "/versies", []optie{header("Vertrouwelijkheid", "vertrouwelijk")}, 403, "permission_denied", ""},
		{"an unknown actie", "vertrouwelijk", "GET", enkelPad, nil, 404, "not_found", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused(t, tt.status, tt.code, func(r *register) *antwoord {
				var send any
				if tt.method == "POST" || tt.method == "PATCH" || tt.method == "PUT" {
					send = `{}`
				}
				a := r.do(tt.client, tt.method, tt.path, send, tt.opties...)
				if got := a.Header.Get("Allow"); got != tt.allow {
					t.Errorf("Allow %q, want %q", got, tt.allow)
				}
				return a
			})
		})
	}
	t.Run("HEAD is a method like another", func(t *testing.T) {
		a := r.in(t).do("normaal", "HEAD", lijstPad, nil).Want(http.StatusMethodNotAllowed)
		if len(a.Body) > 0 || a.Header.Get("API-version") == "" || a.Header.Get("Allow") == "" {
			t.Error("not the answer of a HEAD")
		}
	})
}

// A path that is not in its plain form is no address: a redirect would put what stands in the query
// into one more URL.
func TestPathsThatAreNotPlainAreNotFound(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, path := range []string{bewerking + "//verwerkingsacties", bewerking + "/./verwerkingsacties", bewerking + "/x/../verwerkingsacties",
		"/bewerking//api/v1/verwerkingsacties", inzage + "//verwerkte-objecten", bewerking} {
		t.Run(path, func(t *testing.T) {
			in := r.in(t)
			a := in.rawGet("vertrouwelijk", path+"?objectId="+verdacht)
			in.wantFout(a, http.StatusNotFound, "not_found")
		})
	}
}

// every answer says the version of the API; and none may be kept by a cache.
func TestEveryAnswerTellsTheVersionAndMayNotBeKept(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	put := g.opgeslagen.with("verwerkteObjecten", []any{})
	for _, tt := range []struct {
		name string
		a    *antwoord
		want int
	}{
		{"POST", r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis()), 201},
		{"a list", r.lijst("vertrouwelijk", g.bsn, ""), 200},
		{"a search", r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": g.bsn}), 200},
		{"GET by id", r.haal("normaal", g.actie), 200},
		{"the history", r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil), 200},
		{"PATCH", r.patch("normaal", g.verwerking, `{"bewaartermijn":"P1Y"}`), 204},
		{"Inzage", r.inzien("inzage-normaal", g.bsn, ""), 200},
		{"Inzage by id", r.haalObject("inzage-normaal", g.object), 200},
		{"PUT", r.put("normaal", g.actie, put), 200},
		{"DELETE", r.delete("normaal", g.actie), 204},
		{"400", r.do("normaal", "POST", bewerking+"/verwerkingsacties", `{`), 400},
		{"401", r.do("", "GET", bewerking+"/verwerkingsacties", nil), 401},
		{"403", r.do("niets", "GET", bewerking+"/verwerkingsacties", nil), 403},
		{"404", r.do("niets", "GET", bewerking+"/niets", nil), 404},
		{"405", r.do("niets", "PUT", bewerking+"/verwerkingsacties", nil), 405},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.a.t = t
			tt.a.Want(tt.want)
			for name, want := range map[string]string{"API-version": "1.0.0", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
				if got := tt.a.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if (tt.want == 201) != strings.HasPrefix(tt.a.Header.Get("Location"), r.url+bewerking+"/verwerkingsacties/") {
				t.Errorf("Location %q", tt.a.Header.Get("Location"))
			}
			if tt.want == 204 && len(tt.a.Body) > 0 {
				t.Error("204 with a body")
			}
		})
	}
	for _, path := range []string{bewerking + "/openapi.json", bewerking + "/openapi.yaml", inzage + "/openapi.json", inzage + "/openapi.yaml"} {
		if a := r.do("", "GET", path, nil).Want(200); a.Header.Get("API-version") != "1.0.0" {
			t.Errorf("%s has no API-version", path)
		}
	}
}

// The links to what an error means lead somewhere.
func TestTheTypeOfAnErrorIsAPageThatExplainsIt(t *testing.T) {
	t.Parallel()
	r := start(t)
	page := string(r.do("", "GET", "/docs", nil).Want(http.StatusOK).Body)
	for _, a := range []*antwoord{
		r.do("normaal", "POST", bewerking+"/verwerkingsacties", `{`), r.do("", "GET", bewerking+"/verwerkingsacties", nil),
		r.do("niets", "GET", bewerking+"/verwerkingsacties", nil), r.do("niets", "GET", bewerking+"/niets", nil),
		r.do("normaal", "POST", bewerking+"/verwerkingsacties", `{}`),
	} {
		address, anchor, ok := strings.Cut(a.JSON()["type"].(string), "#")
		if !ok || address != r.url+"/docs" || !strings.Contains(page, `id="`+anchor+`"`) {
			t.Errorf("type %v leads nowhere", a.JSON()["type"])
		}
	}
}

// A token can only narrow what was granted, and never crosses organisations (R-702, X25).
func TestATokenMayGiveAwayRightsAndNeverGainThem(t *testing.T) {
	t.Parallel()
	r := start(t)
	stored := r.post("normaal", basis())
	with := func(client string, c autorisatie.Claims) optie {
		return header("Authorization", "Bearer "+r.token(client, c))
	}
	path := bewerking + "/verwerkingsacties/" + id(stored)
	r.do("", "GET", path, nil, with("vertrouwelijk", autorisatie.Claims{Scopes: []autorisatie.Scope{"read:normal"}})).Want(200)
	r.do("", "GET", path, nil, with("vertrouwelijk", autorisatie.Claims{Scopes: []autorisatie.Scope{"create:normal"}})).Want(403)
	r.do("", "GET", path, nil, with("vertrouwelijk", autorisatie.Claims{Scopes: []autorisatie.Scope{}})).Want(403)
	r.do("", "GET", path, nil, with("niets", autorisatie.Claims{Scopes: []autorisatie.Scope{"read:confidential"}})).Want(403)
	r.do("", "GET", path, nil, with("beide", autorisatie.Claims{Organisatie: voorbeeldstad})).Want(200)
	r.do("", "GET", path, nil, with("beide", autorisatie.Claims{Organisatie: anderdorp})).Want(404)
	r.do("anderdorp", "GET", path, nil).Want(404)
	r.do("anderdorp", "DELETE", path, nil).Want(400)
}
