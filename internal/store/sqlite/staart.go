package sqlite

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// ingangSleutel is a key of the index: organisation and kind in ruimte, then the key itself. Kind 0
// is the actie's own id. It has no padding, so that it hashes as one piece of memory.
type ingangSleutel struct {
	ruimte uint64
	id     [16]byte
}

const soortActie verwerkingenlog.IngangSoort = 0

func sleutelVan(organisatie int64, soort verwerkingenlog.IngangSoort, id [16]byte) ingangSleutel {
	return ingangSleutel{uint64(organisatie)<<8 | uint64(soort), id}
}

// vermelding is one version under one key, from the staart or from the index.
type vermelding struct {
	blad     uint64
	actie    uuid.UUID
	tijdstip int64
	staat    verwerkingenlog.Staat
	aantal   uint32 // occurrences of the key; under the actie's own id: the version number
}

// staart holds in memory what the index file has not got yet: every version is in the staart, in the
// index, or for a moment in both. It consists of segments; the last one grows, the others are fixed
// and leave when they are indexed.
type staart struct {
	segment, max int
	gewekt       chan struct{}
	laatst       atomic.Int64 // when something was added, ns
	lengte       atomic.Int64

	mu        sync.RWMutex // guards what follows, and every organisatie.grootte for writing
	segmenten []*segment
	vrij      *segment         // an emptied one, to use again
	vanaf     map[int64]uint64 // by organisation: the leaf from which everything is here
}

// segment is a piece of the staart. Nothing in it holds a pointer: the garbage collector passes by.
type segment struct {
	versies  []staartVersie
	ingangen []staartIngang
	laatste  map[ingangSleutel]int32 // newest ingang under a key
	standen  map[int64]stand         // by organisation
}

type staartVersie struct {
	actie    uuid.UUID
	blad     uint64
	tijdstip int64
	staat    verwerkingenlog.Staat
}

type staartIngang struct {
	sleutel ingangSleutel
	versie  int32 // in versies
	vorige  int32 // the one before it under the same key, -1 for none
	aantal  uint32
}

// stand tells how far an organisation is indexed: up to leaf tot, the version before it having been
// registered at registratie.
type stand struct {
	tot         uint64
	registratie int64
}

func newStaart(segment, max int) *staart {
	return &staart{segment: segment, max: max, gewekt: make(chan struct{}, 1), vanaf: map[int64]uint64{}}
}

func (t *staart) len() int { return int(t.lengte.Load()) }

// wake tells the indexer that something was added.
func (t *staart) wake() {
	t.laatst.Store(time.Now().UnixNano())
	t.roep()
}

// roep has the indexer look for work, without a word of when something was added last: it waits until that is a while ago.
func (t *staart) roep() {
	select {
	case t.gewekt <- struct{}{}:
	default:
	}
}

// put adds a version; t.mu is held.
func (t *staart) put(organisatie int64, r *verwerkingenlog.Rij) {
	if n := len(t.segmenten); n == 0 || len(t.segmenten[n-1].versies) >= t.segment {
		t.segmenten = append(t.segmenten, t.fresh())
	}
	g := t.segmenten[len(t.segmenten)-1]
	g.versies = append(g.versies, staartVersie{r.ActieID, r.Blad, r.Tijdstip, r.Staat})
	g.standen[organisatie] = stand{r.Blad + 1, r.Registratie}
	g.enter(sleutelVan(organisatie, soortActie, r.ActieID), r.Nummer)
	for i := range r.Ingangen {
		g.enter(sleutelVan(organisatie, r.Ingangen[i].Soort, r.Ingangen[i].Sleutel), uint32(r.Ingangen[i].Aantal))
	}
	t.lengte.Add(1)
}

// enter puts the newest version under a key. A version that names a key twice stands under it once,
// with the sum.
func (g *segment) enter(s ingangSleutel, aantal uint32) {
	versie := int32(len(g.versies) - 1)
	vorige, ok := g.laatste[s]
	if !ok {
		vorige = -1
	} else if i := &g.ingangen[vorige]; i.versie == versie {
		i.aantal = min(i.aantal+aantal, math.MaxUint16)
		return
	}
	g.laatste[s] = int32(len(g.ingangen))
	g.ingangen = append(g.ingangen, staartIngang{s, versie, vorige, aantal})
}

func (t *staart) fresh() *segment {
	if g := t.vrij; g != nil {
		t.vrij = nil
		return g
	}
	return &segment{laatste: map[ingangSleutel]int32{}, standen: map[int64]stand{}}
}

// snapshot gives what stands under each of the keys of one organisation, newest first, and the
// number of leaves at that moment. The caller reads the index after it and leaves out what is not
// below that number: then it sees every version once or twice, and all keys as of one moment.
func (t *staart) snapshot(o *organisatie, sleutels []ingangSleutel) (onder [][]vermelding, grens uint64) {
	onder = make([][]vermelding, len(sleutels))
	t.mu.RLock()
	defer t.mu.RUnlock()
	for n := len(t.segmenten) - 1; n >= 0; n-- {
		g := t.segmenten[n]
		for k, s := range sleutels {
			i, ok := g.laatste[s]
			if !ok {
				continue
			}
			for ; i >= 0; i = g.ingangen[i].vorige {
				v := &g.versies[g.ingangen[i].versie]
				onder[k] = append(onder[k], vermelding{v.blad, v.actie, v.tijdstip, v.staat, g.ingangen[i].aantal})
			}
		}
	}
	return onder, o.grootte.Load()
}

// newest gives the number of an actie's newest version when that is here, and the leaf from which
// every version of the organisation is.
func (t *staart) newest(organisatie int64, actie uuid.UUID) (nummer uint32, vanaf uint64, ok bool) {
	s := sleutelVan(organisatie, soortActie, actie)
	t.mu.RLock()
	defer t.mu.RUnlock()
	for n := len(t.segmenten) - 1; n >= 0; n-- {
		g := t.segmenten[n]
		if i, ok := g.laatste[s]; ok {
			return g.ingangen[i].aantal, 0, true
		}
	}
	return 0, t.vanaf[organisatie], false
}

// take gives the oldest segments, at most max versions but at least one segment, for the indexer.
// The last one, which still grows, is closed and given only when all is set.
func (t *staart) take(max int, all bool) []*segment {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.segmenten)
	if n == 0 {
		return nil
	}
	if last := t.segmenten[n-1]; len(last.versies) < t.segment {
		if !all {
			n--
		} else if len(last.versies) > 0 {
			t.segmenten = append(t.segmenten, t.fresh())
		} else {
			n--
		}
	}
	var i, som int
	for i = 0; i < n; i++ {
		if som += len(t.segmenten[i].versies); i > 0 && som > max {
			break
		}
	}
	return t.segmenten[:i:i]
}

// drop forgets the n oldest segments, once the index file has them.
func (t *staart) drop(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, g := range t.segmenten[:n] {
		t.lengte.Add(-int64(len(g.versies)))
		for o, st := range g.standen {
			t.vanaf[o] = st.tot
		}
	}
	g := t.segmenten[0]
	clear(g.laatste)
	clear(g.standen)
	g.versies, g.ingangen = g.versies[:0], g.ingangen[:0]
	t.vrij = g
	t.segmenten = append([]*segment(nil), t.segmenten[n:]...)
}
