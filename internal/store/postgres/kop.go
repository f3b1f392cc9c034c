package postgres

import (
	"bytes"
	"slices"
	"sync"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// kop is what a node remembers of the head row of an organisation. Who has had it to himself for a while may
// number a group by heart, and leave it to the commit to find out that another node came between.
type kop struct {
	mu       sync.Mutex
	onderweg int // groups of this node for the organisation that are being written

	bekend           bool
	grootte, laatste int64
	rand             []byte
	reeks            int // groups in a row that found the head row as it was remembered
}

// alleen is how long such a row must be: whoever is wrong has written rows for nothing.
const alleen = 8

// claim notes that the group is on its way, and tells whether no other of this node is, for any of its
// organisations.
func (g *groep) claim() (free bool) {
	free = true
	for _, w := range g.groei {
		k := &w.o.kop
		k.mu.Lock()
		free = free && k.onderweg == 0
		k.onderweg++
		k.mu.Unlock()
	}
	return free
}

// release notes how the group ended. What was written is what stands in the head rows now, unless a later one
// was remembered meanwhile; after an error nothing is known.
func (g *groep) release(err error) {
	for _, w := range g.groei {
		k := &w.o.kop
		k.mu.Lock()
		k.onderweg--
		switch {
		case err != nil:
			k.bekend, k.reeks = false, 0
		case w.rand != nil && w.aantal > 0 && (!k.bekend || k.grootte < int64(w.rand.Grootte())):
			k.bekend, k.grootte, k.laatste = true, int64(w.rand.Grootte()), w.eerste(g.nu)+int64(w.aantal)-1
			k.rand = w.rand.AppendBytes(k.rand[:0])
		}
		k.mu.Unlock()
	}
}

// meet compares the head rows, which were locked, with what is remembered of them. While another group of this
// node is on its way a difference says nothing.
func (g *groep) meet(s *Store) {
	for _, w := range g.groei {
		k := &w.o.kop
		k.mu.Lock()
		switch {
		case k.onderweg > 1:
		case k.bekend && k.grootte == w.grootte && k.laatste == w.laatste && bytes.Equal(k.rand, w.oud):
			if k.reeks++; k.reeks == alleen {
				s.gedeeld.Store(false)
			}
		default:
			if k.bekend {
				s.gedeeld.Store(true)
			}
			k.bekend, k.reeks = false, 0
		}
		k.mu.Unlock()
	}
}

// Gedeeld tells whether other nodes write for the same organisations at the moment.
func (s *Store) Gedeeld() bool { return s.gedeeld.Load() }

// recall takes the head rows from memory, and tells whether they may be trusted. Those that were read just now
// must be the same.
func (g *groep) recall() bool {
	return !slices.ContainsFunc(g.groei, func(w *groei) bool { return !w.recall() })
}

func (w *groei) recall() bool {
	k := &w.o.kop
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.bekend || k.reeks < alleen {
		return false
	}
	if w.rand != nil {
		return !w.gesloten && w.grootte == k.grootte && w.laatste == k.laatste && bytes.Equal(w.oud, k.rand)
	}
	var err error
	w.grootte, w.laatste, w.gesloten, w.oud = k.grootte, k.laatste, false, append(w.oud[:0], k.rand...)
	w.rand, err = bewijs.ReadRand(uint64(k.grootte), k.rand)
	return err == nil
}

// eerste is the registration of the first version that the group adds, at the instant nu.
func (w *groei) eerste(nu int64) int64 { return max(nu, w.laatste+1) }
