package sqlite

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// BenchmarkWijziging measures how long a change of 10 000 acties at once, one unit, keeps the writer
// from everybody else: acties that are in the index file already, and acties that are not.
func BenchmarkWijziging(b *testing.B) {
	uuid.EnableRandPool()
	const n = 10_000
	for _, inIndex := range []bool{false, true} {
		b.Run(fmt.Sprintf("index=%v", inIndex), func(b *testing.B) {
			s := benchStore(b)
			verwerking := verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerking, Sleutel: storetest.Sleutel(), Aantal: 1}
			unit := storetest.Eenheid(storetest.A)
			for range n {
				unit.Rijen = append(unit.Rijen, storetest.Rij(storetest.A, uuid.New(), 1, verwerking))
			}
			must(b, s, unit)
			for nummer := uint32(2); b.Loop(); nummer++ {
				b.StopTimer()
				if inIndex {
					indexed(b, s)
				}
				size, err := s.Size(bg, storetest.A)
				if err != nil {
					b.Fatal(err)
				}
				next := storetest.Eenheid(storetest.A)
				next.Gezien = size
				for _, r := range unit.Rijen {
					next.Rijen = append(next.Rijen, storetest.Rij(storetest.A, r.ActieID, nummer, verwerking))
				}
				b.StartTimer()
				must(b, s, next)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/change")
		})
	}
}
