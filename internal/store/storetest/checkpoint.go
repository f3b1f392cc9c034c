package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// RunCheckpoints holds an engine to checkpoint.Opslag. open gives two processes on one empty store.
func RunCheckpoints(t *testing.T, open func(testing.TB) (een, ander checkpoint.Opslag)) {
	ctx := context.Background()
	punt := func(nr, grootte uint64, openbaar bool) *checkpoint.Bewaard {
		return &checkpoint.Bewaard{Nr: nr, Grootte: grootte, Wortel: bewijs.Hash{byte(grootte), byte(grootte >> 8), 1}, Openbaar: openbaar,
			Moment: Start.Add(time.Duration(nr) * time.Second), Tekst: fmt.Appendf(nil, "checkpoint %d", nr)}
	}
	voeg := func(t *testing.T, s checkpoint.Opslag, oin string, b bewijs.Boom, c *checkpoint.Bewaard) {
		t.Helper()
		if err := s.Voeg(ctx, oin, b, c, "sleutel-1"); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("what was added comes back, of its own tree, for every process", func(t *testing.T) {
		een, ander := open(t)
		for _, f := range []func(context.Context, string, bewijs.Boom) (checkpoint.Bewaard, error){een.Laatste, een.Openbaar} {
			if w, err := f(ctx, A, bewijs.BoomLog); err != nil || w.Nr != 0 {
				t.Fatalf("of an empty store %+v, %v", w, err)
			}
		}
		voeg(t, een, A, bewijs.BoomLog, punt(1, 5, true))
		voeg(t, ander, A, bewijs.BoomLog, punt(2, 5, false))
		voeg(t, een, A, bewijs.BoomLog, punt(3, 9, false))
		voeg(t, een, A, bewijs.BoomBeheer, punt(1, 0, true))
		voeg(t, een, B, bewijs.BoomLog, punt(1, 1, false))
		w, err := ander.Laatste(ctx, A, bewijs.BoomLog)
		if d := cmp.Diff(*punt(3, 9, false), w); d != "" || err != nil {
			t.Errorf("the newest, %v (-want +got):\n%s", err, d)
		}
		w, err = ander.Openbaar(ctx, A, bewijs.BoomLog)
		if d := cmp.Diff(*punt(1, 5, true), w); d != "" || err != nil {
			t.Errorf("the public one, %v (-want +got):\n%s", err, d)
		}
		for n, want := range map[uint64]bool{5: true, 9: false, 0: false} {
			if is, err := ander.OpenbaarVan(ctx, A, bewijs.BoomLog, n); is != want || err != nil {
				t.Errorf("a public one of %d: %v, %v", n, is, err)
			}
		}
		if l, err := ander.Vanaf(ctx, A, bewijs.BoomLog, 2, 10); err != nil || len(l) != 2 || l[0].Nr != 2 || l[1].Nr != 3 {
			t.Errorf("from the second on: %+v, %v", l, err)
		}
		if l, err := ander.Vanaf(ctx, B, bewijs.BoomLog, 0, 10); err != nil || len(l) != 1 {
			t.Errorf("of the other organisation: %+v, %v", l, err)
		}
	})
	t.Run("what does not follow on the newest is not added", func(t *testing.T) {
		een, ander := open(t)
		voeg(t, een, A, bewijs.BoomLog, punt(1, 5, false))
		anders := punt(2, 5, false)
		anders.Wortel[0]++
		for naam, c := range map[string]struct {
			punt *checkpoint.Bewaard
			want error
		}{
			"the same number again":       {punt(1, 6, false), fout.Gelijktijdig},
			"a number too far":            {punt(3, 6, false), fout.Gelijktijdig},
			"a smaller tree":              {punt(2, 4, false), checkpoint.ErrOnverenigbaar},
			"one of the size, other root": {anders, checkpoint.ErrOnverenigbaar},
		} {
			if err := ander.Voeg(ctx, A, bewijs.BoomLog, c.punt, "k"); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", naam, err, c.want)
			}
		}
		if err := ander.Voeg(ctx, "00000099000000009999", bewijs.BoomLog, punt(1, 1, false), "k"); err == nil {
			t.Error("an unknown organisation")
		}
		if l, err := een.Vanaf(ctx, A, bewijs.BoomLog, 0, 10); err != nil || len(l) != 1 {
			t.Errorf("there are %d, %v", len(l), err)
		}
	})
	t.Run("of those who add at the same time one is first", func(t *testing.T) {
		een, ander := open(t)
		for nr := uint64(1); nr <= 10; nr++ {
			var wg sync.WaitGroup
			gelukt := make([]bool, 6)
			for i := range gelukt {
				wg.Go(func() {
					c := punt(nr, nr, false)
					c.Wortel[5] = byte(i)
					err := []checkpoint.Opslag{een, ander}[i%2].Voeg(ctx, A, bewijs.BoomLog, c, "k")
					if gelukt[i] = err == nil; err != nil && !errors.Is(err, fout.Gelijktijdig) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			n := 0
			for _, ok := range gelukt {
				if ok {
					n++
				}
			}
			if n != 1 {
				t.Fatalf("%d were added as number %d", n, nr)
			}
		}
	})
	t.Run("public ones and those of receipts stay, and the newest of the others", func(t *testing.T) {
		een, _ := open(t)
		const n = 1300
		for nr := uint64(1); nr <= n; nr++ {
			voeg(t, een, A, bewijs.BoomLog, punt(nr, nr, nr%100 == 0))
			if nr == 7 {
				for range 2 {
					if err := een.Houd(ctx, A, bewijs.BoomLog, 7); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		l, err := een.Vanaf(ctx, A, bewijs.BoomLog, 0, 2*n)
		if err != nil {
			t.Fatal(err)
		}
		var oud []uint64
		for _, c := range l {
			if c.Nr < n-1000 {
				oud = append(oud, c.Nr)
			}
		}
		if d := cmp.Diff([]uint64{7, 100, 200}, oud); d != "" || len(l) != len(oud)+1001 {
			t.Errorf("%d stay; old ones (-want +got):\n%s", len(l), d)
		}
	})
	t.Run("a key is known since it signed first", func(t *testing.T) {
		een, ander := open(t)
		for nr, k := range []string{"oud", "oud", "nieuw", "nieuw"} {
			if err := een.Voeg(ctx, A, bewijs.BoomLog, punt(uint64(nr+1), 1, false), k); err != nil {
				t.Fatal(err)
			}
		}
		got, err := ander.Sleutels(ctx, A, bewijs.BoomLog)
		want := []checkpoint.Sleutel{{Publiek: "nieuw", Sinds: Start.Add(3 * time.Second)}, {Publiek: "oud", Sinds: Start.Add(time.Second)}}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
		if geen, err := ander.Sleutels(ctx, A, bewijs.BoomBeheer); err != nil || len(geen) != 0 {
			t.Errorf("of the other tree: %v, %v", geen, err)
		}
	})
}
