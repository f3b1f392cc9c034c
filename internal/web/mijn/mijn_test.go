package mijn_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// vraag asks for a page as somebody with a token, and with what stands in a form when that is given.
func vraag(t *testing.T, h http.Handler, methode, pad, token string, velden ...string) *httptest.ResponseRecorder {
	t.Helper()
	v := url.Values{}
	for k := 0; k+1 < len(velden); k += 2 {
		v.Set(velden[k], velden[k+1])
	}
	r := httptest.NewRequestWithContext(t.Context(), methode, "https://register.voorbeeldstad.example"+pad, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: token})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

// lees is what can be read on a page.
func lees(w *httptest.ResponseRecorder) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(w.Body.String(), " ")), " ")
}

func wil(t *testing.T, w *httptest.ResponseRecorder, status int, teksten ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, lees(w))
	}
	for _, s := range teksten {
		if !strings.Contains(lees(w), s) {
			t.Errorf("%q is not on the page: %s", s, lees(w))
		}
	}
}

// invul makes a path of a pattern.
func invul(patroon string) string {
	return strings.NewReplacer("{$}", "", "{dienst}", "digid", "{id}", id(11).String(), "{domein}", vervoer.ID.String()).Replace(patroon)
}

func TestEveryRouteAsksWhatItSays(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	for _, r := range m.Routes() {
		for _, wie := range []string{"", "weg", laag, namens, goed, oud} {
			pad := invul(r.Patroon)
			w := vraag(t, m, r.Methode, pad, wie, "vorm", "csv", "taal", "nl")
			binnen := wie == goed || wie == oud
			var want int
			switch {
			case r.Open != "" || wie == goed:
				want = 0
			case wie == "" || wie == "weg":
				if want = http.StatusSeeOther; r.Methode == http.MethodPost {
					want = http.StatusUnauthorized
				}
			case r.Inzage && !binnen, r.Vers && wie == oud:
				want = http.StatusForbidden
			}
			if want == 0 {
				if w.Code != http.StatusOK && w.Code != http.StatusSeeOther && !strings.Contains(pad, "/terug") && !strings.Contains(pad, "/namens/") { // nothing is open here
					t.Errorf("%s %s as %q: %d", r.Methode, pad, wie, w.Code)
				}
			} else if w.Code != want {
				t.Errorf("%s %s as %q: %d, want %d", r.Methode, pad, wie, w.Code, want)
			}
			if r.Open == "" && !binnen && strings.Contains(w.Body.String(), "Verhuizing") {
				t.Errorf("%s %s shows the log to %q", r.Methode, pad, wie)
			}
			if r.Recht() == "" || strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), bsn) {
				t.Errorf("%s %s as %q names the person", r.Methode, pad, wie)
			}
		}
	}
}

func TestEveryAnswerIsSafe(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	for _, pad := range []string{"/mijn/", "/mijn/overzicht", "/mijn/weg", "/mijn/aanmelden/digid/terug", "/mijn/downloaden"} {
		h := vraag(t, m, http.MethodGet, pad, goed).Header()
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") ||
			strings.Contains(h.Get("Content-Security-Policy"), "script") || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %v", pad, h)
		}
	}
	p := &proef{}
	m = mijn.New(opties(p))
	for _, pad := range []string{"/mijn/overzicht", "/mijn/afmelden", "/mijn/overal-afmelden", "/mijn/taal", "/mijn/downloaden"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://register.voorbeeldstad.example"+pad, strings.NewReader("vorm=csv"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://elders.example")
		r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: goed})
		w := httptest.NewRecorder()
		if m.ServeHTTP(w, r); w.Code != http.StatusForbidden || len(p.geteld)+p.nieuw != 0 {
			t.Errorf("%s from another site: %d, %v", pad, w.Code, p.geteld)
		}
	}
	wil(t, vraag(t, m, http.MethodPost, "/mijn/hoe-het-werkt", ""), http.StatusMethodNotAllowed, "Dat kan hier niet")
	wil(t, vraag(t, m, http.MethodPost, "/mijn/taal", "", "taal", strings.Repeat("x", 10_000)), http.StatusBadRequest)
}

func koekje(w *httptest.ResponseRecorder, naam string) *http.Cookie {
	for _, c := range w.Result().Cookies() {
		if c.Name == naam {
			return c
		}
	}
	return nil
}

func TestACitizenSignsInAndComesBackToThePage(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht?van=2026-01-01", "")
	begin := w.Header().Get("Location")
	wil(t, w, http.StatusSeeOther)
	w = vraag(t, m, http.MethodGet, begin, "")
	wil(t, w, http.StatusOK, "Aanmelden met DigiD")
	knop := regexp.MustCompile(`href="(/mijn/aanmelden/digid[^"]*)"`).FindStringSubmatch(w.Body.String())
	if knop == nil {
		t.Fatal("no button")
	}
	w = vraag(t, m, http.MethodGet, strings.ReplaceAll(knop[1], "&amp;", "&"), "")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://digid.voorbeeldstad.example/authorize?state=s1" || p.vers {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	staat, naar := koekje(w, "__Host-mijn-staat"), koekje(w, "__Host-mijn-naar")
	for _, c := range []*http.Cookie{staat, naar} {
		if c == nil || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 600 || c.Path != "/" || c.Domain != "" {
			t.Fatalf("cookie %+v", c)
		}
	}
	terug := func(code string, koekjes ...*http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://register.voorbeeldstad.example/mijn/aanmelden/digid/terug?state=s1&code="+code, nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		for _, c := range koekjes {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		return w
	}
	wil(t, terug("c1"), http.StatusUnauthorized, "Aanmelden is niet gelukt")
	w = terug("c2", staat, naar)
	wil(t, w, http.StatusUnauthorized, "u bent gestopt bij DigiD")
	if c := koekje(w, "__Host-mijn-staat"); c == nil || c.MaxAge >= 0 || koekje(w, "__Host-mijn") != nil {
		t.Error("what failed can be tried again with the same state, or made a session")
	}
	w = terug("c1", staat, naar, &http.Cookie{Name: "__Host-mijn", Value: oud})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mijn/overzicht?van=2026-01-01" {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	if c := koekje(w, "__Host-mijn"); c == nil || c.Value != goed || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 3600 {
		t.Errorf("session %+v", c)
	}
	if len(p.geteld) != 1 || p.geteld[0] != oud || p.adres != "192.0.2.1" {
		t.Errorf("ended %v, from %s", p.geteld, p.adres)
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/aanmelden/anders", ""), http.StatusNotFound)
}

func TestTheWayBackIsOneOfOurs(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	for _, naar := range []string{
		"https://elders.example/", "//elders.example/mijn/", "/beheer/", "/mijn/../beheer/", "/mijn/%2e%2e/beheer", `/mijn/\elders.example`, "/mijn/aanmelden/digid", "/mijn/afgemeld",
		"/mijn/overzicht\r\nSet-Cookie: x=y", "/mijn/" + strings.Repeat("a", 3000), "",
	} {
		w := vraag(t, m, http.MethodGet, "/mijn/aanmelden/digid?naar="+url.QueryEscape(naar), "")
		staat, bewaard := koekje(w, "__Host-mijn-staat"), koekje(w, "__Host-mijn-naar")
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://register.voorbeeldstad.example/mijn/aanmelden/digid/terug?code=c1", nil)
		r.AddCookie(staat)
		r.AddCookie(bewaard)
		w = httptest.NewRecorder()
		if m.ServeHTTP(w, r); w.Header().Get("Location") != "/mijn/overzicht" {
			t.Errorf("%q leads to %q", naar, w.Header().Get("Location"))
		}
		w = vraag(t, m, http.MethodPost, "/mijn/taal", "", "naar", naar, "taal", "en")
		if w.Header().Get("Location") != "/mijn/" {
			t.Errorf("%q leads to %q after choosing a language", naar, w.Header().Get("Location"))
		}
	}
}

func TestASessionThatEndedSaysSo(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht", "weg")
	wil(t, vraag(t, m, http.MethodGet, w.Header().Get("Location"), ""), http.StatusOK, "U bent niet meer aangemeld")
	wil(t, vraag(t, m, http.MethodPost, "/mijn/downloaden", "weg"), http.StatusUnauthorized, "Meld u opnieuw aan.")
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht", "")
	if strings.Contains(lees(vraag(t, m, http.MethodGet, w.Header().Get("Location"), "")), "niet meer") {
		t.Error("who never signed in is told that it ended")
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	for pad, want := range map[string]string{"/mijn/afmelden": goed, "/mijn/overal-afmelden": "alle van goed"} {
		p.geteld = nil
		w := vraag(t, m, http.MethodPost, pad, goed)
		if c := koekje(w, "__Host-mijn"); len(p.geteld) != 1 || p.geteld[0] != want || c == nil || c.MaxAge >= 0 || w.Header().Get("Location") != "/mijn/afgemeld" || w.Header().Get("Clear-Site-Data") == "" {
			t.Errorf("%s: ended %v, cookie %+v, to %s", pad, p.geteld, c, w.Header().Get("Location"))
		}
	}
	w := vraag(t, m, http.MethodGet, "/mijn/afgemeld", "")
	wil(t, w, http.StatusOK, "U bent afgemeld", "zoals DigiD")
}

func TestTheOverviewTellsWhoAndWhy(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht", goed)
	wil(t, w, http.StatusOK,
		"Wie gebruikte uw gegevens?", "Er staan 1.234 regels in uw overzicht.", "Dit is de stand van 26 november 2026 om 10:32.", "De vorige keer dat u zich aanmeldde was 17 november 2026 om 10:32.",
		"november 2026 10 regels", "oktober 2026 900 regels", "Verhuizing 19 november, 14:20", "hetzelfde adres gebruiken. Nagaan of een adres bestaat. Waarom mag dat? Wettelijke verplichting, Publieke taak", "Waterschap Voorbeeldvliet, Gemeente Voorbeeldstad zelf", "3 stappen",
		"Wij kennen het doel niet dat bij deze regel staat.", "een andere organisatie (nummer 00000099999999990000)", "11 oktober – 29 oktober", "uzelf, iemand anders (wie dat is, zeggen wij niet)", "U keek zelf 3 keer",
		"Deze maand gaat verder op de volgende pagina.", "Ouder", "Er kan meer zijn dan hier staat.")
	if s := lees(w); strings.Contains(s, "Nieuwer") || strings.Contains(s, "(vervolg)") || strings.Count(s, "gaat verder") != 1 {
		t.Errorf("the first page: %s", s)
	}
	for _, s := range []string{`href="/mijn/overzicht?p=m2"`, `href="/mijn/overzicht?p=volgende"`, `href="/mijn/gebruik/` + id(12).String() + `"`} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("no %s", s)
		}
	}
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht?p=volgende", goed)
	wil(t, w, http.StatusOK, "oktober 2026 (vervolg)", "Nieuwer")
	if p.cursor != "volgende" || strings.Contains(lees(w), "Ouder") {
		t.Error("the second page")
	}
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht?p=m1", goed)
	wil(t, w, http.StatusOK, "oktober 2026", "Nieuwer")
	if strings.Contains(lees(w), "(vervolg)") {
		t.Error("a month that begins here is called the rest of one")
	}
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht?van=2026-01-01&tot=2026-11-30&doel="+verhuizen.String()+"&p=volgende", goed)
	want := inzage.Filter{Van: "2026-01-01", Tot: "2026-11-30", Activiteit: verhuizen}
	wil(t, w, http.StatusOK, "Gevonden: 1.234 regels.", "Bekijk alles")
	if p.filter != want || !strings.Contains(w.Body.String(), `<option value="`+verhuizen.String()+`" selected="">`) || !strings.Contains(w.Body.String(), "doel="+verhuizen.String()+"&amp;p=vorige&amp;tot=2026-11-30&amp;van=2026-01-01") {
		t.Errorf("%+v", p.filter)
	}
	if w = vraag(t, m, http.MethodGet, "/mijn/overzicht?van=2026-01-01&p=verlopen", goed); w.Header().Get("Location") != "/mijn/overzicht?van=2026-01-01" {
		t.Errorf("a place that is not there leads to %q", w.Header().Get("Location"))
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?van=morgen", goed), http.StatusBadRequest, "Vul een dag in die bestaat.")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?doel=niets", goed), http.StatusBadRequest)
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?doel="+id(9).String(), goed), http.StatusOK, "Het doel dat u koos")
	if w = vraag(t, m, http.MethodPost, "/mijn/overzicht?van=2026-01-01", goed); p.nieuw != 1 || p.filter.Van != "2026-01-01" || w.Header().Get("Location") != "/mijn/overzicht?van=2026-01-01" {
		t.Errorf("looking again: %d, to %s", p.nieuw, w.Header().Get("Location"))
	}
}

func TestWithNothingToSeeThePageSaysWhatToRead(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{leeg: true}))
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht", goed), http.StatusOK, "Er staan 0 regels in uw overzicht.", "Hier staat niets.", "Er kan meer zijn dan hier staat.")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?van=2026-01-01", goed), http.StatusOK, "Bij wat u koos, is er niets vastgelegd")
}

func TestALineTellsEverythingAndWhereToAsk(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	w := vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(12).String(), goed)
	wil(t, w, http.StatusOK, "Opslaan verhuizing", "19 november 2026 om 14:12", "Dit hoorde bij: Verhuizing", "Onderdeel: Registratie", "Wettelijke verplichting", "(AVG art. 6 lid 1 onder c)", "Een wet verplicht",
		"Wet basisregistratie personen", "Gemeente Voorbeeldstad. Welke medewerker", "aangever", "Adres", "fg@voorbeeldstad.example", "14 099")
	if s := w.Body.String(); !strings.Contains(s, `href="/verwerkingsactiviteiten/`+verhuizen.String()+`?geldigOp=2026-11-19"`) || !strings.Contains(s, "mailto:privacy@voorbeeldstad.example?subject=Vraag%20over%20regel%20"+id(12).String()) {
		t.Errorf("links: %s", s)
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(14).String(), goed), http.StatusOK, "Waterschap Voorbeeldvliet deed dit voor Gemeente Voorbeeldstad.", "Wij kennen het doel niet", "Dat staat er niet bij.")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(13).String(), goed), http.StatusOK, "Deze regel mocht u een tijd niet zien")
	if strings.Contains(lees(w), "een tijd niet zien") {
		t.Error("a line that always could be seen is said to have been hidden")
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(99).String(), goed), http.StatusNotFound, "Deze pagina is er niet")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+bsn, goed), http.StatusNotFound)
	m = mijn.New(opties(&proef{leeg: true}))
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(12).String(), goed), http.StatusOK, "Neem contact op met Gemeente Voorbeeldstad")
}

func TestWhoMayNotLookIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht", laag), http.StatusForbidden, "Doe in de app één keer de ID-check.", "Afmelden", "14 099")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht", namens), http.StatusForbidden, "U komt voor iemand anders", "Is uw kind jonger dan 16?", "Afmelden", "privacy@voorbeeldstad.example")
	if s := vraag(t, m, http.MethodGet, "/mijn/aanmeldingen", namens).Body.String(); strings.Contains(s, "/mijn/overzicht") {
		t.Error("a menu leads to what may not be seen")
	}
}

func TestAFileAsksToSignInAgain(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://register.voorbeeldstad.example/mijn/downloaden?van=2026-01-01", strings.NewReader("vorm=csv"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: oud})
	r.AddCookie(&http.Cookie{Name: "__Host-mijn-dienst", Value: "digid"})
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	wil(t, w, http.StatusForbidden, "Meld u nog een keer aan", "Aanmelden met DigiD")
	link := regexp.MustCompile(`href="(/mijn/aanmelden/digid\?[^"]*)"`).FindStringSubmatch(w.Body.String())
	if link == nil {
		t.Fatal("no way to sign in again")
	}
	w = vraag(t, m, http.MethodGet, strings.ReplaceAll(link[1], "&amp;", "&"), oud)
	if !p.vers || p.dienst != "digid" || koekje(w, "__Host-mijn-naar") == nil {
		t.Error("the service is not asked to ask again")
	}
	if u, err := url.Parse(strings.ReplaceAll(link[1], "&amp;", "&")); err != nil || u.Query().Get("naar") != "/mijn/downloaden?van=2026-01-01" {
		t.Errorf("%s does not lead back", link[1])
	}
}

func TestFilesHoldWhatWasChosen(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	const pad = "/mijn/downloaden?van=2026-01-01&tot=2026-11-30"
	wil(t, vraag(t, m, http.MethodGet, pad+"&doel="+verhuizen.String(), goed), http.StatusOK, "van 1 januari 2026, tot en met 30 november 2026, voor de taak: Verwerken van verhuizingen")
	w := vraag(t, m, http.MethodPost, pad, goed, "vorm", "csv")
	tabel, err := rekenblad.Lees(strings.NewReader(w.Body.String()), int64(w.Body.Len()), "uit.csv", rekenblad.Limieten{})
	if err != nil || len(tabel.Rijen) != 5 || tabel.Rijen[0][0] != "Wanneer" || tabel.Rijen[1][7] != "Waterschap Voorbeeldvliet" || p.filter.Tot != "2026-11-30" {
		t.Errorf("%v, %v", err, tabel)
	}
	if h := w.Header(); h.Get("Content-Disposition") != "attachment; filename=mijn-gegevens-2026-11-26.csv" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	w = vraag(t, m, http.MethodPost, pad, goed, "vorm", "json")
	var uit struct {
		Van    string
		Regels []struct {
			Tijdstip    time.Time
			ActieNaam   string
			Doel        string
			Grondslagen []struct{ Code string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &uit); err != nil || len(uit.Regels) != 4 || uit.Van != "2026-01-01" || uit.Regels[0].ActieNaam != "Verstrekken adres" || uit.Regels[0].Grondslagen[0].Code != "wettelijke_verplichting" {
		t.Errorf("%v, %+v", err, uit)
	}
	w = vraag(t, m, http.MethodPost, pad, goed, "vorm", "afdruk")
	wil(t, w, http.StatusOK, "Wie gebruikte mijn gegevens?", "november 2026", "Verstrekken adres", "Opgevraagd bij Gemeente Voorbeeldstad op 26 november 2026 om 10:32.")
	p.regels = 5000
	w = vraag(t, m, http.MethodPost, pad, goed, "vorm", "afdruk")
	wil(t, w, http.StatusOK, "Er zijn meer dan 1000 regels.")
	if n := strings.Count(w.Body.String(), `role="rowheader"`); n != 1000 {
		t.Errorf("%d lines on paper", n)
	}
	wil(t, vraag(t, m, http.MethodPost, pad, goed, "vorm", "exe"), http.StatusBadRequest)
	p.fout = fout.New(fout.CodeNietBeschikbaar, "De wachtrij is vol.")
	for _, vorm := range []string{"csv", "json", "afdruk"} {
		wil(t, vraag(t, m, http.MethodPost, pad, goed, "vorm", vorm), http.StatusServiceUnavailable, "Dit lukt nu even niet")
	}
}

func TestAnErrorOfOursShowsNothingOfItsCause(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{fout: errors.New("disk is full, " + bsn)}))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht", goed)
	wil(t, w, http.StatusInternalServerError, "Er ging iets mis", "Nummer van deze fout:")
	if strings.Contains(w.Body.String(), "disk") || strings.Contains(w.Body.String(), bsn) {
		t.Error("the cause is shown")
	}
}

func TestThePagesSpeakEnglishToo(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	w := vraag(t, m, http.MethodPost, "/mijn/taal", goed, "taal", "en", "naar", "/mijn/overzicht?van=2026-01-01")
	if c := koekje(w, "__Host-taal"); c == nil || c.Value != "en" || w.Header().Get("Location") != "/mijn/overzicht?van=2026-01-01" {
		t.Fatalf("%+v, to %s", c, w.Header().Get("Location"))
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://register.voorbeeldstad.example/mijn/overzicht", nil)
	r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: goed})
	r.AddCookie(&http.Cookie{Name: "__Host-taal", Value: "en"})
	w = httptest.NewRecorder()
	m.ServeHTTP(w, r)
	wil(t, w, http.StatusOK, "Who used your data?", "1,234 lines", "26 November 2026 at 10:32")
	if s := w.Body.String(); !strings.Contains(s, `<html lang="en"`) || !strings.Contains(s, `<span lang="nl">Bijhouden waar mensen wonen`) {
		t.Error("what is Dutch is not marked")
	}
}
