package e2e

import (
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// soakEnv says how long the chaos lasts, as in 10m.
const soakEnv = "VERANTWOORD_SOAK"

// kort is how long it lasts in every run of the tests: each thing happens a few times.
const kort = 15 * time.Second

// Nodes and database fail in every way there is, at random and at the same time, while consumers go on.
// In the end everything that was acknowledged is there, once.
func TestChaosLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	duur := kort
	if s := os.Getenv(soakEnv); s != "" {
		var err error
		if duur, err = time.ParseDuration(s); err != nil {
			t.Fatalf("%s: %v", soakEnv, err)
		}
	}
	server := postgrestest.Start(t)
	store := server.URL("postgres")
	list := knopen(t, 3, store, tweeOrganisaties)
	starten(t, list...)
	b := belast(t, 12, adressen(list)...)
	b.vergeef.Store(true)
	b.vordert(100)
	eind := time.Now().Add(duur)

	var gedood, gestopt, verbroken, gevallen, bevroren atomic.Int64
	var nodes sync.WaitGroup
	defer nodes.Wait() // also when the database fails the test
	nodes.Go(func() {
		herstart := func(k *knoop) {
			if err := k.supervise(); err != nil {
				t.Error(err)
			}
		}
		ramp(eind, func() {
			k := list[rand.N(len(list))]
			k.kill()
			gedood.Add(1)
			herstart(k)
		}, func() {
			k := list[rand.N(len(list))]
			if err := k.stop(); err != nil {
				t.Error(err)
				k.kill()
			}
			gestopt.Add(1)
			herstart(k)
		})
	})
	ramp(eind, func() { // the database
		server.CutConnections()
		verbroken.Add(1)
	}, func() {
		server.Kill()
		time.Sleep(rand.N(500 * time.Millisecond))
		server.Begin()
		gevallen.Add(1)
	}, func() {
		server.Pause()
		time.Sleep(rand.N(2 * time.Second))
		server.Resume()
		bevroren.Add(1)
	})
	nodes.Wait()
	b.staak() // whoever waits for an acknowledgement gets it
	b.controleer()
	for _, k := range list {
		if err := k.stop(); err != nil {
			t.Error(err)
		}
	}
	b.nergens(list)
	leaves := logboek(t, store)
	t.Logf("chaos of %v: nodes killed %d times and stopped %d times, connections cut %d times, the database killed %d times and hung %d times; %v; %d leaves",
		duur, gedood.Load(), gestopt.Load(), verbroken.Load(), gevallen.Load(), bevroren.Load(), &b.telling, leaves)
	if gedood.Load() == 0 || gestopt.Load() == 0 || verbroken.Load() == 0 || gevallen.Load() == 0 || bevroren.Load() == 0 {
		t.Error("not everything happened")
	}
}

// ramp lets things happen, one after another, until it is time: in a random order, each of them as often.
func ramp(eind time.Time, dingen ...func()) {
	for first := true; first || time.Now().Before(eind); first = false {
		for _, n := range rand.Perm(len(dingen)) {
			if !first && time.Now().After(eind) {
				return
			}
			dingen[n]()
			time.Sleep(rand.N(700 * time.Millisecond))
		}
	}
}
