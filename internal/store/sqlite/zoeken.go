package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// zoekBlokken is how many blocks one query reads: sqlZoek has as many parameters. A question needs
// about one of each run.
const zoekBlokken = 16

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
	// All keys of one moment: an entry goes from one to another when the index is renewed.
	s.index.mu.RLock() // the blocks of these runs stay as long
	defer s.index.mu.RUnlock()
	for i := range ids {
		var err error
		if onder[i], err = s.index.appendFound(ctx, onder[i], sleutels[i].plaats(), grens); err != nil {
			return nil, s.indexError(fmt.Errorf("read index: %w", err))
		}
	}
	return onder, nil
}

// appendFound adds to what the staart gave what the index has under a key, below grens and not in
// the staart. A version stands in one run. x.mu is held for reading.
func (x *index) appendFound(ctx context.Context, l []vermelding, p plaats, grens uint64) ([]vermelding, error) {
	var inStaart map[uint64]bool
	if len(l) > 0 {
		inStaart = make(map[uint64]bool, len(l))
		for i := range l {
			inStaart[l[i].blad] = true
		}
	}
	var blokken []int64
	for _, r := range x.runs {
		blokken = r.appendBlokken(blokken, &p)
	}
	for len(blokken) > 0 {
		n := min(zoekBlokken, len(blokken))
		err := x.readBlokken(ctx, blokken[:n], func(b []byte) error {
			var err error
			var r regel
			for len(b) > 0 {
				if b, err = nextRegel(b, &r); err != nil {
					return err
				}
				switch c := bytes.Compare(r.plaats[:], p[:]); {
				case c > 0:
					return nil
				case c == 0 && r.blad < grens && !inStaart[r.blad]:
					l = append(l, r.vermelding)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		blokken = blokken[n:]
	}
	return l, nil
}

// readBlokken gives f the content of each of the blocks, at most zoekBlokken, in any order.
func (x *index) readBlokken(ctx context.Context, nrs []int64, f func(b []byte) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var args [zoekBlokken]any // what stays nil finds nothing
	for i, nr := range nrs {
		args[i] = nr
	}
	// A few point reads: see lezer.rij.
	rows, err := x.zoek.QueryContext(context.WithoutCancel(ctx), args[:]...)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var b sql.RawBytes
		if err := rows.Scan(&b); err != nil {
			return err
		}
		inhoud, err := unseal(b)
		if err == nil {
			err = f(inhoud)
		}
		if err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != len(nrs) {
		return errBlok
	}
	return nil
}

// missing turns the absence of a block that must be there into damage.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errBlok
	}
	return err
}
