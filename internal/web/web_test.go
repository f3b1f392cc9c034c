package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/web"
)

func opties() web.Opties {
	return web.Opties{
		Versie: "0.1.0", BaseURL: "https://log.voorbeeldstad.example/",
		Organisaties: []web.Organisatie{{OIN: "00000099123456780000", Naam: "Gemeente Voorbeeldstad"}},
		Documentatie: documentatie(),
	}
}

func documenten() web.Documenten {
	return web.Documenten{
		Bewerking: openapi.Bewerking, Inzage: openapi.Inzage, Autorisaties: openapi.Autorisaties, VAR: openapi.Verwerkingsactiviteiten, Bewijs: openapi.Bewijs,
	}
}

// documentatie is shared by all tests, as registers of one program do.
var documentatie = sync.OnceValue(func() *web.Documentatie { return web.NewDocumentatie(documenten()) })

func get(t *testing.T, h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func TestEveryAnswerHasItsStatusAndStrictHeaders(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	for _, tc := range []struct {
		name, method, target string
		status               int
		contentType          string
	}{
		{"the start page", "GET", "/", 200, "text/html; charset=utf-8"},
		{"the documentation", "GET", "/docs", 200, "text/html; charset=utf-8"},
		{"the stylesheet", "GET", "/ontwerp/verantwoord.css", 200, "text/css; charset=utf-8"},
		{"the mark", "GET", "/ontwerp/merk.svg", 200, "image/svg+xml"},
		{"an unknown path", "GET", "/bestaat-niet", 404, "text/html; charset=utf-8"},
		{"a folder of the design", "GET", "/ontwerp/", 404, "text/html; charset=utf-8"},
		{"a way out of the design", "GET", "/ontwerp/../web.go", 404, "text/html; charset=utf-8"},
		{"a form sent to the start page", "POST", "/", 405, "text/html; charset=utf-8"},
		{"only the head of a page", "HEAD", "/docs", 200, "text/html; charset=utf-8"},
		{"only the head of nothing", "HEAD", "/bestaat-niet", 404, "text/html; charset=utf-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rec := get(t, h, tc.method, tc.target)
			if rec.Code != tc.status || rec.Header().Get("Content-Type") != tc.contentType {
				t.Errorf("status %d, %s", rec.Code, rec.Header().Get("Content-Type"))
			}
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
				"X-Content-Type-Options":  "nosniff",
				"Referrer-Policy":         "no-referrer",
			} {
				if got := rec.Header().Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			if tc.method == "HEAD" && rec.Body.Len() > 0 {
				t.Error("HEAD has a body")
			}
			if tc.status == 405 && rec.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow: %q", rec.Header().Get("Allow"))
			}
		})
	}
}

func TestTheDesignIsKeptForEverUnderItsVersionOnly(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	page := get(t, h, "GET", "/").Body.String()
	_, rest, ok := strings.Cut(page, `href="/ontwerp/verantwoord.css?v=`)
	version, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed || version == "" {
		t.Fatal("the page does not name the version of its stylesheet")
	}
	for target, want := range map[string]string{
		"/ontwerp/verantwoord.css?v=" + version: "public, max-age=31536000, immutable",
		"/ontwerp/verantwoord.css?v=oud":        "no-cache",
		"/ontwerp/verantwoord.css":              "no-cache",
		"/":                                     "no-cache",
	} {
		if got := get(t, h, "GET", target).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: %q", target, got)
		}
	}
	first := get(t, h, "GET", "/docs")
	if again := get(t, h, "GET", "/docs", "If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("an unchanged page is sent again: %d", again.Code)
	}
}

func TestTheStartPageTellsWhatRunsHere(t *testing.T) {
	t.Parallel()
	two := opties()
	two.Organisaties = append(two.Organisaties, web.Organisatie{OIN: "00000099123456789000", Naam: "<b>Dorpstad</b> & co"})
	two.Dev, two.Beheer, two.Thema = true, true, []byte(":root { --verantwoord-kleur-accent: #b00; }")
	none := opties()
	none.Organisaties = nil
	for _, tc := range []struct {
		name         string
		opties       web.Opties
		want, refuse []string
	}{
		{"one organisation", opties(),
			[]string{"Gemeente Voorbeeldstad", "één organisatie", "https://log.voorbeeldstad.example/bewerking/api/v1/",
				"https://log.voorbeeldstad.example/inzage/api/v1/", `href="/docs"`, `href="/healthz/ready"`, `href="/metrics"`, "0.1.0"},
			[]string{"demonstratie", "example//", "/beheer/", "thema.css"}},
		{"more organisations, in a demonstration", two,
			[]string{`href="/beheer/"`, `href="/thema.css?v=`, "2 organisaties", "&lt;b&gt;Dorpstad&lt;/b&gt; &amp; co", "Dit is een demonstratie"}, []string{"<b>"}},
		{"no organisation yet", none, []string{"nog geen organisatie ingesteld"}, []string{"0 organisaties"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			page := get(t, web.Handler(tc.opties), "GET", "/").Body.String()
			for _, s := range tc.want {
				if !strings.Contains(page, s) {
					t.Errorf("the page lacks %q", s)
				}
			}
			for _, s := range tc.refuse {
				if strings.Contains(page, s) {
					t.Errorf("the page holds %q", s)
				}
			}
		})
	}
}

func TestADocumentThatCannotBeReadStopsTheProgramAtStart(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	broken := documenten()
	broken.Inzage = []byte("paths: [")
	web.NewDocumentatie(broken)
}
