package nakijken

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

var (
	bg   = context.Background()
	oins = []string{storetest.A, storetest.B}
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func TestChecksAreKeptOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunNakijkingen(t, func(t testing.TB) (een, ander controle.Nakijkingen) {
		s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
		if err != nil {
			t.Fatal(err)
		}
		opruimen.Na(t, func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return New(s), New(s)
	})
}

func TestChecksAreKeptOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunNakijkingen(t, func(t testing.TB) (een, ander controle.Nakijkingen) {
		url := postgrestest.Database(t)
		open := func() controle.Nakijkingen {
			s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins, Geduld: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			opruimen.Na(t, func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			return New(s)
		}
		return open(), open()
	})
}
