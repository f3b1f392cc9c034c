package browsertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What a part of a test leaves behind in a tab, the next part doesn't meet: also not on another port of the same machine.
func TestATabForTheNextPartHasNoCookiesOfThisOne(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<title>x</title>koekjes: "+r.Header.Get("Cookie")) // who is gone, is gone
	})
	een, twee := httptest.NewServer(h), httptest.NewServer(h)
	t.Cleanup(een.Close)
	t.Cleanup(twee.Close)
	alle := Start(t).Tab(t, Breed)
	eerst := alle.Voor(t, Donker)
	eerst.Koekje(een.URL, "sessie", "van-een")
	eerst.Open(een.URL)
	if !strings.Contains(eerst.Tekst(), "sessie=van-een") || !Vraag[bool](eerst, `matchMedia("(prefers-color-scheme: dark)").matches`) {
		t.Fatalf("the first: %s", eerst.Tekst())
	}
	daarna := alle.Voor(t, Breed)
	daarna.Open(twee.URL)
	if strings.Contains(daarna.Tekst(), "sessie") || Vraag[bool](daarna, `matchMedia("(prefers-color-scheme: dark)").matches`) {
		t.Errorf("the next: %s", daarna.Tekst())
	}
}
