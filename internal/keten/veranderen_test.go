package keten

import (
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// terug reads the record of a look-up back over the API of a log.
func terug(t *testing.T, k *Keten, welk procesapplicatie.Kant, g gedaan) sdk.Verwerkingsactie {
	t.Helper()
	plaats := waarneming.DerdeLog
	if welk == procesapplicatie.Gemeente {
		plaats = waarneming.GemeenteLog
	}
	actie := g.een(plaats)
	id, err := uuid.Parse(actie.Uit("actieId"))
	if err != nil {
		t.Fatal(err)
	}
	acties, err := k.Lees(t.Context(), welk, []uuid.UUID{id}, false)
	if err != nil || len(acties) != 1 {
		t.Fatalf("%d acties: %v", len(acties), err)
	}
	return acties[0]
}

// inzage tells how many acties of the chain a citizen sees at an organisation.
func inzage(t *testing.T, k *Keten, welk procesapplicatie.Kant, verwerking uuid.UUID) int {
	t.Helper()
	ctx := sdk.MetVerwerking(t.Context(), sdk.Verwerking{Functie: functieToezicht, VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Tonen verwerkingen"})
	n := 0
	v := sdk.Vraag{Soort: "BSN", ID: magazijn.Bewoners[0].BSN, Begin: "2020-01-01", Eind: "2100-01-01"}
	for i, err := range k.van(welk).toezicht.Inzage(ctx, v) {
		if err != nil {
			t.Fatal(err)
		}
		a := i.Verwerkingsactie
		if a.VerwerkingID != nil && *a.VerwerkingID == verwerking || a.VerwerkingIDAfnemer != nil && *a.VerwerkingIDAfnemer == verwerking {
			n++
		}
	}
	return n
}

var beide = []procesapplicatie.Kant{procesapplicatie.Derde, procesapplicatie.Gemeente}

// C3079: when the investigation is over, one change lifts it at both, at the municipality by verwerkingIdAfnemer.
func liftingTravelsAlongTheChain(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.MetSDK)
	for _, welk := range beide {
		if a := terug(t, k, welk, g); a.Vertrouwelijkheid != sdk.Vertrouwelijk {
			t.Errorf("%s holds it as %s", welk, a.Vertrouwelijkheid)
		}
		if n := inzage(t, k, welk, g.VerwerkingID); n != 0 {
			t.Errorf("%s shows a citizen %d acties of an investigation that runs", welk, n)
		}
	}
	if id := terug(t, k, procesapplicatie.Gemeente, g).VerwerkingID; id == nil || *id == g.VerwerkingID {
		t.Error("the municipality has no verwerking of its own")
	}
	uit, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.Opheffen)
	if err != nil || len(uit) != 2 {
		t.Fatalf("%d outcomes: %v", len(uit), err)
	}
	for _, welk := range beide {
		if a := terug(t, k, welk, g); a.Vertrouwelijkheid != sdk.Opgeheven || uit[welk].Niets {
			t.Errorf("%s holds it as %s", welk, a.Vertrouwelijkheid)
		}
		if n := inzage(t, k, welk, g.VerwerkingID); n != 1 {
			t.Errorf("%s shows a citizen %d acties, want 1", welk, n)
		}
	}
}

// C5644, situation 2: the term becomes known after the decision.
func aTermTravelsAlongTheChain(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Vergunning, procesapplicatie.Adres, procesapplicatie.MetSDK)
	if a := terug(t, k, procesapplicatie.Derde, g); a.Bewaartermijn != nil {
		t.Errorf("the term is known already: %s", *a.Bewaartermijn)
	}
	if _, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.ZetTermijn); err != nil {
		t.Fatal(err)
	}
	for _, welk := range beide {
		if a := terug(t, k, welk, g); a.Bewaartermijn == nil || *a.Bewaartermijn != procesapplicatie.Termijn || a.Vertrouwelijkheid != sdk.Normaal {
			t.Errorf("%s holds it for %v as %s", welk, a.Bewaartermijn, a.Vertrouwelijkheid)
		}
	}
}

// In situation 2 nothing ties the record of the municipality to that of the third party.
func withoutHeadersAChangeStopsAtTheThirdParty(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.ZonderSDK)
	if d, m := terug(t, k, procesapplicatie.Derde, g), terug(t, k, procesapplicatie.Gemeente, g); d.Vertrouwelijkheid != sdk.Vertrouwelijk || m.Vertrouwelijkheid != sdk.Normaal || m.VerwerkingIDAfnemer != nil {
		t.Errorf("they hold it as %s and %s", d.Vertrouwelijkheid, m.Vertrouwelijkheid)
	}
	uit, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.Opheffen)
	if err != nil || !uit[procesapplicatie.Gemeente].Niets || uit[procesapplicatie.Derde].Niets {
		t.Errorf("%+v: %v", uit, err)
	}
}

// A log that is down is told, and a second try makes it complete.
func aChangeThatFailsAtOneSideCanBeDoneAgain(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.MetSDK)
	zet(t, k, procesapplicatie.Gemeente, false)
	if uit, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.Opheffen); err == nil || uit[procesapplicatie.Gemeente].Fout == nil || uit[procesapplicatie.Derde].Fout != nil {
		t.Errorf("%+v: %v", uit, err)
	}
	zet(t, k, procesapplicatie.Gemeente, true)
	if _, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.Opheffen); err != nil {
		t.Fatal(err)
	}
	for _, welk := range beide {
		if a := terug(t, k, welk, g); a.Vertrouwelijkheid != sdk.Opgeheven {
			t.Errorf("%s holds it as %s", welk, a.Vertrouwelijkheid)
		}
	}
}

// A third party changes only what was logged for it.
func theThirdPartyReachesNothingElseAtTheMunicipality(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.MetSDK)
	eigen := terug(t, k, procesapplicatie.Gemeente, g)
	if uit, err := k.applicatie.Verander(t.Context(), *eigen.VerwerkingID, procesapplicatie.ZetTermijn); err == nil {
		t.Errorf("by the verwerking of the municipality itself: %+v", uit)
	}
	if a := terug(t, k, procesapplicatie.Gemeente, g); a.Bewaartermijn == nil || *a.Bewaartermijn != "P7Y" {
		t.Error("the record has changed")
	}
}

// Everything is there again after a stop, and works.
func TestALandscapeStartsAgainOnItsDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	eerste, err := Start(t.Context(), Opties{Map: dir, Listen: "127.0.0.1:0", Versie: "test"})
	if err != nil {
		t.Fatal(err)
	}
	g := doe(t, eerste, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.MetSDK)
	if _, err := Start(t.Context(), Opties{Map: dir, Listen: "127.0.0.1:0"}); err == nil || !bevat(err.Error(), "draait al") {
		t.Errorf("a second one on the directory: %v", err)
	}
	if err := eerste.Close(); err != nil {
		t.Fatal(err)
	}
	k := start(t, dir)
	for _, welk := range beide {
		if a := terug(t, k, welk, g); a.Vertrouwelijkheid != sdk.Vertrouwelijk || len(a.VerwerkteObjecten) != 1 || a.VerwerkteObjecten[0].ObjectID != magazijn.Bewoners[0].BSN {
			t.Errorf("%s holds it as %s", welk, a.Vertrouwelijkheid)
		}
	}
	if _, err := k.applicatie.Verander(t.Context(), g.VerwerkingID, procesapplicatie.Opheffen); err != nil {
		t.Error(err)
	}
	if g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Zoeken, procesapplicatie.MetSDK); len(g.Personen) != 2 {
		t.Errorf("%d persons: %v", len(g.Personen), g.Fout)
	}
}
