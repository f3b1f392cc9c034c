package opruimen_test

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/verantwoord/verantwoord/internal/opruimen"
)

// groot is what a test closes when it ends.
type groot struct {
	_     [1 << 16]byte
	dicht bool
}

func (g *groot) Close() { g.dicht = true }

// What a parallel test cleaned up is gone from memory while the tests beside it are still known.
func TestNothingIsKeptOfATestThatHasEnded(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var dicht []weak.Pointer[groot]
	t.Cleanup(func() { // all have ended
		if len(dicht) != 2 {
			t.Fatalf("%d were closed", len(dicht))
		}
		for end := time.Now().Add(time.Minute); slices.ContainsFunc(dicht, func(w weak.Pointer[groot]) bool { return w.Value() != nil }); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("what was closed is kept")
			}
			runtime.GC()
		}
	})
	for _, naam := range []string{"a method", "a function"} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			g := new(groot)
			w := weak.Make(g)
			t.Cleanup(func() { // after what follows
				mu.Lock()
				defer mu.Unlock()
				if w.Value().dicht {
					dicht = append(dicht, w)
				}
			})
			if naam == "a method" {
				opruimen.Na(t, g.Close)
			} else {
				opruimen.Na(t, func() { g.dicht = true })
			}
		})
	}
}

func TestItIsDoneInTheOrderOfCleanup(t *testing.T) {
	t.Parallel()
	var volgorde []int
	t.Run("a test", func(t *testing.T) {
		for k := range 3 {
			opruimen.Na(t, func() { volgorde = append(volgorde, k) })
		}
		t.Cleanup(func() { volgorde = append(volgorde, 3) })
	})
	if !slices.Equal(volgorde, []int{3, 2, 1, 0}) {
		t.Errorf("order %v", volgorde)
	}
}
