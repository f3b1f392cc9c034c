package telemetry

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// roep calls every method once with these words.
func roep(m *Metrics, woord string) {
	m.Inname(woord, 1)
	m.Geweigerd(fout.Code(woord))
	m.Vraag(woord, woord)
	m.Gelezen(woord, 2)
	m.Wachtrij(3)
	m.WachtrijMaximum(5)
	m.Commit(7, time.Millisecond)
	m.IndexAchterstand(func() int { return 11 })
	m.HTTP(woord, woord, 200, time.Millisecond)
	m.Aanmelding(woord)
	m.Code(woord)
	m.Post(woord)
	m.PostWachtend(func() (int64, time.Duration) { return 2, time.Minute })
	m.Sessies(13)
	m.Veranderd()
	m.Checkpoint("00000099123456780000", woord, 17, time.Unix(1_800_000_000, 0), true)
	m.Nagekeken("00000099123456780000", time.Unix(1_800_000_000, 0), time.Unix(1_700_000_000, 0), 3)
	m.Getuige("00000099123456780000", woord, 1, time.Unix(1_800_000_000, 0), true)
}

// lees gives what an operator sees.
func lees(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatIsCalledIsWhatIsShown(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1.2.3", "onbekende_client")
	m.Inname("POST", 2)
	m.Inname("PATCH", 40)
	m.Geweigerd(fout.CodeNietBeschikbaar)
	m.Geweigerd("onbekende_client")
	m.Vraag("inzage", "lijst")
	m.Gelezen("rows", 50)
	m.Gelezen("find", 0)
	m.Wachtrij(3)
	m.WachtrijMaximum(8192)
	m.Commit(64, 3*time.Millisecond)
	m.IndexAchterstand(func() int { return 11 })
	m.HTTP("bewerking", "POST", 201, 2*time.Millisecond)
	m.Aanmelding("gelukt")
	m.Code("fout")
	m.Post("mislukt")
	m.PostWachtend(func() (int64, time.Duration) { return 2, time.Minute })
	m.Sessies(13)
	got := lees(t, m)
	for _, want := range []string{
		`verantwoord_inname_totaal{operatie="POST"} 2`,
		`verantwoord_inname_totaal{operatie="PATCH"} 40`,
		`verantwoord_inname_totaal{operatie="DELETE"} 0`,
		`verantwoord_geweigerd_totaal{reden="niet_beschikbaar"} 1`,
		`verantwoord_geweigerd_totaal{reden="permission_denied"} 0`,
		`verantwoord_geweigerd_totaal{reden="onbekende_client"} 1`,
		`verantwoord_vragen_totaal{api="inzage",functie="lijst"} 1`,
		`verantwoord_opslag_vragen_totaal{vraag="rows"} 1`,
		`verantwoord_opslag_vragen_totaal{vraag="find"} 1`,
		`verantwoord_opslag_vragen_totaal{vraag="latest"} 0`,
		`verantwoord_opslag_versies_totaal 50`,
		`verantwoord_wachtrij_records 3`,
		`verantwoord_wachtrij_maximum 8192`,
		`verantwoord_groep_records_sum 64`,
		`verantwoord_commit_seconden_sum 0.003`,
		`verantwoord_index_achterstand_records 11`,
		`verantwoord_http_seconden_count{api="bewerking",methode="POST",status="201"} 1`,
		`verantwoord_aanmeldingen_totaal{uitkomst="gelukt"} 1`,
		`verantwoord_aanmeldingen_totaal{uitkomst="geblokkeerd"} 0`,
		`verantwoord_codes_totaal{uitkomst="fout"} 1`,
		`verantwoord_post_totaal{stand="mislukt"} 1`,
		`verantwoord_post_wachtend 2`,
		`verantwoord_post_oudste_seconden 60`,
		`verantwoord_sessies 13`,
		`versie="1.2.3"} 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
}

func TestALabelNeverHoldsAWordFromARequest(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	roep(m, "2308572")
	m.HTTP("bewerking", "GET", 2308572, time.Millisecond)
	got := lees(t, m)
	if strings.Contains(got, "2308572") {
		t.Error("an unknown word became a label")
	}
	if !strings.Contains(got, `verantwoord_http_seconden_count{api="overig",methode="overig",status="200"} 1`) {
		t.Error("the unknown word is not counted as overig")
	}
}

func TestACodeThatIsOnItsWayIsNotShown(t *testing.T) {
	t.Parallel()
	for oudste, want := range map[time.Duration]string{0: "0", 29 * time.Second: "0", 30 * time.Second: "1"} {
		m := NewMetrics("1")
		m.PostWachtend(func() (int64, time.Duration) { return 1, oudste })
		if got := lees(t, m); !strings.Contains(got, "verantwoord_post_wachtend "+want+"\n") {
			t.Errorf("a mail that waits for %v is not shown as %s", oudste, want)
		}
	}
}

func TestNilMeasuresNothing(t *testing.T) {
	t.Parallel()
	var m *Metrics
	roep(m, "POST")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

func TestEveryErrorCodeIsAReason(t *testing.T) {
	t.Parallel()
	bron, err := os.ReadFile("../fout/fout.go")
	if err != nil {
		t.Fatal(err)
	}
	gevonden := regexp.MustCompile(`(?m)^\s+Code\w+\s+(?:Code )?= "(\w+)"`).FindAllStringSubmatch(string(bron), -1)
	if len(gevonden) != len(codes) {
		t.Errorf("%d codes, %d reasons", len(gevonden), len(codes))
	}
	for _, c := range gevonden {
		if !slices.Contains(codes, fout.Code(c[1])) {
			t.Errorf("%s is not counted by its own name", c[1])
		}
	}
}

// metriek is a row of the table for operators.
type metriek struct{ Naam, Soort, Labels string }

func TestTheTableForOperatorsIsWhatIsRegistered(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/beheer/metrieken.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []metriek
	for _, r := range regexp.MustCompile("(?m)^\\| `(verantwoord_\\w+)` \\| (\\S+) \\| (.*?) \\|").FindAllStringSubmatch(string(doc), -1) {
		want = append(want, metriek{r[1], r[2], strings.ReplaceAll(r[3], "`", "")})
	}

	m := NewMetrics("1")
	roep(m, "POST")
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []metriek
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "verantwoord_") {
			continue
		}
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		slices.Sort(labels)
		got = append(got, metriek{f.GetName(), strings.ToLower(f.GetType().String()), strings.Join(labels, ", ")})
	}
	op := func(a, b metriek) int { return strings.Compare(a.Naam, b.Naam) }
	slices.SortFunc(want, op)
	slices.SortFunc(got, op)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the table (-) and the registry (+) differ:\n%s", d)
	}

	// A metric that was never touched is not gathered: each registered one must be among them.
	beschreven := make(chan *prometheus.Desc)
	go func() { m.registry.Describe(beschreven); close(beschreven) }()
	for d := range beschreven {
		naam := regexp.MustCompile(`fqName: "(\w+)"`).FindStringSubmatch(d.String())
		if strings.HasPrefix(naam[1], "verantwoord_") && !slices.ContainsFunc(got, func(m metriek) bool { return m.Naam == naam[1] }) {
			t.Errorf("%s is registered and no test touches it", naam[1])
		}
	}
}

func TestTheLoggerWritesJSONFromItsLevelOn(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	l := New(&b, slog.LevelWarn)
	l.Info("not this")
	l.Warn("this", "records", 3)
	if got := b.String(); strings.Contains(got, "not this") || !strings.Contains(got, `"level":"WARN","msg":"this","records":3}`) {
		t.Errorf("got %s", got)
	}
}
