package verwerkingenlog

import (
	"strings"
	"testing"
)

func TestABewaartermijnIsAnISO8601Duration(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"P10Y", "P150Y", "P4W", "P6M", "P30D", "PT1H", "PT1M", "PT1S", "PT0S", "P0D", "P0Y", "PT0.5S", "PT5.123456789S",
		"P3Y6M4DT12H30M5S", "P1Y2M3W4DT5H6M7.8S", "P1YT1S", "P1M", "PT1H1S", "P999999999D", "P007D",
	} {
		if !ValidBewaartermijn(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", "P", "PT", "T1H", "P1", "1Y", "10Y", "150", "P1YT", "P1DT", "-P1Y", "P-1Y", "+P1Y", "P+1Y", "p1y", "P1y", "P1D1Y", "P1Y1Y",
		"P1H", "PT1Y", "PT1D", "PT1M1H", "PT1S1M", "P1.5Y", "P0,5Y", "PT1.5H", "PT1.5M", "PT1.S", "PT.5S", "PT1,5S", "P 1Y", "P1Y ", " P1Y", "P1Y\n",
		"P1Y\x00", "P1234567890Y", "PT1234567890.5S", "P١Y", "P1W2W", "PYMD", "P1Y2", "P2024-04-05", "P1Y/2024-04-05", "PTT1S", "P1YT1HT1M", "R/P1Y", "P1Y-1M",
		"PT0." + strings.Repeat("0", 70) + "S",
	} {
		if ValidBewaartermijn(s) {
			t.Errorf("%q is accepted", s)
		}
	}
}

func FuzzBewaartermijn(f *testing.F) {
	for _, s := range []string{"P10Y", "P3Y6M4DT12H30M5S", "PT0.5S", "PT", "P-1Y", "P1YT"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !ValidBewaartermijn(s) {
			return
		}
		if len(s) > maxBewaartermijn || s[0] != 'P' || strings.Trim(s, "PYMWDTHS.0123456789") != "" || strings.ContainsAny(s[len(s)-1:], "PT.0123456789") {
			t.Errorf("%q is accepted", s)
		}
	})
}
