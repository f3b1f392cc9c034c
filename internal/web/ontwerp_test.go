package web_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web"
)

var token = regexp.MustCompile(`(--[a-z0-9-]+):\s*(#[0-9a-f]{3,6});`)

// tokens are the colours of the stylesheet, in light and in dark.
func tokens(t *testing.T) (light, dark map[string]string, css string) {
	t.Helper()
	css = get(t, web.Handler(opties()), "GET", "/ontwerp/verantwoord.css").Body.String()
	before, after, ok := strings.Cut(css, "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark colours")
	}
	light, dark = map[string]string{}, map[string]string{}
	for _, m := range token.FindAllStringSubmatch(before, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	after, _, _ = strings.Cut(after, "\n}\n")
	for _, m := range token.FindAllStringSubmatch(after, -1) {
		dark[m[1]] = m[2]
	}
	return light, dark, css
}

// luminance is that of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("no colour: %q", hex)
	}
	channel := func(c uint64) float64 {
		s := float64(c&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}

func TestColoursHaveEnoughContrastInLightAndDark(t *testing.T) {
	t.Parallel()
	light, dark, _ := tokens(t)
	const k = "--verantwoord-kleur-"
	for _, tc := range []struct {
		front, back string
		least       float64 // 4.5 for text, 3 for the edge of a part
	}{
		{k + "inkt", k + "papier", 4.5}, {k + "inkt", k + "vlak", 4.5}, {k + "inkt", k + "info", 4.5},
		{k + "inkt-zacht", k + "papier", 4.5}, {k + "inkt-zacht", k + "vlak", 4.5}, {k + "inkt-zacht", k + "info", 4.5},
		{k + "accent", k + "papier", 4.5}, {k + "accent", k + "vlak", 4.5}, {k + "accent", k + "info", 4.5},
		{k + "accent-sterk", k + "papier", 4.5},
		{k + "rand", k + "papier", 3},
		{k + "op-accent", k + "accent", 4.5}, {k + "op-accent", k + "accent-sterk", 4.5},
		{k + "fout", k + "papier", 4.5}, {k + "fout", k + "fout-vlak", 4.5}, {k + "inkt", k + "fout-vlak", 4.5}, {k + "accent", k + "fout-vlak", 4.5},
		{k + "let-op", k + "papier", 4.5}, {k + "let-op", k + "let-op-vlak", 4.5}, {k + "inkt", k + "let-op-vlak", 4.5}, {k + "accent", k + "let-op-vlak", 4.5},
		{k + "goed", k + "papier", 4.5}, {k + "goed", k + "goed-vlak", 4.5}, {k + "inkt", k + "goed-vlak", 4.5},
		{"--utrecht-focus-color", "--utrecht-focus-background-color", 4.5},
		{"--utrecht-focus-outline-color", k + "papier", 3}, {"--utrecht-focus-outline-color", k + "vlak", 3},
	} {
		for mode, colours := range map[string]map[string]string{"light": light, "dark": dark} {
			a, b := luminance(t, colours[tc.front]), luminance(t, colours[tc.back])
			if ratio := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05); ratio < tc.least {
				t.Errorf("%s: %s on %s is %.2f, want %.1f", mode, tc.front, tc.back, ratio, tc.least)
			}
		}
	}
}

func TestTheStylesheetLoadsNothingAndUsesOnlyTokensItHas(t *testing.T) {
	t.Parallel()
	_, _, css := tokens(t)
	for _, s := range []string{"@import", "url(", "http:", "https:", "expression("} {
		if strings.Contains(css, s) {
			t.Errorf("the stylesheet holds %q", s)
		}
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)\)`).FindAllStringSubmatch(css, -1) {
		if !strings.Contains(css, m[1]+":") {
			t.Errorf("%s is used and nowhere given", m[1])
		}
	}
	if strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error("braces do not match")
	}
}

func TestEveryClassInThePagesIsStyled(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	_, _, css := tokens(t)
	// Anatomy of a component that needs no style of its own.
	bare := map[string]bool{"utrecht-nav-bar": true, "utrecht-nav-list__item": true}
	for _, path := range pages {
		for _, e := range parse(t, get(t, h, "GET", path).Body.String()) {
			for _, class := range strings.Fields(e.attr["class"]) {
				if !bare[class] && !regexp.MustCompile(`\.`+class+`\b`).MatchString(css) {
					t.Errorf("%s: class %s of <%s> has no style", path, class, e.name)
				}
			}
		}
	}
}

// A portal of the organisation shows pieces of our pages with our stylesheet; nothing else of ours is for another site.
func TestOnlyTheStylesheetIsForPagesElsewhere(t *testing.T) {
	t.Parallel()
	h := web.Handler(opties())
	for pad, want := range map[string]string{"/ontwerp/verantwoord.css": "cross-origin", "/": "same-origin", "/docs": "same-origin", "/ontwerp/merk.svg": "same-origin", "/weg": "same-origin"} {
		if got := get(t, h, "GET", pad).Header().Get("Cross-Origin-Resource-Policy"); got != want {
			t.Errorf("%s is for %s", pad, got)
		}
	}
}
