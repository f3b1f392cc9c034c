package applicatie

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

var bg = context.Background()

func openSQLite(t testing.TB) kamer.Opslag {
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{storetest.A, storetest.B}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func openPostgres(t testing.TB, url string) kamer.Opslag {
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: []string{storetest.A, storetest.B}, Geduld: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestApplicationsConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunApplicaties(t, func(t testing.TB) (een, ander autorisatie.Opslag) {
		url := postgrestest.Database(t)
		return New(openPostgres(t, url)), New(openPostgres(t, url))
	})
}

func TestApplicationsConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunApplicaties(t, func(t testing.TB) (een, ander autorisatie.Opslag) {
		s := openSQLite(t)
		return New(s), New(s)
	})
}

// groeit lists the queries that run twice a second for ever, or in the way of others.
var groeit = []string{sqlApplicatieWijzig, sqlApplicatieWis, sqlClientWis, sqlWijzigingenVan, sqlGeneratie}

func TestQueriesOnSQLiteScanNothingThatGrows(t *testing.T) {
	t.Parallel()
	err := openSQLite(t).Read(bg, func(tx *kamer.Tx) error {
		for _, q := range groeit {
			for row, err := range tx.Query("EXPLAIN QUERY PLAN "+q, make([]any, strings.Count(q, "$"))...) {
				var id, parent, x int
				var detail string
				if err == nil {
					err = row.Scan(&id, &parent, &x, &detail)
				}
				if err != nil {
					return err
				}
				if !strings.HasPrefix(detail, "SEARCH") {
					t.Errorf("%s: %s", q, detail)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestQueriesOnPostgreSQLScanNothingThatGrows(t *testing.T) {
	t.Parallel()
	err := openPostgres(t, postgrestest.Database(t)).Write(bg, func(tx *kamer.Tx) error {
		for _, q := range groeit {
			for row, err := range tx.Query("EXPLAIN "+q, make([]any, strings.Count(q, "$"))...) {
				var line string
				if err == nil {
					err = row.Scan(&line)
				}
				if err != nil {
					return err
				}
				if strings.Contains(line, "Seq Scan") {
					t.Errorf("%s: %s", q, line)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
