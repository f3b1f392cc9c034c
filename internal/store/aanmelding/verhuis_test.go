package aanmelding

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestWhatPeopleSignInWithMovesAlong(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	mens := uuid.New()
	rij := aanmelding.MiddelRij{Gebruiker: mens, Soort: "wachtwoord", ID: "1", Versie: 1, Verzegeld: []byte{0, 1, 255}}
	if err := New(van, bus{}).Schrijf(bg, storetest.A, &aanmelding.Wijziging{Middelen: []aanmelding.MiddelRij{rij}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	got, err := New(naar, bus{}).Middelen(bg, storetest.A, mens)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]aanmelding.MiddelRij{rij}, got); d != "" {
		t.Error(d)
	}
	if b, err := New(naar, bus{}).Middelen(bg, storetest.B, mens); err != nil || len(b) != 0 {
		t.Errorf("another organisation has %d, %v", len(b), err)
	}
}
