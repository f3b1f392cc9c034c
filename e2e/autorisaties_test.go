package e2e

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// nieuwGeheim is the secret of applications that are made by a test.
const nieuwGeheim = "een-ander-geheim-van-minstens-32-tekens"

// app is a body for the Autorisaties API: an application with scopes on Bewerking.
func app(client string, scopes ...string) map[string]any {
	if scopes == nil {
		scopes = []string{}
	}
	return map[string]any{
		"clientIds": []string{client}, "label": "Label " + client, "geheim": nieuwGeheim, "oins": []string{voorbeeldstad},
		"autorisaties": []any{map[string]any{"component": "verwerkingenlogging-bewerking", "scopes": scopes}},
	}
}

func (r *register) newApp(body map[string]any) map[string]any {
	r.t.Helper()
	return r.do("beheerder", "POST", autorisaties+"/applicaties", body).Want(http.StatusCreated).JSON()
}

// path gives the path of what the register gave an address.
func (r *register) path(url any) string { return strings.TrimPrefix(url.(string), r.url) }

// as signs in with a secret of its own.
func (r *register) as(client, geheim string, c autorisatie.Claims) optie {
	r.t.Helper()
	token, err := autorisatie.Sign(client, []byte(geheim), c, r.klok.Nu())
	if err != nil {
		r.t.Fatal(err)
	}
	return header("Authorization", "Bearer "+token)
}

// reads asks for a list, which needs read:normal, and gives the status.
func (r *register) reads(client, geheim string) int {
	r.t.Helper()
	return r.lijst("", "2308572", "&vertrouwelijkheid=normaal", r.as(client, geheim, autorisatie.Claims{})).Status
}

func TestAnApplicationWorksFromTheMomentItIsMade(t *testing.T) {
	t.Parallel()
	r := start(t)
	if got := r.reads("nieuw", nieuwGeheim); got != http.StatusUnauthorized {
		t.Errorf("before it is made: %d", got)
	}
	a := r.do("beheerder", "POST", autorisaties+"/applicaties", app("nieuw", "read.normal")).Want(http.StatusCreated)
	want := map[string]any{
		"url": a.JSON()["url"], "clientIds": []any{"nieuw"}, "label": "Label nieuw", "heeftAlleAutorisaties": false,
		"autorisaties": []any{map[string]any{
			"component": "verwerkingenlogging-bewerking", "componentWeergave": "Verwerkingenlogging Bewerking", "scopes": []any{"read:normal"},
		}},
		"oins": []any{voorbeeldstad}, "heeftGeheim": true, "alleenLezen": false,
	}
	if d := cmp.Diff(want, a.JSON()); d != "" {
		t.Error(d)
	}
	if a.Header.Get("Location") != a.JSON()["url"] || a.Header.Get("ETag") != `"1"` {
		t.Errorf("Location %q, ETag %q", a.Header.Get("Location"), a.Header.Get("ETag"))
	}
	if got := r.reads("nieuw", nieuwGeheim); got != http.StatusOK {
		t.Errorf("at once: %d", got)
	}
	if d := cmp.Diff(want, r.do("beheerder", "GET", r.path(a.JSON()["url"]), nil).Want(http.StatusOK).JSON()); d != "" {
		t.Error(d)
	}
}

func TestEveryChangeOfRightsCountsForTheNextRequest(t *testing.T) {
	t.Parallel()
	r := start(t)
	path := r.path(r.newApp(app("nieuw", "read:normal"))["url"])
	status := func(what string, want int, client, geheim string) {
		t.Helper()
		if got := r.reads(client, geheim); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	status("with the right", 200, "nieuw", nieuwGeheim)
	r.do("beheerder", "PATCH", path, map[string]any{"autorisaties": []any{}}).Want(200)
	status("without", 403, "nieuw", nieuwGeheim)
	r.do("beheerder", "PUT", path, app("nieuw", "read:confidential")).Want(200)
	status("with it again", 200, "nieuw", nieuwGeheim)

	r.do("beheerder", "PATCH", path, map[string]any{"geheim": geheim}).Want(200)
	status("with its old secret", 401, "nieuw", nieuwGeheim)
	status("with its new secret", 200, "nieuw", geheim)

	r.do("beheerder", "PATCH", path, map[string]any{"clientIds": []string{"anders"}}).Want(200)
	status("under its old id", 401, "nieuw", geheim)
	status("under its new id", 200, "anders", geheim)

	r.do("beheerder", "DELETE", path, nil).Want(http.StatusNoContent)
	status("deleted", 401, "anders", geheim)
	r.do("beheerder", "GET", path, nil).Want(404)
	r.do("beheerder", "DELETE", path, nil).Want(404)
	r.newApp(app("anders"))
}

func TestApplicationsStayAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	t.Run("before", func(t *testing.T) {
		r := startIn(t, dir)
		r.newApp(app("blijft", "read:normal"))
		r.do("beheerder", "DELETE", r.path(r.newApp(app("gaat", "read:normal"))["url"]), nil).Want(204)
	})
	r := startIn(t, dir)
	for client, want := range map[string]int{"blijft": 200, "gaat": 401} {
		if got := r.reads(client, nieuwGeheim); got != want {
			t.Errorf("%s: %d, want %d", client, got, want)
		}
	}
	// Nothing plain: neither secret nor rights nor name.
	err := filepath.WalkDir(filepath.Join(dir, "store"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range []string{nieuwGeheim, "Label blijft", "read:normal"} {
			if strings.Contains(string(b), s) {
				t.Errorf("%q lies plain in %s", s, d.Name())
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if strings.Contains(r.log.String(), nieuwGeheim) {
		t.Error("the log holds a secret")
	}
}

func TestWhatIsWrongWithAnApplicationIsToldAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.newApp(app("bezet"))
	with := func(key string, v any) map[string]any {
		m := maps.Clone(app("goed"))
		m[key] = v
		return m
	}
	for name, tt := range map[string]struct {
		body any
		want []string
	}{
		"nothing":                     {map[string]any{}, []string{"clientIds required", "label required"}},
		"no object":                   {"[]", []string{"nonFieldErrors parse_error"}},
		"no JSON":                     {"{", []string{"nonFieldErrors parse_error"}},
		"a field twice":               {`{"label":"a","label":"b"}`, []string{"nonFieldErrors parse_error"}},
		"a client id of the store":    {app("bezet"), []string{"clientIds.0 unique"}},
		"a client id of the file":     {app("normaal"), []string{"clientIds.0 unique"}},
		"of the other organisation":   {app("anderdorp"), []string{"clientIds.0 unique"}},
		"a component of another API":  {with("autorisaties", []any{map[string]any{"component": "zrc", "scopes": []string{"zaken.lezen"}}}), []string{"autorisaties.0.component invalid_choice"}},
		"a scope of another one":      {with("autorisaties", []any{map[string]any{"component": "verwerkingenlogging-inzage", "scopes": []string{"create:normal"}}}), []string{"autorisaties.0.scopes.0 invalid_choice"}},
		"everything beside something": {with("heeftAlleAutorisaties", true), []string{"nonFieldErrors ambiguous-authorizations-specified"}},
		"wrong types": {`{"clientIds":"a","label":1,"geheim":[],"oins":{},"heeftAlleAutorisaties":"ja","autorisaties":["x",{"component":1,"scopes":"y"}]}`,
			[]string{"autorisaties.0 invalid", "autorisaties.1.component invalid", "autorisaties.1.scopes invalid", "clientIds invalid", "geheim invalid", "heeftAlleAutorisaties invalid", "label invalid", "oins invalid"}},
		"all of it": {`{"clientIds":["a",2,""],"label":"","geheim":"kort","oins":["1"],"autorisaties":[{}]}`,
			[]string{"autorisaties.0.component required", "autorisaties.0.scopes required", "clientIds.1 invalid", "clientIds.2 required", "geheim min_length", "label required", "oins.0 invalid"}},
	} {
		a := r.do("beheerder", "POST", autorisaties+"/applicaties", tt.body).Want(http.StatusBadRequest)
		var got []string
		for _, p := range a.JSON()["invalidParams"].([]any) {
			m := p.(map[string]any)
			got = append(got, fmt.Sprintf("%s %s", m["name"], m["code"]))
		}
		slices.Sort(got)
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
	r.do("beheerder", "POST", autorisaties+"/applicaties", strings.Repeat(" ", 9<<20)).Want(http.StatusRequestEntityTooLarge)
	r.do("beheerder", "POST", autorisaties+"/applicaties", app("x"), header("Content-Type", "text/plain")).Want(http.StatusUnsupportedMediaType)
	if got := r.reads("goed", nieuwGeheim); got != http.StatusUnauthorized {
		t.Errorf("a refused application signs in: %d", got)
	}
}

func TestHeeftAlleAutorisatiesIsKeptAndWarnedAbout(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := app("alles")
	delete(body, "autorisaties")
	body["heeftAlleAutorisaties"] = true
	a := r.do("beheerder", "POST", autorisaties+"/applicaties", body).Want(http.StatusCreated)
	if a.JSON()["heeftAlleAutorisaties"] != true || !strings.Contains(a.Header.Get("X-Waarschuwing"), "heeftAlleAutorisaties") {
		t.Errorf("kept %v, warning %q", a.JSON()["heeftAlleAutorisaties"], a.Header.Get("X-Waarschuwing"))
	}
	if got := r.reads("alles", nieuwGeheim); got != http.StatusForbidden {
		t.Errorf("everything gives read:normal: %d", got)
	}
}

func TestOnlyAManagerOfTheOrganisationManages(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.newApp(app("nieuw", "read:normal"))
	path := r.path(a["url"])
	lezer := app("lezer")
	lezer["autorisaties"] = []any{map[string]any{"component": "ac", "scopes": []string{"autorisaties.lezen"}}}
	r.newApp(lezer)
	asLezer := r.as("lezer", nieuwGeheim, autorisatie.Claims{})
	smal := r.as("beheerder", geheim, autorisatie.Claims{Scopes: []autorisatie.Scope{"autorisaties.lezen"}})

	type verzoek struct {
		method, path string
		body         any
	}
	lees := []verzoek{
		{"GET", autorisaties + "/applicaties", nil}, {"GET", autorisaties + "/applicaties/consumer?clientId=nieuw", nil}, {"GET", path, nil},
	}
	schrijf := []verzoek{
		{"POST", autorisaties + "/applicaties", app("nog-een")}, {"PUT", path, app("nieuw")}, {"PATCH", path, map[string]any{"label": "x"}}, {"DELETE", path, nil},
	}
	for _, v := range lees {
		r.do("", v.method, v.path, v.body).Want(401)
		r.do("vertrouwelijk", v.method, v.path, v.body).Want(403)
		r.do("", v.method, v.path, v.body, asLezer).Want(200)
		r.do("", v.method, v.path, v.body, smal).Want(200)
	}
	for _, v := range schrijf {
		r.do("", v.method, v.path, v.body).Want(401)
		r.do("vertrouwelijk", v.method, v.path, v.body).Want(403)
		r.do("", v.method, v.path, v.body, asLezer).Want(403)
		r.do("", v.method, v.path, v.body, smal).Want(403)
	}
	// Another organisation sees nothing of it, and its list holds its own alone.
	for _, v := range []verzoek{lees[2], schrijf[1], schrijf[2], schrijf[3], lees[1]} {
		r.do("beheerder-anderdorp", v.method, v.path, v.body).Want(404)
	}
	for _, a := range r.do("beheerder-anderdorp", "GET", autorisaties+"/applicaties", nil).Want(200).Lijst() {
		if label := a["label"].(string); !strings.Contains(label, "Anderdorp") && label != "Voor beide gemeenten" {
			t.Errorf("sees %q", label)
		}
	}
	ander := app("van-anderdorp", "read:normal")
	r.do("beheerder-anderdorp", "POST", autorisaties+"/applicaties", ander).Want(201)
	if list := r.do("beheerder", "GET", autorisaties+"/applicaties?clientIds=van-anderdorp", nil).Want(200).Lijst(); len(list) != 0 {
		t.Error("an application of the other organisation is in the list")
	}
	r.do("", "GET", bewerking+"/verwerkingsacties/"+uuid.NewString(), nil, r.as("van-anderdorp", nieuwGeheim, autorisatie.Claims{Organisatie: voorbeeldstad})).Want(403)
}

func TestNobodyRaisesThemselves(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := app("baas")
	body["autorisaties"] = []any{map[string]any{"component": "ac", "scopes": []string{"autorisaties.lezen", "autorisaties.bijwerken"}}}
	path := r.path(r.newApp(body)["url"])
	baas := r.as("baas", nieuwGeheim, autorisatie.Claims{})
	meer := maps.Clone(body)
	meer["autorisaties"] = append(slices.Clone(body["autorisaties"].([]any)), map[string]any{"component": "verwerkingenlogging-bewerking", "scopes": []string{"read:confidential"}})
	r.do("", "PUT", path, meer, baas).Want(403)
	r.do("", "PATCH", path, map[string]any{"autorisaties": meer["autorisaties"]}, baas).Want(403)
	r.do("", "PATCH", path, map[string]any{"oins": []string{anderdorp}}, baas).Want(403)
	r.do("", "PATCH", path, map[string]any{"clientIds": []string{"baas", "baas-2"}}, baas).Want(403)
	r.do("", "PATCH", path, map[string]any{"heeftAlleAutorisaties": true}, baas).Want(403)
	r.do("", "DELETE", path, nil, baas).Want(403)
	if got := r.reads("baas", nieuwGeheim); got != http.StatusForbidden {
		t.Errorf("it reads: %d", got)
	}
	r.do("", "PATCH", path, map[string]any{"geheim": geheim, "label": "Baas"}, baas).Want(200)
	r.do("baas", "GET", autorisaties+"/applicaties", nil).Want(200)
	delete(meer, "geheim")
	r.do("beheerder", "PUT", path, meer).Want(200)
	if got := r.reads("baas", geheim); got != http.StatusOK {
		t.Errorf("somebody else granted it: %d", got)
	}
}

func TestApplicationsOfTheFileAreReadOnly(t *testing.T) {
	t.Parallel()
	r := start(t)
	list := r.do("beheerder", "GET", autorisaties+"/applicaties/consumer?clientId=normaal", nil).Want(200)
	if !strings.HasPrefix(string(list.Body), "[{") || strings.Contains(string(list.Body), "geheim\":\"") || strings.Contains(string(list.Body), geheim) {
		t.Fatal("no list of one, or a secret in it")
	}
	found := r.do("beheerder", "GET", autorisaties+"/applicaties?clientIds=normaal,niemand", nil).Want(200).Lijst()
	if len(found) != 1 || found[0]["alleenLezen"] != true {
		t.Fatalf("%d found", len(found))
	}
	path := r.path(found[0]["url"])
	r.do("beheerder", "GET", path, nil).Want(200)
	for method, body := range map[string]any{"PUT": app("normaal"), "PATCH": map[string]any{"label": "x"}, "DELETE": nil} {
		a := r.do("beheerder", method, path, body).Want(403)
		if method != "PUT" && !strings.Contains(a.JSON()["detail"].(string), "applicatiebestand") {
			t.Errorf("%s: %v", method, a.JSON()["detail"])
		}
	}
	r.do("beheerder", "GET", autorisaties+"/applicaties/consumer?clientId=niemand", nil).Want(404)
	r.do("beheerder", "GET", autorisaties+"/applicaties/consumer", nil).Want(400)
	r.do("beheerder", "GET", autorisaties+"/applicaties?clientids=normaal", nil).Want(400)
	r.do("beheerder", "GET", autorisaties+"/applicaties/niets", nil).Want(404)
	r.do("beheerder", "DELETE", autorisaties+"/applicaties", nil).Want(405)
	r.do("beheerder", "POST", autorisaties+"/notificaties", map[string]any{"kanaal": "autorisaties"}).Want(404)
}

func TestALastWriterIsToldThatItIsLate(t *testing.T) {
	t.Parallel()
	r := start(t)
	path := r.path(r.newApp(app("nieuw"))["url"])
	first := r.do("beheerder", "GET", path, nil).Header.Get("ETag")
	second := r.do("beheerder", "PATCH", path, map[string]any{"label": "Twee"}, header("If-Match", first)).Want(200).Header.Get("ETag")
	r.do("beheerder", "PATCH", path, map[string]any{"label": "Drie"}, header("If-Match", first)).Want(412)
	r.do("beheerder", "PUT", path, app("nieuw"), header("If-Match", first)).Want(412)
	r.do("beheerder", "DELETE", path, nil, header("If-Match", first)).Want(412)
	r.do("beheerder", "PATCH", path, map[string]any{"label": "Drie"}, header("If-Match", first+", "+second)).Want(200)
	r.do("beheerder", "DELETE", path, nil, header("If-Match", "*")).Want(204)
}

func TestApplicationsComeInPages(t *testing.T) {
	t.Parallel()
	r := start(t)
	for k := range 101 {
		r.newApp(app(fmt.Sprintf("app-%03d", k)))
	}
	var clients []string
	page := r.do("beheerder", "GET", autorisaties+"/applicaties", nil).Want(200)
	total := int(page.JSON()["count"].(float64))
	for n := 1; ; n++ {
		for _, a := range page.Lijst() {
			clients = append(clients, a["clientIds"].([]any)[0].(string))
		}
		next, ok := page.JSON()["next"].(string)
		if !ok {
			break
		}
		page = r.do("beheerder", "GET", r.path(next), nil).Want(200)
		if back := page.JSON()["previous"].(string); !strings.Contains(back, fmt.Sprintf("page=%d", n)) {
			t.Errorf("previous %q", back)
		}
	}
	slices.Sort(clients)
	if len(clients) != total || len(slices.Compact(clients)) != total || total < 110 {
		t.Errorf("%d applications on the pages, count %d", len(clients), total)
	}
	r.do("beheerder", "GET", autorisaties+"/applicaties?page=3", nil).Want(404)
	r.do("beheerder", "GET", autorisaties+"/applicaties?page=nul", nil).Want(400)
	r.do("beheerder", "GET", autorisaties+"/applicaties?page=1&clientIds=niemand", nil).Want(200)
}

// The first administrator is made on the machine itself, while the register does not run.
func TestTheFirstAdministratorIsMadeOnTheCommandLine(t *testing.T) {
	t.Parallel()
	const leeg = `organisaties: [{oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}]`
	o := opstellen(t, leeg)
	for _, args := range [][]string{{"applicatie"}, {"applicatie", "toevoegen"}, {"applicatie", "maken"}, {"applicatie", "lijst", "nu"}} {
		o.run(2, args)
	}
	o.run(1, []string{"applicatie", "toevoegen", "--client", "x", "--organisatie", anderdorp})
	o.run(1, []string{"applicatie", "toevoegen", "--client", "x", "--scopes", "read"})
	if _, err := os.Stat(filepath.Join(o.dir, "store")); err == nil {
		t.Error("a store was made by a command that was refused")
	}
	out := o.run(0, []string{"applicatie", "toevoegen", "--client", "baas", "--label", "De baas", "--beheerder", "--oin", voorbeeldstad})
	_, rest, _ := strings.Cut(out, "geheim     ")
	secret, _, ok := strings.Cut(rest, "\n")
	if !ok || len(secret) < 32 {
		t.Fatalf("no secret shown: %d characters", len(secret))
	}
	out = o.run(1, []string{"applicatie", "toevoegen", "--client", "baas", "--scopes", "zrc:zaken.lezen,ac:niets"})
	for _, want := range []string{"clientIds.0", "autorisaties.0.component", "autorisaties.1.scopes.0"} {
		if !strings.Contains(out, want) {
			t.Errorf("does not name %s: %s", want, out)
		}
	}
	o.run(0, []string{"applicatie", "toevoegen", "--client", "lezer", "--scopes", "verwerkingenlogging-bewerking:read.normal, verwerkingenlogging-inzage:read:normal"})
	out = o.run(0, []string{"applicatie", "lijst"})
	for _, want := range []string{"baas", "De baas", "ac:autorisaties.lezen,ac:autorisaties.bijwerken", "verwerkingenlogging-bewerking:read:normal", "opslag"} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q: %s", want, out)
		}
	}
	if strings.Contains(out, secret) {
		t.Error("the list shows the secret")
	}
	o.run(0, []string{"applicatie", "verwijderen", "--client", "lezer"})
	o.run(1, []string{"applicatie", "verwijderen", "--client", "lezer"})

	d := o.serve()
	r := d.register()
	baas := r.as("baas", secret, autorisatie.Claims{})
	r.do("", "POST", autorisaties+"/applicaties", app("nieuw", "read:normal"), baas).Want(201)
	if got := r.reads("nieuw", nieuwGeheim); got != http.StatusOK {
		t.Errorf("the application it made: %d", got)
	}
	out = o.run(1, []string{"applicatie", "lijst"})
	if !strings.Contains(out, autorisaties+"/applicaties") || !strings.Contains(out, "draait") {
		t.Errorf("does not point to the API: %s", out)
	}
	d.stop()
	if strings.Contains(d.out.String(), secret) {
		t.Error("the log holds the secret")
	}
}
