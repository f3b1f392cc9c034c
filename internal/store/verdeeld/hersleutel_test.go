package verdeeld

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestKeysChangeOnTheEngineOfTheOrganisation(t *testing.T) {
	t.Parallel()
	hoofd, ander, ringen := open(t, storetest.A, storetest.B), open(t, storetest.A, storetest.B), storetest.NieuweSleutelringen(t)
	s := New(hoofd, map[string]Deel{storetest.A: ander})
	t.Cleanup(func() { _ = s.Close() })
	storetest.MetLog(t, s, ringen.Een, func(l *verwerkingenlog.Log) {
		for range 5 {
			if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001"), "", nil); err != nil {
				t.Fatal(err)
			}
		}
	})
	eerst, hashes := storetest.Alles(t, ander)
	if n := storetest.Hersleutel(t, s, ringen.Twee, 3); n != 5 {
		t.Errorf("%d versions changed, want 5", n)
	}
	storetest.WilNieuw(t, ander, ringen.Twee, eerst, hashes, []string{"999900001"})
}
