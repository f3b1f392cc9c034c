package api

import (
	"strings"
	"testing"
)

// What links are made on comes in every link of a page: only two forms of it are taken.
func TestTheBasisHasAClosedForm(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"/", "/mijn", "/mijn/gegevens/", "/a-b_c.d~e", "https://mijn.voorbeeldstad.example", "https://mijn.voorbeeldstad.example/", "https://mijn.voorbeeldstad.example:8443/gegevens",
		"/" + strings.Repeat("a", maxBasis-1),
	} {
		if !isBasis(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", "mijn", "//evil.example", "/\\evil.example", "///evil.example", "/mijn//x", "/mijn/../beheer", "/./mijn", "/mijn?x=1", "/mijn#x", "/mi jn", "/mijn\n", "/%2e%2e/", "/mijn\"",
		"/<b>", "/mijn:x", "javascript:alert(1)", "data:text/html,x", "http://mijn.voorbeeldstad.example/", "HTTPS://mijn.voorbeeldstad.example/", "https:/mijn", "https://", "https:///mijn",
		"https://u@evil.example/", "https://mijn.voorbeeldstad.example:/", "https://:443/", "https://mijn.voorbeeldstad.example:x/", "https://mijn.voorbeeldstad.example//x", "https://mijn.voorbeeldstad.example/?x",
		"https://é.example/", "/é", "/" + strings.Repeat("a", maxBasis),
	} {
		if isBasis(s) {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestTheClientGetsTheFormThatItWantsMost(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"*/*": html, "text/html": html, "text/*": html, "application/json": "application/json", "application/*": "application/json",
		"text/html, application/json": html, "text/html;q=0.5, application/json": "application/json", "text/html;q=0, */*": "application/json",
		"text/html;q=0.2, application/json;q=0.9, */*;q=0.1": "application/json", "image/png": "", "text/plain": "", "text/html;q=0": "", "onzin": "",
	} {
		if got := prefers([]string{accept}, html, "application/json"); got != want {
			t.Errorf("%s gives %q", accept, got)
		}
	}
	if prefers(nil, html, "application/json") != html {
		t.Error("without a wish there is another form")
	}
}
