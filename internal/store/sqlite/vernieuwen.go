package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// When versions were put under another handle key, the index still has their entries of before (see hersleutel.go). They are
// replaced while the store is used: all runs are merged into one, without those entries and with the ones that the versions
// have now. The indexer does so in small steps, and goes on adding runs in between. The order is what makes a crash harmless:
//
//  1. the new run takes the place of the old ones, and schoon says that hersleuteld does not count any more, in one
//     transaction of index.db;
//  2. that is on disk (the index is not synced with each commit);
//  3. hersleuteld is emptied, and then schoon.
//
// Before 1 the old runs are there and hersleuteld says so; what was written is garbage, that loadRuns removes. After it, whoever
// opens the store goes on with 3.

const (
	sqlSchoon     = `CREATE TABLE IF NOT EXISTS schoon(een INTEGER PRIMARY KEY) STRICT; INSERT INTO schoon(een) VALUES(1)`
	sqlSchoonWeg  = `DELETE FROM schoon`
	sqlSchoonIsEr = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schoon'`
	sqlSchoonTel  = `SELECT count(*) FROM schoon`
	sqlVernieuw   = `SELECT h.nr, v.actie, v.tijdstip, v.kenmerk, v.ingangen FROM hersleuteld h JOIN versie v ON v.nr = h.nr
		WHERE h.nr > ? ORDER BY h.nr LIMIT ?`
	sqlHersleuteldWisStap = `DELETE FROM hersleuteld WHERE nr IN (SELECT nr FROM hersleuteld LIMIT 2000)`

	vernieuwLees = 4096    // versions read in a step
	vernieuwSort = 1 << 17 // entries sorted in memory
	maxPogingen  = 100     // then readers keep it until it is full again, or the store closes
)

// vernieuwing is such a replacement under way. It is of the indexer, but for klaar.
type vernieuwing struct {
	ctx   context.Context // of who asked: it is broken off until the old runs are gone
	klaar chan error
	tot   map[*organisatie]uint64 // leaves that must be in the index before it begins

	stap     func(ctx context.Context, s *Store) (bool, error) // the next one; it tells whether anything was done
	nr       int64                                             // of the last version that was read
	weg      map[int64]*bladen                                 // by organisation, whose entries of persons are replaced
	regels   []regel                                           // new entries, not yet written
	erbij    []*run                                            // new entries, sorted; no run of the index
	van      []*run
	merge    *samenvoeging
	pogingen int  // to empty the write-ahead log of the index
	vervangt bool // the old runs are gone: it must be finished
}

// bladen is a set of leaves.
type bladen struct{ bits []uint64 }

func (b *bladen) add(blad uint64) {
	for uint64(len(b.bits)) <= blad/64 {
		b.bits = append(b.bits, 0)
	}
	b.bits[blad/64] |= 1 << (blad % 64)
}

func (b *bladen) has(blad uint64) bool {
	return b != nil && blad/64 < uint64(len(b.bits)) && b.bits[blad/64]&(1<<(blad%64)) != 0
}

// errAndere says that this is under way already.
var errAndere = errors.New("the index is being renewed already")

// VernieuwIndex replaces what the index has of versions that were put under other keys, of all organisations, and returns when
// nothing of before is left. Reading and appending go on. No version may be put under other keys meanwhile. When it is broken
// off nothing was done, or the next call or start finishes it.
func (s *Store) VernieuwIndex(ctx context.Context) error {
	var een int
	err := s.lees.db.QueryRowContext(ctx, sqlNietOver).Scan(&een)
	if errors.Is(err, sql.ErrNoRows) && !s.index.schoon.Load() {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return judgeRead("look for entries of before", err)
	}
	v := &vernieuwing{ctx: ctx, klaar: make(chan error, 1), tot: map[*organisatie]uint64{}, weg: map[int64]*bladen{}}
	v.stap = v.begin
	for _, o := range s.organisaties {
		v.tot[o] = o.grootte.Load()
	}
	if !s.vernieuw.CompareAndSwap(nil, v) {
		return errAndere
	}
	t := time.NewTicker(50 * time.Millisecond)
	defer t.Stop()
	for {
		s.staart.roep()
		select {
		case err := <-v.klaar:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
		if err := s.usable(); err != nil {
			return err
		}
		if s.index.stuk.Load() {
			return foutIndexStuk(nil)
		}
	}
}

// stapVernieuwing does a step, if there is one to do. It is called by the indexer.
func (s *Store) stapVernieuwing(ctx context.Context) (bool, error) {
	v := s.vernieuw.Load()
	if v == nil {
		return false, nil
	}
	if err := v.ctx.Err(); err != nil && !v.vervangt {
		return true, v.einde(ctx, s, err)
	}
	gedaan, err := v.stap(ctx, s)
	if s.opt.naStap != nil && gedaan {
		s.opt.naStap(v.vervangt)
	}
	if err != nil && !v.vervangt {
		return true, v.einde(ctx, s, fmt.Errorf("renew index: %w", err))
	}
	if err != nil {
		err = fmt.Errorf("renew index: %w", err)
	}
	return gedaan, err
}

// einde ends it, and removes what was made for nothing.
func (v *vernieuwing) einde(ctx context.Context, s *Store, err error) error {
	var e error
	if !v.vervangt {
		weg := v.erbij
		if v.merge != nil {
			uit := v.merge.uit.run
			uit.wijzers = slices.DeleteFunc(uit.wijzers, func(w wijzer) bool { return w.blok == 0 }) // not written yet
			weg = append(weg, &uit)
		}
		e = s.index.remove(ctx, weg)
	}
	_, wis := s.index.c.ExecContext(ctx, sqlWisSnel)
	e = errors.Join(e, wis)
	s.index.vast = nil
	s.vernieuw.Store(nil)
	v.klaar <- err
	return e
}

// begin waits until the index has all versions that are concerned, and no merge is under way.
func (v *vernieuwing) begin(ctx context.Context, s *Store) (bool, error) {
	if s.index.schoon.Load() {
		v.vervangt, v.stap = true, v.opSchijf
		return true, nil
	}
	for o, tot := range v.tot {
		if st, err := s.index.standVan(ctx, o); err != nil || st.tot < tot {
			return false, err
		}
	}
	if m, _ := s.index.urgent(); m != nil {
		return false, nil
	}
	v.van = slices.Clone(s.index.runs)
	s.index.vast = v.van
	v.nr, v.stap = -1, v.verzamel
	return true, nil
}

// verzamel reads what the versions have now.
func (v *vernieuwing) verzamel(ctx context.Context, s *Store) (bool, error) {
	rows, err := s.lees.db.QueryContext(ctx, sqlVernieuw, v.nr, vernieuwLees)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var tijdstip, k int64
		var actie, ingangen []byte
		if err := rows.Scan(&v.nr, &actie, &tijdstip, &k, &ingangen); err != nil {
			return false, err
		}
		id, err := uuid.FromBytes(actie)
		if err != nil {
			return false, err
		}
		o, blad := v.nr>>bladBits, uint64(v.nr&maxBlad)
		if v.weg[o] == nil {
			v.weg[o] = &bladen{}
		}
		v.weg[o].add(blad)
		eerste := len(v.regels)
		err = eachIngang(ingangen, func(g verwerkingenlog.Ingang) {
			if g.Soort != verwerkingenlog.IngangPersoon {
				return
			}
			p := sleutelVan(o, g.Soort, g.Sleutel).plaats()
			for i := eerste; i < len(v.regels); i++ { // as segment.enter
				if v.regels[i].plaats == p {
					v.regels[i].aantal = min(v.regels[i].aantal+uint32(g.Aantal), math.MaxUint16)
					return
				}
			}
			v.regels = append(v.regels, regel{p, vermelding{blad, id, tijdstip, verwerkingenlog.Staat(k & 0xff), uint32(g.Aantal)}})
		})
		if err != nil {
			return false, err
		}
	}
	if err := rows.Err(); err != nil {
		return false, err
	}
	if n < vernieuwLees {
		v.stap = v.meng
	}
	if len(v.regels) > 0 && (n < vernieuwLees || len(v.regels) >= vernieuwSort) {
		return true, v.sorteer(s.index)
	}
	return true, nil
}

// sorteer writes new entries in order, in blocks of no run.
func (v *vernieuwing) sorteer(x *index) error {
	slices.SortFunc(v.regels, func(a, b regel) int { return a.compare(&b) })
	w := newBouwer(x, 0)
	err := x.transaction(func() error {
		for i := range v.regels {
			if err := w.add(&v.regels[i]); err != nil {
				return err
			}
		}
		return w.flush()
	})
	if err == nil {
		v.erbij, v.regels = append(v.erbij, &w.run), v.regels[:0]
	}
	return err
}

// meng writes some blocks of the new run. With the last ones it takes the place of the old ones.
func (v *vernieuwing) meng(ctx context.Context, s *Store) (bool, error) {
	x := s.index
	if v.merge == nil {
		m, versies := &samenvoeging{van: v.van}, 0
		for _, r := range v.van {
			versies += r.versies
			m.bron = append(m.bron, &bron{over: r.wijzers, weg: v.vervalt})
		}
		for _, r := range v.erbij {
			m.bron = append(m.bron, &bron{over: r.wijzers})
		}
		m.uit = newBouwer(x, versies)
		v.merge = m
	}
	var uit *run
	if _, err := x.c.ExecContext(ctx, sqlWisEcht); err != nil {
		return false, err
	}
	err := x.transaction(func() (err error) {
		if uit, err = v.merge.step(ctx, x); err != nil || uit == nil {
			return err
		}
		for _, r := range v.van {
			if _, err := x.runWis.Exec(r.nr); err != nil {
				return err
			}
		}
		_, err = x.c.ExecContext(ctx, sqlSchoon)
		return err
	})
	if err != nil || uit == nil {
		return err == nil, err
	}
	x.schoon.Store(true)
	v.vervangt, v.stap = true, v.opSchijf
	runs := slices.DeleteFunc(slices.Clone(x.runs), func(r *run) bool { return slices.Contains(v.van, r) })
	x.setRuns(append(runs, uit))
	x.vast = nil
	return true, x.remove(ctx, append(v.van, v.erbij...))
}

// vervalt tells whether an entry of an old run is replaced.
func (v *vernieuwing) vervalt(r *regel) bool {
	return r.plaats.soort() == verwerkingenlog.IngangPersoon && v.weg[int64(binary.BigEndian.Uint64(r.plaats[:8])>>8)].has(r.blad)
}

// opSchijf sees to it that the new run is on disk, before log.db relies on it.
func (v *vernieuwing) opSchijf(ctx context.Context, s *Store) (bool, error) {
	busy, log, gedaan, err := walCheckpoint(ctx, s.index.db, "FULL")
	if err != nil || busy || log != gedaan {
		return false, err // a reader is busy: again in a moment
	}
	v.stap = v.leeg
	return true, nil
}

// leeg empties hersleuteld, as the one writer between groups of the log.
func (v *vernieuwing) leeg(ctx context.Context, s *Store) (bool, error) {
	n, err := s.forgetSome(ctx)
	if err != nil || n > 0 {
		return true, err
	}
	if _, err := s.index.c.ExecContext(ctx, sqlSchoonWeg); err != nil {
		return false, err
	}
	s.index.schoon.Store(false)
	v.stap = v.krimp
	return true, nil
}

// krimp gives all free pages back: in those are entries of before, of merges long ago too.
func (v *vernieuwing) krimp(ctx context.Context, s *Store) (bool, error) {
	var vrij int
	err := s.index.c.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&vrij)
	if err == nil && vrij > 0 {
		_, err = s.index.c.ExecContext(ctx, "PRAGMA incremental_vacuum("+strconv.Itoa(stapPaginas)+")")
		return true, err
	}
	if err == nil {
		var busy bool
		busy, _, _, err = walCheckpoint(ctx, s.index.db, "TRUNCATE")
		if v.pogingen++; err == nil && busy && v.pogingen < maxPogingen {
			return false, nil
		}
	}
	return true, errors.Join(err, v.einde(ctx, s, err))
}

// forgetSome takes some rows of hersleuteld away, and tells how many.
func (s *Store) forgetSome(ctx context.Context) (n int64, err error) {
	err = s.overschrijf(ctx, func(ctx context.Context) error {
		r, err := s.schrijf.c.ExecContext(ctx, sqlHersleuteldWisStap)
		if err != nil {
			return s.fail(judge("forget entries", err))
		}
		n, err = r.RowsAffected()
		s.countPages(&groep{bytes: int(n) * 100})
		return err
	})
	return n, err
}

// isSchoon tells whether hersleuteld does not count, since a crash came before it was emptied.
func isSchoon(ctx context.Context, v vrager) (bool, error) {
	var n int
	err := v.QueryRowContext(ctx, sqlSchoonIsEr).Scan(&n)
	if err == nil && n > 0 {
		err = v.QueryRowContext(ctx, sqlSchoonTel).Scan(&n)
	}
	return n > 0, err
}

// finishSchoon goes on where a crash came before hersleuteld was emptied, when nobody reads or appends.
func (s *Store) finishSchoon(ctx context.Context, x *index) error {
	schoon, err := isSchoon(ctx, x.c)
	if err != nil || !schoon {
		return err
	}
	if err := s.forgetHersleuteld(ctx); err != nil {
		return err
	}
	_, err = x.c.ExecContext(ctx, sqlSchoonWeg)
	return err
}
