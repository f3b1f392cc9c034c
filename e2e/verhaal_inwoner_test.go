package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// demonstratie starts the program as `make demo` builds it, with its invented town, and gives where it is.
func demonstratie(t *testing.T) (adres string) {
	t.Helper()
	pad := filepath.Join(t.TempDir(), "verantwoord")
	bouw := exec.CommandContext(t.Context(), "go", "build", "-tags", "dev", "-o", pad, "../cmd/verantwoord")
	bouw.Env = append(os.Environ(), "CGO_ENABLED=0")
	if uit, err := bouw.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, uit)
	}
	uit := &veiligeBuffer{}
	cmd := exec.Command(pad, "dev", "--map", filepath.Join(t.TempDir(), "demo"), "--listen", "127.0.0.1:0")
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
	for einde := time.Now().Add(90 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		s := uit.String()
		if m := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(s); m != "" && strings.Contains(s, "Ctrl-C\n") {
			return m
		}
		if time.Now().After(einde) {
			t.Fatalf("not ready: %s", s)
		}
	}
}

// A citizen signs in, finds who used her data lately and why, keeps that as a file, and signs out. Who comes for another, or is not sure
// enough, is told what to do.
func TestACitizenFindsWhoLookedAndWhy(t *testing.T) {
	t.Parallel()
	v := &verhaal{opstelling: &opstelling{t: t}, url: demonstratie(t), browser: browsertest.Start(t)}
	anna := v.mens("")
	anna.open("/mijn/overzicht")
	anna.op("/mijn/", "Wie gebruikt uw gegevens?", "Alleen u mag dit zien.")
	meldAan := func(m *mens, wie, niveau string) {
		m.klik("main a[href^='/mijn/aanmelden/']")
		m.op("/inlogdienst/aanmelden", "Wie wilt u zijn?")
		browsertest.Vraag[bool](m.Tab, `(() => { document.querySelector("#p-`+wie+`").checked = true; return true; })()`)
		m.Kies("#niveau", niveau)
		m.klik("button.utrecht-button--primary-action")
	}
	meldAan(anna, "volwassene", "Substantieel")
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
	if tekst := anna.Tekst(); strings.Contains(tekst, "9999") {
		t.Error("a number of a person stands on the page")
	}

	// A file: what is on the page, and nothing else.
	sessie := anna.LeesKoekje(v.url, "mijn")
	haal := func(vorm string) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.url+"/mijn/downloaden", strings.NewReader(url.Values{"vorm": {vorm}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "mijn", Value: sessie})
		w, err := v.klant().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Body.Close()
		b, err := io.ReadAll(w.Body)
		if err != nil || w.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", vorm, w.Status, err)
		}
		return string(b)
	}
	csv := haal("csv")
	tabel, err := rekenblad.Lees(strings.NewReader(csv), int64(len(csv)), "uit.csv", rekenblad.Limieten{})
	var uit struct {
		Regels []struct{ ActieNaam, Doel string }
	}
	if err != nil || json.Unmarshal([]byte(haal("json")), &uit) != nil || len(tabel.Rijen)-1 != len(uit.Regels) || len(uit.Regels) < 10 {
		t.Errorf("%v: %d rows and %d lines", err, len(tabel.Rijen), len(uit.Regels))
	}
	if strings.Contains(csv, "9999") {
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

	for wie, zin := range map[string]string{"ouder": "U komt voor iemand anders", "basis": "U hebt een veiliger manier van aanmelden nodig", "leeg": "Behalve uw eigen bezoek is er niets vastgelegd"} {
		niveau := "Substantieel"
		if wie == "basis" {
			niveau = "Basis"
		}
		m := v.mens("")
		m.open("/mijn/")
		meldAan(m, wie, niveau)
		m.op("/mijn/overzicht", zin)
	}
	// A parent is no citizen whose log that is; and an investigation that is secret shows nowhere.
	bram := v.mens("")
	bram.open("/mijn/")
	meldAan(bram, "onderzocht", "Hoog")
	bram.op("/mijn/overzicht", "Wie gebruikte uw gegevens?")
	if tekst := bram.Tekst(); strings.Contains(tekst, "nderzoeksdossier") || strings.Contains(tekst, "misbruik") {
		t.Error("a secret investigation shows")
	}
}
