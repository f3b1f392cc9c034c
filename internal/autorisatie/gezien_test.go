package autorisatie

import (
	"strconv"
	"testing"
	"time"
)

func TestATokenThatWasSeenIsStillJudgedByTheClock(t *testing.T) {
	t.Parallel()
	geheim := Geheim("geheim-van-een-applicatie-uit-de-test")
	r := NewRegister(&Bestand{Applicaties: []Applicatie{{ClientIDs: []string{"app"}, Geheim: geheim, Organisaties: []string{"00000099123456780000"}}}})
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	token, err := Sign("app", geheim, Claims{Exp: begin.Add(30 * time.Minute)}, begin)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{0, ""}, {time.Minute, ""}, {31 * time.Minute, "verlopen"}, {-2 * time.Minute, "iat_in_toekomst"}, {2 * time.Minute, ""}} {
		_, err := r.Authenticate(token, Instellingen{Nu: func() time.Time { return begin.Add(tt.after) }})
		if got := Reden(err); got != tt.want {
			t.Errorf("after %v: reason %q, want %q", tt.after, got, tt.want)
		}
	}
	if len(r.gezien.tokens) != 1 {
		t.Errorf("%d tokens are remembered, want 1", len(r.gezien.tokens))
	}
	// One that was altered is another token, and is not remembered.
	if _, err := r.Authenticate(token[:len(token)-1]+"A", Instellingen{Nu: func() time.Time { return begin }}); err == nil && token[len(token)-1] != 'A' {
		t.Error("an altered token is accepted")
	}
	if len(r.gezien.tokens) > 2 {
		t.Error("a refused token is remembered")
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	var g gezien
	for n := range 3 * maxGezien {
		var key [32]byte
		copy(key[:], strconv.Itoa(n))
		g.put(key, gezienToken{})
		if len(g.tokens) > maxGezien {
			t.Fatalf("%d tokens are remembered", len(g.tokens))
		}
		if _, ok := g.get(key); !ok {
			t.Fatal("the newest token is forgotten")
		}
	}
}
