package activiteit_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
)

// zet allows a levering and gives its id.
func (o *opstelling) zet(l Levering) uuid.UUID {
	o.t.Helper()
	id, err := o.ZetLevering(bg, o.bea, l)
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func TestTheTablesGiveWhatHoldsOnADay(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a, straks := o.vast("Inschrijven", "2026-01-01"), o.vast("Uitschrijven", "2026-06-01")
	eindig := o.vast("Tellen", "2026-01-01")
	if err := o.StelVast(bg, o.bea, eindig.ID, eindig.Stand, Vaststelling{Ingangsdatum: "2026-02-01", Einddatum: "2026-03-31", Reden: "Houdt op."}); err == nil {
		t.Fatal("a version without a concept")
	}
	if err := o.Wijzig(bg, o.bea, eindig.ID, eindig.Stand, volledig("Tellen")); err != nil {
		t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, eindig.ID, eindig.Stand+1, Vaststelling{Ingangsdatum: "2026-02-01", Einddatum: "2026-03-31", Reden: "Houdt op."}); err != nil {
		t.Fatal(err)
	}
	concept, err := o.Begin(bg, o.bea, volledig("Concept"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []Koppeling{
		{Applicatie: "balie", Functie: "uit", Activiteit: straks.ID}, {Applicatie: "balie", Functie: "in", Activiteit: a.ID},
		{Applicatie: "balie", Functie: "tel", Activiteit: eindig.ID}, {Applicatie: "balie", Functie: "concept", Activiteit: concept},
		{Applicatie: "loket", Functie: "in", Activiteit: a.ID},
	} {
		if _, err := o.ZetKoppeling(bg, o.bea, k); err != nil {
			t.Fatal(err)
		}
	}
	o.zet(Levering{Afnemer: buurman, Gegevensset: "personen", Doel: "z", Activiteit: a.ID})
	o.zet(Levering{Afnemer: buurman, Gegevensset: "personen", Doel: "a", Activiteit: a.ID, Van: "2026-02-01", Tot: "2026-04-30"})
	o.zet(Levering{Afnemer: buurman, Gegevensset: "adressen", Doel: "a", Activiteit: eindig.ID, Tot: "2026-12-31"})
	o.zet(Levering{Afnemer: gemeente, Gegevensset: "personen", Doel: "a", Activiteit: straks.ID})
	o.zet(Levering{Afnemer: gemeente, Gegevensset: "personen", Doel: "c", Activiteit: concept})

	for _, tc := range []struct {
		dag                  Datum
		functies, leveringen []string
		personen, loket      int
		buren, hoofdletters  int
	}{
		{"2025-12-31", nil, nil, 0, 0, 0, 0},
		{"2026-01-01", []string{"in 2026-01-01/", "tel 2026-01-01/"}, []string{"adressen a 2026-01-01/2026-12-31", "personen z 2026-01-01/"}, 1, 1, 0, 0},
		{"2026-02-01", []string{"in 2026-01-01/", "tel 2026-02-01/2026-03-31"},
			[]string{"adressen a 2026-02-01/2026-03-31", "personen a 2026-02-01/2026-04-30", "personen z 2026-01-01/"}, 2, 1, 0, 0},
		{"2026-04-01", []string{"in 2026-01-01/"}, []string{"personen a 2026-02-01/2026-04-30", "personen z 2026-01-01/"}, 2, 1, 0, 0},
		{"2026-05-01", []string{"in 2026-01-01/"}, []string{"personen z 2026-01-01/"}, 1, 1, 0, 0},
		{"2026-06-01", []string{"in 2026-01-01/", "uit 2026-06-01/"}, []string{"personen a 2026-06-01/", "personen z 2026-01-01/"}, 2, 1, 0, 0},
	} {
		t.Run(string(tc.dag), func(t *testing.T) {
			var functies, leveringen []string
			for _, f := range o.FunctiesOp(gemeente, "balie", tc.dag) {
				van, tot := f.Periode()
				functies = append(functies, fmt.Sprintf("%s %s/%s", f.Functie, van, tot))
			}
			for _, l := range o.LeveringenOp(gemeente, "", tc.dag) {
				van, tot := l.Periode()
				leveringen = append(leveringen, fmt.Sprintf("%s %s %s/%s", l.Gegevensset, l.Doel, van, tot))
			}
			if d := cmp.Diff([][]string{tc.functies, tc.leveringen}, [][]string{functies, leveringen}); d != "" {
				t.Error(d)
			}
			got := [4]int{len(o.LeveringenOp(gemeente, "personen", tc.dag)), len(o.FunctiesOp(gemeente, "loket", tc.dag)),
				len(o.LeveringenOp(buurman, "", tc.dag)), len(o.FunctiesOp(gemeente, "Balie", tc.dag))}
			if want := [4]int{tc.personen, tc.loket, tc.buren, tc.hoofdletters}; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestAnIDAsPurposeIsOnePurposeHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	o.zet(Levering{Afnemer: buurman, Gegevensset: "personen", Doel: "C5B9F4E7-8C79-41B9-91E2-6268419CB167", Activiteit: a.ID})
	if _, err := o.LeveringVoor(gemeente, buurman, "personen", "c5b9f4e7-8c79-41b9-91e2-6268419cb167", o.nu()); err != nil {
		t.Error(err)
	}
	if _, err := o.ZetLevering(bg, o.bea, Levering{Afnemer: buurman, Gegevensset: "personen", Doel: "c5b9f4e7-8c79-41b9-91e2-6268419cb167", Activiteit: a.ID}); len(paden(err)) != 1 {
		t.Errorf("a second row for the same purpose: %v", err)
	}
}
