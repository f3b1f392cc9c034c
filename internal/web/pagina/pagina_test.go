package pagina_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// sessies knows one session, of somebody with one right.
type sessies struct {
	stuk      error
	beeindigd bool
}

type rechten struct{}

func (rechten) Mag(module, handeling string) bool { return module == "groepen" && handeling == "zien" }
func (rechten) HeeftModule(module string) bool    { return module == "groepen" }

func (s *sessies) Zoek(_ context.Context, token string) (*pagina.Bezoeker, error) {
	if s.stuk != nil || token != "geheim" || s.beeindigd {
		return nil, errors.Join(s.stuk, pagina.ErrGeenSessie)
	}
	return &pagina.Bezoeker{Rechten: rechten{}, Naam: "Anna"}, nil
}
func (s *sessies) Beeindig(context.Context, string) error { s.beeindigd = true; return nil }
func (s *sessies) ZetTaal(_ context.Context, b *pagina.Bezoeker, taal string) error {
	b.Taal = taal
	return nil
}
func (s *sessies) Bevestigd(context.Context, string) (bool, error) { return false, nil }
func (s *sessies) VraagBevestiging(context.Context, string) (string, string, error) {
	return "a•••••a@v•••••d.example", "poging", nil
}
func (s *sessies) Gevraagd(context.Context, string) (string, error) {
	return "a•••••a@v•••••d.example", nil
}
func (s *sessies) Bevestig(_ context.Context, _, _, code string) (string, error) {
	switch code {
	case "12345678":
		return "nieuw", nil
	case "99999999":
		return "", fout.New(fout.CodeTeVeel, "Te veel pogingen. Wacht een uur.")
	}
	return "", pagina.ErrCode
}

func kent(module, handeling string) bool {
	return module == "groepen" && (handeling == "zien" || handeling == "beheren")
}

// sjablonen are shared by all tests, as registers of one program do.
var sjablonen = sync.OnceValue(func() *pagina.Sjablonen {
	return pagina.Lees(fstest.MapFS{"proef.html": {Data: []byte(`{{define "inhoud"}}<h1 class="utrecht-heading-1">{{.Titel}}</h1><p>{{.Inhoud}}</p>{{end}}`)}})
})

func opties(routes ...pagina.Route) pagina.Opties {
	return pagina.Opties{
		BaseURL: "https://log.voorbeeldstad.example", Versie: "0.5.0", Ontwerp: ontwerp.New([]byte(":root { --verantwoord-kleur-accent: #b00; }")),
		Sessies: &sessies{}, Kent: kent, Logger: slog.New(slog.DiscardHandler), Routes: routes,
		Sjablonen: sjablonen(),
	}
}

// ok shows what was sent in the field "naam".
func ok(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return &pagina.Scherm{Sjabloon: "proef", Titel: "Proef", Inhoud: "naam=" + b.Waarde("naam") + " token=" + b.Token()}, nil
}

func ask(t *testing.T, p http.Handler, method, target, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "https://log.voorbeeldstad.example"+target, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

func signedIn(r *http.Request) { r.AddCookie(&http.Cookie{Name: "__Host-sessie", Value: "geheim"}) }

func TestARouteWithoutARightStopsTheProgramAtStart(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]pagina.Route{
		"nothing at all":                  {Methode: "GET", Patroon: "/beheer/x", Handler: ok},
		"two ways":                        {Methode: "GET", Patroon: "/beheer/x", Open: "x", Module: "groepen", Handeling: "zien", Handler: ok},
		"a right that does not exist":     {Methode: "GET", Patroon: "/beheer/x", Module: "groepen", Handeling: "dansen", Handler: ok},
		"half a right":                    {Methode: "GET", Patroon: "/beheer/x", Module: "groepen", Handler: ok},
		"a path elsewhere":                {Methode: "GET", Patroon: "/x", Open: "x", Handler: ok},
		"no handler":                      {Methode: "GET", Patroon: "/beheer/x", Open: "x"},
		"a method that forms don't have":  {Methode: "PUT", Patroon: "/beheer/x", Open: "x", Handler: ok},
		"a file of any size":              {Methode: "POST", Patroon: "/beheer/x", Zelf: "x", Bestand: true, Handler: ok},
		"confirming with a file":          {Methode: "POST", Patroon: "/beheer/x", Zelf: "x", Bestand: true, Max: 1, Bevestigd: true, Handler: ok},
		"confirming what anybody may see": {Methode: "POST", Patroon: "/beheer/x", Open: "iedereen", Bevestigd: true, Handler: ok},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("the program starts")
				}
			}()
			pagina.New(opties(r))
		})
	}
}

func TestAPageIsForWhoHasItsRight(t *testing.T) {
	t.Parallel()
	p := pagina.New(opties(
		pagina.Route{Methode: "GET", Patroon: "/beheer/open", Open: "proef", Handler: ok},
		pagina.Route{Methode: "GET", Patroon: "/beheer/zelf", Zelf: "proef", Handler: ok},
		pagina.Route{Methode: "GET", Patroon: "/beheer/zien", Module: "groepen", Handeling: "zien", Handler: ok},
		pagina.Route{Methode: "POST", Patroon: "/beheer/beheren", Module: "groepen", Handeling: "beheren", Handler: ok},
	))
	for _, tc := range []struct {
		name, method, path string
		signedIn           bool
		status             int
		to                 string
	}{
		{"an open page", "GET", "/beheer/open", false, 200, ""},
		{"one's own page", "GET", "/beheer/zelf", true, 200, ""},
		{"one's own page, not signed in", "GET", "/beheer/zelf", false, 303, "/beheer/aanmelden?naar=%2Fbeheer%2Fzelf"},
		{"a page with the right", "GET", "/beheer/zien", true, 200, ""},
		{"the head of a page", "HEAD", "/beheer/zien", true, 200, ""},
		{"an action without the right", "POST", "/beheer/beheren", true, 403, ""},
		{"an action, not signed in", "POST", "/beheer/beheren", false, 401, ""},
		{"a page that isn't", "GET", "/beheer/weg", true, 404, ""},
		{"a page as an action", "POST", "/beheer/zien", true, 405, ""},
		{"a method that nobody knows", "DELETE", "/beheer/zien", true, 405, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var change []func(*http.Request)
			if tc.signedIn {
				change = append(change, signedIn)
			}
			w := ask(t, p, tc.method, tc.path, "", change...)
			if w.Code != tc.status || w.Header().Get("Location") != tc.to {
				t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
			}
			if tc.status != 303 && !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'none'") {
				t.Errorf("policy %q", w.Header().Get("Content-Security-Policy"))
			}
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Strict-Transport-Security") == "" || w.Header().Get("Cross-Origin-Opener-Policy") != "same-origin" {
				t.Errorf("headers %v", w.Header())
			}
			if tc.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow %q", w.Header().Get("Allow"))
			}
		})
	}
}

func TestAnActionFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	done := false
	p := pagina.New(opties(pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Module: "groepen", Handeling: "zien", Handler: func(b *pagina.Bezoek) (pagina.Antwoord, error) {
		done = true
		return ok(b)
	}}))
	for name, change := range map[string]func(*http.Request){
		"as the browser says": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a sister domain":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"by its origin": func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "https://kwaad.example")
		},
	} {
		if w := ask(t, p, "POST", "/beheer/doe", "", signedIn, change); w.Code != 403 || done {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := ask(t, p, "POST", "/beheer/doe", "", signedIn); w.Code != 200 || !done {
		t.Errorf("of our own: %d", w.Code)
	}
}

func TestCookiesStayInThisHostAndOutOfScripts(t *testing.T) {
	t.Parallel()
	route := pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Open: "proef", Handler: func(b *pagina.Bezoek) (pagina.Antwoord, error) {
		b.MeldAan("token")
		return pagina.Verder{Naar: "/beheer/", Melding: pagina.Bewaard}, nil
	}}
	for base, prefix := range map[string]string{"https://log.voorbeeldstad.example": "__Host-", "http://127.0.0.1:8080": ""} {
		o := opties(route)
		o.BaseURL = base
		w := ask(t, pagina.New(o), "POST", "/beheer/doe", "")
		if w.Code != 303 || len(w.Result().Cookies()) != 2 {
			t.Fatalf("%d, %v", w.Code, w.Header())
		}
		for _, c := range w.Result().Cookies() {
			if !strings.HasPrefix(c.Name, prefix) || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode || c.Secure != (prefix != "") {
				t.Errorf("%s: %s", base, c)
			}
			if strings.Contains(c.Value, "Bewaard") {
				t.Errorf("a text travels in a cookie: %s", c)
			}
		}
	}
}

func TestADangerousActionAsksForACodeAndKeepsTheForm(t *testing.T) {
	t.Parallel()
	p := pagina.New(opties(pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Module: "groepen", Handeling: "zien", Bevestigd: true, Handler: ok}))
	send := func(code string) *httptest.ResponseRecorder {
		form := url.Values{"naam": {`<"'&é`}}
		if code != "" {
			form.Set("bevestigingscode", code)
		}
		return ask(t, p, "POST", "/beheer/doe", form.Encode(), signedIn)
	}
	first := send("")
	if body := first.Body.String(); first.Code != 200 || !strings.Contains(body, `name="naam" value="&lt;&#34;&#39;&amp;é"`) || !strings.Contains(body, "a•••••a@v•••••d.example") || strings.Contains(body, "naam=") {
		t.Errorf("%d %s", first.Code, body)
	}
	if wrong := send("00000000"); wrong.Code != 422 || !strings.Contains(wrong.Body.String(), "Deze code is niet juist.") || strings.Contains(wrong.Body.String(), "00000000") {
		t.Errorf("a wrong code: %d", wrong.Code)
	}
	if over := send("99999999"); over.Code != 429 || !strings.Contains(over.Body.String(), "Wacht een uur.") {
		t.Errorf("too many: %d", over.Code)
	}
	right := send("12345678")
	if right.Code != 200 || !strings.Contains(right.Body.String(), "token=nieuw") || !strings.Contains(right.Header().Get("Set-Cookie"), "__Host-sessie=nieuw") {
		t.Errorf("the right code: %d %v", right.Code, right.Header())
	}
}

func TestAFormThatIsTooLargeOrUnreadableIsRefused(t *testing.T) {
	t.Parallel()
	p := pagina.New(opties(pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Open: "proef", Handler: ok}))
	if w := ask(t, p, "POST", "/beheer/doe", "naam="+strings.Repeat("x", pagina.MaxFormulier)); w.Code != 413 {
		t.Errorf("too large: %d", w.Code)
	}
	if w := ask(t, p, "POST", "/beheer/doe", "naam=%zz"); w.Code != 400 {
		t.Errorf("unreadable: %d", w.Code)
	}
}

func TestAFileComesAlongInMemoryAndGoesOutToBeKept(t *testing.T) {
	t.Parallel()
	p := pagina.New(opties(
		pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Open: "proef", Bestand: true, Max: 1 << 20, Handler: func(b *pagina.Bezoek) (pagina.Antwoord, error) {
			r, n, naam := b.Bestand("bestand")
			if r == nil {
				return ok(b)
			}
			inhoud := make([]byte, n)
			if _, err := r.ReadAt(inhoud, 0); err != nil {
				return nil, err
			}
			return pagina.Download{Naam: naam, Soort: "text/csv; charset=utf-8", Inhoud: inhoud}, nil
		}},
		pagina.Route{Methode: "POST", Patroon: "/beheer/ruim", Open: "proef", Max: pagina.MaxFormulier * 2, Handler: ok},
	))
	const grens = "grens"
	body := func(inhoud string) string {
		return "--" + grens + "\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"ré \\\"x\\\".csv\"\r\n\r\n" + inhoud + "\r\n--" + grens + "--\r\n"
	}
	multi := func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary="+grens) }
	w := ask(t, p, "POST", "/beheer/doe", body("=1+1"), multi)
	if w.Code != 200 || w.Body.String() != "=1+1" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment; ") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	if w := ask(t, p, "POST", "/beheer/doe", body(strings.Repeat("x", 1<<20)), multi); w.Code != 413 {
		t.Errorf("too large: %d", w.Code)
	}
	if w := ask(t, p, "POST", "/beheer/doe", "--"+grens+"\r\nhalf", multi); w.Code != 400 {
		t.Errorf("half a form: %d", w.Code)
	}
	if w := ask(t, p, "POST", "/beheer/doe", "naam=zonder"); w.Code != 200 || !strings.Contains(w.Body.String(), "naam=zonder") {
		t.Errorf("without a file: %d", w.Code)
	}
	if w := ask(t, p, "POST", "/beheer/ruim", "naam="+strings.Repeat("x", pagina.MaxFormulier)); w.Code != 200 {
		t.Errorf("a form that may be larger: %d", w.Code)
	}
}

func TestAttemptsFromOneAddressAreBraked(t *testing.T) {
	t.Parallel()
	o := opties(pagina.Route{Methode: "POST", Patroon: "/beheer/doe", Open: "proef", Rem: true, Handler: ok})
	nu := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	o.Nu = func() time.Time { return nu }
	p := pagina.New(o)
	from := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	for range 300 {
		if w := ask(t, p, "POST", "/beheer/doe", "", from("192.0.2.1:1")); w.Code != 200 {
			t.Fatalf("within the burst: %d", w.Code)
		}
	}
	if w := ask(t, p, "POST", "/beheer/doe", "", from("192.0.2.1:2")); w.Code != 429 || w.Header().Get("Retry-After") != "60" {
		t.Errorf("over it: %d", w.Code)
	}
	if w := ask(t, p, "POST", "/beheer/doe", "", from("192.0.2.2:1")); w.Code != 200 {
		t.Errorf("another address: %d", w.Code)
	}
	nu = nu.Add(time.Second)
	if w := ask(t, p, "POST", "/beheer/doe", "", from("192.0.2.1:3")); w.Code != 200 {
		t.Errorf("a little later: %d", w.Code)
	}
}

func TestAPanicIsAPageAndItsCauseIsNot(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := opties(pagina.Route{Methode: "GET", Patroon: "/beheer/x", Open: "proef", Handler: func(*pagina.Bezoek) (pagina.Antwoord, error) { panic("geheim") }})
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	p := pagina.New(o)
	var w *httptest.ResponseRecorder
	func() {
		defer func() {
			if recover() == nil {
				t.Error("net/http does not hear of it")
			}
		}()
		w = httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest("GET", "/beheer/x", nil))
	}()
	if w.Code != 500 || strings.Contains(w.Body.String(), "geheim") || !strings.Contains(w.Body.String(), "Nummer van deze fout:") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "nummer=") {
		t.Errorf("log: %s", log.String())
	}
}

func TestSessionsThatCannotBeLookedUpShowNothing(t *testing.T) {
	t.Parallel()
	o := opties(pagina.Route{Methode: "GET", Patroon: "/beheer/zelf", Zelf: "proef", Handler: ok})
	o.Sessies = &sessies{stuk: errors.New("store is away")}
	if w := ask(t, pagina.New(o), "GET", "/beheer/zelf", "", signedIn); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
}

func TestTheThemeOfAMunicipalityComesAfterOurs(t *testing.T) {
	t.Parallel()
	o := opties(pagina.Route{Methode: "GET", Patroon: "/beheer/x", Open: "proef", Handler: ok})
	body := ask(t, pagina.New(o), "GET", "/beheer/x", "").Body.String()
	ours, theirs := strings.Index(body, "/ontwerp/verantwoord.css?v="), strings.Index(body, `href="/thema.css?v=`)
	if ours < 0 || theirs < ours {
		t.Errorf("ours at %d, theirs at %d", ours, theirs)
	}
	f, found := o.Ontwerp.Get("/thema.css")
	if !found || !strings.Contains(string(f.Inhoud), "#b00") {
		t.Error("the theme is not served")
	}
	o.Ontwerp = ontwerp.New(nil)
	if strings.Contains(ask(t, pagina.New(o), "GET", "/beheer/x", "").Body.String(), "thema.css") {
		t.Error("a theme is named where there is none")
	}
}

func TestATemplateThatCannotBeReadStopsTheProgramAtStart(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"not finished":               `{{define "inhoud"}}{{.Titel}`,
		"a function there is not":    `{{define "inhoud"}}{{roep .Titel}}{{end}}`,
		"an end without a begin":     `{{define "inhoud"}}{{end}}{{end}}`,
		"a definition inside a page": `{{if .Titel}}{{define "inhoud"}}{{end}}{{end}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("the program starts")
				}
			}()
			pagina.Lees(fstest.MapFS{"proef.html": {Data: []byte(text)}})
		})
	}
}

func TestEveryRouteIsListedWithItsRight(t *testing.T) {
	t.Parallel()
	routes := pagina.New(opties(pagina.Route{Methode: "GET", Patroon: "/beheer/zien", Module: "groepen", Handeling: "zien", Handler: ok})).Routes()
	list := map[string]string{}
	for _, r := range routes {
		list[r.Methode+" "+r.Patroon] = r.Recht()
	}
	if list["GET /beheer/zien"] != "groepen/zien" || list["POST /beheer/afmelden"] == "" || len(list) != 4 {
		t.Errorf("%v", list)
	}
}
