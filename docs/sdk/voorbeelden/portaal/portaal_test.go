package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/server/servertest"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/sdk"
)

const (
	stad       = "00000099000000010000"
	waterschap = "00000099000000020000"

	// What the register knows to go by itself.
	automatisch = `organisaties: {"00000099000000010000": {automatisch: [Nachtelijke levering]}}`

	geheim = "een-geheim-van-minstens-32-tekens!"
	anna   = "999990019"
	bas    = "999990020"

	applicaties = `
organisaties:
  - {oin: "00000099000000010000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [portaal]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Mijn Voorbeeldstad
    organisatie: "00000099000000010000"
    oins: ["00000099000000010000"]
    autorisaties:
      - {component: verwerkingenlogging-inzage, scopes: ["read:confidential"]}
  - clientIds: [zaken]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Zaken
    organisatie: "00000099000000010000"
    oins: ["00000099000000010000"]
    autorisaties: []
`
)

// start runs the portal as an application of a register; who comes with the cookie is signed in.
func start(t *testing.T, register, clientID string) string {
	t.Helper()
	env := map[string]string{
		"REGISTER": register, "CLIENT_ID": clientID, "GEHEIM": geheim, "OIN": stad,
		"ACTIVITEIT": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf", "ACTIVITEIT_URL": "https://register.voorbeeldstad.example/verwerkingsactiviteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
	}
	h, err := nieuw(func(k string) string { return env[k] }, func(r *http.Request) string {
		if c, err := r.Cookie("sessie"); err != nil || c.Value != "anna" {
			return ""
		}
		return anna
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func zaken(t *testing.T, register string) *sdk.Client {
	t.Helper()
	c, err := sdk.New(sdk.Instellingen{URL: register, ClientID: "zaken", Geheim: []byte(geheim), Organisatie: stad, Systeem: "Zaken 3"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// vul logs some work about Anna, and about somebody else in the same actie.
func vul(t *testing.T, register string) {
	t.Helper()
	for k, naam := range []string{"Ophalen persoonsgegevens", "Opslaan aanvraag", "Versturen besluit"} {
		v := sdk.Verwerking{ActieNaam: naam, VerwerkingNaam: "Aanvraag parkeervergunning", VerwerkingID: sdk.NewVerwerkingID(), Bewaartermijn: "P5Y",
			Objecten: []sdk.Object{sdk.BSN(anna, "Aanvrager", "Naam", "Adres"), sdk.BSN(bas, "Partner", "Naam")}}
		actie := v.Actie(time.Now().AddDate(0, -k, -1))
		if k == 1 {
			actie.Systeem, actie.SoortAfnemerID, actie.AfnemerID = "Nachtelijke levering", "OIN", waterschap
		}
		if _, err := zaken(t, register).Log(t.Context(), actie); err != nil {
			t.Fatal(err)
		}
	}
}

// haal gets a page as Anna, or as nobody.
func haal(t *testing.T, url, sessie string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "sessie", Value: sessie})
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

// The portal shows to who signed in what the register has, and that they looked; to nobody else, and to nobody when it can't be logged.
func TestNobodySeesWhatIsNotLogged(t *testing.T) {
	t.Parallel()
	buiten := t
	var portaal string
	t.Run("the register is there", func(t *testing.T) {
		register := servertest.Start(t, applicaties, automatisch).URL
		vul(t, register)
		portaal = start(buiten, register, "portaal")
		status, s := haal(t, portaal+pad, "anna")
		if status != http.StatusOK || !strings.Contains(s, "Aanvraag parkeervergunning") || !strings.Contains(s, "U keek zelf 1 keer") || strings.Contains(s, anna) || strings.Contains(s, bas) || strings.Contains(s, "Partner") {
			t.Errorf("%d: %s", status, s)
		}
		if _, s = haal(t, portaal+pad+"?van=2000-01-01", "anna"); !strings.Contains(s, "U keek zelf 2 keer") {
			t.Error("a second look is not counted")
		}
		_, rest, _ := strings.Cut(s, `<h3 class="utrecht-heading-3"><a class="utrecht-link" href="`)
		regel, _, _ := strings.Cut(rest, `"`)
		if status, s = haal(t, portaal+strings.ReplaceAll(regel, "&amp;", "&"), "anna"); status != http.StatusOK || !strings.Contains(s, "Wanneer was het?") {
			t.Errorf("a line: %d", status)
		}
		if _, s = haal(t, portaal+pad, "anna"); !strings.Contains(s, "U keek zelf 3 keer") {
			t.Error("a line counts as a look")
		}
		_, s = haal(t, portaal+pad+"?organisatie="+waterschap+"&wijze=vanzelf", "anna")
		if !strings.Contains(s, "Op deze pagina: 1 regel.") || strings.Count(s, `<h3 class="utrecht-heading-3">`) != 1 {
			t.Error("what was chosen does not come to the register")
		}
		if status, s = haal(t, portaal+pad, "iemand"); status != http.StatusUnauthorized || strings.Contains(s, "parkeer") {
			t.Errorf("nobody gets %d", status)
		}
		if status, s = haal(t, portaal+pad+"?p=verlopen", "anna"); status != http.StatusOK || !strings.Contains(s, "parkeer") {
			t.Errorf("an old link: %d", status)
		}
		if status, s = haal(t, start(t, register, "zaken")+pad, "anna"); status != http.StatusServiceUnavailable || strings.Contains(s, "parkeer") || !strings.Contains(s, "Dit lukt hier nu niet") || !strings.Contains(s, `/mijn/">bekijk uw overzicht`) {
			t.Errorf("without the right: %d", status)
		}
	})
	status, s := haal(t, portaal+pad, "anna") // the register stopped
	if status != http.StatusServiceUnavailable || strings.Contains(s, "parkeer") || !strings.Contains(s, "Dit lukt hier nu niet") || !strings.Contains(s, `/mijn/">bekijk uw overzicht`) {
		t.Errorf("without a register: %d %s", status, s)
	}
}

// The page is for everybody, in the theme of the town. VERANTWOORD_TEST_BEELDEN names a folder for pictures.
func TestThePieceTakesTheThemeOfThePortal(t *testing.T) {
	t.Parallel()
	register := servertest.Start(t, applicaties, automatisch).URL
	vul(t, register)
	portaal := start(t, register, "portaal")
	tab := browsertest.Start(t).Tab(t, browsertest.Breed)
	tab.Koekje(portaal, "sessie", "anna")
	for naam, waar := range map[string]string{"portaal": "", "portaal-gebruik": ".verantwoord-gebruik h3 a"} {
		tab.Open(portaal + pad)
		if waar != "" {
			tab.Klik(waar)
		}
		if kleur := browsertest.Vraag[string](tab, `getComputedStyle(document.querySelector(".verantwoord-stuk a.utrecht-link")).color`); kleur != "rgb(106, 27, 122)" {
			t.Errorf("%s: a link is %s", naam, kleur)
		}
		for soort, beeld := range map[string]browsertest.Beeld{"": browsertest.Breed, "-donker": browsertest.Donker, "-half": browsertest.Half, "-smal": browsertest.Smal} {
			tab.Kijk(beeld)
			if folder := os.Getenv("VERANTWOORD_TEST_BEELDEN"); folder != "" {
				tab.Foto(filepath.Join(folder, naam+soort+".png"))
			}
			tab.Axe()
			tab.Past()
		}
		tab.Kijk(browsertest.Breed)
		tab.Ontvouw()
		tab.Axe()
	}
}

// A citizen chooses in the page of the town, without script and by the form of the piece alone, also on a small phone.
func TestACitizenChoosesInThePortal(t *testing.T) {
	t.Parallel()
	register := servertest.Start(t, applicaties, automatisch).URL
	vul(t, register)
	portaal := start(t, register, "portaal")
	tab := browsertest.Start(t).Tab(t, browsertest.Smal)
	tab.Koekje(portaal, "sessie", "anna")
	for naam, c := range map[string]struct {
		veld, waarde string
		kaarten      int // lines of who did something
		zegt         string
	}{
		"organisatie": {"organisatie", waterschap, 1, "Op deze pagina: 1 regel."},
		"vanzelf":     {"wijze", "vanzelf", 1, "Op deze pagina: 1 regel."},
		"mens":        {"wijze", "mens", 2, "Op deze pagina: "},
		"periode":     {"tot", time.Now().AddDate(0, 0, -20).Format(time.DateOnly), 2, "Gevonden: 2 regels."},
	} {
		tab.Open(portaal + pad)
		tab.Ontvouw()
		browsertest.Vraag[string](tab, `document.querySelector(".verantwoord-stuk [name='`+c.veld+`']").value = "`+c.waarde+`"`)
		tab.Klik(".verantwoord-stuk form button")
		if n := browsertest.Vraag[int](tab, `document.querySelectorAll(".verantwoord-stuk h3").length`); n != c.kaarten || !strings.Contains(tab.Tekst(), c.zegt) {
			t.Errorf("%s: %d lines: %s", naam, n, tab.Tekst())
		}
		if got := browsertest.Vraag[string](tab, `document.querySelector(".verantwoord-stuk [name='`+c.veld+`']").value`); got != c.waarde {
			t.Errorf("%s: the form shows %q", naam, got)
		}
		for soort, beeld := range map[string]browsertest.Beeld{"": browsertest.Breed, "-donker": browsertest.Donker, "-half": browsertest.Half, "-smal": browsertest.Smal} {
			tab.Kijk(beeld)
			if folder := os.Getenv("VERANTWOORD_TEST_BEELDEN"); folder != "" {
				tab.Foto(filepath.Join(folder, "portaal-"+naam+soort+".png"))
			}
			tab.Axe()
			tab.Past()
		}
		tab.Kijk(browsertest.Breed)
		tab.Toetsenbord()
		tab.Klik(".verantwoord-stuk h3 a")
		tab.Klik(".verantwoord-stuk a[href*='" + c.veld + "=']") // back to what was chosen
		if n := browsertest.Vraag[int](tab, `document.querySelectorAll(".verantwoord-stuk h3").length`); n != c.kaarten {
			t.Errorf("%s: back from a line there are %d", naam, n)
		}
	}
}
