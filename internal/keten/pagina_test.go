package keten

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

// lees gets a page as text.
func lees(t *testing.T, k *Keten, pad string, status int) (string, http.Header) {
	t.Helper()
	res, err := http.Get(k.URL + pad)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		t.Fatalf("%s: status %d: %v", pad, res.StatusCode, err)
	}
	return string(body), res.Header
}

func want(t *testing.T, pagina string, teksten ...string) {
	t.Helper()
	for _, tekst := range teksten {
		if !strings.Contains(pagina, tekst) {
			t.Errorf("the page lacks %q", tekst)
		}
	}
}

func aPageTellsWhatWeSeeAndShowsDataOnce(t *testing.T, k *Keten) {
	b := magazijn.Bewoners[0]
	pad := post(t, k, "/opvragingen", formulier(procesapplicatie.Onderzoek, procesapplicatie.Adres, "1"))
	if !regexp.MustCompile(`^/opvragingen/[A-Z2-7]{26}$`).MatchString(pad) {
		t.Errorf("leads to %s", pad)
	}
	eerst, h := lees(t, k, pad, 200)
	want(t, eerst, "Geleverd, vertrouwelijk, en aan beide kanten te verantwoorden", b.Adres.Straat, "één keer gelezen", "Ja: create:confidential", "Het log van de gemeente", "verwerkingIdAfnemer")
	if bevat(eerst, b.BSN) {
		t.Error("the steps show a whole number")
	}
	if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || bevat(eerst, "<script") {
		t.Errorf("%v", h)
	}
	// The second look holds no data any more, and what was changed.
	if naar := post(t, k, pad+"/wijzigingen", url.Values{"wat": {"opheffen"}}); naar != pad {
		t.Errorf("leads to %s", naar)
	}
	dan, _ := lees(t, k, pad, 200)
	want(t, dan, "Vertrouwelijkheid opgeheven", `<span class="keten-waarde keten-waarde--derde">opgeheven</span>`, "aan het verwerkingId dat het waterschap meestuurde")
	if bevat(dan, b.Adres.Straat) || strings.Count(dan, ">gedaan<") != 2 || strings.Count(dan, ">opgeheven<") != 2 {
		t.Error("the second look is not as it should be")
	}
}

func aPageTellsWhyThereIsNothing(t *testing.T, k *Keten) {
	toon := func(v url.Values) string {
		p, _ := lees(t, k, post(t, k, "/opvragingen", v), 200)
		if bevat(p, magazijn.Bewoners[0].Adres.Straat) {
			t.Error("the page shows data")
		}
		return p
	}
	want(t, toon(formulier(procesapplicatie.Vraag, procesapplicatie.Adres, "1")), "Geweigerd door de gemeente", "<strong>niet</strong> gelezen", "Geen levering: geweigerd", "Hier staat niets van deze opvraging.")
	want(t, toon(formulier(procesapplicatie.Rondkijken, procesapplicatie.Adres, "1")), "Niet gevraagd: er is geen doel", "de aanroep gaat niet weg")
	if naar := post(t, k, "/logs", url.Values{"log": {"derde"}, "aan": {"nee"}}); naar != "/" {
		t.Errorf("leads to %s", naar)
	}
	want(t, toon(formulier(procesapplicatie.Aanslag, procesapplicatie.Adres, "1")), "Niet gevraagd: het log van het waterschap antwoordt niet", "<strong>niet</strong> gelezen", "Dit log staat uit en is niet te lezen.")
	want(t, toon(formulier(procesapplicatie.Aanslag, procesapplicatie.Zoeken, "1")), "Niet getoond: het log van het waterschap antwoordt niet")
	post(t, k, "/logs", url.Values{"log": {"derde"}, "aan": {"ja"}})
	post(t, k, "/logs", url.Values{"log": {"gemeente"}, "aan": {"nee"}})
	want(t, toon(formulier(procesapplicatie.Aanslag, procesapplicatie.Adres, "1")), "Niet geleverd: het log van de gemeente antwoordt niet", "<strong>niet</strong> gelezen")
}

func theOldApplicationLeavesEmptyFields(t *testing.T, k *Keten) {
	pad := post(t, k, "/opvragingen", formulier(procesapplicatie.Onderzoek, procesapplicatie.Adres, "2"))
	p, _ := lees(t, k, pad, 200)
	want(t, p, "niet te verantwoorden en niet vertrouwelijk", "Niets: geen OIN, geen activiteit", "waterschap, uit het token", `verwerkingIdAfnemer</dt><dd class="keten-gegeven__waarde"><span class="keten-leeg">leeg`)
	post(t, k, pad+"/wijzigingen", url.Values{"wat": {"opheffen"}})
	p, _ = lees(t, k, pad, 200)
	want(t, p, "niets gevonden om te wijzigen", "Haar regel blijft dus zoals hij was.")
}

func whatIsFilledInWrongIsTold(t *testing.T, k *Keten) {
	gelezen := k.Gelezen()
	for _, s := range []struct {
		veld, waarde, tekst string
		vraag               string
	}{
		{"functie", "iets", "Kies waarvoor u gegevens opvraagt.", procesapplicatie.Adres},
		{"vraag", "", "Kies wat u wilt weten.", procesapplicatie.Adres},
		{"situatie", "3", "Kies met welke applicatie u vraagt.", procesapplicatie.Adres},
		{"bsn", "99993001x", "Kies een persoon.", procesapplicatie.Adres},
		{"geslachtsnaam", " ", "Vul een achternaam in", procesapplicatie.Zoeken},
		{"geboortedatum", "17-03-1984", "Vul een datum in.", procesapplicatie.Zoeken},
	} {
		v := formulier(procesapplicatie.Aanslag, s.vraag, "1")
		v.Set(s.veld, s.waarde)
		res, err := http.PostForm(k.URL+"/opvragingen", v)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", s.veld, res.StatusCode)
		}
		want(t, string(body), s.tekst, `href="#veld-`+s.veld+`"`, `id="veld-`+s.veld+`"`)
	}
	if k.Gelezen() != gelezen {
		t.Error("something was read")
	}
	lees(t, k, "/opvragingen/ONBEKEND", 404)
	lees(t, k, "/iets", 404)
}

func anotherSiteCanAskNothing(t *testing.T, k *Keten) {
	for _, pad := range []string{"/opvragingen", "/logs"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.URL+pad, strings.NewReader(url.Values{"log": {"derde"}, "aan": {"nee"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", pad, res.StatusCode)
		}
	}
	if !k.Draait(procesapplicatie.Derde) {
		t.Error("another site has stopped the log")
	}
}

// A visitor walks through it with a browser that runs no script.
func aVisitorWalksThroughItWithoutScript(t *testing.T, k *Keten) {
	tab := browsertest.Start(t).Tab(t, browsertest.Smal)
	tab.ZonderScript()
	tab.Open(k.URL + "/")
	tab.Klik(`form[action="/opvragingen"] button`)
	zien := func(teksten ...string) {
		t.Helper()
		p := browsertest.Vraag[string](tab, `document.body.innerText`)
		want(t, p, teksten...)
	}
	zien("Geleverd, en aan beide kanten te verantwoorden", "Dijkweg 12")
	tab.Klik(`.keten-schakelaar button`) // of the third party
	zien("staat uit")
	tab.Klik(`a.utrecht-button[href="/"]`)
	tab.Klik(`form[action="/opvragingen"] button`)
	zien("Niet gevraagd: het log van het waterschap antwoordt niet")
	tab.Klik(`.keten-schakelaar button`)
	zien("staat aan")
	if u := browsertest.Vraag[string](tab, `location.href`); bevat(u, magazijn.Bewoners[0].BSN, "Waterman") {
		t.Error("the address names a person")
	}
}

func TestEveryClassOfThePagesIsStyled(t *testing.T) {
	t.Parallel()
	css, _ := ontwerp.New(nil).Get("/ontwerp/verantwoord.css")
	eigen, err := os.ReadFile("procesapplicatie/keten.css")
	if err != nil {
		t.Fatal(err)
	}
	alles := string(css.Inhoud) + string(eigen)
	bladen, err := filepath.Glob("procesapplicatie/sjablonen/*.html")
	if err != nil || len(bladen) < 5 {
		t.Fatal("no templates")
	}
	for _, blad := range bladen {
		body, err := os.ReadFile(blad)
		if err != nil {
			t.Fatal(err)
		}
		kaal := regexp.MustCompile(`\{\{[^}]*\}\}`).ReplaceAllString(string(body), " ")
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(kaal, -1) {
			for c := range strings.FieldsSeq(m[1]) {
				if !strings.HasSuffix(c, "--") && !regexp.MustCompile(`\.`+regexp.QuoteMeta(c)+`\b`).MatchString(alles) {
					t.Errorf("%s: class %s has no style", blad, c)
				}
			}
		}
	}
}

// Run prints where everything is, and ends when it is asked to.
func TestRunSaysWhereToLookAndStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	lees, schrijf := io.Pipe()
	klaar := make(chan error, 1)
	go func() {
		err := Run(ctx, Opties{Map: filepath.Join(t.TempDir(), "data", "keten"), Listen: "127.0.0.1:0", Versie: "test"}, schrijf)
		klaar <- err
		schrijf.CloseWithError(io.EOF)
	}()
	var scherm bytes.Buffer
	buf := make([]byte, 4096)
	for !strings.Contains(scherm.String(), "Ctrl-C\n") {
		n, err := lees.Read(buf)
		scherm.Write(buf[:n])
		if err != nil {
			t.Fatalf("ended before it was ready: %v", <-klaar)
		}
	}
	url := regexp.MustCompile(`procesapplicatie van het waterschap: (http://\S+)`).FindStringSubmatch(scherm.String())
	if url == nil {
		t.Fatal("does not say where the page is")
	}
	if res, err := http.Get(url[1]); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the page: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	rest, err := io.ReadAll(lees)
	if err != nil || !strings.HasSuffix(string(rest), "staat er de volgende keer nog.\n") {
		t.Errorf("says %q at the end: %v", rest, err)
	}
	if err := <-klaar; err != nil {
		t.Error(err)
	}
}

func TestALandscapeStaysOnThisMachineAndInItsDirectory(t *testing.T) {
	t.Parallel()
	if _, err := Start(t.Context(), Opties{Map: t.TempDir(), Listen: "0.0.0.0:0"}); err == nil || !bevat(err.Error(), "alleen op deze machine") {
		t.Errorf("every address of the machine: %v", err)
	}
	vreemd := t.TempDir()
	if err := os.WriteFile(filepath.Join(vreemd, "brief.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Opties{Map: vreemd, Listen: "127.0.0.1:0"}); err == nil || !bevat(err.Error(), "iets anders") {
		t.Errorf("a directory of somebody else: %v", err)
	}
	dir := t.TempDir()
	start(t, dir)
	for _, naam := range []string{bestandGeheimen, filepath.Join("gemeente-log", bestandConfig), filepath.Join("gemeente-log", bestandApplicaties)} {
		if info, err := os.Stat(filepath.Join(dir, naam)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, want mode 0600", naam, err)
		}
	}
}
