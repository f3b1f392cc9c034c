package applicatie

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestEveryChangeOfAnApplicationIsInTheBeheerlogWithoutItsSecret(t *testing.T) {
	t.Parallel()
	k := openSQLite(t).(*sqlite.Store)
	bos, err := betrokkene.Open(bg, t.TempDir(), []string{storetest.A, storetest.B}, k)
	if err != nil {
		t.Fatal(err)
	}
	b, err := autorisatie.NewBeheer(bg, autorisatie.BeheerOpties{Opslag: New(k), Sleutels: bos.Organisatie, Bestand: &autorisatie.Bestand{}})
	if err != nil {
		t.Fatal(err)
	}
	geheim := "een-geheim-van-minstens-32-tekens!"
	clients, label, oins := []string{"balie"}, "Balie", []string{storetest.A}
	door := autorisatie.Beheerder{Organisatie: storetest.A}
	r, err := b.Create(bg, door, &autorisatie.Invoer{ClientIDs: &clients, Label: &label, Geheim: &geheim, OINs: &oins})
	if err != nil {
		t.Fatal(err)
	}
	door.ClientID = "beheerder"
	nieuw := geheim + geheim
	if _, err := b.Update(bg, door, r.ID.String(), "", &autorisatie.Invoer{Geheim: &nieuw}, false); err != nil {
		t.Fatal(err)
	}
	if err := b.Delete(bg, door, r.ID.String(), ""); err != nil {
		t.Fatal(err)
	}
	regels, err := beheerlog.NewLog(logboek.New(k), bos.Organisatie, time.Now).List(bg, storetest.A, beheerlog.Vanaf, 10)
	if err != nil || len(regels) != 3 {
		t.Fatalf("%d events, %v", len(regels), err)
	}
	for i, want := range []string{
		"Applicatie verwijderd. beheerder voor na-", "Applicatie gewijzigd; zij heeft een nieuw geheim. beheerder voor na", "Applicatie toegevoegd.  voor- na",
	} {
		r := regels[i]
		got := fmt.Sprintf("%s %s voor", r.Wat, r.Door.ID)
		if r.Voor == nil {
			got += "-"
		}
		if got += " na"; r.Na == nil {
			got += "-"
		}
		if got != want || r.Soort != beheerlog.Applicatie || r.Betreft.Naam != "Balie" {
			t.Errorf("event %d: %s, of %s", i, got, r.Betreft.Naam)
		}
		if strings.Contains(fmt.Sprintf("%s %s", r.Voor, r.Na), "geheim-van") || strings.Contains(fmt.Sprintf("%s %s", r.Voor, r.Na), "ZWVuLWdlaGVpbS") {
			t.Errorf("event %d holds the secret", i)
		}
	}
}
