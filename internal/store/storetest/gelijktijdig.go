package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// gelijktijdigProeven append and read at the same time: every version that was acknowledged must be
// seen at once and once, by every way to it, while indexes are made behind it.
var gelijktijdigProeven = []proef{
	{"readers see every acknowledged version at once while others append", func(t *testing.T, s verwerkingenlog.Store) {
		const schrijvers, rondes = 6, 30
		gedeeld := Persoon()
		var acked atomic.Uint64 // versions under gedeeld that were acknowledged
		var mu sync.Mutex       // one caller at a time, as a committer
		var wg, lezers sync.WaitGroup
		stop := make(chan struct{})
		for range 2 {
			lezers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := readAlong(s, gedeeld, &acked); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for w := range schrijvers {
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(w), 1))
				eigen := Persoon()
				ids := []uuid.UUID{}
				nummers := map[uuid.UUID]uint32{}
				for range rondes {
					var groep []*verwerkingenlog.Eenheid
					for range 1 + rnd.IntN(8) {
						id := uuid.New()
						if len(ids) > 0 && rnd.IntN(3) == 0 {
							id = ids[rnd.IntN(len(ids))]
						} else {
							ids = append(ids, id)
						}
						nummers[id]++
						groep = append(groep, Eenheid(A, Rij(A, id, nummers[id], eigen, gedeeld)))
					}
					mu.Lock()
					err := s.Append(bg, groep)
					acked.Add(uint64(len(groep)))
					mu.Unlock()
					if err == nil {
						err = readOwn(s, groep, eigen, len(ids), nummers)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		close(stop)
		lezers.Wait()
		wantSize(t, s, A, acked.Load())
	}},
}

// readOwn looks up what one writer wrote, right after it was acknowledged.
func readOwn(s verwerkingenlog.Store, groep []*verwerkingenlog.Eenheid, eigen verwerkingenlog.Ingang, acties int, nummers map[uuid.UUID]uint32) error {
	for _, e := range groep {
		if e.Err != nil {
			return fmt.Errorf("refused: %w", e.Err)
		}
		r := e.Rijen[0]
		got, err := s.Latest(bg, A, r.ActieID)
		if err != nil {
			return fmt.Errorf("latest after acknowledgement: %w", err)
		}
		if got.Nummer != nummers[r.ActieID] {
			return fmt.Errorf("latest is version %d, want %d", got.Nummer, nummers[r.ActieID])
		}
		v, err := s.Versions(bg, A, r.ActieID)
		if err != nil {
			return err
		}
		if len(v) != int(nummers[r.ActieID]) || !slices.IsSortedFunc(v, func(a, b *verwerkingenlog.Rij) int { return int(a.Nummer) - int(b.Nummer) }) {
			return fmt.Errorf("%d versions, want %d", len(v), nummers[r.ActieID])
		}
	}
	n, err := s.Size(bg, A)
	if err != nil {
		return err
	}
	l, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: A, Soort: eigen.Soort, Sleutels: [][16]byte{eigen.Sleutel}, Tot: n})
	if err != nil {
		return err
	}
	if len(l) != acties {
		return fmt.Errorf("found %d acties, want %d", len(l), acties)
	}
	for _, f := range l {
		if f.Nu.Aantal != 1 || f.Toen != f.Nu {
			return fmt.Errorf("version counted twice or missed: %+v", f)
		}
	}
	return nil
}

// readAlong looks what everybody wrote: everything below the size must be there, as of one moment.
func readAlong(s verwerkingenlog.Store, gedeeld verwerkingenlog.Ingang, acked *atomic.Uint64) error {
	before := acked.Load()
	n, err := s.Size(bg, A)
	if err != nil {
		return err
	}
	if n < before {
		return fmt.Errorf("size %d after %d were acknowledged", n, before)
	}
	l, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: A, Soort: gedeeld.Soort, Sleutels: [][16]byte{gedeeld.Sleutel}, Tot: n})
	if err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	// Every version below n belongs to a found actie, and the newest of them is the newest there is.
	newest := uint64(0)
	for _, f := range l {
		newest = max(newest, f.Toen.Blad)
		if f.Toen.Aantal != 1 || f.Nu.Blad < f.Toen.Blad {
			return fmt.Errorf("version counted twice or missed: %+v", f)
		}
	}
	if newest != n-1 {
		return fmt.Errorf("newest version found is %d of %d", newest, n)
	}
	rows, err := s.Rows(bg, A, []uint64{n - 1, 0})
	if err != nil {
		return err
	}
	if rows[0] == nil || rows[1] == nil || rows[0].Blad != n-1 {
		return fmt.Errorf("rows of leaf %d are missing", n-1)
	}
	return nil
}
