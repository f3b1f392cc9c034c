package server_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/server/servertest"
)

// The pages of all registers of a process come from the same templates.
func TestEveryPageWearsTheThemeOfItsOwnRegister(t *testing.T) {
	t.Parallel()
	const applicaties = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties: []
`
	css := filepath.Join(t.TempDir(), "thema.css")
	if err := os.WriteFile(css, []byte(":root { --verantwoord-kleur-accent: #b00; }"), 0o600); err != nil {
		t.Fatal(err)
	}
	met, zonder := servertest.Start(t, applicaties, "thema: "+css), servertest.Start(t, applicaties)
	for range 2 {
		for _, pad := range []string{"/", "/docs", "/verwerkingsactiviteiten", "/beheer/aanmelden", "/mijn/aanmelden"} {
			if body := haal(t, met.URL+pad); !strings.Contains(body, `href="/thema.css?v=`) {
				t.Errorf("%s has no theme", pad)
			}
			if body := haal(t, zonder.URL+pad); strings.Contains(body, "thema.css") || !strings.Contains(body, `href="/ontwerp/verantwoord.css?v=`) {
				t.Errorf("%s has the theme of another", pad)
			}
		}
	}
}

func haal(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
