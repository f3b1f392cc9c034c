package postgres

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestACheckReadsTheStore(t *testing.T) {
	storetest.RunControle(t, func(t testing.TB) (verwerkingenlog.Store, func() controle.Opslag) {
		url := postgrestest.Database(t)
		return open(t, url, opties(t)), func() controle.Opslag {
			n, err := Nakijk(bg, url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { n.Close() })
			return n
		}
	})
}
