package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/sdk"
)

// opstelling runs a register and a data provider where the example looks for them.
func opstelling() func() {
	_, register, bron, af := voorbeeldConsument("balie")
	os.Setenv("REGISTER_URL", register)
	os.Setenv("REGISTER_GEHEIM", consumentGeheim)
	os.Setenv("BRON_URL", bron)
	return af
}

// A whole application: it logs, and then asks.
func Example() {
	defer opstelling()()

	register, err := sdk.New(sdk.Instellingen{
		URL: os.Getenv("REGISTER_URL"), ClientID: "balie", Geheim: []byte(os.Getenv("REGISTER_GEHEIM")),
		Organisatie: "00000099000000010000", Systeem: "Balie 6.2",
	})
	if err != nil {
		log.Fatal(err)
	}
	functies := sdk.VasteFuncties{"inschrijven": {ID: uuid.MustParse("c5b9f4e7-8c79-41b9-91e2-6268419cb167"), BewaartermijnLog: "P5Y"}}
	bron := http.Client{Transport: sdk.NewTransport(register, functies)}

	ctx := sdk.MetVerwerking(context.Background(), sdk.Verwerking{
		Functie: "inschrijven", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Ophalen persoonsgegevens", VerwerkingNaam: "Verhuizing",
		Objecten: []sdk.Object{sdk.BSN("999990019", "Aanvrager", "Verblijfsadres")},
	})
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("BRON_URL"), strings.NewReader(`{"bsn":"999990019"}`))
	antwoord, err := bron.Do(r) // logged first; when that fails this call is not made
	if err != nil {
		log.Fatal(err)
	}
	defer antwoord.Body.Close()
	fmt.Println("gelogd, en daarna opgehaald:", antwoord.Status)
	// Output:
	// gelogd, en daarna opgehaald: 200 OK
}

// Without a verwerking in its context a call does not leave.
func ExampleNewTransport() {
	register, _, bron, af := voorbeeldConsument("balie")
	defer af()
	client := http.Client{Transport: sdk.NewTransport(register, functies)}
	_, err := client.Get(bron)
	fmt.Println(waarom(err))
	// Output:
	// ErrGeenDoelbinding
}

// The persons are known: log, then act. They must be named.
func ExampleMetVerwerking() {
	register, url, bron, af := voorbeeldConsument("balie")
	defer af()
	client := http.Client{Transport: sdk.NewTransport(register, functies)}
	v := sdk.Verwerking{
		Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Ophalen persoonsgegevens",
		Objecten: []sdk.Object{sdk.BSN("999990019", "Aanvrager", "Verblijfsadres")},
	}
	r, err := http.NewRequestWithContext(sdk.MetVerwerking(context.Background(), v), http.MethodPost, bron, strings.NewReader(`{"bsn":"999990019"}`))
	if err != nil {
		log.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	acties, err := vraagRegister(url, geefToken(&voorbeeldTB{}), v.VerwerkingID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.StatusCode, acties[0].ActieNaam, acties[0].VerwerkteObjecten[0].Betrokkenheid, *acties[0].Bewaartermijn)

	v.Objecten = nil
	_, err = client.Do(r.WithContext(sdk.MetVerwerking(context.Background(), v)))
	fmt.Println(waarom(err))
	// Output:
	// 200 Ophalen persoonsgegevens Aanvrager P5Y
	// ErrGeenPersonen
}

// Only the answer tells who they are: act, log, then show.
func ExampleMetZoekopdracht() {
	register, url, bron, af := voorbeeldConsument("balie")
	defer af()
	client := http.Client{Transport: sdk.NewTransport(register, functies)}
	wie := func(_ *http.Response, body []byte) ([]sdk.Object, error) {
		var a struct{ Personen []string }
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, err // and then nothing is shown
		}
		var gevonden []sdk.Object
		for _, bsn := range a.Personen {
			gevonden = append(gevonden, sdk.BSN(bsn, "Getoond in zoekresultaat"))
		}
		return gevonden, nil
	}
	v := sdk.Verwerking{Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Zoeken personen"}
	r, err := http.NewRequestWithContext(sdk.MetZoekopdracht(context.Background(), v, wie), http.MethodPost, bron, strings.NewReader(`{"geslachtsnaam":"Voorbeeld"}`))
	if err != nil {
		log.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	acties, err := vraagRegister(url, geefToken(&voorbeeldTB{}), v.VerwerkingID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.StatusCode, acties[0].ActieNaam, acties[0].VerwerkteObjecten[0].Betrokkenheid)
	// Output:
	// 200 Zoeken personen Getoond in zoekresultaat
}

// A step that is no call is logged by itself, before it is taken.
func ExampleClient_Log() {
	register, _, _, af := voorbeeldConsument("balie")
	defer af()
	v := verwerking("999990019")
	actie, err := register.Log(context.Background(), sdk.Verwerkingsactie{
		ActieNaam: "Afdrukken brief", VerwerkingsactiviteitID: &raadplegen, VerwerkingID: &v.VerwerkingID,
		VerwerkteObjecten: []sdk.VerwerktObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "999990019", Betrokkenheid: "Geadresseerde"}},
	})
	if err != nil {
		log.Fatal(err) // then don't print it either
	}
	fmt.Println(actie.ActieID != nil, actie.Systeem, actie.Vertrouwelijkheid)
	// Output:
	// true Balie 6.2 normaal
}

// To read a log is a step with personal data: it needs a doelbinding and is logged.
func ExampleClient_Acties() {
	auditor, _, _, af := voorbeeldConsument("auditor")
	defer af()
	v := verwerking("999990019")
	if _, err := auditor.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00"))); err != nil {
		log.Fatal(err)
	}
	lezer := auditor.Bewaakt(sdk.NewTransport(auditor, functies))
	vraag := sdk.Vraag{Soort: "BSN", ID: "999990019", Begin: "2020-01-01", Eind: "2020-07-01"}
	for _, err := range lezer.Acties(context.Background(), vraag) {
		fmt.Println(waarom(err))
	}
	ctx := sdk.MetVerwerking(context.Background(), sdk.Verwerking{
		Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Opvragen verwerkingsacties",
	})
	for actie, err := range lezer.Acties(ctx, vraag) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(actie.ActieNaam, actie.Tijdstip)
	}
	// Output:
	// ErrGeenDoelbinding
	// Raadplegen persoonsgegevens 2020-03-05T14:35:42+01:00
}

// What a person may see: without the system and the employee.
func ExampleClient_Inzage() {
	portaal, _, _, af := voorbeeldConsument("auditor")
	defer af()
	v := verwerking("999990019")
	if _, err := portaal.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00"))); err != nil {
		log.Fatal(err)
	}
	ctx := sdk.MetVerwerking(context.Background(), sdk.Verwerking{
		Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Inzien verwerkingenlog",
	})
	lezer := portaal.Bewaakt(sdk.NewTransport(portaal, functies))
	for i, err := range lezer.Inzage(ctx, sdk.Vraag{Soort: "BSN", ID: "999990019", Begin: "2020-01-01", Eind: "2020-07-01"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s, %q, %q\n", i.Verwerkingsactie.ActieNaam, i.Betrokkenheid, i.Verwerkingsactie.Gebruiker)
	}
	// Output:
	// Raadplegen persoonsgegevens, "Betrokkene", ""
}

// Read, correct, and see the history.
func ExampleClient_Wijzig() {
	auditor, _, _, af := voorbeeldConsument("auditor")
	defer af()
	v := verwerking("999990019")
	begonnen, err := auditor.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00")))
	if err != nil {
		log.Fatal(err)
	}
	lezer := auditor.Bewaakt(sdk.NewTransport(auditor, functies))
	ctx := sdk.MetVerwerking(context.Background(), sdk.Verwerking{
		Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Herstellen verwerkingsactie",
	})
	actie, err := lezer.Actie(ctx, *begonnen.ActieID)
	if err != nil {
		log.Fatal(err)
	}
	actie.HandelingNaam = "Intake"
	if actie, err = lezer.Wijzig(ctx, actie, "Handeling vergeten"); err != nil {
		log.Fatal(err)
	}
	if err := lezer.Verwijder(ctx, actie, "Dubbel vastgelegd"); err != nil {
		log.Fatal(err)
	}
	versies, err := lezer.Versies(ctx, *begonnen.ActieID)
	if err != nil {
		log.Fatal(err)
	}
	for _, versie := range versies {
		fmt.Println(versie.Operatie, versie.Verwerkingsactie.HandelingNaam, versie.Toelichting, versie.Vervallen)
	}
	// Output:
	// POST   false
	// PUT Intake Handeling vergeten false
	// DELETE Intake Dubbel vastgelegd true
}

// A conversion. Under the same key it may be run again.
func ExampleClient_LogVeel() {
	register, _, _, af := voorbeeldConsument("balie")
	defer af()
	v, leeg := verwerking("999990019"), verwerking("")
	acties := []sdk.Verwerkingsactie{v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00")), leeg.Actie(tijdstipVan("2020-03-05T14:35:43+01:00"))}
	for range 2 {
		for a, err := range register.LogVeel(context.Background(), "conversie-2026", slices.Values(acties)) {
			switch {
			case err != nil:
				log.Fatal(err)
			case a.Fout != nil:
				fmt.Println(a.Regel, a.Fout.Params[0].Name, a.Fout.Params[0].Code)
			default:
				fmt.Println(a.Regel, "vastgelegd")
			}
		}
	}
	// Output:
	// 1 vastgelegd
	// 2 verwerkteObjecten.0.objectId required
	// 1 vastgelegd
	// 2 verwerkteObjecten.0.objectId required
}

// The confidentiality of an investigation is lifted at all who were asked.
func ExampleKeten_Verander() {
	eigen, _, _, af := voorbeeldConsument("auditor")
	defer af()
	partij, _, _, af2 := voorbeeldConsument("auditor")
	defer af2()
	v := verwerking("999990019")
	v.Vertrouwelijkheid = sdk.Vertrouwelijk
	if _, err := eigen.Log(context.Background(), v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00"))); err != nil {
		log.Fatal(err)
	}
	keten := sdk.Keten{Eigen: eigen, Anderen: map[string]*sdk.Client{"gemeente Voorbeeldstad": partij}}
	uitkomsten, err := keten.Verander(context.Background(), v.VerwerkingID, sdk.Verander{Vertrouwelijkheid: sdk.Opgeheven, Bewaartermijn: "P5Y"})
	if err != nil {
		log.Fatal(err)
	}
	for _, u := range uitkomsten {
		fmt.Printf("%q niets: %v\n", u.Naam, u.Niets)
	}
	// Output:
	// "" niets: false
	// "gemeente Voorbeeldstad" niets: true
}
