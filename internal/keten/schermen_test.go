package keten

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// post sends a form of the page, as a browser does, and gives where it leads.
func post(t *testing.T, k *Keten, pad string, velden url.Values) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(k.URL+pad, velden)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: status %d", pad, res.StatusCode)
	}
	return res.Header.Get("Location")
}

func formulier(functie, vraag, situatie string) url.Values {
	b := magazijn.Bewoners[0]
	return url.Values{"functie": {functie}, "vraag": {vraag}, "situatie": {situatie}, "bsn": {b.BSN}, "geslachtsnaam": {b.Geslachtsnaam}, "geboortedatum": {b.Geboortedatum}}
}

func TestThePagesAreAccessibleInBothThemesFitAndAreReachedByKeyboard(t *testing.T) {
	t.Parallel()
	k := start(t, t.TempDir())
	browser := browsertest.Start(t)
	folder := os.Getenv("VERANTWOORD_SCHERMEN")
	verander := func(pad string) string {
		for _, wat := range []string{"opheffen", "termijn"} {
			post(t, k, pad+"/wijzigingen", url.Values{"wat": {wat}})
		}
		return pad
	}
	uit := func(log string) func() {
		return func() { post(t, k, "/logs", url.Values{"log": {log}, "aan": {"nee"}}) }
	}
	aan := func(log string) { post(t, k, "/logs", url.Values{"log": {log}, "aan": {"ja"}}) }
	for _, s := range []struct {
		naam      string
		eerst     func()
		formulier url.Values
		daarna    func(string) string
	}{
		{"begin", nil, nil, nil},
		{"situatie-1", nil, formulier(procesapplicatie.Aanslag, procesapplicatie.Adres, "1"), nil},
		{"situatie-2", nil, formulier(procesapplicatie.Onderzoek, procesapplicatie.Adres, "2"), verander},
		{"vertrouwelijk", nil, formulier(procesapplicatie.Onderzoek, procesapplicatie.Documenten, "1"), nil},
		{"opgeheven", nil, formulier(procesapplicatie.Onderzoek, procesapplicatie.Adres, "1"), verander},
		{"zoeken", nil, formulier(procesapplicatie.Vergunning, procesapplicatie.Zoeken, "1"), nil},
		{"geweigerd", nil, formulier(procesapplicatie.Vraag, procesapplicatie.Adres, "1"), nil},
		{"geen-doel", nil, formulier(procesapplicatie.Rondkijken, procesapplicatie.Adres, "1"), nil},
		{"log-waterschap-uit", uit("derde"), formulier(procesapplicatie.Aanslag, procesapplicatie.Adres, "1"), nil},
		{"log-gemeente-uit", func() { aan("derde"); uit("gemeente")() }, formulier(procesapplicatie.Aanslag, procesapplicatie.Adres, "1"), nil},
	} {
		pad := "/"
		if s.eerst != nil {
			s.eerst()
		}
		if s.formulier != nil {
			pad = post(t, k, "/opvragingen", s.formulier)
		}
		if s.daarna != nil {
			pad = s.daarna(pad)
		}
		tab := browser.Tab(t, browsertest.Breed)
		tab.Open(k.URL + pad)
		foto := func(soort string) {
			if folder != "" {
				tab.Foto(filepath.Join(folder, "keten-"+s.naam+soort+".png"))
			}
		}
		foto("")
		tab.Axe()
		tab.Past()
		tab.Kijk(browsertest.Donker)
		tab.Axe()
		foto("-donker")
		tab.Kijk(browsertest.Half)
		tab.Past()
		tab.Kijk(browsertest.Smal)
		tab.Past()
		foto("-smal")
		tab.Kijk(browsertest.Breed)
		tab.Toetsenbord()
	}
}
