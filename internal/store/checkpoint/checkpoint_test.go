package checkpoint_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	domein "github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/checkpoint"
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

func openSQLite(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, dir, sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func openPostgres(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins, Geduld: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func TestCheckpointsConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunCheckpoints(t, func(t testing.TB) (een, ander domein.Opslag) {
		s := openSQLite(t, t.TempDir())
		return checkpoint.New(s), checkpoint.New(s)
	})
}

func TestCheckpointsConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunCheckpoints(t, func(t testing.TB) (een, ander domein.Opslag) {
		url := postgrestest.Database(t)
		return checkpoint.New(openPostgres(t, url)), checkpoint.New(openPostgres(t, url))
	})
}

func TestAMoveTakesTheCheckpointsAlong(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t, t.TempDir()), openPostgres(t, postgrestest.Database(t))
	c := &domein.Bewaard{Nr: 1, Grootte: 7, Wortel: bewijs.Hash{1}, Moment: storetest.Start, Openbaar: true, Tekst: []byte("tekst")}
	if err := checkpoint.New(van).Voeg(bg, storetest.A, bewijs.BoomLog, c, "sleutel"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a move may be begun again
		if err := checkpoint.Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	w, err := checkpoint.New(naar).Openbaar(bg, storetest.A, bewijs.BoomLog)
	if err != nil || string(w.Tekst) != "tekst" || w.Grootte != 7 {
		t.Errorf("%+v, %v", w, err)
	}
	if k, err := checkpoint.New(naar).Sleutels(bg, storetest.A, bewijs.BoomLog); err != nil || len(k) != 1 {
		t.Errorf("%v, %v", k, err)
	}
}
