package sqlite

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestACheckReadsTheStore(t *testing.T) {
	storetest.RunControle(t, func(t testing.TB) (verwerkingenlog.Store, func() controle.Opslag) {
		dir := t.TempDir()
		s := open(t, dir, opties(t))
		return s, func() controle.Opslag {
			if _, err := Nakijk(bg, dir); err == nil {
				t.Error("a store that is open was looked at")
			}
			shut(t, s)
			n, err := Nakijk(bg, dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { n.Close() })
			return n
		}
	})
}
