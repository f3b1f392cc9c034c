package activiteit_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestAConceptBecomesAVersionThatNeverChanges(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.Begin(bg, o.bea, Inhoud{Naam: "  Inschrijven "})
	if err != nil {
		t.Fatal(err)
	}
	a := o.een(id)
	if a.Stand != 1 || a.OIN != gemeente || len(a.Versies) != 0 || a.Concept == nil || a.Concept.Naam != "Inschrijven" || a.Concept.Door.ID != "bea" ||
		!a.Concept.GewijzigdOp.Equal(o.nu()) {
		t.Fatalf("%+v", a)
	}
	geweigerd(t, o.StelVast(bg, o.bea, id, 1, Vaststelling{Ingangsdatum: "2026-01-01"}), fout.CodeOngeldig)
	if err := o.Wijzig(bg, o.bea, id, 1, volledig("Inschrijven")); err != nil {
		t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, id, 2, Vaststelling{Ingangsdatum: "2026-01-01", Openbaar: true}); err != nil {
		t.Fatal(err)
	}
	a = o.een(id)
	eerste := a.Versies[0]
	if a.Stand != 3 || !a.Openbaar || a.Concept != nil || eerste.Nummer != 1 || eerste.ID == (uuid.UUID{}) || eerste.ID == id || eerste.Door.Naam != "Bea Heer" ||
		!eerste.VastgesteldOp.Equal(o.nu()) || eerste.Doel == "" || eerste.Inhoud.Nummer != "" {
		t.Fatalf("%+v", a)
	}
	o.verder(time.Hour)
	nieuw := volledig("Inschrijven van inwoners")
	nieuw.Nummer = "BZ-12"
	if err := o.Wijzig(bg, o.bea, id, 3, nieuw); err != nil {
		t.Fatal(err)
	}
	if got := paden(o.StelVast(bg, o.bea, id, 4, Vaststelling{Ingangsdatum: "2026-07-01"})); !slices.Equal(got, []string{"reden required"}) {
		t.Errorf("without a reason: %v", got)
	}
	if err := o.StelVast(bg, o.bea, id, 4, Vaststelling{Ingangsdatum: "2026-07-01", Reden: "De naam was onduidelijk.", Openbaar: true}); err != nil {
		t.Fatal(err)
	}
	a = o.een(id)
	if len(a.Versies) != 2 || a.Versies[0].Naam != eerste.Naam || a.Versies[0].ID != eerste.ID || a.Versies[1].ID == eerste.ID || a.Versies[1].Nummer != 2 ||
		a.Versies[1].Inhoud.Nummer != "BZ-12" || a.Versies[1].Reden != "De naam was onduidelijk." {
		t.Fatalf("%+v", a.Versies)
	}
	if v, ok := a.GeldigOp("2026-06-30"); !ok || v.Nummer != 1 {
		t.Errorf("%v %+v", ok, v)
	}
	if v, ok := a.GeldigOp("2026-07-01"); !ok || v.Nummer != 2 {
		t.Errorf("%v %+v", ok, v)
	}
}

func TestWhatIsMadeDefiniteHasItsDays(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.Begin(bg, o.bea, volledig("Inschrijven"))
	if err != nil {
		t.Fatal(err)
	}
	for naam, p := range map[string]struct {
		v    Vaststelling
		want []string
	}{
		"no first day":                  {Vaststelling{}, []string{"ingangsdatum required"}},
		"a first day in words":          {Vaststelling{Ingangsdatum: "1 januari"}, []string{"ingangsdatum invalid"}},
		"a day that is none":            {Vaststelling{Ingangsdatum: "2026-02-30"}, []string{"ingangsdatum invalid"}},
		"a last day that is none":       {Vaststelling{Ingangsdatum: "2026-01-01", Einddatum: "later"}, []string{"einddatum invalid"}},
		"an end before the beginning":   {Vaststelling{Ingangsdatum: "2026-01-02", Einddatum: "2026-01-01"}, []string{"einddatum invalid"}},
		"a reason with a number of one": {Vaststelling{Ingangsdatum: "2026-01-01", Reden: "Om 999990019"}, []string{"reden persoonsnummer"}},
	} {
		if got := paden(o.StelVast(bg, o.bea, id, 1, p.v)); !slices.Equal(got, p.want) {
			t.Errorf("%s: %v, want %v", naam, got, p.want)
		}
	}
	if a := o.een(id); a.Stand != 1 || a.Concept == nil {
		t.Errorf("it was made definite: %+v", a)
	}
	if err := o.StelVast(bg, o.bea, id, 1, Vaststelling{Ingangsdatum: "1998-01-01", Einddatum: "1998-01-01"}); err != nil {
		t.Errorf("a day long ago: %v", err)
	}
}

// Legal data have days: what is to come can be written down, and so can what was, in the words of today.
func TestTheLegalDataAreThoseOfTheDayOrOfToday(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		code   string
		ingang Datum
		want   bool
	}{
		{"publieke_taak", "2010-01-01", true}, {"nieuw", "2026-12-31", false}, {"nieuw", "2027-01-01", true}, {"oud", "2019-12-31", true}, {"oud", "2020-01-01", false},
	} {
		o := opstellen(t)
		i := volledig("Inschrijven")
		i.Grondslagen = []string{p.code}
		_, err := o.Importeer(bg, o.bea, []Invoer{{Ingangsdatum: p.ingang, Inhoud: i}}, true)
		if (err == nil) != p.want {
			t.Errorf("%s from %s: %v", p.code, p.ingang, err)
		}
	}
}

func TestAnActivityEndsByAVersionThatSaysSo(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	for naam, p := range map[string]struct {
		dag   Datum
		reden string
		want  []string
	}{
		"without a day":          {"", "Taak vervallen", []string{"einddatum required"}},
		"without a reason":       {"2026-12-31", " ", []string{"reden required"}},
		"before it began":        {"2025-12-31", "Taak vervallen", []string{"einddatum invalid"}},
		"without day and reason": {"", "", []string{"einddatum required", "reden required"}},
	} {
		if got := paden(o.Beeindig(bg, o.bea, a.ID, a.Stand, p.dag, p.reden)); !slices.Equal(got, p.want) {
			t.Errorf("%s: %v, want %v", naam, got, p.want)
		}
	}
	if err := o.Beeindig(bg, o.bea, a.ID, a.Stand, "2026-12-31", "Taak vervallen"); err != nil {
		t.Fatal(err)
	}
	na := o.een(a.ID)
	if len(na.Versies) != 2 || na.Versies[0].Einddatum != "" || na.Versies[1].Einddatum != "2026-12-31" || na.Versies[1].Ingangsdatum != "2026-01-01" ||
		na.Versies[1].Doel != na.Versies[0].Doel || na.Versies[1].Reden != "Taak vervallen" {
		t.Fatalf("%+v", na.Versies)
	}
	if _, ok := na.GeldigOp("2027-01-01"); ok {
		t.Error("it goes on after its end")
	}
	if err := o.Beeindig(bg, o.bea, a.ID, na.Stand, "2026-12-31", "Nog eens"); err != nil || len(o.een(a.ID).Versies) != 2 {
		t.Errorf("the same end again made a version: %v", err)
	}
	// It can go on after all: a change without an end.
	if err := o.Wijzig(bg, o.bea, a.ID, na.Stand, volledig("Inschrijven")); err != nil {
		t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, a.ID, na.Stand+1, Vaststelling{Ingangsdatum: "2026-01-01", Reden: "Toch niet vervallen"}); err != nil {
		t.Fatal(err)
	}
	if _, ok := o.een(a.ID).GeldigOp("2027-01-01"); !ok {
		t.Error("it ended all the same")
	}
}

func TestAConceptGoesAlone(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	geweigerd(t, o.GooiWeg(bg, o.bea, a.ID, a.Stand), fout.CodeOngeldig)
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("Anders")); err != nil {
		t.Fatal(err)
	}
	if err := o.GooiWeg(bg, o.bea, a.ID, a.Stand+1); err != nil {
		t.Fatal(err)
	}
	if na := o.een(a.ID); na.Concept != nil || len(na.Versies) != 1 {
		t.Errorf("%+v", na)
	}
	id, err := o.Begin(bg, o.bea, volledig("Nooit vastgesteld"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: "balie", Functie: "inschrijven", Activiteit: id})
	if err != nil {
		t.Fatal(err)
	}
	geweigerd(t, o.GooiWeg(bg, o.bea, id, 1), fout.CodeOngeldig)
	if err := o.WisKoppeling(bg, o.bea, k, 1); err != nil {
		t.Fatal(err)
	}
	if err := o.GooiWeg(bg, o.bea, id, 1); err != nil {
		t.Fatal(err)
	}
	_, err = o.Een(o.bea, id)
	geweigerd(t, err, fout.CodeNietGevonden)
}

func TestPublicIsWhatIsDefinite(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.Begin(bg, o.bea, volledig("Concept"))
	if err != nil {
		t.Fatal(err)
	}
	geweigerd(t, o.ZetOpenbaar(bg, o.bea, id, 1, true), fout.CodeOngeldig)
	a := o.vast("Inschrijven", "2026-01-01")
	if _, ok := o.Openbaar(a.ID); ok {
		t.Error("public before anybody said so")
	}
	if err := o.ZetOpenbaar(bg, o.bea, a.ID, a.Stand, true); err != nil {
		t.Fatal(err)
	}
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand+1, volledig("Geheim plan")); err != nil {
		t.Fatal(err)
	}
	p, ok := o.Openbaar(a.ID)
	if !ok || p.Concept != nil || p.Laatste().Naam != "Inschrijven" {
		t.Errorf("%v %+v", ok, p)
	}
	if l := o.OpenbareLijst(Filter{}); len(l) != 1 || l[0].ID != a.ID || l[0].Concept != nil {
		t.Errorf("%+v", l)
	}
	for _, f := range []Filter{{Zoek: "geheim"}, {Stand: StandConcept}, {Zoek: "plan", GeldigOp: "2026-02-01"}} {
		if l := o.OpenbareLijst(f); len(l) != 0 {
			t.Errorf("%+v shows something of the concept", f)
		}
	}
	if o.een(a.ID).Concept == nil {
		t.Error("the concept is gone from the register itself")
	}
	if err := o.ZetOpenbaar(bg, o.bea, a.ID, a.Stand+2, false); err != nil {
		t.Fatal(err)
	}
	if _, ok := o.Openbaar(a.ID); ok || len(o.OpenbareLijst(Filter{})) != 0 {
		t.Error("still public")
	}
}

// Everything is refused to who may not do it, and to a Dader who may do nothing.
func TestEveryUseCaseAsksItsRight(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("Anders")); err != nil {
		t.Fatal(err)
	}
	// What waits to be imported is for who may prepare, and for who may make definite.
	vanInvoer := []string{"Bewaar", "Haal", "Keuze", "ZetKeuze", "BeginWerk", "MeldWerk", "WerkGelezen", "WerkMislukt", "Werk", "Werken"}
	for naam, p := range map[string]struct {
		recht string
		doe   func(Dader) error
	}{
		"Lijst":                {Zien, func(d Dader) error { _, err := o.Lijst(d, Filter{}); return err }},
		"Een":                  {Zien, func(d Dader) error { _, err := o.Een(d, a.ID); return err }},
		"Koppelingen":          {Zien, func(d Dader) error { _, err := o.Koppelingen(d); return err }},
		"Leveringen":           {Zien, func(d Dader) error { _, err := o.Leveringen(d); return err }},
		"Loggrond":             {Zien, func(d Dader) error { _, err := o.Loggrond(d); return err }},
		"Begin":                {Wijzigen, func(d Dader) error { _, err := o.Begin(bg, d, volledig("x")); return err }},
		"Wijzig":               {Wijzigen, func(d Dader) error { return o.Wijzig(bg, d, a.ID, 1, volledig("x")) }},
		"GooiWeg":              {Wijzigen, func(d Dader) error { return o.GooiWeg(bg, d, a.ID, 1) }},
		"ZetKoppeling":         {Wijzigen, func(d Dader) error { _, err := o.ZetKoppeling(bg, d, Koppeling{}); return err }},
		"WisKoppeling":         {Wijzigen, func(d Dader) error { return o.WisKoppeling(bg, d, a.ID, 1) }},
		"Importeer":            {Wijzigen, func(d Dader) error { _, err := o.Importeer(bg, d, []Invoer{{}}, false); return err }},
		"BeginWerk":            {Wijzigen, func(d Dader) error { _, err := o.BeginWerk(bg, d, uuid.Nil, Werk{}); return err }},
		"MeldWerk":             {Wijzigen, func(d Dader) error { return o.MeldWerk(bg, d, a.ID, 0, 0) }},
		"WerkGelezen":          {Wijzigen, func(d Dader) error { return o.WerkGelezen(bg, d, a.ID, "", nil) }},
		"WerkMislukt":          {Wijzigen, func(d Dader) error { return o.WerkMislukt(bg, d, a.ID, nil) }},
		"Werk":                 {Wijzigen, func(d Dader) error { _, err := o.Werk(bg, d, a.ID); return err }},
		"Werken":               {Wijzigen, func(d Dader) error { _, err := o.Werken(d); return err }},
		"Keuze":                {Wijzigen, func(d Dader) error { _, err := o.Keuze(bg, d, a.ID); return err }},
		"ZetKeuze":             {Wijzigen, func(d Dader) error { return o.ZetKeuze(bg, d, a.ID, "") }},
		"ImporteerUit":         {Goedkeuren, func(d Dader) error { _, err := o.ImporteerUit(bg, d, a.ID, nil, 0, true); return err }},
		"Bewaar":               {Wijzigen, func(d Dader) error { _, err := o.Bewaar(bg, d, "", nil); return err }},
		"Haal":                 {Wijzigen, func(d Dader) error { _, _, err := o.Haal(bg, d, a.ID); return err }},
		"StelVast":             {Goedkeuren, func(d Dader) error { return o.StelVast(bg, d, a.ID, 1, Vaststelling{}) }},
		"Beeindig":             {Goedkeuren, func(d Dader) error { return o.Beeindig(bg, d, a.ID, 1, "2026-01-01", "x") }},
		"ZetOpenbaar":          {Goedkeuren, func(d Dader) error { return o.ZetOpenbaar(bg, d, a.ID, 1, true) }},
		"Importeer definitief": {Goedkeuren, func(d Dader) error { _, err := o.Importeer(bg, d, []Invoer{{}}, true); return err }},
		"ZetLevering":          {Beheren, func(d Dader) error { _, err := o.ZetLevering(bg, d, Levering{}); return err }},
		"WisLevering":          {Beheren, func(d Dader) error { return o.WisLevering(bg, d, a.ID, 1) }},
		"ZetLoggrond":          {Beheren, func(d Dader) error { return o.ZetLoggrond(bg, d, Loggrond{Stand: 7}) }},
		"ZetVerantwoordelijke": {Beheren, func(d Dader) error { return o.ZetVerantwoordelijke(bg, d, Verantwoordelijke{Stand: 7}) }},
	} {
		var andere []string
		for _, h := range []string{Zien, Wijzigen, Goedkeuren, Exporteren, Beheren} {
			if h != p.recht && !(h == Goedkeuren && slices.Contains(vanInvoer, naam)) {
				andere = append(andere, h)
			}
		}
		vreemd := mag(p.recht)
		vreemd.OIN = "00000099000000009999"
		for _, d := range []Dader{mag(andere...), {OIN: gemeente}, {}, vreemd} {
			if err := p.doe(d); fout.CodeOf(err) != fout.CodeGeenToestemming {
				t.Errorf("%s without %s: %v", naam, p.recht, err)
			}
		}
		if err := p.doe(mag(p.recht)); fout.CodeOf(err) == fout.CodeGeenToestemming {
			t.Errorf("%s with %s: %v", naam, p.recht, err)
		}
	}
}

func TestWhoIsLateIsToldSo(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("Anders")); err != nil {
		t.Fatal(err)
	}
	for naam, err := range map[string]error{
		"Wijzig":      o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("Nog anders")),
		"GooiWeg":     o.GooiWeg(bg, o.bea, a.ID, a.Stand),
		"StelVast":    o.StelVast(bg, o.bea, a.ID, a.Stand, Vaststelling{Ingangsdatum: "2026-01-01", Reden: "x"}),
		"Beeindig":    o.Beeindig(bg, o.bea, a.ID, a.Stand, "2026-12-31", "x"),
		"ZetOpenbaar": o.ZetOpenbaar(bg, o.bea, a.ID, a.Stand, true),
	} {
		if f := geweigerd(t, err, fout.CodeGelijktijdig); f == nil {
			t.Errorf("%s: %v", naam, err)
		}
	}
	geweigerd(t, o.Wijzig(bg, o.bea, uuid.New(), 1, volledig("x")), fout.CodeNietGevonden)
	if na := o.een(a.ID); na.Stand != a.Stand+1 || na.Concept.Naam != "Anders" {
		t.Errorf("%+v", na)
	}
}

// The same again is no change: no version, no event.
func TestWhatChangesNothingIsNotAChange(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("Anders")); err != nil {
		t.Fatal(err)
	}
	voor := len(o.gebeurtenissen(100))
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand+1, volledig(" Anders ")); err != nil {
		t.Fatal(err)
	}
	if err := o.ZetOpenbaar(bg, o.bea, a.ID, a.Stand+1, false); err != nil {
		t.Fatal(err)
	}
	if na := o.een(a.ID); na.Stand != a.Stand+1 || len(o.gebeurtenissen(100)) != voor {
		t.Errorf("stand %d, %d events", na.Stand, len(o.gebeurtenissen(100))-voor)
	}
}

func TestEveryChangeIsInTheBeheerlog(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a := o.vast("Inschrijven", "2026-01-01")
	must(o.Wijzig(bg, o.bea, a.ID, 2, volledig("Anders")))
	must(o.GooiWeg(bg, o.bea, a.ID, 3))
	must(o.ZetOpenbaar(bg, o.bea, a.ID, 4, true))
	must(o.Beeindig(bg, o.bea, a.ID, 5, "2030-01-01", "Taak vervalt"))
	k, err := o.ZetKoppeling(bg, o.bea, Koppeling{Applicatie: "balie", Functie: "inschrijven", Activiteit: a.ID})
	must(err)
	must(o.WisKoppeling(bg, o.bea, k, 1))
	l, err := o.ZetLevering(bg, o.bea, Levering{Afnemer: buurman, Gegevensset: "adres", Doel: "verhuizing", Activiteit: a.ID})
	must(err)
	must(o.WisLevering(bg, o.bea, l, 1))
	must(o.ZetLoggrond(bg, o.bea, Loggrond{Vloer: "P5Y"}))
	must(o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Naam: "Gemeente Voorbeeldstad"}))
	_, err = o.Importeer(bg, o.bea, []Invoer{{Inhoud: volledig("Uit een bestand")}}, false)
	must(err)
	var soorten []beheerlog.Soort
	for _, r := range o.gebeurtenissen(100) {
		soorten = append(soorten, r.Soort)
		if r.Wat == "" || r.Door.ID != "bea" || r.Voor == nil && r.Na == nil {
			t.Errorf("%s says too little: %+v", r.Soort, r)
		}
	}
	slices.Reverse(soorten)
	want := []beheerlog.Soort{
		beheerlog.Activiteit, beheerlog.Activiteit, beheerlog.Activiteit, beheerlog.Activiteit, beheerlog.Activiteit, beheerlog.Activiteit,
		beheerlog.Koppeling, beheerlog.Koppeling, beheerlog.Levering, beheerlog.Levering, beheerlog.Loggrond, beheerlog.Verantwoordelijke, beheerlog.Activiteit,
	}
	if !slices.Equal(soorten, want) {
		t.Errorf("got %v, want %v", soorten, want)
	}
	if _, err := o.log.Controle(bg, gemeente); err != nil {
		t.Error(err)
	}
}
