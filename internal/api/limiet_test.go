package api

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestAClientGetsItsPaceAndNoMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimieten(Limieten{PerSeconde: 10, Piek: 5})
		let := func(client string) (n int) {
			for range 100 {
				v, err := l.begin(client)
				if err == nil {
					n++
					l.end(v)
					continue
				}
				var f *fout.Fout
				if !errors.As(err, &f) || f.Code != fout.CodeTeVeel || f.OpnieuwNa <= 0 || f.OpnieuwNa > 100*time.Millisecond {
					t.Fatalf("refused with %v", err)
				}
			}
			return n
		}
		if n := let("a"); n != 5 {
			t.Errorf("at once %d, want 5", n)
		}
		if n := let("b"); n != 5 {
			t.Errorf("another client %d, want 5", n)
		}
		time.Sleep(200 * time.Millisecond)
		if n := let("a"); n != 2 {
			t.Errorf("a fifth of a second later %d, want 2", n)
		}
	})
}

func TestLinesWaitForTheirPlaceInThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimieten(Limieten{PerSeconde: 100, Piek: 10})
		v, err := l.begin("a") // which is one itself
		if err != nil {
			t.Fatal(err)
		}
		if d := v.wacht(9); d != 0 {
			t.Errorf("9 lines wait %v, and there was room", d)
		}
		if d := v.wacht(128); d < 1270*time.Millisecond || d > 1290*time.Millisecond {
			t.Errorf("128 lines more wait %v, want 1.28 s", d)
		}
		free, err := newLimieten(Limieten{}).begin("a")
		if err != nil || free.wacht(1_000_000) != 0 {
			t.Error("without a limit it waits")
		}
	})
}

func TestPlacesComeBack(t *testing.T) {
	t.Parallel()
	l := newLimieten(Limieten{Gelijktijdig: 2, Stromen: 1})
	one, err1 := l.begin("a")
	two, err2 := l.begin("a")
	if err := errors.Join(err1, err2, l.beginStroom(one)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.begin("a"); !errors.Is(err, teVeel) {
		t.Errorf("a third request: %v", err)
	}
	if err := l.beginStroom(two); !errors.Is(err, teVeelStrom) {
		t.Errorf("a second stream: %v", err)
	}
	l.endStroom(one)
	l.end(one)
	if err := l.beginStroom(two); err != nil {
		t.Error(err)
	}
	if _, err := l.begin("a"); err != nil {
		t.Error(err)
	}
}

func TestCountsOfClientsThatWentAwayAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimieten(Limieten{PerSeconde: 10, Piek: 5})
		busy, err := l.begin("busy")
		if err != nil {
			t.Fatal(err)
		}
		for k := range 10_000 {
			v, err := l.begin(fmt.Sprint(k))
			if err != nil {
				t.Fatal(err)
			}
			l.end(v)
			time.Sleep(time.Second)
		}
		if n := len(l.klanten); n > 2*minGrens {
			t.Errorf("%d are kept", n)
		}
		if l.klanten["busy"] != busy {
			t.Error("one that is in use was forgotten")
		}
	})
}
