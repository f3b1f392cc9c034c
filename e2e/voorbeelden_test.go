package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

const voorbeelden = "../docs/sdk/voorbeelden"

// talen are the examples, each as what runs it.
var talen = map[string]func(t *testing.T) []string{
	"python": func(t *testing.T) []string {
		t.Helper()
		file := filepath.Join(voorbeelden, "python", "afnemer.py")
		if _, err := os.ReadFile(file); err != nil { // so that Go knows that this test depends on it
			t.Fatal(err)
		}
		return []string{"python3", "-B", file}
	},
	"typescript": func(t *testing.T) []string {
		t.Helper()
		tekst, err := os.ReadFile(filepath.Join(voorbeelden, "typescript", "afnemer.ts"))
		if err != nil {
			t.Fatal(err)
		}
		js := api.Transform(string(tekst), api.TransformOptions{Loader: api.LoaderTS, Format: api.FormatESModule, Target: api.ES2022, Sourcefile: "afnemer.ts"})
		if len(js.Errors) > 0 || len(js.Warnings) > 0 {
			t.Fatalf("%v %v", js.Errors, js.Warnings)
		}
		file := filepath.Join(t.TempDir(), "afnemer.mjs")
		if err := os.WriteFile(file, js.Code, 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"node", file}
	},
}

// draad is the wire to a register, that can be cut, lose an answer, or say that the register is busy.
type draad struct {
	URL string

	mu     sync.Mutex
	over   func(r *http.Request) string // what happens to a request: "" it goes through, weg, verlies, bezig
	acties int                          // records that were sent over it
}

func (d *draad) zet(over func(r *http.Request) string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = over
}

func (d *draad) verstuurd() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.acties
}

func span(t *testing.T, r *register) *draad {
	t.Helper()
	naar, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(naar)
	d := &draad{over: func(*http.Request) string { return "" }}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		d.mu.Lock()
		if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/verwerkingsacties") {
			d.acties++
		}
		wat := d.over(q)
		d.mu.Unlock()
		switch wat {
		case "weg":
			panic(http.ErrAbortHandler)
		case "verlies":
			proxy.ServeHTTP(httptest.NewRecorder(), q)
			panic(http.ErrAbortHandler)
		case "bezig":
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			proxy.ServeHTTP(w, q)
		}
	}))
	t.Cleanup(s.Close)
	d.URL = s.URL
	return d
}

// aanbieder records what it was asked, and looks in the log at that moment.
type aanbieder struct {
	URL string

	mu     sync.Mutex
	vragen []vraagAanAanbieder
	doe    http.HandlerFunc // nil: it answers with people
}

type vraagAanAanbieder struct {
	pad    string
	header http.Header
	body   string
	gelogd []map[string]any // of its VerwerkingId, before it answered
}

// vanVerwerking gives the records of a verwerking, as an auditor of Anderdorp sees them.
func (r *register) vanVerwerking(verwerking string) []map[string]any {
	r.t.Helper()
	return r.do("anderdorp", "POST", bewerking+"/verwerkingsacties/_zoek", map[string]any{"verwerkingId": verwerking}).Want(http.StatusOK).Lijst()
}

func newAanbieder(t *testing.T, r *register) *aanbieder {
	t.Helper()
	a := &aanbieder{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		v := vraagAanAanbieder{pad: q.URL.Path, header: q.Header.Clone(), body: string(body), gelogd: r.vanVerwerking(q.Header.Get("VerwerkingId"))}
		a.mu.Lock()
		a.vragen = append(a.vragen, v)
		doe := a.doe
		a.mu.Unlock()
		if doe != nil {
			doe(w, q)
			return
		}
		io.WriteString(w, `{"personen":[{"bsn":"999990019","naam":"Voorbeeld"},{"bsn":"999990020","naam":"Voorbeeld-Proef"}]}`)
	}))
	t.Cleanup(s.Close)
	a.URL = s.URL
	return a
}

// antwoordt changes what it answers.
func (a *aanbieder) antwoordt(doe http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.doe = doe
}

func (a *aanbieder) gevraagd() []vraagAanAanbieder {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.vragen
}

// voorbeeld is everything that an example of a language needs.
type voorbeeld struct {
	*register
	draad     *draad
	aanbieder *aanbieder
	id        uuid.UUID // of its activity
	opdracht  []string
}

// applicatie makes an application by the Autorisaties API, of an organisation, that acts for an OIN.
func (r *register) applicatie(client, organisatie, oin string, autorisatie ...any) {
	r.t.Helper()
	beheerder := "beheerder"
	if organisatie == anderdorp {
		beheerder = "beheerder-anderdorp"
	}
	body := app(client)
	body["oins"], body["autorisaties"] = []string{oin}, autorisatie
	r.do(beheerder, "POST", autorisaties+"/applicaties", body).Want(http.StatusCreated)
}

func op(component string, scopes ...string) any {
	return map[string]any{"component": component, "scopes": scopes}
}

func startVoorbeeld(t *testing.T, opdracht []string) *voorbeeld {
	t.Helper()
	r := start(t)
	v := &voorbeeld{register: r, draad: span(t, r), aanbieder: newAanbieder(t, r), opdracht: opdracht}
	r.applicatie("balie", anderdorp, anderdorp, op(autorisatie.ComponentVAR, "var:read"))
	in := eenvoudig("Verhuizing")
	in.VerantwoordelijkeOrganisatie = anderdorp
	v.id = r.activiteit(anderdorp, in, "2020-01-01", true)
	r.koppel(anderdorp, "balie", "Adres bij verhuizing", v.id)
	return v
}

// vraag runs the example and gives what it wrote, and whether it ended well.
func (v *voorbeeld) vraag(t *testing.T, body string) (out, fout string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), v.opdracht[0], v.opdracht[1:]...)
	cmd.Env = append(os.Environ(), "REGISTER="+v.draad.URL, "REGISTER_CLIENT_ID=balie", "REGISTER_GEHEIM="+nieuwGeheim,
		"AANBIEDER="+v.aanbieder.URL, "AANBIEDER_CLIENT_ID=waterschap", "AANBIEDER_GEHEIM="+geheim, "OIN="+anderdorp)
	var o, f bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(body), &o, &f
	err := cmd.Run()
	if f.Len() > 0 && err == nil || strings.Contains(f.String(), "9999900") {
		t.Errorf("it wrote %q beside its answer", f.String())
	}
	return o.String(), f.String(), err == nil
}

// geweigerd checks that nothing was shown and the way out was told.
func (v *voorbeeld) geweigerd(t *testing.T, body, want string, gevraagd int) {
	t.Helper()
	out, fout, ok := v.vraag(t, body)
	if ok || out != "" || !strings.Contains(fout, want) || strings.Contains(fout, "Traceback") || strings.Contains(fout, "at ") {
		t.Errorf("%t: %q, %q", ok, out, fout)
	}
	if n := len(v.aanbieder.gevraagd()); n != gevraagd {
		t.Errorf("the provider was asked %d times, want %d", n, gevraagd)
	}
}

// wieErin gives who a record names, in which role.
func wieErin(m map[string]any) (uit []string) {
	for _, o := range m["verwerkteObjecten"].([]any) {
		p := o.(map[string]any)
		uit = append(uit, p["objectId"].(string)+" "+p["betrokkenheid"].(string))
	}
	return uit
}

const (
	bekend = `{"bsn":"999990019"}`
	zoekt  = `{"geslachtsnaam":"Voorbeeld","geboortedatum":"1980-01-01"}`
)

func perTaal(t *testing.T, f func(t *testing.T, opdracht []string)) {
	t.Helper()
	t.Parallel()
	for taal, opdracht := range talen {
		t.Run(taal, func(t *testing.T) {
			t.Parallel()
			f(t, opdracht(t))
		})
	}
}

func TestAnExampleLogsAndThenAsks(t *testing.T) {
	perTaal(t, func(t *testing.T, opdracht []string) {
		v := startVoorbeeld(t, opdracht)
		out, _, ok := v.vraag(t, bekend)
		var antwoord struct{ Personen []map[string]string }
		if err := json.Unmarshal([]byte(out), &antwoord); err != nil || !ok || len(antwoord.Personen) != 2 || antwoord.Personen[1]["naam"] != "Voorbeeld-Proef" {
			t.Fatalf("%t: %d bytes, %v", ok, len(out), err)
		}
		vragen := v.aanbieder.gevraagd()
		if len(vragen) != 1 || vragen[0].pad != "/personen/_raadpleeg" {
			t.Fatalf("%d calls", len(vragen))
		}
		q := vragen[0]
		var body map[string]any
		if err := json.Unmarshal([]byte(q.body), &body); err != nil || len(body) != 1 || body["bsn"] != "999990019" {
			t.Errorf("the body differs: %v", err)
		}
		if len(q.gelogd) != 1 {
			t.Fatalf("%d records before the call", len(q.gelogd))
		}
		m := q.gelogd[0]
		gelijk(t, []string{"999990019 Aanvrager"}, wieErin(m))
		for k, want := range map[string]any{
			"actieNaam": "Ophalen persoonsgegevens", "verwerkingNaam": "Verhuizing", "verwerkingsactiviteitId": v.id.String(), "verwerkingsactiviteitUrl": v.url + een(v.id),
			"vertrouwelijkheid": "normaal", "bewaartermijn": "P5Y", "systeem": "Voorbeeld 1.0", "afnemerId": nil, "verwerkingIdAfnemer": nil,
		} {
			if m[k] != want {
				t.Errorf("%s is %v, want %v", k, m[k], want)
			}
		}
		for naam, want := range map[string]any{
			"OIN": anderdorp, "VerwerkingsactiviteitId": v.id.String(), "VerwerkingsactiviteitUrl": v.url + een(v.id), "VerwerkingId": m["verwerkingId"],
			"Vertrouwelijkheid": "normaal", "Bewaartermijn": "P5Y",
		} {
			if got := q.header.Values(naam); len(got) != 1 || got[0] != want {
				t.Errorf("header %s is %v, want %v", naam, got, want)
			}
		}
		if n := len(v.vanVerwerking(q.header.Get("VerwerkingId"))); n != 1 || !strings.HasPrefix(q.header.Get("Authorization"), "Bearer ey") {
			t.Errorf("%d records afterwards", n)
		}
	})
}

func TestAnExampleSearchesLogsAndThenShows(t *testing.T) {
	perTaal(t, func(t *testing.T, opdracht []string) {
		v := startVoorbeeld(t, opdracht)
		out, _, ok := v.vraag(t, zoekt)
		if !ok || !strings.Contains(out, "Voorbeeld-Proef") {
			t.Fatalf("%t, %d bytes", ok, len(out))
		}
		q := v.aanbieder.gevraagd()[0]
		if q.pad != "/personen/_zoek" || len(q.gelogd) != 0 {
			t.Errorf("%s, %d records before the call", q.pad, len(q.gelogd))
		}
		lijst := v.vanVerwerking(q.header.Get("VerwerkingId"))
		if len(lijst) != 1 || lijst[0]["actieNaam"] != "Zoeken personen" {
			t.Fatalf("%d records", len(lijst))
		}
		gelijk(t, []string{"999990019 Getoond in zoekresultaat", "999990020 Getoond in zoekresultaat"}, wieErin(lijst[0]))

		// Nobody found is an answer, and logged as well.
		v.aanbieder.antwoordt(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"personen":[]}`) })
		if _, _, ok := v.vraag(t, zoekt); !ok {
			t.Error("nobody found is no failure")
		}
		if lijst := v.vanVerwerking(v.aanbieder.gevraagd()[1].header.Get("VerwerkingId")); len(lijst) != 1 || len(wieErin(lijst[0])) != 0 {
			t.Errorf("%d records", len(lijst))
		}
	})
}

func TestAnExampleRefusesWhatTheRegisterDoesNotTake(t *testing.T) {
	perTaal(t, func(t *testing.T, opdracht []string) {
		v := startVoorbeeld(t, opdracht)
		acties := func(wat string) func(*http.Request) string {
			return func(r *http.Request) string {
				if r.Method == http.MethodPost {
					return wat
				}
				return ""
			}
		}
		// The register is away altogether, or only from when it is to take the record.
		v.draad.zet(func(*http.Request) string { return "weg" })
		v.geweigerd(t, bekend, "of het register is niet te bereiken", 0)
		v.geweigerd(t, zoekt, "of het register is niet te bereiken", 0)
		for _, wat := range []string{"weg", "bezig"} {
			v.draad.zet(acties(wat))
			v.geweigerd(t, bekend, "Dit is niet vastgelegd", 0)
		}
		// What a search found is not shown.
		v.geweigerd(t, zoekt, "Dit is niet vastgelegd", 1)
		v.draad.zet(func(*http.Request) string { return "" })

		// A record that is refused is not tried again.
		voor := v.draad.verstuurd()
		v.geweigerd(t, `{"bsn":"`+strings.Repeat("9", 41)+`"}`, "Dit is niet vastgelegd", 1)
		if n := v.draad.verstuurd() - voor; n != 1 {
			t.Errorf("a record that is wrong was sent %d times", n)
		}
	})
}

func TestAnExampleRepeatsWithoutLoggingTwice(t *testing.T) {
	perTaal(t, func(t *testing.T, opdracht []string) {
		v := startVoorbeeld(t, opdracht)
		wat := []string{"bezig", "verlies"} // busy first, then a record whose answer is lost on its way
		v.draad.zet(func(r *http.Request) (uit string) {
			if r.Method == http.MethodPost && len(wat) > 0 {
				uit, wat = wat[0], wat[1:]
			}
			return uit
		})
		if _, _, ok := v.vraag(t, bekend); !ok || v.draad.verstuurd() < 3 {
			t.Fatalf("%t after %d", ok, v.draad.verstuurd())
		}
		if q := v.aanbieder.gevraagd(); len(q) != 1 || len(q[0].gelogd) != 1 {
			t.Errorf("%d calls", len(q))
		}
	})
}

func TestAnExampleStopsWithoutDoelbindingAndAtAStrangeAnswer(t *testing.T) {
	perTaal(t, func(t *testing.T, opdracht []string) {
		v := startVoorbeeld(t, opdracht)
		elders := newAanbieder(t, v.register)
		n := 0
		for _, tc := range []struct {
			name, want string
			doe        http.HandlerFunc
		}{
			{"a refusal", "status 403", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }},
			{"another address", "status 307", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elders.URL+r.URL.Path, http.StatusTemporaryRedirect)
			}},
			{"another address, to be asked otherwise", "status 303", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elders.URL+r.URL.Path, http.StatusSeeOther)
			}},
			{"no JSON", "niet te lezen", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `999990019`) }},
			{"half an answer", "niet te lezen", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"personen":[{"bsn":"99`) }},
			{"somebody without a number", "niet te lezen", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"personen":[{"naam":"Voorbeeld"}]}`) }},
		} {
			v.aanbieder.antwoordt(tc.doe)
			n++
			v.geweigerd(t, zoekt, tc.want, n)
		}
		if len(elders.gevraagd()) != 0 {
			t.Error("a question was sent on to another address")
		}
		v.aanbieder.antwoordt(nil)
		kop, err := v.server.Activiteiten().Koppelingen(functionaris(anderdorp))
		if err != nil {
			t.Fatal(err)
		}
		if err := v.server.Activiteiten().WisKoppeling(t.Context(), functionaris(anderdorp), kop[0].ID, kop[0].Stand); err != nil {
			t.Fatal(err)
		}
		v.geweigerd(t, bekend, "Deze functie hoort bij geen verwerkingsactiviteit", n)
	})
}
