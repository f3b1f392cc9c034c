package aanmelding

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
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

// bus stands in for the room of mail: it keeps plain text in the table of that room, so in the same transaction.
type bus struct{}

func (bus) Add(tx *kamer.Tx, oin string, b aanmelding.Bericht) error {
	var n int64
	if err := tx.QueryRow(`SELECT count(*) FROM post`).Scan(&n); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO post(id, organisatie, stand, pogingen, volgende, gemaakt, inhoud) SELECT $1, nr, 'wacht', 0, 0, $2, $3 FROM organisatie WHERE oin = $4`,
		uuid.NewString(), n, []byte(b.Aan+"\x00"+b.Onderwerp+"\x00"+b.Tekst), oin)
	return err
}

func knoop(k kamer.Opslag) storetest.AanmeldKnoop {
	return storetest.AanmeldKnoop{Opslag: New(k, bus{}), Log: storebeheerlog.New(k), Post: func(t testing.TB) (uit []aanmelding.Bericht) {
		t.Helper()
		err := k.Read(bg, func(tx *kamer.Tx) error {
			uit = nil
			for row, err := range tx.Query(`SELECT inhoud FROM post ORDER BY gemaakt`) {
				var b []byte
				if err == nil {
					err = row.Scan(&b)
				}
				if err != nil {
					return err
				}
				d := strings.SplitN(string(b), "\x00", 3)
				uit = append(uit, aanmelding.Bericht{Aan: d[0], Onderwerp: d[1], Tekst: d[2]})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return uit
	}}
}

func TestSignInConformsOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunAanmelding(t, func(t testing.TB) (een, ander storetest.AanmeldKnoop) {
		s := openSQLite(t)
		return knoop(s), knoop(s)
	})
}

func TestSignInConformsOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunAanmelding(t, func(t testing.TB) (een, ander storetest.AanmeldKnoop) {
		url := postgrestest.Database(t)
		return knoop(openPostgres(t, url)), knoop(openPostgres(t, url))
	})
}

// groeit lists the queries that every page or attempt runs, or that run in the way of others.
var groeit = []string{
	sqlAanmelding, sqlAanmeldingWijzig, sqlMiddelen, sqlMiddelWijzig, sqlMiddelWis, sqlHistorie, sqlTelSom, sqlSessie, sqlSessiesVan,
	sqlSessieGezien, sqlSessieWis, sqlSessiesWis, sqlApparaat, sqlApparaatWis, sqlApparatenWis,
	sqlTelOpruim, sqlAanmeldingOpruim, sqlSessieOpruim, sqlApparaatOpruim,
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

func BenchmarkSessie(b *testing.B) {
	for naam, open := range map[string]func() kamer.Opslag{
		"sqlite":   func() kamer.Opslag { return openSQLite(b) },
		"postgres": func() kamer.Opslag { return openPostgres(b, postgrestest.Database(b)) },
	} {
		b.Run(naam, func(b *testing.B) {
			s := New(open(), bus{})
			r := aanmelding.SessieRij{ID: aanmelding.Afdruk{1}, OIN: storetest.A, Gebruiker: uuid.New(), Begonnen: time.Now(), Gezien: time.Now(), Verloopt: time.Now(), Verzegeld: []byte("sealed")}
			if err := s.Schrijf(bg, storetest.A, &aanmelding.Wijziging{Sessies: []aanmelding.SessieRij{r}}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := s.Sessie(bg, r.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
