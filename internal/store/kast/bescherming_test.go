package kast

import (
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestProtectedCitizensConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunBescherming(t, keys(t), sqliteKnopen(Bescherming))
}

func TestProtectedCitizensConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunBescherming(t, keys(t), postgresKnopen(Bescherming))
}

// Nothing of them can be read in the store, they move along, and when one is missing everybody is protected.
func TestProtectedCitizensAreSealedAndMoveAndAreMissed(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	var gemeld []error
	open := func(k kamer.Opslag) *inwoner.Beschermingen {
		b, err := inwoner.OpenBeschermingen(bg, inwoner.BeschermingOpties{Opslag: New(k, Bescherming, nil), Sleutels: sleutels, Organisaties: oins, Meld: func(err error) { gemeld = append(gemeld, err) }})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	m := inwoner.Medewerker{OIN: storetest.A, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	een, ander := inwoner.BSN("999990019"), inwoner.BSN("999990275")
	in := inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang, Opmerking: "Blijfhuis Voorbeeldstad"}
	if _, err := open(van).Stel(bg, m, een, in); err != nil {
		t.Fatal(err)
	}
	rijen, _, err := New(van, Bescherming, nil).Load(bg, storetest.A)
	if err != nil || len(rijen) != 2 {
		t.Fatalf("%d documents: %v", len(rijen), err)
	}
	for _, r := range rijen {
		for _, woord := range []string{"999990019", "Blijfhuis", "opvang", "beschermd"} {
			if strings.Contains(string(r.Ingang)+string(r.Verzegeld)+r.ID.String(), woord) {
				t.Errorf("%q can be read", woord)
			}
		}
	}
	if err := Bescherming.Verhuis(bg, van, naar, oins); err != nil {
		t.Fatal(err)
	}
	daar := open(naar)
	if a, b := daar.Van(storetest.A, een), daar.Van(storetest.A, ander); !a.Beschermd || b.Beschermd {
		t.Errorf("after the move %+v and %+v", a, b)
	}
	if err := van.Write(bg, func(tx *kamer.Tx) error {
		_, err := tx.Exec(`DELETE FROM beschermingsrij WHERE soort = 'bescherming'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	kwijt := open(van)
	if !kwijt.Van(storetest.A, een).Beschermd || !kwijt.Van(storetest.A, ander).Beschermd || kwijt.Van(storetest.B, ander).Beschermd || len(gemeld) != 0 {
		t.Errorf("one is missing, and others see all: %v", gemeld)
	}
}
