package e2e

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
)

// what is kept of gebruiker. The 201 shows what was stored.
func TestGebruikerInstelling(t *testing.T) {
	t.Parallel()
	const gegeven = "2ecf8e86-1a18-46ba-aa13-992c1dc231a5"
	t.Run("zoals-gegeven is the default", func(t *testing.T) {
		t.Parallel()
		r := start(t)
		wantVelden(t, r.post("normaal", basis()), map[string]any{"gebruiker": gegeven})
	})
	t.Run("uit keeps nothing", func(t *testing.T) {
		t.Parallel()
		r := start(t, organisatie("gebruiker: uit")...)
		var a actie = r.post("normaal", basis())
		wantVelden(t, a, map[string]any{"gebruiker": ""})
		wantVelden(t, r.put("normaal", id(a), a.with("gebruiker", gegeven)).Want(http.StatusOK).JSON(), map[string]any{"gebruiker": ""})
		for _, v := range r.ruw(id(a)) {
			if strings.Contains(v, gegeven) {
				t.Error("the history holds the user")
			}
		}
		// Of this organisation only.
		wantVelden(t, r.post("anderdorp", basis()), map[string]any{"gebruiker": gegeven})
	})
	t.Run("pseudoniem is the same for the same user, and survives a PUT", func(t *testing.T) {
		t.Parallel()
		r := start(t, organisatie("gebruiker: pseudoniem")...)
		var a actie = r.post("normaal", basis())
		p, _ := a["gebruiker"].(string)
		if len(p) != 32 || strings.Contains(p, gegeven[:8]) {
			t.Error("this is no pseudonym")
		}
		wantVelden(t, r.post("normaal", basis()), map[string]any{"gebruiker": p})
		wantVelden(t, r.post("normaal", basis().with("gebruiker", "")), map[string]any{"gebruiker": ""})
		if got := r.post("normaal", basis().with("gebruiker", "u-2"))["gebruiker"]; got == p {
			t.Error("two users have one pseudonym")
		}
		if got := r.post("anderdorp", basis())["gebruiker"]; got != gegeven {
			t.Error("the setting reached another organisation")
		}
		// Fetch, change something else, put back.
		got := r.haal("normaal", id(a)).Want(http.StatusOK).JSON()
		put := r.put("normaal", id(a), actie(got).with("systeem", "BarFoo v3")).Want(http.StatusOK).JSON()
		wantVelden(t, put, map[string]any{"gebruiker": p})
		// The user itself again, or another one.
		wantVelden(t, r.put("normaal", id(a), a.with("gebruiker", gegeven)).Want(http.StatusOK).JSON(), map[string]any{"gebruiker": p})
		if got := r.put("normaal", id(a), a.with("gebruiker", "u-2")).Want(http.StatusOK).JSON()["gebruiker"]; got == p || got == "u-2" {
			t.Error("another user keeps the pseudonym, or is stored as given")
		}
		for _, v := range r.ruw(id(a)) {
			if strings.Contains(v, gegeven) || strings.Contains(v, `"u-2"`) {
				t.Error("the history holds the user")
			}
		}
		// And after a restart.
		if err := r.server.Close(); err != nil {
			t.Fatal(err)
		}
		again := startIn(t, r.dir, organisatie("gebruiker: pseudoniem")...)
		wantVelden(t, again.post("normaal", basis()), map[string]any{"gebruiker": p})
	})
}

// an organisation may demand a reason for every change.
func TestToelichtingVerplicht(t *testing.T) {
	t.Parallel()
	r := start(t, organisatie("toelichting_verplicht: true")...)
	g := r.geval(staatN0)
	for naam, a := range map[string]*antwoord{
		"PUT":             r.put("normaal", g.actie, g.opgeslagen),
		"PATCH":           r.patch("normaal", g.verwerking, actie{"bewaartermijn": "P1Y"}),
		"DELETE":          r.delete("normaal", g.actie),
		"an empty reason": r.delete("normaal", g.actie, header("X-Audit-Toelichting", "  ")),
	} {
		if got := params(a); !slices.Equal(got, []string{"X-Audit-Toelichting required"}) {
			t.Errorf("%s: invalidParams %q", naam, got)
		}
	}
	if n := len(r.versies(g.actie)); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
	reden := header("X-Audit-Toelichting", "Verkeerd vastgelegd")
	r.put("normaal", g.actie, g.opgeslagen, reden).Want(http.StatusOK)
	r.patch("normaal", g.verwerking, actie{"bewaartermijn": "P1Y"}, reden).Want(http.StatusNoContent)
	r.delete("normaal", g.actie, reden).Want(http.StatusNoContent)
	// Of this organisation only.
	var a actie = r.post("anderdorp", basis())
	r.put("anderdorp", id(a), a).Want(http.StatusOK)
}

// soepel sends an inquiry of the Inzage API that our document does not allow, and gives the status
// and invalidParams.
func (r *register) soepel(client, path string, opties ...optie) *antwoord {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), "GET", r.url+path, bytes.NewReader(nil))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.token(client, autorisatie.Claims{}))
	for _, o := range opties {
		o(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	openapitest.CheckResponse(r.t, req, res, body)
	return &antwoord{r.t, res.StatusCode, res.Header, body}
}

// X15: while an organisation migrates, an inzage without the headers may be let through; what is there
// is logged.
func TestInzageHeadersTolerant(t *testing.T) {
	t.Parallel()
	r := start(t, organisatie("inzage_headers: tolerant")...)
	g := r.geval(staatN0)
	list := inzage + "/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId=" + g.bsn + "&beginDatum=2000-01-01&eindDatum=2025-01-01"
	if a := r.soepel("inzage-normaal", list).Want(http.StatusOK); len(a.Lijst()) != 1 {
		t.Errorf("%d lines, want 1", len(a.Lijst()))
	}
	r.soepel("inzage-normaal", inzage+"/verwerkte-objecten/"+g.object).Want(http.StatusOK)
	r.soepel("inzage-normaal", list, header("VerwerkingsactiviteitId", brpRegistratie)).Want(http.StatusOK)
	logged := r.opvragingen(g.bsn)
	if len(logged) != 3 {
		t.Fatalf("%d records of three inquiries", len(logged))
	}
	wantVelden(t, logged[0], map[string]any{"actieNaam": "Inzien verwerkingenlog", "soortAfnemerId": "", "afnemerId": nil, "verwerkingsactiviteitIdAfnemer": nil})
	wantVelden(t, logged[2], map[string]any{"verwerkingsactiviteitIdAfnemer": brpRegistratie, "verwerkingsactiviteitUrlAfnemer": nil})
	// Malformed ones, and another's OIN, are refused all the same.
	wantParams(t, r.soepel("inzage-normaal", list, header("OIN", "1"), header("VerwerkingId", "x")), "OIN pattern", "VerwerkingId invalid")
	r.soepel("inzage-normaal", list, header("OIN", anderdorp)).Want(http.StatusForbidden)
	// Of this organisation only.
	other := strings.Replace(list, g.bsn, nieuweBSN(), 1)
	wantParams(t, r.soepel("anderdorp", other), "OIN required", "VerwerkingsactiviteitId required", "VerwerkingsactiviteitUrl required")
}

// the register's own activities are those of the organisation's own register of activities.
func TestActiviteitInstelling(t *testing.T) {
	t.Parallel()
	const inz, bew = "0a7e8a1c-7f0e-4a0e-9d55-7a3d1a1c0001", "0a7e8a1c-7f0e-4a0e-9d55-7a3d1a1c0002"
	r := start(t, organisatie("activiteit: {inzage: "+inz+", inzage_url: \"https://var.voorbeeldstad.example/inzage\", bewerking: "+bew+
		", bewerking_url: \"https://var.voorbeeldstad.example/bewerking\"}")...)
	g := r.geval(staatN0)
	r.inzien("inzage-normaal", g.bsn, "").Want(http.StatusOK)
	r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK)
	list := r.opvragingen(g.bsn)
	if len(list) != 2 {
		t.Fatalf("%d records of two inquiries", len(list))
	}
	wantVelden(t, list[0], map[string]any{"verwerkingsactiviteitId": inz, "verwerkingsactiviteitUrl": "https://var.voorbeeldstad.example/inzage"})
	wantVelden(t, list[1], map[string]any{"verwerkingsactiviteitId": bew, "verwerkingsactiviteitUrl": "https://var.voorbeeldstad.example/bewerking"})
	// The citizen reads there what it was for.
	shown := r.inzien("inzage-normaal", g.bsn, "&verwerkingsactiviteitId="+inz).Want(http.StatusOK).Lijst()
	wantNamen(t, shown, "Inzien verwerkingenlog")
	// Another organisation keeps its own.
	r.lijst("anderdorp", g.bsn, "").Want(http.StatusOK)
	wantVelden(t, r.opvragingenVan("anderdorp", g.bsn)[0], map[string]any{"verwerkingsactiviteitId": config.StandaardBewerking})
}

// the other side of the chain can be left alone. A third party has no other way, so for
// it the setting makes no difference.
func TestWijzigViaAfnemerUit(t *testing.T) {
	t.Parallel()
	r := start(t, organisatie("wijzig_via_afnemer: false")...)
	keten, derdeKeten := uuid.NewString(), uuid.NewString()
	consument := r.post("normaal", basis().with("verwerkingId", keten))
	provider := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), voorbeeldstad, keten))
	derde := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), derdePartij, derdeKeten))
	r.patch("normaal", keten, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
	wantVelden(t, r.haal("normaal", id(consument)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P1Y"})
	wantVelden(t, r.haal("normaal", id(provider)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P150Y"})
	r.patch("derde", derdeKeten, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
	wantVelden(t, r.haal("normaal", id(derde)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P1Y"})
	// Of this organisation only.
	r.post("anderdorp", levering(nieuweBSN(), uuid.NewString(), anderdorp, keten))
	r.patch("anderdorp", keten, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
}

// "all authorisations" means nothing here, and the operator is told.
func TestAlleAutorisatiesTeltNiet(t *testing.T) {
	t.Parallel()
	const file = `
organisaties: [{oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}]
applicaties:
  - clientIds: [alles]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Alles
    organisatie: "00000099123456780000"
    heeftAlleAutorisaties: true
    autorisaties: [{component: verwerkingenlogging-bewerking, scopes: ["read:normal"]}]
`
	b, err := autorisatie.Parse(strings.NewReader(file), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Waarschuwingen) != 1 || !strings.Contains(b.Waarschuwingen[0], "heeftAlleAutorisaties") {
		t.Errorf("warnings %q, want one about heeftAlleAutorisaties", b.Waarschuwingen)
	}
	token, err := autorisatie.Sign("alles", []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	besluit, err := autorisatie.NewRegister(b).Authenticate(token, autorisatie.Instellingen{})
	if err != nil {
		t.Fatal(err)
	}
	for component, scopes := range map[string][]autorisatie.Scope{
		autorisatie.ComponentBewerking: {"create:confidential", "read:confidential", "update:normal", "delete:normal", "audit:read"},
		autorisatie.ComponentInzage:    {"read:normal", "read:confidential"},
	} {
		for _, s := range scopes {
			if besluit.Mag(component, s) {
				t.Errorf("%s on %s without being granted", s, component)
			}
		}
	}
	if !besluit.Mag(autorisatie.ComponentBewerking, "read:normal") {
		t.Error("what was granted is not there")
	}
}
