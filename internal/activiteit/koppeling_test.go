package activiteit_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestAFunctionBelongsToOneActivity(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a, b := o.vast("Inschrijven", "2026-01-01"), o.vast("Uitschrijven", "2026-01-01")
	_, err := o.ActiviteitVan(gemeente, "balie", "inschrijven", o.nu())
	geweigerd(t, err, fout.CodeGeenDoelbinding)
	id, err := o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: " balie ", Functie: "inschrijven", Activiteit: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.ActiviteitVan(gemeente, "balie", "inschrijven", o.nu()); err != nil || got != a.ID {
		t.Errorf("%v %v", got, err)
	}
	for naam, p := range map[string][2]string{"another function": {"balie", "uitschrijven"}, "another application": {"loket", "inschrijven"}, "in capitals": {"Balie", "inschrijven"}} {
		if _, err := o.ActiviteitVan(gemeente, p[0], p[1], o.nu()); !errors.Is(err, fout.GeenDoelbinding) {
			t.Errorf("%s: %v", naam, err)
		}
	}
	if _, err := o.ActiviteitVan(buurman, "balie", "inschrijven", o.nu()); !errors.Is(err, fout.GeenDoelbinding) {
		t.Errorf("of another organisation: %v", err)
	}
	if _, err := o.ActiviteitVan(gemeente, "balie", "inschrijven", o.nu().AddDate(-1, 0, 0)); !errors.Is(err, fout.GeenDoelbinding) {
		t.Errorf("before the activity began: %v", err)
	}
	_, err = o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: "balie", Functie: "inschrijven", Activiteit: b.ID})
	if got := paden(err); !slices.Equal(got, []string{"functie unique"}) {
		t.Errorf("twice: %v", err)
	}
	if _, err := o.ZetKoppeling(bg, o.bea, Koppeling{ID: id, Stand: 1, Applicatie: "balie", Functie: "inschrijven", Activiteit: b.ID}); err != nil {
		t.Fatal(err)
	}
	_, err = o.ZetKoppeling(bg, o.bea, Koppeling{ID: id, Stand: 1, Applicatie: "balie", Functie: "inschrijven", Activiteit: a.ID})
	geweigerd(t, err, fout.CodeGelijktijdig)
	if got, err := o.ActiviteitVan(gemeente, "balie", "inschrijven", o.nu()); err != nil || got != b.ID {
		t.Errorf("%v %v", got, err)
	}
	_, err = o.ZetKoppeling(bg, o.bea, Koppeling{Activiteit: uuid.New()})
	if got := paden(err); !slices.Equal(got, []string{"activiteit invalid_choice", "applicatie required", "functie required"}) {
		t.Errorf("%v", got)
	}
	if _, err := o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: "Archief", Functie: "a", Activiteit: a.ID}); err != nil {
		t.Fatal(err)
	}
	if l, err := o.Koppelingen(o.bea); err != nil || len(l) != 2 || l[0].Applicatie != "Archief" || l[1].Stand != 2 {
		t.Errorf("%+v %v", l, err)
	}
	geweigerd(t, o.WisKoppeling(bg, o.bea, id, 1), fout.CodeGelijktijdig)
	if err := o.WisKoppeling(bg, o.bea, id, 2); err != nil {
		t.Fatal(err)
	}
	_, err = o.ActiviteitVan(gemeente, "balie", "inschrijven", o.nu())
	geweigerd(t, err, fout.CodeGeenDoelbinding)
	geweigerd(t, o.WisKoppeling(bg, o.bea, id, 2), fout.CodeNietGevonden)
}

func TestAConceptAllowsNothing(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.Begin(bg, o.bea, volledig("Concept"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: "balie", Functie: "f", Activiteit: id}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ZetLevering(bg, o.bea, Levering{Afnemer: buurman, Gegevensset: "adres", Doel: "d", Activiteit: id}); err != nil {
		t.Fatal(err)
	}
	_, err = o.ActiviteitVan(gemeente, "balie", "f", o.nu())
	geweigerd(t, err, fout.CodeGeenDoelbinding)
	_, err = o.LeveringVoor(gemeente, buurman, "adres", "d", o.nu())
	geweigerd(t, err, fout.CodeGeenDoelbinding)
}

func TestADeliveryIsAllowedOnItsDays(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Verstrekken", "2020-01-01")
	l := Levering{Afnemer: buurman, Gegevensset: "adres", Doel: "verhuizing", Activiteit: a.ID, Van: "2026-01-01", Tot: "2026-06-30"}
	id, err := o.ZetLevering(bg, o.bea, l)
	if err != nil {
		t.Fatal(err)
	}
	op := func(dag string) time.Time {
		d, err := time.Parse(time.DateOnly, dag)
		if err != nil {
			t.Fatal(err)
		}
		return d.Add(12 * time.Hour)
	}
	for dag, want := range map[string]bool{"2025-12-31": false, "2026-01-01": true, "2026-06-30": true, "2026-07-01": false} {
		got, err := o.LeveringVoor(gemeente, buurman, "adres", "verhuizing", op(dag))
		if (err == nil) != want || want && got.ID != id || err != nil && !errors.Is(err, fout.GeenDoelbinding) {
			t.Errorf("on %s: %+v %v", dag, got, err)
		}
	}
	for naam, p := range map[string][4]string{
		"of another organisation": {buurman, buurman, "adres", "verhuizing"}, "to another": {gemeente, gemeente, "adres", "verhuizing"},
		"of other data": {gemeente, buurman, "inkomen", "verhuizing"}, "for another purpose": {gemeente, buurman, "adres", "reclame"},
	} {
		if _, err := o.LeveringVoor(p[0], p[1], p[2], p[3], op("2026-02-01")); !errors.Is(err, fout.GeenDoelbinding) {
			t.Errorf("%s: %v", naam, err)
		}
	}
	for _, p := range []struct {
		naam     string
		van, tot Datum
		want     bool
	}{
		{"the day after", "2026-07-01", "2026-12-31", true}, {"the last day too", "2026-06-30", "2026-06-30", false}, {"within", "2026-02-01", "2026-02-02", false},
		{"around", "", "", false}, {"from before without an end", "2025-01-01", "", false}, {"until the day before", "", "2025-12-31", true},
		{"without an end, after all", "2027-01-01", "", true}, {"beside one without an end", "2030-01-01", "2030-01-01", false},
	} {
		m := l
		m.Van, m.Tot = p.van, p.tot
		_, err := o.ZetLevering(bg, o.bea, m)
		if (err == nil) != p.want || err != nil && !slices.Equal(paden(err), []string{"doel unique"}) {
			t.Errorf("%s: %v", p.naam, err)
		}
	}
	got, err := o.LeveringVoor(gemeente, buurman, "adres", "verhuizing", op("2026-08-01"))
	if err != nil || got.Van != "2026-07-01" {
		t.Errorf("%+v %v", got, err)
	}
	got.Activiteit = uuid.UUID{} // what is given is the caller's
	if got, err := o.LeveringVoor(gemeente, buurman, "adres", "verhuizing", op("2026-08-01")); err != nil || got.Activiteit != a.ID {
		t.Errorf("%+v %v", got, err)
	}
	// The activity ends, and with it what it allowed.
	if err := o.Beeindig(bg, o.bea, a.ID, a.Stand, "2026-03-31", "Taak vervalt"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.LeveringVoor(gemeente, buurman, "adres", "verhuizing", op("2026-04-01")); !errors.Is(err, fout.GeenDoelbinding) {
		t.Errorf("after the end of the activity: %v", err)
	}
	if all, err := o.Leveringen(o.bea); err != nil || len(all) != 4 || all[0].Van != "" || all[3].Van != "2027-01-01" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestADeliveryIsJudged(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Verstrekken", "2020-01-01")
	_, err := o.ZetLevering(bg, o.bea, Levering{Afnemer: "x", Van: "2026-02-01", Tot: "2026-01-01"})
	want := []string{"activiteit invalid_choice", "afnemer invalid", "doel required", "gegevensset required", "tot invalid"}
	if got := paden(err); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	l := Levering{Afnemer: buurman, Gegevensset: "strafblad", Doel: "onderzoek", Activiteit: a.ID, Vertrouwelijk: true}
	_, err = o.ZetLevering(bg, o.bea, l)
	if got := paden(err); !slices.Equal(got, []string{"vertrouwelijk invalid"}) {
		t.Errorf("confidential without a ground: %v", got)
	}
	geheim := volledig("Opsporen")
	geheim.Vertrouwelijkheid, geheim.GrondVertrouwelijk, geheim.DuurVertrouwelijkheid = Vertrouwelijk, "opsporing", "P1Y"
	if l.Activiteit, err = o.Begin(bg, o.bea, geheim); err != nil {
		t.Fatal(err)
	}
	if _, err = o.ZetLevering(bg, o.bea, l); err != nil {
		t.Error(err)
	}
}
