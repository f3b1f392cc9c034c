package sdk_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/sdk"
)

// A provider in full: which register, who calls, who may have what, and two guarded handlers.
func ExampleNewAanbieder() {
	g, klaar := voorbeeldGemeente() // a register that runs here
	defer klaar()

	register, err := sdk.New(sdk.Instellingen{
		URL: g.url, ClientID: "magazijn", Geheim: []byte(gemeenteGeheim),
		Organisatie: "00000001821002193000", Systeem: "Gegevensmagazijn 3.1", Gegevensbron: "Gegevensmagazijn",
	})
	if err != nil {
		log.Fatal(err)
	}
	afnemers, err := sdk.NewTokens(map[string]sdk.TokenClient{
		"derde": {Geheim: []byte(gemeenteGeheim), Afnemer: sdk.Afnemer{OINs: []string{"00000001804770694000"}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	leveringen, err := sdk.NewVasteLeveringen(sdk.Regel{
		Afnemer: "00000001804770694000", Gegevensset: "personen", Doel: "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		Levering: sdk.Levering{Activiteit: sdk.Activiteit{ID: uuid.MustParse("40fc7068-050d-45cc-8f60-770cd6d9de64"), URL: "https://var.gemeente.example/40fc7068"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	aanbieder, err := sdk.NewAanbieder(sdk.AanbiederInstellingen{
		Log: register, Afnemers: afnemers, Leveringen: leveringen, Vloer: "P1Y", Maximum: "P10Y",
	})
	if err != nil {
		log.Fatal(err)
	}

	// The persons stand in the request: they are logged, and then the handler runs.
	wie := func(_ *http.Request, body []byte) ([]sdk.Object, error) {
		var vraag struct{ BSN string }
		err := json.Unmarshal(body, &vraag)
		return []sdk.Object{sdk.BSN(vraag.BSN, "", "Verblijfsadres")}, err
	}
	raadpleeg := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"adres":"Voorbeeldplein 12"}`)
	})
	mux := http.NewServeMux()
	mux.Handle("POST /personen/_raadpleeg", aanbieder.Vooraf(sdk.Dienst{Gegevensset: "personen", ActieNaam: "Ophalen gegevens"}, wie, raadpleeg))

	server := httptest.NewServer(mux)
	defer server.Close()
	fmt.Println(vraagVoorbeeld(server.URL+"/personen/_raadpleeg", `{"bsn":"2308572"}`, sdk.Doorgave{
		OIN: "00000001804770694000", ActiviteitID: uuid.MustParse("5f0bef4c-f66f-4311-84a5-19e8bf359eaf"), VerwerkingID: sdk.NewVerwerkingID(), Bewaartermijn: "P150Y",
	}))
	actie := g.acties("2308572")[0]
	fmt.Println(actie.ActieNaam, "door", actie.AfnemerID, "bewaard", *actie.Bewaartermijn)
	// Output:
	// 200 {"adres":"Voorbeeldplein 12"}
	// Ophalen gegevens door 00000001804770694000 bewaard P10Y
}

func ExampleAanbieder_Vooraf() {
	aanbieder, g, klaar := voorbeeldAanbieder()
	defer klaar()
	wie := func(_ *http.Request, body []byte) ([]sdk.Object, error) {
		return []sdk.Object{sdk.BSN(string(body), "Betrokkene")}, nil
	}
	h := aanbieder.Vooraf(sdk.Dienst{Gegevensset: "personen", ActieNaam: "Ophalen gegevens"}, wie,
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Voorbeeldplein 12") }))

	server := httptest.NewServer(h)
	defer server.Close()
	fmt.Println(vraagVoorbeeld(server.URL, "2308572", voorbeeldDoorgave()))
	fmt.Println(len(g.acties("2308572")), "vastlegging")

	g.aan.Close() // without a register nothing is delivered, and the handler does not run
	antwoord := vraagVoorbeeld(server.URL, "2308572", voorbeeldDoorgave())
	fmt.Println(strings.Contains(antwoord, "503"), strings.Contains(antwoord, "log_niet_beschikbaar"), strings.Contains(antwoord, "Voorbeeldplein"))
	// Output:
	// 200 Voorbeeldplein 12
	// 1 vastlegging
	// true true false
}

func ExampleAanbieder_Achteraf() {
	aanbieder, g, klaar := voorbeeldAanbieder()
	defer klaar()
	h := aanbieder.Achteraf(sdk.Dienst{Gegevensset: "personen", ActieNaam: "Zoeken personen"},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, bsn := range []string{"2308572", "8237562"} { // what the search found
				sdk.Getoond(r.Context(), sdk.BSN(bsn, "Getoond in zoekresultaat"))
				fmt.Fprintln(w, "gevonden:", bsn)
			}
		}))

	server := httptest.NewServer(h)
	defer server.Close()
	fmt.Println(vraagVoorbeeld(server.URL, "", voorbeeldDoorgave()))
	fmt.Println(len(g.acties("2308572")), len(g.acties("8237562")))
	// Output:
	// 200 gevonden: 2308572
	// gevonden: 8237562
	// 1 1
}

// A handler that forgets Getoond shows nothing, and one that found nobody says so.
func ExampleGetoond() {
	aanbieder, _, klaar := voorbeeldAanbieder()
	defer klaar()
	dienst := sdk.Dienst{Gegevensset: "personen", ActieNaam: "Zoeken personen"}
	for _, h := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "gevonden: 2308572") },
		func(w http.ResponseWriter, r *http.Request) {
			sdk.Getoond(r.Context())
			fmt.Fprint(w, "niemand gevonden")
		},
	} {
		server := httptest.NewServer(aanbieder.Achteraf(dienst, h))
		fmt.Println(strings.Contains(vraagVoorbeeld(server.URL, "", voorbeeldDoorgave()), "gevonden"))
		server.Close()
	}
	// Output:
	// false
	// true
}

func ExampleNewTokens() {
	tokens, err := sdk.NewTokens(map[string]sdk.TokenClient{
		"procesapplicatie": {Geheim: []byte("geheim van een test, lang genoeg!"), Afnemer: sdk.Afnemer{OINs: []string{"00000001804770694000"}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/personen/_raadpleeg", nil)
	_, err = tokens.Wie(r)
	fmt.Println(err)

	token, err := autorisatie.Sign("procesapplicatie", []byte("geheim van een test, lang genoeg!"), autorisatie.Claims{}, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	wie, err := tokens.Wie(r)
	fmt.Println(wie.OINs, err)
	// Output:
	// niet bewezen wie dit vraagt: geen token, of meer dan één
	// [00000001804770694000] <nil>
}

// The server asks for a certificate; who issued it must be believed here.
func ExampleNewCertificaten() {
	uitgever, certificaat := voorbeeldCertificaat()
	certificaten, err := sdk.NewCertificaten(uitgever, "00000001804770694000")
	if err != nil {
		log.Fatal(err)
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wie, err := certificaten.Wie(r)
		fmt.Fprint(w, wie.OINs, wie.MagVertrouwelijk, err)
	})
	server := httptest.NewUnstartedServer(h)
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	defer server.Close()

	afnemer := server.Client()
	afnemer.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{certificaat}
	res, err := afnemer.Get(server.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	fmt.Println(string(body), err)
	// Output: [00000001804770694000] true <nil> <nil>
}

func ExampleBeide() {
	uitgever, certificaat := voorbeeldCertificaat()
	certificaten, err := sdk.NewCertificaten(uitgever)
	if err != nil {
		log.Fatal(err)
	}
	tokens, err := sdk.NewTokens(map[string]sdk.TokenClient{
		"ander": {Geheim: []byte(gemeenteGeheim), Afnemer: sdk.Afnemer{OINs: []string{"00000099555555550000"}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	token, err := autorisatie.Sign("ander", []byte(gemeenteGeheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{certificaat.Leaf}}
	_, err = sdk.Beide(tokens, certificaten).Wie(r)
	fmt.Println(err)
	// Output: niet bewezen wie dit vraagt: het certificaat is van een andere organisatie dan het token
}

func ExampleLeesDoorgave() {
	h := http.Header{}
	h.Set("OIN", "00000001804770694000")
	h.Set("Vertrouwelijkheid", "Normaal")
	h.Set("Bewaartermijn", "10") // years, as before 2021
	doorgave, mis := sdk.LeesDoorgave(h)
	fmt.Println(doorgave.OIN, doorgave.Vertrouwelijkheid, doorgave.Bewaartermijn, mis)

	h.Set("VerwerkingId", "zaak 12")
	_, mis = sdk.LeesDoorgave(h)
	fmt.Println(mis[0].Name, mis[0].Reason)
	// Output:
	// 00000001804770694000 normaal P10Y []
	// VerwerkingId Geef een UUID, zoals 48086bf2-11b7-4603-9526-67d7c3bb6587.
}

func voorbeeldDoorgave() sdk.Doorgave { return doorgaveDerde() }

func voorbeeldAanbieder() (*sdk.Aanbieder, *gemeente, func()) {
	g, klaar := voorbeeldGemeente()
	a, _ := g.aanbieder()
	return a, g, klaar
}

func voorbeeldGemeente() (*gemeente, func()) {
	t := &zonderTest{}
	return newGemeente(t), t.klaar
}

// vraagVoorbeeld is a call of the third party of C2866: the status and the body.
func vraagVoorbeeld(url, body string, d sdk.Doorgave) string {
	t := &zonderTest{}
	defer t.klaar()
	res, antwoord := doe(t, vraagAan(t, http.MethodPost, url, body, d))
	return strings.TrimSpace(fmt.Sprint(res.StatusCode, " ", antwoord))
}

func voorbeeldCertificaat() (*x509.CertPool, tls.Certificate) {
	t := &zonderTest{}
	root := (*stempel)(nil).geef(t, true, nil)
	eigen := root.geef(t, false, vanOIN(derdeOIN))
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	c := eigen.tls()
	c.Leaf = eigen.cert
	return pool, c
}

// zonderTest is what an Example gives to those who want a test.
type zonderTest struct{ voorbeeldTB }

func (z *zonderTest) Fatalf(format string, a ...any) { log.Panicf(format, a...) }
func (z *zonderTest) Errorf(format string, a ...any) { log.Panicf(format, a...) }

func (z *zonderTest) klaar() {
	for _, f := range slices.Backward(z.af) {
		f()
	}
}
