package verwerkingenlog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Committer is natural group commit: one goroutine puts whatever waits into one transaction, so the
// price of a sync is shared by everybody who came while the previous one was under way. It adds no
// delay of its own: a lone client gets a transaction of its own at once.
type Committer struct {
	store  Store
	max    int64 // records that may wait
	meting CommitMeting

	wachtend atomic.Int64 // records in queue or in the transaction under way
	queue    chan *opdracht

	mu       sync.RWMutex // guards sending on queue against closing it
	gesloten bool

	kapot atomic.Bool // durability lost: nothing is accepted any more
}

// CommitMeting receives figures; telemetry implements it.
type CommitMeting interface {
	QueueLength(records int)
	Committed(records int, duur time.Duration)
}

// opdracht is a unit on its way, and where its submitter waits.
type opdracht struct {
	eenheid *Eenheid
	klaar   chan error
}

// maxGroep bounds the records in one transaction, and so how long one commit may take.
const maxGroep = 4096

// NewCommitter makes a committer whose queue holds at most max records. Run must be called.
func NewCommitter(store Store, max int, meting CommitMeting) *Committer {
	return &Committer{store: store, max: int64(max), meting: meting, queue: make(chan *opdracht, max)}
}

// Append waits until the unit is durable. Errors: the unit's own (fout.Gelijktijdig,
// fout.Idempotentie), or fout.NietBeschikbaar when the queue is full, the store refuses or the
// register stops; then nothing of it was written. It does not give up when a client goes away: a
// record that waits is written, whether or not somebody still listens.
func (c *Committer) Append(e *Eenheid) error {
	n := int64(len(e.Rijen))
	for {
		now := c.wachtend.Load()
		// A unit larger than the whole queue still goes, when it is alone.
		if now > 0 && now+n > c.max {
			return fout.New(fout.CodeNietBeschikbaar, "Het register heeft het te druk; probeer het over een seconde opnieuw, er is niets vastgelegd.")
		}
		if c.wachtend.CompareAndSwap(now, now+n) {
			break
		}
	}
	c.measure()
	o := &opdracht{eenheid: e, klaar: make(chan error, 1)}
	if !c.send(o) {
		c.wachtend.Add(-n)
		return fout.New(fout.CodeNietBeschikbaar, "Het register stopt; probeer het over een seconde opnieuw, er is niets vastgelegd.")
	}
	if err := <-o.klaar; err != nil {
		return err
	}
	return e.Err
}

// send hands a unit to the loop, unless it has been told to stop. The queue has room for as many
// units as there may be records, so this does not block.
func (c *Committer) send(o *opdracht) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.gesloten || c.kapot.Load() {
		return false
	}
	c.queue <- o
	return true
}

// Run commits until Close was called and the queue is drained. It returns an error that wraps
// ErrNietDuurzaam when the store lost durability: the process must stop then.
func (c *Committer) Run() error {
	var (
		groep []*opdracht
		units []*Eenheid
	)
	for first := range c.queue {
		groep, units = append(groep[:0], first), append(units[:0], first.eenheid)
		records := len(first.eenheid.Rijen)
	gather:
		for records < maxGroep {
			select {
			case o, ok := <-c.queue:
				if !ok {
					break gather
				}
				groep, units = append(groep, o), append(units, o.eenheid)
				records += len(o.eenheid.Rijen)
			default:
				break gather
			}
		}
		if err := c.commit(groep, units, records); err != nil {
			return err
		}
	}
	return nil
}

// commit writes one group and tells everyone who waits.
func (c *Committer) commit(groep []*opdracht, units []*Eenheid, records int) error {
	begin := time.Now()
	err := c.store.Append(context.Background(), units)
	lost := errors.Is(err, ErrNietDuurzaam)
	if lost {
		c.kapot.Store(true)
	}
	if err != nil {
		err = fout.Wrap(fout.CodeNietBeschikbaar, "Het register kan nu niets opslaan; probeer het later opnieuw.", err)
	}
	c.wachtend.Add(int64(-records))
	for k, o := range groep {
		o.klaar <- err
		groep[k], units[k] = nil, nil
	}
	if c.meting != nil && err == nil {
		c.meting.Committed(records, time.Since(begin))
	}
	c.measure()
	if !lost {
		return nil
	}
	// Nobody may wait for ever: whoever is still in the queue is refused.
	c.Close()
	for o := range c.queue {
		o.klaar <- err
	}
	return err
}

// Close stops the intake; Run goes on until what waits has been written.
func (c *Committer) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gesloten {
		c.gesloten = true
		close(c.queue)
	}
}

// Healthy tells whether records are accepted: for readiness.
func (c *Committer) Healthy() bool { return !c.kapot.Load() }

func (c *Committer) measure() {
	if c.meting != nil {
		c.meting.QueueLength(int(c.wachtend.Load()))
	}
}
