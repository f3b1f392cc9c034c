package gebruiker

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	postkast "github.com/verantwoord/verantwoord/internal/store/post"
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
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openPostgres(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
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

func knoop(k kamer.Opslag) storetest.GebruikerKnoop {
	return storetest.GebruikerKnoop{Opslag: New(k, bus{}), Log: beheerlog.New(k)}
}

// bus queues mail with the room of mail: in the same transaction, plain.
type bus struct{}

func (bus) Add(tx *kamer.Tx, oin string, b gebruiker.Bericht) error {
	return postkast.Add(tx, post.Rij{OIN: oin, ID: uuid.New(), Stand: post.Wacht, Verzegeld: []byte(b.Aan)})
}

func TestMailIsQueuedWithTheChangeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for engine, open := range map[string]func(*testing.T) kamer.Opslag{
		"SQLite":     func(t *testing.T) kamer.Opslag { return openSQLite(t) },
		"PostgreSQL": func(t *testing.T) kamer.Opslag { return openPostgres(t, postgrestest.Database(t)) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(k, bus{}), Sleutels: keys(t), Organisaties: oins})
			if err != nil {
				t.Fatal(err)
			}
			g, err := b.MaakBeheerder(bg, storetest.A, "Bea Heer", "bea@gemeente.example")
			if err != nil {
				t.Fatal(err)
			}
			wacht := func() int64 {
				t.Helper()
				w, err := postkast.New(k).Wachtend(bg)
				if err != nil {
					t.Fatal(err)
				}
				return w.Aantal
			}
			kop := gebruiker.Koppeling{Dienst: "x", Uitgever: "https://idp", Onderwerp: "1", Email: g.Email}
			if err := b.Koppel(bg, storetest.A, g.ID, kop); err != nil || wacht() != 1 {
				t.Fatalf("%d mails wait, %v", wacht(), err)
			}
			rijen, generatie, err := New(k, bus{}).Load(bg, storetest.A)
			if err != nil {
				t.Fatal(err)
			}
			w := gebruiker.Wijziging{OIN: storetest.A, Generatie: generatie - 1, Post: []gebruiker.Bericht{{Aan: "x@gemeente.example", Onderwerp: "x", Tekst: "x"}}}
			if err := New(k, bus{}).Put(bg, w); !errors.Is(err, fout.Gelijktijdig) || wacht() != 1 {
				t.Errorf("of a change that came too late %d mails wait, %v", wacht(), err)
			}
			w.Generatie = generatie
			w.Rijen = []gebruiker.Rij{{OIN: storetest.A, Soort: rijen[0].Soort, ID: rijen[0].ID, Versie: 99, Verzegeld: []byte("x")}}
			if err := New(k, bus{}).Put(bg, w); err == nil || wacht() != 1 {
				t.Errorf("of a change that is refused %d mails wait, %v", wacht(), err)
			}
		})
	}
}

func TestPeopleAndGroupsConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunGebruikers(t, keys(t), func(t testing.TB) (een, ander storetest.GebruikerKnoop) {
		s := openSQLite(t)
		return knoop(s), knoop(s)
	})
}

func TestPeopleAndGroupsConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunGebruikers(t, keys(t), func(t testing.TB) (een, ander storetest.GebruikerKnoop) {
		url := postgrestest.Database(t)
		return knoop(openPostgres(t, url)), knoop(openPostgres(t, url))
	})
}

func TestNothingOfAPersonStandsPlainInTheStore(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(s, bus{}), Sleutels: keys(t), Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.MaakBeheerder(bg, storetest.A, "Wilhelmina Onderzoek", "wilhelmina@gemeente.example"); err != nil {
		t.Fatal(err)
	}
	rijen, _, err := New(s, bus{}).Load(bg, storetest.A)
	if err != nil || len(rijen) != 2 {
		t.Fatalf("%d documents: %v", len(rijen), err)
	}
	for _, r := range rijen {
		alles := strings.ToLower(string(r.Ingang) + string(r.Verzegeld))
		for _, woord := range []string{"wilhelmina", "onderzoek", "gemeente", "beheren"} {
			if strings.Contains(alles, woord) {
				t.Errorf("%s: %q can be read", r.Soort, woord)
			}
		}
	}
}

// A row that was touched, or that was put in the place of another, is left out and told; whoever is in such a group may do
// nothing, as it may have held a verbod.
func TestARowThatWasTouchedGivesNothing(t *testing.T) {
	t.Parallel()
	for naam, wijzig := range map[string]string{
		"rights of an earlier version": `UPDATE gebruikersrij SET versie = versie + 1 WHERE soort = 'autorisatiegroep'`,
		"content of another":           `UPDATE gebruikersrij SET inhoud = (SELECT inhoud FROM gebruikersrij WHERE soort = 'gebruiker') WHERE soort = 'autorisatiegroep'`,
		"a group taken out":            `DELETE FROM gebruikersrij WHERE soort = 'autorisatiegroep'`,
		"a person taken out":           `DELETE FROM gebruikersrij WHERE soort = 'gebruiker'`,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s := openSQLite(t)
			o := gebruiker.BeheerOpties{Opslag: New(s, bus{}), Sleutels: keys(t), Organisaties: oins}
			b, err := gebruiker.NewBeheer(bg, o)
			if err != nil {
				t.Fatal(err)
			}
			g, err := b.MaakBeheerder(bg, storetest.A, "Bea Heer", "bea@gemeente.example")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.Mensen(gebruiker.Als(storetest.A, g.ID)); err != nil {
				t.Fatal(err)
			}
			if err := s.Write(bg, func(tx *kamer.Tx) error { _, err := tx.Exec(wijzig); return err }); err != nil {
				t.Fatal(err)
			}
			na, err := gebruiker.NewBeheer(bg, o)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := na.Mensen(gebruiker.Als(storetest.A, g.ID)); err == nil {
				t.Error("still in force")
			}
		})
	}
}

// With the group that goes, a verbod would go: so its members may do nothing at all until it is back.
func TestAGroupTakenOutLetsNothingLoose(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	o := gebruiker.BeheerOpties{Opslag: New(s, bus{}), Sleutels: keys(t), Organisaties: oins}
	b, err := gebruiker.NewBeheer(bg, o)
	if err != nil {
		t.Fatal(err)
	}
	bea, err := b.MaakBeheerder(bg, storetest.A, "Bea Heer", "bea@gemeente.example")
	if err != nil {
		t.Fatal(err)
	}
	d := gebruiker.Als(storetest.A, bea.ID)
	g, err := b.VoegToe(bg, d, gebruiker.GebruikerInvoer{Naam: "Annelies", Email: "annelies@gemeente.example"})
	if err != nil {
		t.Fatal(err)
	}
	versie := g.Versie
	for _, tekst := range []string{"verwerkingenlog/zien/gewoon/alles", "verbod verwerkingenlog/zien/gewoon/alles"} {
		r, err := gebruiker.ParseRecht(tekst)
		if err != nil {
			t.Fatal(err)
		}
		a, err := b.VoegGroepToe(bg, d, tekst, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.ZetRechten(bg, d, a.ID, a.Versie, []gebruiker.Recht{r}, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ZetLid(bg, d, a.ID, g.ID, versie, time.Time{}, ""); err != nil {
			t.Fatal(err)
		}
		versie++
		if r.Verbod {
			if err := s.Write(bg, func(tx *kamer.Tx) error {
				_, err := tx.Exec(`DELETE FROM gebruikersrij WHERE id = $1`, a.ID.String())
				return err
			}); err != nil {
				t.Fatal(err)
			}
		} else if !b.Register().Rechten(storetest.A, g.ID, time.Now()).MagErgens(gebruiker.ModuleVerwerkingenlog, gebruiker.Zien) {
			t.Fatal("no right to begin with")
		}
	}
	na, err := gebruiker.NewBeheer(bg, o)
	if err != nil {
		t.Fatal(err)
	}
	if na.Register().Rechten(storetest.A, g.ID, time.Now()).MagErgens(gebruiker.ModuleVerwerkingenlog, gebruiker.Zien) {
		t.Error("a verbod went with its group")
	}
}

// groeit lists the statements that run twice a second for ever, or in the way of others.
var groeit = []string{sqlStand, sqlStandVerder, sqlRijen, sqlIngang, sqlWijzig, sqlWis}

func TestStatementsOnSQLiteScanNothingThatGrows(t *testing.T) {
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
