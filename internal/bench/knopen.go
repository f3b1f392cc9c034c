package bench

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// naamKnopen is the line of several registers on one database.
const naamKnopen = "product: POST op meer knopen, duurzaam"

// knopen are several registers on one database, the first of which is measured alone as well.
type knopen struct {
	eerste *proces
	motor  motor
	meer   []*proces
}

func (k *knopen) start(ctx context.Context, program, dir string, n int) error {
	for i := range n - 1 {
		p, err := startKind(ctx, program, "register", dir, k.motor.store(), strconv.Itoa(0))
		if err != nil {
			return err
		}
		p.counter.Store(int64(i+1) << 40) // its records differ from those of the others
		k.meer = append(k.meer, p)
	}
	return nil
}

func (k *knopen) stop() {
	for _, p := range k.meer {
		p.stop()
	}
}

// post spreads the clients over all registers.
func (k *knopen) post(klanten int) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		all := append([]*proces{k.eerste}, k.meer...)
		deel := klanten / len(all)
		before := k.motor.cpu()
		var (
			mu   sync.Mutex
			wg   sync.WaitGroup
			som  Meting
			fail error
		)
		begin := time.Now()
		for n, p := range all {
			eigen := deel
			if n == 0 {
				eigen = klanten - deel*(len(all)-1)
			}
			wg.Go(func() {
				m, err := p.post(eigen)(ctx, d)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					fail = err
				}
				som.CPU = (som.CPU*som.PerS + m.CPU*m.PerS) / (som.PerS + m.PerS)
				som.PerS += m.PerS
				som.Fouten += m.Fouten
				som.P50, som.P99 = max(som.P50, m.P50), max(som.P99, m.P99)
			})
		}
		wg.Wait()
		if n := som.PerS * time.Since(begin).Seconds(); n > 0 {
			som.CPUStore = (k.motor.cpu() - before) / n * 1e6
		}
		return som, fail
	}
}
