package autorisatiecomponent_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

func TestEveryPublishedFormIsRead(t *testing.T) {
	t.Parallel()
	want := []autorisatie.Autorisatie{
		{Component: autorisatie.ComponentBewerking, Scopes: []autorisatie.Scope{"create:normal", "read:confidential"}},
		{Component: autorisatie.ComponentInzage, Scopes: []autorisatie.Scope{"read:normal"}},
		{Component: autorisatie.ComponentAC, Scopes: []autorisatie.Scope{"autorisaties.lezen"}},
		{Component: autorisatie.ComponentVAR, Scopes: []autorisatie.Scope{"var:read"}},
	}
	for _, document := range []string{"autorisaties-vng.yaml", "autorisaties-openzaak.yaml"} {
		for _, vorm := range []string{"list", "object", "page"} {
			t.Run(document+" as "+vorm, func(t *testing.T) {
				t.Parallel()
				o := opnemen(t, document, vorm)
				c := client(o.URL)
				for id, want := range map[string][]autorisatie.Autorisatie{"werkplek-kcc": want, "werkplek-oud": want, "alles": nil, "onbekend & co": nil} {
					got, err := c.Autorisaties(t.Context(), id)
					if d := cmp.Diff(want, got); err != nil || d != "" {
						t.Errorf("%s: %v %s", id, err, d)
					}
				}
				if len(o.gevraagd) != 4 {
					t.Errorf("asked %q", o.gevraagd)
				}
			})
		}
	}
}

// serve answers every request with f.
func serve(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// answers gives a handler of one answer.
func answers(status int, mediatype, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediatype)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const goed = `{"clientIds":["app"],"autorisaties":[{"component":"nrc","scopes":["read:normal"]}]}`

func TestAnythingThatIsNoAnswerIsAnError(t *testing.T) {
	t.Parallel()
	const js = "application/json"
	ander := serve(t, answers(200, js, goed))
	tests := map[string]http.HandlerFunc{
		"500":                          answers(500, js, goed),
		"503":                          answers(503, js, goed),
		"401":                          answers(401, "application/problem+json", `{}`),
		"403":                          answers(403, "application/problem+json", `{}`),
		"204":                          answers(204, js, ""),
		"201":                          answers(201, js, goed),
		"no media type":                answers(200, "", goed),
		"HTML":                         answers(200, "text/html", goed),
		"nothing":                      answers(200, js, ""),
		"half of it":                   answers(200, js, goed[:40]),
		"something behind it":          answers(200, js, goed+"{}"),
		"a text":                       answers(200, js, `"app"`),
		"null":                         answers(200, js, `null`),
		"an object without client ids": answers(200, js, `{"autorisaties":[]}`),
		"an object and a page":         answers(200, js, goed[:len(goed)-1]+`,"results":[]}`),
		"clientIds as a text":          answers(200, js, `{"clientIds":"app"}`),
		"scopes as a text":             answers(200, js, `{"clientIds":["app"],"autorisaties":[{"component":"nrc","scopes":"read:normal"}]}`),
		"scopes twice":                 answers(200, js, `{"clientIds":["app"],"autorisaties":[{"component":"nrc","scopes":[],"scopes":["read:normal"]}]}`),
		"a list of texts":              answers(200, js, `["app"]`),
		"the client twice":             answers(200, js, "["+goed+","+goed+"]"),
		"not UTF-8":                    answers(200, js, strings.Replace(goed, "nrc", "\xff", 1)),
		"very deep":                    answers(200, js, `{"clientIds":["app"],"x":`+strings.Repeat("[", 20000)),
		"huge":                         answers(200, js, `{"clientIds":["app"],"x":"`+strings.Repeat("x", 2<<20)+`"}`),
		"a header of a megabyte": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
			w.WriteHeader(200)
		},
		"a redirect to another host": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, ander, http.StatusFound) },
		"a redirect in circles":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"/", http.StatusFound) },
		"a connection that breaks":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a body that is announced longer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", js)
			w.Header().Set("Content-Length", "9999")
			_, _ = io.WriteString(w, goed)
		},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := client(serve(t, f)).Autorisaties(t.Context(), "app")
			if err == nil || got != nil {
				t.Fatalf("%d grants, no error", len(got))
			}
			if strings.Contains(err.Error(), "read:normal") || strings.Contains(err.Error(), string(geheim)) {
				t.Errorf("the error quotes: %v", err)
			}
		})
	}
}

func TestASlowComponentIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]http.HandlerFunc{
		"that says nothing": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"that says a byte at a time": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				_, _ = fmt.Fprint(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer stop()
			begin := time.Now()
			if _, err := client(serve(t, f)).Autorisaties(ctx, "app"); err == nil || time.Since(begin) > 20*time.Second {
				t.Errorf("after %s: %v", time.Since(begin), err)
			}
		})
	}
}

func TestAComponentThatIsDownOrNotTrustedIsAnError(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(answers(200, "application/json", goed))
	down.Close()
	if _, err := client(down.URL).Autorisaties(t.Context(), "app"); err == nil {
		t.Error("down")
	}
	s := httptest.NewUnstartedServer(answers(200, "application/json", goed))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake that fails is the test
	s.StartTLS()
	t.Cleanup(s.Close)
	if _, err := client(s.URL).Autorisaties(t.Context(), "app"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate nobody knows: %v", err)
	}
}

func TestARedirectOnTheSameHostIsFollowedWithTheToken(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/consumer/") {
			http.Redirect(w, r, r.URL.Path+"/?"+r.URL.RawQuery, http.StatusPermanentRedirect)
			return
		}
		if r.Header.Get("Authorization") == "" {
			t.Error("without its token")
		}
		answers(200, "application/json", goed)(w, r)
	})
	if got, err := client(url).Autorisaties(t.Context(), "app"); err != nil || len(got) != 1 {
		t.Errorf("%d grants: %v", len(got), err)
	}
}

func TestOnlyTheApplicationOfTheClientCounts(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"another application": goed,
		"a list of others":    "[" + goed + "]",
		"a page of others":    `{"results":[` + goed + `]}`,
		"an empty list":       "[]",
		"another case":        strings.Replace(goed, "app", "IEMAND", 1),
	} {
		got, err := client(serve(t, answers(200, "application/json; charset=utf-8", body))).Autorisaties(t.Context(), "iemand")
		if err != nil || got != nil {
			t.Errorf("%s: %d grants: %v", name, len(got), err)
		}
	}
}
