package verwerkingenlog

import "testing"

// The decision tables of rules 3.7 and 4, row by row as they stand there.
func TestWhoMaySeeAndChangeWhat(t *testing.T) {
	t.Parallel()
	states := []struct {
		name string
		s    Staat
	}{{"N0", staatN0}, {"N1", staatN1}, {"V", staatV}, {"O", staatO}}
	see := func(b Bereik) func(Staat) bool { return b.SeesInBewerking }
	inzien := func(b Bereik) func(Staat) bool { return b.SeesInInzage }
	replace := func(b Bereik, to Vertrouwelijkheid) func(Staat) bool {
		return func(s Staat) bool { return b.MayReplace(s, to) }
	}
	const normaal, vertrouwelijk, geen = BereikNormaal, BereikVertrouwelijk, GeenBereik
	for _, tt := range []struct {
		name string
		may  func(Staat) bool
		want [4]bool // N0 N1 V O
	}{
		{"GET by id, read:normal", see(normaal), [4]bool{true, false, false, false}},
		{"GET by id, read:confidential", see(vertrouwelijk), [4]bool{true, true, true, true}},
		{"GET by id, no scope", see(geen), [4]bool{}},
		{"PUT normaal, update:normal", replace(normaal, Normaal), [4]bool{true, false, false, false}},
		{"PUT vertrouwelijk, update:normal", replace(normaal, Vertrouwelijk), [4]bool{}},
		{"PUT opgeheven, update:normal", replace(normaal, Opgeheven), [4]bool{}},
		{"PUT normaal, update:confidential", replace(vertrouwelijk, Normaal), [4]bool{true, true, true, true}},
		{"PUT vertrouwelijk, update:confidential", replace(vertrouwelijk, Vertrouwelijk), [4]bool{true, true, true, true}},
		{"PUT opgeheven, update:confidential", replace(vertrouwelijk, Opgeheven), [4]bool{false, false, false, true}},
		{"PUT, no scope", replace(geen, Normaal), [4]bool{}},
		{"PATCH bewaartermijn, update:normal", normaal.MayPatch, [4]bool{true, false, false, false}},
		{"PATCH, update:confidential", vertrouwelijk.MayPatch, [4]bool{true, true, true, true}},
		{"PATCH, no scope", geen.MayPatch, [4]bool{}},
		{"DELETE, delete:normal", normaal.MayDelete, [4]bool{true, false, false, false}},
		{"DELETE, delete:confidential", vertrouwelijk.MayDelete, [4]bool{true, true, true, true}},
		{"DELETE, no scope", geen.MayDelete, [4]bool{}},
		{"Inzage, read:normal", inzien(normaal), [4]bool{true, false, false, false}},
		{"Inzage, read:confidential", inzien(vertrouwelijk), [4]bool{true, true, false, true}},
		{"Inzage, no scope", inzien(geen), [4]bool{}},
	} {
		for k, s := range states {
			t.Run(tt.name+", "+s.name, func(t *testing.T) {
				t.Parallel()
				if got := tt.may(s.s); got != tt.want[k] {
					t.Errorf("got %v, want %v", got, tt.want[k])
				}
			})
		}
	}
}

func TestWhatIsVervallenIsSeenByNobody(t *testing.T) {
	t.Parallel()
	for _, s := range []Staat{staatN0, staatN1, staatV, staatO} {
		for _, b := range []Bereik{GeenBereik, BereikNormaal, BereikVertrouwelijk} {
			if b.SeesInBewerking(s.Expire()) || b.SeesInInzage(s.Expire()) {
				t.Errorf("reach %d sees state %d after deletion", b, s)
			}
		}
	}
}

func TestReadNormalMustAskForExactlyNormaal(t *testing.T) {
	t.Parallel()
	for k := Klassen(0); k <= AlleKlassen; k++ {
		if got := BereikNormaal.MayAsk(k); got != (k == Klassen(0).With(Normaal)) {
			t.Errorf("read:normal may ask for %03b: %v", k, got)
		}
		if !BereikVertrouwelijk.MayAsk(k) {
			t.Errorf("read:confidential may not ask for %03b", k)
		}
		if GeenBereik.MayAsk(k) {
			t.Errorf("without a scope one may ask for %03b", k)
		}
	}
}
