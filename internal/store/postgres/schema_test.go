package postgres

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// volgende is a version of the program with one step more; it could not run twice.
var volgende = append(slices.Clone(stappen), stap{"proef", `ALTER TABLE versie ADD COLUMN proef integer;
	CREATE TABLE proef(nr integer PRIMARY KEY); INSERT INTO proef VALUES(1)`})

func TestNodesThatStartAtOnceMigrateOnceAndMakeEachOrganisationOnce(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	var oins []string
	for i := range 10 {
		oins = append(oins, fmt.Sprintf("000000990000000001%02d", i))
	}
	var wg sync.WaitGroup
	nodes := make([]*Store, 4)
	for i := range nodes {
		wg.Go(func() {
			o := opties(t)
			o.stappen, o.Organisaties = volgende, append(slices.Clone(oins[i:]), oins[:i]...)
			s, err := Open(bg, url, o)
			if err != nil {
				t.Error(err)
				return
			}
			opruimen.Na(t, func() { s.Close() })
			nodes[i] = s
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	nrs := map[int32]bool{}
	for _, oin := range oins {
		for _, s := range nodes[1:] {
			if s.organisaties[oin].nr != nodes[0].organisaties[oin].nr {
				t.Error("an organisation has two numbers")
			}
		}
		nrs[nodes[0].organisaties[oin].nr] = true
		must(t, nodes[1], storetest.Nieuw(oin))
	}
	if len(nrs) != len(oins) {
		t.Errorf("%d numbers for %d organisations", len(nrs), len(oins))
	}
}

func TestAnOlderNodeGoesOnWhileANewerOneMigrates(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	old := open(t, url, opties(t))
	w := newWerker(1, storetest.A, storetest.B)
	work := func(s *Store) {
		t.Helper()
		for range 10 { // so that statements are prepared, and have a plan of their own
			if err := w.append(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	work(old)
	if namen, err := Plan(bg, url); err != nil || len(namen) > 0 {
		t.Errorf("steps %v are left: %v", namen, err)
	}
	o := opties(t)
	o.stappen = volgende
	newer := open(t, url, o)
	for range 3 {
		work(newer)
		work(old)
	}
	if len(w.mislukt) > 0 {
		t.Errorf("%d units refused", len(w.mislukt))
	}
	w.check(t, readLogs(t, old))

	// Once more on what is there already, and then by a program that does not know it.
	open(t, url, o)
	for what, err := range map[string]error{
		"Open": func() error { _, err := Open(bg, url, opties(t)); return err }(),
		"Plan": func() error { _, err := Plan(bg, url); return err }(),
	} {
		if !errors.Is(err, fout.NietBeschikbaar) || !strings.Contains(err.Error(), "nieuwere versie van Verantwoord") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestPlanNamesTheStepsAndTakesNone(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	for range 2 {
		namen, err := Plan(bg, url)
		if d := cmp.Diff(append([]string{"logboek", "logboek, merken"}, kamer.Stappen()...), namen); err != nil || d != "" {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
	}
}

func TestAStepThatFailsLeavesNothingAndIsTakenAgain(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	o := opties(t)
	o.stappen = append(slices.Clone(stappen), stap{"kapot", `CREATE TABLE proef(nr integer PRIMARY KEY); SELECT 1/0`})
	if _, err := Open(bg, url, o); err == nil || !strings.Contains(err.Error(), "version 3 (kapot)") {
		t.Fatalf("got %v", err)
	}
	o.stappen = volgende
	must(t, open(t, url, o), storetest.Nieuw(storetest.A))
}

func TestAnAddressThatLeadsNowhereIsToldWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://wie:geheim@127.0.0.1:1/register", "postgres://wie:geheim@127.0.0.1:geen-poort/register", "host=/nergens password=geheim user=wie",
	} {
		_, err := Open(bg, url, Opties{})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("got %v", err)
		}
	}
}
