package aanmelding_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
)

func TestACodeIsEightDigitsOfWhichNoneIsPreferred(t *testing.T) {
	t.Parallel()
	var telling [8][10]int
	const n = 20000
	for range n {
		c := aanmelding.NewCode()
		if len(c) != 8 || aanmelding.Cijfers(c) != c {
			t.Fatal("a code is no eight digits")
		}
		for i := range 8 {
			telling[i][c[i]-'0']++
		}
	}
	for i := range 8 {
		for d, k := range telling[i] {
			if k < n/10*85/100 || k > n/10*115/100 { // 5 % is 2.4 standard deviations; 15 % does not happen
				t.Errorf("digit %d at place %d came %d times of %d", d, i, k, n)
			}
		}
	}
}

func TestAMaskedAddressHidesItsLength(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"jansen@testbedrijfd.nl":          "j•••••n@t•••••d.nl",
		"jn@tabcdefghijklmnopd.nl":        "j•••••@t•••••d.nl",
		"j.van.den.berg@stad.gemeente.nl": "j•••••g@s•••••e.nl",
		"é@x.nl":                          "é•••••@x•••••.nl",
		"x@localhost":                     "x•••••@l•••••t",
		"":                                "•••••",
		"geen adres":                      "•••••",
	} {
		if got := aanmelding.Masker(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAnAddressIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Bea.Heer@Gemeente.Example ": "bea.heer@gemeente.example", "ｂｅａ@gemeente.example": "bea@gemeente.example",
		"geen": "", "@x": "", "a b@c": "", "a\x00@c": "", "a@" + strings.Repeat("x", 300): "", "\xff@c": "",
	} {
		if got := aanmelding.Adres(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestABrowserIsKeptAsItsFamilyOnly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		agent: "Firefox op Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0": "Edge op Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1":           "Safari op iPhone",
		"curl/8": "een onbekende browser", "": "een onbekende browser", "Linux": "een browser op Linux", "<script>Firefox/1": "Firefox",
	} {
		if got := aanmelding.Browser(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzTyped(f *testing.F) {
	f.Add("bea@gemeente.example")
	f.Add("12 34-56.78")
	f.Fuzz(func(t *testing.T, s string) {
		if a := aanmelding.Adres(s); a != "" && (aanmelding.Adres(a) != a && utf8.ValidString(s)) {
			t.Errorf("%q is written in two ways", s)
		}
		if strings.Trim(aanmelding.Cijfers(s), "0123456789") != "" || strings.ContainsAny(aanmelding.Woord(s), "lo01 -") && strings.ContainsAny(aanmelding.Woord(s), "01 -") {
			t.Errorf("%q", s)
		}
		_ = aanmelding.Masker(s)
		_ = aanmelding.Browser(s)
		_ = aanmelding.Gangbaar(s)
	})
}
