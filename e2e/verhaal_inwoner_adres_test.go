package e2e

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// browsertestHoofd is what can be read between the frame of the page.
func browsertestHoofd(b *burger) string {
	b.t.Helper()
	return browsertest.Vraag[string](b.Tab, `document.querySelector("main").innerText`)
}

// What nobody may find in what somebody with a secret address gets: a day, an hour, a place, an organisation.
var (
	dagOfUur = regexp.MustCompile(`(?i)\b\d{1,2}[:.]\d{2}\b|\b\d{4}-\d{2}-\d{2}|\b\d{1,2}\s+(jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec|january|february|march|may|october)|\b(maan|dins|woens|donder|vrij|zater|zon)dag\b`)
	plaatsen = []string{"Opvanghuis", "Havenkade", "Dorpsstraat", "Zuiderdorp", "Balie", "Belasting", "Waterschap", "Zorg", "Voorbeeldvliet", "erblijfsadres", "erhuiz", "0000009", "9999"}
)

// houdtAdresGeheim is about somebody of whom the BRP keeps the address secret, and who looks at everything there is.
func houdtAdresGeheim(t *testing.T, s *stad) {
	bsn := testnummer(2)
	var regels []string
	for k, dag := range []string{"2026-02-17T03:47:21+01:00", "2026-03-18T04:48:22+01:00", "2026-03-19T05:49:23+01:00"} {
		a := regelInStad(bsn, dag).with("actieNaam", "Inschrijven bij Opvanghuis Zuiderdorp").with("handelingNaam", "Adres Havenkade 9").with("verwerkingNaam", "Verhuizing naar Dorpsstraat 17")
		a = a.with("verwerkteObjecten", []any{persoon(bsn, "Bewoner Havenkade", "Verblijfsadres", "Naam")}).with("verwerkingId", uuid.NewString())
		if k > 0 {
			a = a.with("soortAfnemerId", "OIN").with("afnemerId", "00000099234567890000")
		}
		regels = append(regels, s.leg(t, "burgerzaken", a))
	}

	// Before anybody said that it is secret, a link to the lines of some days was kept.
	eerder := s.aangemeld(t, bsn, "Hoog", false)
	eerder.op("/mijn/overzicht", "Verhuizing naar Dorpsstraat 17", "Waterschap Voorbeeldvliet")
	_, _, dagblad := eerder.haal(http.MethodGet, "/mijn/overzicht?van=2026-02-17&tot=2026-03-18")
	_, _, alles := eerder.haal(http.MethodGet, "/mijn/overzicht")
	var bewaard []string
	for _, m := range koppelingen.FindAllStringSubmatch(dagblad+alles, -1) {
		bewaard = append(bewaard, strings.ReplaceAll(m[1], "&amp;", "&"))
	}

	fleur := s.aangemeld(t, bsn, "Hoog", true)
	fleur.op("/mijn/overzicht", "in welke maand", "maart 2026", "een andere organisatie")
	kijk := func(waar, inhoud string) {
		t.Helper()
		kaal := nummers.ReplaceAllString(inhoud, "")
		if m := dagOfUur.FindString(kaal); m != "" {
			t.Errorf("%s tells when: %q in %s", waar, m, kaal)
		}
		for _, p := range plaatsen {
			if strings.Contains(kaal, p) {
				t.Errorf("%s tells where: %q in %s", waar, p, kaal)
			}
		}
	}
	// The frame names the municipality, of whose site this is; what is between it may not.
	hoofd := func(waar, html string) {
		t.Helper()
		_, html, begin := strings.Cut(html, "<main")
		html, _, eind := strings.Cut(html, "</main>")
		if !begin || !eind {
			t.Errorf("%s is no page", waar)
		}
		if strings.Contains(html, "Gemeente Voorbeeldstad") {
			t.Errorf("%s names the organisation", waar)
		}
		kijk(waar, plekken.ReplaceAllString(html, ""))
	}
	for _, pad := range []string{"/mijn/overzicht", "/mijn/overzicht?van=2026-03-18&tot=2026-03-18", "/mijn/overzicht?doel=" + verhuizenInStad, "/mijn/downloaden?van=2026-03-18", "/mijn/gebruik/" + regels[0], "/mijn/gebruik/" + regels[1]} {
		status, kop, inhoud := fleur.haal(http.MethodGet, pad)
		if status != http.StatusOK || kop.Get("Last-Modified") != "" {
			t.Errorf("%s: status %d", pad, status)
		}
		hoofd(pad, inhoud)
		if strings.Contains(inhoud, "2026-03-18") {
			t.Errorf("%s repeats a day", pad)
		}
	}
	for _, vorm := range []string{"csv", "json", "afdruk"} {
		status, kop, inhoud := fleur.haal(http.MethodPost, "/mijn/downloaden?van=2026-03-18&tot=2026-03-18", "vorm", vorm)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", vorm, status)
		}
		kijk("the name of "+vorm, kop.Get("Content-Disposition"))
		if vorm == "afdruk" {
			hoofd(vorm, inhoud)
			continue
		}
		kijk(vorm, inhoud)
		if strings.Contains(inhoud, "Voorbeeldstad") {
			t.Errorf("%s names the organisation", vorm)
		}
		if vorm == "json" { // what was asked for one day is everything
			var uit struct{ Regels []struct{ Maand string } }
			if err := json.Unmarshal([]byte(inhoud), &uit); err != nil || len(uit.Regels) < 3+2 {
				t.Errorf("%v: %d lines", err, len(uit.Regels))
			}
		}
	}
	// By the browser: a line, what can be kept, on paper.
	fleur.klik("a[href='/mijn/gebruik/" + regels[0] + "']")
	fleur.op("/mijn/gebruik/"+regels[0], "Februari 2026", "Waarom mag dat?")
	kijk("a line", browsertestHoofd(fleur))
	fleur.open("/mijn/downloaden")
	fleur.klik("button[value='afdruk']")
	fleur.op("/mijn/downloaden", "bewust")
	kijk("paper", browsertestHoofd(fleur))

	// What was kept from before leads to the top of what she sees now, and not to the lines of a day.
	if len(bewaard) < 2 {
		t.Fatalf("%d links were kept", len(bewaard))
	}
	for _, pad := range bewaard {
		status, kop, inhoud := fleur.haal(http.MethodGet, pad)
		if status != http.StatusSeeOther || !strings.HasPrefix(kop.Get("Location"), "/mijn/overzicht") || strings.Contains(kop.Get("Location"), "2026-") {
			t.Errorf("a link from before: status %d to %s: %s", status, kop.Get("Location"), inhoud)
		}
	}
}
