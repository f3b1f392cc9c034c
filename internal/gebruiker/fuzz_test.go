package gebruiker_test

import (
	"testing"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

// A right comes from a form. Whatever is written, it is read as itself or refused, and what does not exist allows nothing.
func FuzzParseRecht(f *testing.F) {
	for _, s := range []string{"verwerkingenlog/zien/bsn/alles", "verbod groepen/beheren/gewoon/alles", "a/b/c/domein:d", "*/*/*/*", "///", "verbod verbod a/b/c/alles"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRecht(s)
		if err != nil {
			return
		}
		if r.String() != s {
			t.Fatalf("%q is read as %q", s, r)
		}
		exists := Uitdrukking(r.Module, r.Handeling, r.Veldklasse) != ""
		if mag := NieuweRechten(nu, []Recht{r}).Mag(r.Module, r.Handeling, r.Veldklasse, r.Bereik); mag != (exists && !r.Verbod) {
			t.Fatalf("%q allows: %v", s, mag)
		}
	})
}
