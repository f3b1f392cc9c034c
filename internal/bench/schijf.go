package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// fdatasync measures the disk: append 4 KiB and sync, one after another.
func fdatasync(path string) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (_ Meting, err error) {
		f, err := os.Create(path)
		if err != nil {
			return Meting{}, err
		}
		defer func() { err = errors.Join(err, f.Close(), os.Remove(path)) }()
		block := make([]byte, 4096)
		var times []time.Duration
		for begin := time.Now(); time.Since(begin) < d && ctx.Err() == nil; {
			at := time.Now()
			if _, err := f.Write(block); err != nil {
				return Meting{}, err
			}
			if err := syncData(f); err != nil {
				return Meting{}, fmt.Errorf("fdatasync: %w", err)
			}
			times = append(times, time.Since(at))
		}
		m := latency(times)
		if m.P50 > 0 {
			m.PerS = float64(len(times)) / d.Seconds()
		}
		return m, ctx.Err()
	}
}
