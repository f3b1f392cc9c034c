package sdk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server/servertest"
	"github.com/verantwoord/verantwoord/sdk"
)

// The two parties of C2866, and what they tell each other.
const (
	gemeenteOIN     = "00000001821002193000"
	derdeOIN        = "00000001804770694000"
	activiteitDerde = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
	verwerkingDerde = "16a69cb6-41b0-4ea0-8c80-7a735e3609e0"
	activiteitEigen = "40fc7068-050d-45cc-8f60-770cd6d9de64"

	gemeenteGeheim = "geheim van een test, lang genoeg!"
	gemeenteApps   = `organisaties:
  - {oin: "00000001821002193000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [magazijn]
    geheim: "geheim van een test, lang genoeg!"
    label: Gegevensmagazijn
    organisatie: "00000001821002193000"
    oins: ["00000001821002193000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "update:confidential"]}
  - clientIds: [magazijn-heft-niet-op]
    geheim: "geheim van een test, lang genoeg!"
    label: Gegevensmagazijn dat niets opheft
    organisatie: "00000001821002193000"
    oins: ["00000001821002193000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential"]}
  - clientIds: [lezer]
    geheim: "geheim van een test, lang genoeg!"
    label: Wie naleest
    organisatie: "00000001821002193000"
    oins: ["00000001821002193000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["read:confidential"]}
`
)

func doorgaveDerde() sdk.Doorgave {
	return sdk.Doorgave{
		OIN: derdeOIN, ActiviteitID: uuid.MustParse(activiteitDerde), ActiviteitURL: "https://var.derde-partij.example/" + activiteitDerde,
		VerwerkingID: uuid.MustParse(verwerkingDerde), Vertrouwelijkheid: sdk.Normaal, Bewaartermijn: "P150Y",
	}
}

// gemeente is a register with a line before it on which everything can go wrong.
type gemeente struct {
	t   testing.TB
	url string // of the register itself
	aan *httptest.Server
	hoe atomic.Pointer[func(w http.ResponseWriter, r *http.Request, door http.Handler)]

	mu       sync.Mutex
	gebeurde []string // in order: what the register answered, and what a test noted
}

// newGemeente starts one; tb may be that of a benchmark or an example.
func newGemeente(t testing.TB) *gemeente {
	t.Helper()
	g := &gemeente{t: t, url: servertest.Start(t, gemeenteApps).URL}
	naar, err := url.Parse(g.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(naar) },
		ModifyResponse: func(r *http.Response) error {
			g.noteer(fmt.Sprintf("register %s %d", r.Request.Method, r.StatusCode))
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	g.aan = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hoe := g.hoe.Load(); hoe != nil {
			(*hoe)(w, r, proxy)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	opruimen.Na(t, g.aan.Close)
	return g
}

func (g *gemeente) noteer(s string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gebeurde = append(g.gebeurde, s)
}

// toen gives what happened since the last time.
func (g *gemeente) toen() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.gebeurde
	g.gebeurde = nil
	return s
}

func (g *gemeente) log(client string) *sdk.Client { return g.logMet(client, nil) }

// logMet reaches the register in another way than the SDK has by itself.
func (g *gemeente) logMet(client string, h *http.Client) *sdk.Client {
	g.t.Helper()
	c, err := sdk.New(sdk.Instellingen{
		URL: g.aan.URL, ClientID: client, Geheim: []byte(gemeenteGeheim), Organisatie: gemeenteOIN,
		Systeem: "Gegevensmagazijn 3.1", Gegevensbron: "Gegevensmagazijn", Wacht: time.Millisecond, HTTP: h,
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return c
}

// acties asks the register itself what it holds of a person, apart from the SDK and without the looks at the register.
func (g *gemeente) acties(bsn string) []sdk.Verwerkingsactie {
	g.t.Helper()
	acties, err := g.vraag(map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn, "pageSize": 500})
	if err != nil {
		g.t.Fatal(err)
	}
	return acties
}

func (g *gemeente) vraag(filter map[string]any) ([]sdk.Verwerkingsactie, error) {
	body, err := json.Marshal(filter)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, g.url+"/bewerking/api/v1/verwerkingsacties/_zoek", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	token, err := autorisatie.Sign("lezer", []byte(gemeenteGeheim), autorisatie.Claims{}, time.Now())
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
	if err != nil || res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%d: %s, %w", res.StatusCode, antwoord, err)
	}
	if err := json.Unmarshal(antwoord, &lijst); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lijst.Results, func(a sdk.Verwerkingsactie) bool { return strings.HasPrefix(a.ActieNaam, "Opvragen") }), nil
}

// telling counts what an Aanbieder tells.
type telling struct {
	mu  sync.Mutex
	per []sdk.Gebeurtenis
}

func (t *telling) meet(g sdk.Gebeurtenis) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.per = append(t.per, g)
}

// soorten gives what was counted since the last time.
func (t *telling) soorten() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	uit := []string{}
	for _, g := range t.per {
		uit = append(uit, g.Soort)
	}
	t.per = nil
	return uit
}

func eigenActiviteit(id string) sdk.Activiteit {
	return sdk.Activiteit{ID: uuid.MustParse(id), URL: "https://var.gemeente.example/" + id}
}

// dienstMagazijn is the one of C2866.
var dienstMagazijn = sdk.Dienst{Gegevensset: "personen", ActieNaam: "Ophalen gegevens"}

// leveringDerde allows what C2866 needs: with the activity of the third party, and without any.
func leveringDerde(t testing.TB) sdk.VasteLeveringen {
	t.Helper()
	l := sdk.Levering{Activiteit: eigenActiviteit(activiteitEigen), Vertrouwelijk: true}
	tabel, err := sdk.NewVasteLeveringen(
		sdk.Regel{Afnemer: derdeOIN, Gegevensset: "personen", Doel: activiteitDerde, Levering: l},
		sdk.Regel{Afnemer: derdeOIN, Gegevensset: "personen", Doel: sdk.NietOpgegeven, Levering: l},
	)
	if err != nil {
		t.Fatal(err)
	}
	return tabel
}

// derdeMetToken is the client of the third party; it may ask for confidentiality.
func derdeMetToken(t testing.TB) *sdk.Tokens {
	t.Helper()
	tokens, err := sdk.NewTokens(map[string]sdk.TokenClient{
		"derde": {Geheim: []byte(gemeenteGeheim), Afnemer: sdk.Afnemer{OINs: []string{derdeOIN}, MagVertrouwelijk: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// aanbieder makes one as in C2866; wijzig may change what it is made of.
func (g *gemeente) aanbieder(wijzig ...func(*sdk.AanbiederInstellingen)) (*sdk.Aanbieder, *telling) {
	g.t.Helper()
	n := &telling{}
	i := sdk.AanbiederInstellingen{Log: g.log("magazijn"), Afnemers: derdeMetToken(g.t), Leveringen: leveringDerde(g.t), Meting: n.meet}
	for _, w := range wijzig {
		w(&i)
	}
	a, err := sdk.NewAanbieder(i)
	if err != nil {
		g.t.Fatal(err)
	}
	return a, n
}

func (g *gemeente) serveer(h http.Handler) *httptest.Server {
	g.t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = zwijgend
	s.Start()
	opruimen.Na(g.t, s.Close)
	return s
}

// bsnInBody is how the test provider is asked about known persons: their numbers, one a line.
func bsnInBody(_ *http.Request, body []byte) ([]sdk.Object, error) {
	var uit []sdk.Object
	for bsn := range strings.FieldsSeq(string(body)) {
		if strings.Trim(bsn, "0123456789") != "" {
			return nil, fmt.Errorf("%q is geen BSN", bsn)
		}
		uit = append(uit, sdk.BSN(bsn, "Betrokkene", "Verblijfsadres"))
	}
	return uit, nil
}

var laatste atomic.Int64

// nieuwPersoon gives the number of a person who does not exist, another each time.
func nieuwPersoon() string { return fmt.Sprintf("9999%05d", laatste.Add(1)) }

// vraagAan makes a request of the third party.
func vraagAan(t testing.TB, methode, url, body string, d sdk.Doorgave) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), methode, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	token, err := autorisatie.Sign("derde", []byte(gemeenteGeheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	d.Zet(r.Header)
	return r
}

// doe makes it, and gives the answer with its body read.
func doe(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	h := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer h.CloseIdleConnections()
	res, err := h.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// codeVan reads the code of a problem+json.
func codeVan(t testing.TB, res *http.Response, body string) string {
	t.Helper()
	var p struct {
		Code, Title, Detail, Instance string
		Status                        int
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s: no problem+json", res.StatusCode, body)
	}
	if p.Status != res.StatusCode || p.Title == "" || p.Detail == "" || !strings.HasPrefix(p.Instance, "urn:uuid:") {
		t.Errorf("a problem that says too little: %s", body)
	}
	return p.Code
}
