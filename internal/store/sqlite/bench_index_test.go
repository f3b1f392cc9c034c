package sqlite

import (
	"os"
	"syscall"
	"testing"

	"github.com/google/uuid"
)

// cpu is the processor time of this process, ns.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIndex measures what indexing a version costs apart from appending it, in runs of the
// usual size on a growing file.
func BenchmarkIndex(b *testing.B) {
	uuid.EnableRandPool()
	dir, err := os.MkdirTemp(os.Getenv("BENCH_DIR"), "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	o := opties(b)
	s := open(b, dir, o)
	s.stop()
	s.achtergrond.Wait()
	bron := voorraad(s.opt.segment)
	blad := uint64(0)
	b.ResetTimer()
	var used float64
	for i := 0; i < b.N; i += len(bron) {
		b.StopTimer()
		refresh(bron)
		s.staart.mu.Lock()
		for _, e := range bron {
			e.Rijen[0].Blad, e.Rijen[0].Registratie = blad, int64(blad)
			blad++
			s.staart.put(1, e.Rijen[0])
		}
		s.staart.mu.Unlock()
		start := cpu()
		b.StartTimer()
		if err := s.indexRun(bg, s.staart.take(s.opt.maxRun, true)); err != nil {
			b.Fatal(err)
		}
		used += cpu() - start
	}
	b.ReportMetric(used/float64(blad), "cpu-ns/rec")
}
