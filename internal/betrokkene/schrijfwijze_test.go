package betrokkene_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// A number that is nobody's, as people write it and as a table of numbers does.
const metNul, zonderNul = "000000012", "00000012"

func TestABSNWithoutItsFirstZeroIsTheSamePerson(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	for naam, c := range map[string]struct {
		soortA, a, soortB, b string
		zelfde               bool
	}{
		"with and without":                    {"BSN", metNul, "BSN", zonderNul, true},
		"the kind in other case":              {"bSn", metNul, "BsN", zonderNul, true},
		"both without":                        {"BSN", zonderNul, "bsn", zonderNul, true},
		"two zeros gone is no BSN":            {"BSN", metNul, "BSN", "0000012", false},
		"a zero too many":                     {"BSN", metNul, "BSN", "0" + metNul, false},
		"another kind":                        {"Relatienummer", metNul, "Relatienummer", zonderNul, false},
		"a kind that looks like it":           {"b\u017fn", metNul, "b\u017fn", zonderNul, false},
		"a kind with a space":                 {"BSN ", metNul, "BSN ", zonderNul, false},
		"of two kinds":                        {"BSN", metNul, "Relatienummer", zonderNul, false},
		"eight digits that are none with it":  {"BSN", "099990001", "BSN", "99990001", false},
		"a number of the standard":            {"BSN", "02308572", "BSN", "2308572", false},
		"a number of the standard and itself": {"BSN", "2308572", "bsn", "2308572", true},
		"eight characters that are no digits": {"BSN", "00000x12", "BSN", "000000x12", false},
		"nothing":                             {"BSN", "", "BSN", "0", false},
	} {
		if got := betrokkene.Zelfde(c.soortA, c.a, c.soortB, c.b); got != c.zelfde {
			t.Errorf("%s: the same is %t", naam, got)
		}
		if got := s.Handle("persoon", c.soortA, c.a) == s.Handle("persoon", c.soortB, c.b); got != c.zelfde {
			t.Errorf("%s: the handles are equal: %t", naam, got)
		}
	}
	if got := betrokkene.Schrijfwijzen("BSN", zonderNul); !slices.Equal(got, []string{metNul, zonderNul}) || !slices.Equal(got, betrokkene.Schrijfwijzen("bsn", metNul)) {
		t.Errorf("ways to write it: %q", got)
	}
	if got := betrokkene.Schrijfwijzen("BSN", "999990019"); !slices.Equal(got, []string{"999990019"}) {
		t.Errorf("ways to write another one: %q", got)
	}
}

// Two identifiers are of the same person exactly when their handles are equal, and what is searched for one is what is searched for the
// other. The numbers are nobody's: any other one may be somebody's.
func TestIdentifiersAreEqualIffTheirHandlesAre(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	soort := rapid.OneOf(rapid.SampledFrom([]string{"BSN", "bsn", "bSN", "bSn ", "b\u017fn", "Relatienummer", "K", "\u212a", "k", "İ", ""}), rapid.StringMatching(`[BbSsNn]{2,4}`))
	nummer := rapid.OneOf(
		rapid.SampledFrom([]string{metNul, zonderNul, "0000012", "12", "0" + metNul, "2308572", "02308572", "002308572", "999990019", "99990019", "099990019", "00000000", "000000000"}),
		rapid.StringMatching(`0{4,8}1?2`), rapid.StringMatching(`[0-9a-z]{0,9}[a-z]`),
	)
	gelijk := 0
	rapid.Check(t, func(t *rapid.T) {
		soortA, soortB, a, b := soort.Draw(t, "soort"), soort.Draw(t, "other soort"), nummer.Draw(t, "number"), nummer.Draw(t, "other number")
		if rapid.Bool().Draw(t, "the same but for its first zero") {
			a = rapid.SampledFrom([]string{a, metNul}).Draw(t, "one that has it")
			soortB, b = strings.ToLower(soortA), strings.TrimPrefix(a, "0")
		}
		zelfde := betrokkene.Zelfde(soortA, a, soortB, b)
		if (s.Handle("persoon", soortA, a) == s.Handle("persoon", soortB, b)) != zelfde || betrokkene.Zelfde(soortB, b, soortA, a) != zelfde {
			t.Fatalf("the same is %t", zelfde)
		}
		zoekA, zoekB := s.Handles("persoon", soortA, a), s.Handles("persoon", soortB, b)
		if slices.Equal(zoekA, zoekB) != zelfde || !zelfde && slices.ContainsFunc(zoekA, func(h betrokkene.Handle) bool { return slices.Contains(zoekB, h) }) {
			t.Fatalf("the same is %t, and what is searched is not", zelfde)
		}
		if zelfde && a != b {
			gelijk++
			if len(a)+len(b) != 17 || strings.ToLower(soortA) != "bsn" {
				t.Fatal("more is the same than a BSN without its zero")
			}
		}
	})
	if gelijk == 0 {
		t.Error("no number was drawn in two ways: the test proves nothing")
	}
}

// What was logged before this rule stays found: its handle was of the eight digits.
func TestWhatWasLoggedUnderEightDigitsIsSearchedToo(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	eerder := s.Eerder("persoon", "BSN", metNul)
	if len(eerder) != 1 || eerder[0] == s.Handle("persoon", "BSN", metNul) || !slices.Equal(eerder, s.Eerder("persoon", "bsn", zonderNul)) {
		t.Fatalf("%d handles of before", len(eerder))
	}
	if want := append([]betrokkene.Handle{s.Handle("persoon", "BSN", metNul)}, eerder...); !slices.Equal(s.Handles("persoon", "BSN", zonderNul), want) {
		t.Error("they are not searched")
	}
	for _, nummer := range []string{"999990019", "2308572", "0000012"} {
		if len(s.Eerder("persoon", "BSN", nummer)) != 0 || len(s.Handles("persoon", "BSN", nummer)) != 1 {
			t.Errorf("%s has handles of before", nummer)
		}
	}
}
