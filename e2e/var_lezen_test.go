package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

func gelijk(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAMomentFindsTheVersionThatHeldThen(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.klok.Set(time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC))
	met := func(doel string) activiteit.Inhoud {
		in := eenvoudig("Verhuizing verwerken")
		in.Doel = doel
		return in
	}
	id := r.activiteit(voorbeeldstad, met("Eerste doel."), "2024-01-01", true)
	r.versie(voorbeeldstad, id, met("Tweede doel."), activiteit.Vaststelling{Ingangsdatum: "2025-07-01", Openbaar: true})
	r.versie(voorbeeldstad, id, met("Tweede doel, verbeterd."), activiteit.Vaststelling{Ingangsdatum: "2025-07-01", Openbaar: true})
	r.versie(voorbeeldstad, id, met("Derde doel."), activiteit.Vaststelling{Ingangsdatum: "2026-06-01", Einddatum: "2027-12-31", Openbaar: true})
	lezer := r.lezer(voorbeeldstad)

	for _, tc := range []struct{ name, op, doel string }{
		{"today", "", "Tweede doel, verbeterd."},
		{"before there was any", "2023-12-31", ""},
		{"on the first day", "2024-01-01", "Eerste doel."},
		{"on the last day of a version", "2025-06-30", "Eerste doel."},
		{"on a day that was corrected later", "2025-07-01", "Tweede doel, verbeterd."},
		{"on a day to come", "2026-06-01", "Derde doel."},
		{"on the last day", "2027-12-31", "Derde doel."},
		{"after the end", "2028-01-01", ""},
		{"at the moment of a record, in Dutch time", "2024-06-05T14:35:42+02:00", "Eerste doel."},
		{"just before midnight in summer, in Dutch time", "2025-06-30T23:59:59+02:00", "Eerste doel."},
		{"just after midnight in summer, which is the day before in UTC", "2025-06-30T22:00:00Z", "Tweede doel, verbeterd."},
		{"just before midnight in winter", "2023-12-31T22:59:59.999Z", ""},
		{"just after midnight in winter", "2023-12-31T23:00:00Z", "Eerste doel."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			query := ""
			if tc.op != "" {
				query = "?" + url.Values{"geldigOp": {tc.op}}.Encode()
			}
			for _, opties := range [][]optie{nil, {lezer}} {
				een, lijst := r.lees(een(id)+query, opties...), r.lees(activiteiten+query, opties...).Want(http.StatusOK)
				alias := r.lees(varAPI+"/verwerkingsactiviteit/"+id.String()+query, opties...)
				if tc.doel == "" {
					if een.Want(404); !strings.Contains(een.JSON()["detail"].(string), "geldt niet op deze dag") {
						t.Errorf("the answer does not say what to do: %s", een.Body)
					}
					alias.Want(404)
					if n := lijst.JSON()["count"]; n != 0.0 {
						t.Errorf("%v in the list", n)
					}
					continue
				}
				if got := een.Want(200).JSON()["doel"]; got != tc.doel {
					t.Errorf("got %q, want %q", got, tc.doel)
				}
				gelijk(t, []any{een.JSON()}, lijst.JSON()["results"])
				if string(alias.Want(200).Body) != string(een.Body) {
					t.Error("the path of the draft gives something else")
				}
			}
		})
	}
	// All of them, also what was corrected and what is to come.
	var doelen, dagen []any
	nummers := map[any]bool{}
	for _, m := range r.lees(een(id) + "/versies").Want(200).Lijst() {
		doelen, dagen = append(doelen, m["doel"]), append(dagen, m["ingangsdatum"])
		nummers[m["versieId"]] = true
		if m["id"] != id.String() {
			t.Errorf("a version with id %v", m["id"])
		}
	}
	gelijk(t, []any{"Eerste doel.", "Tweede doel.", "Tweede doel, verbeterd.", "Derde doel."}, doelen)
	gelijk(t, []any{"2024-01-01", "2025-07-01", "2025-07-01", "2026-06-01"}, dagen)
	if len(nummers) != 4 {
		t.Errorf("%d ids of 4 versions", len(nummers))
	}
	// Today is a day in Dutch time.
	r.klok.Set(time.Date(2026, 5, 31, 22, 30, 0, 0, time.UTC))
	if got := r.lees(een(id)).Want(200).JSON()["doel"]; got != "Derde doel." {
		t.Errorf("half an hour past midnight: %v", got)
	}
}

func TestWhoHasAnAnswerAlreadyHearsSo(t *testing.T) {
	t.Parallel()
	r := start(t)
	id := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	lezer := r.lezer(voorbeeldstad)
	for _, path := range []string{activiteiten, een(id), een(id) + "/versies", varAPI + "/verwerkingsactiviteit/" + id.String()} {
		t.Run(path[strings.LastIndex(path, "/"):], func(t *testing.T) {
			a := r.lees(path).Want(200)
			tag := a.Header.Get("ETag")
			if len(tag) != 34 || a.Header.Get("Vary") != "Authorization" {
				t.Errorf("ETag %s, Vary %s", tag, a.Header.Get("Vary"))
			}
			for _, tc := range []struct {
				name, value string
				status      int
			}{
				{"the same", tag, 304}, {"one of them", `"iets", ` + tag, 304}, {"weak", "W/" + tag, 304}, {"any", "*", 304},
				{"another", `"79054025255fb1a26e4bc422aef54eb4"`, 200}, {"without quotes", strings.Trim(tag, `"`), 200}, {"nothing", "", 200},
			} {
				b := r.lees(path, header("If-None-Match", tc.value)).Want(tc.status)
				if b.Header.Get("ETag") != tag || tc.status == 304 && len(b.Body) > 0 {
					t.Errorf("%s: ETag %s, %d bytes", tc.name, b.Header.Get("ETag"), len(b.Body))
				}
			}
			eigen := r.lees(path, lezer).Want(200)
			if eigen.Header.Get("ETag") == tag || eigen.Header.Get("Cache-Control") != "private, no-cache" || eigen.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("what is for the organisation can be taken for what is public: %v", eigen.Header)
			}
			r.lees(path, lezer, header("If-None-Match", tag)).Want(200)

			kop := r.do("", "HEAD", path, nil).Want(200)
			if len(kop.Body) > 0 || kop.Header.Get("ETag") != tag || kop.Header.Get("Content-Length") != fmt.Sprint(len(a.Body)) || kop.Header.Get("Content-Type") != "application/json" {
				t.Errorf("HEAD: %d bytes, %v", len(kop.Body), kop.Header)
			}
			r.do("", "HEAD", path, nil, header("If-None-Match", tag)).Want(304)
		})
	}
	voor := r.lees(een(id)).Want(200).Header.Get("ETag")
	anders := verhuisactiviteit()
	anders.Doel = "Een ander doel."
	r.versie(voorbeeldstad, id, anders, activiteit.Vaststelling{Ingangsdatum: "2020-01-02", Openbaar: true})
	r.lees(een(id), header("If-None-Match", voor)).Want(200)
	r.do("", "HEAD", een(uuid.New()), nil).Want(404)
}

func TestAListIsNarrowedAndPaged(t *testing.T) {
	t.Parallel()
	r := start(t)
	met := func(naam, categorie, oin, basis string) {
		in := eenvoudig(naam)
		in.Categorie, in.VerantwoordelijkeOrganisatie, in.GebaseerdOp = categorie, oin, basis
		r.activiteit(voorbeeldstad, in, "2020-01-01", true)
	}
	const landelijk = "https://var.landelijk.example/verwerkingsactiviteiten/c83b2d4e-119b-4214-9567-8095e1d30eff"
	met("Aangifte geboorte", "Burgerzaken", voorbeeldstad, landelijk)
	met("Bijstand verlenen", "Sociaal domein", voorbeeldstad, "")
	met("Cadeau bij geboorte", "Communicatie", anderdorp, "")
	met("Dakkapel vergunnen", "Vergunningen & toezicht", voorbeeldstad, "urn:uuid:c83b2d4e-119b-4214-9567-8095e1d30eff")
	lezer := r.lezer(voorbeeldstad)
	for _, tc := range []struct {
		name  string
		query url.Values
		want  []string
	}{
		{"everything, by name", url.Values{}, []string{"Aangifte geboorte", "Bijstand verlenen", "Cadeau bij geboorte", "Dakkapel vergunnen"}},
		{"words", url.Values{"zoek": {"geboorte"}}, []string{"Aangifte geboorte", "Cadeau bij geboorte"}},
		{"several words, in any order and with capitals", url.Values{"zoek": {"GEBOORTE aangifte"}}, []string{"Aangifte geboorte"}},
		{"a word that is nowhere", url.Values{"zoek": {"zwemles"}}, []string{}},
		{"a category", url.Values{"categorie": {"sociaal domein"}}, []string{"Bijstand verlenen"}},
		{"a category with a sign", url.Values{"categorie": {"Vergunningen & toezicht"}}, []string{"Dakkapel vergunnen"}},
		{"who is responsible", url.Values{"verantwoordelijkeOrganisatie": {anderdorp}}, []string{"Cadeau bij geboorte"}},
		{"the one in a catalogue it is based on", url.Values{"gebaseerdOp": {landelijk}}, []string{"Aangifte geboorte"}},
		{"and that as a urn", url.Values{"gebaseerdOp": {"urn:uuid:c83b2d4e-119b-4214-9567-8095e1d30eff"}}, []string{"Dakkapel vergunnen"}},
		{"part of an address is not that address", url.Values{"gebaseerdOp": {"https://var.landelijk.example/"}}, []string{}},
		{"all together", url.Values{"zoek": {"geboorte"}, "categorie": {"Burgerzaken"}, "verantwoordelijkeOrganisatie": {voorbeeldstad}, "geldigOp": {"2020-01-01"}}, []string{"Aangifte geboorte"}},
		{"a page", url.Values{"page": {"2"}, "pageSize": {"3"}}, []string{"Dakkapel vergunnen"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, opties := range [][]optie{nil, {lezer}} {
				gelijk(t, tc.want, activiteitnamen(r.lees(activiteiten+"?"+tc.query.Encode(), opties...)))
			}
		})
	}
	t.Run("from page to page", func(t *testing.T) {
		var gezien []string
		var terug []any
		for path := any(activiteiten + "?pageSize=1&zoek=geboorte&geldigOp=2021-01-01"); path != nil; {
			a := r.lees(strings.TrimPrefix(path.(string), r.url))
			gezien = append(gezien, activiteitnamen(a)...)
			if a.JSON()["count"] != 2.0 {
				t.Errorf("count %v", a.JSON()["count"])
			}
			path, terug = a.JSON()["next"], append(terug, a.JSON()["previous"])
		}
		gelijk(t, []string{"Aangifte geboorte", "Cadeau bij geboorte"}, gezien)
		if len(terug) != 2 || terug[0] != nil {
			t.Fatalf("back: %v", terug)
		}
		gelijk(t, []string{"Aangifte geboorte"}, activiteitnamen(r.lees(strings.TrimPrefix(terug[1].(string), r.url))))
		r.lees(activiteiten + "?pageSize=2&page=3").Want(404)
		r.lees(activiteiten + "?zoek=zwemles&page=1").Want(200)
	})
}

func TestAQuestionThatIsWrongIsRefusedWithTheWayOut(t *testing.T) {
	t.Parallel()
	r := start(t)
	id := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	lang := strings.Repeat("x", 243)
	for _, tc := range []struct {
		name, path string
		params     []string
	}{
		{"an unknown parameter", activiteiten + "?organisatie=1", []string{"organisatie unknown-parameters"}},
		{"a parameter of the list, at one", een(id) + "?zoek=x", []string{"zoek unknown-parameters"}},
		{"any parameter, at the versions", een(id) + "/versies?geldigOp=2026-01-01", []string{"geldigOp unknown-parameters"}},
		{"a day that does not exist", een(id) + "?geldigOp=2026-02-30", []string{"geldigOp invalid"}},
		{"a moment without a zone", activiteiten + "?geldigOp=2026-02-03T10:00:00", []string{"geldigOp invalid"}},
		{"no day", activiteiten + "?geldigOp=", []string{"geldigOp invalid"}},
		{"a parameter twice", activiteiten + "?geldigOp=2026-01-01&geldigOp=2026-01-02", []string{"geldigOp invalid"}},
		{"everything at once", activiteiten + "?geldigOp=x&gebaseerdOp=&categorie=" + lang + "&zoek=%20&verantwoordelijkeOrganisatie=123&page=0&pageSize=501",
			[]string{"geldigOp invalid", "gebaseerdOp required", "categorie max_length", "zoek required", "verantwoordelijkeOrganisatie invalid", "page invalid", "pageSize invalid"}},
		{"a page that is no number", activiteiten + "?page=eerste", []string{"page invalid"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, p := range r.lees(tc.path).Want(http.StatusBadRequest).JSON()["invalidParams"].([]any) {
				m := p.(map[string]any)
				got = append(got, fmt.Sprint(m["name"], " ", m["code"]))
				if m["reason"] == "" || strings.Contains(m["reason"].(string), lang) {
					t.Errorf("reason %q", m["reason"])
				}
			}
			gelijk(t, tc.params, got)
		})
	}
	for _, tc := range []struct {
		name, method, path string
		status             int
		optie              optie
	}{
		{"an id that is none", "GET", activiteiten + "/verhuizing", 404, nil},
		{"an id in another form", "GET", activiteiten + "/urn:uuid:" + id.String(), 404, nil},
		{"an id in capitals is the same id", "GET", activiteiten + "/" + strings.ToUpper(id.String()), 200, nil},
		{"a path that does not exist", "GET", varAPI + "/activiteiten", 404, nil},
		{"a path below one", "GET", een(id) + "/iets", 404, nil},
		{"HTML", "GET", activiteiten, 406, header("Accept", "text/html")},
		{"to make one", "POST", activiteiten, 405, nil},
		{"to change one", "PUT", een(id), 405, nil},
		{"to remove one", "DELETE", een(id), 405, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			opties := []optie{}
			if tc.optie != nil {
				opties = append(opties, tc.optie)
			}
			a := r.do("", tc.method, tc.path, nil, opties...)
			if a.Status != tc.status || tc.status == 405 && a.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("status %d, Allow %q", a.Status, a.Header.Get("Allow"))
			}
		})
	}
}

func TestWhoAsksWithoutATokenIsHeldToAPaceByAddress(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.per_seconde: 1", "limieten.piek: 3")
	lezer := r.lezer(voorbeeldstad) // another client: it has a pace of its own
	refused := 0
	for range 10 {
		switch a := r.lees(activiteiten); a.Status {
		case http.StatusOK:
		case http.StatusTooManyRequests:
			refused++
			if a.Header.Get("Retry-After") == "" {
				t.Error("it does not say when to come back")
			}
		default:
			t.Fatalf("status %d", a.Status)
		}
	}
	if refused < 5 {
		t.Errorf("%d of 10 were refused", refused)
	}
	r.lees(activiteiten, lezer).Want(http.StatusOK)
}

func TestTheDocumentOfTheAPIIsServedAndExplained(t *testing.T) {
	t.Parallel()
	r := start(t)
	for pad, want := range map[string]string{
		varAPI + "/openapi.yaml": "title: Verwerkingsactiviteiten API", varAPI + "/openapi.json": `"title":"Verwerkingsactiviteiten API"`,
		"/docs": `id="var-verwerkingsactiviteiten_read"`, "/": "/var/api/v1/",
	} {
		if a := r.do("", "GET", pad, nil).Want(200); !strings.Contains(string(a.Body), want) {
			t.Errorf("%s does not hold %q", pad, want)
		}
	}
}
