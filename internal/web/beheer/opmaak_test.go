package beheer_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

var (
	class    = regexp.MustCompile(`class="([^"]*)"`)
	template = regexp.MustCompile(`\{\{[^}]*\}\}`)
)

func TestEveryClassOfThePagesIsStyled(t *testing.T) {
	t.Parallel()
	css, ok := ontwerp.New(nil).Get("/ontwerp/verantwoord.css")
	if !ok {
		t.Fatal("no stylesheet")
	}
	// Anatomy of a component that needs no style of its own, and what is completed with a value.
	bare := map[string]bool{
		"utrecht-nav-bar": true, "utrecht-nav-list__item": true, "utrecht-pagination__page-link": true, "utrecht-breadcrumb-nav__link": true,
		"verantwoord-waarschuwing__tekst": true, "verantwoord-waarschuwing--": true, "verantwoord-status--": true, "verantwoord-zin--": true,
	}
	found := 0
	for _, folder := range []string{"sjablonen", "../pagina/sjablonen", "../ontwerp/onderdelen"} {
		err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := os.ReadFile(filepath.Join(folder, path))
			for _, m := range class.FindAllStringSubmatch(string(body), -1) {
				for _, c := range strings.Fields(template.ReplaceAllString(m[1], " ")) {
					found++
					if !bare[c] && !regexp.MustCompile(`\.`+regexp.QuoteMeta(c)+`\b`).Match(css.Inhoud) {
						t.Errorf("%s: class %s has no style", path, c)
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 300 {
		t.Errorf("only %d classes were found", found)
	}
}
