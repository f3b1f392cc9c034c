package verwerkingenlog

import (
	"testing"

	"pgregory.net/rapid"
)

func TestVertrouwelijkheidIsReadInAnyCaseAndWrittenInLowerCase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want Vertrouwelijkheid
		ok   bool
	}{
		{"normaal", Normaal, true}, {"Normaal", Normaal, true}, {"NORMAAL", Normaal, true},
		{"vertrouwelijk", Vertrouwelijk, true}, {"Vertrouwelijk", Vertrouwelijk, true},
		{"opgeheven", Opgeheven, true}, {"oPgEhEvEn", Opgeheven, true},
		{"", 0, false}, {"normal", 0, false}, {" normaal", 0, false}, {"normaal ", 0, false}, {"confidential", 0, false},
		{"norma\u212Al", 0, false}, {"vertrouwelij\u212A", 0, false}, // the Kelvin sign folds to k
	} {
		v, ok := ParseVertrouwelijkheid(tt.text)
		if ok != tt.ok || v != tt.want {
			t.Errorf("%q gives %v, %v; want %v, %v", tt.text, v, ok, tt.want, tt.ok)
		}
	}
	for v, want := range map[Vertrouwelijkheid]string{Normaal: "normaal", Vertrouwelijk: "vertrouwelijk", Opgeheven: "opgeheven"} {
		if v.String() != want {
			t.Errorf("%d is written %q, want %q", v, v, want)
		}
	}
}

// The states by their names in rules 3.7.
var (
	staatN0 = NewStaat(Normaal)
	staatV  = NewStaat(Vertrouwelijk)
	staatN1 = staatV.Next(Normaal)
	staatO  = staatV.Next(Opgeheven)
)

func TestTheEffectiveClassMakesEveryRecordFindableAndNoneNormalAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		s    Staat
		want Vertrouwelijkheid
	}{
		{"never confidential is normaal", staatN0, Normaal},
		{"confidential is vertrouwelijk", staatV, Vertrouwelijk},
		{"lifted is opgeheven", staatO, Opgeheven},
		{"corrected to normaal is opgeheven", staatN1, Opgeheven},
		{"normaal lifted at once is opgeheven", staatN0.Next(Opgeheven), Opgeheven},
		{"confidential again is vertrouwelijk", staatO.Next(Vertrouwelijk), Vertrouwelijk},
		{"lifted and then corrected is opgeheven", staatO.Next(Normaal), Opgeheven},
	} {
		if got := tt.s.Klasse(); got != tt.want {
			t.Errorf("%s: got %s", tt.name, got)
		}
	}
}

func TestEverConfidentialIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.SampledFrom([]Vertrouwelijkheid{Normaal, Vertrouwelijk, Opgeheven}), 1, 12).Draw(t, "values")
		s, ooit := NewStaat(values[0]), values[0] != Normaal
		for k, value := range values {
			if k > 0 {
				s = s.Next(value)
				ooit = ooit || value != Normaal
			}
			switch {
			case s.Ooit() != ooit:
				t.Fatalf("after %v ever confidential is %v", values[:k+1], s.Ooit())
			case s.Vertrouwelijkheid() != value:
				t.Fatalf("value %s, want %s", s.Vertrouwelijkheid(), value)
			case s.Vervallen():
				t.Fatal("vervallen without a deletion")
			case ooit && (s.Klasse() == Normaal || BereikNormaal.SeesInBewerking(s) || BereikNormaal.SeesInInzage(s)):
				t.Fatalf("after %v a :normal reader sees it", values[:k+1])
			}
		}
		e := s.Expire()
		if !e.Vervallen() || e.Ooit() != s.Ooit() || e.Vertrouwelijkheid() != s.Vertrouwelijkheid() {
			t.Fatal("a deletion changed more than vervallen")
		}
		if e > 0xf {
			t.Fatal("does not fit in the bits that are stored")
		}
	})
}

func TestClassesOfAnInquiry(t *testing.T) {
	t.Parallel()
	for _, v := range []Vertrouwelijkheid{Normaal, Vertrouwelijk, Opgeheven} {
		if !AlleKlassen.Has(v) || Klassen(0).Has(v) || !Klassen(0).With(v).Has(v) {
			t.Errorf("%s is not counted right", v)
		}
	}
	if !Klassen(0).With(Normaal).OnlyNormaal() || AlleKlassen.OnlyNormaal() || Klassen(0).OnlyNormaal() ||
		Klassen(0).With(Normaal).With(Opgeheven).OnlyNormaal() {
		t.Error("OnlyNormaal is not exactly normaal")
	}
}
