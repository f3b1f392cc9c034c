package server

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/verdeeld"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// vastleggers are the committers of a register. Each engine has its own, with its own queue: what waits for
// one that is down keeps nobody else waiting.
type vastleggers struct {
	per     map[verdeeld.Deel]*verwerkingenlog.Committer
	lus     []func() error // every loop of every committer
	drained chan struct{}  // closed when all loops have ended
	samen   *wachtrijen
}

func newVastleggers(o *opslagen, wachtrij int, sporen *telemetry.Sporen, metrics *telemetry.Metrics, m verwerkingenlog.CommitMeting) *vastleggers {
	samen := &wachtrijen{CommitMeting: m}
	v := &vastleggers{per: map[verdeeld.Deel]*verwerkingenlog.Committer{}, drained: make(chan struct{}), samen: samen}
	for _, motor := range o.motoren {
		c := verwerkingenlog.NewCommitter(volg(motor.opslag, sporen, metrics), wachtrij, samen.deel())
		if g, ok := motor.opslag.(interface{ Gedeeld() bool }); ok {
			c.Share(g.Gedeeld)
		}
		v.per[motor.opslag] = c
		v.lus = append(v.lus, slices.Repeat([]func() error{c.Run}, motor.schrijvers)...)
	}
	return v
}

// run commits until close; lost takes the first error after which the process must stop.
func (v *vastleggers) run(lost chan<- error) {
	defer close(v.drained)
	var wg sync.WaitGroup
	for _, f := range v.lus {
		wg.Go(func() {
			if err := f(); err != nil {
				select {
				case lost <- err:
				default: // it is known already
				}
			}
		})
	}
	wg.Wait()
}

// close stops the intake, and waits until what waited has been written.
func (v *vastleggers) close() {
	for _, c := range v.per {
		c.Close()
	}
	<-v.drained
}

// healthy tells whether no engine lost its durability.
func (v *vastleggers) healthy() bool {
	for _, c := range v.per {
		if !c.Healthy() {
			return false
		}
	}
	return true
}

// wachtend is how many records wait, of all queues.
func (v *vastleggers) wachtend() int { return int(v.samen.som.Load()) }

// wachtrijen adds up the queues of several committers.
type wachtrijen struct {
	verwerkingenlog.CommitMeting
	som atomic.Int64
}

func (w *wachtrijen) deel() verwerkingenlog.CommitMeting { return &deelrij{wachtrijen: w} }

// deelrij is the queue of one of them.
type deelrij struct {
	*wachtrijen
	lengte atomic.Int64
}

// QueueLength implements verwerkingenlog.CommitMeting.
func (d *deelrij) QueueLength(records int) {
	n := int64(records)
	d.wachtrijen.CommitMeting.QueueLength(int(d.som.Add(n - d.lengte.Swap(n))))
}

// Committed implements verwerkingenlog.CommitMeting.
func (d *deelrij) Committed(records int, duur time.Duration) {
	d.wachtrijen.CommitMeting.Committed(records, duur)
}
