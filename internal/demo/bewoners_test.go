package demo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// No test prints a number of a resident: tests are no exception to that rule.

func TestEveryResidentHasATestBSNOfTheirOwn(t *testing.T) {
	t.Parallel()
	for zaad := range uint64(50) {
		gezien := map[bsn]bool{}
		for n, h := range newBewoners(zaad) {
			for _, b := range h.leden() {
				switch {
				case len(b) != 9 || b[:4] != "9999":
					t.Fatalf("household %d has a number that does not start with 9999, or not of nine digits", n)
				case !elfproef(b):
					t.Fatalf("household %d has a number that fails the 11-check", n)
				case gezien[b]:
					t.Fatalf("household %d shares a member with another", n)
				}
				gezien[b] = true
			}
		}
		if len(gezien) != 60 {
			t.Fatalf("%d residents, want 60", len(gezien))
		}
	}
}

// elfproef is the check as the law words it, apart from how the numbers are made.
func elfproef(b bsn) bool {
	som := 0
	for k, gewicht := range []int{9, 8, 7, 6, 5, 4, 3, 2, -1} {
		som += gewicht * int(b[k]-'0')
	}
	return som%11 == 0
}

func TestHouseholdsFitTogether(t *testing.T) {
	t.Parallel()
	alle := newBewoners(zaad)
	for n, h := range alle {
		if len(h.volwassenen) == 0 {
			t.Errorf("household %d has no adult", n)
		}
		if h.ouders != nil && (h.ouders == h || len(h.ouders.volwassenen) != 2 || h.ouders.ouders != nil) {
			t.Errorf("household %d has parents that are not an older couple", n)
		}
	}
	if a, b := alle[huisLopend], alle[huisAfgerond]; len(a.leden()) < 2 || len(b.leden()) < 2 {
		t.Error("those investigated live alone: there would be no medebewoner to look at")
	}
}

func TestResidentsDependOnTheSeedAlone(t *testing.T) {
	t.Parallel()
	namen := func(zaad uint64) (list []bsn) {
		for _, h := range newBewoners(zaad) {
			list = append(list, h.leden()...)
		}
		return list
	}
	if !cmp.Equal(namen(1), namen(1)) {
		t.Error("the same seed gives other residents")
	}
	if cmp.Equal(namen(1), namen(2)) {
		t.Error("another seed gives the same residents")
	}
}
