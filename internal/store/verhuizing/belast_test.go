package verhuizing_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// afnemers log without a pause, for both organisations, to whichever store is current. What is refused is
// sent again with the same idempotency key, as a client of the API would.
type afnemers struct {
	store    atomic.Pointer[postgres.Store]
	stop     atomic.Bool
	geweerd  atomic.Int64
	wg       sync.WaitGroup
	mu       sync.Mutex
	bevestig []*verwerkingenlog.Eenheid
}

func (a *afnemers) start(t testing.TB, n int) {
	for i := range n {
		a.wg.Go(func() {
			oin := oins[i%2]
			var vorige *verwerkingenlog.Eenheid
			for !a.stop.Load() {
				e := storetest.Nieuw(oin, storetest.Persoon(), storetest.Persoon())
				if vorige != nil && i%3 == 0 {
					r := vorige.Rijen[0]
					e = storetest.Eenheid(oin, storetest.Rij(oin, r.ActieID, r.Nummer+1, r.Ingangen...))
				}
				e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: storetest.Sleutel(), Lichaam: storetest.Sleutel()}
				if !a.send(t, e) {
					return
				}
				vorige = e
			}
		})
	}
}

// send repeats a unit until it is acknowledged.
func (a *afnemers) send(t testing.TB, e *verwerkingenlog.Eenheid) bool {
	for {
		err := a.store.Load().Append(bg, []*verwerkingenlog.Eenheid{e})
		if err == nil {
			err = e.Err
		}
		switch {
		case errors.Is(err, fout.NietBeschikbaar):
			a.geweerd.Add(1)
			time.Sleep(5 * time.Millisecond) // Retry-After, in the measure of a test
		case err != nil:
			t.Errorf("a unit was refused: %v", err)
			return false
		default:
			if e.Eerder != nil { // it was written, and nobody had heard
				e.Rijen[0].Blad = *e.Eerder
			}
			a.mu.Lock()
			a.bevestig = append(a.bevestig, e)
			a.mu.Unlock()
			return true
		}
	}
}

func (a *afnemers) aantal() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.bevestig)
}

func eventually(t testing.TB, wat string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", wat)
		}
	}
}

// aandachtig is a target that has something happen before it takes the first portion.
type aandachtig struct {
	*postgres.Store
	een   sync.Once
	eerst func()
}

func (a *aandachtig) Take(ctx context.Context, oin string, k verhuizing.Kop, l []verhuizing.Blad) (verhuizing.Kop, error) {
	a.een.Do(a.eerst)
	return a.Store.Take(ctx, oin, k, l)
}

func TestALogMovesBetweenClustersWhileNodesWrite(t *testing.T) {
	t.Parallel()
	van, naar := postgrestest.Start(t).URL("postgres"), postgrestest.Start(t).URL("postgres")
	bron := openPostgres(t, van)
	v := newVulling(t)
	v.fill(t, bron, 4, 2000)

	a := &afnemers{}
	a.store.Store(openPostgres(t, van)) // a node beside the move
	a.start(t, 6)
	eventually(t, "load", func() bool { return a.aantal() > 200 })
	// While the bulk is copied the node writes on; only then the source is closed.
	doel := &aandachtig{Store: openPostgres(t, naar), eerst: func() {
		bulk := a.aantal()
		eventually(t, "the node writes while the bulk is copied", func() bool { return a.aantal() > bulk })
	}}
	verslagen, err := verhuizing.Run(bg, bron, doel, verhuizing.Opties{Portie: 500, Meld: func(zin string) { t.Log(zin) }})
	if err != nil {
		t.Fatal(err)
	}
	na := a.geweerd.Load()
	eventually(t, "the old node refuses", func() bool { return a.geweerd.Load() > na+10 })
	dicht := a.aantal()
	a.store.Store(openPostgres(t, naar)) // a node with the new map
	eventually(t, "the new node", func() bool { return a.aantal() > dicht+200 })
	a.stop.Store(true)
	a.wg.Wait()
	t.Logf("%d refusals, %+v", a.geweerd.Load(), verslagen)

	for k, oin := range oins {
		if verslagen[k].Grootte != kop(t, bron, oin).Grootte() {
			t.Errorf("the source grew after it moved")
		}
		rijen := map[uint64]*verwerkingenlog.Rij{}
		acties := map[uuid.UUID]uint32{}
		n := uint64(0)
		for b, err := range doel.Bladen(bg, oin, 0, kop(t, doel, oin).Grootte()) {
			if err != nil {
				t.Fatal(err)
			}
			if acties[b.Rij.ActieID]++; b.Nummer != n || b.Rij.Nummer != acties[b.Rij.ActieID] {
				t.Fatalf("leaf %d at place %d is version %d of an actie, at turn %d", b.Nummer, n, b.Rij.Nummer, acties[b.Rij.ActieID])
			}
			rijen[n] = b.Rij
			n++
		}
		var wanted uint64
		for _, id := range v.ids[oin] {
			wanted += uint64(v.nummers[id])
		}
		for _, e := range a.bevestig {
			if e.OIN != oin {
				continue
			}
			wanted++
			r := e.Rijen[0]
			got := rijen[r.Blad]
			if got == nil || !cmp.Equal(r.Inhoud, got.Inhoud) || r.ActieID != got.ActieID {
				t.Fatalf("an acknowledged version is not at leaf %d", r.Blad)
			}
		}
		if n != wanted {
			t.Errorf("%d versions, and %d were acknowledged", n, wanted)
		}
	}
}
