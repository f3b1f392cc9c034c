package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

const (
	varFuncties   = varAPI + "/functies"
	varLeveringen = varAPI + "/leveringen"
)

// koppel couples a function of an application.
func (r *register) koppel(oin, applicatie, functie string, id uuid.UUID) {
	r.t.Helper()
	k := activiteit.Koppeling{Applicatie: applicatie, Functie: functie, Activiteit: id}
	if _, err := r.server.Activiteiten().ZetKoppeling(r.t.Context(), functionaris(oin), k); err != nil {
		r.t.Fatal(err)
	}
}

// lever allows a levering.
func (r *register) lever(oin string, l activiteit.Levering) {
	r.t.Helper()
	if _, err := r.server.Activiteiten().ZetLevering(r.t.Context(), functionaris(oin), l); err != nil {
		r.t.Fatal(err)
	}
}

// varClient makes an application with scopes on the register of activities.
func (r *register) varClient(client, oin string, scopes ...string) optie {
	r.t.Helper()
	beheerder := "beheerder"
	if oin == anderdorp {
		beheerder = "beheerder-anderdorp"
	}
	body := app(client)
	body["oins"] = []string{oin}
	body["autorisaties"] = []any{map[string]any{"component": "verwerkingsactiviteiten", "scopes": scopes}}
	r.do(beheerder, "POST", autorisaties+"/applicaties", body).Want(http.StatusCreated)
	return r.as(client, nieuwGeheim, autorisatie.Claims{})
}

// rijen gives the rows of a table as the values of some of their fields.
func rijen(a *antwoord, velden ...string) []string {
	a.t.Helper()
	uit := []string{}
	for _, m := range a.Want(http.StatusOK).Lijst() {
		var waarden []string
		for _, v := range velden {
			waarden = append(waarden, fmt.Sprint(m[v]))
		}
		uit = append(uit, strings.Join(waarden, " "))
	}
	if n := a.JSON()["count"]; n != float64(len(uit)) || a.JSON()["next"] != nil || a.JSON()["previous"] != nil {
		a.t.Errorf("count %v of %d rows, next %v", n, len(uit), a.JSON()["next"])
	}
	return uit
}

func TestAnApplicationReadsItsOwnFunctions(t *testing.T) {
	t.Parallel()
	r := start(t)
	vertrouwelijk, gewoon := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", false), r.activiteit(voorbeeldstad, eenvoudig("Nummer opzoeken"), "2021-05-01", true)
	buren := r.activiteit(anderdorp, eenvoudig("Van de buren"), "2020-01-01", true)
	r.koppel(voorbeeldstad, "balie", "verhuizen", vertrouwelijk)
	r.koppel(voorbeeldstad, "balie", "Nummer zoeken", gewoon)
	r.koppel(voorbeeldstad, "balie", "nog niet", r.begin(voorbeeldstad, eenvoudig("Concept")))
	r.koppel(voorbeeldstad, "loket", "iets anders", gewoon)
	r.koppel(anderdorp, "balie", "van de buren", buren)
	balie := r.varClient("balie", voorbeeldstad, "var:read")

	a := r.lees(varFuncties, balie).Want(http.StatusOK)
	gelijk(t, any([]any{
		map[string]any{"functie": "Nummer zoeken", "van": "2021-05-01", "tot": nil, "activiteit": map[string]any{
			"id": gewoon.String(), "url": r.url + een(gewoon), "log": map[string]any{"omvang": "minimaal", "gebruiker": false, "soorten": false},
			"bewaartermijnLog": "P5Y", "vertrouwelijkheid": "normaal",
		}},
		map[string]any{"functie": "verhuizen", "van": "2020-01-01", "tot": nil, "activiteit": map[string]any{
			"id": vertrouwelijk.String(), "url": r.url + een(vertrouwelijk), "log": map[string]any{"omvang": "volledig", "gebruiker": true, "soorten": true},
			"bewaartermijnLog": "P5Y", "vertrouwelijkheid": "vertrouwelijk",
		}},
	}), a.JSON()["results"])
	if h := a.Header; h.Get("Cache-Control") != "private, no-cache" || h.Get("Vary") != "Authorization" || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("headers %v", h)
	}
	// An application of another organisation, and one without functions.
	gelijk(t, []string{}, rijen(r.lees(varFuncties, r.varClient("balie-anderdorp", anderdorp, "var:read")), "functie"))
	gelijk(t, []string{}, rijen(r.lees(varFuncties, r.varClient("leeg", voorbeeldstad, "var:read")), "functie"))
}

func TestWhoMayReadWhoMayHaveWhat(t *testing.T) {
	t.Parallel()
	r := start(t)
	id := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	r.lever(voorbeeldstad, activiteit.Levering{Afnemer: anderdorp, Gegevensset: "personen", Doel: "niet-opgegeven", Activiteit: id})
	r.koppel(voorbeeldstad, "lezer", "f", id)
	lezer := r.varClient("lezer", voorbeeldstad, "var:read")
	aanbieder := r.varClient("aanbieder", voorbeeldstad, "var:leveringen")
	beide := r.varClient("leest-beide", voorbeeldstad, "var:read", "var:leveringen")
	buren := r.varClient("buren", anderdorp, "var:read", "var:leveringen")
	token := func(client string) optie {
		return header("Authorization", "Bearer "+r.token(client, autorisatie.Claims{}))
	}
	for _, tc := range []struct {
		name                 string
		optie                optie
		functies, leveringen int
	}{
		{"nobody", header("Accept", "application/json"), 401, 401},
		{"a wrong secret", r.as("lezer", geheim, autorisatie.Claims{}), 401, 401},
		{"every right on the log", token("vertrouwelijk"), 403, 403},
		{"no right", token("niets"), 403, 403},
		{"to read activities", lezer, 200, 403},
		{"to read leveringen", aanbieder, 403, 200},
		{"both", beide, 200, 200},
		{"both, narrowed by the token", r.as("leest-beide", nieuwGeheim, autorisatie.Claims{Scopes: []autorisatie.Scope{"var.leveringen"}}), 403, 200},
		{"both, of another organisation", buren, 200, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for path, want := range map[string]int{varFuncties: tc.functies, varLeveringen: tc.leveringen} {
				a := r.lees(path, tc.optie).Want(want)
				kop := r.do("", "HEAD", path, nil, tc.optie).Want(want)
				if len(kop.Body) > 0 || want == 200 && (kop.Header.Get("ETag") != a.Header.Get("ETag") || kop.Header.Get("Content-Length") != fmt.Sprint(len(a.Body))) {
					t.Errorf("HEAD %s: %d bytes, %v", path, len(kop.Body), kop.Header)
				}
			}
		})
	}
	gelijk(t, []string{anderdorp + " personen niet-opgegeven false 2020-01-01 <nil>"}, rijen(r.lees(varLeveringen, aanbieder), "afnemer", "gegevensset", "doel", "vertrouwelijk", "van", "tot"))
	gelijk(t, []string{}, rijen(r.lees(varLeveringen, buren), "doel"))
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if a := r.do("", method, varLeveringen, nil, aanbieder).Want(405); a.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("Allow %q", a.Header.Get("Allow"))
		}
	}
}

func TestTheTablesFollowTheDays(t *testing.T) {
	t.Parallel()
	r := start(t)
	opDag := func(y int, m time.Month, d, uur int) (optie, optie) {
		r.klok.Set(time.Date(y, m, d, uur, 30, 0, 0, time.UTC))
		return r.as("leest-beide", nieuwGeheim, autorisatie.Claims{}), header("Accept", "application/json")
	}
	opDag(2026, 3, 5, 12)
	r.varClient("leest-beide", voorbeeldstad, "var:read", "var:leveringen")
	id := r.activiteit(voorbeeldstad, eenvoudig("Verhuizing"), "2026-01-01", false)
	r.versie(voorbeeldstad, id, eenvoudig("Verhuizing"), activiteit.Vaststelling{Ingangsdatum: "2026-04-01", Einddatum: "2026-06-30"})
	open := r.activiteit(voorbeeldstad, eenvoudig("Zonder eind"), "2026-01-01", false)
	r.koppel(voorbeeldstad, "leest-beide", "verhuizen", id)
	r.koppel(voorbeeldstad, "leest-beide", "altijd", open)
	doel := strings.ToUpper(uuid.NewString())
	r.lever(voorbeeldstad, activiteit.Levering{Afnemer: anderdorp, Gegevensset: "personen", Doel: doel, Activiteit: id, Van: "2026-03-10", Tot: "2026-12-31"})
	r.lever(voorbeeldstad, activiteit.Levering{Afnemer: anderdorp, Gegevensset: "adressen & meer", Doel: "verhuizing", Activiteit: open, Tot: "2026-04-30"})
	r.lever(voorbeeldstad, activiteit.Levering{Afnemer: derdePartij, Gegevensset: "personen", Doel: "niet-opgegeven", Activiteit: open})
	const adressen, derde = "adressen & meer verhuizing 2026-01-01 2026-04-30", "personen niet-opgegeven 2026-01-01 <nil>"
	personen := "personen " + strings.ToLower(doel) + " "
	for _, tc := range []struct {
		name                 string
		y                    int
		m                    time.Month
		d, uur               int
		functies, leveringen []string
	}{
		{"before it begins", 2025, 12, 31, 22, []string{}, []string{}},
		{"the first day, in Dutch time", 2025, 12, 31, 23, []string{"altijd 2026-01-01 <nil>", "verhuizen 2026-01-01 <nil>"}, []string{derde, adressen}},
		{"with the levering", 2026, 3, 10, 12, []string{"altijd 2026-01-01 <nil>", "verhuizen 2026-01-01 <nil>"}, []string{derde, adressen, personen + "2026-03-10 <nil>"}},
		{"in the version that ends", 2026, 4, 2, 12, []string{"altijd 2026-01-01 <nil>", "verhuizen 2026-04-01 2026-06-30"}, []string{derde, adressen, personen + "2026-04-01 2026-06-30"}},
		{"when a levering has ended", 2026, 5, 1, 12, []string{"altijd 2026-01-01 <nil>", "verhuizen 2026-04-01 2026-06-30"}, []string{derde, personen + "2026-04-01 2026-06-30"}},
		{"the last day of the activity", 2026, 6, 30, 21, []string{"altijd 2026-01-01 <nil>", "verhuizen 2026-04-01 2026-06-30"}, []string{derde, personen + "2026-04-01 2026-06-30"}},
		{"when the activity has ended", 2026, 6, 30, 22, []string{"altijd 2026-01-01 <nil>"}, []string{derde}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wie, json := opDag(tc.y, tc.m, tc.d, tc.uur)
			gelijk(t, tc.functies, rijen(r.lees(varFuncties, wie, json), "functie", "van", "tot"))
			want := []string{}
			for _, l := range tc.leveringen { // the last day that both have
				want = append(want, strings.Replace(l, "2026-03-10 <nil>", "2026-03-10 2026-12-31", 1))
			}
			gelijk(t, want, rijen(r.lees(varLeveringen, wie), "gegevensset", "doel", "van", "tot"))
		})
	}
	wie, _ := opDag(2026, 4, 2, 12)
	gelijk(t, []string{"adressen & meer"}, rijen(r.lees(varLeveringen+"?gegevensset=adressen+%26+meer", wie), "gegevensset"))
	gelijk(t, []string{}, rijen(r.lees(varLeveringen+"?gegevensset=Personen", wie), "gegevensset"))
}

func TestWhoHasATableAlreadyHearsSo(t *testing.T) {
	t.Parallel()
	r := start(t)
	id := r.activiteit(voorbeeldstad, eenvoudig("Verhuizing"), "2020-01-01", false)
	r.koppel(voorbeeldstad, "leest-beide", "een", id)
	r.lever(voorbeeldstad, activiteit.Levering{Afnemer: anderdorp, Gegevensset: "personen", Doel: "een", Activiteit: id})
	wie := r.varClient("leest-beide", voorbeeldstad, "var:read", "var:leveringen")
	for _, path := range []string{varFuncties, varLeveringen} {
		voor := r.lees(path, wie).Want(200).Header.Get("ETag")
		if a := r.lees(path, wie, header("If-None-Match", voor)).Want(304); len(a.Body) > 0 || a.Header.Get("ETag") != voor {
			t.Errorf("%s: %d bytes, ETag %s", path, len(a.Body), a.Header.Get("ETag"))
		}
		r.do("", "HEAD", path, nil, wie, header("If-None-Match", voor)).Want(304)
		// It changes with the table, and with what the activity says of the log.
		r.koppel(voorbeeldstad, "leest-beide", "twee"+path, id)
		r.lever(voorbeeldstad, activiteit.Levering{Afnemer: anderdorp, Gegevensset: "personen", Doel: "twee" + path, Activiteit: id})
		na := r.lees(path, wie, header("If-None-Match", voor)).Want(200).Header.Get("ETag")
		anders := eenvoudig("Verhuizing")
		anders.Log.Gebruiker = path == varFuncties
		r.versie(voorbeeldstad, id, anders, activiteit.Vaststelling{Ingangsdatum: "2020-01-02"})
		r.lees(path, wie, header("If-None-Match", na)).Want(200)
	}
}

func TestAQuestionAboutATableThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	wie := r.varClient("leest-beide", voorbeeldstad, "var:read", "var:leveringen")
	for path, want := range map[string]string{
		varFuncties + "?functie=x":                                  "functie unknown-parameters",
		varFuncties + "?geldigOp=2026-01-01":                        "geldigOp unknown-parameters",
		varLeveringen + "?afnemer=x":                                "afnemer unknown-parameters",
		varLeveringen + "?gegevensset=":                             "gegevensset required",
		varLeveringen + "?gegevensset=%20":                          "gegevensset required",
		varLeveringen + "?gegevensset=%ff":                          "gegevensset max_length",
		varLeveringen + "?gegevensset=a&gegevensset=b":              "gegevensset invalid",
		varLeveringen + "?gegevensset=" + strings.Repeat("x", 243):  "gegevensset max_length",
		varLeveringen + "?gegevensset=" + strings.Repeat("x", 1000): "gegevensset max_length",
	} {
		p := r.lees(path, wie).Want(http.StatusBadRequest).JSON()["invalidParams"].([]any)
		m := p[0].(map[string]any)
		if got := fmt.Sprint(m["name"], " ", m["code"]); len(p) != 1 || got != want {
			t.Errorf("%s: %s, want %s", path[:min(len(path), 60)], got, want)
		}
	}
	r.lees(varLeveringen+"?gegevensset="+strings.Repeat("x", 242), wie).Want(200)
	r.lees(varLeveringen+"/1", wie).Want(404)
	r.lees(varFuncties, wie, header("Accept", "text/html")).Want(406)
}
