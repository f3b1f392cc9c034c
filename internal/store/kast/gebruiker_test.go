package kast

import (
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestPeopleAndGroupsConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunGebruikers(t, keys(t), sqliteKnopen(Gebruikers))
}

func TestPeopleAndGroupsConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunGebruikers(t, keys(t), postgresKnopen(Gebruikers))
}

func TestNothingOfAPersonStandsPlainInTheStore(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(s, Gebruikers, bus{}), Sleutels: keys(t), Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.MaakBeheerder(bg, storetest.A, "Wilhelmina Onderzoek", "wilhelmina@gemeente.example"); err != nil {
		t.Fatal(err)
	}
	rijen, _, err := New(s, Gebruikers, bus{}).Load(bg, storetest.A)
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
			o := gebruiker.BeheerOpties{Opslag: New(s, Gebruikers, bus{}), Sleutels: keys(t), Organisaties: oins}
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
	o := gebruiker.BeheerOpties{Opslag: New(s, Gebruikers, bus{}), Sleutels: keys(t), Organisaties: oins}
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

func TestPeopleAndTheirRightsMoveAlong(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	beheer := func(k kamer.Opslag) *gebruiker.Beheer {
		b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(k, Gebruikers, bus{}), Sleutels: sleutels, Organisaties: oins})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	bron := beheer(van)
	op := gebruiker.Opdrachtregel(storetest.A)
	g, err := bron.MaakBeheerder(bg, storetest.A, "Bea Heer", "b.heer@voorbeeldstad.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bron.VoegGroepToe(bg, op, "Burgerzaken", ""); err != nil {
		t.Fatal(err)
	}
	for range 2 { // doing it again changes nothing
		if err := Gebruikers.Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	doel := beheer(naar)
	nu := time.Now()
	m, ok := doel.Register().OpEmail(storetest.A, "b.heer@voorbeeldstad.example", nu)
	if !ok || m.ID != g.ID || !doel.Register().Rechten(storetest.A, m.ID, nu).MagErgens(gebruiker.ModuleGroepen, gebruiker.Beheren) {
		t.Errorf("found %v: %+v", ok, m)
	}
	if groepen, err := doel.Groepen(op); err != nil || len(groepen) != 2 {
		t.Errorf("%d groups, %v", len(groepen), err)
	}
	// They go on where they were, and another change at the source comes along.
	if _, err := bron.VoegGroepToe(bg, op, "Later", ""); err != nil {
		t.Fatal(err)
	}
	if err := Gebruikers.Verhuis(bg, van, naar, oins); err != nil {
		t.Fatal(err)
	}
	if err := doel.Refresh(bg); err != nil {
		t.Fatal(err)
	}
	if groepen, err := doel.Groepen(op); err != nil || len(groepen) != 3 {
		t.Errorf("%d groups after another move, %v", len(groepen), err)
	}
	if _, err := doel.VoegGroepToe(bg, op, "Op het doel", ""); err != nil {
		t.Error(err)
	}
}
