package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web"
)

// element is a start tag of a page.
type element struct {
	name string
	attr map[string]string
}

var void = []string{"meta", "link", "img", "br", "hr", "input"}

// parse reads a page and reports what is not well formed: a tag that is not closed or closes
// another, an attribute without quotes, a bare ampersand.
func parse(t *testing.T, page string) []element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	var out []element
	var open []string
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := element{tok.Name.Local, map[string]string{}}
			for _, a := range tok.Attr {
				if _, twice := e.attr[a.Name.Local]; twice {
					t.Errorf("<%s> has %s twice", e.name, a.Name.Local)
				}
				e.attr[a.Name.Local] = a.Value
			}
			out = append(out, e)
			if !slices.Contains(void, e.name) {
				open = append(open, e.name)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != tok.Name.Local {
				t.Fatalf("</%s> closes %v", tok.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("not closed: %v", open)
	}
	return out
}

// pages are all that this handler makes.
var pages = []string{"/", "/docs", "/bestaat-niet"}

func TestPagesAreWellFormedAccessibleAndWithoutScript(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	for _, path := range pages {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			page := get(t, h, "GET", path).Body.String()
			if !strings.HasPrefix(page, "<!doctype html>\n<html lang=\"nl\"") {
				t.Error("no doctype or no language")
			}
			ids, level, h1 := map[string]bool{}, 0, 0
			elements := parse(t, page)
			for _, e := range elements {
				if id, ok := e.attr["id"]; ok {
					if ids[id] || id == "" {
						t.Errorf("id %q is not unique", id)
					}
					ids[id] = true
				}
			}
			for _, e := range elements {
				for name, value := range e.attr {
					if strings.HasPrefix(name, "on") || name == "style" || strings.Contains(value, "javascript:") {
						t.Errorf("<%s %s> is script or style in the page", e.name, name)
					}
					if (name == "href" || name == "src") && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#") || strings.HasPrefix(value, "//") {
						t.Errorf("<%s %s=%q> leads outside", e.name, name, value)
					}
					if name == "aria-labelledby" && !ids[value] {
						t.Errorf("<%s> is labelled by nothing", e.name)
					}
				}
				switch e.name {
				case "script", "style", "iframe", "object", "form", "base":
					t.Errorf("<%s> has no place here", e.name)
				case "img":
					if _, ok := e.attr["alt"]; !ok {
						t.Error("an image without alt")
					}
				case "th":
					if e.attr["scope"] == "" {
						t.Error("a header cell without scope")
					}
				case "h1", "h2", "h3", "h4", "h5", "h6":
					next := int(e.name[1] - '0')
					if next > level+1 {
						t.Errorf("heading %d after %d", next, level)
					}
					if level = next; next == 1 {
						h1++
					}
				}
			}
			if h1 != 1 {
				t.Errorf("%d main headings", h1)
			}
			if first := elements[slices.IndexFunc(elements, func(e element) bool { return e.name == "a" })]; first.attr["href"] != "#inhoud" || !ids["inhoud"] {
				t.Error("the first link does not skip to the content")
			}
		})
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	// Served by other parts of the register.
	others := []string{
		"/healthz/ready", "/healthz/live", "/metrics",
		"/bewerking/api/v1/openapi.yaml", "/bewerking/api/v1/openapi.json",
		"/inzage/api/v1/openapi.yaml", "/inzage/api/v1/openapi.json",
		"/autorisaties/api/v1/openapi.yaml", "/autorisaties/api/v1/openapi.json",
		"/var/api/v1/openapi.yaml", "/var/api/v1/openapi.json",
		"/bewijs/openapi.yaml", "/bewijs/openapi.json",
	}
	for _, path := range pages {
		for _, e := range parse(t, get(t, h, "GET", path).Body.String()) {
			target := e.attr["href"] + e.attr["src"]
			if target == "" || slices.Contains(others, target) {
				continue
			}
			to, fragment, _ := strings.Cut(target, "#")
			if to == "" {
				to = path
			}
			rec := get(t, h, "GET", to)
			if to != path && rec.Code != 200 {
				t.Errorf("%s: %s gives %d", path, target, rec.Code)
			}
			if fragment != "" && !strings.Contains(rec.Body.String(), ` id="`+fragment+`"`) {
				t.Errorf("%s: %s leads to no place", path, target)
			}
		}
	}
}
