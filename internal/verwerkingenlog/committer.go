package verwerkingenlog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Committer is natural group commit: what waits is put into one transaction, so the price of a sync is
// shared by everybody who came while the previous one was under way. It adds no
// delay of its own: a lone client gets a transaction of its own at once. Who waits, and whose turn it
// is, is the wachtrij's business.
type Committer struct {
	store  Store
	meting CommitMeting
	rij    *wachtrij
	samen  func() bool // see Share
	lussen atomic.Int32
	kapot  atomic.Bool // durability lost: nothing is accepted any more
	vrij   sync.Pool   // of *Opdracht
}

// CommitMeting receives figures; telemetry implements it.
type CommitMeting interface {
	QueueLength(records int)
	Committed(records int, duur time.Duration)
}

// maxGroep bounds the weight of one transaction, and so how long one commit may take.
const maxGroep = 4096

// druk is how many records must wait before a group is written beside another one: what a group costs whatever
// is in it is worth it then, and otherwise is better shared (besluit 0017).
const druk = 256

// NewCommitter makes a committer whose queue holds max records (see wachtrij.admits). Run must be
// called.
func NewCommitter(store Store, max int, meting CommitMeting) *Committer {
	c := &Committer{store: store, meting: meting, rij: newWachtrij(max)}
	c.vrij.New = func() any { return &Opdracht{committer: c, klaar: make(chan error, 1)} }
	return c
}

// Share makes a group wait for as long as the commit before it took, while f tells that other nodes write to the
// store as well: they take turns there, and larger groups of each shorten the wait of all (besluit 0017). To be
// called before Run.
func (c *Committer) Share(f func() bool) { c.samen = f }

// maxRust bounds that wait.
const maxRust = 4 * time.Millisecond

// Append waits until the unit is durable. Errors: the unit's own (fout.Gelijktijdig,
// fout.Idempotentie), or fout.NietBeschikbaar when the queue is full, the store refuses or the
// register stops; then nothing of it was written. It does not give up when a client goes away: a
// record that waits is written, whether or not somebody still listens.
func (c *Committer) Append(e *Eenheid) error {
	o, err := c.Submit(e)
	if err != nil {
		return err
	}
	return o.Wait()
}

// Submit puts the unit in the queue of its client without waiting; what was submitted is written in
// that order. Errors: fout.NietBeschikbaar, that wraps ErrVol when there is no room now.
func (c *Committer) Submit(e *Eenheid) (*Opdracht, error) {
	o := c.vrij.Get().(*Opdracht)
	o.eenheid, o.gewicht = e, gewicht(e)
	if err := c.rij.put(o); err != nil {
		o.free()
		return nil, err
	}
	c.measure()
	return o, nil
}

// Opdracht is a unit on its way, and where its submitter waits.
type Opdracht struct {
	committer *Committer
	eenheid   *Eenheid
	gewicht   int
	klaar     chan error // one result for each time it is used
	klant     *klant
	volgende  *Opdracht
}

// Wait waits until the unit is durable, once; afterwards the Opdracht is not to be touched. Errors as
// Append.
func (o *Opdracht) Wait() error {
	err, e := <-o.klaar, o.eenheid
	o.free()
	if err != nil {
		return err
	}
	return e.Err
}

func (o *Opdracht) free() {
	o.eenheid, o.klant, o.volgende = nil, nil, nil
	o.committer.vrij.Put(o)
}

// Run commits until Close was called and the queue is drained. It may run several times beside each
// other, where the store gains by writing a group while another one is synced: all but the first leave the
// queue alone until druk records wait in it. It returns an error that wraps
// ErrNietDuurzaam when the store lost durability: the process must stop then.
func (c *Committer) Run() error {
	var (
		groep []*Opdracht
		units []*Eenheid
	)
	vanaf := 1
	if c.lussen.Add(1) > 1 {
		vanaf = druk
	}
	for {
		groep = c.rij.gather(groep[:0], vanaf, maxGroep)
		if len(groep) == 0 {
			return nil
		}
		units = units[:0]
		records := 0
		for _, o := range groep {
			units = append(units, o.eenheid)
			records += len(o.eenheid.Rijen)
		}
		begin := time.Now()
		if err := c.commit(groep, units, records); err != nil {
			return err
		}
		if len(groep) > 1 && c.samen != nil && c.samen() {
			time.Sleep(min(time.Since(begin), maxRust))
		}
	}
}

// commit writes one group and tells everyone who waits.
func (c *Committer) commit(groep []*Opdracht, units []*Eenheid, records int) error {
	begin := time.Now()
	err := c.store.Append(context.Background(), units)
	duur := time.Since(begin)
	lost := errors.Is(err, ErrNietDuurzaam)
	if lost {
		c.kapot.Store(true)
	}
	if err != nil && !errors.Is(err, fout.NietBeschikbaar) { // what the engine says of that itself tells more
		err = fout.Wrap(fout.CodeNietBeschikbaar, "Het register kan nu niets opslaan; probeer het later opnieuw.", err)
	}
	c.rij.done(groep)
	if c.meting != nil && err == nil { // who was answered, was counted
		c.meting.Committed(records, duur)
	}
	answer(groep, err)
	clear(units)
	c.measure()
	if !lost {
		return nil
	}
	// Nobody may wait for ever: whoever is still in the queue is refused.
	c.Close()
	for {
		if groep = c.rij.gather(groep[:0], 1, maxGroep); len(groep) == 0 {
			return err
		}
		c.rij.done(groep)
		answer(groep, err)
	}
}

func answer(groep []*Opdracht, err error) {
	for k, o := range groep {
		groep[k] = nil
		o.klaar <- err
	}
}

// Close stops the intake; Run goes on until what waits has been written.
func (c *Committer) Close() { c.rij.close() }

// Healthy tells whether records are accepted: for readiness.
func (c *Committer) Healthy() bool { return !c.kapot.Load() }

func (c *Committer) measure() {
	if c.meting != nil {
		c.meting.QueueLength(c.rij.length())
	}
}
