package sdk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/server/servertest"
	"github.com/verantwoord/verantwoord/sdk"
)

const (
	consumentOIN    = "00000099000000010000"
	consumentGeheim = "geheim van een test, lang genoeg!"
	consumentApps   = `organisaties:
  - {oin: "00000099000000010000", naam: Waterschap Voorbeeldvliet}
applicaties:
  - clientIds: [balie]
    geheim: "geheim van een test, lang genoeg!"
    label: Balie
    organisatie: "00000099000000010000"
    oins: ["00000099000000010000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal", "create:confidential"]}
  - clientIds: [auditor]
    geheim: "geheim van een test, lang genoeg!"
    label: Auditor
    organisatie: "00000099000000010000"
    oins: ["00000099000000010000"]
    autorisaties:
      - component: verwerkingenlogging-bewerking
        scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential", "audit:read"]
      - {component: verwerkingenlogging-inzage, scopes: ["read:confidential"]}
`
)

var (
	raadplegen = uuid.MustParse("c5b9f4e7-8c79-41b9-91e2-6268419cb167")
	functies   = sdk.VasteFuncties{"raadplegen": {ID: raadplegen, URL: "https://var.voorbeeldvliet.example/" + raadplegen.String(), BewaartermijnLog: "P5Y"}}
)

func consumentRegister(t testing.TB) *servertest.Register {
	t.Helper()
	return servertest.Start(t, consumentApps)
}

// consumentClient is an application that reaches a register at this address.
func consumentClient(t testing.TB, url, id string) *sdk.Client {
	t.Helper()
	c, err := sdk.New(sdk.Instellingen{
		URL: url, ClientID: id, Geheim: []byte(consumentGeheim), Organisatie: consumentOIN, Systeem: "Balie 6.2", Wacht: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// geefToken is what an auditor signs, apart from the SDK.
func geefToken(t testing.TB) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(consumentGeheim)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(fmt.Appendf(nil, `{"iss":"auditor","iat":%d,"client_id":"auditor"}`, time.Now().Unix()))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// inRegister asks a register itself, apart from the SDK, what it holds of a verwerking.
func inRegister(t testing.TB, register string, verwerking uuid.UUID) []sdk.Verwerkingsactie {
	t.Helper()
	acties, err := vraagRegister(register, geefToken(t), verwerking)
	if err != nil {
		t.Fatal(err)
	}
	return acties
}

func vraagRegister(register, token string, verwerking uuid.UUID) ([]sdk.Verwerkingsactie, error) {
	body, err := json.Marshal(map[string]any{"verwerkingId": verwerking, "pageSize": 500})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, register+"/bewerking/api/v1/verwerkingsacties/_zoek", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var lijst struct{ Results []sdk.Verwerkingsactie }
	antwoord, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%d: %s", res.StatusCode, antwoord)
	}
	return lijst.Results, json.Unmarshal(antwoord, &lijst)
}

// personenIn gives the numbers of everybody in records.
func personenIn(acties []sdk.Verwerkingsactie) []string {
	var uit []string
	for _, a := range acties {
		for _, o := range a.VerwerkteObjecten {
			uit = append(uit, o.ObjectID)
		}
	}
	slices.Sort(uit)
	return uit
}

// persoon is the number of a person who does not exist.
func persoon(k int) string { return fmt.Sprintf("9999%05d", k) }

func objecten(nummers ...string) []sdk.Object {
	uit := make([]sdk.Object, len(nummers))
	for k, n := range nummers {
		uit[k] = sdk.BSN(n, "Betrokkene", "Verblijfsadres")
	}
	return uit
}

// gevonden reads what the data provider of these tests answers.
func gevonden(_ *http.Response, body []byte) ([]sdk.Object, error) {
	var a struct{ Personen []string }
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.Personen == nil {
		return nil, fmt.Errorf("dit is geen lijst van personen: %s", body)
	}
	var uit []sdk.Object
	for _, p := range a.Personen {
		uit = append(uit, sdk.BSN(p, "Getoond in zoekresultaat"))
	}
	return uit, nil
}

// verwerking is a step of the application with these persons.
func verwerking(nummers ...string) sdk.Verwerking {
	return sdk.Verwerking{
		Functie: "raadplegen", VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Raadplegen persoonsgegevens",
		VerwerkingNaam: "Vergunning", Gebruiker: "medewerker-1", Objecten: objecten(nummers...),
	}
}

// persoonsnummer is that of a person of these tests. Four nines alone stand in ports and in random ids too.
var persoonsnummer = regexp.MustCompile(`\b9999[0-9]{5,}\b`)

// noemtIemand reports whether a text holds the number of a person of these tests.
func noemtIemand(tekst string) bool { return persoonsnummer.MatchString(tekst) }

func mustUUID(s string) uuid.UUID {
	u, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil
	}
	return u
}

func tijdstipVan(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}
