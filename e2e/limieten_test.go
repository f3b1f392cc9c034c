package e2e

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestAClientIsHeldToItsPaceAndAnotherIsNot(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.per_seconde: 20", "limieten.piek: 5")
	begin, refused := time.Now(), 0
	for range 40 {
		a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis())
		switch a.Status {
		case http.StatusCreated:
		case http.StatusTooManyRequests:
			refused++
			if s, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || s < 1 || a.JSON()["code"] != "throttled" {
				t.Errorf("Retry-After %q, %v", a.Header.Get("Retry-After"), a.JSON()["code"])
			}
		default:
			t.Fatalf("status %d", a.Status)
		}
	}
	if most := 6 + int(20*time.Since(begin).Seconds()); 40-refused > most {
		t.Errorf("%d were let in, want %d at most", 40-refused, most)
	}
	r.post("vertrouwelijk", basis())
}

func TestAStreamIsSlowedDownRatherThanRefused(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.per_seconde: 100", "limieten.piek: 10", "limieten.stilte: 1s")
	r.haastig()
	begin := time.Now()
	got := r.all("normaal", bytes.Repeat([]byte(basis().line()+"\n"), 260))
	for _, u := range got {
		if u.Status != http.StatusCreated {
			t.Fatalf("line %d: %v", u.Regel, u.Fout)
		}
	}
	if d := time.Since(begin); len(got) != 260 || d < 2*time.Second {
		t.Errorf("%d lines in %v, want 260 in 2.5 s", len(got), d)
	}
}

func TestRequestsAtOnceAreLimitedForEachClient(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.gelijktijdig: 3", "limieten.stromen: 2")
	one, two := r.open("normaal"), r.open("normaal")
	if res := r.bulk("normaal", bytes.NewReader(nil)); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a third stream got %d", res.StatusCode)
	}
	r.post("normaal", basis())
	// A third request under way: its body has not come yet.
	c := r.chunked("vertrouwelijk", "")
	r.post("vertrouwelijk", basis())
	c.Close()
	one.in.Close()
	two.in.Close()
	for _, s := range []*stroom{one, two} {
		if _, ok := s.next(); ok || s.uit.Err() != nil {
			t.Errorf("an empty stream ended with %v", s.uit.Err())
		}
	}
	wacht(t, geduld, "the places of streams that ended are free", func() bool { return r.bulk("normaal", bytes.NewReader(nil)).StatusCode == http.StatusOK })
}

func TestAllRequestsOfAClientCount(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.gelijktijdig: 2")
	one, two := r.open("normaal"), r.open("normaal")
	a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusTooManyRequests)
	if a.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	r.lijst("vertrouwelijk", "2308572", "").Want(http.StatusOK)
	one.in.Close()
	two.in.Close()
}
