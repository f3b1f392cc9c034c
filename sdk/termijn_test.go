package sdk

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestTheTermOfACallerStaysBetweenTheBounds(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC) // a month of 28 days
	for _, tt := range []struct{ termijn, vloer, maximum, want string }{
		{"", "P1Y", "P10Y", ""},
		{"P5Y", "P1Y", "P10Y", "P5Y"},
		{"P1Y", "P1Y", "P10Y", "P1Y"},
		{"P10Y", "P1Y", "P10Y", "P10Y"},
		{"P365D", "P1Y", "P10Y", "P365D"},
		{"P364D", "P1Y", "P10Y", "P1Y"},
		{"P11M", "P1Y", "P10Y", "P1Y"},
		{"P12M", "P1Y", "P10Y", "P12M"},
		{"PT0S", "P1D", "", "P1D"},
		{"PT23H59M59S", "P1D", "", "P1D"},
		{"PT24H", "P1D", "", "PT24H"},
		{"PT23H59M60.9S", "P1D", "", "PT23H59M60.9S"},
		{"P150Y", "P1Y", "P10Y", "P10Y"},
		{"P10YT1S", "P1Y", "P10Y", "P10Y"},
		{"P521W", "", "P10Y", "P521W"},
		{"P522W", "", "P10Y", "P10Y"},
		{"P28D", "P1M", "", "P28D"},
		{"P27D", "P1M", "", "P1M"},
		// Larger than a time.Duration: they don't come round and end below the floor.
		{"P999999999Y", "P1Y", "P10Y", "P10Y"},
		{"P999999999M", "P1Y", "P10Y", "P10Y"},
		{"P999999999W", "P1Y", "P10Y", "P10Y"},
		{"P999999999D", "P1Y", "P10Y", "P10Y"},
		{"PT999999999H", "P1Y", "P10Y", "P10Y"},
		{"PT999999999M", "P1Y", "P10Y", "P10Y"},
		{"PT999999999S", "P1Y", "P10Y", "P10Y"},
		{"PT2562048H", "P1Y", "P10Y", "P10Y"},
		{"P999999999Y999999999M999999999W999999999DT999999999H999999999M999999999S", "", "P10Y", "P10Y"},
		{"P999999999Y", "", "", "P999999999Y"},
	} {
		if got := begrens(tt.termijn, tt.vloer, tt.maximum, begin); got != tt.want {
			t.Errorf("%s between %s and %s is %s, want %s", tt.termijn, tt.vloer, tt.maximum, got, tt.want)
		}
	}
}

// A term that is accepted here must be one for the register, or the record would be refused.
func TestADurationIsOneForTheRegisterToo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`P([0-9]{1,10}[YMWD.]){0,3}(T([0-9]{1,10}(\.[0-9]{0,3})?[HMS]){0,3})?`)).Draw(t, "s")
		if hier, daar := geldigeDuur(s), verwerkingenlog.ValidBewaartermijn(s); hier != daar {
			t.Fatalf("%q: %v here, %v in the register", s, hier, daar)
		}
	})
}

func TestWhatIsBoundedIsBetweenTheBounds(t *testing.T) {
	t.Parallel()
	duur := rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`P[0-9]{1,3}Y[0-9]{1,4}D|P[0-9]{1,4}M|P[0-9]{1,9}W|PT[0-9]{1,9}H[0-9]{1,9}M`).Draw(t, "duur")
	})
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "begin"), 0)
		vloer, maximum := duur.Draw(t, "vloer"), duur.Draw(t, "maximum")
		if eindeVan(vloer, begin).After(eindeVan(maximum, begin)) {
			vloer, maximum = maximum, vloer
		}
		uit := eindeVan(begrens(duur.Draw(t, "termijn"), vloer, maximum, begin), begin)
		if uit.Before(eindeVan(vloer, begin)) || uit.After(eindeVan(maximum, begin)) {
			t.Fatal("outside the bounds")
		}
	})
}
