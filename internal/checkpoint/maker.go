package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	// Tempo is how often is looked whether a tree grew; so long a receipt waits at most.
	Tempo = 2 * time.Second
	// Overlap is how long the key before the newest signs along, for who knows only that one yet.
	Overlap = 30 * 24 * time.Hour
	// ouderdom is how far what is remembered outside the store may be behind: each time costs a sync of a disk.
	ouderdom = time.Minute
)

// ErrOnverenigbaar says that a tree is not a continuation of what was signed of it.
var ErrOnverenigbaar = errors.New("the tree is no continuation of a signed checkpoint")

// Pacht is the lease by which one node at a time signs. It saves double work and no more: what must not happen twice
// is guarded by Opslag.Voeg.
type Pacht interface {
	Acquire(ctx context.Context) (bool, error)
	Release(ctx context.Context) error
}

// ErrTeruggezet is the case of ErrOnverenigbaar in which the store is not what was remembered outside it.
var ErrTeruggezet = errors.New("the store was put back to an older copy, or is of another log")

// Geheugen keeps the last checkpoint of each epoch of a tree outside the store.
type Geheugen interface {
	// Lees gives the signed notes, in any order.
	Lees(oin string, b bewijs.Boom) ([][]byte, error)
	// Schrijf replaces that of the epoch that the note is of.
	Schrijf(oin string, b bewijs.Boom, tekst []byte) error
}

// Meting takes figures; telemetry implements it.
type Meting interface {
	// Checkpoint is told of every checkpoint that is the newest, and whether signing the tree was stopped.
	Checkpoint(oin string, b bewijs.Boom, grootte uint64, moment time.Time, gestopt bool)
}

// Maker signs.
type Maker struct {
	b        *Bewaarder
	pacht    Pacht    // nil: no other node can sign
	geheugen Geheugen // nil: nothing is remembered outside the store
	meting   Meting
	meld     func(error)

	bomen    map[plek]*gezien
	gekeken  time.Time       // at what other nodes signed
	stil     map[string]bool // what was told already
	openbaar time.Duration   // between public ones
}

// gezien is what a Maker knows of a tree.
type gezien struct {
	laatste    bewijs.Checkpoint // newest that it verified; Origin "": none
	openbaar   time.Time         // of the newest public one of this epoch; zero: there is none
	geschreven time.Time         // when it was last remembered outside the store
	vuil       bool              // laatste is newer than what is remembered outside
	gestopt    error
}

// NewMaker makes a Maker; meld takes what goes wrong in the background.
func NewMaker(b *Bewaarder, p Pacht, g Geheugen, m Meting, meld func(error)) *Maker {
	return &Maker{b: b, pacht: p, geheugen: g, meting: m, meld: meld, bomen: map[plek]*gezien{}, stil: map[string]bool{}, openbaar: time.Hour}
}

// Run signs until ctx ends.
func (m *Maker) Run(ctx context.Context) {
	klok := time.NewTicker(Tempo)
	defer klok.Stop()
	for {
		m.Teken(ctx)
		select {
		case <-ctx.Done():
			m.end()
			return
		case <-klok.C:
		}
	}
}

// end remembers what was signed since the last time, and gives the lease back. A slow disk takes nothing of the time for that: a
// lease that is kept stops who opens an epoch.
func (m *Maker) end() {
	for p, z := range m.bomen {
		m.onthoud(p, z, true)
	}
	ctx, cancel := context.WithTimeout(context.Background(), Tempo)
	defer cancel()
	if m.pacht != nil {
		m.tell("lease", m.pacht.Release(ctx))
	}
}

// Teken looks at every tree once, and signs when this node has the lease; a node without it looks once a minute at what
// the other signed, and remembers that. It must not be called by two at once.
func (m *Maker) Teken(ctx context.Context) {
	doe := m.teken
	if m.pacht != nil {
		held, err := m.pacht.Acquire(ctx)
		if m.tell("lease", ignore(ctx, err)); err != nil {
			return
		}
		if !held {
			if m.b.Nu().Sub(m.gekeken) < ouderdom {
				return
			}
			m.gekeken, doe = m.b.Nu(), m.volg
		}
	}
	for _, oin := range m.b.OINs {
		for _, boom := range bewijs.Bomen {
			p := plek{oin, boom}
			z := m.bomen[p]
			if z == nil {
				z = &gezien{}
				m.bomen[p] = z
			}
			if z.gestopt != nil {
				continue
			}
			err := doe(ctx, p, z)
			switch {
			case errors.Is(err, ErrOnverenigbaar):
				z.gestopt = err
				m.meld(fmt.Errorf("sign tree %s of organisation %s: STOPPED, intake goes on: %w", boom, oin, err))
				m.measure(p, z)
			case errors.Is(err, fout.Gelijktijdig): // another node signed meanwhile
			default:
				m.tell(oin+string(boom), ignore(ctx, err))
				m.onthoud(p, z, false)
			}
		}
	}
}

// teken signs a tree when it grew, or when a public checkpoint is due.
func (m *Maker) teken(ctx context.Context, p plek, z *gezien) error {
	nu := m.b.Nu().UTC().Truncate(time.Second)
	due := z.openbaar.Before(nu.Truncate(m.openbaar))
	n, err := m.b.Bomen.Grootte(ctx, p.oin, p.boom)
	if err != nil || z.laatste.Origin != "" && n == z.laatste.Grootte && !due {
		return err
	}
	// First what is remembered, then what was signed, then the size: another node may sign in between.
	l, err := m.known(p, z)
	if err != nil {
		return err // it may say that the store was put back
	}
	w, err := m.b.Opslag.Laatste(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	o, err := m.b.Opslag.Openbaar(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	tijdvakken, err := m.b.Tijdvakken(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	if n, err = m.b.Bomen.Grootte(ctx, p.oin, p.boom); err != nil {
		return err
	}
	k := m.b.knopen(ctx, p.oin, p.boom)
	wortel, err := bewijs.Wortel(n, k)
	if err != nil {
		return onleesbaar(n, err)
	}
	if err := m.continues(p, l, &w, tijdvakken, n, wortel, k); err != nil {
		return err
	}
	// The first one of an epoch is public too: from then on everybody sees that it began.
	if z.openbaar = o.Moment; o.Nr == 0 || tijdvakVan(&o) < tijdvakken.Nu() {
		z.openbaar = time.Time{}
	}
	due = z.openbaar.Before(nu.Truncate(m.openbaar))
	if w.Nr > 0 && w.Grootte == n && !due {
		z.see(bewijs.Checkpoint{Origin: bewijs.OriginVan(w.Tekst), Grootte: w.Grootte, Wortel: w.Wortel, Moment: w.Moment})
		m.measure(p, z)
		return nil
	}
	var achter error
	if nu.Before(w.Moment.Add(-ouderdom)) {
		achter = fmt.Errorf("the clock says %s, and a checkpoint of tree %s of organisation %s was signed at %s: until then none is public",
			nu.Format(time.RFC3339), p.boom, p.oin, w.Moment.Format(time.RFC3339))
	}
	m.tell("clock"+p.oin+string(p.boom), achter)
	if nu.Before(w.Moment) {
		nu = w.Moment // the clock was put back; what was said later is not made older
	}
	c := bewijs.Checkpoint{Origin: bewijs.MetTijdvak(m.b.Origin(p.oin, p.boom), tijdvakken.Nu()), Grootte: n, Wortel: wortel, Moment: nu}
	keys, err := m.keys(ctx, p, nu)
	if err != nil {
		return err
	}
	tekst, err := c.Sign(keys...)
	if err != nil {
		return err
	}
	// The end of the process waits for it: what others may see must be remembered.
	voeg, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*Tempo)
	defer cancel()
	err = m.b.Opslag.Voeg(voeg, p.oin, p.boom, &Bewaard{Nr: w.Nr + 1, Grootte: n, Wortel: wortel, Moment: nu, Openbaar: due, Tekst: tekst}, keys[0].Publiek())
	if err != nil {
		return err
	}
	z.see(c)
	if due {
		z.openbaar = nu
	}
	m.measure(p, z)
	return nil
}

// see keeps what was verified.
func (z *gezien) see(c bewijs.Checkpoint) {
	if c.Grootte > z.laatste.Grootte || z.laatste.Origin == "" {
		z.vuil = true
	}
	z.laatste = c
}

// keys are those to sign with: the newest, and for a while the one before it, when that has signed.
func (m *Maker) keys(ctx context.Context, p plek, nu time.Time) ([]*bewijs.Tekenaar, error) {
	all, err := m.b.tekenaars(p.oin, p.boom, m.b.Ondertekenen(p.oin))
	if err != nil || len(all) == 1 {
		return all, err
	}
	used, err := m.b.Opslag.Sleutels(ctx, p.oin, p.boom)
	if err != nil {
		return nil, err
	}
	sinds := map[string]time.Time{}
	for _, s := range used {
		sinds[s.Publiek] = s.Sinds
	}
	if len(used) == 0 {
		return all[:1], nil // nobody knows an older one
	}
	if begin, ok := sinds[all[0].Publiek()]; ok && !nu.Before(begin.Add(Overlap)) {
		return all[:1], nil
	}
	if _, ok := sinds[all[1].Publiek()]; !ok {
		return all[:1], nil
	}
	return all[:2], nil
}

// onthoud writes down outside the store what was signed last.
func (m *Maker) onthoud(p plek, z *gezien, nu bool) {
	if m.geheugen == nil || !z.vuil || z.gestopt != nil || !nu && m.b.Nu().Sub(z.geschreven) < ouderdom {
		return
	}
	c := z.laatste
	_, tijdvak := bewijs.Basis(c.Origin)
	c.Origin = bewijs.MetTijdvak(m.b.Origin(p.oin, p.boom), tijdvak)
	var tekst []byte
	keys, err := m.b.tekenaars(p.oin, p.boom, m.b.Ondertekenen(p.oin))
	if err == nil {
		tekst, err = c.Sign(keys[0])
	}
	if err == nil {
		err = m.geheugen.Schrijf(p.oin, p.boom, tekst)
	}
	z.geschreven = m.b.Nu()
	if m.tell("remember", err); err == nil {
		z.vuil = false
	}
}

func (m *Maker) measure(p plek, z *gezien) {
	if m.meting != nil {
		m.meting.Checkpoint(p.oin, p.boom, z.laatste.Grootte, z.laatste.Moment, z.gestopt != nil)
	}
}

// tell tells of an error once, until it is over.
func (m *Maker) tell(wat string, err error) {
	if err != nil && !m.stil[wat] {
		m.meld(fmt.Errorf("sign checkpoints: %w", err))
	}
	m.stil[wat] = err != nil
}

// ignore drops an error that comes of the end.
func ignore(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
