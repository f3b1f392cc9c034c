package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func geenKamers(kamer.Opslag) error { return nil }

func inspect(t *testing.T, dir string) *Inspectie {
	t.Helper()
	in, err := Inspect(bg, dir, time.Minute, geenKamers)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestInspectTellsOfAStoreThatNobodyUses(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	if in := inspect(t, dir); in.Bestaat || in.Omvang != 0 || len(in.Stappen) != 4 {
		t.Errorf("of a store that is not there: %+v", in)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
	s := open(t, dir, opties(t))
	must(t, s, storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.B))
	if err := s.BewaarVingerafdrukken(bg, storetest.A, map[string]string{"handle-1": "abc"}); err != nil {
		t.Fatal(err)
	}
	if in := inspect(t, dir); !in.Bestaat || !in.InGebruik || in.Omvang == 0 || in.Versies != 0 {
		t.Errorf("of a store that is open: %+v", in)
	}
	laatste := max(s.organisaties[storetest.A].laatste, s.organisaties[storetest.B].laatste)
	shut(t, s)

	want := &Inspectie{
		Bestaat: true, Stappen: []string{}, Versies: 3, Laatste: time.UnixMicro(laatste),
		Vingerafdrukken: map[string]map[string]string{storetest.A: {"handle-1": "abc"}, storetest.B: {}},
	}
	got := inspect(t, dir)
	want.Omvang = got.Omvang
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".db" && e.Name() != slotBestand {
			t.Errorf("%s was left behind", e.Name())
		}
	}
	open(t, dir, opties(t)) // and it opens as before
}

// After a crash the newest versions are in the write-ahead log alone, and the index has not seen them.
func TestInspectReadsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	dir, crashed := t.TempDir(), t.TempDir()
	o := opties(t)
	o.stil = time.Hour // the index stays behind
	s := open(t, dir, o)
	must(t, s, storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.A))
	for _, naam := range []string{logBestand, logBestand + "-wal", indexBestand, indexBestand + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, naam))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(crashed, naam), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if in := inspect(t, crashed); in.Versies != 2 || in.Achterstand != 2 || in.Oordeel != "" {
		t.Errorf("got %+v", in)
	}
	for _, naam := range []string{indexBestand, indexBestand + "-wal"} {
		if err := os.Remove(filepath.Join(crashed, naam)); err != nil {
			t.Fatal(err)
		}
	}
	if in := inspect(t, crashed); in.Achterstand != 2 {
		t.Errorf("without an index: %+v", in)
	}
}

func TestInspectStopsInTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shut(t, open(t, dir, opties(t)))
	in, err := Inspect(bg, dir, -1, geenKamers)
	if err != nil || !in.Onvoltooid || in.Oordeel != "" {
		t.Errorf("%+v, %v", in, err)
	}
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := Inspect(ctx, dir, time.Minute, geenKamers); err == nil {
		t.Error("a call that was cancelled gives an answer")
	}
}
