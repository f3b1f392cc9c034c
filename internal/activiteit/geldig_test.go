package activiteit_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
)

func versie(nummer int, van, tot Datum) Versie {
	return Versie{Nummer: nummer, Ingangsdatum: van, Einddatum: tot}
}

func TestTheVersionThatHoldsIsTheOneThatBeganLast(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		naam    string
		versies []Versie
		op      Datum
		want    int // 0: none
	}{
		{"without versions nothing holds", nil, "2026-01-01", 0},
		{"before the first day nothing holds", []Versie{versie(1, "2026-01-01", "")}, "2025-12-31", 0},
		{"on the first day it holds", []Versie{versie(1, "2026-01-01", "")}, "2026-01-01", 1},
		{"without an end it holds for ever", []Versie{versie(1, "2026-01-01", "")}, "9998-01-01", 1},
		{"on the last day it holds", []Versie{versie(1, "2026-01-01", "2026-06-30")}, "2026-06-30", 1},
		{"the day after the last it does not", []Versie{versie(1, "2026-01-01", "2026-06-30")}, "2026-07-01", 0},
		{"the next takes over on its first day", []Versie{versie(1, "2026-01-01", ""), versie(2, "2026-03-01", "")}, "2026-03-01", 2},
		{"the one before holds until then", []Versie{versie(1, "2026-01-01", ""), versie(2, "2026-03-01", "")}, "2026-02-28", 1},
		{"one that fills in the past does not replace a later one", []Versie{versie(1, "2026-03-01", ""), versie(2, "2026-01-01", "")}, "2026-04-01", 1},
		{"and holds in the past", []Versie{versie(1, "2026-03-01", ""), versie(2, "2026-01-01", "")}, "2026-02-01", 2},
		{"of the same day the last made corrects the others", []Versie{versie(1, "2026-01-01", ""), versie(2, "2026-01-01", "")}, "2026-01-01", 2},
		{"an end that came later ends it", []Versie{versie(1, "2026-01-01", ""), versie(2, "2026-01-01", "2026-02-01")}, "2026-02-02", 0},
		{"an end that was taken back ends nothing", []Versie{versie(1, "2026-01-01", "2026-02-01"), versie(2, "2026-01-01", "")}, "2026-02-02", 2},
		{"after a gap the next holds", []Versie{versie(1, "2026-01-01", "2026-02-01"), versie(2, "2026-03-01", "")}, "2026-03-01", 2},
		{"in the gap nothing does", []Versie{versie(1, "2026-01-01", "2026-02-01"), versie(2, "2026-03-01", "")}, "2026-02-15", 0},
		{"what has ended is not taken over by an older one", []Versie{versie(1, "2020-01-01", ""), versie(2, "2026-01-01", "2026-01-31")}, "2026-02-01", 0},
	} {
		a := &Activiteit{Versies: p.versies}
		v, ok := a.GeldigOp(p.op)
		if ok != (p.want > 0) || ok && v.Nummer != p.want || !ok && v != nil {
			t.Errorf("%s: got %v %+v, want %d", p.naam, ok, v, p.want)
		}
	}
}

func TestHowAnActivityStandsOnADay(t *testing.T) {
	t.Parallel()
	a := &Activiteit{Versies: []Versie{versie(1, "2026-01-01", "2026-02-01"), versie(2, "2026-03-01", "2026-04-01")}}
	for op, want := range map[Datum]string{
		"2025-12-31": StandToekomstig, "2026-01-01": StandGeldig, "2026-02-15": StandToekomstig, "2026-04-01": StandGeldig, "2026-04-02": StandVerlopen,
	} {
		if got := a.StandOp(op); got != want {
			t.Errorf("on %s: %s, want %s", op, got, want)
		}
	}
	if got := (&Activiteit{Concept: &Concept{}}).StandOp("2026-01-01"); got != StandConcept {
		t.Errorf("a concept: %s", got)
	}
}

func TestADayIsThatOfAmsterdam(t *testing.T) {
	t.Parallel()
	for moment, want := range map[string]Datum{
		"2026-03-01T22:59:59Z": "2026-03-01", "2026-03-01T23:00:00Z": "2026-03-02", "2026-07-01T21:59:59Z": "2026-07-01", "2026-07-01T22:00:00Z": "2026-07-02",
	} {
		op, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := DatumVan(op); got != want {
			t.Errorf("%s is %s, want %s", moment, got, want)
		}
	}
}

func dag() *rapid.Generator[Datum] {
	return rapid.Custom(func(t *rapid.T) Datum {
		n := rapid.IntRange(0, 40).Draw(t, "dag")
		return Datum(time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	})
}

// The simplest way to say which version holds: walk through the versions in the order in which they began, and let each
// of them decide on every day from its first on.
func TestVersionsResolveByMomentAsOneByOneWould(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &Activiteit{}
		for n := range rapid.IntRange(0, 8).Draw(t, "aantal") {
			v := versie(n+1, dag().Draw(t, "van"), "")
			if rapid.Bool().Draw(t, "eindig") {
				v.Einddatum = max(v.Ingangsdatum, dag().Draw(t, "tot"))
			}
			a.Versies = append(a.Versies, v)
		}
		volgorde := slices.Clone(a.Versies)
		slices.SortStableFunc(volgorde, func(v, w Versie) int { // stable: of one day the last made comes last
			switch {
			case v.Ingangsdatum < w.Ingangsdatum:
				return -1
			case v.Ingangsdatum > w.Ingangsdatum:
				return 1
			}
			return 0
		})
		for n := range 60 {
			op := Datum(time.Date(2025, 12, 25+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			want := 0
			for _, v := range volgorde {
				if v.Ingangsdatum <= op {
					want = v.Nummer
					if v.Einddatum != "" && op > v.Einddatum {
						want = 0
					}
				}
			}
			got := 0
			if v, ok := a.GeldigOp(op); ok {
				got = v.Nummer
			}
			if got != want {
				t.Fatalf("on %s %d holds, want %d, of %+v", op, got, want, a.Versies)
			}
		}
	})
}

// What was decided about a day is not undone by a version that begins later.
func TestALaterVersionLeavesTheDaysBeforeItAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &Activiteit{}
		for n := range rapid.IntRange(1, 6).Draw(t, "aantal") {
			a.Versies = append(a.Versies, versie(n+1, dag().Draw(t, "van"), ""))
		}
		nieuw := versie(len(a.Versies)+1, dag().Draw(t, "nieuw"), "")
		b := &Activiteit{Versies: append(slices.Clone(a.Versies), nieuw)}
		op := dag().Draw(t, "op")
		v, voor := a.GeldigOp(op)
		w, na := b.GeldigOp(op)
		if op < nieuw.Ingangsdatum && (voor != na || voor && v.Nummer != w.Nummer) {
			t.Fatalf("%s changed by a version of %s", op, nieuw.Ingangsdatum)
		}
		if !na && voor {
			t.Fatalf("nothing holds on %s any more", op)
		}
	})
}
