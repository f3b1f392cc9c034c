package storetest

import (
	"slices"
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// LegVast logs some acties of one person, each in a group of its own. Before it tells how many versions there are then, it reads them all
// as a page.
func LegVast(t testing.TB, s verwerkingenlog.Store, b *betrokkene.Sleutelbos, n int) (versies int) {
	t.Helper()
	MetLog(t, s, b, func(l *verwerkingenlog.Log) {
		for range n {
			if _, err := l.Create(bg, Beller, Invoer("999900001"), "", nil); err != nil {
				t.Fatal(err)
			}
		}
		_, err := l.List(bg, Beller, &verwerkingenlog.Filter{
			Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "999900001", BeginDatum: "2026-03-01", EindDatum: "2026-03-02",
		}, "", verwerkingenlog.Doorgave{})
		if err != nil {
			t.Fatal(err)
		}
	})
	size, err := s.Size(bg, A)
	if err != nil {
		t.Fatal(err)
	}
	return int(size)
}

// WilMerken wants versions without a mark up to a leaf, and from there on with one.
func WilMerken(t testing.TB, s verwerkingenlog.Store, van, tot int) {
	t.Helper()
	bladen := make([]uint64, tot)
	for i := range bladen {
		bladen[i] = uint64(i)
	}
	rijen, err := s.Rows(bg, A, bladen)
	if err != nil {
		t.Fatal(err)
	}
	eerste := slices.IndexFunc(rijen, func(r *verwerkingenlog.Rij) bool { return r.Merk != bewijs.Merk{} })
	zonder := slices.ContainsFunc(rijen[max(eerste, 0):], func(r *verwerkingenlog.Rij) bool { return r.Merk == bewijs.Merk{} })
	if eerste < van || zonder {
		t.Errorf("of %d versions the first with a mark is %d, and a later one is without: %v", tot, eerste, zonder)
	}
}
