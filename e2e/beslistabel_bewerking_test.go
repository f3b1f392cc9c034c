package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The decision table of the Bewerking API (rules 3.7), cell by cell. Rows and columns are those of
// the document; a row that stands for several requests is tried with each.

// uitkomst is what a cell says: a status, or for a list whether the actie is in it.
type uitkomst string

const (
	terug uitkomst = "returned"
	weg   uitkomst = "hidden"
)

// vraag is a request about a geval.
type vraag struct {
	naam string
	doe  func(r *register, client string, g geval, opties ...optie) *antwoord
}

func lijst(query string) vraag {
	return vraag{"GET list" + query, func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.lijst(client, g.bsn, query, o...)
	}}
}

var opID = vraag{"GET by id", func(r *register, client string, g geval, o ...optie) *antwoord { return r.haal(client, g.actie, o...) }}

func vervang(v string) vraag {
	return vraag{"PUT " + v, func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.put(client, g.actie, g.opgeslagen.with("vertrouwelijkheid", v), o...)
	}}
}

func pas(body string) vraag {
	return vraag{"PATCH " + body, func(r *register, client string, g geval, o ...optie) *antwoord {
		return r.patch(client, g.verwerking, body, o...)
	}}
}

var verwijder = vraag{"DELETE", func(r *register, client string, g geval, o ...optie) *antwoord {
	return r.delete(client, g.actie, o...)
}}

var (
	elkePatch = []vraag{
		pas(`{"bewaartermijn":"P3Y"}`),
		pas(`{"vertrouwelijkheid":"normaal"}`),
		pas(`{"vertrouwelijkheid":"vertrouwelijk"}`),
		pas(`{"vertrouwelijkheid":"opgeheven"}`),
		pas(`{"vertrouwelijkheid":"vertrouwelijk","bewaartermijn":"P3Y"}`),
	}
	patchVertrouwelijkheid = append(elkePatch[1:len(elkePatch):len(elkePatch)], pas(`{"vertrouwelijkheid":null,"bewaartermijn":"P3Y"}`))
	nietPreciesNormaal     = []vraag{
		lijst(""),
		lijst("&vertrouwelijkheid=vertrouwelijk"),
		lijst("&vertrouwelijkheid=opgeheven"),
		lijst("&vertrouwelijkheid=normaal&vertrouwelijkheid=vertrouwelijk"),
		lijst("&vertrouwelijkheid=normaal,opgeheven"),
		lijst("&vertrouwelijkheid__in=vertrouwelijk,opgeheven"),
	}
	vertrouwelijkOfOpgeheven = []vraag{
		lijst("&vertrouwelijkheid=vertrouwelijk&vertrouwelijkheid=opgeheven"),
		lijst("&vertrouwelijkheid=vertrouwelijk,opgeheven"),
		lijst("&vertrouwelijkheid__in=Vertrouwelijk,Opgeheven"),
	}
	elkeOperatie = []vraag{lijst("&vertrouwelijkheid=normaal"), lijst(""), opID, vervang("normaal"), vervang("vertrouwelijk"),
		pas(`{"bewaartermijn":"P3Y"}`), pas(`{"vertrouwelijkheid":"normaal"}`), verwijder}
)

// clientMet is the client of the tests that holds a scope.
var clientMet = map[string]string{
	"read:normal": "normaal", "update:normal": "normaal", "delete:normal": "normaal",
	"read:confidential": "vertrouwelijk", "update:confidential": "vertrouwelijk", "delete:confidential": "vertrouwelijk",
	"-": "niets",
}

var tabelBewerking = []struct {
	operatie string
	vragen   []vraag
	scope    string
	wil      [aantalStaten]uitkomst
}{
	//                                                                                             N0     N1     V      O      X      unknown
	{"GET list vertrouwelijkheid=normaal", []vraag{lijst("&vertrouwelijkheid=normaal")},
		"read:normal", [...]uitkomst{terug, weg, weg, weg, weg, weg}},
	{"GET list, param absent or not exactly normaal", nietPreciesNormaal,
		"read:normal", [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
	{"GET list, absent", []vraag{lijst("")},
		"read:confidential", [...]uitkomst{terug, terug, terug, terug, weg, weg}},
	{"GET list normaal", []vraag{lijst("&vertrouwelijkheid=normaal")},
		"read:confidential", [...]uitkomst{terug, weg, weg, weg, weg, weg}},
	{"GET list vertrouwelijk", []vraag{lijst("&vertrouwelijkheid=vertrouwelijk")},
		"read:confidential", [...]uitkomst{weg, weg, terug, weg, weg, weg}},
	{"GET list opgeheven", []vraag{lijst("&vertrouwelijkheid=opgeheven")},
		"read:confidential", [...]uitkomst{weg, terug, weg, terug, weg, weg}},
	{"GET list vertrouwelijk,opgeheven", vertrouwelijkOfOpgeheven,
		"read:confidential", [...]uitkomst{weg, terug, terug, terug, weg, weg}},
	{"GET by id", []vraag{opID},
		"read:normal", [...]uitkomst{"200", "403", "403", "403", "404", "404"}},
	{"GET by id", []vraag{opID},
		"read:confidential", [...]uitkomst{"200", "200", "200", "200", "404", "404"}},
	{"PUT body normaal", []vraag{vervang("normaal")},
		"update:normal", [...]uitkomst{"200", "403", "403", "403", "400", "400"}},
	{"PUT body vertrouwelijk / opgeheven", []vraag{vervang("vertrouwelijk"), vervang("opgeheven")},
		"update:normal", [...]uitkomst{"403", "403", "403", "403", "400", "400"}},
	{"PUT body normaal / vertrouwelijk", []vraag{vervang("normaal"), vervang("vertrouwelijk")},
		"update:confidential", [...]uitkomst{"200", "200", "200", "200", "400", "400"}},
	{"PUT body opgeheven", []vraag{vervang("opgeheven")},
		"update:confidential", [...]uitkomst{"403", "403", "403", "200", "400", "400"}},
	{"PATCH {bewaartermijn}", elkePatch[:1],
		"update:normal", [...]uitkomst{"204", "403", "403", "403", "400", "400"}},
	{"PATCH with vertrouwelijkheid", patchVertrouwelijkheid,
		"update:normal", [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
	{"PATCH any", elkePatch,
		"update:confidential", [...]uitkomst{"204", "204", "204", "204", "400", "400"}},
	{"DELETE", []vraag{verwijder},
		"delete:normal", [...]uitkomst{"204", "403", "403", "403", "400", "400"}},
	{"DELETE", []vraag{verwijder},
		"delete:confidential", [...]uitkomst{"204", "204", "204", "204", "400", "400"}},
	{"any", elkeOperatie,
		"-", [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
}

func TestBeslistabelBewerking(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, row := range tabelBewerking {
		for _, q := range row.vragen {
			for s := range aantalStaten {
				t.Run(fmt.Sprintf("%s with %s on %s is %s (row %s)", q.naam, row.scope, s, row.wil[s], row.operatie), func(t *testing.T) {
					t.Parallel()
					r := r.in(t)
					g := r.geval(s)
					a := q.doe(r, clientMet[row.scope], g)
					r.wantUitkomst(a, g, row.wil[s], !strings.HasPrefix(q.naam, "GET"))
				})
			}
		}
	}
}

// wantUitkomst checks the answer, and that a refusal changed nothing while a success added exactly
// one version.
func (r *register) wantUitkomst(a *antwoord, g geval, want uitkomst, schrijft bool) {
	r.t.Helper()
	switch want {
	case terug, weg:
		m := a.Want(http.StatusOK).JSON()
		count, list := int(m["count"].(float64)), a.Lijst()
		if want == weg && (count != 0 || len(list) != 0) {
			r.t.Errorf("count %d and %d lines, want none", count, len(list))
		}
		if want == terug && (count != 1 || len(list) != 1 || id(list[0]) != g.actie) {
			r.t.Errorf("count %d and %d lines, want the actie alone", count, len(list))
		}
	default:
		if got := uitkomst(fmt.Sprint(a.Status)); got != want {
			r.t.Fatalf("status %s, want %s: %s", got, want, foutTekst(a))
		}
	}
	if g.staat == staatOnbekend {
		return
	}
	versies := r.versies(g.actie)
	added := len(versies) - g.versies
	last := versies[len(versies)-1]
	expected := 0
	if schrijft && (want == "200" || want == "204") {
		expected = 1
	}
	if added != expected {
		r.t.Errorf("%d versions more than before, want %d", added, expected)
	}
	if ooit := g.staat == staatN1 || g.staat == staatV || g.staat == staatO; ooit && last["ooitVertrouwelijk"] != true {
		r.t.Error("the actie is not known any more as once confidential")
	}
}

// What a write of the table leaves behind.
func TestBeslistabelBewerkingResultaat(t *testing.T) {
	t.Parallel()
	r := start(t)
	check := func(naam string, g geval, want map[string]any, vervallen bool) {
		t.Helper()
		versies := r.versies(g.actie)
		last := versies[len(versies)-1]
		if last["vervallen"] != vervallen {
			t.Errorf("%s: vervallen %v, want %v", naam, last["vervallen"], vervallen)
		}
		wantVelden(t, last["verwerkingsactie"].(map[string]any), want)
	}
	for _, v := range []string{"normaal", "vertrouwelijk"} {
		for _, s := range []staat{staatN0, staatN1, staatV, staatO} {
			g := r.geval(s)
			a := vervang(v).doe(r, "vertrouwelijk", g).Want(http.StatusOK)
			wantVelden(t, a.JSON(), map[string]any{"vertrouwelijkheid": v, "actieId": g.actie})
			check("PUT", g, map[string]any{"vertrouwelijkheid": v}, false)
		}
	}
	for _, s := range []staat{staatN0, staatN1, staatV, staatO} {
		g := r.geval(s)
		pas(`{"vertrouwelijkheid":"opgeheven","bewaartermijn":"P3Y"}`).doe(r, "vertrouwelijk", g).Want(http.StatusNoContent)
		check("PATCH", g, map[string]any{"vertrouwelijkheid": "opgeheven", "bewaartermijn": "P3Y"}, false)
		g = r.geval(s)
		verwijder.doe(r, "vertrouwelijk", g).Want(http.StatusNoContent)
		check("DELETE", g, map[string]any{"vertrouwelijkheid": g.opgeslagen["vertrouwelijkheid"], "actieNaam": g.opgeslagen["actieNaam"]}, true)
	}
}

// The line below the table: who may POST what.
func TestBeslistabelPost(t *testing.T) {
	t.Parallel()
	r := start(t)
	tabel := []struct {
		body string // the value, or how it is missing
		// any registered client, without create:confidential
		bekend int
		// create:confidential
		vertrouwelijk int
	}{
		{"normaal", 201, 201},
		{"Normaal", 201, 201}, // X30
		{"absent", 201, 201},
		{"null", 201, 201},
		{"", 201, 201},
		{"vertrouwelijk", 403, 201},
		{"VERTROUWELIJK", 403, 201},
		{"opgeheven", 403, 403},
		{"geheim", 400, 400},
	}
	clients := map[string]bool{"niets": false, "normaal": false, "auditor": false, "inzage-normaal": false, "inzage-vertrouwelijk": false, "vertrouwelijk": true}
	for _, row := range tabel {
		for client, mag := range clients {
			want := row.bekend
			if mag {
				want = row.vertrouwelijk
			}
			t.Run(fmt.Sprintf("POST with vertrouwelijkheid %q by %s is %d", row.body, client, want), func(t *testing.T) {
				t.Parallel()
				r := r.in(t)
				bsn := nieuweBSN()
				body := basis().with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
				switch row.body {
				case "absent":
					delete(body, "vertrouwelijkheid")
				case "null":
					body["vertrouwelijkheid"] = nil
				default:
					body["vertrouwelijkheid"] = row.body
				}
				a := r.do(client, "POST", bewerking+"/verwerkingsacties", body).Want(want)
				stored := r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst()
				if want != http.StatusCreated {
					if len(stored) != 0 {
						t.Error("a refused actie was stored")
					}
					return
				}
				v := "normaal"
				if want == row.vertrouwelijk && row.bekend == http.StatusForbidden {
					v = "vertrouwelijk"
				}
				if len(stored) != 1 || stored[0]["vertrouwelijkheid"] != v || a.JSON()["vertrouwelijkheid"] != v {
					t.Errorf("not stored once as %s", v)
				}
			})
		}
	}
}

// the refusal of every confidential state is the same, to the letter.
func TestWeigeringVerraadtDeStaatNiet(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, q := range []vraag{opID, vervang("normaal"), pas(`{"bewaartermijn":"P3Y"}`), verwijder} {
		bodies := map[string][]staat{}
		for _, s := range []staat{staatN1, staatV, staatO} {
			a := q.doe(r, "normaal", r.geval(s)).Want(http.StatusForbidden)
			h := a.Header.Clone()
			h.Del("Date")
			bodies[zonderInstance(a)+fmt.Sprint(h)] = append(bodies[zonderInstance(a)+fmt.Sprint(h)], s)
		}
		if len(bodies) != 1 {
			t.Errorf("%s: the refusals differ between states", q.naam)
		}
	}
}

// A vervallen actie of the verwerking is left out of a PATCH of the others.
func TestPatchSlaatVervallenOver(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, client := range []string{"normaal", "vertrouwelijk"} {
		x := r.geval(staatX)
		over := r.post("normaal", x.opgeslagen.with("actieId", nil))
		r.patch(client, x.verwerking, actie{"bewaartermijn": "P3Y"}).Want(http.StatusNoContent)
		if n := len(r.versies(x.actie)); n != x.versies {
			t.Errorf("%s: the vervallen actie got %d versions", client, n)
		}
		if got := r.haal("normaal", id(over)).Want(http.StatusOK).JSON()["bewaartermijn"]; got != "P3Y" {
			t.Errorf("%s: bewaartermijn %v, want P3Y", client, got)
		}
	}
}

// one target out of reach, and nothing changes.
func TestPatchIsAllesOfNiets(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatV)
	normaal := r.post("normaal", g.opgeslagen.with("vertrouwelijkheid", "normaal").with("actieId", nil))
	r.patch("normaal", g.verwerking, actie{"bewaartermijn": "P3Y"}).Want(http.StatusForbidden)
	for _, actieID := range []string{g.actie, id(normaal)} {
		if n := len(r.versies(actieID)); n != 1 {
			t.Errorf("%d versions after a refused PATCH", n)
		}
	}
	r.patch("vertrouwelijk", g.verwerking, actie{"bewaartermijn": "P3Y"}).Want(http.StatusNoContent)
	for _, actieID := range []string{g.actie, id(normaal)} {
		wantVelden(t, r.haal("vertrouwelijk", actieID).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P3Y"})
	}
}

// R-242 and X02: a PATCH about nothing says so.
func TestPatchZonderInhoudOfDoelIs400(t *testing.T) {
	t.Parallel()
	r := start(t)
	g, x := r.geval(staatN0), r.geval(staatX)
	onbekend := r.geval(staatOnbekend)
	wantParams(t, r.patch("vertrouwelijk", g.verwerking, `{}`), "nonFieldErrors required")
	wantParams(t, r.patch("vertrouwelijk", g.verwerking, `{"bewaartermijn":null,"vertrouwelijkheid":null}`), "nonFieldErrors required")
	wantParams(t, r.patch("vertrouwelijk", onbekend.verwerking, `{"bewaartermijn":"P3Y"}`), "verwerkingId not_found")
	wantParams(t, r.patch("vertrouwelijk", x.verwerking, `{"bewaartermijn":"P3Y"}`), "verwerkingId vervallen")
	wantParams(t, r.put("vertrouwelijk", onbekend.actie, onbekend.opgeslagen), "actieId not_found")
	wantParams(t, r.put("vertrouwelijk", x.actie, x.opgeslagen), "actieId vervallen")
	wantParams(t, r.delete("vertrouwelijk", onbekend.actie), "actieId not_found")
	wantParams(t, r.delete("vertrouwelijk", x.actie), "actieId vervallen")
	wantParams(t, r.do("vertrouwelijk", "PATCH", bewerking+"/verwerkingsacties", `{"bewaartermijn":"P3Y"}`), "verwerkingId required")
	wantParams(t, r.patch("vertrouwelijk", "geen-uuid", `{"bewaartermijn":"tien jaar"}`), "verwerkingId invalid", "bewaartermijn invalid")
}
