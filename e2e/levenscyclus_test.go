package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// The life cycle of vertrouwelijkheid (rules 3.8): every step by every way, and what each reader
// sees after it.
func TestLevenscyclusVertrouwelijkheid(t *testing.T) {
	t.Parallel()
	r := start(t)
	const geen = 0 // the document leaves the cell empty: not a step of this kind
	tabel := []struct {
		van, naar  string
		post       int
		put, patch int
		daarna     staat // as which it is seen when the step is allowed
	}{
		// from           to               POST  PUT   PATCH
		{"", "normaal", 201, geen, geen, staatN0},
		{"", "vertrouwelijk", 201, geen, geen, staatV},
		{"", "opgeheven", 403, geen, geen, staatOnbekend},
		{"normaal", "vertrouwelijk", geen, 200, 204, staatV},
		{"vertrouwelijk", "normaal", geen, 200, 204, staatN1}, // stays ever-confidential
		{"vertrouwelijk", "opgeheven", geen, 403, 204, staatO},
		{"opgeheven", "vertrouwelijk", geen, 200, 204, staatV},
		{"opgeheven", "normaal", geen, 200, 204, staatN1}, // stays ever-confidential
		{"normaal", "opgeheven", geen, 403, 204, staatO},  // becomes ever-confidential
	}
	begin := map[string]staat{"normaal": staatN0, "vertrouwelijk": staatV, "opgeheven": staatO}
	for _, row := range tabel {
		if row.van == "" {
			t.Run(fmt.Sprintf("a new actie that is %s gives %d", row.naar, row.post), func(t *testing.T) {
				t.Parallel()
				r := r.in(t)
				g := geval{bsn: nieuweBSN()}
				a := r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties",
					basis().with("vertrouwelijkheid", row.naar).with("verwerkteObjecten", []any{persoon(g.bsn, "Aanvrager")})).Want(row.post)
				if row.post == http.StatusCreated {
					g.actie, g.object = id(a.JSON()), objecten(a.JSON())[0]["verwerktObjectId"].(string)
					r.wantZicht(g, row.daarna)
				}
			})
			continue
		}
		for method, want := range map[string]int{"PUT": row.put, "PATCH": row.patch} {
			t.Run(fmt.Sprintf("%s from %s to %s gives %d", method, row.van, row.naar, want), func(t *testing.T) {
				t.Parallel()
				r := r.in(t)
				g := r.geval(begin[row.van])
				before := begin[row.van]
				if method == "PUT" {
					r.put("vertrouwelijk", g.actie, g.opgeslagen.with("vertrouwelijkheid", row.naar)).Want(want)
				} else {
					r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": row.naar}).Want(want)
				}
				if want == http.StatusForbidden {
					r.wantZicht(g, before)
					return
				}
				r.wantZicht(g, row.daarna)
			})
		}
	}
}

func (r *register) wantZicht(g geval, s staat) {
	r.t.Helper()
	if got, want := r.zicht(g), zichtVan(s); got != want {
		r.t.Errorf("seen as %+v, want %+v (%s)", got, want, s)
	}
}

// "Ever confidential" never goes away: not by any number of steps.
func TestOoitVertrouwelijkBlijft(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	for _, v := range []string{"opgeheven", "normaal", "vertrouwelijk", "normaal", "normaal"} {
		r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": v}).Want(http.StatusNoContent)
	}
	r.put("vertrouwelijk", g.actie, g.opgeslagen.with("vertrouwelijkheid", "normaal")).Want(http.StatusOK)
	r.wantZicht(g, staatN1)
	for k, v := range r.versies(g.actie) {
		if v["ooitVertrouwelijk"] != (k > 0) {
			t.Errorf("version %d: ooitVertrouwelijk %v", k+1, v["ooitVertrouwelijk"])
		}
	}
}

// B3891, the worked example: one actie, six versions, and what everybody sees in between.
func TestB3891Voorbeeld(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := geval{bsn: nieuweBSN(), verwerking: uuid.NewString()}
	brp := actie{
		"actieNaam": "Foobar", "handelingNaam": "Registratie Foobar", "verwerkingId": g.verwerking,
		"verwerkingsactiviteitId": brpRegistratie, "vertrouwelijkheid": "vertrouwelijk", "tijdstip": "2024-04-05T14:35:42+01:00",
		"verwerkteObjecten": []any{persoon(g.bsn, "Betrokkene")},
	}
	current := func(want map[string]any) {
		t.Helper()
		want["actieId"] = g.actie
		got := r.haal("vertrouwelijk", g.actie).Want(http.StatusOK).JSON()
		wantVelden(t, got, want)
		if o := objecten(got); len(o) != 1 || o[0]["verwerktObjectId"] != g.object || o[0]["objectId"] != g.bsn {
			t.Error("the person is not the same any more")
		}
	}

	// t0: created, term unknown.
	stored := r.post("vertrouwelijk", brp)
	g.actie, g.object = id(stored), objecten(stored)[0]["verwerktObjectId"].(string)
	current(map[string]any{"verwerkingsactiviteitId": brpRegistratie, "bewaartermijn": nil, "vertrouwelijkheid": "vertrouwelijk"})
	r.wantZicht(g, staatV)

	// t1: the activity was the wrong one.
	var body actie = stored
	r.put("vertrouwelijk", g.actie, body.with("verwerkingsactiviteitId", uitvoeringFobar)).Want(http.StatusOK)
	current(map[string]any{"verwerkingsactiviteitId": uitvoeringFobar, "bewaartermijn": nil, "vertrouwelijkheid": "vertrouwelijk"})
	r.wantZicht(g, staatV)

	// t2: lifted.
	r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
	current(map[string]any{"verwerkingsactiviteitId": uitvoeringFobar, "bewaartermijn": nil, "vertrouwelijkheid": "opgeheven"})
	r.wantZicht(g, staatO)

	// t3: the term became known.
	r.patch("vertrouwelijk", g.verwerking, actie{"bewaartermijn": "P4Y"}).Want(http.StatusNoContent)
	current(map[string]any{"verwerkingsactiviteitId": uitvoeringFobar, "bewaartermijn": "P4Y", "vertrouwelijkheid": "opgeheven"})
	r.wantZicht(g, staatO)

	// t4: confidential again.
	r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": "vertrouwelijk"}).Want(http.StatusNoContent)
	current(map[string]any{"verwerkingsactiviteitId": uitvoeringFobar, "bewaartermijn": "P4Y", "vertrouwelijkheid": "vertrouwelijk"})
	r.wantZicht(g, staatV)

	// t6: vervallen.
	r.delete("vertrouwelijk", g.actie).Want(http.StatusNoContent)
	r.wantZicht(g, staatX)

	figure := []struct {
		operatie, activiteit, vertrouwelijkheid string
		bewaartermijn                           any
		vervallen                               bool
	}{
		{"POST", brpRegistratie, "vertrouwelijk", nil, false},
		{"PUT", uitvoeringFobar, "vertrouwelijk", nil, false},
		{"PATCH", uitvoeringFobar, "opgeheven", nil, false},
		{"PATCH", uitvoeringFobar, "opgeheven", "P4Y", false},
		{"PATCH", uitvoeringFobar, "vertrouwelijk", "P4Y", false},
		{"DELETE", uitvoeringFobar, "vertrouwelijk", "P4Y", true},
	}
	versies := r.versies(g.actie)
	if len(versies) != len(figure) {
		t.Fatalf("%d versions, want %d", len(versies), len(figure))
	}
	for k, want := range figure {
		v := versies[k]
		wantVelden(t, v, map[string]any{"volgnummer": k + 1, "operatie": want.operatie, "vervallen": want.vervallen, "ooitVertrouwelijk": true})
		wantVelden(t, v["verwerkingsactie"].(map[string]any), map[string]any{
			"actieId": g.actie, "handelingNaam": "Registratie Foobar", "verwerkingsactiviteitId": want.activiteit,
			"vertrouwelijkheid": want.vertrouwelijkheid, "bewaartermijn": want.bewaartermijn,
		})
	}
}
