package sqlite

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// BenchmarkBoom tells what the tree costs a commit: groups of versions are written with the statements of the register, by turns with
// and without their marks, leaf hashes, edge and row of nodes, each in one durable transaction. With -benchtime 1x.
func BenchmarkBoom(b *testing.B) {
	for _, n := range []int{64, 512} {
		b.Run(fmt.Sprintf("groep=%d", n), func(b *testing.B) {
			stores := map[bool]*Store{true: benchStore(b), false: benchStore(b)} // rows come at the end of each, as they do
			bron := voorraad(4096)
			blad, rand := map[bool]uint64{}, &bewijs.Rand{}
			var hashes []bewijs.Hash
			var buf []byte
			schrijf := func(groep []*verwerkingenlog.Eenheid, met bool) {
				s, o := stores[met], &organisatie{nr: 1000, oin: storetest.A}
				if _, err := s.schrijf.begin.ExecContext(bg); err != nil {
					b.Fatal(err)
				}
				van := bewijs.AantalKnopen(rand.Grootte())
				hashes = hashes[:0]
				for _, e := range groep {
					r := e.Rijen[0]
					buf = appendIngangen(buf[:0], r.Ingangen)
					var merk []byte
					if met {
						r.Plaats(blad[met], r.Registratie)
						merk = r.Merk[:]
					}
					if _, err := s.schrijf.versie.ExecContext(bg, versieNr(o.nr, blad[met]), r.ActieID[:], r.Nummer, r.Registratie, r.Tijdstip,
						kenmerk(r.Staat, r.Operatie), r.Activiteit[:], buf, r.Inhoud, merk); err != nil {
						b.Fatal(err)
					}
					blad[met]++
					if met {
						hashes = rand.Append(hashes, r.Bewijs.BladHash())
					}
				}
				if met {
					buf = appendHashes(buf[:0], hashes)
					if _, err := s.schrijf.knoop.ExecContext(bg, knoopNr(o.boom(), van), buf); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := s.schrijf.commit.ExecContext(bg); err != nil {
					b.Fatal(err)
				}
			}
			meet := func(met bool) (rijen, cpuPerRij float64) {
				// The write-ahead log is emptied off the path of a commit, as a register does.
				if _, err := stores[met].schrijf.c.ExecContext(bg, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
					b.Fatal(err)
				}
				aantal, begin, used := 0, time.Now(), cpu()
				for i := 0; time.Since(begin) < time.Second; i += n {
					groep := bron[i%len(bron) : i%len(bron)+n]
					refresh(groep)
					schrijf(groep, met)
					aantal += n
				}
				return float64(aantal) / time.Since(begin).Seconds(), (cpu() - used) / float64(aantal)
			}
			var verhouding, metBoom, zonder, extra []float64
			for ronde := range 15 {
				eerst := ronde%2 == 0
				x, cx := meet(eerst)
				y, cy := meet(!eerst)
				if !eerst {
					x, y, cx, cy = y, x, cy, cx
				}
				verhouding, metBoom, zonder, extra = append(verhouding, x/y), append(metBoom, x), append(zonder, y), append(extra, cx-cy)
			}
			mediaan := func(l []float64) float64 { slices.Sort(l); return l[len(l)/2] }
			b.ReportMetric(mediaan(metBoom), "met-boom/s")
			b.ReportMetric(mediaan(zonder), "zonder-boom/s")
			b.ReportMetric(mediaan(verhouding), "verhouding")
			b.ReportMetric(mediaan(extra), "boom-cpu-ns/rec")
		})
	}
}
