package beheerpaginas

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestWorkThatIsNotWantedAnyMoreIsStopped(t *testing.T) {
	t.Parallel()
	w := NewWerkplaats()
	w.Genoeg, w.Elke = time.Nanosecond, time.Millisecond
	k := begin(w, func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, errors.New("cut off")
	})
	if _, klaar := k.wacht(context.Background(), w.genoeg()); klaar {
		t.Fatal("it is done before it ended")
	}
	einde := make(chan error, 1)
	k.volg(w, func(context.Context) error { return errors.New("thrown away") }, func(_ context.Context, u uitslag[int]) { einde <- u.err })
	select {
	case err := <-einde:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it goes on")
	}
}

func TestWorkEndsWithTheRegisterAndSaysSo(t *testing.T) {
	t.Parallel()
	w := NewWerkplaats()
	k := begin(w, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	said := false
	k.volg(w, func(context.Context) error { return nil }, func(ctx context.Context, u uitslag[int]) {
		said = ctx.Err() == nil && errors.Is(u.err, context.Canceled)
	})
	w.Stop()
	if !said {
		t.Error("nobody is told that it stopped")
	}
}

func TestWhatIsSoonDoneIsGivenAtOnceAndWhoGoesAwayStopsIt(t *testing.T) {
	t.Parallel()
	w := NewWerkplaats()
	k := begin(w, func(context.Context) (int, error) { return 7, nil })
	if u, klaar := k.wacht(context.Background(), time.Minute); !klaar || u.err != nil || u.waarde != 7 {
		t.Errorf("%+v", u)
	}
	weg, gaWeg := context.WithCancel(context.Background())
	gaWeg()
	k = begin(w, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	if _, klaar := k.wacht(weg, time.Minute); !klaar || k.ctx.Err() == nil {
		t.Error("it goes on for nobody")
	}
	w.Stop()
}
