package mijn_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// TestEveryPageIsForEverybody opens every page in a browser: accessible in both themes, without scrolling sideways on a small phone or at
// 200 %, by keyboard, and on paper. VERANTWOORD_TEST_BEELDEN names a folder for pictures.
func TestEveryPageIsForEverybody(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("VERANTWOORD_TEST_BEELDEN")
	alle := browsertest.Start(t).Tab(t, browsertest.Breed)
	for _, s := range []struct {
		naam, pad, token, taal string
		vorm                   string // of a file: sent with a form
		p                      proef
	}{
		{naam: "mijn-start", pad: "/mijn/"},
		{naam: "mijn-start-verlopen", pad: "/mijn/?verlopen=ja", p: proef{beide: true}},
		{naam: "mijn-overzicht", pad: "/mijn/overzicht", token: goed},
		{naam: "mijn-overzicht-gekozen", pad: "/mijn/overzicht?van=2026-01-01&doel=" + verhuizen.String() + "&p=volgende", token: goed},
		{naam: "mijn-overzicht-zoekt", pad: "/mijn/overzicht?wijze=mens&organisatie=" + waterschap.OIN, token: goed, p: proef{wijzen: true}},
		{naam: "mijn-overzicht-tot-hier", pad: "/mijn/overzicht?wijze=vanzelf", token: goed, taal: "en", p: proef{wijzen: true, leeg: true}},
		{naam: "mijn-overzicht-leeg", pad: "/mijn/overzicht", token: goed, p: proef{leeg: true}},
		{naam: "mijn-overzicht-fout", pad: "/mijn/overzicht?van=morgen", token: goed},
		{naam: "mijn-overzicht-engels", pad: "/mijn/overzicht", token: goed, taal: "en"},
		{naam: "mijn-gebruik", pad: "/mijn/gebruik/" + id(12).String(), token: goed},
		{naam: "mijn-gebruik-onbekend", pad: "/mijn/gebruik/" + id(14).String(), token: goed},
		{naam: "mijn-gebruik-engels", pad: "/mijn/gebruik/" + id(12).String(), token: goed, taal: "en"},
		{naam: "mijn-downloaden", pad: "/mijn/downloaden?van=2026-01-01", token: goed},
		{naam: "mijn-afdruk", pad: "/mijn/downloaden", token: goed, vorm: "afdruk", p: proef{regels: 60}},
		{naam: "mijn-opnieuw", pad: "/mijn/downloaden", token: oud, vorm: "csv"},
		{naam: "mijn-hoe", pad: "/mijn/hoe-het-werkt", token: goed},
		{naam: "mijn-wat-niet", pad: "/mijn/wat-u-niet-ziet"},
		{naam: "mijn-namens", pad: "/mijn/overzicht", token: namens},
		{naam: "mijn-namens-open", pad: "/mijn/overzicht", token: namens, p: proef{open: true}},
		{naam: "mijn-namens-domein", pad: "/mijn/namens/" + vervoer.ID.String(), token: namens, p: proef{open: true}},
		{naam: "mijn-namens-domein-engels", pad: "/mijn/namens/" + vervoer.ID.String(), token: namens, taal: "en", p: proef{open: true}},
		{naam: "mijn-namens-leeg", pad: "/mijn/namens/" + vervoer.ID.String(), token: namens, p: proef{open: true, leeg: true}},
		{naam: "mijn-niveau", pad: "/mijn/overzicht", token: laag},
		{naam: "mijn-aanmeldingen", pad: "/mijn/aanmeldingen", token: goed},
		{naam: "mijn-afgemeld", pad: "/mijn/afgemeld"},
		{naam: "mijn-weg", pad: "/mijn/gebruik/" + id(99).String(), token: goed},
	} {
		t.Run(s.naam, func(t *testing.T) {
			o := opties(&s.p)
			o.BaseURL = "http://127.0.0.1" // the cookies of a test
			mux := http.NewServeMux()
			mux.Handle("/mijn/", mijn.New(o))
			mux.HandleFunc("/ontwerp/", func(w http.ResponseWriter, r *http.Request) {
				if f, ok := o.Ontwerp.Get(r.URL.Path); ok {
					f.ServeHTTP(w, r)
				}
			})
			server := httptest.NewServer(mux)
			opruimen.Na(t, server.Close)
			tab := alle.Voor(t, browsertest.Breed)
			if s.token != "" {
				tab.Koekje(server.URL, "mijn", s.token)
			}
			if s.taal != "" {
				tab.Koekje(server.URL, "taal", s.taal)
			}
			tab.Open(server.URL + s.pad)
			if s.vorm != "" {
				tab.Klik("button[value='" + s.vorm + "']")
			}
			foto := func(soort string) {
				if folder != "" {
					tab.Foto(filepath.Join(folder, s.naam+soort+".png"))
				}
			}
			foto("")
			tab.Axe()
			tab.Past()
			tab.Ontvouw()
			tab.Axe()
			tab.Past()
			foto("-open")
			tab.Kijk(browsertest.Donker)
			tab.Axe()
			foto("-donker")
			tab.Kijk(browsertest.Half)
			tab.Past()
			tab.Kijk(browsertest.Smal)
			tab.Past()
			foto("-smal")
			tab.Kijk(browsertest.Beeld{Breedte: 700, Hoogte: 900, Druk: true})
			foto("-druk")
			if n := tab.PDF(""); n < 1 || n > 12 {
				t.Errorf("%d pages on paper", n)
			}
			tab.Kijk(browsertest.Breed)
			tab.Toetsenbord()
		})
	}
}
