package gebruiker

import (
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestPeopleAndTheirRightsMoveAlong(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	beheer := func(k kamer.Opslag) *gebruiker.Beheer {
		b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(k, bus{}), Sleutels: sleutels, Organisaties: oins})
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
		if err := Verhuis(bg, van, naar, oins); err != nil {
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
	if err := Verhuis(bg, van, naar, oins); err != nil {
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
