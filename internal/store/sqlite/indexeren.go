package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// runIndexer moves the staart into the index file: full segments as they come, so that runs grow
// with the backlog, and the rest once nothing was added for a while.
func (s *Store) runIndexer(ctx context.Context) {
	t := s.staart
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.gewekt:
		}
		for t.len() > 0 && ctx.Err() == nil && !s.index.stuk.Load() {
			quiet := s.opt.stil - time.Duration(time.Now().UnixNano()-t.laatst.Load())
			segs := t.take(s.opt.maxRun, quiet <= 0)
			if len(segs) == 0 {
				pause(ctx, max(quiet, time.Millisecond))
				continue
			}
			if err := s.indexRun(ctx, segs); err != nil && ctx.Err() == nil {
				s.opt.Fout(err)
				pause(ctx, time.Second)
			}
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
	n := 0
	for _, g := range segs {
		n += len(g.versies)
	}
	if err := s.index.write(ctx, segs); err != nil {
		return s.indexError(fmt.Errorf("index %d versions: %w", n, err))
	}
	s.staart.drop(len(segs))
	if n > 0 {
		s.index.perVersie.Store(int64(time.Since(start)) / int64(n))
	}
	return nil
}

// regel is an entry to write, in the order of the primary key: organisation, part and kind in
// plaats, then the key in two halves.
type regel struct {
	plaats, hoog, laag uint64
	segment, ingang    int32 // in order of leaves
}

func (x *index) write(ctx context.Context, segs []*segment) (err error) {
	regels := sorted(segs)
	if _, err := x.begin.Exec(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = x.begin.Exec() // see Store.rollback
			_, e := x.rollback.Exec()
			err = errors.Join(err, e)
		}
	}()
	var deel uint64
	var buf []byte
	for i := range regels {
		if i&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r := &regels[i]
		g := segs[r.segment]
		in := &g.ingangen[r.ingang]
		v := &g.versies[in.versie]
		if d := r.plaats >> 8; i == 0 || d != deel {
			deel = d
			if _, err := x.deel.Exec(d>>deelBits, d<<8); err != nil {
				return err
			}
		}
		var stand []byte
		if verwerkingenlog.IngangSoort(r.plaats&0xff) != soortActie {
			buf = v.standBytes(buf[:0])
			stand = buf
		}
		if _, err := x.ingang.Exec(r.plaats, in.sleutel.id[:], v.blad, in.aantal, stand); err != nil {
			return err
		}
	}
	standen := map[int64]stand{}
	for _, g := range segs {
		for o, st := range g.standen {
			standen[o] = st
		}
	}
	for o, st := range standen {
		if _, err := x.stand.Exec(o, st.tot, st.registratie); err != nil {
			return err
		}
	}
	_, err = x.commit.Exec()
	return err
}

// sorted puts all entries of the segments in the order of the index, so that a run goes through the
// file once.
func sorted(segs []*segment) []regel {
	n := 0
	for _, g := range segs {
		n += len(g.ingangen)
	}
	regels := make([]regel, 0, n)
	for s, g := range segs {
		for i := range g.ingangen {
			in := &g.ingangen[i]
			organisatie, soort := in.sleutel.ruimte>>8, in.sleutel.ruimte&0xff
			deel := g.versies[in.versie].blad >> deelBits
			regels = append(regels, regel{
				plaats: (organisatie<<deelBits|deel)<<8 | soort,
				hoog:   binary.BigEndian.Uint64(in.sleutel.id[:8]), laag: binary.BigEndian.Uint64(in.sleutel.id[8:]),
				segment: int32(s), ingang: int32(i),
			})
		}
	}
	slices.SortFunc(regels, func(a, b regel) int {
		if c := cmp.Compare(a.plaats, b.plaats); c != 0 {
			return c
		}
		if c := cmp.Compare(a.hoog, b.hoog); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.laag, b.laag), cmp.Compare(a.segment, b.segment), cmp.Compare(a.ingang, b.ingang))
	})
	return regels
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

// search gives what stands under each of the keys, staart and index together, each version once, as
// of one moment.
func (s *Store) search(ctx context.Context, o *organisatie, soort verwerkingenlog.IngangSoort, ids [][16]byte) ([][]vermelding, error) {
	if s.index.stuk.Load() {
		return nil, foutIndexStuk(nil)
	}
	sleutels := make([]ingangSleutel, len(ids))
	for i, id := range ids {
		sleutels[i] = sleutelVan(o.nr, soort, id)
	}
	onder, grens := s.staart.snapshot(o, sleutels) // before the index: what leaves it is found there
	for i := range ids {
		var err error
		if onder[i], err = s.index.appendFound(ctx, onder[i], o, soort, ids[i], grens); err != nil {
			return nil, s.indexError(fmt.Errorf("read index: %w", err))
		}
	}
	return onder, nil
}

// appendFound adds to what the staart gave what the index has under a key, below grens and not in
// the staart.
func (x *index) appendFound(ctx context.Context, l []vermelding, o *organisatie, soort verwerkingenlog.IngangSoort, id [16]byte, grens uint64) ([]vermelding, error) {
	var inStaart map[uint64]bool
	if len(l) > 0 {
		inStaart = make(map[uint64]bool, len(l))
		for i := range l {
			inStaart[l[i].blad] = true
		}
	}
	rows, err := x.zoek.QueryContext(ctx, int64(soort), o.nr, id[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v := vermelding{actie: id}
		var stand sql.RawBytes
		if err := rows.Scan(&v.blad, &v.aantal, &stand); err != nil {
			return nil, err
		}
		if v.blad >= grens || inStaart[v.blad] {
			continue
		}
		if soort != soortActie && !v.setStand(stand) {
			return nil, errors.New("entry of the index can't be read")
		}
		l = append(l, v)
	}
	return l, rows.Err()
}

// standBytes packs what the index tells of a version under a key: actie, instant, state.
func (v *staartVersie) standBytes(dst []byte) []byte {
	dst = append(dst, v.actie[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(v.tijdstip))
	return append(dst, byte(v.staat))
}

// setStand unpacks it again.
func (v *vermelding) setStand(b []byte) bool {
	if len(b) != 16+8+1 {
		return false
	}
	copy(v.actie[:], b)
	v.tijdstip, v.staat = int64(binary.BigEndian.Uint64(b[16:])), verwerkingenlog.Staat(b[24])
	return true
}
