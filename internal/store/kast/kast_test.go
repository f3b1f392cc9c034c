package kast

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
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
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openPostgres(t testing.TB, url string) *postgres.Store {
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

// keys are those of a store of their own: which store keeps the fingerprints says nothing here.
func keys(t testing.TB) func(string) (*betrokkene.Sleutels, bool) {
	t.Helper()
	bos, err := betrokkene.Open(bg, t.TempDir(), oins, openSQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	return bos.Organisatie
}

func knoop(k kamer.Opslag, tabel Tabel) storetest.KastKnoop {
	return storetest.KastKnoop{Opslag: New(k, tabel, bus{}), Log: logboek.New(k)}
}

func sqliteKnopen(tabel Tabel) func(testing.TB) (een, ander storetest.KastKnoop) {
	return func(t testing.TB) (een, ander storetest.KastKnoop) {
		s := openSQLite(t)
		return knoop(s, tabel), knoop(s, tabel)
	}
}

func postgresKnopen(tabel Tabel) func(testing.TB) (een, ander storetest.KastKnoop) {
	return func(t testing.TB) (een, ander storetest.KastKnoop) {
		url := postgrestest.Database(t)
		return knoop(openPostgres(t, url), tabel), knoop(openPostgres(t, url), tabel)
	}
}

var tabellen = map[string]Tabel{"gebruikers": Gebruikers, "activiteiten": Activiteiten, "bescherming": Bescherming, "domeinen": Domeinen}

func TestDocumentsConform(t *testing.T) {
	t.Parallel()
	for naam, tabel := range tabellen {
		t.Run(naam+" on SQLite", func(t *testing.T) {
			t.Parallel()
			storetest.RunKast(t, keys(t), sqliteKnopen(tabel))
		})
		t.Run(naam+" on PostgreSQL", func(t *testing.T) {
			t.Parallel()
			storetest.RunKast(t, keys(t), postgresKnopen(tabel))
		})
	}
}

func TestActivitiesConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunActiviteiten(t, keys(t), sqliteKnopen(Activiteiten))
}

func TestActivitiesConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunActiviteiten(t, keys(t), postgresKnopen(Activiteiten))
}

// dader may do everything.
var dader = activiteit.Dader{
	OIN: storetest.A, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "bea", Naam: "Bea Heer"}, Mag: func(string) bool { return true },
}

func register(t testing.TB, k kamer.Opslag, sleutels func(string) (*betrokkene.Sleutels, bool), gemeld *[]error) *activiteit.Register {
	t.Helper()
	r, err := activiteit.New(bg, activiteit.Opties{
		Opslag: New(k, Activiteiten, nil), Sleutels: sleutels, Organisaties: oins, Meld: func(err error) {
			if gemeld == nil {
				t.Error(err)
				return
			}
			*gemeld = append(*gemeld, err)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func begin(t testing.TB, r *activiteit.Register, naam string) uuid.UUID {
	t.Helper()
	id, err := r.Begin(bg, dader, activiteit.Inhoud{Naam: naam})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestNothingOfAnActivityStandsPlainInTheStore(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	r := register(t, s, keys(t), nil)
	id := begin(t, r, "Fraudeonderzoek")
	if _, err := r.ZetKoppeling(bg, dader, activiteit.Koppeling{Applicatie: "recherche", Functie: "onderzoeken", Activiteit: id}); err != nil {
		t.Fatal(err)
	}
	rijen, _, err := New(s, Activiteiten, nil).Load(bg, storetest.A)
	if err != nil || len(rijen) != 2 {
		t.Fatalf("%d documents: %v", len(rijen), err)
	}
	for _, r := range rijen {
		alles := strings.ToLower(string(r.Ingang) + string(r.Verzegeld))
		for _, woord := range []string{"fraude", "recherche", "onderzoek", "naam"} {
			if strings.Contains(alles, woord) {
				t.Errorf("%s: %q can be read", r.Soort, woord)
			}
		}
	}
}

// A row that was touched, or that was put in the place of another, is left out and told; the rest goes on.
func TestARowThatWasTouchedIsLeftOutAndTold(t *testing.T) {
	t.Parallel()
	for naam, wijzig := range map[string]string{
		"of another activity":          `UPDATE activiteitenrij SET inhoud = (SELECT inhoud FROM activiteitenrij WHERE id = $1) WHERE id = $2`,
		"of an earlier version":        `UPDATE activiteitenrij SET versie = versie + 1 WHERE id = $2 AND id <> $1`,
		"under another id":             `UPDATE activiteitenrij SET id = '11111111-1111-4111-8111-111111111111' WHERE id = $2 AND id <> $1`,
		"of another organisation":      `UPDATE activiteitenrij SET organisatie = (SELECT nr FROM organisatie WHERE oin = '` + storetest.B + `') WHERE id = $2 AND id <> $1`,
		"of another kind":              `UPDATE activiteitenrij SET soort = 'koppeling' WHERE id = $2 AND id <> $1`,
		"with a byte that was changed": `UPDATE activiteitenrij SET inhoud = CAST(substr(inhoud, 1, 40) || iif(substr(inhoud, 41, 1) = x'00', x'01', x'00') || substr(inhoud, 42) AS BLOB) WHERE id = $2 AND id <> $1`,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s, sleutels := openSQLite(t), keys(t)
			r := register(t, s, sleutels, nil)
			goed, kapot := begin(t, r, "Goed"), begin(t, r, "Kapot")
			if err := s.Write(bg, func(tx *kamer.Tx) error {
				n, err := tx.Exec(wijzig, goed.String(), kapot.String())
				if n != 1 {
					t.Errorf("%d rows touched", n)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			var gemeld []error
			na := register(t, s, sleutels, &gemeld)
			if len(gemeld) != 1 {
				t.Errorf("told: %v", gemeld)
			}
			for _, oin := range oins {
				d := dader
				d.OIN = oin
				l, err := na.Lijst(d, activiteit.Filter{})
				if err != nil || len(l) > 1 || len(l) == 1 && l[0].ID != goed {
					t.Errorf("%s: %d activities, %v", oin, len(l), err)
				}
			}
		})
	}
}

func TestActivitiesMoveAlong(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	bron := register(t, van, sleutels, nil)
	id := begin(t, bron, "Inschrijven")
	upload, err := bron.Bewaar(bg, dader, "keuze", []byte("a;b"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // doing it again changes nothing
		if err := Activiteiten.Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	doel := register(t, naar, sleutels, nil)
	if a, err := doel.Een(dader, id); err != nil || a.Concept.Naam != "Inschrijven" {
		t.Errorf("%+v %v", a, err)
	}
	if _, b, err := doel.Haal(bg, dader, upload); err != nil || string(b) != "a;b" {
		t.Errorf("%q %v", b, err)
	}
	// They go on where they were, and another change at the source comes along.
	begin(t, bron, "Later")
	if err := Activiteiten.Verhuis(bg, van, naar, oins); err != nil {
		t.Fatal(err)
	}
	if err := doel.Refresh(bg); err != nil {
		t.Fatal(err)
	}
	if l, err := doel.Lijst(dader, activiteit.Filter{}); err != nil || len(l) != 2 {
		t.Errorf("%d activities after another move, %v", len(l), err)
	}
	begin(t, doel, "Op het doel")
}

func TestStatementsOnSQLiteScanNothingThatGrows(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	for _, tabel := range tabellen {
		q := tabel.teksten()
		err := s.Read(bg, func(tx *kamer.Tx) error {
			for _, q := range []string{q.stand, q.standVerder, q.rijen, q.bijlage, q.ingang, q.wijzig, q.wis} {
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
}
