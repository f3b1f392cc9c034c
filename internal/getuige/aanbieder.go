package getuige

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	// Tempo is how often is looked whether there is a new public checkpoint. These come once an hour.
	Tempo = 15 * time.Second
	// After a failure the next attempt waits, longer each time; never longer than until the next checkpoint.
	eersteWacht  = 30 * time.Second
	langsteWacht = 30 * time.Minute
	// pogingen is how often a witness may tell that it saw something else before it is left for later.
	pogingen = 4
)

// ErrTegenspraak says that a witness saw another log than this one.
var ErrTegenspraak = errors.New("a witness saw another log than this one: the store was put back to an older copy, or the log shows two faces")

// Antwoord is what a witness answered: one of these.
type Antwoord struct {
	Regels    []byte   // cosigned
	Botsing   *Botsing // it saw another size last
	Onbewezen bool     // the proof does not hold for what it saw
}

// Vraag asks the witness at an address to cosign. An error quotes nothing that the witness wrote.
type Vraag interface {
	Vraag(ctx context.Context, url string, verzoek []byte) (Antwoord, error)
}

// Punten reads the checkpoints and proofs of a register: checkpoint.Bewaarder.
type Punten interface {
	Punt(ctx context.Context, oin string, b bewijs.Boom, openbaar bool) (checkpoint.Bewaard, error)
	Consistentie(ctx context.Context, oin string, b bewijs.Boom, van, tot uint64, openbaar bool) ([]byte, error)
}

// Laatste is the newest checkpoint that a witness cosigned; Nr 0: none.
type Laatste struct {
	Nr, Grootte uint64
	Tijdvak     uint32 // epoch in which it was signed; a witness knows each by itself
	Moment      time.Time
}

// Opslag keeps cosignatures beside the checkpoints.
type Opslag interface {
	// Medeondertekeningen are those of a checkpoint, sorted by key.
	Medeondertekeningen(ctx context.Context, oin string, b bewijs.Boom, nr uint64) ([]Medeondertekening, error)
	// LaatsteVan gives the newest of a witness, named by its public key.
	LaatsteVan(ctx context.Context, oin string, b bewijs.Boom, sleutel string) (Laatste, error)
	// VoegMede durably adds one to a public checkpoint; of one witness the first stays.
	VoegMede(ctx context.Context, oin string, b bewijs.Boom, nr uint64, m *Medeondertekening) error
}

// Pacht is the lease by which one node at a time offers. It saves double work and no more.
type Pacht interface {
	Acquire(ctx context.Context) (bool, error)
	Release(ctx context.Context) error
}

// Meting takes figures; telemetry implements it.
type Meting interface {
	// Getuige is told of the witness with that number of an organisation, from 1: when it cosigned last (zero: never), and whether it
	// contradicts the log.
	Getuige(oin string, b bewijs.Boom, nummer int, moment time.Time, tegenspraak bool)
}

// Bestemming is a witness of an organisation.
type Bestemming struct {
	OIN     string
	Nummer  int    // among those of the organisation, from 1
	URL     string // without a slash at the end
	Sleutel *Sleutel
}

// Opties are what an Aanbieder needs.
type Opties struct {
	Punten       Punten
	Opslag       Opslag
	Vraag        Vraag
	Pacht        Pacht // nil: no other node offers
	Bestemmingen []Bestemming
	Meting       Meting
	Nu           func() time.Time
	// Meld takes what goes wrong; ernstig when a witness contradicts the log.
	Meld func(ernstig bool, err error)
}

// Aanbieder offers public checkpoints to witnesses, and only these: what a witness sees betrays no more than the public does.
type Aanbieder struct {
	Opties
	doelen []*doel
	wg     sync.WaitGroup
	pacht  bool // the last attempt to get the lease went wrong, and that was told
}

// doel is one tree of an organisation at one witness.
type doel struct {
	Bestemming
	boom bewijs.Boom

	mu          sync.Mutex // held while it is asked
	gelezen     bool       // what the store has of it
	laatste     Laatste
	klaar       uint64 // number of the checkpoint that needs no attempt any more
	tegenspraak bool
	volgende    time.Time
	wacht       time.Duration // 0: the last attempt went well
}

// NewAanbieder makes one; Run begins.
func NewAanbieder(o Opties) *Aanbieder {
	a := &Aanbieder{Opties: o}
	for _, b := range o.Bestemmingen {
		for _, boom := range bewijs.Bomen {
			a.doelen = append(a.doelen, &doel{Bestemming: b, boom: boom})
		}
	}
	return a
}

// Run offers until ctx ends.
func (a *Aanbieder) Run(ctx context.Context) {
	if len(a.doelen) == 0 {
		return
	}
	klok := time.NewTicker(Tempo)
	defer klok.Stop()
	for {
		a.Bied(ctx)
		select {
		case <-ctx.Done():
			a.Wacht()
			if a.Pacht != nil {
				einde, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
				_ = a.Pacht.Release(einde) // it ends by itself
				cancel()
			}
			return
		case <-klok.C:
		}
	}
}

// Wacht waits until nothing is under way.
func (a *Aanbieder) Wacht() { a.wg.Wait() }

// Bied begins to offer what is new to every witness, each beside the others, so that a slow one delays none.
func (a *Aanbieder) Bied(ctx context.Context) {
	mag := true
	if a.Pacht != nil {
		var err error
		mag, err = a.Pacht.Acquire(ctx)
		if err != nil {
			if !a.pacht && ctx.Err() == nil {
				a.Meld(false, fmt.Errorf("lease: %w", err))
			}
			a.pacht = true
			return
		}
		a.pacht = false
	}
	for _, d := range a.doelen {
		if !d.mu.TryLock() {
			continue // the last attempt is still under way
		}
		a.wg.Go(func() {
			defer d.mu.Unlock()
			a.bied(ctx, d, mag)
		})
	}
}

// bied offers one tree to one witness; without mag it only looks at what another node did.
func (a *Aanbieder) bied(ctx context.Context, d *doel, mag bool) {
	var err error
	if !d.gelezen || !mag {
		if d.laatste, err = a.Opslag.LaatsteVan(ctx, d.OIN, d.boom, d.Sleutel.Publiek()); err == nil {
			d.gelezen = mag // another node may go on
			a.Meting.Getuige(d.OIN, d.boom, d.Nummer, d.laatste.Moment, d.tegenspraak && mag)
		}
	}
	if err == nil && mag && !a.Nu().Before(d.volgende) {
		err = a.vraag(ctx, d)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	d.wacht = min(max(2*d.wacht, eersteWacht), langsteWacht)
	d.volgende = a.Nu().Add(d.wacht)
	if errors.Is(err, ErrTegenspraak) {
		d.tegenspraak = true
		a.Meting.Getuige(d.OIN, d.boom, d.Nummer, d.laatste.Moment, true)
		a.Meld(true, fmt.Errorf("tree %s of organisation %s, witness %s: %w", d.boom, d.OIN, d.Sleutel.Name(), err))
	} else if d.wacht == eersteWacht || d.wacht == langsteWacht {
		a.Meld(false, fmt.Errorf("tree %s of organisation %s, witness %s: %w", d.boom, d.OIN, d.Sleutel.Name(), err))
	}
}

// vraag offers the newest public checkpoint, unless that was done.
func (a *Aanbieder) vraag(ctx context.Context, d *doel) error {
	w, err := a.Punten.Punt(ctx, d.OIN, d.boom, true)
	if errors.Is(err, fout.New(fout.CodeBewijsNogNiet, "")) {
		return nil
	}
	if err != nil || w.Nr == d.laatste.Nr || w.Nr == d.klaar {
		return err
	}
	origin := bewijs.OriginVan(w.Tekst)
	_, tijdvak := bewijs.Basis(origin)
	oud := d.laatste.Grootte
	if d.laatste.Tijdvak < tijdvak {
		oud = 0 // of this epoch it saw nothing from here
	}
	eerder := oud
	for range pogingen {
		pad, err := a.pad(ctx, d, oud, w.Grootte)
		if err != nil {
			return err
		}
		v := &Verzoek{oud, pad, w.Tekst}
		antwoord, err := a.Vraag.Vraag(ctx, d.URL, v.Tekst())
		switch {
		case errors.Is(err, ErrOnbekend) && tijdvak > 1:
			return fmt.Errorf("%w; the log goes on in epoch %d since its store was put back: have %s added there, with the same keys", err, tijdvak, origin)
		case err != nil:
			return err
		case antwoord.Regels != nil:
			return a.neem(ctx, d, &w, antwoord.Regels)
		case antwoord.Onbewezen:
			d.klaar = w.Nr
			return fmt.Errorf("%w (it saw another root of %d leaves)", ErrTegenspraak, oud)
		}
		n := antwoord.Botsing.Grootte
		if n > w.Grootte {
			// Another node may have offered a newer one meanwhile.
			nu, err := a.Punten.Punt(ctx, d.OIN, d.boom, true)
			if err != nil {
				return err
			}
			if nu.Nr == w.Nr {
				d.klaar = w.Nr
				return fmt.Errorf("%w (it saw %d leaves, and there are %d)", ErrTegenspraak, n, w.Grootte)
			}
			w = nu
			continue
		}
		if n == oud {
			d.klaar = w.Nr
			return fmt.Errorf("%w (it saw another root of %d leaves)", ErrTegenspraak, n)
		}
		if n < eerder {
			a.Meld(false, fmt.Errorf("tree %s of organisation %s: witness %s forgot what it saw: it says %d leaves, and cosigned %d", d.boom, d.OIN, d.Sleutel.Name(), n, d.laatste.Grootte))
		}
		oud = n
	}
	return errors.New("it tells something else each time")
}

// pad is the proof of growth from what a witness saw.
func (a *Aanbieder) pad(ctx context.Context, d *doel, oud, tot uint64) ([]bewijs.Hash, error) {
	if oud == 0 || oud >= tot {
		return nil, nil
	}
	b, err := a.Punten.Consistentie(ctx, d.OIN, d.boom, oud, tot, true)
	if err != nil {
		return nil, err
	}
	return bewijs.ParsePad(b)
}

// neem keeps the cosignature, when it holds.
func (a *Aanbieder) neem(ctx context.Context, d *doel, w *checkpoint.Bewaard, regels []byte) error {
	l, err := Lees(w.Tekst, regels, d.Sleutel)
	if err != nil {
		return fmt.Errorf("what it signed does not hold, or is not of its key: %w", err)
	}
	if err := a.Opslag.VoegMede(ctx, d.OIN, d.boom, w.Nr, &l[0]); err != nil {
		return err
	}
	_, tijdvak := bewijs.Basis(bewijs.OriginVan(w.Tekst))
	d.laatste, d.tegenspraak, d.wacht, d.volgende = Laatste{w.Nr, w.Grootte, tijdvak, l[0].Moment}, false, 0, time.Time{}
	a.Meting.Getuige(d.OIN, d.boom, d.Nummer, l[0].Moment, false)
	return nil
}
