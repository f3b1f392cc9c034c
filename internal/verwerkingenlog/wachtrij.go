package verwerkingenlog

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// wachtrij holds the units that wait for a commit, a queue for each client. Clients take turns, so
// that a noisy one delays itself and not another: what one client may add to the wait of another is
// beurt records a turn, whatever it has sent.
type wachtrij struct {
	max    int
	totaal atomic.Int64 // weight of all that waits or is being written; changed under mu

	mu              sync.Mutex
	wakker          sync.Cond
	wachtend        int                     // weight of what is in the queue
	klanten         map[klantSleutel]*klant // those with something in the queue or being written
	eerste, laatste *klant                  // those with something in the queue, in the order of their turns
	vrij            *klant                  // to use again
	gesloten        bool
}

type klantSleutel struct{ organisatie, client string }

// klant is a client with something in the queue or in the transaction under way.
type klant struct {
	sleutel         klantSleutel
	bezet           int // weight in the queue and being written
	tegoed          int // what it may still send this turn; below zero after a large unit
	eerste, laatste *Opdracht
	volgende        *klant
}

const (
	// beurt is the weight a client may put in a group before it is the next one's turn.
	beurt = 16
	// zwaar is the content, in bytes, that counts as one record: a larger one counts for more, so
	// that the bounds on records bound memory as well.
	zwaar = 16 << 10
	// inschikken is how often a group lets those who are about to join it go first: whoever can run
	// now. It costs a lone client nothing, and shares a sync among many more (besluit 0013).
	inschikken = 2
)

// ErrVol is wrapped by the refusal of a unit for which there is no room now.
var ErrVol = errors.New("queue is full")

var (
	vol   = fout.Wrap(fout.CodeNietBeschikbaar, "Het register heeft het te druk; probeer het over een seconde opnieuw, er is niets vastgelegd.", ErrVol)
	stopt = fout.New(fout.CodeNietBeschikbaar, "Het register stopt; probeer het over een seconde opnieuw, er is niets vastgelegd.")
)

func newWachtrij(max int) *wachtrij {
	w := &wachtrij{max: max, klanten: map[klantSleutel]*klant{}}
	w.wakker.L = &w.mu
	return w
}

// gewicht counts the records of a unit, a large one for more.
func gewicht(e *Eenheid) int {
	n := len(e.Rijen)
	for _, r := range e.Rijen {
		n += len(r.Inhoud) / zwaar
	}
	return max(n, 1)
}

func (w *wachtrij) length() int { return int(w.totaal.Load()) }

// put adds a unit to the queue of its client.
func (w *wachtrij) put(o *Opdracht) error {
	s := klantSleutel{o.eenheid.OIN, o.eenheid.ClientID}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gesloten {
		return stopt
	}
	k := w.klanten[s]
	if !w.admits(k, o.gewicht) {
		return vol
	}
	if k == nil {
		if k = w.vrij; k != nil {
			w.vrij = k.volgende
		} else {
			k = new(klant)
		}
		*k = klant{sleutel: s}
		w.klanten[s] = k
	}
	o.klant = k
	k.bezet += o.gewicht
	w.wachtend += o.gewicht
	w.totaal.Add(int64(o.gewicht))
	if k.eerste != nil {
		k.laatste.volgende, k.laatste = o, o
	} else {
		k.eerste, k.laatste = o, o
		w.push(k)
	}
	if w.wachtend == o.gewicht || w.wachtend >= druk && w.wachtend-o.gewicht < druk {
		w.wakker.Broadcast()
	}
	return nil
}

// admits judges room for n more of a client, nil for one that has nothing waiting. Free room is for
// everybody. Beyond it, up to twice the limit, there is room only for who holds less than its fair
// share, so whoever fills the queue is refused first. A unit that is larger than everything goes
// when it is alone.
func (w *wachtrij) admits(k *klant, n int) bool {
	totaal := w.length()
	switch {
	case totaal == 0 || totaal+n <= w.max:
		return true
	case totaal+n > 2*w.max:
		return false
	case k == nil:
		return true
	}
	return k.bezet+n <= w.max/len(w.klanten)
}

// gather waits until there is min in the queue and takes a group of about max, the clients in turn. When the
// queue is closed it takes what there is; nothing: it is empty.
func (w *wachtrij) gather(groep []*Opdracht, min, max int) []*Opdracht {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for w.wachtend < min && !(w.gesloten && w.eerste != nil) {
			if w.gesloten {
				return groep
			}
			w.wakker.Wait()
		}
		for range inschikken {
			w.mu.Unlock()
			runtime.Gosched()
			w.mu.Lock()
		}
		if w.wachtend >= min || w.gesloten && w.eerste != nil { // another loop may have taken all meanwhile
			break
		}
	}
	for som := 0; som < max && w.eerste != nil; {
		k := w.eerste
		if w.eerste = k.volgende; w.eerste == nil {
			w.laatste = nil
		}
		k.volgende = nil
		k.tegoed += beurt
		for k.eerste != nil && som < max && k.tegoed > 0 {
			o := k.eerste
			k.eerste, o.volgende = o.volgende, nil
			k.tegoed -= o.gewicht
			w.wachtend -= o.gewicht
			som += o.gewicht
			groep = append(groep, o)
		}
		if k.eerste != nil {
			w.push(k)
		} else {
			k.laatste, k.tegoed = nil, 0
		}
	}
	return groep
}

func (w *wachtrij) push(k *klant) {
	if w.laatste == nil {
		w.eerste = k
	} else {
		w.laatste.volgende = k
	}
	w.laatste = k
}

// done makes room again after a group.
func (w *wachtrij) done(groep []*Opdracht) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range groep {
		k := o.klant
		w.totaal.Add(int64(-o.gewicht))
		if k.bezet -= o.gewicht; k.bezet == 0 {
			delete(w.klanten, k.sleutel)
			*k = klant{volgende: w.vrij}
			w.vrij = k
		}
	}
}

// close refuses what comes and lets gather end.
func (w *wachtrij) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gesloten = true
	w.wakker.Broadcast() // every loop ends
}
