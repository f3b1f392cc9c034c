package openapi_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
)

// afwijking is a decided deviation from the published documents. Its rules are lines as verschillen
// writes them, with * for any text. The reasons stand in docs/afwijkingen.md.
type afwijking struct {
	Code   string
	Regels []string
}

var afwijkingen = []afwijking{
	{"X02", []string{
		"bewerking DELETE /verwerkingsacties/{actieId}: met 400",
		"bewerking DELETE /verwerkingsacties/{actieId}: zonder 404",
		"bewerking PUT /verwerkingsacties/{actieId}: zonder 404",
		"bewerking PATCH /verwerkingsacties: zonder 404",
	}},
	{"X08", []string{
		"bewerking GET /verwerkingsacties: met query vertrouwelijkheid__in",
		"bewerking vraag: vertrouwelijkheid[] andere vorm",
	}},
	{"X11", []string{
		"bewerking verzoek PUT: verwerkteObjecten[].url *",
		"bewerking verzoek PUT: verwerkteObjecten[].verwerktObjectId *",
	}},
	{"X12", []string{
		"* GET *: met query page",
		"* GET *: met query pageSize",
		"* GET *: met query cursor",
		"bewerking GET /verwerkingsacties: met 404",
		"inzage GET /verwerkte-objecten: met 404",
		"inzage GET /verwerkte-objecten: query * niet verplicht",
		"autorisaties GET /applicaties: met 404",
		"var GET /verwerkingsactiviteiten: met 404",
	}},
	{"X13", []string{
		"* antwoord: *mag null zijn",
		"bewerking verzoek *: * mag null zijn",
		"bewerking verzoek *: verwerking*Id* andere vorm",
		"bewerking verzoek *: verwerkingsactiviteitUrl* andere vorm",
		"bewerking verzoek *: uitvoerder andere vorm",
		"bewerking verzoek *: bewaartermijn andere *",
		"autorisaties verzoek *: * mag null zijn",
	}},
	{"X14", []string{"bewerking verzoek POST: vertrouwelijkheid niet verplicht"}},
	{"X15", []string{
		"inzage GET *: met verplichte header OIN",
		"inzage GET *: met verplichte header VerwerkingsactiviteitId",
		"inzage GET *: met verplichte header VerwerkingsactiviteitUrl",
	}},
	{"X19", []string{
		"bewerking GET /verwerkingsacties: met query verwerkingId",
		"bewerking GET /verwerkingsacties: query * niet verplicht",
	}},
	{"X20", []string{"*: scopes als keuze"}},
	{"X23", []string{"* antwoord: *url wijst naar de Inzage API"}},
	{"X24", []string{"inzage antwoord: *verwerkingsactie.verwerkteObjecten niet verplicht"}},
	{"X30", []string{
		"bewerking verzoek *: vertrouwelijkheid andere vorm",
		"bewerking verzoek *: verwerkteObjecten[].objecttype andere vorm",
		"* vraag: objecttype andere vorm",
	}},
	{"R-104", []string{"* fout 401: met header WWW-Authenticate"}},
	{"R-207", []string{"bewerking POST /verwerkingsacties: met header Idempotency-Key"}},
	{"R-208", []string{
		"bewerking P*: met 413",
		"autorisaties P*: met 413",
	}},
	{"R-230", []string{"bewerking verzoek PUT: * verplicht"}},
	{"R-505", []string{
		"bewerking antwoord 20*: met header ETag",
		"bewerking *: met header If-Match",
		"bewerking *: met 412",
		"autorisaties antwoord 20*: met header ETag",
		"autorisaties *: met header If-Match",
		"autorisaties *: met 412",
		"autorisaties fout 412: toegevoegd",
	}},
	{"R-506", []string{"bewerking GET /verwerkingsacties/{actieId}/versies: toegevoegd"}},
	{"ontvangstbewijs", []string{"bewerking GET /verwerkingsacties/{actieId}/bewijs: toegevoegd"}},
	{"peilmoment", []string{"* antwoord 200: met header Peilmoment"}},
	{"R-507", []string{"bewerking *: met header X-Audit-Toelichting"}},
	{"B9177", []string{
		"* GET *: met header Bewaartermijn",
		"* GET *: met header Vertrouwelijkheid",
		"* GET *: met header VerwerkingId",
		"bewerking GET *: met header OIN",
		"bewerking GET *: met header VerwerkingsactiviteitId",
		"bewerking GET *: met header VerwerkingsactiviteitUrl",
	}},
	{"zoeken", []string{"*/_zoek: toegevoegd"}},
	{"overzicht", []string{"inzage POST /overzicht: toegevoegd"}},
	{"stroom", []string{"bewerking POST /verwerkingsacties/_bulk: toegevoegd"}},
	{"leeg", []string{
		"* vraag: *bjectId andere minimumlengte",
		"bewerking verzoek *: verwerkteObjecten[].* andere minimumlengte",
	}},
	{"405", []string{"* fout 405: toegevoegd"}},
	{"413", []string{"* fout 413: toegevoegd"}},
	{"wachten", []string{
		"* fout 429: met header Retry-After",
		"* fout 503: met header Retry-After",
	}},
	{"nooit", []string{
		"*: zonder 410",
		"*: zonder 501",
		"*: zonder 409",
		"bewerking GET *: zonder 415",
		"bewerking DELETE *: zonder 415",
		"inzage GET *: zonder 415",
		"inzage GET *: zonder 412",
		"autorisaties GET *: zonder 415",
		"autorisaties DELETE *: zonder 415",
		"var GET *: zonder 415",
		"var GET *: zonder 412",
	}},
	{"R-108", []string{
		"autorisaties antwoord: *component ruimer",
		"autorisaties verzoek *: autorisaties[].component andere vorm",
	}},
	{"geheim", []string{
		"autorisaties verzoek *: met veld geheim",
		"autorisaties verzoek *: met veld oins",
		"autorisaties antwoord: met veld *",
	}},
	{"bestand", []string{
		"autorisaties antwoord: *clientIds[] ruimer",
	}},
	{"R-701", []string{
		"autorisaties antwoord 20*: met header X-Waarschuwing",
	}},
	{"PATCH", []string{
		"autorisaties verzoek PATCH: * niet verplicht",
	}},
	{"onbekend", []string{
		"autorisaties *: met 400",
		"var GET /verwerkingsactiviteit/{actieId}: met 400",
	}},
	{"503", []string{
		"autorisaties *: met 503",
		"autorisaties fout 503: toegevoegd",
		"var *: met 503",
		"var fout 503: toegevoegd",
	}},
	{"mediatype", []string{
		"autorisaties P*: zonder header Content-Type",
	}},
	{"X50", []string{
		"autorisaties POST /notificaties: toegevoegd",
	}},
	{"var-openbaar", []string{
		"var GET *: scopes als keuze",
	}},
	{"var-pad", []string{
		"var GET /verwerkingsactiviteiten/{id}: toegevoegd",
	}},
	{"var-versies", []string{
		"var GET *: met query geldigOp",
		"var GET /verwerkingsactiviteiten/{id}/versies: toegevoegd",
	}},
	{"var-zoeken", []string{
		"var GET /verwerkingsactiviteiten: met query gebaseerdOp",
		"var GET /verwerkingsactiviteiten: met query categorie",
		"var GET /verwerkingsactiviteiten: met query verantwoordelijkeOrganisatie",
		"var GET /verwerkingsactiviteiten: met query zoek",
	}},
	{"var-doelbinding", []string{
		"var GET /functies: toegevoegd",
		"var GET /leveringen: toegevoegd",
	}},
	{"var-velden", []string{
		"var antwoord: met veld *",
	}},
	{"304", []string{
		"var GET *: met 304",
		"var GET /verwerkingsactiviteiten: met header If-None-Match",
		"var antwoord 200: met header ETag",
	}},
}

// pattern makes a rule into an expression for whole lines.
func pattern(regel string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(regel), `\*`, ".*") + "$")
}

func load(t *testing.T, doc []byte) *openapi3.T {
	t.Helper()
	d, err := openapitest.Load(doc)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// published reads the documents of the standard. They are not in this repository; without the folder
// that holds them these tests can't run.
func published(t *testing.T, api string) *openapi3.T {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "specs")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the published documents are not here: ../shared/specs is absent")
	}
	name := "verwerkingenlogging-" + api + "-0.9.0.yaml"
	switch api {
	case "autorisaties":
		name = "autorisaties-vng.yaml"
	case "var":
		name = "verwerkingsactiviteiten-0.1.0.yaml"
	}
	doc, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return load(t, doc)
}

func TestEveryDifferenceFromThePublishedDocumentsIsDecidedAndEveryDecisionIsUsed(t *testing.T) {
	t.Parallel()
	lines := slices.Concat(
		vergelijk("bewerking", published(t, "bewerking"), load(t, openapi.Bewerking)),
		vergelijk("inzage", published(t, "inzage"), load(t, openapi.Inzage)),
		vergelijk("autorisaties", published(t, "autorisaties"), load(t, openapi.Autorisaties)),
		vergelijk("var", published(t, "var"), load(t, openapi.Verwerkingsactiviteiten)))
	decided := map[string]bool{}
	for _, a := range afwijkingen {
		for _, regel := range a.Regels {
			re, used := pattern(regel), false
			for _, line := range lines {
				if re.MatchString(line) {
					decided[line], used = true, true
				}
			}
			if !used {
				t.Errorf("%s: no difference fits %q", a.Code, regel)
			}
		}
	}
	for _, line := range lines {
		if !decided[line] {
			t.Errorf("not in the list of deviations: %s", line)
		}
	}
}

func TestTheComparisonFindsWhatIsTakenAway(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		spoil      func(*openapi3.T)
	}{
		{"an operation", "bewerking PUT /verwerkingsacties/{actieId}: ontbreekt",
			func(d *openapi3.T) { d.Paths.Value("/verwerkingsacties/{actieId}").Put = nil }},
		{"a status", "bewerking POST /verwerkingsacties: zonder 403",
			func(d *openapi3.T) { d.Paths.Value("/verwerkingsacties").Post.Responses.Delete("403") }},
		{"a field of an answer", "bewerking antwoord: zonder veld systeem",
			func(d *openapi3.T) { delete(d.Components.Schemas["Verwerkingsactie"].Value.Properties, "systeem") }},
		{"a field of a request", "bewerking verzoek POST: zonder veld systeem",
			func(d *openapi3.T) {
				delete(d.Components.Schemas["VerwerkingsactieInvoer"].Value.Properties, "systeem")
			}},
		{"a length in an answer", "bewerking antwoord: systeem ruimer",
			func(d *openapi3.T) {
				d.Components.Schemas["Verwerkingsactie"].Value.Properties["systeem"].Value.MaxLength = nil
			}},
		{"a type", "bewerking antwoord: systeem ander type",
			func(d *openapi3.T) {
				d.Components.Schemas["Verwerkingsactie"].Value.Properties["systeem"].Value.Type = &openapi3.Types{"integer"}
			}},
		{"a header", "bewerking fout 403: zonder header API-version",
			func(d *openapi3.T) { delete(d.Components.Responses["GeenToestemming"].Value.Headers, "API-version") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spoiled := load(t, openapi.Bewerking)
			tc.spoil(spoiled)
			if got := vergelijk("bewerking", load(t, openapi.Bewerking), spoiled); !slices.Contains(got, tc.want) {
				t.Errorf("not found: %q in %q", tc.want, got)
			}
		})
	}
}

func TestTheWrittenListOfDeviationsIsThisOne(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "afwijkingen.md"))
	if err != nil {
		t.Fatal(err)
	}
	var written []afwijking
	quoted := regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 || strings.Contains(line, "---") || strings.Contains(cells[1], "Code") {
			continue
		}
		a := afwijking{Code: strings.TrimSpace(cells[1])}
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			a.Regels = append(a.Regels, m[1])
		}
		written = append(written, a)
	}
	if diff := cmp.Diff(afwijkingen, written); diff != "" {
		t.Errorf("docs/afwijkingen.md and the test differ (-test +document):\n%s", diff)
	}
}

func TestTheDocumentsAreValid(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string][]byte{
		"bewerking.yaml": openapi.Bewerking, "bewerking.json": openapi.BewerkingJSON,
		"inzage.yaml": openapi.Inzage, "inzage.json": openapi.InzageJSON,
		"bewijs.yaml": openapi.Bewijs, "bewijs.json": openapi.BewijsJSON,
		"autorisaties.yaml": openapi.Autorisaties, "autorisaties.json": openapi.AutorisatiesJSON,
		"verwerkingsactiviteiten.yaml": openapi.Verwerkingsactiviteiten, "verwerkingsactiviteiten.json": openapi.VerwerkingsactiviteitenJSON,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := load(t, doc)
			// Examples are checked as well, with the strict formats of openapitest.
			if err := d.Validate(context.Background(), openapi3.EnableSchemaFormatValidation()); err != nil {
				t.Error(err)
			}
			if d.OpenAPI != "3.0.3" || d.Info.Version != "1.0.0" {
				t.Errorf("OpenAPI %s, version %s", d.OpenAPI, d.Info.Version)
			}
		})
	}
}
