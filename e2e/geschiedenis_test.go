package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// ruw are the versions of an actie as bytes.
func (r *register) ruw(actieID string) []string {
	r.t.Helper()
	a := r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+actieID+"/versies", nil).Want(http.StatusOK)
	var m struct{ Results []json.RawMessage }
	if err := json.Unmarshal(a.Body, &m); err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, v := range m.Results {
		out = append(out, string(v))
	}
	return out
}

// anders is a body in which every attribute has another value than in basis.
func anders() actie {
	return actie{
		"actieNaam": "Opslaan persoonsgegevens", "handelingNaam": "Afronding", "verwerkingNaam": "Registratie verhuizing",
		"verwerkingId": uuid.NewString(), "verwerkingsactiviteitId": uitvoeringFobar, "verwerkingsactiviteitUrl": "https://var.example/2",
		"vertrouwelijkheid": "vertrouwelijk", "bewaartermijn": "P1Y", "uitvoerder": derdePartij, "systeem": "BarFoo v3", "gebruiker": "u-2",
		"gegevensbron": "Andere bron", "soortAfnemerId": "BSN", "afnemerId": "2308572", "verwerkingsactiviteitIdAfnemer": leveringen,
		"verwerkingsactiviteitUrlAfnemer": "https://var.example/3", "verwerkingIdAfnemer": uuid.NewString(), "tijdstip": "2023-01-02T03:04:05.123456789-07:00",
		"verwerkteObjecten": []any{persoon("9358297", "Getuige", "Verblijfsadres")},
	}
}

// R-500 and defects 5: PUT, PATCH and DELETE keep every older version, byte for byte.
func TestGeschiedenisBlijftByteVoorByte(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.post("normaal", basis())
	nieuw := anders()
	steps := []func(){
		func() { r.put("vertrouwelijk", id(a), nieuw).Want(http.StatusOK) },
		func() {
			r.patch("vertrouwelijk", nieuw["verwerkingId"].(string), actie{"bewaartermijn": "P2Y", "vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
		},
		func() { r.put("vertrouwelijk", id(a), basis()).Want(http.StatusOK) },
		func() { r.delete("vertrouwelijk", id(a)).Want(http.StatusNoContent) },
	}
	kept := r.ruw(id(a))
	for k, step := range steps {
		step()
		now := r.ruw(id(a))
		if len(now) != len(kept)+1 || !slices.Equal(now[:len(kept)], kept) {
			t.Fatalf("step %d changed the history", k+1)
		}
		kept = now
	}
	if again := r.ruw(id(a)); !slices.Equal(again, kept) {
		t.Error("the history reads otherwise the second time")
	}
	// Also after a restart, but for the address in the links.
	if err := r.server.Close(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, r.dir)
	for k, v := range again.ruw(id(a)) {
		if v != strings.ReplaceAll(kept[k], r.url, again.url) {
			t.Errorf("version %d reads otherwise after a restart", k+1)
		}
	}
}

// what a version says, and what stays the same over all of them.
func TestGeschiedenisIsVolledig(t *testing.T) {
	t.Parallel()
	r := start(t)
	begin := time.Now().Truncate(time.Microsecond)
	first := r.post("normaal", basis(), header("X-Audit-Toelichting", "telt niet bij POST"))
	var body actie = first
	second := r.put("normaal", id(first), body.with("systeem", "BarFoo v3"), header("X-Audit-Toelichting", "Verkeerd systeem vastgelegd")).Want(http.StatusOK).JSON()
	r.patch("vertrouwelijk", first["verwerkingId"].(string), actie{"vertrouwelijkheid": "vertrouwelijk", "bewaartermijn": "P3Y"},
		header("X-Audit-Toelichting", "Onderzoek gestart: zaak 12, “geheim”")).Want(http.StatusNoContent)
	third := r.haal("vertrouwelijk", id(first)).Want(http.StatusOK).JSON()
	r.delete("vertrouwelijk", id(first), header("X-Audit-Toelichting", "Dubbel vastgelegd")).Want(http.StatusNoContent)

	versies := r.versies(id(first))
	if len(versies) != 4 {
		t.Fatalf("%d versions, want 4", len(versies))
	}
	want := []struct {
		operatie, client, toelichting string
		vervallen, ooit               bool
		actie                         map[string]any
	}{
		{"POST", "normaal", "", false, false, first},
		{"PUT", "normaal", "Verkeerd systeem vastgelegd", false, false, second},
		{"PATCH", "vertrouwelijk", "Onderzoek gestart: zaak 12, “geheim”", false, true, third},
		{"DELETE", "vertrouwelijk", "Dubbel vastgelegd", true, true, nil},
	}
	ids := map[any]bool{}
	last := begin.Add(-time.Microsecond)
	for k, w := range want {
		v := versies[k]
		wantVelden(t, v, map[string]any{"volgnummer": k + 1, "operatie": w.operatie, "clientId": w.client, "toelichting": w.toelichting,
			"vervallen": w.vervallen, "ooitVertrouwelijk": w.ooit})
		u, err := uuid.Parse(v["versieId"].(string))
		if err != nil || u.Version() != 4 || ids[u] || u.String() == id(first) {
			t.Errorf("version %d: versieId is no random UUID of its own", k+1)
		}
		ids[u] = true
		moment, err := time.Parse(time.RFC3339Nano, v["tijdstipRegistratie"].(string))
		if err != nil || !moment.After(last) || moment.After(time.Now()) {
			t.Errorf("version %d: tijdstipRegistratie does not go on", k+1)
		}
		last = moment
		if k > 0 && v["blad"].(float64) <= versies[k-1]["blad"].(float64) {
			t.Errorf("version %d: blad does not go on", k+1)
		}
		nested := v["verwerkingsactie"].(map[string]any)
		if nested["tijdstipRegistratie"] != v["tijdstipRegistratie"] {
			t.Errorf("version %d: another tijdstipRegistratie inside", k+1)
		}
		wantVelden(t, nested, map[string]any{"actieId": first["actieId"], "url": first["url"]})
		if objecten(nested)[0]["verwerktObjectId"] != objecten(first)[0]["verwerktObjectId"] {
			t.Errorf("version %d: another verwerktObjectId", k+1)
		}
		if w.actie != nil && fmt.Sprint(nested) != fmt.Sprint(w.actie) {
			t.Errorf("version %d differs from what was answered then", k+1)
		}
	}
	// DELETE copies the other values.
	deleted, before := versies[3]["verwerkingsactie"].(map[string]any), versies[2]["verwerkingsactie"].(map[string]any)
	delete(deleted, "tijdstipRegistratie")
	delete(before, "tijdstipRegistratie")
	if fmt.Sprint(deleted) != fmt.Sprint(before) {
		t.Error("the vervallen version has other values")
	}
	// The standard APIs never show what is internal.
	for _, naam := range []string{"versieId", "vervallen", "toelichting", "clientId", "ooitVertrouwelijk"} {
		if _, ok := third[naam]; ok {
			t.Errorf("GET by id shows %s", naam)
		}
	}
}

// for audit:read only, also of a vervallen actie; and itself logged, with everybody who ever
// stood in it.
func TestGeschiedenisAlleenVoorDeAuditor(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	path := bewerking + "/verwerkingsacties/" + g.actie + "/versies"
	for _, client := range []string{"normaal", "vertrouwelijk", "niets", "derde", "inzage-normaal", "inzage-vertrouwelijk"} {
		r.do(client, "GET", path, nil).Want(http.StatusForbidden)
	}
	r.do("", "GET", path, nil).Want(http.StatusUnauthorized)
	r.do("anderdorp", "GET", path, nil).Want(http.StatusNotFound)
	r.do("auditor", "GET", path, nil, r.als("auditor", autorisatie.Claims{Scopes: []autorisatie.Scope{"read:confidential"}})).Want(http.StatusForbidden)
	r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+uuid.NewString()+"/versies", nil).Want(http.StatusNotFound)
	r.do("auditor", "GET", bewerking+"/verwerkingsacties/geen-uuid/versies", nil).Want(http.StatusNotFound)
	if n := len(r.opvragingen(g.bsn)); n != 0 {
		t.Errorf("%d records of refused inquiries", n)
	}

	ander := nieuweBSN()
	r.put("normaal", g.actie, g.opgeslagen.with("verwerkteObjecten", []any{persoon(ander, "Partner")})).Want(http.StatusOK)
	r.delete("normaal", g.actie).Want(http.StatusNoContent)
	a := r.do("auditor", "GET", path, nil, alsAfnemer(uuid.NewString())...).Want(http.StatusOK)
	if got := a.JSON()["count"]; got != 3.0 || len(a.Lijst()) != 3 {
		t.Errorf("count %v, want the three versions", got)
	}
	for _, bsn := range []string{g.bsn, ander} {
		list := r.opvragingen(bsn)
		if len(list) != 1 {
			t.Fatalf("%d records of one look at the history", len(list))
		}
		wantVelden(t, list[0], map[string]any{"actieNaam": "Opvragen verwerkingsacties", "vertrouwelijkheid": "normaal", "afnemerId": voorbeeldstad})
	}
}

// a reason has a limit, and what can't be read as text is refused before anything is stored.
func TestToelichtingGrenzen(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	reden := func(s string) optie { return header("X-Audit-Toelichting", s) }
	r.put("normaal", g.actie, g.opgeslagen, reden(strings.Repeat("é", 1000))).Want(http.StatusOK)
	wantParams(t, r.put("normaal", g.actie, g.opgeslagen, reden(strings.Repeat("é", 1001))), "X-Audit-Toelichting max_length")
	wantParams(t, r.patch("normaal", g.verwerking, actie{"bewaartermijn": "P1Y"}, reden(strings.Repeat("x", 1001))), "X-Audit-Toelichting max_length")
	wantParams(t, r.delete("normaal", g.actie, reden(strings.Repeat("x", 1001))), "X-Audit-Toelichting max_length")
	wantParams(t, r.put("normaal", g.actie, g.opgeslagen, reden("een\ttab")), "X-Audit-Toelichting invalid")
	// Latin-1, as some clients send headers: the record must stay readable whatever is done with it.
	r.put("normaal", g.actie, g.opgeslagen, reden("caf\xe9"))
	r.haal("normaal", g.actie).Want(http.StatusOK)
	if n := len(r.versies(g.actie)); n < 2 {
		t.Errorf("%d versions", n)
	}
}
