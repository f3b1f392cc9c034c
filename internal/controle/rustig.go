package controle

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Rustig is a store that is looked at beside other work: after each piece Pauze is called, and organisations that are kept
// elsewhere are left out.
type Rustig struct {
	Opslag
	Alleen []string // the organisations to look at
	Pauze  func(ctx context.Context) error
}

// stukken is how many leaves or entries are read between two pauses: some hundredths of a second of work.
const stukken = 1024

// OINs implements Opslag.
func (r *Rustig) OINs() (uit []string) {
	for _, oin := range r.Opslag.OINs() {
		if slices.Contains(r.Alleen, oin) {
			uit = append(uit, oin)
		}
	}
	return uit
}

// Bladen implements Opslag.
func (r *Rustig) Bladen(ctx context.Context, oin string, meld Meld) iter.Seq2[Blad, error] {
	return metPauze(ctx, r.Pauze, r.Opslag.Bladen(ctx, oin, meld))
}

// Versies implements Opslag.
func (r *Rustig) Versies(ctx context.Context, oin string, van, tot uint64) iter.Seq2[*verwerkingenlog.Rij, error] {
	return metPauze(ctx, r.Pauze, r.Opslag.Versies(ctx, oin, van, tot))
}

// Afgeleiden implements Opslag.
func (r *Rustig) Afgeleiden(ctx context.Context, meld Meld) iter.Seq2[Afgeleid, error] {
	return metPauze(ctx, r.Pauze, r.Opslag.Afgeleiden(ctx, meld))
}

func metPauze[T any](ctx context.Context, pauze func(context.Context) error, rij iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for t, err := range rij {
			if n++; err == nil && n%stukken == 0 {
				err = pauze(ctx)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

// Rust gives a Pauze that waits maal times as long as was worked since the one before, and at most a second.
func Rust(maal int) func(ctx context.Context) error {
	begin := time.Now()
	return func(ctx context.Context) error {
		t := time.NewTimer(min(time.Since(begin)*time.Duration(maal), time.Second))
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
		begin = time.Now()
		return nil
	}
}
