package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// OpslagMetGetuigen keeps checkpoints and what witnesses signed of them.
type OpslagMetGetuigen interface {
	checkpoint.Opslag
	getuige.Opslag
}

// RunGetuigen holds an engine to getuige.Opslag. open gives two processes on one empty store.
func RunGetuigen(t *testing.T, open func(testing.TB) (een, ander OpslagMetGetuigen)) {
	ctx := context.Background()
	een, ander := open(t)
	for nr := uint64(1); nr <= 5; nr++ {
		for _, b := range bewijs.Bomen {
			c := &checkpoint.Bewaard{Nr: nr, Grootte: 10 * nr, Openbaar: nr != 4, Moment: Start.Add(time.Duration(nr) * time.Hour), Tekst: []byte("tekst")}
			if err := een.Voeg(ctx, A, b, c, "k"); err != nil {
				t.Fatal(err)
			}
		}
	}
	mede := func(sleutel string, n int) *getuige.Medeondertekening {
		return &getuige.Medeondertekening{Sleutel: sleutel, Moment: Start.Add(time.Duration(n) * time.Second), Regel: fmt.Appendf(nil, "%s %d", sleutel, n)}
	}
	if l, err := een.LaatsteVan(ctx, A, bewijs.BoomLog, "g1"); err != nil || l != (getuige.Laatste{}) {
		t.Errorf("of a witness that did nothing: %+v, %v", l, err)
	}
	for _, s := range []struct {
		nr   uint64
		mede *getuige.Medeondertekening
	}{{1, mede("g2", 1)}, {1, mede("g1", 2)}, {3, mede("g1", 3)}, {3, mede("g1", 9)}, {2, mede("g1", 4)}} {
		if err := een.VoegMede(ctx, A, bewijs.BoomLog, s.nr, s.mede); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ander.Medeondertekeningen(ctx, A, bewijs.BoomLog, 1)
	if d := cmp.Diff([]getuige.Medeondertekening{*mede("g1", 2), *mede("g2", 1)}, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	// The first of a witness stays.
	got, err = ander.Medeondertekeningen(ctx, A, bewijs.BoomLog, 3)
	if d := cmp.Diff([]getuige.Medeondertekening{*mede("g1", 3)}, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	// The newest is that of the newest checkpoint, whenever it came.
	l, err := ander.LaatsteVan(ctx, A, bewijs.BoomLog, "g1")
	if d := cmp.Diff(getuige.Laatste{Nr: 3, Grootte: 30, Tijdvak: 1, Moment: Start.Add(3 * time.Second)}, l); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for naam, leeg := range map[string]func() ([]getuige.Medeondertekening, error){
		"another tree": func() ([]getuige.Medeondertekening, error) {
			return een.Medeondertekeningen(ctx, A, bewijs.BoomBeheer, 1)
		},
		"another organisation": func() ([]getuige.Medeondertekening, error) { return een.Medeondertekeningen(ctx, B, bewijs.BoomLog, 1) },
		"another checkpoint":   func() ([]getuige.Medeondertekening, error) { return een.Medeondertekeningen(ctx, A, bewijs.BoomLog, 5) },
	} {
		if got, err := leeg(); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", naam, got, err)
		}
	}
	for naam, nr := range map[string]uint64{"one that is not public": 4, "one that is not there": 9} {
		if err := een.VoegMede(ctx, A, bewijs.BoomLog, nr, mede("g1", 5)); err == nil {
			t.Errorf("a cosignature of %s is kept", naam)
		}
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := []OpslagMetGetuigen{een, ander}[i%2].VoegMede(ctx, A, bewijs.BoomBeheer, 5, mede("g1", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, err := een.Medeondertekeningen(ctx, A, bewijs.BoomBeheer, 5); err != nil || len(got) != 1 {
		t.Errorf("of two nodes at once %d stay, %v", len(got), err)
	}
}
