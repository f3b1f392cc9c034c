package openbaar_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
)

const pad = openbaar.Begin

func ask(t *testing.T, p proef, methode, adres string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(methode, adres, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	openbaar.New(opties(p)).ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, teksten ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, tekst := range teksten {
		if !strings.Contains(w.Body.String(), tekst) {
			t.Errorf("the page lacks %q", tekst)
		}
	}
}

func TestCitizensFindATaskByAWord(t *testing.T) {
	t.Parallel()
	want(t, ask(t, proef{}, "GET", pad), 200, "Wij gebruiken gegevens van mensen", "Gemeente Voorbeeldstad", "3 taken", "gestopt", `href="`+pad+"/"+parkeren.String())
	one := ask(t, proef{}, "GET", pad+"?zoek=+parkeer%3Cb%3E&categorie=Vergunningen")
	want(t, one, 200, "Wij vonden niets.", `value="parkeer&lt;b&gt;"`, `<option value="Vergunningen" selected="">`)
	want(t, ask(t, proef{}, "GET", pad+"?zoek=parkeer"), 200, "1 taak gevonden")
	want(t, ask(t, proef{leeg: true}, "GET", pad), 200, "Hier staat nog niets.")
	many := ask(t, proef{meer: true}, "GET", pad+"?zoek=taak")
	want(t, many, 200, "60 taken gevonden", "U ziet 1 tot en met 50.", `href="`+pad+`?pagina=2&amp;zoek=taak"`, "Alle organisaties", "Waterschap Voorbeeldvliet")
	want(t, ask(t, proef{meer: true}, "GET", pad+"?zoek=taak&pagina=2"), 200, "U ziet 51 tot en met 60.", `rel="prev"`)
	want(t, ask(t, proef{meer: true}, "GET", pad+"?zoek=taak&pagina=99"), 200, "U ziet 1 tot en met 50.")
}

// Who came from the own overview finds the way back, and the page keeps nothing to know who that is.
func TestWhereCitizensSignInIsALinkInTheFrame(t *testing.T) {
	t.Parallel()
	for _, mijn := range []bool{false, true} {
		for _, adres := range []string{pad, pad + "/" + parkeren.String(), pad + "/" + id(9).String()} {
			o := opties(proef{})
			o.Mijn = mijn
			w := httptest.NewRecorder()
			openbaar.New(o).ServeHTTP(w, httptest.NewRequest("GET", adres, nil))
			if strings.Contains(w.Body.String(), `href="/mijn/"`) != mijn || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s, citizens sign in: %v: %s", adres, mijn, w.Body)
			}
		}
	}
}

func TestATaskAnswersWhatCitizensAsk(t *testing.T) {
	t.Parallel()
	page := ask(t, proef{}, "GET", pad+"/"+parkeren.String())
	want(t, page, 200, "Waarom gebruiken wij uw gegevens?", "Mag dat?", "Van wie krijgen wij ze?", "Wie krijgt ze?", "Hoelang bewaren wij ze?", "Parkeerdiensten De Slagboom", "blijven binnen de Europese Unie",
		"mag u bezwaar maken", "fg@voorbeeldstad.example", "1 januari 2026", pad+"/"+parkeren.String()+"?geldigOp=2025-01-01", "Toelichting: Gemeentewet")
	for _, not := range []string{"toestemming", "U leest hoe het was", "gevoelige gegevens"} {
		if strings.Contains(page.Body.String(), not) {
			t.Errorf("the page says %q", not)
		}
	}
	want(t, ask(t, proef{}, "GET", pad+"/"+onderzoek.String()), 200, "gevoelige gegevens", "Zolang een onderzoek loopt", "Dat kan bij het loket.", "Speurwerk Inc., Verenigde Staten", "modelcontract", "deze redenen")
	want(t, ask(t, proef{}, "GET", pad+"/"+gestopt.String()), 200, "Dit doen wij niet meer sinds 31 december 2025.")
}

func TestAPageOfATaskIsOfItsOrganisation(t *testing.T) {
	t.Parallel()
	want(t, ask(t, proef{meer: true}, "GET", pad), 200, "· Verantwoord</title>", ">Uw gegevens</span>")
	want(t, ask(t, proef{meer: true}, "GET", pad+"/"+parkeren.String()), 200, "· Gemeente Voorbeeldstad</title>")
}

func TestATaskIsReadAsItWasAtAMoment(t *testing.T) {
	t.Parallel()
	adres := pad + "/" + parkeren.String()
	want(t, ask(t, proef{}, "GET", adres+"?geldigOp=2025-06-01"), 200, "U leest hoe het was op 1 juni 2025.", "Niemand buiten onze organisatie.")
	want(t, ask(t, proef{}, "GET", adres+"?geldigOp=2025-12-31T23:30:00Z"), 200, "1 januari 2026") // there it is the new year already
	want(t, ask(t, proef{}, "GET", adres+"?geldigOp=2020-06-01"), 404, "Op 1 juni 2020 gebruikten wij hiervoor geen gegevens.")
	want(t, ask(t, proef{}, "GET", adres+"?geldigOp=gisteren"), 400, "Schrijf de datum als jaar-maand-dag")
	want(t, ask(t, proef{}, "GET", adres+"?geldigOp="), 400)
}

func TestWhatIsNotPublicIsNotThere(t *testing.T) {
	t.Parallel()
	for _, adres := range []string{"/" + id(9).String(), "/x", "/" + strings.ToUpper("abcdef00-0000-4000-8000-000000000001"), "/" + parkeren.String() + "/versies", "/"} {
		want(t, ask(t, proef{}, "GET", pad+adres), 404, "De verwerking bestaat niet, of is niet openbaar.")
	}
	w := ask(t, proef{}, "POST", pad)
	want(t, w, 405)
	if w.Header().Get("Allow") != "GET, HEAD" {
		t.Error("it does not say what can be done")
	}
}

func TestPagesMayBeKeptAndHoldNoCookieAndNoScript(t *testing.T) {
	t.Parallel()
	adres := pad + "/" + parkeren.String()
	w := ask(t, proef{}, "GET", adres)
	h := w.Header()
	if h.Get("Cache-Control") != "public, max-age=60" || h.Get("ETag") == "" || h.Get("Set-Cookie") != "" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(w.Body.String(), "<script") {
		t.Errorf("%v", h)
	}
	if again := ask(t, proef{}, "GET", adres, "If-None-Match", h.Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("an unchanged page is sent again: %d", again.Code)
	}
	if head := ask(t, proef{}, "HEAD", adres); head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("ETag") != h.Get("ETag") {
		t.Errorf("HEAD: %d with %d bytes", head.Code, head.Body.Len())
	}
	if gone := ask(t, proef{}, "GET", pad+"/"+id(9).String()); gone.Header().Get("Cache-Control") != "no-store" {
		t.Error("that something is not there may be kept")
	}
	for _, r := range openbaar.New(opties(proef{})).Routes() {
		if r.Open == "" {
			t.Errorf("%s is open without a reason", r.Patroon)
		}
	}
}

func TestEveryTextInAViewSaysOfWhatClassItIs(t *testing.T) {
	t.Parallel()
	var walk func(reflect.Type)
	walk = func(v reflect.Type) {
		for v.Kind() == reflect.Slice {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return
		}
		for f := range v.Fields() {
			elem := f.Type
			for elem.Kind() == reflect.Slice {
				elem = elem.Elem()
			}
			if elem.Kind() == reflect.String && f.Tag.Get("klasse") != "gewoon" { // nothing else is for everybody
				t.Errorf("%s.%s has no class", v.Name(), f.Name)
			}
			walk(f.Type)
		}
	}
	for _, v := range []reflect.Type{reflect.TypeFor[openbaar.Activiteit](), reflect.TypeFor[openbaar.Lijst](), reflect.TypeFor[openbaar.Organisatie]()} {
		walk(v)
	}
}

func TestEveryClassOfThePagesIsStyled(t *testing.T) {
	t.Parallel()
	css, _ := ontwerp.New(nil).Get("/ontwerp/verantwoord.css")
	names, err := filepath.Glob("sjablonen/*.html")
	if err != nil || len(names) < 4 {
		t.Fatal("no templates")
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllSubmatch(body, -1) {
			for _, c := range strings.Fields(string(m[1])) {
				if !regexp.MustCompile(`\.` + regexp.QuoteMeta(c) + `\b`).Match(css.Inhoud) {
					t.Errorf("%s: class %s has no style", name, c)
				}
			}
		}
	}
}

func TestEveryPageIsAccessibleInBothThemesFitsAndIsReachedByKeyboard(t *testing.T) {
	t.Parallel()
	alle := browsertest.Start(t).Tab(t, browsertest.Breed)
	folder := os.Getenv("VERANTWOORD_SCHERMEN")
	for _, s := range []struct {
		naam, pad string
		p         proef
	}{
		{"inwoner-lijst", pad, proef{}},
		{"inwoner-lijst-meer", pad, proef{meer: true}},
		{"inwoner-lijst-leeg", pad, proef{leeg: true}},
		{"inwoner-niets", pad + "?zoek=xyz", proef{}},
		{"inwoner-taak", pad + "/" + parkeren.String(), proef{}},
		{"inwoner-taak-toen", pad + "/" + parkeren.String() + "?geldigOp=2025-06-01", proef{}},
		{"inwoner-taak-gevoelig", pad + "/" + onderzoek.String(), proef{}},
		{"inwoner-taak-gestopt", pad + "/" + gestopt.String(), proef{}},
		{"inwoner-weg", pad + "/" + id(9).String(), proef{}},
	} {
		t.Run(s.naam, func(t *testing.T) {
			o := opties(s.p)
			o.Mijn = !s.p.leeg
			mux := http.NewServeMux()
			h := openbaar.New(o)
			mux.Handle(pad, h)
			mux.Handle(pad+"/", h)
			mux.HandleFunc("/ontwerp/", func(w http.ResponseWriter, r *http.Request) {
				if f, ok := o.Ontwerp.Get(r.URL.Path); ok {
					f.ServeHTTP(w, r)
				}
			})
			server := httptest.NewServer(mux)
			opruimen.Na(t, server.Close)
			tab := alle.Voor(t, browsertest.Breed)
			tab.Open(server.URL + s.pad)
			foto := func(soort string) {
				if folder != "" {
					tab.Foto(filepath.Join(folder, s.naam+soort+".png"))
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
		})
	}
}
