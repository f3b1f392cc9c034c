package sqlite

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// cpu is the processor time of this process, ns.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano() + u.Stime.Nano())
}

// vuller fills the index alone, as fast as it goes: its log stays empty.
type vuller struct {
	s    *Store
	bron []*verwerkingenlog.Eenheid
	blad uint64
}

func newVuller(b *testing.B) *vuller {
	uuid.EnableRandPool()
	s := benchStore(b)
	s.stop()
	s.achtergrond.Wait()
	return &vuller{s: s, bron: voorraad(s.opt.segment)}
}

// put adds a segment to the staart; person i stands in it when personen is set.
func (v *vuller) put(personen [][16]byte) {
	refresh(v.bron)
	s := v.s
	s.staart.mu.Lock()
	defer s.staart.mu.Unlock()
	for _, e := range v.bron {
		r := e.Rijen[0]
		r.Blad, r.Registratie = v.blad, int64(v.blad)
		if personen != nil {
			r.Ingangen[0].Sleutel = personen[v.blad%uint64(len(personen))]
		}
		v.blad++
		s.staart.put(1, r)
	}
	s.organisaties[storetest.A].grootte.Store(v.blad)
}

// BenchmarkIndex measures what indexing a version costs apart from appending it, in runs of the
// usual size, merging included.
func BenchmarkIndex(b *testing.B) {
	v := newVuller(b)
	b.ResetTimer()
	var used float64
	for i := 0; i < b.N; i += len(v.bron) {
		b.StopTimer()
		v.put(nil)
		start := cpu()
		b.StartTimer()
		if err := v.s.indexRun(bg, v.s.staart.take(v.s.opt.maxRun, true)); err != nil {
			b.Fatal(err)
		}
		mergeAll(b, v.s)
		used += cpu() - start
	}
	b.ReportMetric(used/float64(v.blad), "cpu-ns/rec")
}

// BenchmarkZoek measures questions at BENCH_VOORAF records, 100 of each person: the acties of a
// person, and one actie by its id. The file is in the cache of the operating system.
func BenchmarkZoek(b *testing.B) {
	vooraf := 100_000
	fmt.Sscan(os.Getenv("BENCH_VOORAF"), &vooraf)
	v := newVuller(b)
	s := v.s
	personen := make([][16]byte, vooraf/100)
	for i := range personen {
		personen[i] = storetest.Sleutel()
	}
	var acties []uuid.UUID
	for v.blad < uint64(vooraf) {
		v.put(personen)
		for i := 0; i < len(v.bron); i += 97 {
			acties = append(acties, v.bron[i].Rijen[0].ActieID)
		}
		if err := s.indexRun(bg, s.staart.take(s.opt.maxRun, true)); err != nil {
			b.Fatal(err)
		}
		mergeAll(b, s)
	}
	fi, err := os.Stat(s.index.pad)
	if err != nil {
		b.Fatal(err)
	}
	meet := func(naam string, een func(i int) int) {
		b.Run(naam, func(b *testing.B) {
			duur := make([]float64, 0, b.N)
			n, used := 0, cpu()
			for i := range b.N {
				start := time.Now()
				n += een(i * 7919)
				duur = append(duur, float64(time.Since(start).Nanoseconds()))
			}
			used = cpu() - used
			slices.Sort(duur)
			b.ReportMetric(duur[len(duur)/2], "p50-ns")
			b.ReportMetric(duur[len(duur)*99/100], "p99-ns")
			b.ReportMetric(used/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(n)/float64(b.N), "found")
			b.ReportMetric(float64(len(s.index.runs)), "runs")
			b.ReportMetric(float64(fi.Size())/float64(v.blad), "B/rec")
		})
	}
	meet("persoon", func(i int) int {
		l, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: verwerkingenlog.IngangPersoon,
			Sleutels: [][16]byte{personen[i%len(personen)]}, Tot: v.blad})
		if err != nil {
			b.Fatal(err)
		}
		return len(l)
	})
	meet("actie", func(i int) int {
		if _, err := s.latest(bg, s.organisaties[storetest.A], acties[i%len(acties)]); err != nil {
			b.Fatal(err)
		}
		return 1
	})
}
