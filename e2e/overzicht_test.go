package e2e

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// overzicht asks what a portal of the municipality shows to a citizen, as data.
func (r *register) overzicht(client, bsn string, erbij actie, opties ...optie) *antwoord {
	r.t.Helper()
	body := actie{"soortObjectId": "BSN", "objectId": bsn, "basis": "/mijn/gegevens"}
	for k, v := range erbij {
		body = body.with(k, v)
	}
	return r.do(client, "POST", inzage+"/overzicht", body, append([]optie{doorgave(), header("Accept", "application/json")}, opties...)...)
}

// stuk asks the same as a piece of HTML.
func (r *register) stuk(client, bsn string, erbij actie, opties ...optie) string {
	r.t.Helper()
	a := r.overzicht(client, bsn, erbij, append([]optie{header("Accept", "text/html")}, opties...)...).Want(http.StatusOK)
	if a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" {
		r.t.Errorf("the piece comes as %s, %s", a.Header.Get("Content-Type"), a.Header.Get("Cache-Control"))
	}
	return string(a.Body)
}

var link = regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)

// links gives where a piece leads to, which is nowhere but the basis.
func links(t testing.TB, stuk, basis string) (uit []string) {
	t.Helper()
	for _, m := range link.FindAllStringSubmatch(stuk, -1) {
		naar := html.UnescapeString(m[1])
		if naar != basis && !strings.HasPrefix(naar, basis+"?") {
			t.Errorf("the piece leads to %s", naar)
		}
		uit = append(uit, naar)
	}
	return uit
}

// plaats gives the cursor in the first link that has one.
func plaats(t testing.TB, stuk string) string {
	t.Helper()
	m := regexp.MustCompile(`[?&;]p=([A-Za-z0-9_-]+)`).FindStringSubmatch(stuk)
	if m == nil {
		t.Fatal("no link of the piece has a place in a list")
	}
	return m[1]
}

// The decision table of the Inzage API on the overview of a portal: as a piece of HTML, as data, and by line. Something else that may be
// shown stands beside each case, so that a look is under way of which the line could be a part.
func TestBeslistabelOverzicht(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, row := range []struct {
		client string
		wil    [aantalStaten]uitkomst
	}{
		//                        N0     N1     V    O      X    unknown
		{"inzage-normaal", [...]uitkomst{terug, weg, weg, weg, weg, weg}},
		{"inzage-vertrouwelijk", [...]uitkomst{terug, terug, weg, terug, weg, weg}},
		{"niets", [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
		{"vertrouwelijk", [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
	} {
		for s := range aantalStaten {
			t.Run(fmt.Sprintf("%s on %s is %s", row.client, s, row.wil[s]), func(t *testing.T) {
				t.Parallel()
				r := r.in(t)
				g := r.geval(s)
				if row.wil[s] == "403" {
					r.overzicht(row.client, g.bsn, nil).Want(http.StatusForbidden)
					r.overzicht(row.client, g.bsn, actie{"gebruik": g.object}).Want(http.StatusForbidden)
					return
				}
				ander := r.post("normaal", basis().with("actieNaam", "Iets anders").with("verwerkteObjecten", []any{persoon(g.bsn, "Aanvrager")}))
				stuk := r.stuk(row.client, g.bsn, nil)
				want, status := 1, http.StatusNotFound
				if row.wil[s] == terug {
					want, status = 2, http.StatusOK
				}
				if got := strings.Contains(stuk, "gebruik="+g.object); got != (row.wil[s] == terug) {
					t.Errorf("it stands in the piece: %t", got)
				}
				if !strings.Contains(stuk, "gebruik="+objecten(ander)[0]["verwerktObjectId"].(string)) {
					t.Error("what is always shown is not there")
				}
				p := plaats(t, stuk)
				if got := r.overzicht(row.client, g.bsn, actie{"p": p}).Want(http.StatusOK).JSON()["aantal"]; got != float64(want) {
					t.Errorf("%v lines, want %d", got, want)
				}
				for _, begin := range []any{nil, p} {
					a := r.overzicht(row.client, g.bsn, actie{"gebruik": g.object, "p": begin}).Want(status)
					if status == http.StatusOK && a.JSON()["verwerktObjectId"] != g.object {
						t.Error("another line is shown")
					}
				}
				links(t, stuk, "/mijn/gegevens")
				if strings.Contains(stuk, g.bsn) {
					t.Error("the piece holds the number of the person")
				}
			})
		}
	}
}

// C3677, R-310: what is of another is not found, by any way, and no answer holds a number of anybody.
func TestOverzichtToontNooitEenAnder(t *testing.T) {
	t.Parallel()
	r := start(t)
	a, b := nieuweBSN(), nieuweBSN()
	stored := r.post("normaal", basis().with("verwerkteObjecten", []any{persoon(a, "Partner"), persoon(b, "Getuige")}).with("soortAfnemerId", "BSN").with("afnemerId", b))
	van := func(k int) string { return objecten(stored)[k]["verwerktObjectId"].(string) }
	const client = "inzage-vertrouwelijk"
	voorA, voorB := r.stuk(client, a, nil), r.stuk(client, b, nil)
	regel := r.overzicht(client, a, actie{"gebruik": van(0), "p": plaats(t, voorA)}).Want(http.StatusOK)
	regelStuk := r.stuk(client, a, actie{"gebruik": van(0), "p": plaats(t, voorA)})
	gegevens := r.overzicht(client, b, nil).Want(http.StatusOK)
	for _, s := range []string{voorA, voorB, string(regel.Body), regelStuk, string(gegevens.Body)} {
		if strings.Contains(s, a) || strings.Contains(s, b) {
			t.Error("a number of a person is shown")
		}
	}
	if !strings.Contains(voorA, "iemand anders") || !strings.Contains(voorB, "uzelf") || strings.Contains(voorB, "Partner") || strings.Contains(regelStuk, "Getuige") {
		t.Error("who received it, or in what role, is told wrong")
	}
	onbekend := zonderInstance(r.overzicht(client, a, actie{"gebruik": uuid.NewString(), "p": plaats(t, voorA)}).Want(http.StatusNotFound))
	for _, erbij := range []actie{{"gebruik": van(1), "p": plaats(t, voorA)}, {"gebruik": van(1)}, {"gebruik": "geen-uuid"}, {"gebruik": van(1), "p": plaats(t, voorA), "van": "2026-01-01"}} {
		if got := zonderInstance(r.overzicht(client, a, erbij).Want(http.StatusNotFound)); got != onbekend {
			t.Error("the answer tells whose it is")
		}
	}
	// A look is of one citizen and one application.
	wantParams(t, r.overzicht(client, b, actie{"p": plaats(t, voorA)}), "cursor invalid")
	wantParams(t, r.overzicht(client, b, actie{"gebruik": van(1), "p": plaats(t, voorA)}), "cursor invalid")
	wantParams(t, r.overzicht("inzage-normaal", a, actie{"p": plaats(t, voorA)}), "cursor invalid")
	lijst := r.do(client, "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+a+"&beginDatum=2000-01-01&eindDatum=2100-01-01&pageSize=1", nil, doorgave()).Want(http.StatusOK).JSON()
	_, cursor, _ := strings.Cut(lijst["next"].(string), "cursor=")
	wantParams(t, r.overzicht(client, a, actie{"p": cursor}), "cursor invalid")
}

// What people typed into a record does nothing in a page.
func TestOverzichtOntsnaptAanElkeTekst(t *testing.T) {
	t.Parallel()
	r := start(t)
	const kwaad = `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.}}</div>`
	bsn := nieuweBSN()
	r.post("normaal", basis().with("actieNaam", kwaad).with("handelingNaam", kwaad).with("verwerkingNaam", kwaad).with("verwerkteObjecten", []any{persoon(bsn, kwaad, kwaad)}))
	r.post("normaal", basis().with("actieNaam", kwaad+"2").with("verwerkingNaam", kwaad).with("verwerkteObjecten", []any{persoon(bsn, kwaad, kwaad)}))
	for _, taal := range []string{"nl", "en"} {
		stuk := r.stuk("inzage-normaal", bsn, actie{"taal": taal, "tot": "2024-12-31"})
		regel := regexp.MustCompile(`gebruik=([0-9a-f-]{36})`).FindStringSubmatch(stuk)
		if regel == nil {
			t.Fatal("no line")
		}
		for _, s := range []string{stuk, r.stuk("inzage-normaal", bsn, actie{"taal": taal, "gebruik": regel[1], "p": plaats(t, stuk)})} {
			if strings.Contains(s, "<script") || strings.Contains(s, "<img") || !strings.Contains(s, "&lt;script&gt;") || strings.Count(s, "<div") != strings.Count(s, "</div") {
				t.Errorf("%s: a text of a record is part of the page:\n%s", taal, s)
			}
			links(t, s, "/mijn/gegevens")
		}
	}
}

// B7259, B7952, R-402: one look is one inzage in the log, with who looked and for what; pages and lines belong to it. The citizen sees it
// next time, folded with what the portal logged itself.
func TestOverzichtWordtVastgelegdPerBlik(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn, mijn := nieuweBSN(), uuid.NewString()
	const client = "anderdorp" // may log, and look
	for n := range 60 {
		r.post(client, basis().with("tijdstip", fmt.Sprintf("2024-04-05T14:%02d:00+01:00", n)).with("verwerkingId", uuid.NewString()).with("uitvoerder", nil).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")}))
	}
	kijk := func() (string, optie) {
		verwerking := uuid.NewString()
		r.post(client, basis().with("actieNaam", "Tonen verwerkingen").with("verwerkingsactiviteitId", mijn).with("verwerkingId", verwerking).with("uitvoerder", nil).
			with("soortAfnemerId", "BSN").with("afnemerId", bsn).with("tijdstip", r.klok.Nu().Format("2006-01-02T15:04:05Z07:00")).with("verwerkteObjecten", []any{persoon(bsn, "Betrokkene")}))
		return verwerking, func(req *http.Request) {
			req.Header.Set("OIN", anderdorp)
			req.Header.Set("VerwerkingsactiviteitId", mijn)
			req.Header.Set("VerwerkingId", verwerking)
		}
	}
	verwerking, hoe := kijk()
	stuk := r.stuk(client, bsn, nil, hoe)
	if !strings.Contains(stuk, "U keek zelf 1 keer") || !strings.Contains(stuk, "Dit is de stand van") || !strings.Contains(stuk, "Er staan 61 regels") {
		t.Error("the first look does not show the own one")
	}
	p := plaats(t, stuk)
	volgende := regexp.MustCompile(`[?;]p=([A-Za-z0-9_-]+)" rel="next"`).FindStringSubmatch(stuk)
	if volgende == nil {
		t.Fatal("there is no next page")
	}
	tweede := r.stuk(client, bsn, actie{"p": volgende[1]}, hoe)
	if strings.Contains(tweede, "U keek zelf") || strings.Count(tweede, `<h3 class="utrecht-heading-3">`) != 11 {
		t.Error("the second page is not the rest")
	}
	r.stuk(client, bsn, actie{"p": p, "gebruik": regexp.MustCompile(`gebruik=([0-9a-f-]{36})`).FindStringSubmatch(tweede)[1]}, hoe)
	opvragingen := func() (uit []map[string]any) {
		for _, a := range r.do(client, "GET", bewerking+"/verwerkingsacties?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+"&pageSize=500", nil).Want(http.StatusOK).Lijst() {
			if a["actieNaam"] == "Inzien verwerkingenlog" {
				uit = append(uit, a)
			}
		}
		return uit
	}
	gelogd := opvragingen()
	if len(gelogd) != 1 {
		t.Fatalf("%d acties of one look", len(gelogd))
	}
	wantVelden(t, gelogd[0], map[string]any{"soortAfnemerId": "OIN", "afnemerId": anderdorp, "verwerkingsactiviteitIdAfnemer": mijn, "verwerkingIdAfnemer": verwerking, "vertrouwelijkheid": "normaal"})

	_, hoe = kijk()
	if stuk = r.stuk(client, bsn, nil, hoe); !strings.Contains(stuk, "U keek zelf 2 keer") {
		t.Error("two looks are not counted as two")
	}
	r.stuk(client, bsn, actie{"gebruik": regexp.MustCompile(`gebruik=([0-9a-f-]{36})`).FindStringSubmatch(stuk)[1]}, hoe) // without a look under way
	if n := len(opvragingen()); n != 3 {
		t.Errorf("%d acties of three looks", n)
	}
	// What was chosen: a period, of which both days count, and an activity.
	for want, erbij := range map[float64]actie{60: {"tot": "2024-04-05", "van": "2024-04-05"}, 0: {"tot": "2024-04-04"}} {
		if got := r.overzicht(client, bsn, erbij, hoe).Want(http.StatusOK).JSON()["aantal"]; got != want {
			t.Errorf("%v lines, want %v", got, want)
		}
	}
	gekozen := r.stuk(client, bsn, actie{"doel": mijn, "taal": "en"}, hoe)
	if !strings.Contains(gekozen, `lang="en"`) || slices.ContainsFunc(links(t, gekozen, "/mijn/gegevens"), func(s string) bool { return strings.Contains(s, "p=") && !strings.Contains(s, "doel="+mijn) }) {
		t.Error("what was chosen is lost in a link")
	}
}

// 400, 401, 405, 406 and 415, each with the field that is wrong and never with what stood in it; nothing of it is logged.
func TestOverzichtWeigertWatNietKlopt(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	const client = "inzage-normaal"
	for _, row := range []struct {
		erbij actie
		want  []string
	}{
		{actie{"basis": "//kwaad.example"}, []string{"basis invalid"}},
		{actie{"basis": "javascript:alert(1)"}, []string{"basis invalid"}},
		{actie{"basis": "/mijn/" + g.bsn}, []string{"basis invalid"}},
		{actie{"basis": "/mijn/00000012", "objectId": "000000012"}, []string{"basis invalid"}},
		{actie{"basis": "/mijn/000000012", "objectId": "00000012"}, []string{"basis invalid"}},
		{actie{"basis": ""}, []string{"basis required"}},
		{actie{"objectId": nil, "soortObjectId": ""}, []string{"soortObjectId required", "objectId required"}},
		{actie{"objectId": 999912340}, []string{"objectId invalid"}},
		{actie{"taal": "de"}, []string{"taal invalid_choice"}},
		{actie{"doel": "x"}, []string{"doel invalid"}},
		{actie{"van": "morgen", "tot": "2026-02-30"}, []string{"tot invalid", "van invalid"}},
		{actie{"van": "2026-02-02", "tot": "2026-02-01"}, []string{"tot invalid"}},
		{actie{"organisatie": "gemeente", "wijze": "soms"}, []string{"organisatie invalid", "wijze invalid_choice"}},
		{actie{"p": "zomaar"}, []string{"cursor invalid"}},
		{actie{"page": 2}, []string{"page unknown-parameters"}},
		{actie{"objectId": strings.Repeat("9", 41)}, []string{"objectId max_length"}},
	} {
		a := r.overzicht(client, g.bsn, row.erbij)
		wantParams(t, a, row.want...)
		if strings.Contains(string(a.Body), g.bsn) || strings.Contains(string(a.Body), "kwaad") {
			t.Error("the answer holds what was sent")
		}
	}
	zonder := func(req *http.Request) { req.Header.Del("VerwerkingsactiviteitId") }
	wantParams(t, r.overzicht(client, g.bsn, nil, zonder), "VerwerkingsactiviteitId required")
	p := plaats(t, r.stuk(client, g.bsn, nil))
	wantParams(t, r.overzicht(client, g.bsn, actie{"p": p}, zonder), "VerwerkingsactiviteitId required")
	r.overzicht("", g.bsn, nil).Want(http.StatusUnauthorized)
	r.overzicht(client, g.bsn, nil, header("OIN", anderdorp)).Want(http.StatusForbidden)
	r.overzicht(client, g.bsn, nil, header("Accept", "image/png")).Want(http.StatusNotAcceptable)
	r.overzicht(client, g.bsn, nil, header("Content-Type", "application/x-www-form-urlencoded")).Want(http.StatusUnsupportedMediaType)
	r.do(client, "GET", inzage+"/overzicht", nil, doorgave()).Want(http.StatusMethodNotAllowed)
	wantParams(t, r.do(client, "POST", inzage+"/overzicht?objectId=1", actie{}, doorgave()), "objectId unknown-parameters")
	if list := zonderOpvragingen(r.lijst("vertrouwelijk", g.bsn, "").Want(http.StatusOK).Lijst()); len(list) != 1 {
		t.Errorf("%d acties", len(list))
	}
}

// The filters of our own pages, on both forms of the answer. In what way it went can be chosen only where systems were named.
func TestOverzichtKiestOpOrganisatieEnWijze(t *testing.T) {
	t.Parallel()
	const client = "inzage-normaal"
	for _, genoemd := range []bool{true, false} {
		var settings []string
		if genoemd {
			settings = []string{`organisaties: {"` + voorbeeldstad + `": {automatisch: [Nachtelijke levering]}}`}
		}
		r := start(t, settings...)
		bsn := nieuweBSN()
		leg := func(naam string, erbij actie) {
			a := basis().with("actieNaam", naam).with("verwerkingNaam", "").with("verwerkingId", nil).with("uitvoerder", nil).with("soortAfnemerId", nil).with("afnemerId", nil).
				with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
			for k, v := range erbij {
				a = a.with(k, v)
			}
			r.post("normaal", a)
		}
		leg("Ons", actie{"systeem": "Balie"})
		leg("Geleverd", actie{"systeem": "Nachtelijke levering", "soortAfnemerId": "OIN", "afnemerId": anderdorp})
		namen := func(erbij actie) (uit []string) {
			t.Helper()
			antwoord := r.overzicht(client, bsn, erbij).Want(http.StatusOK).JSON()
			for _, d := range antwoord["delen"].([]any) {
				for _, v := range d.(map[string]any)["verwerkingen"].([]any) {
					if naam := v.(map[string]any)["naam"].(string); naam == "Ons" || naam == "Geleverd" {
						uit = append(uit, naam)
					}
				}
			}
			slices.Sort(uit)
			return uit
		}
		beide := []string{"Geleverd", "Ons"}
		vanzelf, mens := []string{"Geleverd"}, []string{"Ons"}
		if !genoemd {
			vanzelf, mens = beide, beide
		}
		for naam, row := range map[string]struct {
			erbij actie
			want  []string
		}{
			"all": {nil, beide}, "an organisation": {actie{"organisatie": anderdorp}, []string{"Geleverd"}}, "by itself": {actie{"wijze": "vanzelf"}, vanzelf},
			"by hand": {actie{"wijze": "mens"}, mens}, "both": {actie{"wijze": "vanzelf", "organisatie": anderdorp}, []string{"Geleverd"}}, "empty": {actie{"wijze": "", "organisatie": nil}, beide},
		} {
			if got := namen(row.erbij); !slices.Equal(got, row.want) {
				t.Errorf("%s, systems named: %t: %q, want %q", naam, genoemd, got, row.want)
			}
		}
		stuk := r.stuk(client, bsn, actie{"organisatie": anderdorp, "wijze": "vanzelf"})
		if strings.Contains(stuk, `name="wijze"`) != genoemd || !strings.Contains(stuk, `<option value="`+anderdorp+`" selected="">`) || !strings.Contains(stuk, "Op deze pagina: 1 regel.") {
			t.Errorf("the form, systems named: %t: %s", genoemd, stuk)
		}
		gebruik := 0
		for _, l := range links(t, stuk, "/mijn/gegevens") {
			if !strings.Contains(l, "gebruik=") {
				continue
			}
			if gebruik++; !strings.Contains(l, "organisatie="+anderdorp) || strings.Contains(l, "wijze=vanzelf") != genoemd || !strings.Contains(l, "p=") {
				t.Errorf("what was chosen is lost in %s", l)
			}
		}
		if gebruik == 0 {
			t.Error("no line leads anywhere")
		}
	}
}
