package bench

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The whole bench runs, short, on the real program: every figure comes out and nothing is refused.
func TestTheBenchMeasuresEverythingInOneRun(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "verantwoord")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "../../cmd/verantwoord")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	u, err := Run(t.Context(), Opties{Programma: program, Records: 2000, Rondes: 1, Duur: 300 * time.Millisecond, Map: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range u.Metingen {
		if m.PerS <= 0 || m.Fouten > 0 {
			t.Errorf("%s (%d): %.0f a second, %d refused", m.Naam, m.Klanten, m.PerS, m.Fouten)
		}
	}
	for _, v := range u.Verhoudingen {
		if v.Waarde <= 0 {
			t.Errorf("%s is not measured", v.Naam)
		}
	}
	if u.OpslagRecords < 2000 {
		t.Errorf("%d records in the store, want at least the 2000 of before", u.OpslagRecords)
	}
	var table, drawing strings.Builder
	if err := u.Print(&table); err != nil || !strings.Contains(table.String(), "product: bulk") {
		t.Errorf("table: %v", err)
	}
	v := *u
	v.Records = 1_000_000
	if err := Groei(&drawing, []*Uitslag{u, &v}); err != nil || !strings.Contains(drawing.String(), "1 mln") {
		t.Errorf("drawing: %v", err)
	}
}

// Two records never are the same, and each is one that the register takes in.
func TestRecordsAreValidAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 1000 {
		r := newRecord(n, 100)
		if !json.Valid(r.json) || seen[string(r.json)] || !strings.HasPrefix(r.bsn, "9999") {
			t.Fatalf("record %d", n)
		}
		seen[string(r.json)] = true
		if _, params := r.invoer().Validate(false); params != nil {
			t.Fatalf("record %d: %v", n, params)
		}
	}
}
