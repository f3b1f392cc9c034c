package gebruiker_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

var (
	nu       = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	bereiken = []Bereik{BereikEigen, BereikFunctiegroep, BereikAlles, BereikDomein("burgerzaken"), BereikDomein("belastingen")}
)

// elk runs over every module, handeling, veldklasse and bereik, and those that do not exist.
func elk(f func(m Module, h Handeling, v Veldklasse, b Bereik)) {
	for _, m := range append(Modules(true), "", "iets", "*") {
		for _, h := range append(Handelingen(), "", "*") {
			for _, v := range append(Veldklassen(), "", "*") {
				for _, b := range append([]Bereik{{}}, bereiken...) {
					f(m, h, v, b)
				}
			}
		}
	}
}

func TestANewGroupCanDoNothing(t *testing.T) {
	t.Parallel()
	n := 0
	for naam, r := range map[string]*Rechten{"nil": nil, "zero": {}, "a new group": NieuweRechten(nu, []Recht{}), "no group": NieuweRechten(nu)} {
		elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
			n++
			if r.Mag(m, h, v, b) || r.Module(m) || r.MagErgens(m, h) || r.Niveau(m, v, b) != Verborgen {
				t.Fatalf("%s: %s/%s/%s/%s is allowed", naam, m, h, v, b)
			}
		})
	}
	if n < 4*13*8*8*5 {
		t.Errorf("only %d asked", n)
	}
}

func TestARightAllowsThatAndNothingElse(t *testing.T) {
	t.Parallel()
	elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
		r := NieuweRechten(nu, []Recht{{Module: m, Handeling: h, Veldklasse: v, Bereik: BereikAlles}})
		exists := Uitdrukking(m, h, v) != ""
		if r.Mag(m, h, v, b) != (exists && b != Bereik{}) {
			t.Fatalf("%s/%s/%s/%s: %v", m, h, v, b, r.Mag(m, h, v, b))
		}
	})
	r := NieuweRechten(nu, rechten("verwerkingenlog/zien/bsn/functiegroep"))
	n := 0
	elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
		if r.Mag(m, h, v, b) {
			n++
		}
	})
	if n != 2 { // eigen and functiegroep
		t.Errorf("one right allows %d things", n)
	}
}

func TestABereikReachesWhatIsWithinIt(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		verleend, gevraagd string
		want               bool
	}{
		{"eigen", "eigen", true}, {"eigen", "functiegroep", false}, {"eigen", "alles", false}, {"eigen", "domein:burgerzaken", false},
		{"functiegroep", "eigen", true}, {"functiegroep", "functiegroep", true}, {"functiegroep", "alles", false}, {"functiegroep", "domein:burgerzaken", false},
		{"domein:burgerzaken", "domein:burgerzaken", true}, {"domein:burgerzaken", "domein:belastingen", false},
		{"domein:burgerzaken", "eigen", false}, {"domein:burgerzaken", "functiegroep", false}, {"domein:burgerzaken", "alles", false},
		{"alles", "eigen", true}, {"alles", "functiegroep", true}, {"alles", "domein:burgerzaken", true}, {"alles", "alles", true},
	} {
		r := NieuweRechten(nu, rechten("verwerkingenlog/zien/bsn/"+p.verleend))
		b, err := ParseBereik(p.gevraagd)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Mag(ModuleVerwerkingenlog, Zien, BSN, b); got != p.want {
			t.Errorf("%s reaches %s: %v", p.verleend, p.gevraagd, got)
		}
	}
}

func TestAVerbodWinsFromWhateverItMayTouch(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		verbod, gevraagd string
		want             bool
	}{
		{"alles", "eigen", false}, {"alles", "domein:burgerzaken", false}, {"alles", "alles", false},
		{"eigen", "eigen", false}, {"eigen", "functiegroep", false}, {"eigen", "alles", false}, {"eigen", "domein:burgerzaken", false},
		{"functiegroep", "eigen", false}, {"functiegroep", "alles", false},
		{"domein:burgerzaken", "domein:burgerzaken", false}, {"domein:burgerzaken", "domein:belastingen", true},
		{"domein:burgerzaken", "eigen", false}, {"domein:burgerzaken", "alles", false},
	} {
		verlof, verbod := rechten("verwerkingenlog/zien/bsn/alles"), rechten("verbod verwerkingenlog/zien/bsn/"+p.verbod)
		b, _ := ParseBereik(p.gevraagd)
		for _, groepen := range [][][]Recht{{verlof, verbod}, {verbod, verlof}, {append(verlof[:1:1], verbod...)}, {append(verbod[:1:1], verlof...)}} {
			if got := NieuweRechten(nu, groepen...).Mag(ModuleVerwerkingenlog, Zien, BSN, b); got != p.want {
				t.Errorf("verbod %s, asked %s: %v", p.verbod, p.gevraagd, got)
			}
		}
	}
}

func TestARightHoldsBeforeItsEndOnly(t *testing.T) {
	t.Parallel()
	r := rechten("verwerkingenlog/zien/gewoon/alles")
	r[0].Tot = nu
	mag := func(op time.Time) bool {
		return NieuweRechten(op, r).Mag(ModuleVerwerkingenlog, Zien, Gewoon, BereikAlles)
	}
	if !mag(nu.Add(-time.Nanosecond)) || mag(nu) || mag(nu.Add(time.Hour)) {
		t.Error("a right holds at another time than before its end")
	}
	r[0].Verbod = true
	alle := append(r, rechten("verwerkingenlog/zien/gewoon/alles")...)
	if NieuweRechten(nu.Add(-time.Second), alle).Mag(ModuleVerwerkingenlog, Zien, Gewoon, BereikAlles) ||
		!NieuweRechten(nu, alle).Mag(ModuleVerwerkingenlog, Zien, Gewoon, BereikAlles) {
		t.Error("a verbod holds at another time than before its end")
	}
}

func recht(t *rapid.T, label string, verbod bool) Recht {
	return Recht{
		Module: rapid.SampledFrom(Modules(true)).Draw(t, label+" module"), Handeling: rapid.SampledFrom(Handelingen()).Draw(t, label+" handeling"),
		Veldklasse: rapid.SampledFrom(Veldklassen()).Draw(t, label+" klasse"), Bereik: rapid.SampledFrom(bereiken).Draw(t, label+" bereik"),
		Verbod: verbod, Tot: rapid.SampledFrom([]time.Time{{}, nu.Add(time.Hour), nu.Add(-time.Hour)}).Draw(t, label+" end"),
	}
}

func groepen(t *rapid.T, verbod bool) [][]Recht {
	gen := rapid.Custom(func(t *rapid.T) Recht { return recht(t, "", verbod && rapid.Bool().Draw(t, "verbod")) })
	return rapid.SliceOfN(rapid.SliceOfN(gen, 0, 40), 1, 5).Draw(t, "groups")
}

func TestAnotherGroupTakesNothingAwayUnlessItForbids(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alle := groepen(t, false)
		less, more := NieuweRechten(nu, alle[:len(alle)-1]...), NieuweRechten(nu, alle...)
		elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
			if less.Mag(m, h, v, b) && !more.Mag(m, h, v, b) {
				t.Fatalf("a group took %s/%s/%s/%s away", m, h, v, b)
			}
		})
	})
}

// A model in which every question goes through all rights one by one.
func TestTheUnionIsThatOfEveryRightByItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alle := groepen(t, true)
		r := NieuweRechten(nu, alle...)
		q := recht(t, "asked", false)
		var mag, verboden bool
		for _, g := range alle {
			for _, x := range g {
				if x.Module != q.Module || x.Handeling != q.Handeling || x.Veldklasse != q.Veldklasse || !x.Tot.IsZero() && !nu.Before(x.Tot) {
					continue
				}
				tweeDomeinen := x.Bereik.Domein() != "" && q.Bereik.Domein() != "" && x.Bereik != q.Bereik
				if x.Verbod {
					verboden = verboden || !tweeDomeinen
				} else {
					mag = mag || x.Bereik == q.Bereik || x.Bereik == BereikAlles || x.Bereik == BereikFunctiegroep && q.Bereik == BereikEigen
				}
			}
		}
		want := mag && !verboden && Uitdrukking(q.Module, q.Handeling, q.Veldklasse) != ""
		if got := r.Mag(q.Module, q.Handeling, q.Veldklasse, q.Bereik); got != want {
			t.Fatalf("%s: %v, want %v", q, got, want)
		}
	})
}

func TestAVerbodWinsWhateverTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alle := groepen(t, true)
		door := rapid.Permutation(alle).Draw(t, "order")
		een, ander := NieuweRechten(nu, alle...), NieuweRechten(nu, door...)
		verbod := recht(t, "forbidden", true)
		verbod.Tot = time.Time{}
		weg := NieuweRechten(nu, append([][]Recht{{verbod}}, alle...)...)
		elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
			if een.Mag(m, h, v, b) != ander.Mag(m, h, v, b) {
				t.Fatalf("%s/%s/%s/%s depends on the order", m, h, v, b)
			}
			if weg.Mag(m, h, v, b) && !een.Mag(m, h, v, b) {
				t.Fatalf("a verbod grants %s/%s/%s/%s", m, h, v, b)
			}
		})
		if weg.Mag(verbod.Module, verbod.Handeling, verbod.Veldklasse, verbod.Bereik) {
			t.Fatalf("%s did not win", verbod)
		}
	})
}

func TestRightsAndBereikenAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := recht(t, "", rapid.Bool().Draw(t, "verbod"))
		r.Tot = time.Time{}
		if got, err := ParseRecht(r.String()); err != nil || got != r {
			t.Fatalf("%s became %s: %v", r, got, err)
		}
	})
	for _, s := range []string{"", "*", "Alles", "domein:", "domein:*", "domein:Met Spatie", "domein:a/b", "alles ", "eigen,alles"} {
		if b, err := ParseBereik(s); err == nil {
			t.Errorf("%q is a bereik: %v", s, b)
		}
	}
	for _, s := range []string{"", "a/b/c", "a/b/c/alles/e", "verwerkingenlog/zien/bsn/*", "verbod"} {
		if r, err := ParseRecht(s); err == nil {
			t.Errorf("%q is a right: %v", s, r)
		}
	}
}

func TestWhatIsWrongWithRightsIsToldAllAtOnce(t *testing.T) {
	t.Parallel()
	later := rechten("verwerkingenlog/zien/bsn/alles")
	later[0].Tot = nu
	for naam, p := range map[string]struct {
		rechten []Recht
		want    string
	}{
		"nothing":                        {rechten("verwerkingenlog/zien/bsn/domein:burgerzaken", "groepen/zien/gewoon/alles"), ""},
		"an unknown module":              {rechten("iets/zien/bsn/alles"), "rechten.0.module invalid_choice"},
		"a module that is to come":       {rechten("werkplek/zien/bsn/alles"), "rechten.0.module invalid_choice"},
		"what the module does not have":  {rechten("verwerkingenlog/beheren/gewoon/alles"), "rechten.0 invalid_choice"},
		"a bereik where there is none":   {rechten("groepen/zien/gewoon/eigen"), "rechten.0.bereik invalid_choice"},
		"no bereik":                      {[]Recht{{Module: ModuleVerwerkingenlog, Handeling: Zien, Veldklasse: BSN}}, "rechten.0.bereik invalid_choice"},
		"a domain that can't be written": {[]Recht{{Module: ModuleVerwerkingenlog, Handeling: Zien, Veldklasse: BSN, Bereik: BereikDomein("*")}}, "rechten.0.bereik invalid_choice"},
		"an end that has been":           {later, "rechten.0.tot invalid"},
		"one twice":                      {rechten("verwerkingenlog/zien/bsn/alles", "verwerkingenlog/zien/bsn/alles"), "rechten.1 unique"},
		"two things":                     {rechten("iets/zien/bsn/alles", "groepen/zien/bsn/alles"), "rechten.0.module invalid_choice, rechten.1 invalid_choice"},
		"too many":                       {make([]Recht, 301), "rechten max_length"},
	} {
		got := ""
		for i, p := range ValidateRechten(p.rechten, nu) {
			if i > 0 {
				got += ", "
			}
			got += p.Name + " " + p.Code
		}
		if got != p.want {
			t.Errorf("%s: got %q, want %q", naam, got, p.want)
		}
	}
}
