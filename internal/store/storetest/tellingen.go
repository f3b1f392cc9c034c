package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/toezicht"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// TelKnoop is a process that writes the log and counts it.
type TelKnoop struct {
	Log    verwerkingenlog.Store
	Opslag toezicht.Opslag
}

func (k TelKnoop) teller() *toezicht.Teller {
	return toezicht.NewTeller(k.Log, k.Opslag, []string{A, B}, func(error) {})
}

// RunTellingen holds an engine to toezicht.Opslag, and a Teller to the log. open gives two processes on one empty store; an
// engine of one process gives the same twice.
func RunTellingen(t *testing.T, open func(testing.TB) (een, ander TelKnoop)) {
	for naam, f := range map[string]func(t *testing.T, een, ander TelKnoop){
		"a record counts by its newest version, and not when vervallen": telWijzigingen,
		"nothing is counted twice by processes that count at once":      telSamen,
		"who comes late adds nothing":                                   telTeLaat,
		"organisations are counted apart, and an unknown one not":       telApart,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			f(t, een, ander)
		})
	}
}

// telRij is a version of an actie that names an activity at a moment.
func telRij(oin string, actie uuid.UUID, nummer uint32, activiteit uuid.UUID, op time.Time) *verwerkingenlog.Rij {
	r := Rij(oin, actie, nummer)
	r.Activiteit, r.Tijdstip = activiteit, op.UnixMicro()
	return r
}

func tel(id uuid.UUID, dag activiteit.Datum, n int64) toezicht.Telling {
	return toezicht.Telling{Activiteit: id, Dag: dag, Aantal: n}
}

func schrijf(t *testing.T, k TelKnoop, rijen ...*verwerkingenlog.Rij) {
	t.Helper()
	for _, r := range rijen {
		e := Eenheid(r.Bewijs.OIN, r)
		if err := errors.Join(k.Log.Append(bg, []*verwerkingenlog.Eenheid{e}), e.Err); err != nil {
			t.Fatal(err)
		}
	}
}

// tellingen are the counts of an organisation, once counted.
func tellingen(t *testing.T, k TelKnoop, oin string) []toezicht.Telling {
	t.Helper()
	if err := k.teller().Tel(bg, oin); err != nil {
		t.Fatal(err)
	}
	uit, err := k.Opslag.Tellingen(bg, oin, "")
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(uit, func(a, b toezicht.Telling) int {
		return strings.Compare(a.Activiteit.String()+string(a.Dag), b.Activiteit.String()+string(b.Dag))
	})
	return uit
}

func telWijzigingen(t *testing.T, een, ander TelKnoop) {
	een1, twee := uuid.UUID{1}, uuid.UUID{2}
	// Just before midnight in Amsterdam, and an hour later.
	avond := time.Date(2026, 3, 1, 22, 30, 0, 0, time.UTC)
	nacht := avond.Add(time.Hour)
	a, b, c, d := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	schrijf(t, een, telRij(A, a, 1, een1, avond), telRij(A, b, 1, een1, avond), telRij(A, c, 1, uuid.Nil, avond), telRij(A, d, 1, een1, nacht))
	want := []toezicht.Telling{tel(uuid.Nil, "2026-03-01", 1), tel(een1, "2026-03-01", 2), tel(een1, "2026-03-02", 1)}
	if diff := cmp.Diff(want, tellingen(t, een, A)); diff != "" {
		t.Fatalf("new ones (-want +got):\n%s", diff)
	}

	weg := telRij(A, b, 2, een1, avond)
	weg.Staat = weg.Staat.Expire()
	Seal(A, weg)
	schrijf(t, een, telRij(A, a, 2, twee, avond), weg, telRij(A, c, 2, een1, nacht), telRij(A, c, 3, twee, avond))
	want = []toezicht.Telling{tel(een1, "2026-03-02", 1), tel(twee, "2026-03-01", 2)}
	if diff := cmp.Diff(want, tellingen(t, ander, A)); diff != "" {
		t.Fatalf("corrected, vervallen and corrected twice (-want +got):\n%s", diff)
	}
	laat, err := ander.Opslag.Tellingen(bg, A, "2026-03-02")
	if err != nil || len(laat) != 1 {
		t.Errorf("from a day on: %v, %v", laat, err)
	}
}

func telSamen(t *testing.T, een, ander TelKnoop) {
	activiteiten := []uuid.UUID{{1}, {2}, {3}}
	want := map[uuid.UUID]int64{}
	for range 12 {
		eenheden := make([]*verwerkingenlog.Eenheid, 200)
		for i := range eenheden {
			id := activiteiten[rand.IntN(len(activiteiten))]
			want[id]++
			eenheden[i] = Eenheid(A, telRij(A, uuid.New(), 1, id, Start))
		}
		if err := een.Log.Append(bg, eenheden); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for _, k := range []TelKnoop{een, ander, een, ander} {
		wg.Go(func() {
			for range 5 {
				if err := k.teller().Tel(bg, A); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := map[uuid.UUID]int64{}
	for _, n := range tellingen(t, een, A) {
		got[n.Activiteit] += n.Aantal
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if stand, err := ander.Opslag.Stand(bg, A); err != nil || stand != 2400 {
		t.Errorf("%d leaves counted: %v", stand, err)
	}
}

func telTeLaat(t *testing.T, een, ander TelKnoop) {
	n := []toezicht.Telling{tel(uuid.UUID{1}, "2026-03-01", 3)}
	if err := een.Opslag.Tel(bg, A, 0, 3, n); err != nil {
		t.Fatal(err)
	}
	if err := ander.Opslag.Tel(bg, A, 0, 3, n); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("counted again: %v", err)
	}
	uit, err := een.Opslag.Tellingen(bg, A, "")
	if diff := cmp.Diff(n, uit); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func telApart(t *testing.T, een, _ TelKnoop) {
	schrijf(t, een, telRij(A, uuid.New(), 1, uuid.UUID{1}, Start), telRij(B, uuid.New(), 1, uuid.UUID{2}, Start))
	for oin, id := range map[string]uuid.UUID{A: {1}, B: {2}} {
		if diff := cmp.Diff([]toezicht.Telling{tel(id, activiteit.DatumVan(Start), 1)}, tellingen(t, een, oin)); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := een.Opslag.Stand(bg, "00000099000000000009"); err == nil {
		t.Error("an unknown organisation has a stand")
	}
	if err := een.Opslag.Tel(bg, "00000099000000000009", 0, 1, nil); err == nil {
		t.Error("an unknown organisation was counted")
	}
}
