package kast

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestDomainsOfRepresentativesConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunDomeinen(t, keys(t), sqliteKnopen(Domeinen))
}

func TestDomainsOfRepresentativesConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunDomeinen(t, keys(t), postgresKnopen(Domeinen))
}

// bussen is a register with one activity.
type bussen struct{}

func (bussen) Bekend(string, uuid.UUID, time.Time) (*activiteit.Versie, bool) {
	return &activiteit.Versie{Inhoud: activiteit.Inhoud{Naam: "Busvervoer"}}, true
}

// Nothing of them can be read in the store, they move along, and one that was touched is closed.
func TestDomainsAreSealedAndMoveAndAreClosedWhenTouched(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	var gemeld []error
	open := func(k kamer.Opslag) *domein.Domeinen {
		d, err := domein.Open(bg, domein.Opties{Opslag: New(k, Domeinen, nil), Sleutels: sleutels, Organisaties: oins, Activiteiten: bussen{}, Meld: func(err error) { gemeld = append(gemeld, err) }})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	m := inwoner.Medewerker{OIN: storetest.A, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	ander := m
	ander.Wie.ID = "ander"
	d := open(van)
	id, err := d.StelVoor(bg, m, uuid.Nil, 0, domein.Inhoud{Naam: "Leerlingenvervoer", Uitleg: "De bus.", Voor: []inwoner.NamensSoort{inwoner.Ouder}, Activiteiten: []domein.Activiteit{{ID: uuid.New()}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Beslis(bg, ander, id, 1, true, ""); err != nil {
		t.Fatal(err)
	}
	rijen, _, err := New(van, Domeinen, nil).Load(bg, storetest.A)
	if err != nil || len(rijen) != 1 || strings.Contains(string(rijen[0].Verzegeld)+string(rijen[0].Ingang), "Leerlingen") {
		t.Fatalf("%d documents: %v", len(rijen), err)
	}
	if err := Domeinen.Verhuis(bg, van, naar, oins); err != nil {
		t.Fatal(err)
	}
	if n := len(open(naar).Open(storetest.A, inwoner.Ouder)); n != 1 || len(gemeld) != 0 {
		t.Errorf("after the move %d are open: %v", n, gemeld)
	}
	if err := van.Write(bg, func(tx *kamer.Tx) error { _, err := tx.Exec(`UPDATE domeinrij SET versie = versie + 1`); return err }); err != nil {
		t.Fatal(err)
	}
	if n := len(open(van).Open(storetest.A, inwoner.Ouder)); n != 0 || len(gemeld) != 1 {
		t.Errorf("one that was touched: %d are open, %v", n, gemeld)
	}
}
