package sqlite

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
)

// run is a sorted piece of the index: the entries of some versions, packed in blocks. It is written
// once, and leaves when it has become part of a larger one.
type run struct {
	nr      int64
	versies int
	wijzers []wijzer // in order
	acties  filter
}

// wijzer tells with which place a block begins. That of a run stand in memory: 32 bytes for each
// block of some 100 entries.
type wijzer struct {
	eerste plaats
	blok   int64
}

// appendBlokken adds the numbers of the blocks of r that may hold entries at p.
func (r *run) appendBlokken(l []int64, p *plaats) []int64 {
	if p.soort() == soortActie && !r.acties.has(p[8:]) {
		return l
	}
	i := sort.Search(len(r.wijzers), func(i int) bool { return bytes.Compare(r.wijzers[i].eerste[:], p[:]) >= 0 })
	// Entries at p may begin in the block before the first one that begins with them.
	for i = max(i-1, 0); i < len(r.wijzers) && bytes.Compare(r.wijzers[i].eerste[:], p[:]) <= 0; i++ {
		l = append(l, r.wijzers[i].blok)
	}
	return l
}

func (r *run) bytes() []byte {
	b := make([]byte, 0, len(r.wijzers)*(24+8)+4)
	for i := range r.wijzers {
		b = append(b, r.wijzers[i].eerste[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(r.wijzers[i].blok))
	}
	return seal(b)
}

func (r *run) setBytes(b []byte) error {
	b, err := unseal(b)
	if err != nil || len(b)%(24+8) != 0 {
		return errBlok
	}
	r.wijzers = make([]wijzer, 0, len(b)/(24+8))
	for ; len(b) > 0; b = b[24+8:] {
		r.wijzers = append(r.wijzers, wijzer{plaats(b), int64(binary.BigEndian.Uint64(b[24:]))})
	}
	return nil
}

// bouwer packs entries that come in order into the blocks of a new run.
type bouwer struct {
	x *index
	run
	buf    []byte
	vorige regel
}

func newBouwer(x *index, versies int) bouwer {
	return bouwer{x: x, run: run{versies: versies, acties: newFilter(versies)}}
}

func (w *bouwer) add(r *regel) error {
	if len(w.buf) > 0 && len(w.buf)+maxRegel > blokGrootte {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if len(w.buf) == 0 {
		w.vorige = regel{}
		w.wijzers = append(w.wijzers, wijzer{eerste: r.plaats})
	}
	if r.plaats.soort() == soortActie {
		w.acties.add(r.plaats[8:])
	}
	w.buf = appendRegel(w.buf, r, &w.vorige)
	w.vorige = *r
	return nil
}

// flush writes the block at hand. Numbers of blocks only grow, also over runs: SQLite writes at the
// end of the table and nowhere else.
func (w *bouwer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	if _, err := w.x.blokSchrijf.Exec(w.x.volgende, seal(w.buf)); err != nil {
		return err
	}
	// Its number is known only now: a merge stops in the middle of a block to let runs be added.
	w.wijzers[len(w.wijzers)-1].blok = w.x.volgende
	w.x.volgende++
	w.buf = w.buf[:0]
	return nil
}

// finish writes what is left, and the run itself: with the commit it is live.
func (w *bouwer) finish() (*run, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	r := w.run
	r.nr = w.x.volgende
	w.x.volgende++
	_, err := w.x.runSchrijf.Exec(r.nr, r.versies, r.bytes(), seal(slices.Clone(r.acties)))
	return &r, err
}

// loadRuns reads which runs there are, and removes the blocks of none: those of a merge that a crash
// cut off, or that was done when it came.
func (x *index) loadRuns(ctx context.Context) error {
	rows, err := x.c.QueryContext(ctx, sqlRunLees)
	if err != nil {
		return err
	}
	defer rows.Close()
	var runs []*run
	var blokken []int64
	for rows.Next() {
		r := &run{}
		var b, f []byte
		if err := rows.Scan(&r.nr, &r.versies, &b, &f); err != nil {
			return err
		}
		if f, err = unseal(f); err != nil {
			return err
		}
		r.acties = f
		if err := r.setBytes(b); err != nil {
			return err
		}
		runs = append(runs, r)
		x.volgende = max(x.volgende, r.nr+1)
		for _, w := range r.wijzers {
			blokken = append(blokken, w.blok)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	x.setRuns(runs)

	slices.Sort(blokken)
	var na int64 = -1
	for _, nr := range append(blokken, 1<<62) {
		if nr > na+1 {
			if _, err := x.c.ExecContext(ctx, sqlBlokWis, na+1, nr-1); err != nil {
				return fmt.Errorf("remove loose blocks: %w", err)
			}
		}
		na = nr
	}
	return nil
}

// setRuns shows other runs to readers. When it returns nobody uses the ones before.
func (x *index) setRuns(runs []*run) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.runs = runs
}
