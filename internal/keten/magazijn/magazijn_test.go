package magazijn_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
)

func TestTheStoreHoldsTheSamePeopleEveryTime(t *testing.T) {
	t.Parallel()
	pad := filepath.Join(t.TempDir(), "personen.db")
	for range 2 {
		o, err := magazijn.Open(t.Context(), pad)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range magazijn.Bewoners {
			got, err := o.Persoon(t.Context(), want.BSN)
			if err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("%d persons: %v", len(got), err)
			}
		}
		if d, err := o.Documenten(t.Context(), magazijn.Bewoners[1].BSN); err != nil || len(d) != 2 {
			t.Errorf("%d documents: %v", len(d), err)
		}
		if p, err := o.Zoek(t.Context(), "waterman", "1984-03-17"); err != nil || len(p) != 2 { // a name is a name in small letters too
			t.Errorf("%d found: %v", len(p), err)
		}
		if p, err := o.Zoek(t.Context(), "Waterman", "1984-03-18"); err != nil || p == nil || len(p) != 0 {
			t.Errorf("%d found: %v", len(p), err)
		}
		if n := o.Gelezen(); n != int64(len(magazijn.Bewoners)+3) {
			t.Errorf("read %d times", n)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEverybodyIsInvented(t *testing.T) {
	t.Parallel()
	for _, b := range magazijn.Bewoners {
		som := 0
		for k, r := range b.BSN {
			som += int(r-'0') * []int{9, 8, 7, 6, 5, 4, 3, 2, -1}[k]
		}
		if len(b.BSN) != 9 || !strings.HasPrefix(b.BSN, "9999") || som%11 != 0 {
			t.Errorf("%s is no test number", b.BSN)
		}
	}
}
