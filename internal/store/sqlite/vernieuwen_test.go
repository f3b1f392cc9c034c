package sqlite

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var bsnsVernieuw = []string{"999900001", "999900002", "999900003"}

// hersleuteld is a store of which all versions were put under other keys, and that has entries of before of them all; and
// the old handles.
func hersleuteld(t *testing.T, set func(*Opties)) (m *machine, ringen *storetest.Sleutelringen, oud [][]byte) {
	t.Helper()
	m = newMachine(t, func(o *Opties) { o.segment, o.stil = 8, time.Millisecond; set(o) })
	ringen = storetest.NieuweSleutelringen(t)
	s, _ := ringen.Een.Organisatie(storetest.A)
	for _, bsn := range bsnsVernieuw {
		h := s.Handle("persoon", "BSN", bsn)
		oud = append(oud, h[:])
	}
	storetest.MetLog(t, m.s, ringen.Een, func(l *verwerkingenlog.Log) {
		for i := range 200 {
			v, err := l.Create(bg, storetest.Beller, storetest.Invoer(bsnsVernieuw[i%3], bsnsVernieuw[(i+i%2)%3]), "", nil)
			if err == nil && i%4 == 0 {
				_, err = l.Replace(bg, storetest.Beller, v.ActieID.String(), storetest.Invoer(bsnsVernieuw[(i+1)%3]), "", "")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	indexed(t, m.s)
	if n := storetest.Hersleutel(t, m.s, ringen.Twee, 50); n != 250 {
		t.Fatalf("%d versions changed", n)
	}
	return m, ringen, oud
}

func TestTheIndexIsRenewedWhileTheStoreIsUsed(t *testing.T) {
	t.Parallel()
	m, ringen, oud := hersleuteld(t, func(*Opties) {})
	eerst, _ := storetest.Alles(t, m.s)
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	var wg sync.WaitGroup
	ctx, stop := context.WithCancel(bg)
	vraag := func() int {
		var ids [][16]byte
		for _, h := range ring.Handles("persoon", "BSN", bsnsVernieuw[0]) {
			ids = append(ids, h)
		}
		l, err := m.s.search(bg, m.s.organisaties[storetest.A], verwerkingenlog.IngangPersoon, ids)
		if err != nil {
			t.Error(err)
			return 0
		}
		gezien := map[uint64]bool{}
		for _, onder := range l {
			for _, v := range onder {
				if v.blad < uint64(len(eerst)) && gezien[v.blad] {
					t.Errorf("leaf %d is found twice", v.blad)
				}
				if v.blad < uint64(len(eerst)) {
					gezien[v.blad] = true
				}
			}
		}
		return len(gezien)
	}
	want := vraag()
	if want < 100 {
		t.Fatalf("only %d versions of a person are found", want)
	}
	for range 2 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if n := vraag(); n != want {
					t.Errorf("%d versions are found, want %d", n, want)
					return
				}
			}
		})
	}
	storetest.MetLog(t, m.s, ringen.Twee, func(l *verwerkingenlog.Log) {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := l.Create(bg, storetest.Beller, storetest.Invoer(bsnsVernieuw[0]), "", nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
		if err := m.s.VernieuwIndex(bg); err != nil {
			t.Error(err)
		}
		if n, err := m.s.Hersleuteld(bg, storetest.A); err != nil || n != 0 {
			t.Errorf("the index has the old entries of %d versions, %v", n, err)
		}
		time.Sleep(20 * time.Millisecond)
		stop()
		wg.Wait()
	})
	if n := vraag(); n != want {
		t.Errorf("%d versions are found after it, want %d", n, want)
	}
	if err := m.s.VernieuwIndex(bg); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
	shut(t, m.s)
	for _, b := range oud {
		if l := inBestanden(t, m.dir, b); len(l) > 0 {
			t.Errorf("the old handle is in %v", l)
		}
	}
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
}

// After every step the files are such as a crash may leave them: nothing is wrong, all is found, and it can be done again.
func TestACrashWhileTheIndexIsRenewedDoesNoHarm(t *testing.T) {
	t.Parallel()
	var kopieen []string
	var vervangen int
	var m *machine
	m, ringen, oud := hersleuteld(t, func(o *Opties) {
		o.naStap = func(vervangt bool) {
			if vervangt {
				vervangen++
			}
			kopieen = append(kopieen, copyOpen(t, m.dir))
		}
	})
	eerst, hashes := storetest.Alles(t, m.s)
	if err := m.s.VernieuwIndex(bg); err != nil {
		t.Fatal(err)
	}
	shut(t, m.s)
	if len(kopieen) < 6 || vervangen < 3 || vervangen == len(kopieen) {
		t.Fatalf("%d steps, %d of them after the new run", len(kopieen), vervangen)
	}
	for i, dir := range kopieen {
		k := &machine{t: t, dir: dir, o: opties(t)}
		k.kijk(func(o controle.Opslag) { storetest.WilGaaf(t, o, ringen.Twee) })
		k.s = open(t, k.dir, k.o)
		storetest.WilNieuw(t, k.s, ringen.Twee, eerst, hashes, bsnsVernieuw)
		if n, err := k.s.Hersleuteld(bg, storetest.A); err != nil || (n == 0) != (i >= len(kopieen)-vervangen) {
			t.Errorf("step %d: the index has the old entries of %d versions, %v", i, n, err)
		}
		if err := k.s.VernieuwIndex(bg); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
		shut(t, k.s)
		for _, b := range oud {
			if l := inBestanden(t, k.dir, b); len(l) > 0 {
				t.Errorf("the old handle is in %v", l)
			}
		}
		k.kijk(func(o controle.Opslag) { storetest.WilGaaf(t, o, ringen.Twee) })
		if t.Failed() {
			t.Fatalf("after step %d", i)
		}
	}
}

func TestRenewingTheIndexIsBrokenOffWithoutATrace(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(bg)
	stappen := 0
	m, ringen, _ := hersleuteld(t, func(o *Opties) {
		o.naStap = func(bool) {
			if stappen++; stappen == 2 {
				stop()
			}
		}
	})
	if err := m.s.VernieuwIndex(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	for end := time.Now().Add(time.Minute); m.s.vernieuw.Load() != nil && time.Now().Before(end); time.Sleep(time.Millisecond) {
		m.s.staart.wake()
	}
	shut(t, m.s)
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
	m.s = open(t, m.dir, m.o)
	if err := m.s.VernieuwIndex(bg); err != nil {
		t.Error(err)
	}
	if n, err := m.s.Hersleuteld(bg, storetest.A); err != nil || n != 0 {
		t.Errorf("the index has the old entries of %d versions, %v", n, err)
	}
}
