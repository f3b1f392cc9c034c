package sdk_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// A chain of which one register is away at first: what could be changed is, the rest is told, and again makes it whole.
func TestAChangeAlongTheChainIsRepeatedUntilAllHaveIt(t *testing.T) {
	t.Parallel()
	eigen, magazijn, buur := consumentRegister(t), consumentRegister(t), consumentRegister(t)
	naar, err := url.Parse(magazijn.URL)
	if err != nil {
		t.Fatal(err)
	}
	var weg atomic.Bool
	weg.Store(true)
	draad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if weg.Load() {
			panic(http.ErrAbortHandler)
		}
		httputil.NewSingleHostReverseProxy(naar).ServeHTTP(w, r)
	}))
	opruimen.Na(t, draad.Close)

	v := verwerking(persoon(1))
	v.Vertrouwelijkheid = sdk.Vertrouwelijk
	if _, err := consumentClient(t, eigen.URL, "auditor").Log(t.Context(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00"))); err != nil {
		t.Fatal(err)
	}
	// The party that was asked has its own verwerking, and this one as that of its afnemer.
	bijPartij := v
	bijPartij.VerwerkingID = sdk.NewVerwerkingID()
	a := bijPartij.Actie(tijdstipVan("2020-03-05T14:35:43+01:00"))
	a.SoortAfnemerID, a.AfnemerID, a.VerwerkingIDAfnemer = "OIN", consumentOIN, &v.VerwerkingID
	if _, err := consumentClient(t, magazijn.URL, "auditor").Log(t.Context(), a); err != nil {
		t.Fatal(err)
	}

	keten := sdk.Keten{Eigen: consumentClient(t, eigen.URL, "auditor"), Anderen: map[string]*sdk.Client{
		"magazijn": consumentClient(t, draad.URL, "auditor"), "buurgemeente": consumentClient(t, buur.URL, "auditor"),
	}}
	verander := sdk.Verander{Vertrouwelijkheid: sdk.Opgeheven, Bewaartermijn: "P7Y"}
	uit, err := keten.Verander(t.Context(), v.VerwerkingID, verander)
	if !errors.Is(err, sdk.ErrKeten) || len(uit) != 3 {
		t.Fatalf("got %+v, %v", uit, err)
	}
	if u := uit[0]; u.Naam != "" || u.Niets || u.Fout != nil {
		t.Errorf("own register: %+v", u)
	}
	if u := uit[1]; u.Naam != "buurgemeente" || !u.Niets || u.Fout != nil {
		t.Errorf("who knows nothing of it: %+v", u)
	}
	if u := uit[2]; u.Naam != "magazijn" || u.Niets || u.Fout == nil {
		t.Errorf("who is away: %+v", u)
	}
	staat := func(register string, id uuid.UUID) (sdk.Vertrouwelijkheid, string) {
		acties := inRegister(t, register, id)
		if len(acties) != 1 {
			t.Fatalf("%d records", len(acties))
		}
		termijn := ""
		if b := acties[0].Bewaartermijn; b != nil {
			termijn = *b
		}
		return acties[0].Vertrouwelijkheid, termijn
	}
	if hoe, _ := staat(magazijn.URL, bijPartij.VerwerkingID); hoe != sdk.Vertrouwelijk {
		t.Errorf("at the party that was away it is %s", hoe)
	}
	weg.Store(false)
	for range 2 { // and once more than needed
		uit, err = keten.Verander(t.Context(), v.VerwerkingID, verander)
		if err != nil || uit[0].Fout != nil || uit[2].Fout != nil || uit[2].Niets {
			t.Fatalf("got %+v, %v", uit, err)
		}
	}
	for register, id := range map[string]uuid.UUID{eigen.URL: v.VerwerkingID, magazijn.URL: bijPartij.VerwerkingID} {
		if hoe, termijn := staat(register, id); hoe != sdk.Opgeheven || termijn != "P7Y" {
			t.Errorf("it is %s, kept %s", hoe, termijn)
		}
	}
	if uit, err := keten.Verander(t.Context(), sdk.NewVerwerkingID(), verander); err == nil || errors.Is(err, sdk.ErrKeten) {
		t.Errorf("a verwerking that nobody knows: %+v, %v", uit, err)
	}
}
