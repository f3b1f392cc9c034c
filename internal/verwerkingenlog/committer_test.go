package verwerkingenlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// slow is a store whose Append waits until it is let go; it keeps the sizes of the groups.
type slow struct {
	Store
	entered chan int   // number of units of the group that came in
	release chan error // what Append answers
	refuse  func(*Eenheid) error

	mu     sync.Mutex
	groups [][]*Eenheid
}

func newSlow() *slow { return &slow{entered: make(chan int, 100), release: make(chan error, 100)} }

func (s *slow) Append(_ context.Context, groep []*Eenheid) error {
	s.mu.Lock()
	s.groups = append(s.groups, slices.Clone(groep))
	s.mu.Unlock()
	s.entered <- len(groep)
	err := <-s.release
	if err == nil && s.refuse != nil {
		for _, e := range groep {
			e.Err = s.refuse(e)
		}
	}
	return err
}

func unit(records int) *Eenheid {
	e := &Eenheid{OIN: oinVoorbeeldstad}
	for range records {
		e.Rijen = append(e.Rijen, &Rij{})
	}
	return e
}

// meting counts what was measured.
type meting struct {
	mu        sync.Mutex
	committed []int
	queue     int
}

func (m *meting) QueueLength(n int) { m.mu.Lock(); defer m.mu.Unlock(); m.queue = n }
func (m *meting) Committed(n int, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.committed = append(m.committed, n)
}

// begin runs a committer and gives a way to append beside the test.
func begin(t *testing.T, s Store, max int) (c *Committer, m *meting, ran chan error, add func(*Eenheid) chan error) {
	t.Helper()
	m = &meting{}
	c = NewCommitter(s, max, m)
	ran = make(chan error, 1)
	go func() { ran <- c.Run() }()
	return c, m, ran, func(e *Eenheid) chan error {
		done := make(chan error, 1)
		go func() { done <- c.Append(e) }()
		synctest.Wait() // it is in the queue, or refused
		return done
	}
}

func TestWhateverWaitsGoesIntoOneTransaction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, m, ran, add := begin(t, s, 100)
		done := []chan error{add(unit(1))}
		if n := <-s.entered; n != 1 {
			t.Fatalf("a lone unit waits for others: group of %d", n)
		}
		for range 9 {
			done = append(done, add(unit(2)))
		}
		if m.queue != 19 {
			t.Errorf("queue is measured as %d", m.queue)
		}
		s.release <- nil
		if n := <-s.entered; n != 9 {
			t.Fatalf("group of %d, want the 9 that waited", n)
		}
		select {
		case err := <-done[1]:
			t.Fatalf("answered before it was durable: %v", err)
		default:
		}
		s.release <- nil
		for _, d := range done {
			if err := <-d; err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if !slices.Equal(m.committed, []int{1, 18}) || m.queue != 0 {
			t.Errorf("measured %v, queue %d", m.committed, m.queue)
		}
		c.Close()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
}

func TestUnitsStayInTheOrderInWhichTheyCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 100)
		first := add(unit(1))
		<-s.entered
		var units []*Eenheid
		var done []chan error
		for range 20 {
			e := unit(1)
			units, done = append(units, e), append(done, add(e))
		}
		s.release <- nil
		s.release <- nil
		<-first
		for _, d := range done {
			<-d
		}
		if !slices.Equal(s.groups[1], units) {
			t.Error("another order")
		}
		c.Close()
		<-ran
	})
}

func TestAFullQueueRefusesBeforeWorkIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 4)
		done := []chan error{add(unit(1)), add(unit(2)), add(unit(1))}
		<-s.entered
		if err := <-add(unit(1)); !errors.Is(err, fout.NietBeschikbaar) {
			t.Fatalf("got %v", err)
		}
		s.release <- nil
		if err := <-done[0]; err != nil {
			t.Error(err)
		}
		<-s.entered
		if err := <-add(unit(2)); !errors.Is(err, fout.NietBeschikbaar) { // 3 under way, room for 1
			t.Fatalf("got %v", err)
		}
		done = append(done, add(unit(1)))
		s.release <- nil
		<-s.entered
		s.release <- nil
		for _, d := range done[1:] {
			if err := <-d; err != nil {
				t.Error(err)
			}
		}
		if n := len(slices.Concat(s.groups...)); n != 4 {
			t.Errorf("%d units were written, want the 4 that were accepted", n)
		}
		c.Close()
		<-ran
	})
}

func TestAUnitLargerThanTheQueueGoesAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 4)
		large := add(unit(10))
		<-s.entered
		if err := <-add(unit(1)); !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("beside it: %v", err)
		}
		s.release <- nil
		if err := <-large; err != nil {
			t.Error(err)
		}
		c.Close()
		<-ran
	})
}

func TestOneGroupIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 20_000)
		first := add(unit(1))
		<-s.entered
		var done []chan error
		for range 6 {
			done = append(done, add(unit(1000)))
		}
		s.release <- nil
		<-first
		if n := <-s.entered; n != 5 { // it stops at the first unit that reaches 4096
			t.Errorf("group of %d units of 1000", n)
		}
		s.release <- nil
		<-s.entered
		s.release <- nil
		for _, d := range done {
			<-d
		}
		c.Close()
		<-ran
	})
}

func TestCloseWritesWhatWaitsAndTakesNothingNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 100)
		done := []chan error{add(unit(1))}
		<-s.entered
		for range 5 {
			done = append(done, add(unit(1)))
		}
		c.Close()
		c.Close() // twice is harmless
		if err := <-add(unit(1)); !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("after Close: %v", err)
		}
		select {
		case err := <-ran:
			t.Fatalf("stopped before the queue was drained: %v", err)
		default:
		}
		s.release <- nil
		s.release <- nil
		for _, d := range done {
			if err := <-d; err != nil {
				t.Error(err)
			}
		}
		if err := <-ran; err != nil {
			t.Error(err)
		}
		if n := len(slices.Concat(s.groups...)); n != 6 {
			t.Errorf("%d of 6 were written", n)
		}
	})
}

func TestLostDurabilityStopsEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 100)
		done := []chan error{add(unit(1))}
		<-s.entered
		for range 5 {
			done = append(done, add(unit(1)))
		}
		if !c.Healthy() {
			t.Error("not healthy at first")
		}
		s.release <- fmt.Errorf("commit: %w", ErrNietDuurzaam)
		for k, d := range done {
			if err := <-d; !errors.Is(err, fout.NietBeschikbaar) {
				t.Errorf("unit %d: %v", k, err)
			}
		}
		if err := <-ran; !errors.Is(err, ErrNietDuurzaam) {
			t.Errorf("Run gives %v", err)
		}
		if c.Healthy() {
			t.Error("still healthy")
		}
		if err := <-add(unit(1)); !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("afterwards: %v", err)
		}
		if len(s.groups) != 1 {
			t.Error("the store was asked again after it lost durability")
		}
	})
}

func TestAStoreThatRefusesOnceIsTriedAgainByTheNextGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, m, ran, add := begin(t, s, 100)
		first := add(unit(1))
		<-s.entered
		s.release <- errors.New("disk is full")
		if err := <-first; !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("got %v", err)
		}
		second := add(unit(1))
		<-s.entered
		s.release <- nil
		if err := <-second; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !c.Healthy() || m.queue != 0 || !slices.Equal(m.committed, []int{1}) {
			t.Errorf("healthy %v, queue %d, measured %v", c.Healthy(), m.queue, m.committed)
		}
		c.Close()
		<-ran
	})
}

func TestARefusedUnitDoesNotFailItsNeighbours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		poison := unit(1)
		s.refuse = func(e *Eenheid) error {
			if e == poison {
				return fout.Gelijktijdig
			}
			return nil
		}
		c, _, ran, add := begin(t, s, 100)
		first := add(unit(1))
		<-s.entered
		before, bad, after := add(unit(1)), add(poison), add(unit(1))
		s.release <- nil
		s.release <- nil
		if err := errors.Join(<-first, <-before, <-after); err != nil {
			t.Errorf("a neighbour failed: %v", err)
		}
		if err := <-bad; !errors.Is(err, fout.Gelijktijdig) {
			t.Errorf("the unit itself: %v", err)
		}
		if len(s.groups[1]) != 3 {
			t.Errorf("group of %d", len(s.groups[1]))
		}
		c.Close()
		<-ran
	})
}

// Many at once, while it is closed: everybody gets an answer, and what was written was said so.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	s := &instant{}
	c := NewCommitter(s, 50, nil)
	ran := make(chan error, 1)
	go func() { ran <- c.Run() }()
	var clients sync.WaitGroup
	var mu sync.Mutex
	accepted := 0
	for range 64 {
		clients.Go(func() {
			for range 200 {
				err := c.Append(unit(1))
				if err == nil {
					mu.Lock()
					accepted++
					mu.Unlock()
				} else if !errors.Is(err, fout.NietBeschikbaar) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	time.Sleep(5 * time.Millisecond)
	c.Close()
	clients.Wait()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if accepted != s.written {
		t.Errorf("%d were acknowledged, %d written", accepted, s.written)
	}
}

// Several loops on one queue share the work, none ends before Close, and then all do.
func TestLoopsBesideEachOtherEndTogether(t *testing.T) {
	t.Parallel()
	s := &instant{}
	c := NewCommitter(s, 1000, nil)
	var loops, clients sync.WaitGroup
	for range 3 {
		loops.Go(func() {
			if err := c.Run(); err != nil {
				t.Error(err)
			}
		})
	}
	for range 32 {
		clients.Go(func() {
			for range 200 {
				if err := c.Append(unit(1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	clients.Wait()
	c.Close()
	loops.Wait()
	if s.written != 32*200 {
		t.Errorf("%d written", s.written)
	}
}

// instant writes at once.
type instant struct {
	Store
	mu      sync.Mutex
	written int
}

func (s *instant) Append(_ context.Context, groep []*Eenheid) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written += len(groep)
	return nil
}

func BenchmarkCommitter(b *testing.B) {
	c := NewCommitter(&instant{}, 8192, nil)
	go c.Run()
	defer c.Close()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := c.Append(unit(1)); err != nil {
				b.Error(err)
			}
		}
	})
}

func TestASecondLoopLeavesWhatIsLittleToTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, add := begin(t, s, 4*druk)
		second := make(chan error, 1)
		go func() { second <- c.Run() }()
		synctest.Wait()
		waiting := []chan error{add(unit(1))}
		<-s.entered
		for range druk - 1 {
			waiting = append(waiting, add(unit(1)))
		}
		if len(s.entered) != 0 {
			t.Error("a small group was written beside another")
		}
		waiting = append(waiting, add(unit(1)))
		if n := <-s.entered; n != druk {
			t.Errorf("a group of %d beside another", n)
		}
		for range 3 {
			s.release <- nil
		}
		waiting = append(waiting, add(unit(1)))
		for _, w := range waiting {
			if err := <-w; err != nil {
				t.Error(err)
			}
		}
		c.Close()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		if err := <-second; err != nil {
			t.Error(err)
		}
	})
}

func TestWhereOthersWriteTooAGroupWaitsForMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		shared := true
		c := NewCommitter(s, 100, nil)
		c.Share(func() bool { return shared })
		ran := make(chan error, 1)
		go func() { ran <- c.Run() }()
		add := func(n int) {
			for range n {
				go c.Append(unit(1))
			}
			synctest.Wait()
		}
		// commit lets the group that came in go after d, and tells how long the next one took to come.
		commit := func(d time.Duration) time.Duration {
			<-s.entered
			add(2)
			time.Sleep(d)
			s.release <- nil
			since := time.Now()
			n := <-s.entered
			s.entered <- n
			return time.Since(since)
		}
		add(1)
		for _, g := range []struct {
			shared     bool
			took, want time.Duration
		}{{true, time.Millisecond, 0}, {true, time.Millisecond, time.Millisecond}, {true, time.Second, maxRust}, {false, time.Second, 0}} {
			shared = g.shared
			if got := commit(g.took); got != g.want {
				t.Errorf("shared %v, commit of %v: waited %v", g.shared, g.took, got)
			}
		}
		s.release <- nil
		c.Close()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
}
