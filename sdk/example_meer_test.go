package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/verantwoord/verantwoord/sdk"
)

// What can't work is told at once, in Dutch.
func ExampleNew() {
	_, err := sdk.New(sdk.Instellingen{
		URL: "http://log.voorbeeldstad.example", ClientID: "balie", Geheim: []byte("een-geheim-van-minstens-32-tekens!"), Organisatie: "00000099123456780000",
	})
	fmt.Println(err)
	_, err = sdk.New(sdk.Instellingen{URL: "https://log.voorbeeldstad.example", ClientID: "balie", Geheim: []byte("kort"), Organisatie: "00000099123456780000"})
	fmt.Println(err)
	// Output:
	// URL van het register: geef https://… zonder vraagteken; http kan alleen op deze machine zelf
	// een ClientID en een Geheim van minstens 32 bytes zijn nodig
}

// Who operates the application sees what is logged and what is refused.
func ExampleTransport() {
	register, _, bron, af := voorbeeldConsument("balie")
	defer af()
	tr := &sdk.Transport{
		Log: register, Functies: functies, MaxAntwoord: 1 << 20,
		Meting: func(g sdk.Gebeurtenis) { fmt.Println("geteld:", g.Soort) },
	}
	client := &http.Client{Transport: tr}
	ctx := sdk.MetVerwerking(context.Background(), verwerking("999990019"))
	for _, c := range []context.Context{ctx, context.Background()} {
		r, err := http.NewRequestWithContext(c, http.MethodPost, bron, strings.NewReader(`{"bsn":"999990019"}`))
		if err != nil {
			log.Fatal(err)
		}
		if res, err := client.Do(r); err == nil {
			res.Body.Close()
		}
	}
	// Output:
	// geteld: vastgelegd
	// geteld: geweigerd
}

// A function that is not in the table can't run.
func ExampleVasteFuncties() {
	tabel := sdk.VasteFuncties{"inschrijven": {ID: raadplegen, BewaartermijnLog: "P5Y"}}
	a, err := tabel.Activiteit(context.Background(), "inschrijven")
	fmt.Println(a.BewaartermijnLog, err)
	_, err = tabel.Activiteit(context.Background(), "uitschrijven")
	fmt.Println(errors.Is(err, sdk.ErrGeenDoelbinding))
	// Output:
	// P5Y <nil>
	// true
}

// Code that was handed a context can see what it is for.
func ExampleVerwerkingVan() {
	ctx := sdk.MetVerwerking(context.Background(), sdk.Verwerking{Functie: "inschrijven", Objecten: []sdk.Object{sdk.BSN("999990019", "Aanvrager")}})
	v, ok := sdk.VerwerkingVan(ctx)
	fmt.Println(v.Functie, len(v.Objecten), ok)
	_, ok = sdk.VerwerkingVan(context.Background())
	fmt.Println(ok)
	// Output:
	// inschrijven 1 true
	// false
}

// For a protocol that the Transport does not speak: log, then tell the other side the same by its headers.
func ExampleDoorgave_Zet() {
	h := http.Header{"Oin": {"van de aanroeper overgenomen"}}
	sdk.Doorgave{OIN: "00000099000000010000", ActiviteitID: raadplegen, Vertrouwelijkheid: sdk.Normaal, Bewaartermijn: "P5Y"}.Zet(h)
	fmt.Println(h.Get("OIN"), h.Get("VerwerkingsactiviteitId"), h.Get("Bewaartermijn"))
	// Output:
	// 00000099000000010000 c5b9f4e7-8c79-41b9-91e2-6268419cb167 P5Y
}

// The term of a case is known when it is closed: all its acties get it.
func ExampleClient_VeranderVerwerking() {
	register, _, _, af := voorbeeldConsument("auditor")
	defer af()
	v := verwerking("999990019")
	if _, err := register.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00"))); err != nil {
		log.Fatal(err)
	}
	fmt.Println(register.VeranderVerwerking(context.Background(), v.VerwerkingID, sdk.Verander{Bewaartermijn: "P20Y"}))

	var f *sdk.Fout
	err := register.VeranderVerwerking(context.Background(), sdk.NewVerwerkingID(), sdk.Verander{Bewaartermijn: "P20Y"})
	fmt.Println(errors.As(err, &f), f.Status, f.Params[0].Code)
	// Output:
	// <nil>
	// true 400 not_found
}

// Who looks in a log of another organisation logs that in its own.
func ExampleClient_Bewaakt() {
	eigen, register, _, af := voorbeeldConsument("auditor")
	defer af()
	partij, _, _, af2 := voorbeeldConsument("auditor")
	defer af2()
	v := verwerking("999990019")
	actie, err := partij.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00")))
	if err != nil {
		log.Fatal(err)
	}
	lezer := partij.Bewaakt(sdk.NewTransport(eigen, functies))
	kijken := sdk.Verwerking{Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Opvragen verwerkingsactie"}
	if actie, err = lezer.Actie(sdk.MetVerwerking(context.Background(), kijken), *actie.ActieID); err != nil {
		log.Fatal(err)
	}
	gelogd, err := vraagRegister(register, geefToken(&voorbeeldTB{}), kijken.VerwerkingID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(actie.VerwerkingNaam, "/", gelogd[0].ActieNaam, "/", gelogd[0].VerwerkteObjecten[0].Betrokkenheid)
	// Output:
	// Vergunning / Opvragen verwerkingsactie / Geraadpleegd in verwerkingenlog
}
