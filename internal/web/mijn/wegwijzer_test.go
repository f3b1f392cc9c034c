package mijn_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// Who has a question reads where to ask it, also without a program for e-mail; who is protected too.
func TestWhereToAskCanBeRead(t *testing.T) {
	t.Parallel()
	pad := "/mijn/gebruik/" + id(12).String()
	wil(t, vraag(t, mijn.New(opties(&proef{})), http.MethodGet, pad, goed), http.StatusOK, "Mail naar privacy@voorbeeldstad.example, en noem dit nummer: "+id(12).String())
	w := vraag(t, mijn.New(beschermdeOpties(&proef{})), http.MethodGet, pad, goed)
	wil(t, w, http.StatusOK, "Mail naar privacy@voorbeeldstad.example, en noem dit nummer: "+id(12).String(), "Bellen kan ook: 14 099.")
	wil(t, vraag(t, mijn.New(beschermdeOpties(&proef{leeg: true})), http.MethodGet, pad, goed), http.StatusOK, "Neem contact op met Gemeente Voorbeeldstad, en noem dit nummer")
}

// The file of who is protected names no body, and there is nothing to choose: the page does not say so.
func TestWhoIsProtectedReadsWhatTheOwnFileHolds(t *testing.T) {
	t.Parallel()
	w := vraag(t, mijn.New(beschermdeOpties(&proef{})), http.MethodGet, "/mijn/downloaden", goed)
	wil(t, w, http.StatusOK, "Let op. Bewaar het op een plek waar anderen niet bij kunnen.")
	for _, s := range []string{"instanties", "Kies iets anders"} {
		if strings.Contains(lees(w), s) {
			t.Errorf("the page says %q", s)
		}
	}
	wil(t, vraag(t, mijn.New(opties(&proef{})), http.MethodGet, "/mijn/downloaden", goed), http.StatusOK, "met welke instanties u te maken hebt", "Kies iets anders")
}

// What can't be chosen is named by what it is, and only a period is a period.
func TestAWrongChoiceIsNotCalledAPeriod(t *testing.T) {
	t.Parallel()
	for veld, want := range map[string]string{"organisatie": "Deze keuze kan niet", "wijze": "Deze keuze kan niet", "van": "Deze periode klopt niet", "tot": "Deze periode klopt niet"} {
		p := &proef{fout: fout.Ongeldig(fout.Param{Name: veld, Code: "invalid", Reason: "Kies iets anders uit de lijst."})}
		w := vraag(t, mijn.New(opties(p)), http.MethodGet, "/mijn/overzicht", goed)
		wil(t, w, http.StatusBadRequest, want, "Kies iets anders uit de lijst.")
		for _, dag := range []string{"van", "tot"} {
			if strings.Contains(w.Body.String(), `name="`+dag+`" value="" aria-invalid`) != (dag == veld) {
				t.Errorf("%s: whether the field %s is called wrong", veld, dag)
			}
			if strings.Contains(w.Body.String(), `form-field--invalid"><label class="utrecht-form-label" for="`+dag) != (dag == veld) {
				t.Errorf("%s: whether one sees that the field %s is wrong", veld, dag)
			}
		}
	}
}

// On an English page it is said in English what to do, also when the room only says it in Dutch.
func TestAnErrorSaysInEnglishWhatToDo(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://register.voorbeeldstad.example/mijn/aanmelden/digid/terug?error=access_denied", nil)
	r.AddCookie(&http.Cookie{Name: "__Host-taal", Value: "en"})
	r.AddCookie(&http.Cookie{Name: "__Host-mijn-staat", Value: "verzegeld"})
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	wil(t, w, http.StatusUnauthorized, "Something went wrong, or you stopped yourself. Try again.")
	if !strings.Contains(w.Body.String(), `<span lang="nl">Dit lukte niet: u bent gestopt bij DigiD.`) {
		t.Error("what the room says is gone, or not marked as Dutch")
	}
}

// engels asks for a page in English.
func engels(t *testing.T, p *proef, pad string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://register.voorbeeldstad.example"+pad, nil)
	r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: goed})
	r.AddCookie(&http.Cookie{Name: "__Host-taal", Value: "en"})
	w := httptest.NewRecorder()
	mijn.New(opties(p)).ServeHTTP(w, r)
	return w
}

func TestAWrongChoiceIsExplainedInEnglish(t *testing.T) {
	t.Parallel()
	w := engels(t, &proef{}, "/mijn/overzicht?van=morgen")
	wil(t, w, http.StatusBadRequest, "This period is not right", "Fill in days that exist, the first before the last.")
	if strings.Contains(lees(w), "Vul een dag in") {
		t.Error("an English page says it in Dutch")
	}
}

// The law is explained in English too, on every page that names a ground; the words of the organisation itself stay Dutch, and are marked.
func TestTheLawIsExplainedInEnglish(t *testing.T) {
	t.Parallel()
	w := engels(t, &proef{}, "/mijn/gebruik/"+id(12).String())
	wil(t, w, http.StatusOK, "Legal obligation (GDPR art. 6(1)(c)) A law obliges the organisation to do this.")
	for _, s := range []string{`<span lang="nl">Wettelijke`, "AVG art."} {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("%q is on an English page", s)
		}
	}
	wil(t, engels(t, &proef{}, "/mijn/overzicht"), http.StatusOK, "Why is that allowed? Legal obligation, Public task")
	onbekend := &proef{grond: inzage.Grond{Code: "eigen", Naam: "Eigen grond", Artikel: "Eigen artikel"}}
	if w := engels(t, onbekend, "/mijn/gebruik/"+id(12).String()); !strings.Contains(w.Body.String(), `<span lang="nl">Eigen grond</span></strong> (<span lang="nl">Eigen artikel</span>)`) {
		t.Errorf("a ground of which there is no English: %s", w.Body)
	}
}

// A page that says that one can ask, says where.
func TestPagesThatSayAskUsTellWhere(t *testing.T) {
	t.Parallel()
	for _, pad := range []string{"/mijn/hoe-het-werkt", "/mijn/wat-u-niet-ziet"} {
		for _, wie := range []string{goed, namens, ""} {
			wil(t, vraag(t, mijn.New(opties(&proef{})), http.MethodGet, pad, wie), http.StatusOK, "Zo bereikt u ons", "privacy@voorbeeldstad.example")
		}
	}
	wil(t, vraag(t, mijn.New(beschermdeOpties(&proef{})), http.MethodGet, "/mijn/gebruik/"+id(12).String(), goed), http.StatusOK,
		"Wettelijke verplichting (AVG art. 6 lid 1 onder c) Een wet verplicht", "fg@voorbeeldstad.example", "een klacht indienen bij de Autoriteit Persoonsgegevens")
}

// From a line one comes back to the place in the list, and to what was chosen.
func TestTheWayBackFromALineIsWhereOneWas(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	for van, terug := range map[string]string{
		"":            "/mijn/overzicht",
		"?p=volgende": "/mijn/overzicht?p=volgende",
		"?van=2026-01-01&doel=" + verhuizen.String() + "&p=volgende": "/mijn/overzicht?doel=" + verhuizen.String() + "&amp;p=volgende&amp;van=2026-01-01",
	} {
		lijst := vraag(t, m, http.MethodGet, "/mijn/overzicht"+van, goed).Body.String()
		regel := regexp.MustCompile(`href="(/mijn/gebruik/` + id(15).String() + `[^"]*)"`).FindStringSubmatch(lijst)
		if regel == nil || (van == "") == strings.Contains(regel[1], "?") {
			t.Fatalf("with %q a line is at %q", van, regel)
		}
		if s := vraag(t, m, http.MethodGet, strings.ReplaceAll(strings.Replace(regel[1], id(15).String(), id(12).String(), 1), "&amp;", "&"), goed).Body.String(); !strings.Contains(s, `href="`+terug+`">Naar het overzicht`) {
			t.Errorf("from %q the way back is another: %s", regel[1], s)
		}
	}
	// What was made up leads to the top.
	if s := vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(12).String()+"?doel=niets", goed).Body.String(); !strings.Contains(s, `href="/mijn/overzicht">Naar het overzicht`) {
		t.Error(s)
	}
	// Who is protected chose nothing, and no day is repeated.
	grof := mijn.New(beschermdeOpties(&proef{}))
	if s := vraag(t, grof, http.MethodGet, "/mijn/overzicht?van=2026-01-01&p=volgende", goed).Body.String(); !strings.Contains(s, `/mijn/gebruik/`+id(16).String()+`?p=volgende"`) {
		t.Error(s)
	}
	if s := vraag(t, grof, http.MethodGet, "/mijn/gebruik/"+id(12).String()+"?van=2026-01-01&p=volgende", goed).Body.String(); !strings.Contains(s, `href="/mijn/overzicht?p=volgende">Naar het overzicht`) || strings.Contains(s, "2026-01-01") {
		t.Error(s)
	}
}

// A page says that somebody is signed out only when that is so.
func TestWhoIsSignedInIsNotToldOtherwise(t *testing.T) {
	t.Parallel()
	m := mijn.New(opties(&proef{}))
	for _, wie := range []string{goed, namens, laag} {
		if w := vraag(t, m, http.MethodGet, "/mijn/afgemeld", wie); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mijn/" {
			t.Errorf("%s: %d to %q: %s", wie, w.Code, w.Header().Get("Location"), lees(w))
		}
	}
	for _, wie := range []string{"", "van gisteren"} {
		wil(t, vraag(t, m, http.MethodGet, "/mijn/afgemeld", wie), http.StatusOK, "U bent afgemeld")
	}
}

func TestOnPaperItIsSaidWhoDidIt(t *testing.T) {
	t.Parallel()
	w := vraag(t, mijn.New(opties(&proef{})), http.MethodPost, "/mijn/downloaden", goed, "vorm", "afdruk")
	wil(t, w, http.StatusOK, "Controleren inkomen Wie deed dit? Waterschap Voorbeeldvliet", "Naam, Adres Uw rol: aangever", "Er kan meer zijn dan hier staat.", "Zo bereikt u ons", "14 099")
	// Paper of who is protected names no place, and no organisation.
	w = vraag(t, mijn.New(beschermdeOpties(&proef{})), http.MethodPost, "/mijn/downloaden", goed, "vorm", "afdruk")
	wil(t, w, http.StatusOK, "Er kan meer zijn dan hier staat.")
	if _, hoofd, _ := strings.Cut(w.Body.String(), "<main"); strings.Contains(hoofd, "Voorbeeldstad") || strings.Contains(hoofd, "14 099") {
		t.Error("it does")
	}
}

// An address that can't be come back to is not carried along.
func TestTheWayToSigningInIsShort(t *testing.T) {
	t.Parallel()
	w := vraag(t, mijn.New(opties(&proef{})), http.MethodGet, "/mijn/overzicht?x="+strings.Repeat("x", 5000), "")
	if naar := w.Header().Get("Location"); naar != "/mijn/?naar=%2Fmijn%2F" {
		t.Errorf("it leads to an address of %d characters", len(naar))
	}
}

func TestARequestOfAnotherSiteIsRefusedInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://register.voorbeeldstad.example/mijn/overal-afmelden", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(&http.Cookie{Name: "__Host-mijn", Value: goed})
	r.AddCookie(&http.Cookie{Name: "__Host-taal", Value: "en"})
	p, w := &proef{}, httptest.NewRecorder()
	mijn.New(opties(p)).ServeHTTP(w, r)
	wil(t, w, http.StatusForbidden, "This request came from another website.")
	if strings.Contains(w.Body.String(), `<span lang="nl">`) || p.geteld != nil {
		t.Errorf("called Dutch, or done: %v", p.geteld)
	}
}
