package verwerkingenlog

import (
	"math"

	"github.com/google/uuid"
)

// Vondsten puts together what an engine finds under the keys of a Zoekvraag. It is for one goroutine.
type Vondsten struct {
	tot    uint64
	acties map[uuid.UUID]*vondst
}

// vondst is a Treffer in the making: how an actie stands under the keys seen so far.
type vondst struct {
	Treffer
	toen bool // Toen is known
}

// NewVondsten begins a search whose snapshot is everything below tot.
func NewVondsten(tot uint64) *Vondsten {
	return &Vondsten{tot: tot, acties: map[uuid.UUID]*vondst{}}
}

// Add adds a version found under a key, in any order and once for each key. activiteit is that of the
// version, or uuid.Nil when nobody asks.
func (v *Vondsten) Add(actie uuid.UUID, s Stand, activiteit uuid.UUID) {
	f := v.acties[actie]
	if f == nil {
		f = &vondst{Treffer: Treffer{ActieID: actie, Nu: s, Activiteit: activiteit}}
		v.acties[actie] = f
	} else {
		if s.Blad > f.Nu.Blad {
			f.Activiteit = activiteit
		}
		f.Nu = newest(f.Nu, s)
	}
	if s.Blad >= v.tot {
		return
	}
	if f.toen {
		f.Toen = newest(f.Toen, s)
	} else {
		f.toen, f.Toen = true, s
	}
}

// newest is the newer of two versions; under two keys the same version counts for both.
func newest(a, b Stand) Stand {
	switch {
	case a.Blad < b.Blad:
		return b
	case a.Blad == b.Blad:
		a.Aantal = uint16(min(uint32(a.Aantal)+uint32(b.Aantal), math.MaxUint16))
	}
	return a
}

// Treffers are the acties of which a version stands in the snapshot.
func (v *Vondsten) Treffers() []Treffer {
	treffers := make([]Treffer, 0, len(v.acties))
	for _, f := range v.acties {
		if f.toen {
			treffers = append(treffers, f.Treffer)
		}
	}
	return treffers
}
