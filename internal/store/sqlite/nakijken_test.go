package sqlite

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestACheckReadsTheStore(t *testing.T) {
	storetest.RunControle(t, func(t testing.TB) (verwerkingenlog.Store, func() controle.Opslag) {
		dir := t.TempDir()
		s := open(t, dir, opties(t))
		return s, func() controle.Opslag {
			if _, err := Nakijk(bg, dir); err == nil {
				t.Error("a store that is open was looked at")
			}
			shut(t, s)
			n, err := Nakijk(bg, dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { n.Close() })
			return n
		}
	})
}

func TestACheckReadsTheStoreWhileItIsOpen(t *testing.T) {
	storetest.RunControle(t, func(t testing.TB) (verwerkingenlog.Store, func() controle.Opslag) {
		s := open(t, t.TempDir(), opties(t))
		return s, func() controle.Opslag {
			for s.Achterstand() > 0 {
				time.Sleep(time.Millisecond) // what is not indexed has no entries to look at
			}
			n, err := s.Nakijk(bg)
			if err == nil {
				err = n.Vast(bg)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := n.Close(); err != nil {
					t.Error(err)
				}
			})
			return n
		}
	})
}

// What is added, indexed and merged while a check goes on is left out, and gives no false alarm.
func TestACheckBesideIntakeFindsNothing(t *testing.T) {
	t.Parallel()
	o := opties(t)
	o.segment, o.stil = 64, time.Millisecond
	s := open(t, t.TempDir(), o)
	s.index.kleinste = 64 // merges come soon
	ids := make([]uuid.UUID, 50)
	for i := range ids {
		ids[i] = uuid.New()
		must(t, s, storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, ids[i], 1, storetest.Persoon())))
	}
	ctx, stop := context.WithCancel(bg)
	var werk sync.WaitGroup
	defer werk.Wait()
	defer stop()
	werk.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			must(t, s, storetest.Nieuw(storetest.A, storetest.Persoon()), storetest.Nieuw(storetest.B),
				storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, ids[i%len(ids)], uint32(2+i/len(ids)), storetest.Persoon())))
		}
	})
	n, err := s.Nakijk(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	var grootst uint64
	for i := 0; i < 8 || grootst < 100; i++ { // however slow the machine is
		if err := n.Vast(bg); err != nil {
			t.Fatal(err)
		}
		if _, err := controle.Index(bg, n, func(g controle.Gebrek) { t.Errorf("%+v", g) }); err != nil {
			t.Fatal(err)
		}
		for _, oin := range n.OINs() {
			rand := &bewijs.Rand{}
			for b, err := range n.Bladen(bg, oin, func(g controle.Gebrek) { t.Errorf("%+v", g) }) {
				if err != nil || b.Rij == nil || len(b.Hashes) == 0 {
					t.Fatalf("%v: %+v", err, b)
				}
				rand.Append(nil, b.Hashes[0])
			}
			if err := n.Einde(bg, oin, controle.Stand{Rand: rand}, func(g controle.Gebrek) {
				if g.Deel == controle.DeelBoom {
					t.Errorf("%+v", g)
				}
			}); err != nil {
				t.Fatal(err)
			}
			grootst = max(grootst, rand.Grootte())
		}
	}
}

// A reader of log.db that stays keeps its write-ahead log from starting anew, and a check takes hours.
func TestACheckThatPausesHoldsUpNoWriteAheadLog(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	for range 10 {
		must(t, s, storetest.Nieuw(storetest.A))
	}
	n, err := s.Nakijk(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if err := n.Vast(bg); err != nil {
		t.Fatal(err)
	}
	for _, err := range n.Bladen(bg, storetest.A, func(g controle.Gebrek) { t.Errorf("%+v", g) }) {
		if err != nil {
			t.Fatal(err)
		}
		must(t, s, storetest.Nieuw(storetest.A))
		if frames, copied, err := s.checkpointLog(bg); err != nil || frames != copied {
			t.Fatalf("of %d frames %d can be copied, %v", frames, copied, err)
		}
	}
}
