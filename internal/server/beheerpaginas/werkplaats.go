package beheerpaginas

import (
	"context"
	"sync"
	"time"
)

// Werkplaats does work that outlives the request that asked for it, and ends with the register.
type Werkplaats struct {
	Genoeg time.Duration         // how long a request waits for it before it shows how far it is; 0: a second
	Elke   time.Duration         // how often it tells how far it is; 0: each second
	Voor   func(context.Context) // is waited for before work; nil: nothing

	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup
}

// NewWerkplaats opens one.
func NewWerkplaats() *Werkplaats {
	w := &Werkplaats{}
	w.ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// Stop ends all work and waits until it has said so.
func (w *Werkplaats) Stop() {
	w.stop()
	w.wg.Wait()
}

func (w *Werkplaats) genoeg() time.Duration {
	if w.Genoeg > 0 {
		return w.Genoeg
	}
	return time.Second
}

func (w *Werkplaats) elke() time.Duration {
	if w.Elke > 0 {
		return w.Elke
	}
	return time.Second
}

// klus is work of which the outcome is a T. It has ended when uit gives that.
type klus[T any] struct {
	ctx  context.Context // ends when somebody stops it, or the register does
	stop context.CancelFunc
	uit  chan uitslag[T]
}

type uitslag[T any] struct {
	waarde T
	err    error
}

// begin does f beside the requests.
func begin[T any](w *Werkplaats, f func(context.Context) (T, error)) *klus[T] {
	k := &klus[T]{uit: make(chan uitslag[T], 1)}
	k.ctx, k.stop = context.WithCancel(w.ctx)
	w.wg.Go(func() {
		if w.Voor != nil {
			w.Voor(k.ctx)
		}
		v, err := f(k.ctx)
		if k.ctx.Err() != nil && err != nil {
			err = k.ctx.Err() // what was cut off says something else
		}
		k.uit <- uitslag[T]{v, err}
	})
	return k
}

// wacht gives the outcome when it comes soon; else false. Whoever asked and went away stops it.
func (k *klus[T]) wacht(ctx context.Context, genoeg time.Duration) (u uitslag[T], klaar bool) {
	t := time.NewTimer(genoeg)
	defer t.Stop()
	select {
	case u = <-k.uit:
	case <-ctx.Done():
		k.stop()
		u.err = ctx.Err()
	case <-t.C:
		return u, false
	}
	return u, true
}

// volg stays with work until it has ended: teken is asked each time whether it is to go on, einde is told the outcome.
func (k *klus[T]) volg(w *Werkplaats, teken func(context.Context) error, einde func(context.Context, uitslag[T])) {
	w.wg.Go(func() {
		defer k.stop()
		// The register may stop meanwhile; how it ended must be told all the same.
		ctx := context.WithoutCancel(k.ctx)
		t := time.NewTicker(w.elke())
		defer t.Stop()
		for {
			select {
			case u := <-k.uit:
				kort, stop := context.WithTimeout(ctx, 10*time.Second)
				defer stop()
				einde(kort, u)
				return
			case <-t.C:
				if k.ctx.Err() == nil && teken(k.ctx) != nil {
					k.stop()
				}
			}
		}
	})
}
