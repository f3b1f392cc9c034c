package sdk_test

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/sdk"
)

var zwijgend = log.New(io.Discard, "", 0)

// geefGegevens is the handler of a warehouse: data of whoever stands in the request.
func geefGegevens(g *gemeente) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.noteer("handler")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		_, _ = w.Write(append([]byte("gegevens van "), body...))
	})
}

// C2866, both situations: every attribute of the record of the municipality, as the register gives it.
func TestC2866TheProviderLogsWhatTheStandardSays(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	tekst := func(s string) *string { return &s }
	id := func(s string) *uuid.UUID { u := uuid.MustParse(s); return &u }
	alles := sdk.Verwerkingsactie{
		ActieNaam: "Ophalen gegevens", VerwerkingsactiviteitID: id(activiteitEigen), VerwerkingsactiviteitURL: tekst("https://var.gemeente.example/" + activiteitEigen),
		Vertrouwelijkheid: sdk.Normaal, Systeem: "Gegevensmagazijn 3.1", Gegevensbron: "Gegevensmagazijn",
	}
	met := func(w func(*sdk.Verwerkingsactie)) sdk.Verwerkingsactie { a := alles; w(&a); return a }
	for _, tt := range []struct {
		naam     string
		doorgave sdk.Doorgave
		leeg     bool
		want     sdk.Verwerkingsactie
		geteld   []string
	}{
		{"situation 1", doorgaveDerde(), false, met(func(a *sdk.Verwerkingsactie) {
			a.Bewaartermijn, a.SoortAfnemerID, a.AfnemerID = tekst("P150Y"), "OIN", derdeOIN
			a.VerwerkingsactiviteitIDAfn, a.VerwerkingsactiviteitURLAfn = id(activiteitDerde), tekst("https://var.derde-partij.example/"+activiteitDerde)
			a.VerwerkingIDAfnemer = id(verwerkingDerde)
		}), []string{sdk.SoortVastgelegd}},
		{"situation 1, as C2866 words it: no activity", sdk.Doorgave{OIN: derdeOIN, VerwerkingID: uuid.MustParse(verwerkingDerde), Vertrouwelijkheid: sdk.Normaal, Bewaartermijn: "P150Y"}, false, met(func(a *sdk.Verwerkingsactie) {
			a.Bewaartermijn, a.SoortAfnemerID, a.AfnemerID, a.VerwerkingIDAfnemer = tekst("P150Y"), "OIN", derdeOIN, id(verwerkingDerde)
		}), []string{sdk.SoortZonderVerantwoording, sdk.SoortVastgelegd}},
		{"situation 2", sdk.Doorgave{}, false, met(func(a *sdk.Verwerkingsactie) {
			a.SoortAfnemerID, a.AfnemerID = "OIN", derdeOIN
		}), []string{sdk.SoortZonderVerantwoording, sdk.SoortVastgelegd}},
		{"situation 2, to the letter of the figure", sdk.Doorgave{}, true, alles, []string{sdk.SoortZonderVerantwoording, sdk.SoortVastgelegd}},
	} {
		for _, patroon := range []string{"vooraf", "achteraf"} {
			bsn := nieuwPersoon()
			a, n := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.AfnemerLeeg = tt.leeg })
			h := a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))
			var begonnen time.Time
			if patroon == "achteraf" {
				h = a.Achteraf(dienstMagazijn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					begonnen = time.Now()
					sdk.Getoond(r.Context(), sdk.BSN(bsn, "Betrokkene", "Verblijfsadres"))
					geefGegevens(g).ServeHTTP(w, r)
				}))
			}
			s := g.serveer(h)
			g.toen()
			voor := time.Now()
			res, body := doe(t, vraagAan(t, http.MethodPost, s.URL, bsn, tt.doorgave))
			g.noteer("antwoord")
			if res.StatusCode != http.StatusOK || body != "gegevens van "+bsn {
				t.Fatalf("%s, %s: %d %s", tt.naam, patroon, res.StatusCode, body)
			}
			if c := res.Header.Get("Cache-Control"); c != "no-store" {
				t.Errorf("%s, %s: a cache may keep it: %q", tt.naam, patroon, c)
			}
			volgorde := []string{"register POST 201", "handler", "antwoord"}
			if patroon == "achteraf" {
				volgorde = []string{"handler", "register POST 201", "antwoord"}
			}
			if d := cmp.Diff(volgorde, g.toen()); d != "" {
				t.Errorf("%s, %s: %s", tt.naam, patroon, d)
			}
			if d := cmp.Diff(tt.geteld, n.soorten()); d != "" {
				t.Errorf("%s, %s: counted: %s", tt.naam, patroon, d)
			}
			acties := g.acties(bsn)
			if len(acties) != 1 {
				t.Fatalf("%s, %s: %d acties", tt.naam, patroon, len(acties))
			}
			actie := acties[0]
			// An own id of the verwerking, new each time, and never that of the caller (B7259, X32).
			if v := actie.VerwerkingID; v == nil || *v == uuid.Nil || v.String() == verwerkingDerde {
				t.Errorf("%s, %s: verwerkingId is %v", tt.naam, patroon, v)
			}
			begin, err := time.Parse(time.RFC3339Nano, actie.Tijdstip)
			if patroon == "vooraf" {
				begonnen = time.Now()
			}
			if err != nil || begin.Before(voor.Truncate(0)) || begin.After(begonnen) {
				t.Errorf("%s, %s: tijdstip %s is not that of the request", tt.naam, patroon, actie.Tijdstip)
			}
			want := tt.want
			want.VerwerkteObjecten = []sdk.VerwerktObject{{
				Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn, Betrokkenheid: "Betrokkene", VerwerkteSoortenGegevens: []sdk.SoortGegeven{{SoortGegeven: "Verblijfsadres"}},
			}}
			actie.ActieID, actie.VerwerkingID, actie.Tijdstip, actie.TijdstipRegistratie = nil, nil, "", ""
			for k := range actie.VerwerkteObjecten {
				actie.VerwerkteObjecten[k].VerwerktObjectID = nil
			}
			if d := cmp.Diff(want, actie); d != "" {
				t.Errorf("%s, %s: %s", tt.naam, patroon, d)
			}
		}
	}
}

// X48: what a caller has lifted is logged confidential, and then lifted here too when that may.
func TestWhatACallerLiftedIsLiftedHere(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	d := doorgaveDerde()
	d.Vertrouwelijkheid = sdk.Opgeheven
	for _, tt := range []struct {
		client string
		want   sdk.Vertrouwelijkheid
		geteld []string
	}{
		{"magazijn", sdk.Opgeheven, []string{sdk.SoortVastgelegd}},
		{"magazijn-heft-niet-op", sdk.Vertrouwelijk, []string{sdk.SoortVastgelegd, sdk.SoortOpheffenMislukt}},
	} {
		a, n := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Log = g.log(tt.client) })
		bsn := nieuwPersoon()
		g.toen()
		res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, bsn, d))
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", tt.client, res.StatusCode, body)
		}
		if acties := g.acties(bsn); len(acties) != 1 || acties[0].Vertrouwelijkheid != tt.want {
			t.Errorf("%s: %+v", tt.client, acties)
		}
		if got := n.soorten(); !slices.Equal(got, tt.geteld) {
			t.Errorf("%s: counted %v", tt.client, got)
		}
		if got := g.toen(); len(got) != 3 || got[0] != "register POST 201" || !strings.HasPrefix(got[1], "register PATCH") || got[2] != "handler" {
			t.Errorf("%s: %v", tt.client, got)
		}
	}
}

func TestTheTermOfTheCallerIsLoggedWithinTheBoundsOfTheProvider(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	for _, tt := range []struct{ header, activiteit, want string }{
		{"P5Y", "P2Y", "P5Y"},
		{"5", "", "P5Y"},
		{"P1M", "P2Y", "P1Y"},
		{"P150Y", "P2Y", "P10Y"},
		{"PT999999999H", "", "P10Y"},
		{"", "P2Y", "P2Y"},
		{"", "", ""},
	} {
		bsn := nieuwPersoon()
		act := eigenActiviteit(activiteitEigen)
		act.BewaartermijnLog = tt.activiteit
		a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) {
			i.Vloer, i.Maximum = "P1Y", "P10Y"
			i.Leveringen = sdk.VasteLeveringen{{Afnemer: derdeOIN, Gegevensset: "personen", Doel: activiteitDerde, Levering: sdk.Levering{Activiteit: act}}}
		})
		d := doorgaveDerde()
		d.Bewaartermijn = tt.header
		if res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, bsn, d)); res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", tt.header, res.StatusCode, body)
		}
		acties, got := g.acties(bsn), ""
		if len(acties) == 1 && acties[0].Bewaartermijn != nil {
			got = *acties[0].Bewaartermijn
		}
		if got != tt.want {
			t.Errorf("header %q, activity %q: logged %q, want %q", tt.header, tt.activiteit, got, tt.want)
		}
	}
	for _, mis := range []string{"tien jaar", "-1", "P", "P1S", "65536", "P9999999999Y"} {
		a, _ := g.aanbieder()
		d := doorgaveDerde()
		d.Bewaartermijn = mis
		bsn := nieuwPersoon()
		res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, bsn, d))
		if res.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"invalidParams":[{"name":"Bewaartermijn","code":"invalid"`) || len(g.acties(bsn)) != 0 {
			t.Errorf("%q: %d %s", mis, res.StatusCode, body)
		}
	}
}

// Every refusal before the handler: nothing is run, nothing is logged, and the caller hears which.
func TestWhatIsRefusedIsNotRunAndNotLogged(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	zet := func(naam string, waarden ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(naam)] = waarden }
	}
	for _, tt := range []struct {
		naam   string
		wijzig func(*http.Request)
		status int
		code   string
		bevat  string
	}{
		{"no token", zet("Authorization"), 401, "not_authenticated", ""},
		{"a malformed OIN", zet("OIN", "123"), 400, "invalid", `"name":"OIN","code":"pattern"`},
		{"an OIN twice", zet("OIN", derdeOIN, derdeOIN), 400, "invalid", `"name":"OIN","code":"invalid"`},
		{"two malformed ones", func(r *http.Request) { zet("OIN", "123")(r); zet("VerwerkingId", "x")(r) }, 400, "invalid", `"name":"VerwerkingId"`},
		{"the address of an activity without its id", zet("VerwerkingsactiviteitId"), 400, "invalid", `"name":"VerwerkingsactiviteitId","code":"required"`},
		{"somebody else's OIN", zet("OIN", gemeenteOIN), 403, "oin_niet_van_afnemer", ""},
		{"another activity", zet("VerwerkingsactiviteitId", activiteitEigen), 403, "geen_doelbinding", ""},
		{"confidential without an id", func(r *http.Request) { zet("Vertrouwelijkheid", "vertrouwelijk")(r); zet("VerwerkingId")(r) }, 400, "invalid", `"name":"VerwerkingId","code":"required"`},
		{"nobody", func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }, 400, "personen_onbekend", ""},
		{"no person", func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("geheim")), 6 }, 400, "personen_onbekend", ""},
		{"too long a number", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("9", 41))), 41
		}, 400, "personen_onbekend", ""},
		{"too large", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("9", 1<<20+1))), 1<<20+1
		}, 413, "te_groot", ""},
		{"too large, in chunks", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("9", 1<<20+1))), -1
		}, 413, "te_groot", ""},
	} {
		bsn := nieuwPersoon()
		a, n := g.aanbieder()
		r := vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, bsn, doorgaveDerde())
		tt.wijzig(r)
		g.toen()
		res, body := doe(t, r)
		if got := codeVan(t, res, body); res.StatusCode != tt.status || got != tt.code || !strings.Contains(body, tt.bevat) {
			t.Errorf("%s: %d %s", tt.naam, res.StatusCode, body)
		}
		if got := g.toen(); got != nil {
			t.Errorf("%s: %v", tt.naam, got)
		}
		if got := n.soorten(); !slices.Equal(got, []string{sdk.SoortGeweigerd}) {
			t.Errorf("%s: counted %v", tt.naam, got)
		}
		if w := res.Header.Get("WWW-Authenticate"); (w != "") != (tt.status == 401) {
			t.Errorf("%s: WWW-Authenticate is %q", tt.naam, w)
		}
		if noemtIemand(body) || strings.Contains(body, "geheim") {
			t.Errorf("%s: the answer names who was asked for: %s", tt.naam, body)
		}
	}
	// The number of the very person in the address of the activity, of which only the request tells that it is one.
	a, _ := g.aanbieder()
	d := doorgaveDerde()
	d.ActiviteitURL = "https://var.example/2308572"
	if res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, "2308572", d)); res.StatusCode != 400 || !strings.Contains(body, "persoonsnummer") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

// The profile of the own activity steers the record, and never hides what is confidential.
func TestTheProfileOfTheOwnActivitySteersTheRecord(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	dienst := sdk.Dienst{Gegevensset: "personen", ActieNaam: "Ophalen gegevens", HandelingNaam: "Leveren", VerwerkingNaam: "Gegevenslevering"}
	for _, tt := range []struct {
		naam    string
		profiel sdk.Activiteit
		header  sdk.Vertrouwelijkheid
		want    string
	}{
		{"not chosen", sdk.Activiteit{}, sdk.Normaal, `normaal Ophalen gegevens/Leveren/Gegevenslevering 1`},
		{"minimal", sdk.Activiteit{Omvang: sdk.OmvangMinimaal}, sdk.Normaal, `normaal // 0`},
		{"minimal, asked in confidence", sdk.Activiteit{Omvang: sdk.OmvangMinimaal}, sdk.Vertrouwelijk, `vertrouwelijk Ophalen gegevens/Leveren/Gegevenslevering 0`},
		{"full, with kinds", sdk.Activiteit{Omvang: sdk.OmvangVolledig, Soorten: true}, sdk.Normaal, `normaal Ophalen gegevens/Leveren/Gegevenslevering 1`},
		{"a confidential activity", sdk.Activiteit{Vertrouwelijk: true}, sdk.Normaal, `vertrouwelijk Ophalen gegevens/Leveren/Gegevenslevering 1`},
		{"off, but not by the register of activities", sdk.Activiteit{Omvang: sdk.OmvangUit}, sdk.Normaal, `normaal Ophalen gegevens/Leveren/Gegevenslevering 1`},
	} {
		bsn := nieuwPersoon()
		tt.profiel.ID = uuid.MustParse(activiteitEigen)
		a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) {
			i.Leveringen = sdk.VasteLeveringen{{Afnemer: derdeOIN, Gegevensset: "personen", Doel: activiteitDerde, Levering: sdk.Levering{Activiteit: tt.profiel, Vertrouwelijk: true}}}
		})
		d := doorgaveDerde()
		d.Vertrouwelijkheid = tt.header
		if res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienst, bsnInBody, geefGegevens(g))).URL, bsn, d)); res.StatusCode != 200 {
			t.Fatalf("%s: %d %s", tt.naam, res.StatusCode, body)
		}
		acties := g.acties(bsn)
		if len(acties) != 1 {
			t.Fatalf("%s: %d acties", tt.naam, len(acties))
		}
		x := acties[0]
		got := string(x.Vertrouwelijkheid) + " " + x.ActieNaam + "/" + x.HandelingNaam + "/" + x.VerwerkingNaam + " " + string(rune('0'+len(x.VerwerkteObjecten[0].VerwerkteSoortenGegevens)))
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.naam, got, tt.want)
		}
	}
}

// The handler gets the verwerking of the provider, so that what it asks of others goes on in its name.
func TestTheHandlerWorksInTheNameOfTheProvider(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, _ := g.aanbieder()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, ok := sdk.VerwerkingVan(r.Context())
		if !ok {
			t.Error("no verwerking")
		}
		_ = json.NewEncoder(w).Encode(v)
	})
	bsn := nieuwPersoon()
	res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, h)).URL, bsn, doorgaveDerde()))
	var v sdk.Verwerking
	if err := json.Unmarshal([]byte(body), &v); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	acties := g.acties(bsn)
	if len(acties) != 1 || *acties[0].VerwerkingID != v.VerwerkingID || v.Activiteit.String() != activiteitEigen || len(v.Objecten) != 1 || v.Objecten[0].ID != bsn || v.Bewaartermijn != "P150Y" {
		t.Errorf("%+v for %+v", v, acties)
	}
}

func TestSettingsAndUseThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	goed := sdk.AanbiederInstellingen{Log: g.log("magazijn"), Afnemers: derdeMetToken(t), Leveringen: leveringDerde(t)}
	for naam, w := range map[string]func(*sdk.AanbiederInstellingen){
		"no log":        func(i *sdk.AanbiederInstellingen) { i.Log = nil },
		"no afnemers":   func(i *sdk.AanbiederInstellingen) { i.Afnemers = nil },
		"no leveringen": func(i *sdk.AanbiederInstellingen) { i.Leveringen = nil },
		"floor":         func(i *sdk.AanbiederInstellingen) { i.Vloer = "10 jaar" },
		"maximum":       func(i *sdk.AanbiederInstellingen) { i.Maximum = "P" },
		"crossed":       func(i *sdk.AanbiederInstellingen) { i.Vloer, i.Maximum = "P10Y", "P119M" },
	} {
		i := goed
		w(&i)
		if _, err := sdk.NewAanbieder(i); err == nil {
			t.Errorf("%s: accepted", naam)
		}
	}
	a, err := sdk.NewAanbieder(goed)
	if err != nil {
		t.Fatal(err)
	}
	h := geefGegevens(g)
	for naam, f := range map[string]func(){
		"no gegevensset":      func() { a.Achteraf(sdk.Dienst{ActieNaam: "x"}, h) },
		"no actieNaam":        func() { a.Achteraf(sdk.Dienst{Gegevensset: "x"}, h) },
		"no handler":          func() { a.Vooraf(dienstMagazijn, bsnInBody, nil) },
		"no personen":         func() { a.Vooraf(dienstMagazijn, nil, h) },
		"Getoond elsewhere":   func() { sdk.Getoond(t.Context(), sdk.BSN("999990019", "")) },
		"Getoond with nobody": func() { sdk.Getoond(t.Context()) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", naam)
				}
			}()
			f()
		}()
	}
}
