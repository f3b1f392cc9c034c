package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// Stories of citizens: one program as `make demo` builds it, with its invented town and its sign-in service, and one browser. They come one
// after another, so that what one of them makes the program do can be counted.

// stad is where they happen.
type stad struct {
	url     string
	apps    *autorisatie.Bestand
	browser *browsertest.Browser
}

func TestStoriesOfCitizens(t *testing.T) {
	t.Parallel()
	s := newStad(t)
	for _, verhaal := range []struct {
		naam string
		loop func(*testing.T, *stad)
	}{
		{"a citizen finds who looked and why", vindtWieKeek},
		{"an inquiry shows only after it was lifted", zietOnderzoekNaOpheffen},
		{"who comes for another is led to a request", komtVoorEenAnder},
		{"a secret address shows no place and no time", houdtAdresGeheim},
		{"who is in no record gets an explanation", staatNergens},
		{"ten thousand records stay readable", heeftTienduizendRegels},
	} {
		t.Run(verhaal.naam, func(t *testing.T) { verhaal.loop(t, s) })
	}
}

// newStad starts the program and the browser.
func newStad(t *testing.T) *stad {
	t.Helper()
	pad, folder := filepath.Join(t.TempDir(), "verantwoord"), filepath.Join(t.TempDir(), "demo")
	bouw := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", "dev", "-o", pad, "../cmd/verantwoord")
	bouw.Env = append(os.Environ(), "CGO_ENABLED=0")
	if uit, err := bouw.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, uit)
	}
	uit := &veiligeBuffer{}
	cmd := exec.Command(pad, "dev", "--map", folder, "--listen", "127.0.0.1:0")
	cmd.Stdout, cmd.Stderr = uit, uit
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, uit)
		}
	})
	s := &stad{browser: browsertest.Start(t)}
	for einde := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		gezegd := uit.String()
		if s.url = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(gezegd); s.url != "" && strings.Contains(gezegd, "Ctrl-C\n") {
			break
		}
		if time.Now().After(einde) {
			t.Fatalf("not ready: %s", gezegd)
		}
	}
	var err error
	if s.apps, err = autorisatie.Load(filepath.Join(folder, "applicaties.yaml")); err != nil {
		t.Fatal(err)
	}
	return s
}

// testnummer gives numbers that nobody has, and of which nothing is logged in the town.
func testnummer(k int) string {
	for n := 999900000; ; n++ {
		if s := strconv.Itoa(n); betrokkene.IsBSN(s) {
			if k--; k < 0 {
				return s
			}
		}
	}
}

// stuur makes a call of an application, and gives what it answers.
func (s *stad) stuur(t *testing.T, client, methode, pad, soort string, lichaam []byte) []byte {
	t.Helper()
	a, ok := s.apps.Applicatie(client)
	if !ok {
		t.Fatalf("no application %s", client)
	}
	token, err := autorisatie.Sign(client, a.Geheim, autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), methode, s.url+pad, bytes.NewReader(lichaam))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", soort)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s, %v: %s", methode, pad, w.Status, err, b)
	}
	return b
}

// leg logs an actie.
func (s *stad) leg(t *testing.T, client string, a actie) (id string) {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var uit struct {
		Objecten []struct {
			ID string `json:"verwerktObjectId"`
		} `json:"verwerkteObjecten"`
	}
	if err := json.Unmarshal(s.stuur(t, client, http.MethodPost, bewerking+"/verwerkingsacties", "application/json", b), &uit); err != nil || len(uit.Objecten) == 0 {
		t.Fatalf("%v: %+v", err, uit)
	}
	return uit.Objecten[0].ID
}

// Activities of the town.
const (
	verhuizenInStad = "ca4ebc38-45ef-49af-9292-e1c886967204"
	fraudeInStad    = "f7d49a7b-0ec7-4b16-9b79-6bfdc74273b7"
)

// regelInStad is an actie about one person.
func regelInStad(bsn, tijdstip string) actie {
	return actie{
		"actieNaam": "Ophalen persoonsgegevens", "verwerkingNaam": "Registratie verhuizing", "vertrouwelijkheid": "normaal", "bewaartermijn": "P5Y",
		"verwerkingsactiviteitId": verhuizenInStad, "systeem": "Balie 6.2", "tijdstip": tijdstip,
		"verwerkteObjecten": []any{persoon(bsn, "Aanvrager", "Verblijfsadres")},
	}
}

// burger is a citizen at a browser of their own.
type burger struct {
	*mens
	t *testing.T
}

// aangemeld signs somebody in who is on the list of the sign-in service, or who has that number; geheim: with a secret address.
func (s *stad) aangemeld(t *testing.T, wie, niveau string, geheim bool) *burger {
	t.Helper()
	v := &verhaal{opstelling: &opstelling{t: t}, url: s.url, browser: s.browser}
	b := &burger{v.mens(""), t}
	b.open("/mijn/")
	b.meldAan(wie, niveau, geheim)
	return b
}

// meldAan does so from a page that leads to the service.
func (b *burger) meldAan(wie, niveau string, geheim bool) {
	b.t.Helper()
	b.klik("main a[href^='/mijn/aanmelden/']")
	b.op("/inlogdienst/aanmelden", "Wie wilt u zijn?")
	nummer := ""
	if wie[0] == '9' {
		wie, nummer = "ander", wie
	}
	browsertest.Vraag[bool](b.Tab, fmt.Sprintf(`(() => {
		document.querySelector("#p-%s").checked = true;
		document.querySelector("#nummer").value = %q;
		document.querySelector("#geheim").checked = %v;
		return true;
	})()`, wie, nummer, geheim))
	b.Kies("#niveau", niveau)
	b.klik("button.utrecht-button--primary-action")
}

// haal asks a page or file as the browser of this citizen would, and gives its status, its headers and what is in it.
func (b *burger) haal(methode, pad string, velden ...string) (int, http.Header, string) {
	b.t.Helper()
	vorm := url.Values{}
	for k := 0; k+1 < len(velden); k += 2 {
		vorm.Set(velden[k], velden[k+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), methode, b.v.url+pad, strings.NewReader(vorm.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "mijn", Value: b.LeesKoekje(b.v.url, "mijn")})
	w, err := b.v.klant().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return w.StatusCode, w.Header, string(body)
}

// bestand gives the overview as a file.
func (b *burger) bestand(vorm string) string {
	b.t.Helper()
	status, _, inhoud := b.haal(http.MethodPost, "/mijn/downloaden", "vorm", vorm)
	if status != http.StatusOK {
		b.t.Fatalf("%s: status %d: %s", vorm, status, inhoud)
	}
	return inhoud
}

// A citizen signs in, finds who used her data lately and why, keeps that as a file, and signs out.
func vindtWieKeek(t *testing.T, s *stad) {
	v := &verhaal{opstelling: &opstelling{t: t}, url: s.url, browser: s.browser}
	anna := &burger{v.mens(""), t}
	anna.open("/mijn/overzicht")
	anna.op("/mijn/", "Wie gebruikt uw gegevens?", "Alleen u mag dit zien.")
	anna.meldAan("volwassene", "Substantieel", false)
	anna.op("/mijn/overzicht", "Wie gebruikte uw gegevens?", "Anna Voorbeeld", "U keek zelf 1 keer", "Waarom?", "Wettelijke verplichting")

	// Of which purpose is it, and what is the whole story?
	anna.klik(".verantwoord-gebruik h3 a")
	anna.op(anna.Waar(), "Wanneer was het?", "Waarom mag dat?", "Wie kreeg uw gegevens?", "Stel een vraag over deze regel")
	anna.klik("main a[href^='/mijn/overzicht?doel=']")
	anna.op("/mijn/overzicht", "Gevonden:")
	anna.Ontvouw()
	anna.Kies("#van", time.Now().AddDate(0, 0, -60).Format(time.DateOnly))
	anna.Kies("#doel", "")
	anna.klik("form[role='search'] button")
	anna.op("/mijn/overzicht", "Gevonden:", "Bekijk alles")
	if tekst := anna.Tekst(); strings.Contains(nummers.ReplaceAllString(tekst, ""), "9999") {
		t.Error("a number of a person stands on the page")
	}

	// A file: what is on the page, and nothing else.
	csv := anna.bestand("csv")
	if strings.Contains(csv, "een andere organisatie (nummer") {
		t.Error("an organisation that the settings name is told by its number")
	}
	tabel, err := rekenblad.Lees(strings.NewReader(csv), int64(len(csv)), "uit.csv", rekenblad.Limieten{})
	var uit struct {
		Regels []struct{ ActieNaam, Doel string }
	}
	if err != nil || json.Unmarshal([]byte(anna.bestand("json")), &uit) != nil || len(tabel.Rijen)-1 != len(uit.Regels) || len(uit.Regels) < 10 {
		t.Errorf("%v: %d rows and %d lines", err, len(tabel.Rijen), len(uit.Regels))
	}
	if strings.Contains(nummers.ReplaceAllString(csv, ""), "9999") {
		t.Error("a number of a person stands in the file")
	}
	anna.open("/mijn/downloaden")
	anna.klik("button[value='afdruk']")
	anna.op("/mijn/downloaden", "Wie gebruikte mijn gegevens?", "Opgevraagd bij")

	anna.open("/mijn/aanmeldingen")
	anna.op("/mijn/aanmeldingen", "Aangemeld met", "dit bent u nu")
	anna.klik("form[action='/mijn/afmelden'] button")
	anna.op("/mijn/afgemeld", "U bent afgemeld")
	anna.open("/mijn/overzicht")
	anna.op("/mijn/", "Alleen u mag dit zien.")

	// Who is not sure enough is told what to do.
	s.aangemeld(t, "basis", "Basis", false).op("/mijn/overzicht", "U moet zich veiliger aanmelden")
}
