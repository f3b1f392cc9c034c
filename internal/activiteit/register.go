package activiteit

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Kastnaam is the name of the kast of processing activities, which is part of what is sealed; it never changes.
const Kastnaam = "verantwoord/activiteit/v1"

// Register holds the use cases of this room. It may be used by many goroutines.
type Register struct {
	kast         *kast.Kast[*stand]
	organisaties []string
	wetten       Wetten
	nu           func() time.Time
	eigen        func(oin string) []uuid.UUID
	doet         sync.Map // files that this node works on, by id
}

// Opties are what a Register needs.
type Opties struct {
	Opslag       kast.Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Wetten       Wetten   // nil: any code is taken
	Nu           func() time.Time
	Meld         func(error) // takes what is wrong in the background, for an operator
	// Eigen gives the activities under which the register itself logs what it is asked; nil: not known.
	Eigen func(oin string) []uuid.UUID
}

// New reads the store and puts everything in force.
func New(ctx context.Context, o Opties) (*Register, error) {
	r := &Register{organisaties: slices.Clone(o.Organisaties), wetten: o.Wetten, nu: o.Nu, eigen: o.Eigen}
	if r.nu == nil {
		r.nu = time.Now
	}
	if r.eigen == nil {
		r.eigen = func(string) []uuid.UUID { return nil }
	}
	var err error
	r.kast, err = kast.New(ctx, kast.Opties[*stand]{
		Naam: Kastnaam, Wat: "processing activities", Vorm: vorm, Opslag: o.Opslag, Sleutels: o.Sleutels,
		Organisaties: o.Organisaties, Nu: r.nu, Meld: o.Meld, Grens: maxDocument,
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Follow looks for changes by other nodes until ctx ends.
func (r *Register) Follow(ctx context.Context, elke time.Duration) { r.kast.Follow(ctx, elke) }

// Refresh puts in force what other nodes changed, if anything.
func (r *Register) Refresh(ctx context.Context) error { return r.kast.Refresh(ctx) }

// Bounds of an organisation.
const (
	maxActiviteiten = 5000
	maxVersies      = 200
	maxKoppelingen  = 10000
	maxLeveringen   = 10000
	maxDocument     = 256 << 10 // bytes
)

// Handelingen of the module activiteiten.
const (
	Zien       = "zien"
	Wijzigen   = "wijzigen"   // concepts and koppelingen
	Goedkeuren = "goedkeuren" // make definite, end, publish
	Exporteren = "exporteren"
	Beheren    = "beheren" // leveringen, the ground of the log, who is responsible
)

// Dader is who asks. What Mag does not allow is refused; a nil Mag allows nothing.
type Dader struct {
	OIN string
	Wie beheerlog.Wie
	Mag func(handeling string) bool
}

var weigering = map[string]string{
	Zien:       "het register van verwerkingsactiviteiten bekijken",
	Wijzigen:   "verwerkingsactiviteiten en koppelingen voorbereiden",
	Goedkeuren: "verwerkingsactiviteiten vaststellen, beëindigen en openbaar maken",
	Exporteren: "het register van verwerkingsactiviteiten als bestand opslaan",
	Beheren:    "leveringen, de grond van de log en de verantwoordelijke wijzigen",
}

// eis refuses who may none of the handelingen.
func (d Dader) eis(handelingen ...string) error {
	if d.Mag != nil && slices.ContainsFunc(handelingen, d.Mag) {
		return nil
	}
	return fout.New(fout.CodeGeenToestemming,
		"U mag dit niet: "+weigering[handelingen[0]]+". Vraag een beheerder van Verantwoord om dit te doen of om het recht ervoor.")
}

// Sentences for people.
var (
	onbekend  = fout.New(fout.CodeNietGevonden, "Dit is er niet, of niet meer. Ga terug naar het overzicht.")
	tekstLang = fout.New(fout.CodeTeGroot,
		"Dit is met de eerdere versies erbij te veel tekst. Maak de teksten korter, of beëindig de activiteit en begin een nieuwe.")
	teVeelActiviteiten = fout.New(fout.CodeTeGroot, "Er zijn al 5000 verwerkingsactiviteiten. Voeg samen wat bij elkaar hoort.")
	teVeelVersies      = fout.New(fout.CodeTeGroot, "Deze activiteit heeft al 200 versies. Beëindig haar en begin een nieuwe.")
	teVeelKoppelingen  = fout.New(fout.CodeTeGroot, "Er zijn al 10.000 koppelingen. Wis eerst koppelingen die niet meer nodig zijn.")
	teVeelLeveringen   = fout.New(fout.CodeTeGroot, "Er zijn al 10.000 leveringen. Wis eerst leveringen die niet meer nodig zijn.")
)

// ontwerp is a change in the making.
type ontwerp struct {
	*kast.Ontwerp[*stand]
	r *Register
	d Dader
}

// wijzig lets f decide on what holds now, for who may do one of the handelingen.
func (r *Register) wijzig(ctx context.Context, d Dader, f func(*ontwerp) error, handelingen ...string) error {
	err := r.kast.Wijzig(ctx, d.OIN, func(k *kast.Ontwerp[*stand]) error {
		if err := d.eis(handelingen...); err != nil {
			return err
		}
		return f(&ontwerp{k, r, d})
	})
	switch {
	case errors.Is(err, kast.ErrTeGroot):
		return tekstLang
	case errors.Is(err, kast.ErrInGebruik): // by a document that can't be opened here
		return dubbel
	}
	return err
}

// lees gives what holds now, to who may do one of the handelingen.
func (r *Register) lees(d Dader, handelingen ...string) (*stand, error) {
	if err := d.eis(handelingen...); err != nil {
		return nil, err
	}
	if !r.kast.Kent(d.OIN) {
		return nil, fout.GeenToestemming
	}
	return r.kast.Stand(d.OIN), nil
}

// vandaag is the day of the change.
func (o *ontwerp) vandaag() Datum { return DatumVan(o.Nu) }

// wetboek gives the legal data for a day.
func (o *ontwerp) wetboek(op Datum) wetboek { return wetboek{o.r.wetten, op, o.vandaag()} }

// activiteit gives one of the stand that the caller saw.
func (o *ontwerp) activiteit(id uuid.UUID, stand int64) (*Activiteit, error) {
	return gezien(o.Voor.activiteiten[id], stand)
}

// gezien gives a document if it is as the caller saw it.
func gezien[D interface {
	comparable
	kast.Document
}](d D, stand int64) (D, error) {
	var geen D
	if d == geen {
		return geen, onbekend
	}
	if d.Plaats().Versie != stand {
		return geen, kast.Gewijzigd
	}
	return d, nil
}
