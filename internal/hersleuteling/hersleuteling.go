// Package hersleuteling has the log and the rooms rewritten with the newest keys of an organisation, in the background.
//
// A new key is used for what is written from then on; what was written before stays as it is and is found with the keys of
// before. A Werk goes through it once, from the first version to the last: what is sealed is sealed anew, and what is
// searched gets the new handle. Then it seals the documents of the rooms anew: people, applications, activities, sign-ins, mail,
// events. Leaves, and so all that was proved, stay as they are. It does so on one node at a time, piece by piece, and waits
// while the log has other work. Where it is, stands in the store: another node goes on from there.
package hersleuteling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	// Rust is how long new keys are in use before rewriting begins: as long as a page of a list can be asked for that was begun
	// with the keys of before (contracts: "Cursor").
	Rust = time.Hour
	// Tempo is how often is looked whether there is work.
	Tempo = 10 * time.Second

	stuk    = 64 // versions at a time, in one transaction
	adem    = 5 * time.Millisecond
	wijken  = 100 * time.Millisecond // while the log has other work
	drukte  = 32                     // records that wait, from which that is so
	bewaren = 2 * time.Second        // between saving how far it is: a crash repeats no more than that
	beurt   = 30 * time.Second       // of one organisation, before the next one
	langer  = 3                      // times that it goes on with what was logged meanwhile
)

// Voortgang is how far rewriting is.
type Voortgang struct {
	Doel      string // the keys that are written with, as betrokkene.Sleutels.Doel names them; empty: it was never needed
	Volgende  uint64 // the first leaf that was not looked at
	Totaal    uint64 // leaves to look at: what came later has the new keys
	Gewijzigd uint64 // versions that were rewritten
	Gelaten   uint64 // versions that can't be: they are not what was logged
	Begonnen  time.Time
	Klaar     time.Time // of the log; zero: it is under way
	Kamers    Kamers    // what comes after the log
}

// Kamers is how far the rooms beside the log are: what is sealed of people, applications, activities, sign-ins, mail and
// events.
type Kamers struct {
	Plek      string    // where to go on; the store knows what it means. Empty: at the begin
	Bekeken   uint64    // documents
	Gewijzigd uint64    // that were sealed anew
	Gelaten   uint64    // that can't be: they don't open
	Klaar     time.Time // zero: not yet
}

// AllesKlaar tells whether the log and the rooms are through.
func (v *Voortgang) AllesKlaar() bool { return !v.Klaar.IsZero() && !v.Kamers.Klaar.IsZero() }

// Stap is what was done of the rooms at once.
type Stap struct {
	Plek                        string // where to go on
	Klaar                       bool   // there is no more
	Bekeken, Gewijzigd, Gelaten int
	Waarom                      error // of those that were left, for an operator
}

// Opslag keeps how far it is.
type Opslag interface {
	// Voortgang gives the last one that was saved; Doel is empty when there is none.
	Voortgang(ctx context.Context, oin string) (Voortgang, error)
	BewaarVoortgang(ctx context.Context, oin string, v Voortgang) error
}

// Pacht is the lease by which one node at a time works. It saves double work and no more: to rewrite twice does no harm.
type Pacht interface {
	Acquire(ctx context.Context) (bool, error)
	Release(ctx context.Context) error
}

// Opties are what a Werk needs.
type Opties struct {
	Opslag   Opslag
	Momenten betrokkene.Momenten
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	OINs     []string
	Pacht    Pacht // nil: no other node can work
	Nu       func() time.Time
	// Grootte is the number of leaves of the log of an organisation.
	Grootte func(ctx context.Context, oin string) (uint64, error)
	// Hersleutel rewrites what needs it of at most max versions from leaf van on, durably, and tells where to go on and how
	// many it rewrote, and how many it had to leave.
	Hersleutel func(ctx context.Context, s *betrokkene.Sleutels, oin string, van uint64, max int) (volgende uint64, gewijzigd, gelaten int, err error)
	// Kamers seals anew what needs it of at most max documents of the rooms from plek on, durably.
	Kamers func(ctx context.Context, s *betrokkene.Sleutels, oin, plek string, max int) (Stap, error)
	// Index takes out of the index what is there of versions from before they were rewritten; nil: that is done with them.
	Index    func(ctx context.Context, oin string) error
	Wachtrij func() int // records that wait to be written
	Meld     func(error)
	// Gedaan is told, under the lease, of each organisation that was looked at, so that what happened can be noted.
	Gedaan func(ctx context.Context, oin string) error
}

// Werk is the background work.
type Werk struct {
	o      Opties
	stil   map[string]string // errors that were told already, by organisation
	langer map[string]int    // how often it went on, by organisation
}

// New makes a Werk.
func New(o Opties) *Werk { return &Werk{o, map[string]string{}, map[string]int{}} }

// Run works until ctx ends.
func (w *Werk) Run(ctx context.Context) {
	t := time.NewTicker(Tempo)
	defer t.Stop()
	for {
		if w.Doe(ctx) && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			w.release()
			return
		case <-t.C:
		}
	}
}

func (w *Werk) release() {
	if w.o.Pacht == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	w.tell(ctx, "", w.o.Pacht.Release(ctx))
}

// Doe does what is to be done now, if this node has the lease, and tells whether there is more of it. It must not be called by
// two at once.
func (w *Werk) Doe(ctx context.Context) (meer bool) {
	for _, oin := range w.o.OINs {
		held, err := w.pacht(ctx)
		if w.tell(ctx, "", err); !held {
			return false
		}
		err = w.herschrijf(ctx, oin)
		if errors.Is(err, errMeer) {
			meer, err = true, nil
		}
		if err == nil && w.o.Gedaan != nil {
			err = w.o.Gedaan(ctx, oin)
		}
		w.tell(ctx, oin, err)
	}
	return meer
}

func (w *Werk) pacht(ctx context.Context) (bool, error) {
	if w.o.Pacht == nil {
		return true, nil
	}
	return w.o.Pacht.Acquire(ctx)
}

// errMeer says that the turn of an organisation is over before its work is.
var errMeer = errors.New("there is more to rewrite")

// errPacht says that another node took the work over.
var errPacht = errors.New("another node has the lease")

// herschrijf rewrites the log of an organisation and then its rooms, from where it was.
func (w *Werk) herschrijf(ctx context.Context, oin string) error {
	s, ok := w.o.Sleutels(oin)
	if !ok {
		return fmt.Errorf("no keys of organisation %s", oin)
	}
	doel := s.Doel()
	if doel == "" || s.Schrijfbaar() != nil {
		return nil
	}
	v, err := w.o.Opslag.Voortgang(ctx, oin)
	if err != nil || v.Doel == doel && v.AllesKlaar() {
		return err
	}
	if v.Doel != doel {
		if rijp, err := w.rijp(ctx, s, oin); err != nil || !rijp {
			return err
		}
		n, err := w.o.Grootte(ctx, oin)
		if err != nil {
			return err
		}
		v = Voortgang{Doel: doel, Totaal: n, Begonnen: w.o.Nu()}
		w.langer[oin] = 0
		if err := w.o.Opslag.BewaarVoortgang(ctx, oin, v); err != nil {
			return err
		}
	}
	return w.verder(ctx, s, oin, v)
}

// rijp tells whether all keys that are written with are in use long enough.
func (w *Werk) rijp(ctx context.Context, s *betrokkene.Sleutels, oin string) (bool, error) {
	momenten, err := w.o.Momenten.Momenten(ctx, oin)
	if err != nil {
		return false, err
	}
	for soort, n := range s.Gebruik() {
		sinds, ok := momenten[fmt.Sprintf("%s-%d", soort, n)]
		if ok && soort != betrokkene.SoortTeken && w.o.Nu().Before(sinds.Add(betrokkene.Wachttijd+Rust)) {
			return false, nil
		}
	}
	return true, nil
}

func (w *Werk) verder(ctx context.Context, s *betrokkene.Sleutels, oin string, v Voortgang) error {
	begin := time.Now()
	bewaard := begin
	for !v.AllesKlaar() {
		if s.Doel() != v.Doel || s.Schrijfbaar() != nil {
			return nil // there are newer keys already: it begins anew with those
		}
		stap := w.log
		if !v.Klaar.IsZero() {
			stap = w.kamers
		}
		if err := stap(ctx, s, oin, &v); err != nil {
			return err
		}
		if time.Since(bewaard) >= bewaren {
			if err := w.o.Opslag.BewaarVoortgang(ctx, oin, v); err != nil {
				return err
			}
			if held, err := w.pacht(ctx); err != nil || !held {
				return errors.Join(err, errPacht)
			}
			if bewaard = time.Now(); bewaard.Sub(begin) >= beurt {
				return errMeer
			}
		}
		if err := w.pauze(ctx); err != nil {
			return err
		}
	}
	return w.o.Opslag.BewaarVoortgang(ctx, oin, v)
}

// log rewrites some versions.
func (w *Werk) log(ctx context.Context, s *betrokkene.Sleutels, oin string, v *Voortgang) error {
	if v.Volgende < v.Totaal {
		volgende, gewijzigd, gelaten, err := w.o.Hersleutel(ctx, s, oin, v.Volgende, stuk)
		if err != nil {
			return err
		}
		if volgende <= v.Volgende { // there is no more
			volgende = v.Totaal
		}
		v.Volgende, v.Gewijzigd = min(volgende, v.Totaal), v.Gewijzigd+uint64(gewijzigd)
		v.Gelaten += uint64(gelaten)
	}
	if v.Volgende < v.Totaal {
		return nil
	}
	// A version that was logged meanwhile has the new keys, and the old handle of who only earlier versions name, when those had
	// it still. Each time fewer can.
	n, err := w.o.Grootte(ctx, oin)
	if err != nil {
		return err
	}
	if n > v.Totaal && w.langer[oin] < langer {
		w.langer[oin]++
		v.Totaal = n
		return nil
	}
	v.Klaar = w.o.Nu()
	return w.o.Opslag.BewaarVoortgang(ctx, oin, *v)
}

// kamers seals some documents of the rooms anew. What is sealed while it goes on gets the new key anyhow.
func (w *Werk) kamers(ctx context.Context, s *betrokkene.Sleutels, oin string, v *Voortgang) error {
	n, err := w.o.Kamers(ctx, s, oin, v.Kamers.Plek, stuk)
	if err != nil {
		return err
	}
	if n.Waarom != nil {
		w.o.Meld(fmt.Errorf("seal with new keys: %w", n.Waarom))
	}
	k := &v.Kamers
	k.Plek, k.Bekeken, k.Gewijzigd, k.Gelaten = n.Plek, k.Bekeken+uint64(n.Bekeken), k.Gewijzigd+uint64(n.Gewijzigd), k.Gelaten+uint64(n.Gelaten)
	if !n.Klaar {
		return nil
	}
	if w.o.Index != nil {
		if err := w.o.Index(ctx, oin); err != nil {
			return err
		}
	}
	k.Klaar = w.o.Nu()
	return nil
}

// pauze lets the log go first.
func (w *Werk) pauze(ctx context.Context) error {
	for d := adem; ; d = wijken {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
		}
		if w.o.Wachtrij == nil || w.o.Wachtrij() < drukte {
			return nil
		}
	}
}

// tell tells of an error once, until it is another or over.
func (w *Werk) tell(ctx context.Context, oin string, err error) {
	tekst := ""
	if err != nil && ctx.Err() == nil && !errors.Is(err, errPacht) && !errors.Is(err, fout.Gelijktijdig) {
		if tekst = err.Error(); tekst != w.stil[oin] {
			w.o.Meld(fmt.Errorf("rewrite with new keys: %w", err))
		}
	}
	w.stil[oin] = tekst
}
