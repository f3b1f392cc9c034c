package beheerlog

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
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

func openSQLite(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
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

// keys are those of a store of their own: which store keeps the fingerprints says nothing here.
func keys(t testing.TB) func(string) (*betrokkene.Sleutels, bool) {
	t.Helper()
	bos, err := betrokkene.Open(bg, t.TempDir(), oins, openSQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	return bos.Organisatie
}

func TestTheBeheerlogConformsOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunBeheerlog(t, keys(t), func(t testing.TB) (een, ander beheerlog.Opslag) {
		s := openSQLite(t)
		return New(s), New(s)
	})
}

func TestTheBeheerlogConformsOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunBeheerlog(t, keys(t), func(t testing.TB) (een, ander beheerlog.Opslag) {
		url := postgrestest.Database(t)
		return New(openPostgres(t, url)), New(openPostgres(t, url))
	})
}

func TestAnEventThatWasTouchedIsFound(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	for name, wijzig := range map[string]string{
		"content of another":   `UPDATE beheerregel SET inhoud = (SELECT inhoud FROM beheerregel WHERE nr = 1) WHERE nr = 2`,
		"another moment":       `UPDATE beheerregel SET moment = moment + 1 WHERE nr = 2`,
		"another kind":         `UPDATE beheerregel SET soort = 'afgemeld' WHERE nr = 2`,
		"taken out":            `DELETE FROM beheerregel WHERE nr = 2`,
		"the last taken off":   `DELETE FROM beheerregel WHERE nr = 4`,
		"another hash":         `UPDATE beheerregel SET hashes = (SELECT hashes FROM beheerregel WHERE nr = 0) WHERE nr = 2`,
		"the edge turned back": `UPDATE boom SET rand = (SELECT hashes FROM beheerregel WHERE nr = 0)`,
	} {
		t.Run(name, func(t *testing.T) {
			s := openSQLite(t)
			l := beheerlog.NewLog(New(s), sleutels, time.Now)
			for range 5 {
				if err := l.Add(bg, storetest.A, beheerlog.Regel{Soort: beheerlog.Aangemeld, Wat: "Aangemeld."}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := l.Controle(bg, storetest.A); err != nil {
				t.Fatal(err)
			}
			err := s.Write(bg, func(tx *kamer.Tx) error { _, err := tx.Exec(wijzig); return err })
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Controle(bg, storetest.A); err == nil {
				t.Error("not found")
			} else if strings.Contains(err.Error(), "Aangemeld.") {
				t.Errorf("the error quotes: %v", err)
			}
		})
	}
}
