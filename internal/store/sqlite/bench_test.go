package sqlite

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// voorraad makes units as the API would: one person of a town, a verwerkingId, an object id.
func voorraad(n int) []*verwerkingenlog.Eenheid {
	personen := make([][16]byte, 20_000)
	for i := range personen {
		personen[i] = storetest.Sleutel()
	}
	l := make([]*verwerkingenlog.Eenheid, n)
	for i := range l {
		r := storetest.Rij(storetest.A, uuid.New(), 1,
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangPersoon, Sleutel: personen[i%len(personen)], Aantal: 1},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerking, Sleutel: storetest.Sleutel(), Aantal: 1},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerktObject, Sleutel: storetest.Sleutel(), Aantal: 1})
		l[i] = storetest.Eenheid(storetest.A, r)
	}
	return l
}

// refresh gives units used before new ids, so that making them stays out of the measurement.
func refresh(groep []*verwerkingenlog.Eenheid) {
	for _, e := range groep {
		r := e.Rijen[0]
		r.ActieID = uuid.New()
		r.Bewijs.ActieID = r.ActieID
		r.Tijdstip = storetest.Start.UnixMicro() + rand.Int64N(24*time.Hour.Microseconds())
		r.Ingangen[1].Sleutel, r.Ingangen[2].Sleutel = uuid.New(), uuid.New()
	}
}

func benchStore(b *testing.B) *Store {
	dir, err := os.MkdirTemp(os.Getenv("BENCH_DIR"), "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	o := opties(b)
	o.Nu = time.Now
	return open(b, dir, o)
}

// BenchmarkAppend measures durable rows by the size of a group while the indexer runs, the processor
// time of a record until it is indexed, and the bytes it takes in each file then. BENCH_VOORAF is the number of records present at
// the start, BENCH_DIR where the store stands.
func BenchmarkAppend(b *testing.B) {
	uuid.EnableRandPool()
	for _, n := range []int{1, 64, 512} {
		b.Run(fmt.Sprintf("groep=%d", n), func(b *testing.B) {
			s := benchStore(b)
			bron := voorraad(8192)
			append1 := func(i, n int) {
				groep := bron[i%len(bron) : i%len(bron)+n]
				refresh(groep)
				must(b, s, groep...)
			}
			var vooraf int
			fmt.Sscan(os.Getenv("BENCH_VOORAF"), &vooraf)
			for i := 0; i < vooraf; i += 1024 {
				append1(i, 1024)
			}
			indexed(b, s)
			rows, used := 0, cpu()
			b.ResetTimer()
			for i := 0; i < b.N; i += n {
				append1(i, n)
				rows += n
			}
			b.StopTimer()
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(s.Achterstand()), "backlog")
			start := time.Now()
			indexed(b, s)
			b.ReportMetric(float64(rows)/(b.Elapsed()+time.Since(start)).Seconds(), "indexed/s")
			b.ReportMetric((cpu()-used)/float64(rows), "cpu-ns/rec")
			total, _ := s.Size(bg, storetest.A)
			dir := s.dir
			shut(b, s)
			for _, f := range []string{logBestand, indexBestand} {
				fi, err := os.Stat(filepath.Join(dir, f))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(fi.Size())/float64(total), "B/rec("+f+")")
			}
		})
	}
}
