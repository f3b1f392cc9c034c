package autorisatie

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Component is an Autorisatiecomponent outside the register: it knows what clients may do, and not
// their secrets.
type Component interface {
	// Autorisaties gives what a client was granted, nothing for a client it does not know. Any error
	// means that this is not known.
	Autorisaties(ctx context.Context, clientID string) ([]Autorisatie, error)
}

// ExternOpties say how an external component is asked.
type ExternOpties struct {
	Bewaren bool          // keep answers until Forget; only with notifications of changes
	Vangnet time.Duration // after which a kept answer is asked again all the same
	TimeOut time.Duration // after which a request is refused
	Nu      func() time.Time
}

// NewExternRegister gives a register whose clients, secrets and OINs come from Replace and whose
// grants come from c. Authenticate asks nothing of c and gives create:normal alone, which every known
// client has; Grant asks c.
func NewExternRegister(c Component, o ExternOpties) *Register {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	r := newRegister()
	r.extern = &extern{
		c: c, o: o,
		lopend: map[string]*navraag{}, wachtend: map[string]*navraag{}, bewaard: map[string]bewaard{},
	}
	r.Replace(nil)
	return r
}

// Grant completes a Besluit with what an external component grants, narrowed by the token; with the
// built-in one there is nothing to do. When the component can't be asked the error is
// fout.NietBeschikbaar and the Besluit keeps what it had: create:normal.
func (r *Register) Grant(ctx context.Context, b *Besluit) error {
	if r.extern == nil || b.volledig {
		return nil
	}
	rechten, err := r.extern.rechten(ctx, b.ClientID)
	if err != nil {
		f := weigering(redenComponent)
		f.OpnieuwNa, f.Oorzaak = time.Second, errors.Join(f.Oorzaak, err)
		return f
	}
	b.rechten, b.volledig = rechten.beperkt(b.tot), true
	return nil
}

// Forget drops every kept answer of an external component; an answer that is under way is not kept.
func (r *Register) Forget() {
	if r.extern != nil {
		r.extern.vergeet()
	}
}

// extern asks an external component. Requests of one client that come together share one question,
// but only one that is still to be asked: an answer is never older than the request it is used for,
// or than the last notification when answers are kept.
type extern struct {
	c Component
	o ExternOpties

	mu       sync.Mutex
	lopend   map[string]*navraag // asked, not answered yet
	wachtend map[string]*navraag // asked as soon as that one is answered
	bewaard  map[string]bewaard
	beurt    uint64 // counts Forget
}

// navraag is one question; its answer may be read when klaar is closed.
type navraag struct {
	klaar   chan struct{}
	rechten rechten
	err     error
}

type bewaard struct {
	rechten rechten
	tot     time.Time
}

var errTraag = errors.New("the component does not answer in time")

func (e *extern) rechten(ctx context.Context, clientID string) (rechten, error) {
	ctx, cancel := context.WithTimeout(ctx, e.o.TimeOut)
	defer cancel()
	e.mu.Lock()
	if k, ok := e.vers(clientID); ok {
		e.mu.Unlock()
		return k, nil
	}
	v := e.wachtend[clientID]
	if v == nil {
		v = &navraag{klaar: make(chan struct{})}
		e.wachtend[clientID] = v
		go e.vraag(clientID, v, e.lopend[clientID])
	}
	e.mu.Unlock()
	select {
	case <-v.klaar:
		return v.rechten, v.err
	case <-ctx.Done():
		return rechten{}, errTraag
	}
}

// vers gives a kept answer that still counts; e.mu is held.
func (e *extern) vers(clientID string) (rechten, bool) {
	k, ok := e.bewaard[clientID]
	return k.rechten, ok && e.o.Nu().Before(k.tot)
}

// vraag asks, after vorige is answered, and tells everybody who waits. It has no context of a request:
// one that goes away takes nobody's answer along.
func (e *extern) vraag(clientID string, v, vorige *navraag) {
	if vorige != nil {
		<-vorige.klaar
	}
	e.mu.Lock()
	delete(e.wachtend, clientID)
	var bekend bool
	if v.rechten, bekend = e.vers(clientID); bekend {
		e.mu.Unlock()
		close(v.klaar)
		return
	}
	e.lopend[clientID] = v
	beurt := e.beurt
	e.mu.Unlock()

	v.rechten, v.err = e.haal(clientID)

	e.mu.Lock()
	if e.lopend[clientID] == v {
		delete(e.lopend, clientID)
	}
	if v.err == nil && e.o.Bewaren && beurt == e.beurt {
		e.bewaard[clientID] = bewaard{v.rechten, e.o.Nu().Add(e.o.Vangnet)}
	}
	e.mu.Unlock()
	close(v.klaar)
}

func (e *extern) haal(clientID string) (r rechten, err error) {
	defer func() {
		if recover() != nil { // outside the request there is nobody else to catch it
			r, err = rechten{}, errors.New("panic while asking the component")
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), e.o.TimeOut)
	defer cancel()
	grants, err := e.c.Autorisaties(ctx, clientID)
	if err != nil {
		return rechten{}, err
	}
	return rechtenVan(grants), nil
}

func (e *extern) vergeet() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.beurt++
	clear(e.bewaard)
}
