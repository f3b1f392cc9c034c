package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// RunHersleutelDruk puts everything under other keys while others log and change, search, and, when the engine can do that
// beside an open store (naast), check and rebuild. Nobody misses what was acknowledged, sees it twice or finds it wrong.
func RunHersleutelDruk(t *testing.T, naast bool, begin func(t testing.TB) *Machine) {
	m, ringen := begin(t), NieuweSleutelringen(t)
	s := m.Store()
	const bsn = "999900001"
	var bevestigd atomic.Int64
	log := func(b *betrokkene.Sleutelbos, n int) {
		MetLog(t, s, b, func(l *verwerkingenlog.Log) {
			for i := range n {
				v, err := l.Create(bg, Beller, Invoer(bsn, reeksBSNs[i%4]), "", nil)
				if err == nil && i%3 == 0 {
					_, err = l.Replace(bg, Beller, v.ActieID.String(), Invoer(reeksBSNs[1+i%3], bsn), "", "")
				}
				if err != nil {
					t.Errorf("log: %v", err)
					return
				}
				bevestigd.Add(1)
			}
		})
	}
	log(ringen.Een, 100)

	klaar := make(chan struct{})
	var schrijvers, anderen sync.WaitGroup
	schrijvers.Go(func() { log(ringen.Weet, 80) })
	schrijvers.Go(func() { log(ringen.Twee, 80) })
	naastElkaar := func(f func()) {
		anderen.Go(func() {
			for {
				f()
				select {
				case <-klaar:
					return
				default:
				}
			}
		})
	}
	ring, _ := ringen.Weet.Organisatie(A)
	naastElkaar(func() {
		zeker := bevestigd.Load()
		n, err := s.Size(bg, A)
		if err != nil {
			t.Error(err)
			return
		}
		v := verwerkingenlog.Zoekvraag{OIN: A, Soort: verwerkingenlog.IngangPersoon, Tot: n}
		for _, h := range ring.Handles("persoon", "BSN", bsn) {
			v.Sleutels = append(v.Sleutels, h)
		}
		l, err := s.Find(bg, v)
		if err != nil || int64(len(l)) < zeker {
			t.Errorf("%d acties are found, and %d were acknowledged; %v", len(l), zeker, err)
		}
		for _, f := range l {
			if f.Nu.Aantal < 1 || f.Nu.Aantal > 2 {
				t.Errorf("a version names the person %d times", f.Nu.Aantal)
			}
		}
	})
	naastElkaar(func() { Hersleutel(t, s, ringen.Twee, 16) })
	if naast {
		naastElkaar(func() { m.Kijk(func(k controle.Opslag) { WilGaaf(t, k, ringen.Twee) }) })
		naastElkaar(m.Herbouw)
	}
	schrijvers.Wait()
	close(klaar)
	anderen.Wait()
	rijen, hashes := Alles(t, s)
	Hersleutel(t, s, ringen.Twee, 64)
	WilNieuw(t, s, ringen.Twee, rijen, hashes, reeksBSNs)
	m.Kijk(func(k controle.Opslag) { WilGaaf(t, k, ringen.Twee) })
}

// BenchHersleutel measures how many versions of two persons are put under other keys in a second, so many a call, and how
// long Append of one record takes alone and meanwhile.
func BenchHersleutel(b *testing.B, begin func(t testing.TB) *Machine) {
	for _, max := range []int{32, 256} {
		b.Run(fmt.Sprintf("max=%d", max), func(b *testing.B) {
			m, ringen := begin(b), NieuweSleutelringen(b)
			n := max * ((b.N + max - 1) / max)
			MetLog(b, m.Store(), ringen.Een, func(l *verwerkingenlog.Log) {
				var wg sync.WaitGroup
				for w := range 64 {
					wg.Go(func() {
						for i := w; i < n; i += 64 {
							if _, err := l.Create(bg, Beller, Invoer("999900001", reeksBSNs[1+i%3]), "", nil); err != nil {
								b.Error(err)
							}
						}
					})
				}
				wg.Wait()
			})
			ring, _ := ringen.Twee.Organisatie(A)
			// duren logs one record after another until the channel is closed, and gives how long they took.
			duren := func(klaar chan struct{}) <-chan []time.Duration {
				uit := make(chan []time.Duration, 1)
				go func() {
					var l []time.Duration
					for {
						select {
						case <-klaar:
							slices.Sort(l)
							uit <- l
							return
						case <-time.After(2 * time.Millisecond):
						}
						e := Eenheid(B, Rij(B, uuid.New(), 1))
						begin := time.Now()
						if err := m.Store().Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil {
							b.Error(err)
						}
						l = append(l, time.Since(begin))
					}
				}()
				return uit
			}
			ms := func(l []time.Duration, deel int) float64 {
				return float64(l[len(l)*deel/100].Microseconds()) / 1000
			}
			klaar := make(chan struct{})
			alleen := duren(klaar)
			time.Sleep(2 * time.Second)
			close(klaar)
			eerst := <-alleen

			klaar = make(chan struct{})
			samen := duren(klaar)
			b.ResetTimer()
			begin, gedaan := time.Now(), 0
			for van := uint64(0); gedaan < b.N; {
				volgende, gewijzigd, err := verwerkingenlog.Hersleutel(bg, m.Store(), ring, A, van, max)
				if err != nil || volgende == van {
					b.Fatal(err)
				}
				van, gedaan = volgende, gedaan+gewijzigd
			}
			b.ReportMetric(float64(gedaan)/time.Since(begin).Seconds(), "versions/s")
			close(klaar)
			b.ReportMetric(ms(eerst, 50), "ms-append-alone-p50")
			b.ReportMetric(ms(eerst, 99), "ms-append-alone-p99")
			l := <-samen
			b.ReportMetric(ms(l, 50), "ms-append-p50")
			b.ReportMetric(ms(l, 99), "ms-append-p99")
		})
	}
}
