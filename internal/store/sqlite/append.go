package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// groep is the work space of one Append, reused.
type groep struct {
	groei   []*organisatie          // those that grow
	laatste map[actieSleutel]uint32 // newest number that this group gives an actie
	eigen   map[uuid.UUID]uint32    // the same of the unit that is being judged, when it has more versions
	idem    map[idemSleutel]*verwerkingenlog.Eenheid
	nieuw   []*verwerkingenlog.Eenheid
	bytes   int
	buf     []byte
}

// groei is what the group adds to one organisation; it is kept for the next group.
type groei struct {
	bezig   bool
	rand    *bewijs.Rand // a copy: it changes places with the organisation's after the commit
	van     uint64       // index of the first of hashes
	hashes  []bewijs.Hash
	laatste int64
}

type actieSleutel struct {
	organisatie int64
	actie       uuid.UUID
}

func (g *groep) reset() {
	if g.laatste == nil {
		g.laatste = map[actieSleutel]uint32{}
		g.eigen = map[uuid.UUID]uint32{}
		g.idem = map[idemSleutel]*verwerkingenlog.Eenheid{}
		g.buf = make([]byte, 0, 4096) // never nil, which would be stored as NULL
	}
	for _, o := range g.groei {
		o.groei.bezig = false
	}
	clear(g.laatste)
	clear(g.idem)
	clear(g.nieuw)
	g.nieuw, g.groei, g.bytes = g.nieuw[:0], g.groei[:0], 0
}

func (g *groep) grow(o *organisatie) *groei {
	w := &o.groei
	if !w.bezig {
		w.bezig = true
		*w.rand = *o.rand
		w.van, w.hashes, w.laatste = bewijs.AantalKnopen(o.rand.Grootte()), w.hashes[:0], o.laatste
		g.groei = append(g.groei, o)
	}
	return w
}

// Append implements verwerkingenlog.Store.
func (s *Store) Append(ctx context.Context, eenheden []*verwerkingenlog.Eenheid) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	rijen := 0
	for _, e := range eenheden {
		e.Err, e.Eerder = nil, nil
		rijen += len(e.Rijen)
	}
	if err := s.makeRoom(ctx, rijen); err != nil {
		return err
	}

	// From here on a cancelled request must not stop halfway what is the work of many.
	ctx = context.WithoutCancel(ctx)
	g := &s.groep
	g.reset()
	nu := s.opt.Nu().UnixMicro()
	for _, e := range eenheden {
		if e.Err = s.accept(ctx, g, e, nu); errors.Is(e.Err, verwerkingenlog.ErrNietDuurzaam) {
			return s.fail(e.Err)
		}
	}
	if len(g.nieuw) == 0 {
		return nil
	}
	if err := s.write(ctx, g); err != nil {
		for _, e := range eenheden {
			e.Err, e.Eerder = nil, nil
		}
		return s.fail(err)
	}
	s.publish(g)
	return nil
}

// accept judges one unit and, when it is right, numbers its leaves. A refused unit leaves no trace
// in g.
func (s *Store) accept(ctx context.Context, g *groep, e *verwerkingenlog.Eenheid, nu int64) error {
	o, err := s.organisatie(e.OIN)
	if err != nil {
		return err
	}
	if len(e.Rijen) == 0 {
		return errors.New("unit without a version")
	}
	w := g.grow(o)
	eerste := max(nu, w.laatste+1)
	if e.Idempotentie != nil {
		if done, err := s.earlier(ctx, g, o, e, eerste); done || err != nil {
			return err
		}
	}
	if len(g.eigen) > 1000 { // emptying a large map costs every later unit
		g.eigen = map[uuid.UUID]uint32{}
	}
	clear(g.eigen)
	for _, r := range e.Rijen {
		if err := checkRij(o.oin, r); err != nil {
			return err
		}
		if err := s.checkNummer(ctx, g, o, e, r); err != nil {
			return err
		}
		if len(e.Rijen) > 1 {
			g.eigen[r.ActieID] = r.Nummer
		}
	}
	if w.rand.Grootte()+uint64(len(e.Rijen)) > maxBlad {
		return errors.New("log of the organisation is full")
	}

	for _, r := range e.Rijen {
		w.laatste = max(nu, w.laatste+1)
		r.Plaats(w.rand.Grootte(), w.laatste)
		w.hashes = w.rand.Append(w.hashes, r.Bewijs.BladHash())
		g.laatste[actieSleutel{o.nr, r.ActieID}] = r.Nummer
	}
	if e.Idempotentie != nil {
		g.idem[idemSleutel{o.nr, e.Idempotentie.Sleutel}] = e
	}
	g.nieuw = append(g.nieuw, e)
	return nil
}

// checkNummer tells whether r is the next version of its actie: after what the unit itself brings,
// what the group brings, and what is stored. A first version isn't looked up: its id is random.
func (s *Store) checkNummer(ctx context.Context, g *groep, o *organisatie, e *verwerkingenlog.Eenheid, r *verwerkingenlog.Rij) error {
	if n, ok := g.eigen[r.ActieID]; ok {
		return follows(n, r)
	}
	if n, ok := g.laatste[actieSleutel{o.nr, r.ActieID}]; ok {
		return follows(n, r)
	}
	if r.Nummer <= 1 {
		return follows(0, r)
	}
	// Whoever waits for the writer waits for this, so the index file is asked only when it must be:
	// what the staart holds is newest, and what it does not hold has not changed since it began.
	if n, vanaf, ok := s.staart.newest(o.nr, r.ActieID); ok {
		return follows(n, r)
	} else if e.Gezien > 0 && vanaf <= e.Gezien {
		return nil
	}
	v, err := s.latest(ctx, o, r.ActieID)
	if errors.Is(err, fout.NietGevonden) {
		return fout.Gelijktijdig
	}
	if err != nil {
		return err
	}
	return follows(v.aantal, r)
}

func follows(laatste uint32, r *verwerkingenlog.Rij) error {
	if r.Nummer != laatste+1 {
		return fout.Gelijktijdig
	}
	return nil
}

// write puts the group into one transaction and commits it.
func (s *Store) write(ctx context.Context, g *groep) error {
	if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
		return judge("begin", err)
	}
	if err := s.insert(ctx, g); err != nil {
		return s.rollback(ctx, judge("insert", err))
	}
	if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
		return s.rollback(ctx, judge("commit", err))
	}
	return nil
}

func (s *Store) insert(ctx context.Context, g *groep) error {
	for _, e := range g.nieuw {
		o := s.organisaties[e.OIN]
		for _, r := range e.Rijen {
			g.buf = appendIngangen(g.buf[:0], r.Ingangen)
			var activiteit, inhoud []byte = nil, r.Inhoud
			if r.Activiteit != uuid.Nil {
				activiteit = r.Activiteit[:]
			}
			if inhoud == nil {
				inhoud = []byte{}
			}
			if _, err := s.schrijf.versie.ExecContext(ctx, versieNr(o.nr, r.Blad), r.ActieID[:], r.Nummer,
				r.Registratie, r.Tijdstip, kenmerk(r.Staat, r.Operatie), activiteit, g.buf, inhoud, r.Merk[:]); err != nil {
				return err
			}
			g.bytes += 76 + len(g.buf) + len(inhoud)
		}
		if e.Idempotentie != nil {
			if err := s.schrijf.keep(ctx, o, e); err != nil {
				return err
			}
		}
	}
	for _, o := range g.groei {
		w := &o.groei
		if len(w.hashes) == 0 {
			continue
		}
		g.buf = appendHashes(g.buf[:0], w.hashes)
		if _, err := s.schrijf.knoop.ExecContext(ctx, knoopNr(o.boom(), w.van), g.buf); err != nil {
			return err
		}
		g.bytes += len(g.buf)
	}
	return nil
}

// rollback undoes the transaction after cause. A store that can't is in an unknown state.
func (s *Store) rollback(ctx context.Context, cause error) error {
	if errors.Is(cause, verwerkingenlog.ErrNietDuurzaam) {
		return cause
	}
	// SQLite has rolled back by itself after some errors. A transaction that may or may not have to
	// be begun first makes ROLLBACK right in both cases.
	_, _ = s.schrijf.begin.ExecContext(ctx)
	if _, err := s.schrijf.rollback.ExecContext(ctx); err != nil {
		return fmt.Errorf("roll back: %w: %w: %w", verwerkingenlog.ErrNietDuurzaam, err, cause)
	}
	return cause
}

// publish shows the group to readers, after the commit and before anybody is told of it.
func (s *Store) publish(g *groep) {
	t := s.staart
	t.mu.Lock()
	for _, e := range g.nieuw {
		o := s.organisaties[e.OIN]
		for _, r := range e.Rijen {
			t.put(o.nr, r)
		}
	}
	for _, o := range g.groei {
		w := &o.groei
		o.rand, w.rand, o.laatste = w.rand, o.rand, w.laatste
		o.grootte.Store(o.rand.Grootte())
	}
	t.mu.Unlock()
	t.wake()
	s.countPages(g)
}

// geduldStaart is how long a group waits for room in the staart. Meanwhile the queue before it fills,
// and whoever finds that full is told to come back: the one place where intake is refused for haste.
const geduldStaart = 10 * time.Second

// makeRoom slows down while the staart is more than half full, so that intake and indexing find
// one pace, and refuses when it stays full.
func (s *Store) makeRoom(ctx context.Context, rijen int) error {
	t := s.staart
	half := t.max / 2
	if over := t.len() + rijen - half; over > 0 {
		pace := time.Duration(rijen) * time.Duration(s.index.perVersie.Load()) * 2
		pause(ctx, min(pace*time.Duration(over)/time.Duration(half), 250*time.Millisecond))
	}
	for end := time.Now().Add(geduldStaart); ; pause(ctx, 5*time.Millisecond) {
		n := t.len()
		if n == 0 || n+rijen <= t.max {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(end) {
			return unavailable("Het register kan het aanbod even niet bijhouden; probeer het straks opnieuw.", "", nil)
		}
	}
}

// pause sleeps for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
