package sqlite

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// veelRuns is the number of runs from which merging them is as urgent as adding to them. As long as
// the indexer keeps up there are fewer: three of each size.
const veelRuns = 32

// runIndexer moves the staart into the index file, full segments as they come, so that runs grow
// with the backlog, and the rest once nothing was added for a while. In between it merges runs.
func (s *Store) runIndexer(ctx context.Context) {
	t := s.staart
	for {
		for beurt := true; ctx.Err() == nil && !s.index.stuk.Load(); {
			quiet := s.opt.stil - time.Duration(time.Now().UnixNano()-t.laatst.Load())
			var segs []*segment
			if t.len() > 0 && (beurt || len(s.index.runs) < veelRuns) {
				segs = t.take(s.opt.maxRun, quiet <= 0)
			}
			beurt = len(segs) == 0
			more, err := true, error(nil)
			if len(segs) > 0 {
				err = s.indexRun(ctx, segs)
			} else if more, err = s.stapVernieuwing(ctx); err != nil {
				err = s.indexError(err)
			} else if more {
			} else if more, err = s.index.merge(ctx); err != nil {
				err = s.indexError(fmt.Errorf("merge runs: %w", err))
			}
			if err != nil && ctx.Err() == nil {
				s.opt.Fout(err)
				pause(ctx, time.Second)
			}
			if more {
				continue
			}
			if t.len() == 0 {
				break
			}
			pause(ctx, max(quiet, time.Millisecond))
		}
		select {
		case <-ctx.Done():
			return
		case <-t.gewekt:
		}
	}
}

// indexAll indexes the whole staart; nobody appends.
func (s *Store) indexAll(ctx context.Context) error {
	for s.staart.len() > 0 {
		if err := s.indexRun(ctx, s.staart.take(s.opt.maxRun, true)); err != nil {
			return err
		}
	}
	return nil
}

// indexRun writes segments into the index file, in one transaction with the new standen, and only
// then forgets them: a reader that missed them in the staart finds them in the file.
func (s *Store) indexRun(ctx context.Context, segs []*segment) error {
	start := time.Now()
	if !s.index.klaar.IsZero() && s.staart.len() > s.opt.maxRun {
		start = s.index.klaar // there was no pause: merging took the time in between
	}
	n := 0
	for _, g := range segs {
		n += len(g.versies)
	}
	if err := s.index.write(ctx, segs); err != nil {
		return s.indexError(fmt.Errorf("index %d versions: %w", n, err))
	}
	s.staart.drop(len(segs))
	if n > 0 {
		s.index.klaar = time.Now()
		s.index.perVersie.Store(int64(s.index.klaar.Sub(start)) / int64(n))
	}
	return nil
}

// write adds the segments as a run.
func (x *index) write(ctx context.Context, segs []*segment) error {
	standen := map[int64]stand{}
	versies := 0
	for _, g := range segs {
		versies += len(g.versies)
		for o, st := range g.standen {
			standen[o] = st
		}
	}
	if versies == 0 {
		return nil
	}
	w := newBouwer(x, versies)
	var nieuw *run
	err := x.transaction(func() (err error) {
		for i, p := range sorted(segs) {
			if i&1023 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			g := segs[p.segment]
			in := &g.ingangen[p.ingang]
			v := &g.versies[in.versie]
			r := regel{in.sleutel.plaats(), vermelding{blad: v.blad, actie: v.actie, aantal: in.aantal}}
			if r.plaats.soort() != soortActie {
				r.tijdstip, r.staat = v.tijdstip, v.staat
			}
			if err := w.add(&r); err != nil {
				return err
			}
		}
		if nieuw, err = w.finish(); err != nil {
			return err
		}
		for o, st := range standen {
			if _, err := x.stand.Exec(o, st.tot, st.registratie); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		x.setRuns(append(slices.Clone(x.runs), nieuw))
	}
	return err
}

// volgorde is an entry of some segments and what it is sorted by.
type volgorde struct {
	ruimte, hoog, laag uint64
	segment, ingang    int32 // in order of leaves
}

// sorted puts all entries of the segments in the order of the index.
func sorted(segs []*segment) []volgorde {
	n := 0
	for _, g := range segs {
		n += len(g.ingangen)
	}
	l := make([]volgorde, 0, n)
	for s, g := range segs {
		for i := range g.ingangen {
			k := &g.ingangen[i].sleutel
			l = append(l, volgorde{
				ruimte: k.ruimte, hoog: binary.BigEndian.Uint64(k.id[:8]), laag: binary.BigEndian.Uint64(k.id[8:]),
				segment: int32(s), ingang: int32(i),
			})
		}
	}
	slices.SortFunc(l, func(a, b volgorde) int {
		if c := cmp.Compare(a.ruimte, b.ruimte); c != 0 {
			return c
		}
		if c := cmp.Compare(a.hoog, b.hoog); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.laag, b.laag), cmp.Compare(a.segment, b.segment), cmp.Compare(a.ingang, b.ingang))
	})
	return l
}

// indexError passes an error of the index file on. A damaged file is put out of use: its name goes
// at once, so that the next start rebuilds it even after a crash.
func (s *Store) indexError(err error) error {
	if !damaged(err) {
		return err
	}
	if s.index.stuk.CompareAndSwap(false, true) {
		s.opt.Fout(errors.Join(err, os.Remove(s.index.pad)))
	}
	return foutIndexStuk(err)
}
