package beheer

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

func TestNumbersAreWrittenAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", 12345: "12.345", 1234567: "1.234.567", -1000: "-1.000", -100: "-100"} {
		if got := getal(taal.Nederlands, n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	if got := getal(taal.Engels, 1234567); got != "1,234,567" {
		t.Errorf("in English: %q", got)
	}
}

func TestAPartIsNeverRoundedToAllOrToNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deel, geheel int64
		want         string
	}{{1, 1, "100,0\u00a0%"}, {999999, 1000000, "99,9\u00a0%"}, {1, 1000000, "0,1\u00a0%"}, {0, 10, "0,0\u00a0%"}, {1, 3, "33,3\u00a0%"}, {0, 0, ""}} {
		if got := aandeel(taal.Nederlands, c.deel, c.geheel); got != c.want {
			t.Errorf("%d of %d is %q, want %q", c.deel, c.geheel, got, c.want)
		}
	}
}
