package sdk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// basisTeller counts calls that leave, and sees whether a refused one was closed.
type basisTeller struct {
	http.RoundTripper
	n atomic.Int32
}

func (b *basisTeller) RoundTrip(r *http.Request) (*http.Response, error) {
	b.n.Add(1)
	return b.RoundTripper.RoundTrip(r)
}

type dichtBody struct {
	io.Reader
	dicht atomic.Bool
}

func (d *dichtBody) Close() error { d.dicht.Store(true); return nil }

// tel counts events by kind.
type tel struct {
	mu sync.Mutex
	n  map[string]int
}

func (t *tel) meet(g sdk.Gebeurtenis) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int{}
	}
	t.n[g.Soort]++
}

func TestACallThatMayNotBeMadeNeverLeaves(t *testing.T) {
	t.Parallel()
	bron := httptest.NewServer(http.HandlerFunc(voorbeeldBron))
	opruimen.Na(t, bron.Close)
	reg := consumentRegister(t)
	met := func(f func(*sdk.Verwerking)) context.Context {
		v := verwerking(persoon(1))
		f(&v)
		return sdk.MetVerwerking(t.Context(), v)
	}
	for name, tt := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"no verwerking":                    {t.Context(), sdk.ErrGeenDoelbinding},
		"unknown function":                 {met(func(v *sdk.Verwerking) { v.Functie = "Raadplegen" }), sdk.ErrGeenDoelbinding},
		"no function and no activity":      {met(func(v *sdk.Verwerking) { v.Functie = "" }), sdk.ErrGeenDoelbinding},
		"another activity than the table":  {met(func(v *sdk.Verwerking) { v.Activiteit = uuid.New() }), sdk.ErrVerwerking},
		"nobody":                           {met(func(v *sdk.Verwerking) { v.Objecten = nil }), sdk.ErrGeenPersonen},
		"lifted beforehand":                {met(func(v *sdk.Verwerking) { v.Vertrouwelijkheid = sdk.Opgeheven }), sdk.ErrVerwerking},
		"a confidentiality nobody knows":   {met(func(v *sdk.Verwerking) { v.Vertrouwelijkheid = "Geheim" }), sdk.ErrVerwerking},
		"confidential without an id":       {met(func(v *sdk.Verwerking) { v.Vertrouwelijkheid, v.VerwerkingID = sdk.Vertrouwelijk, uuid.Nil }), sdk.ErrVerwerking},
		"confidential by nature, no id":    {met(func(v *sdk.Verwerking) { v.Functie, v.VerwerkingID, v.Bewaartermijn = "onderzoeken", uuid.Nil, "P1Y" }), sdk.ErrVerwerking},
		"no term and no id":                {met(func(v *sdk.Verwerking) { v.Functie, v.VerwerkingID = "zonder termijn", uuid.Nil }), sdk.ErrVerwerking},
		"an activity by id, no term no id": {met(func(v *sdk.Verwerking) { v.Functie, v.Activiteit, v.VerwerkingID = "", raadplegen, uuid.Nil }), sdk.ErrVerwerking},
		"a person without a number":        {met(func(v *sdk.Verwerking) { v.Objecten[0].ID = "" }), sdk.ErrNietVastgelegd},
		"a search without Gevonden":        {sdk.MetZoekopdracht(t.Context(), verwerking(), nil), sdk.ErrOnbruikbaar},
		"the context is over":              {overleden(met(func(*sdk.Verwerking) {})), sdk.ErrNietVastgelegd},
	} {
		t.Run(name, func(t *testing.T) {
			basis, metingen := &basisTeller{RoundTripper: http.DefaultTransport}, &tel{}
			tr := &sdk.Transport{Basis: basis, Log: consumentClient(t, reg.URL, "balie"), Functies: sdk.VasteFuncties{
				"raadplegen": functies["raadplegen"], "zonder termijn": {ID: raadplegen}, "onderzoeken": {ID: raadplegen, Vertrouwelijk: true},
			}, Meting: metingen.meet}
			body := &dichtBody{Reader: strings.NewReader("{}")}
			r, err := http.NewRequestWithContext(tt.ctx, http.MethodPost, bron.URL, body)
			if err != nil {
				t.Fatal(err)
			}
			res, err := tr.RoundTrip(r)
			if !errors.Is(err, tt.want) || res != nil {
				t.Errorf("got %v, %v, want %v", res, err, tt.want)
			}
			if n := basis.n.Load(); n != 0 && !errors.Is(err, sdk.ErrOnbruikbaar) {
				t.Errorf("%d calls left", n)
			}
			if !body.dicht.Load() {
				t.Error("the body of the request was not closed")
			}
			if metingen.n[sdk.SoortGeweigerd]+metingen.n[sdk.SoortNietVastgelegd]+metingen.n[sdk.SoortOnbruikbaar] != 1 {
				t.Errorf("counted %v", metingen.n)
			}
		})
	}
}

func overleden(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// uitVragen runs a call through a Transport and gives the record that it left, and the headers that arrived.
func uitVragen(t *testing.T, tr *sdk.Transport, register string, v sdk.Verwerking, eigen http.Header) ([]sdk.Verwerkingsactie, http.Header) {
	t.Helper()
	var kop http.Header
	bron := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kop = r.Header
		voorbeeldBron(w, r)
	}))
	opruimen.Na(t, bron.Close)
	r, err := http.NewRequestWithContext(sdk.MetVerwerking(t.Context(), v), http.MethodPost, bron.URL, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range eigen {
		r.Header[k] = w
	}
	res, err := (&http.Client{Transport: tr}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for k, w := range eigen {
		if r.Header[k][0] != w[0] {
			t.Errorf("header %s of the application was changed", k)
		}
	}
	return inRegister(t, register, v.VerwerkingID), kop
}

func TestTheOtherSideIsToldOnWhoseBehalfAndWhy(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	tr := sdk.NewTransport(consumentClient(t, reg.URL, "balie"), functies)
	v := verwerking(persoon(1))
	v.Vertrouwelijkheid = sdk.Vertrouwelijk
	vals := http.Header{"OIN": {"00000099000000099999"}, "Oin": {"00000099000000099999"}, "vertrouwelijkheid": {"normaal"}, "Bewaartermijn": {"P99Y"}}
	acties, kop := uitVragen(t, tr, reg.URL, v, vals)
	for naam, want := range map[string]string{
		"OIN": consumentOIN, "VerwerkingsactiviteitId": raadplegen.String(), "VerwerkingsactiviteitUrl": functies["raadplegen"].URL,
		"VerwerkingId": v.VerwerkingID.String(), "Vertrouwelijkheid": "vertrouwelijk", "Bewaartermijn": "P5Y",
	} {
		if got := kop.Values(naam); len(got) != 1 || got[0] != want {
			t.Errorf("header %s is %q, want %q", naam, got, want)
		}
	}
	if len(acties) != 1 {
		t.Fatalf("%d records", len(acties))
	}
	a := acties[0]
	if *a.VerwerkingsactiviteitID != raadplegen || *a.Bewaartermijn != "P5Y" || a.Vertrouwelijkheid != sdk.Vertrouwelijk || a.Systeem != "Balie 6.2" || a.Gebruiker != "medewerker-1" {
		t.Errorf("the record is %+v", a)
	}
}

// Work that another organisation executes is asked in the name of that one (B9177), and logged with it.
func TestWhoExecutesTheWorkAsksInItsOwnName(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	const uitvoerder = "00000099000000020000"
	c, err := sdk.New(sdk.Instellingen{URL: reg.URL, ClientID: "balie", Geheim: []byte(consumentGeheim), Organisatie: consumentOIN, Uitvoerder: uitvoerder})
	if err != nil {
		t.Fatal(err)
	}
	acties, kop := uitVragen(t, sdk.NewTransport(c, functies), reg.URL, verwerking(persoon(1)), nil)
	if kop.Get("OIN") != uitvoerder || len(acties) != 1 || acties[0].Uitvoerder == nil || *acties[0].Uitvoerder != uitvoerder {
		t.Errorf("told %q, logged %+v", kop.Get("OIN"), acties)
	}
}

func TestTheProfileOfAnActivitySaysWhatIsLogged(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	log := consumentClient(t, reg.URL, "balie")
	for name, tt := range map[string]struct {
		activiteit                sdk.Activiteit
		vertrouwelijk             bool
		namen, gebruiker, soorten bool
		wantVertrouwelijkheid     sdk.Vertrouwelijkheid
	}{
		"not chosen":             {sdk.Activiteit{}, false, true, true, true, sdk.Normaal},
		"all":                    {sdk.Activiteit{Omvang: sdk.OmvangVolledig, Gebruiker: true, Soorten: true, BewaartermijnLog: "P1Y"}, false, true, true, true, sdk.Normaal},
		"no employee, no kinds":  {sdk.Activiteit{Omvang: sdk.OmvangVolledig, BewaartermijnLog: "P1Y"}, false, true, false, false, sdk.Normaal},
		"the least":              {sdk.Activiteit{Omvang: sdk.OmvangMinimaal, BewaartermijnLog: "P1Y"}, false, false, false, false, sdk.Normaal},
		"the least, no term":     {sdk.Activiteit{Omvang: sdk.OmvangMinimaal}, false, true, false, false, sdk.Normaal},
		"the least, in secret":   {sdk.Activiteit{Omvang: sdk.OmvangMinimaal, BewaartermijnLog: "P1Y"}, true, true, false, false, sdk.Vertrouwelijk},
		"secret by nature":       {sdk.Activiteit{Vertrouwelijk: true, BewaartermijnLog: "P1Y"}, false, true, true, true, sdk.Vertrouwelijk},
		"off by the application": {sdk.Activiteit{Omvang: sdk.OmvangUit, BewaartermijnLog: "P1Y"}, false, true, true, true, sdk.Normaal},
	} {
		t.Run(name, func(t *testing.T) {
			tt.activiteit.ID = raadplegen
			v := verwerking(persoon(1))
			if tt.vertrouwelijk {
				v.Vertrouwelijkheid = sdk.Vertrouwelijk
			}
			acties, kop := uitVragen(t, sdk.NewTransport(log, sdk.VasteFuncties{"raadplegen": tt.activiteit}), reg.URL, v, nil)
			if len(acties) != 1 {
				t.Fatalf("%d records", len(acties))
			}
			a := acties[0]
			if (a.ActieNaam != "") != tt.namen || (a.VerwerkingNaam != "") != tt.namen || (a.Gebruiker != "") != tt.gebruiker || (len(a.VerwerkteObjecten[0].VerwerkteSoortenGegevens) > 0) != tt.soorten {
				t.Errorf("the record is %+v", a)
			}
			if a.Vertrouwelijkheid != tt.wantVertrouwelijkheid || kop.Get("Vertrouwelijkheid") != string(tt.wantVertrouwelijkheid) || a.VerwerkteObjecten[0].ObjectID != persoon(1) {
				t.Errorf("logged as %s, told as %s, of %s", a.Vertrouwelijkheid, kop.Get("Vertrouwelijkheid"), a.VerwerkteObjecten[0].ObjectID)
			}
		})
	}
}

// A redirect to the same server is the same step; to another one it is not followed.
func TestARedirectIsNotAWayAroundTheRecord(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	vreemd := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a call arrived at another server") }))
	opruimen.Na(t, vreemd.Close)
	mux := http.NewServeMux()
	mux.HandleFunc("/hier", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/daar", http.StatusSeeOther) })
	mux.HandleFunc("/daar", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/einde", http.StatusFound) })
	mux.HandleFunc("/einde", voorbeeldBron)
	mux.HandleFunc("/weg", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, vreemd.URL, http.StatusFound) })
	mux.HandleFunc("/omweg", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/weg", http.StatusFound) })
	bron := httptest.NewServer(mux)
	opruimen.Na(t, bron.Close)
	client := &http.Client{Transport: sdk.NewTransport(consumentClient(t, reg.URL, "balie"), functies)}
	for pad, want := range map[string]error{"/hier": nil, "/weg": sdk.ErrOmleiding, "/omweg": sdk.ErrOmleiding} {
		v := verwerking(persoon(1))
		r, err := http.NewRequestWithContext(sdk.MetVerwerking(t.Context(), v), http.MethodGet, bron.URL+pad, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", pad, err, want)
		}
		if err == nil {
			res.Body.Close()
			// An answer of one step is no ticket for another.
			ander := verwerking(persoon(2))
			r2 := r.WithContext(sdk.MetVerwerking(t.Context(), ander))
			r2.Response = res
			if res2, err := client.Transport.RoundTrip(r2); err != nil {
				t.Error(err)
			} else {
				res2.Body.Close()
			}
			if got := personenIn(inRegister(t, reg.URL, ander.VerwerkingID)); len(got) != 1 {
				t.Errorf("%v in the register after a call with the answer of another", got)
			}
		}
		if n := len(inRegister(t, reg.URL, v.VerwerkingID)); n != 1 {
			t.Errorf("%s: %d records, want 1", pad, n)
		}
	}
}
