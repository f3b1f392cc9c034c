package gebruiker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Beheer holds the use cases of this room. It may be used by many goroutines.
type Beheer struct {
	opslag    Opslag
	sleutels  func(oin string) (*betrokkene.Sleutels, bool)
	nu        func() time.Time
	meld      func(error)
	fg        func(oin string) string
	register  *Register
	wijzigend map[string]*sync.Mutex // by OIN: one change, or one reading of the store, at a time; never changes itself
}

// BeheerOpties are what a Beheer needs.
type BeheerOpties struct {
	Opslag       Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Nu           func() time.Time
	Meld         func(error)             // takes what is wrong in the background, for an operator
	FG           func(oin string) string // address of the functionaris gegevensbescherming; empty: not known
}

// NewBeheer reads the store and puts everything in force.
func NewBeheer(ctx context.Context, o BeheerOpties) (*Beheer, error) {
	b := &Beheer{
		opslag: o.Opslag, sleutels: o.Sleutels, nu: o.Nu, meld: o.Meld, fg: o.FG, register: newRegister(o.Organisaties), wijzigend: map[string]*sync.Mutex{},
	}
	if b.nu == nil {
		b.nu = time.Now
	}
	if b.meld == nil {
		b.meld = func(error) {}
	}
	if b.fg == nil {
		b.fg = func(string) string { return "" }
	}
	for _, oin := range o.Organisaties {
		b.wijzigend[oin] = &sync.Mutex{}
	}
	for _, oin := range o.Organisaties {
		if err := b.load(ctx, oin); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Register answers what people may; it follows every change.
func (b *Beheer) Register() *Register { return b.register }

// Follow looks for changes by other nodes until ctx ends. While the store can't be read what was in force stays so:
// nobody can change anything then.
func (b *Beheer) Follow(ctx context.Context, elke time.Duration) {
	t := time.NewTicker(elke)
	defer t.Stop()
	for kapot := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		err := b.Refresh(ctx)
		if err != nil && !kapot && ctx.Err() == nil {
			b.meld(fmt.Errorf("look for changed rights: %w", err))
		}
		kapot = err != nil
	}
}

// Refresh puts in force what other nodes changed, if anything.
func (b *Beheer) Refresh(ctx context.Context) error {
	generaties, err := b.opslag.Generaties(ctx)
	if err != nil {
		return err
	}
	for oin, mu := range b.wijzigend {
		if generaties[oin] == b.register.stand(oin).generatie {
			continue
		}
		mu.Lock()
		err := b.load(ctx, oin)
		mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// load reads everything of an organisation; its mutex is held, or nobody knows b yet. A document that can't be opened is
// left out and told: whoever is in such a group may do nothing.
func (b *Beheer) load(ctx context.Context, oin string) error {
	rijen, generatie, err := b.opslag.Load(ctx, oin)
	if err != nil {
		return fmt.Errorf("load people and groups: %w", err)
	}
	s, ok := b.sleutels(oin)
	if !ok {
		return errors.New("load people and groups: no keys of this organisation")
	}
	t := newStand()
	t.generatie = generatie
	for _, r := range rijen {
		if err := t.ontzegel(s, r); err != nil {
			b.meld(err)
		}
	}
	b.register.standen[oin].Store(t)
	return nil
}

// ontwerp is a change in the making.
type ontwerp struct {
	*stand // what holds
	na     *stand
	nu     time.Time
	dader  Dader
	door   beheerlog.Wie
	docs   []document
	weg    []document
	regels []beheerlog.Regel
	post   []Bericht // to be queued with the change
}

// zet makes a document part of the change.
func (o *ontwerp) zet(d document) {
	o.docs = append(o.docs, d)
	o.na.zet(d)
}

func (o *ontwerp) haalWeg(d document) {
	o.weg = append(o.weg, d)
	o.na.haalWeg(d)
}

// meld adds the event; who did it is the dader unless it says otherwise.
func (o *ontwerp) meld(r beheerlog.Regel) {
	if r.Door == (beheerlog.Wie{}) {
		r.Door = o.door
	}
	o.regels = append(o.regels, r)
}

// eis refuses a dader without the right.
func (o *ontwerp) eis(c cel) error {
	if !o.kan(o.dader, c, o.nu) {
		return geenRecht(c)
	}
	return nil
}

// zelf reports whether the dader is that person.
func (o *ontwerp) zelf(id uuid.UUID) bool { return !o.dader.machine && o.dader.gebruiker == id }

// zitIn reports whether the dader is in a group.
func (o *ontwerp) zitIn(groep uuid.UUID) bool {
	g, ok := o.gebruikers[o.dader.gebruiker]
	if !ok || o.dader.machine {
		return false
	}
	_, lid := g.lid(groep, o.nu)
	return lid
}

// gebruiker, groep and the like give a document of the version that the caller saw.
func (o *ontwerp) gebruiker(id uuid.UUID, versie int64) (*Gebruiker, error) {
	return gezien(o.gebruikers[id], versie)
}

func (o *ontwerp) groep(id uuid.UUID, versie int64) (*Autorisatiegroep, error) {
	return gezien(o.groepen[id], versie)
}

func gezien[D interface {
	comparable
	document
}](d D, versie int64) (D, error) {
	var geen D
	if d == geen {
		return geen, onbekend
	}
	if d.plaats().versie != versie {
		return geen, intussenGewijzigd
	}
	return d, nil
}

// pogingen is how often a change is decided anew when another node was first.
const pogingen = 5

// change lets f decide on what holds now, and makes it hold with its events. f may run again. A change that is none
// is not made.
func (b *Beheer) change(ctx context.Context, d Dader, f func(*ontwerp) error) error {
	mu, ok := b.wijzigend[d.oin]
	if !ok {
		return fout.GeenToestemming
	}
	mu.Lock()
	defer mu.Unlock()
	for n := 1; ; n++ {
		t := b.register.stand(d.oin)
		o := &ontwerp{stand: t, na: t.kopie(), nu: b.nu(), dader: d, door: t.wie(d)}
		if err := f(o); err != nil {
			return err
		}
		if len(o.docs) == 0 && len(o.weg) == 0 {
			return nil
		}
		if err := o.beheerderBlijft(); err != nil {
			return err
		}
		err := b.put(ctx, o)
		if err == nil || !errors.Is(err, fout.Gelijktijdig) {
			return err
		}
		if n == pogingen {
			return intussenGewijzigd
		}
		if err := b.load(ctx, d.oin); err != nil {
			return err
		}
	}
}

// eeuwig is a moment at which only what has no end still holds.
var eeuwig = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// beheerderBlijft refuses a change after which nobody can give rights any more, now or in the long run.
func (o *ontwerp) beheerderBlijft() error {
	for _, t := range []time.Time{o.nu, eeuwig} {
		if o.heeftIemand(magRechtenGeven, t, nil) && !o.na.heeftIemand(magRechtenGeven, t, nil) {
			return laatsteBeheerder
		}
	}
	return nil
}

// put stores a change and puts it in force; the mutex is held.
func (b *Beheer) put(ctx context.Context, o *ontwerp) error {
	oin := o.dader.oin
	s, ok := b.sleutels(oin)
	if !ok {
		return errors.New("no keys of this organisation")
	}
	w := Wijziging{OIN: oin, Generatie: o.generatie, Post: o.post}
	for _, d := range o.weg {
		p := d.plaats()
		w.Rijen = append(w.Rijen, Rij{OIN: oin, Soort: p.soort, ID: p.id, Versie: p.versie, Weg: true})
	}
	for _, d := range o.docs {
		rij, err := verzegel(s, oin, d)
		if err != nil {
			return err
		}
		w.Rijen = append(w.Rijen, rij)
	}
	for _, r := range o.regels {
		rij, err := beheerlog.New(s, oin, o.nu, r)
		if err != nil {
			return err
		}
		w.Gebeurtenissen = append(w.Gebeurtenissen, &rij)
	}
	if err := b.opslag.Put(ctx, w); err != nil {
		if errors.Is(err, ErrInGebruik) { // by a document that can't be opened here
			return fout.New(fout.CodeOngeldig, "Deze naam of dit e-mailadres is al in gebruik; kies iets anders.")
		}
		return fmt.Errorf("store people and groups: %w", err)
	}
	o.na.generatie = o.generatie + 1
	b.register.standen[oin].Store(o.na)
	return nil
}

// read gives what holds now, to who may see it.
func (b *Beheer) read(d Dader, c cel) (*stand, error) {
	if _, ok := b.wijzigend[d.oin]; !ok {
		return nil, fout.GeenToestemming
	}
	t := b.register.stand(d.oin)
	if !t.kan(d, c, b.nu()) {
		return nil, geenRecht(c)
	}
	return t, nil
}
