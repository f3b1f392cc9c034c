package inwoner

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	beheer "github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
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

func openSQLite(t testing.TB) kamer.Opslag {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
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

func openPostgres(t testing.TB, url string) kamer.Opslag {
	t.Helper()
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins, Geduld: time.Minute})
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

func knoop(k kamer.Opslag) storetest.InwonerKnoop {
	return storetest.InwonerKnoop{Opslag: New(k), Log: beheerlog.New(k), Dump: func(t testing.TB) string {
		t.Helper()
		var b strings.Builder
		err := k.Read(bg, func(tx *kamer.Tx) error {
			b.Reset()
			for _, q := range []string{
				`SELECT id, persoon, inhoud, '' FROM inwonersessie`, `SELECT wie, wie, wie, soort FROM inwonerteller`, `SELECT id, id, id, '' FROM inwonerstaat`,
				`SELECT persoon, persoon, persoon, '' FROM inwonerhistorie`, `SELECT hashes, inhoud, inhoud, soort FROM beheerregel`,
			} {
				for row, err := range tx.Query(q) {
					var x, y, z []byte
					var tekst string
					if err == nil {
						err = row.Scan(&x, &y, &z, &tekst)
					}
					if err != nil {
						return err
					}
					b.Write(x)
					b.Write(y)
					b.Write(z)
					b.WriteString(tekst)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}}
}

func TestSessionsOfCitizensConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunInwoner(t, func(t testing.TB) (een, ander storetest.InwonerKnoop) {
		s := openSQLite(t)
		return knoop(s), knoop(s)
	})
}

func TestSessionsOfCitizensConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunInwoner(t, func(t testing.TB) (een, ander storetest.InwonerKnoop) {
		url := postgrestest.Database(t)
		return knoop(openPostgres(t, url)), knoop(openPostgres(t, url))
	})
}

// The limit of an organisation is too high to reach by trying: the count is put in the table.
func TestAllAttemptsTogetherAreCounted(t *testing.T) {
	t.Parallel()
	for naam, k := range map[string]kamer.Opslag{"sqlite": openSQLite(t), "postgres": openPostgres(t, postgrestest.Database(t))} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			bos, err := betrokkene.Open(bg, t.TempDir(), oins, k.(betrokkene.Vingerafdrukken))
			if err != nil {
				t.Fatal(err)
			}
			log := beheer.NewLog(beheerlog.New(k), bos.Organisatie, storetest.NieuweKlok().Now)
			d := inwoner.New(inwoner.Opties{Opslag: New(k), Sleutels: bos.Organisatie, Log: log, Nu: storetest.NieuweKlok().Now})
			err = k.Write(bg, func(tx *kamer.Tx) error {
				organisatie, err := tx.Organisatie(storetest.A)
				if err != nil {
					return err
				}
				_, err = tx.Exec(sqlTelBij, organisatie, make([]byte, 16), "totaal", venster(storetest.Start)-3, int64(9_999))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Probeer(bg, storetest.A, "192.0.2.1"); err != nil {
				t.Errorf("the last of an hour: %v", err)
			}
			for _, adres := range []string{"192.0.2.1", "192.0.2.2", ""} {
				if _, err := d.Probeer(bg, storetest.A, adres); fout.CodeOf(err) != fout.CodeTeVeel {
					t.Errorf("one more, from %q: %v", adres, err)
				}
			}
			if _, err := d.Probeer(bg, storetest.B, "192.0.2.1"); err != nil {
				t.Errorf("at another organisation: %v", err)
			}
			l, err := log.List(bg, storetest.A, beheer.Vanaf, 10)
			if err != nil || len(l) != 1 || l[0].Soort != beheer.Geblokkeerd {
				t.Errorf("%d events, %v", len(l), err)
			}
		})
	}
}

func TestWhichEventsConcernWhomMovesAlong(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	persoon := betrokkene.Handle{1, 2, 3}
	err := van.Write(bg, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(storetest.A)
		if err != nil {
			return err
		}
		for nr := range int64(3) {
			if _, err := tx.Exec(sqlHistorieNieuw, organisatie, persoon[:], nr, nr*1000); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := New(van).Historie(bg, storetest.A, []betrokkene.Handle{persoon}, 10)
	if err != nil || len(want) != 3 {
		t.Fatalf("%v, %v", want, err)
	}
	for range 2 {
		if err := Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	got, err := New(naar).Historie(bg, storetest.A, []betrokkene.Handle{persoon}, 10)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
	if b, err := New(naar).Historie(bg, storetest.B, []betrokkene.Handle{persoon}, 10); err != nil || len(b) > 0 {
		t.Errorf("another organisation has %d, %v", len(b), err)
	}
}

// groeit lists the queries that every page or attempt runs, or that run in the way of others.
var groeit = []string{
	sqlStaatNieuw, sqlSessie, sqlSessieGezien, sqlSessieWis, sqlSessiesWis, sqlHistorie, sqlTelSom,
	sqlStaatOpruim, sqlSessieOpruim, sqlStilOpruim, sqlTelOpruim, sqlHistorieOpruim,
}

// TestQueriesScanNothingThatGrows asks both engines for their plan; table organisatie does not grow.
func TestQueriesScanNothingThatGrows(t *testing.T) {
	t.Parallel()
	err := openSQLite(t).Read(bg, func(tx *kamer.Tx) error {
		for _, q := range groeit {
			for row, err := range tx.Query("EXPLAIN QUERY PLAN "+q, make([]any, parameters(q))...) {
				var id, parent, x int
				var detail string
				if err == nil {
					err = row.Scan(&id, &parent, &x, &detail)
				}
				if err != nil {
					return err
				}
				if strings.HasPrefix(detail, "SCAN") && !strings.HasPrefix(detail, "SCAN o") {
					t.Errorf("%s: %s", q, detail)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = openPostgres(t, postgrestest.Database(t)).Write(bg, func(tx *kamer.Tx) error {
		if _, err := tx.Exec(`SET LOCAL enable_seqscan = off`); err != nil { // tables are empty here: what has an index must use it
			return err
		}
		for _, q := range groeit {
			for row, err := range tx.Query("EXPLAIN "+q, make([]any, parameters(q))...) {
				var line string
				if err == nil {
					err = row.Scan(&line)
				}
				if err != nil {
					return err
				}
				if strings.Contains(line, "Seq Scan") && !strings.Contains(line, "organisatie") {
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

// parameters is the highest number.
func parameters(q string) (n int) {
	for i := 1; strings.Contains(q, "$"+string(rune('0'+i))); i++ {
		n = i
	}
	return n
}
