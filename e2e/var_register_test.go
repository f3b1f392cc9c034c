package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

const activiteiten = varAPI + "/verwerkingsactiviteiten"

// verhuisactiviteit is an activity with every field filled in.
func verhuisactiviteit() activiteit.Inhoud {
	return activiteit.Inhoud{
		Naam: "Verhuizing verwerken", Nummer: "BZ-7", GebaseerdOp: "https://var.landelijk.example/verwerkingsactiviteiten/7a22eb38-bca6-463f-9955-54ab040287cb",
		Categorie: "Burgerzaken", VerantwoordelijkeOrganisatie: voorbeeldstad, VerantwoordelijkeBestuursorgaan: "College van B&W",
		GezamenlijkMet: []string{"Omgevingsdienst"}, GedelegeerdVerantwoordelijke: "Afdelingshoofd Burgerzaken", Proceseigenaar: "Teamleider Balie",
		Doel: "Verhuizing van inwoners bijhouden.", Grondslagen: []string{"wettelijke_verplichting", "publieke_taak"}, ToelichtingGrondslag: "Wet BRP, art. 2.39",
		Uitzonderingen: []string{"avg9_g"}, Betrokkenen: []string{"Inwoners", "Medebewoners"},
		Persoonsgegevens: []activiteit.Persoonsgegeven{{Rol: "Aangever", Naam: "Burgerservicenummer", Soort: "bsn"}, {Naam: "Geheim adres", Soort: "bijzonder"}, {Naam: "Adres"}},
		Bewaartermijn:    "5 jaar na vertrek", Herkomst: "Betrokkene en BRP", Ontvangers: []string{"Belastingdienst"},
		InternationaleDerden: []string{"Consulaat"}, Doorgifte: "Adequaatheidsbesluit.",
		Verwerkers:  []activiteit.Verwerker{{Naam: "Leverancier BV", Contact: "servicedesk@leverancier.example", Overeenkomst: "Contractregister 12"}},
		Beveiliging: "Toegang op rol, versleuteld.", Selecties: "Geen.", Toestemming: "Niet nodig.",
		Log: activiteit.Logprofiel{Omvang: "volledig", Gebruiker: true, Soorten: true}, BewaartermijnLog: "P5Y",
		Vertrouwelijkheid: "vertrouwelijk", GrondVertrouwelijk: "strafbare_feiten", DuurVertrouwelijkheid: "P6M",
		Overig: []activiteit.Veld{{Naam: "Kolom X", Waarde: "Intern kenmerk"}},
	}
}

// eenvoudig is an activity with no more than it needs.
func eenvoudig(naam string) activiteit.Inhoud {
	return activiteit.Inhoud{
		Naam: naam, VerantwoordelijkeOrganisatie: voorbeeldstad, Doel: "Iets doen.", Grondslagen: []string{"overeenkomst"}, Betrokkenen: []string{"Inwoners"},
		Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "Naam"}}, Bewaartermijn: "1 jaar", Beveiliging: "Versleuteld.", Log: activiteit.Logprofiel{Omvang: "minimaal"}, BewaartermijnLog: "P5Y",
	}
}

// functionaris may do everything with the activities of an organisation.
func functionaris(oin string) activiteit.Dader {
	return activiteit.Dader{OIN: oin, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "1", Naam: "Functionaris van de proef"}, Mag: func(string) bool { return true }}
}

// begin makes a concept of an activity.
func (r *register) begin(oin string, in activiteit.Inhoud) uuid.UUID {
	r.t.Helper()
	id, err := r.server.Activiteiten().Begin(r.t.Context(), functionaris(oin), in)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// stand gives the document version that a change must name.
func (r *register) stand(oin string, id uuid.UUID) int64 {
	r.t.Helper()
	a, err := r.server.Activiteiten().Een(functionaris(oin), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.Stand
}

// stelVast makes the concept definite.
func (r *register) stelVast(oin string, id uuid.UUID, v activiteit.Vaststelling) {
	r.t.Helper()
	if v.Reden == "" {
		v.Reden = "Voor de proef."
	}
	if err := r.server.Activiteiten().StelVast(r.t.Context(), functionaris(oin), id, r.stand(oin, id), v); err != nil {
		r.t.Fatal(err)
	}
}

// activiteit makes an activity that holds from a day on.
func (r *register) activiteit(oin string, in activiteit.Inhoud, vanaf activiteit.Datum, openbaar bool) uuid.UUID {
	r.t.Helper()
	id := r.begin(oin, in)
	r.stelVast(oin, id, activiteit.Vaststelling{Ingangsdatum: vanaf, Openbaar: openbaar})
	return id
}

// versie gives an activity its next version.
func (r *register) versie(oin string, id uuid.UUID, in activiteit.Inhoud, v activiteit.Vaststelling) {
	r.t.Helper()
	if err := r.server.Activiteiten().Wijzig(r.t.Context(), functionaris(oin), id, r.stand(oin, id), in); err != nil {
		r.t.Fatal(err)
	}
	r.stelVast(oin, id, v)
}

// zetOpenbaar publishes an activity or takes that back.
func (r *register) zetOpenbaar(oin string, id uuid.UUID, ja bool) {
	r.t.Helper()
	if err := r.server.Activiteiten().ZetOpenbaar(r.t.Context(), functionaris(oin), id, r.stand(oin, id), ja); err != nil {
		r.t.Fatal(err)
	}
}

// lezer makes an application that may read the activities of an organisation, by the Autorisaties API, and signs in as it.
func (r *register) lezer(oin string) optie {
	r.t.Helper()
	client, beheerder := "lezer-"+oin, "beheerder"
	if oin == anderdorp {
		beheerder = "beheerder-anderdorp"
	}
	body := app(client)
	body["oins"] = []string{oin}
	body["autorisaties"] = []any{map[string]any{"component": "verwerkingsactiviteiten", "scopes": []string{"var:read"}}}
	r.do(beheerder, "POST", autorisaties+"/applicaties", body).Want(http.StatusCreated)
	return r.as(client, nieuwGeheim, autorisatie.Claims{})
}

// lees asks the VAR API.
func (r *register) lees(path string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do("", "GET", path, nil, opties...)
}

// activiteitnamen gives the names of a list.
func activiteitnamen(a *antwoord) []string {
	a.t.Helper()
	uit := []string{}
	for _, m := range a.Want(http.StatusOK).Lijst() {
		uit = append(uit, m["naam"].(string))
	}
	return uit
}

// een is the path of one activity.
func een(id uuid.UUID) string { return activiteiten + "/" + id.String() }

func TestAnybodyReadsWhatIsPublicAndNothingElse(t *testing.T) {
	t.Parallel()
	r := start(t)
	public := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	intern := r.activiteit(voorbeeldstad, eenvoudig("Intern onderzoek"), "2020-01-01", false)
	concept := r.begin(voorbeeldstad, eenvoudig("Nog niet klaar"))
	elders := eenvoudig("Afval ophalen")
	elders.VerantwoordelijkeOrganisatie = anderdorp
	buren := r.activiteit(anderdorp, elders, "2020-01-01", true)
	// A change in the making of a public one is not public.
	anders := verhuisactiviteit()
	anders.Doel = "Een heel ander doel."
	if err := r.server.Activiteiten().Wijzig(t.Context(), functionaris(voorbeeldstad), public, r.stand(voorbeeldstad, public), anders); err != nil {
		t.Fatal(err)
	}

	gelijk(t, []string{"Afval ophalen", "Verhuizing verwerken"}, activiteitnamen(r.lees(activiteiten)))
	for _, id := range []uuid.UUID{intern, concept, uuid.New()} {
		if got := r.lees(een(id)).Want(http.StatusNotFound).JSON()["code"]; got != "not_found" {
			t.Errorf("%v: %v", id, got)
		}
		r.lees(een(id) + "/versies").Want(http.StatusNotFound)
	}
	r.lees(een(buren)).Want(http.StatusOK)
	a := r.lees(een(public)).Want(http.StatusOK)
	m := a.JSON()
	versieID := m["versieId"]
	if _, err := uuid.Parse(versieID.(string)); err != nil || versieID == public.String() {
		t.Errorf("versieId %v", versieID)
	}
	gelijk(t, map[string]any{
		"url": r.url + een(public), "id": public.String(), "versie": 1.0, "versieId": versieID, "ingangsdatum": "2020-01-01", "einddatum": nil,
		"naam": "Verhuizing verwerken", "nummer": "BZ-7",
		"gebaseerdOp": "https://var.landelijk.example/verwerkingsactiviteiten/7a22eb38-bca6-463f-9955-54ab040287cb", "categorie": "Burgerzaken",
		"verantwoordelijkeOrganisatie": voorbeeldstad, "verantwoordelijkeBestuursorgaan": "College van B&W", "gezamenlijkMet": []any{"Omgevingsdienst"},
		"doel": "Verhuizing van inwoners bijhouden.", "grondslag": "Wettelijke verplichting; Publieke taak", "grondslagen": []any{"wettelijke_verplichting", "publieke_taak"},
		"toelichtingGrondslag": "Wet BRP, art. 2.39", "uitzonderingen": []any{"avg9_g"}, "betrokkenen": []any{"Inwoners", "Medebewoners"},
		"verwerktePersoonsgegevens": []any{
			map[string]any{"rolBetrokkene": "Aangever", "naam": "Burgerservicenummer", "soort": "bsn"},
			map[string]any{"rolBetrokkene": "", "naam": "Geheim adres", "soort": "bijzonder"},
			map[string]any{"rolBetrokkene": "", "naam": "Adres", "soort": "gewoon"},
		},
		"bewaartermijn": "5 jaar na vertrek", "herkomst": "Betrokkene en BRP", "afnemendeCategorieOntvangers": []any{"Belastingdienst"},
		"afnemendeInternationaleDerden": []any{"Consulaat"}, "doorgifte": "Adequaatheidsbesluit.", "verwerkers": []any{map[string]any{"naam": "Leverancier BV"}},
		"selecties": "Geen.", "toestemming": "Niet nodig.",
	}, m)
	if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("headers %v", a.Header)
	}
	// What is taken back is gone at once.
	r.zetOpenbaar(voorbeeldstad, public, false)
	r.lees(een(public), header("If-None-Match", a.Header.Get("ETag"))).Want(http.StatusNotFound)
	gelijk(t, []string{"Afval ophalen"}, activiteitnamen(r.lees(activiteiten)))
}

func TestAnApplicationOfTheOrganisationReadsAllThatIsDefinite(t *testing.T) {
	t.Parallel()
	r := start(t)
	public := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	intern := r.activiteit(voorbeeldstad, eenvoudig("Intern onderzoek"), "2020-01-01", false)
	concept := r.begin(voorbeeldstad, eenvoudig("Nog niet klaar"))
	elders := eenvoudig("Afval ophalen")
	elders.VerantwoordelijkeOrganisatie = anderdorp
	buren := r.activiteit(anderdorp, elders, "2020-01-01", true)
	buitenzicht := r.activiteit(anderdorp, eenvoudig("Intern van de buren"), "2020-01-01", false)
	lezer := r.lezer(voorbeeldstad)

	gelijk(t, []string{"Intern onderzoek", "Verhuizing verwerken"}, activiteitnamen(r.lees(activiteiten, lezer)))
	r.lees(een(concept), lezer).Want(http.StatusNotFound)
	r.lees(een(buitenzicht), lezer).Want(http.StatusNotFound)
	r.lees(een(buitenzicht)+"/versies", lezer).Want(http.StatusNotFound)

	m := r.lees(een(public), lezer).Want(http.StatusOK).JSON()
	for k, want := range map[string]any{
		"openbaar": true, "gedelegeerdVerantwoordelijke": "Afdelingshoofd Burgerzaken", "proceseigenaar": "Teamleider Balie", "beveiliging": "Toegang op rol, versleuteld.",
		"log": map[string]any{"omvang": "volledig", "gebruiker": true, "soorten": true}, "bewaartermijnLog": "P5Y",
		"vertrouwelijkheid": "vertrouwelijk", "grondVertrouwelijk": "strafbare_feiten", "duurVertrouwelijkheid": "P6M",
		"overig":     []any{map[string]any{"naam": "Kolom X", "waarde": "Intern kenmerk"}},
		"verwerkers": []any{map[string]any{"naam": "Leverancier BV", "contact": "servicedesk@leverancier.example", "overeenkomst": "Contractregister 12"}},
	} {
		gelijk(t, want, m[k])
	}
	m = r.lees(een(intern), lezer).Want(http.StatusOK).JSON()
	for k, want := range map[string]any{"openbaar": false, "vertrouwelijkheid": "normaal", "grondVertrouwelijk": nil, "bewaartermijnLog": "P5Y", "overig": []any{}, "gebaseerdOp": nil} {
		gelijk(t, want, m[k])
	}
	// Of another organisation it sees what everybody sees.
	gelijk(t, r.lees(een(buren)).Want(http.StatusOK).JSON(), r.lees(een(buren), lezer).Want(http.StatusOK).JSON())
}

func TestATokenThatIsSentMustGiveTheRight(t *testing.T) {
	t.Parallel()
	r := start(t)
	id := r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	lezer := "lezer-" + voorbeeldstad
	r.lezer(voorbeeldstad)
	for _, tc := range []struct {
		name   string
		optie  optie
		status int
	}{
		{"every right on the log, none here", header("Authorization", "Bearer "+r.token("vertrouwelijk", autorisatie.Claims{})), 403},
		{"no right at all", header("Authorization", "Bearer "+r.token("niets", autorisatie.Claims{})), 403},
		{"the right, narrowed away by the token", r.as(lezer, nieuwGeheim, autorisatie.Claims{Scopes: []autorisatie.Scope{"read:normal"}}), 403},
		{"another secret", r.as(lezer, geheim, autorisatie.Claims{}), 401},
		{"no such client", r.as("vreemd", geheim, autorisatie.Claims{}), 401},
		{"no token in the header", header("Authorization", "Bearer "), 401},
		{"another scheme", header("Authorization", "Basic bGV6ZXI6eA=="), 401},
		{"the right", r.as(lezer, nieuwGeheim, autorisatie.Claims{}), 200},
		{"the right, in the other spelling", r.as(lezer, nieuwGeheim, autorisatie.Claims{Scopes: []autorisatie.Scope{"var.read"}}), 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, path := range []string{activiteiten, een(id), een(id) + "/versies"} {
				if got := r.lees(path, tc.optie).Status; got != tc.status {
					t.Errorf("%s: %d, want %d", path, got, tc.status)
				}
			}
		})
	}
}

func TestWhatWasPublishedStaysAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var voor string
	var id uuid.UUID
	zonderAdres := func(r *register) string {
		return strings.ReplaceAll(string(r.lees(een(id)).Want(http.StatusOK).Body), r.url, "")
	}
	t.Run("before", func(t *testing.T) {
		r := startIn(t, dir)
		id = r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
		voor = zonderAdres(r)
	})
	if na := zonderAdres(startIn(t, dir)); na != voor {
		t.Error("it reads differently after a restart")
	}
}
