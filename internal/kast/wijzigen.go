package kast

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Ontwerp is a change in the making.
type Ontwerp[S any] struct {
	Voor S // what holds; it is not to be changed
	Na   S // what will hold; Zet and HaalWeg change it
	Nu   time.Time

	vorm     *Vorm[S]
	docs     []Document
	weg      []Document
	bijlagen []bijlage
	regels   []beheerlog.Regel
	post     []Bericht
}

type bijlage struct {
	id     uuid.UUID
	inhoud []byte // nil: it is removed
}

// Zet makes a document part of the change: a new one, or the next version of one.
func (o *Ontwerp[S]) Zet(d Document) {
	o.docs = append(o.docs, d)
	o.vorm.Zet(o.Na, d)
}

// HaalWeg removes a document that holds.
func (o *Ontwerp[S]) HaalWeg(d Document) {
	o.weg = append(o.weg, d)
	o.vorm.HaalWeg(o.Na, d)
}

// ZetBijlage puts content beside a new document; it can't be replaced.
func (o *Ontwerp[S]) ZetBijlage(id uuid.UUID, inhoud []byte) {
	o.bijlagen = append(o.bijlagen, bijlage{id, append([]byte{}, inhoud...)})
}

// WisBijlage removes it.
func (o *Ontwerp[S]) WisBijlage(id uuid.UUID) { o.bijlagen = append(o.bijlagen, bijlage{id: id}) }

// Meld adds an event to the change.
func (o *Ontwerp[S]) Meld(r beheerlog.Regel) { o.regels = append(o.regels, r) }

// Stuur adds a mail to the change.
func (o *Ontwerp[S]) Stuur(b Bericht) { o.post = append(o.post, b) }

// Leeg reports whether the change is none so far.
func (o *Ontwerp[S]) Leeg() bool { return len(o.docs) == 0 && len(o.weg) == 0 && len(o.bijlagen) == 0 }

// pogingen is how often a change is decided anew when another node was first. On a slow machine a node that tells of its
// progress may be first several times running; a pause by chance lets the two miss each other.
const (
	pogingen = 20
	pauze    = 20 * time.Millisecond // at most, longer each time
)

// Wijzig lets f decide on what holds now, and makes it hold with its events. f may run again, so it only decides. A change
// that is none is not made. What f refuses is refused, on what the store holds and not on what this node saw of it.
// Errors: those of f, ErrInGebruik, ErrTeGroot, Gewijzigd when others kept coming first, and what the store gives.
func (k *Kast[S]) Wijzig(ctx context.Context, oin string, f func(*Ontwerp[S]) error) error {
	l, ok := k.laden[oin]
	if !ok {
		return fout.GeenToestemming
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := 1; ; n++ {
		in := l.inhoud.Load()
		o := &Ontwerp[S]{Voor: in.stand, Na: k.vorm.Kopie(in.stand), Nu: k.nu(), vorm: &k.vorm}
		err := f(o)
		switch {
		case err != nil && (n == pogingen || !k.achter(ctx, oin, in.generatie)):
			return err
		case err == nil && o.Leeg():
			return nil
		case err == nil:
			if err = k.put(ctx, oin, l, o); err == nil || !isGelijktijdig(err) {
				return err
			}
			if n == pogingen {
				return Gewijzigd
			}
			time.Sleep(rand.N(time.Duration(n) * pauze))
		}
		if err := k.load(ctx, oin, l); err != nil {
			return err
		}
	}
}

// achter reports whether another node changed something that this one has not seen.
func (k *Kast[S]) achter(ctx context.Context, oin string, generatie int64) bool {
	generaties, err := k.opslag.Generaties(ctx)
	return err == nil && generaties[oin] != generatie
}

// uniek reports ErrInGebruik when another document has what must be unique. The store finds that by the handle, which is another
// one for documents of before a new key. What is held here is what the store holds: Put refuses when the generation is another.
func (l *lade[S]) uniek(o *Ontwerp[S]) error {
	type plek struct {
		soort Soort
		uniek string
	}
	weg := map[sleutel]bool{}
	for _, d := range slices.Concat(o.weg, o.docs) {
		weg[sleutel{d.Plaats().Soort, d.Plaats().ID}] = true
	}
	van := map[plek]bool{}
	for welke, g := range l.gelezen {
		if u := g.document.Uniek(); u != "" && !weg[welke] {
			van[plek{welke.soort, u}] = true
		}
	}
	for _, d := range o.docs {
		if van[plek{d.Plaats().Soort, d.Uniek()}] {
			return ErrInGebruik
		}
	}
	return nil
}

// put stores a change and puts it in force; the mutex of l is held.
func (k *Kast[S]) put(ctx context.Context, oin string, l *lade[S], o *Ontwerp[S]) error {
	s, ok := k.sleutels(oin)
	if !ok {
		return errGeenSleutels
	}
	if err := s.Schrijfbaar(); err != nil {
		return err
	}
	if s.AantalHandles() > 1 {
		if err := l.uniek(o); err != nil {
			return fmt.Errorf("store %s: %w", k.wat, err)
		}
	}
	generatie := l.inhoud.Load().generatie
	w := Wijziging{OIN: oin, Generatie: generatie, Post: o.post}
	for _, d := range o.weg {
		p := d.Plaats()
		w.Rijen = append(w.Rijen, Rij{OIN: oin, Soort: p.Soort, ID: p.ID, Versie: p.Versie, Weg: true})
	}
	nieuw := map[sleutel]gelezen{}
	for _, d := range o.docs {
		rij, err := k.verzegel(s, oin, d)
		if err != nil {
			return err
		}
		w.Rijen = append(w.Rijen, rij)
		nieuw[sleutel{rij.Soort, rij.ID}] = gelezen{rij.Versie, maphash.Bytes(k.zaad, rij.Verzegeld), d}
	}
	for _, b := range o.bijlagen {
		p := Plaats{SoortBijlage, b.id, 1}
		rij := Rij{OIN: oin, Soort: p.Soort, ID: p.ID, Versie: p.Versie, Weg: true}
		if b.inhoud != nil {
			rij = k.rij(s, oin, p, b.inhoud)
		}
		w.Rijen = append(w.Rijen, rij)
	}
	for _, r := range o.regels {
		rij, err := beheerlog.New(s, oin, o.Nu, r)
		if err != nil {
			return err
		}
		w.Gebeurtenissen = append(w.Gebeurtenissen, &rij)
	}
	if err := k.opslag.Put(ctx, w); err != nil {
		return fmt.Errorf("store %s: %w", k.wat, err)
	}
	for _, d := range o.weg {
		p := d.Plaats()
		delete(l.gelezen, sleutel{p.Soort, p.ID})
	}
	maps.Copy(l.gelezen, nieuw)
	l.inhoud.Store(&inhoud[S]{o.Na, generatie + 1})
	return nil
}
