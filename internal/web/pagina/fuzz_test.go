package pagina_test

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Wherever somebody is led back to after a form, it is a page of ours.
func FuzzLokaal(f *testing.F) {
	for _, s := range []string{"/beheer/", "/beheer/gebruikers", "//elders.example/beheer/", "/beheer/../", "/beheer//elders.example", "/beheer/%2e%2e/x", "https://elders.example/beheer/", "/beheer/\\elders", "/beheer/?x"} {
		f.Add(s)
	}
	thuis, err := url.Parse("https://register.voorbeeldstad.example/beheer/taal")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := pagina.Lokaal(s)
		u, err := thuis.Parse(got)
		if err != nil {
			if got != s {
				t.Fatalf("%q leads to %q: %v", s, got, err)
			}
			return // no browser goes there
		}
		if u.Host != thuis.Host || u.Scheme != thuis.Scheme || !strings.HasPrefix(path.Clean(u.Path)+"/", pagina.Begin) || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q leads to %q", s, u)
		}
	})
}
