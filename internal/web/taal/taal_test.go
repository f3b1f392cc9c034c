package taal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

var (
	inTemplate = regexp.MustCompile(`(?:\{\{|\()t ("(?:[^"\\]|\\.)*")`)
	verb       = regexp.MustCompile(`%[a-z]`)
)

// texts are the literal texts that the pages ask of the catalogue, with the file of each.
func texts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	add := func(quoted, path string) {
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		found[text] = path
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path == filepath.Join("..", "mijn") { // has texts of its own, and a test of them
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		switch filepath.Ext(path) {
		case ".html":
			if filepath.Dir(path) == filepath.Join("..", "paginas") { // of the register itself: Dutch only
				return nil
			}
			body, err := os.ReadFile(path)
			for _, m := range inTemplate.FindAllSubmatch(body, -1) {
				add(string(m[1]), path)
			}
			return err
		case ".go":
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "T" && len(n.Args) > 0 {
						if lit, ok := n.Args[0].(*ast.BasicLit); ok {
							add(lit.Value, path)
						}
					}
				case *ast.ValueSpec: // what a page says once, and the menu
					if filepath.Base(path) == "melding.go" || len(n.Names) == 1 && n.Names[0].Name == "menu" {
						ast.Inspect(n, func(m ast.Node) bool {
							if lit, ok := m.(*ast.BasicLit); ok && lit.Kind == token.STRING && (strings.ContainsAny(lit.Value, " .") || strings.ToLower(lit.Value) != lit.Value) {
								add(lit.Value, path)
							}
							return true
						})
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryTextOfThePagesHasEnglish(t *testing.T) {
	t.Parallel()
	found := texts(t)
	if len(found) < 300 {
		t.Fatalf("only %d texts were found", len(found))
	}
	for text, path := range found {
		if !taal.Engels.Kent(text) {
			t.Errorf("%s: no English for %q", path, text)
			continue
		}
		nl, en := verb.FindAllString(text, -1), verb.FindAllString(taal.Engels.Tekst(text), -1)
		if strings.Join(nl, "") != strings.Join(en, "") {
			t.Errorf("%q takes %v, its English %v", text, nl, en)
		}
	}
}

func TestATextWithoutEnglishStaysDutchAndSaysSo(t *testing.T) {
	t.Parallel()
	if got := taal.Engels.Tekst("Iets wat niemand vertaalde."); got != "Iets wat niemand vertaalde." || taal.Engels.Kent(got) {
		t.Errorf("%q", got)
	}
	if got := taal.Nederlands.Tekst("U hebt nog %d pogingen.", 3); got != "U hebt nog 3 pogingen." {
		t.Errorf("%q", got)
	}
	if got := taal.Engels.Tekst("U hebt nog %d pogingen.", 3); got != "You have 3 attempts left." {
		t.Errorf("%q", got)
	}
	for word, want := range map[string]taal.Taal{"en": taal.Engels, "nl": taal.Nederlands, "": taal.Nederlands, "fr": taal.Nederlands} {
		if got := taal.Kies(word); got != want {
			t.Errorf("%q gives %q", word, got)
		}
	}
}
