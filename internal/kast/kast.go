package kast

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Vorm says how a room holds its documents in memory. S is a pointer to maps of them, or the like.
type Vorm[S any] struct {
	Leeg    func() S
	Kopie   func(S) S                           // can be changed; the documents in it can't
	Nieuw   func(oin string, p Plaats) Document // one to read into; nil: a kind that this version does not know
	Zet     func(S, Document)
	HaalWeg func(S, Document)
}

// Opties are what a Kast needs.
type Opties[S any] struct {
	Naam         string // part of what is sealed, and of handles; never changes: "verantwoord/gebruiker/v1"
	Wat          string // the documents, in English, for errors: "people and groups"
	Vorm         Vorm[S]
	Opslag       Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Nu           func() time.Time
	Meld         func(error) // takes what is wrong in the background, for an operator
	Grens        int         // bytes of a document before it is sealed; 0: none
}

// Kast holds the documents of organisations. It may be used by many goroutines.
type Kast[S any] struct {
	naam, wat string
	vorm      Vorm[S]
	opslag    Opslag
	sleutels  func(oin string) (*betrokkene.Sleutels, bool)
	nu        func() time.Time
	meld      func(error)
	grens     int
	zaad      maphash.Seed
	laden     map[string]*lade[S] // by OIN; the map itself never changes
}

// lade is what is held of an organisation.
type lade[S any] struct {
	inhoud  atomic.Pointer[inhoud[S]]
	mu      sync.Mutex // one change, or one reading of the store, at a time
	gelezen map[sleutel]gelezen
}

type inhoud[S any] struct {
	stand     S
	generatie int64
}

type sleutel struct {
	soort Soort
	id    uuid.UUID
}

// gelezen is a document that was opened, and what tells that its row is still the same.
type gelezen struct {
	versie   int64
	afdruk   uint64
	document Document
}

// New reads the store and puts everything in force.
func New[S any](ctx context.Context, o Opties[S]) (*Kast[S], error) {
	k := &Kast[S]{
		naam: o.Naam, wat: o.Wat, vorm: o.Vorm, opslag: o.Opslag, sleutels: o.Sleutels, nu: o.Nu, meld: o.Meld, grens: o.Grens,
		zaad: maphash.MakeSeed(), laden: map[string]*lade[S]{},
	}
	if k.nu == nil {
		k.nu = time.Now
	}
	if k.meld == nil {
		k.meld = func(error) {}
	}
	for _, oin := range o.Organisaties {
		l := &lade[S]{}
		if err := k.load(ctx, oin, l); err != nil {
			return nil, err
		}
		k.laden[oin] = l
	}
	return k, nil
}

// Kent reports whether an organisation is one of those it holds.
func (k *Kast[S]) Kent(oin string) bool { return k.laden[oin] != nil }

// Stand gives what holds now; of an unknown organisation it is empty.
func (k *Kast[S]) Stand(oin string) S {
	if l, ok := k.laden[oin]; ok {
		return l.inhoud.Load().stand
	}
	return k.vorm.Leeg()
}

// Follow looks for changes by other nodes until ctx ends. While the store can't be read what was in force stays so:
// nobody can change anything then.
func (k *Kast[S]) Follow(ctx context.Context, elke time.Duration) {
	t := time.NewTicker(elke)
	defer t.Stop()
	for kapot := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		err := k.Refresh(ctx)
		if err != nil && !kapot && ctx.Err() == nil {
			k.meld(fmt.Errorf("look for changed %s: %w", k.wat, err))
		}
		kapot = err != nil
	}
}

// Refresh puts in force what other nodes changed, if anything.
func (k *Kast[S]) Refresh(ctx context.Context) error {
	generaties, err := k.opslag.Generaties(ctx)
	if err != nil {
		return err
	}
	for oin, l := range k.laden {
		if generaties[oin] == l.inhoud.Load().generatie {
			continue
		}
		l.mu.Lock()
		err := k.load(ctx, oin, l)
		l.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// load reads everything of an organisation; its mutex is held, or nobody knows l yet. Only rows that are others than those
// read before are opened: what another node changes costs reading, not opening all.
func (k *Kast[S]) load(ctx context.Context, oin string, l *lade[S]) error {
	rijen, generatie, err := k.opslag.Load(ctx, oin)
	if err != nil {
		return fmt.Errorf("load %s: %w", k.wat, err)
	}
	s, ok := k.sleutels(oin)
	if !ok {
		return fmt.Errorf("load %s: %w", k.wat, errGeenSleutels)
	}
	stand, nu := k.vorm.Leeg(), make(map[sleutel]gelezen, len(rijen))
	for i := range rijen {
		r := &rijen[i]
		welke := sleutel{r.Soort, r.ID}
		g, ok := l.gelezen[welke]
		if afdruk := maphash.Bytes(k.zaad, r.Verzegeld); !ok || g.versie != r.Versie || g.afdruk != afdruk {
			d, err := k.ontzegel(s, r)
			if err != nil {
				k.meld(err)
				continue
			}
			g = gelezen{r.Versie, afdruk, d}
		}
		nu[welke] = g
		k.vorm.Zet(stand, g.document)
	}
	l.gelezen = nu
	l.inhoud.Store(&inhoud[S]{stand, generatie})
	return nil
}

// Bijlage gives the content beside a document; fout.NietGevonden when there is none.
func (k *Kast[S]) Bijlage(ctx context.Context, oin string, id uuid.UUID) ([]byte, error) {
	s, ok := k.sleutels(oin)
	if !ok || !k.Kent(oin) {
		return nil, fout.NietGevonden
	}
	r, err := k.opslag.Bijlage(ctx, oin, id)
	if err != nil {
		return nil, err
	}
	return k.open(s, &r)
}

// Gewijzigd says that someone else was first.
var Gewijzigd = fout.New(fout.CodeGelijktijdig, "Iemand anders heeft dit intussen gewijzigd. Haal het opnieuw op en bekijk wat er veranderde.")

// isGelijktijdig reports whether another change came first.
func isGelijktijdig(err error) bool { return errors.Is(err, fout.Gelijktijdig) }
