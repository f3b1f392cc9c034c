package gebruiker

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Kastnaam is the name of the kast of people and groups, which is part of what is sealed; it never changes.
const Kastnaam = "verantwoord/gebruiker/v1"

// Beheer holds the use cases of this room. It may be used by many goroutines.
type Beheer struct {
	kast     *kast.Kast[*stand]
	nu       func() time.Time
	meld     func(error)
	fg       func(oin string) string
	register *Register
}

// BeheerOpties are what a Beheer needs.
type BeheerOpties struct {
	Opslag       kast.Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Nu           func() time.Time
	Meld         func(error)             // takes what is wrong in the background, for an operator
	FG           func(oin string) string // address of the functionaris gegevensbescherming; empty: not known
}

// NewBeheer reads the store and puts everything in force. A document that can't be opened is left out and told: whoever is in
// such a group may do nothing.
func NewBeheer(ctx context.Context, o BeheerOpties) (*Beheer, error) {
	b := &Beheer{nu: o.Nu, meld: o.Meld, fg: o.FG}
	if b.nu == nil {
		b.nu = time.Now
	}
	if b.meld == nil {
		b.meld = func(error) {}
	}
	if b.fg == nil {
		b.fg = func(string) string { return "" }
	}
	var err error
	b.kast, err = kast.New(ctx, kast.Opties[*stand]{
		Naam: Kastnaam, Wat: "people and groups", Vorm: vorm, Opslag: o.Opslag, Sleutels: o.Sleutels,
		Organisaties: o.Organisaties, Nu: b.nu, Meld: b.meld,
	})
	if err != nil {
		return nil, err
	}
	b.register = &Register{b.kast}
	return b, nil
}

// Register answers what people may; it follows every change.
func (b *Beheer) Register() *Register { return b.register }

// Follow looks for changes by other nodes until ctx ends. While the store can't be read what was in force stays so:
// nobody can change anything then.
func (b *Beheer) Follow(ctx context.Context, elke time.Duration) { b.kast.Follow(ctx, elke) }

// Refresh puts in force what other nodes changed, if anything.
func (b *Beheer) Refresh(ctx context.Context) error { return b.kast.Refresh(ctx) }

// ontwerp is a change in the making.
type ontwerp struct {
	*stand // what holds
	na     *stand
	nu     time.Time
	dader  Dader
	door   beheerlog.Wie
	kast   *kast.Ontwerp[*stand]
}

// zet makes a document part of the change.
func (o *ontwerp) zet(d kast.Document) { o.kast.Zet(d) }

func (o *ontwerp) haalWeg(d kast.Document) { o.kast.HaalWeg(d) }

// meld adds the event; who did it is the dader unless it says otherwise.
func (o *ontwerp) meld(r beheerlog.Regel) {
	if r.Door == (beheerlog.Wie{}) {
		r.Door = o.door
	}
	o.kast.Meld(r)
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
	kast.Document
}](d D, versie int64) (D, error) {
	var geen D
	if d == geen {
		return geen, onbekend
	}
	if d.Plaats().Versie != versie {
		return geen, intussenGewijzigd
	}
	return d, nil
}

// change lets f decide on what holds now, and makes it hold with its events. f may run again. A change that is none
// is not made.
func (b *Beheer) change(ctx context.Context, d Dader, f func(*ontwerp) error) error {
	err := b.kast.Wijzig(ctx, d.oin, func(k *kast.Ontwerp[*stand]) error {
		o := &ontwerp{stand: k.Voor, na: k.Na, nu: k.Nu, dader: d, door: k.Voor.wie(d), kast: k}
		if err := f(o); err != nil || k.Leeg() {
			return err
		}
		return o.beheerderBlijft()
	})
	if errors.Is(err, kast.ErrInGebruik) { // by a document that can't be opened here
		return fout.New(fout.CodeOngeldig, "Deze naam of dit e-mailadres is al in gebruik; kies iets anders.")
	}
	return err
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

// read gives what holds now, to who may see it.
func (b *Beheer) read(d Dader, c cel) (*stand, error) {
	if !b.kast.Kent(d.oin) {
		return nil, fout.GeenToestemming
	}
	t := b.register.stand(d.oin)
	if !t.kan(d, c, b.nu()) {
		return nil, geenRecht(c)
	}
	return t, nil
}
