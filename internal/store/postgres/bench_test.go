package postgres

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// voorraad makes units as the API would: a verwerkingId, one person of a town, an object id.
func voorraad(n int) []*verwerkingenlog.Eenheid {
	personen := make([][16]byte, 20_000)
	for i := range personen {
		personen[i] = storetest.Sleutel()
	}
	l := make([]*verwerkingenlog.Eenheid, n)
	for i := range l {
		l[i] = storetest.Nieuw(storetest.A,
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerking, Sleutel: storetest.Sleutel(), Aantal: 1},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangPersoon, Sleutel: personen[rand.IntN(len(personen))], Aantal: 1},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerktObject, Sleutel: storetest.Sleutel(), Aantal: 1})
	}
	return l
}

// refresh gives units used before new ids, so that making them stays out of the measurement.
func refresh(groep []*verwerkingenlog.Eenheid) {
	for _, e := range groep {
		r := e.Rijen[0]
		r.ActieID = uuid.New()
		r.Bewijs.ActieID = r.ActieID
		r.Ingangen[0].Sleutel, r.Ingangen[2].Sleutel = uuid.New(), uuid.New()
	}
}

// BenchmarkAppend measures durable rows by the size of a group and the number of writers of one node, the
// processor time of the node for a record, and the bytes it takes with all indexes.
func BenchmarkAppend(b *testing.B) {
	uuid.EnableRandPool()
	for _, n := range []int{64, 512} {
		for _, schrijvers := range []int{1, 2} {
			b.Run(fmt.Sprintf("groep=%d/schrijvers=%d", n, schrijvers), func(b *testing.B) {
				c := postgrestest.Start(b)
				o := opties(b)
				o.Nu, o.Schrijvers = time.Now, schrijvers
				s := open(b, c.URL("postgres"), o)
				var done atomic.Int64
				var wg sync.WaitGroup
				bronnen := make([][]*verwerkingenlog.Eenheid, schrijvers)
				for i := range bronnen {
					bronnen[i] = voorraad(8192)
					must(b, s, bronnen[i][:n]...)
				}
				used := cpu()
				b.ResetTimer()
				for _, bron := range bronnen {
					wg.Go(func() {
						for i := 0; done.Add(int64(n)) <= int64(b.N+n); i += n {
							groep := bron[i%len(bron) : i%len(bron)+n]
							refresh(groep)
							if err := s.Append(bg, groep); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
				b.StopTimer()
				used = cpu() - used
				rows, err := s.Size(bg, storetest.A)
				if err != nil {
					b.Fatal(err)
				}
				vers := float64(int(rows) - n*schrijvers)
				b.ReportMetric(vers/b.Elapsed().Seconds(), "rows/s")
				b.ReportMetric(used/vers, "cpu-ns/rec")
				var bytes float64
				if err := s.lees.QueryRow(bg, `SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
					WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`).Scan(&bytes); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(bytes/float64(rows), "B/rec")
			})
		}
	}
}

// cpu is the processor time of this process, without that of the server; ns.
func cpu() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // what else could it say
	return float64(u.Utime.Nano() + u.Stime.Nano())
}
