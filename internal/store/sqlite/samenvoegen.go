package sqlite

import (
	"context"
	"errors"
	"slices"
	"strconv"
)

const (
	// Runs of a size are merged when there are so many of them: a question looks into each one, and
	// a version is written once more each time.
	samenvoegen = 4
	// Blocks written, or deleted, in one transaction, and how many pages they take: 4 MiB.
	stapBlokken = 1024
	stapPaginas = stapBlokken / 2
)

// trap is the size of a run: runs of one trap are merged into one of the next. The lowest takes all
// that is small, so that a quiet register does not have many runs.
func (x *index) trap(versies int) int {
	t := 0
	for ; versies >= x.kleinste; versies /= samenvoegen {
		t++
	}
	return t
}

// samenvoeging is a merge under way. Its blocks belong to no run until it is done, and a crash
// leaves only what loadRuns removes.
type samenvoeging struct {
	van  []*run
	uit  bouwer
	bron []*bron // those not at their end
}

// bron goes through the entries of a run in order.
type bron struct {
	regel
	weg  func(*regel) bool // entries that are left out; nil: none
	over []wijzer
	buf  []byte // the block, for its space
	rest []byte // of the block
}

// merge does one step of the most urgent merge, the smallest, or of giving back the space that merges
// left, and tells whether there was one.
func (x *index) merge(ctx context.Context) (bool, error) {
	v, t := x.urgent()
	if v == nil {
		return x.shrink(ctx)
	}
	var uit *run
	err := x.transaction(func() (err error) {
		if uit, err = v.step(ctx, x); err != nil || uit == nil {
			return err
		}
		for _, r := range v.van {
			if _, err := x.runWis.Exec(r.nr); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		// What the merge had in memory may differ from the file now: it begins anew.
		delete(x.bezig, t)
		return true, err
	}
	if uit == nil {
		return true, nil
	}
	delete(x.bezig, t)
	runs := slices.DeleteFunc(slices.Clone(x.runs), func(r *run) bool { return slices.Contains(v.van, r) })
	x.setRuns(append(runs, uit))
	return true, x.remove(ctx, v.van)
}

// urgent gives the merge of the lowest trap that is full.
func (x *index) urgent() (*samenvoeging, int) {
	var op [64][]*run
	for _, r := range x.runs {
		if slices.Contains(x.vast, r) {
			continue
		}
		t := x.trap(r.versies)
		op[t] = append(op[t], r)
	}
	for t, l := range op {
		if v := x.bezig[t]; v != nil {
			return v, t
		}
		if len(l) >= samenvoegen {
			v := &samenvoeging{van: l[:samenvoegen]}
			versies := 0
			for _, r := range v.van {
				versies += r.versies
				v.bron = append(v.bron, &bron{over: r.wijzers})
			}
			v.uit = newBouwer(x, versies)
			x.bezig[t] = v
			return v, t
		}
	}
	return nil, 0
}

// step writes some blocks; the run comes with the last ones.
func (v *samenvoeging) step(ctx context.Context, x *index) (*run, error) {
	if v.uit.wijzers == nil {
		if err := v.advance(ctx, v.bron...); err != nil {
			return nil, err
		}
	}
	for tot := len(v.uit.wijzers) + stapBlokken; len(v.bron) > 0; {
		if len(v.uit.wijzers) == tot {
			return nil, ctx.Err()
		}
		eerste := v.bron[0]
		for _, b := range v.bron[1:] {
			if b.compare(&eerste.regel) < 0 {
				eerste = b
			}
		}
		if err := v.uit.add(&eerste.regel); err != nil {
			return nil, err
		}
		if err := v.advance(ctx, eerste); err != nil {
			return nil, err
		}
	}
	return v.uit.finish()
}

// advance moves sources to their next entry, and leaves out those at their end.
func (v *samenvoeging) advance(ctx context.Context, l ...*bron) error {
	for _, b := range l {
		more, err := b.next(ctx, v.uit.x)
		if err != nil {
			return err
		}
		if !more {
			v.bron = slices.DeleteFunc(slices.Clone(v.bron), func(a *bron) bool { return a == b })
		}
	}
	return nil
}

// next moves to the next entry that is not left out.
func (b *bron) next(ctx context.Context, x *index) (more bool, err error) {
	for {
		if more, err = b.lees(ctx, x); err != nil || !more || b.weg == nil || !b.weg(&b.regel) {
			return more, err
		}
	}
}

func (b *bron) lees(ctx context.Context, x *index) (more bool, err error) {
	for len(b.rest) == 0 {
		if len(b.over) == 0 {
			return false, nil
		}
		if err := x.blokLees.QueryRowContext(ctx, b.over[0].blok).Scan(&b.buf); err != nil {
			return false, missing(err)
		}
		if b.rest, err = unseal(b.buf); err != nil {
			return false, err
		}
		b.regel, b.over = regel{}, b.over[1:]
	}
	b.rest, err = nextRegel(b.rest, &b.regel)
	return err == nil, err
}

// remove deletes the blocks of runs that nobody uses any more, in small transactions. What it leaves
// after an error or a crash, loadRuns removes.
func (x *index) remove(ctx context.Context, runs []*run) error {
	for _, r := range runs {
		for l := r.wijzers; len(l) > 0; {
			n := 1
			for n < len(l) && n < stapBlokken && l[n].blok == l[n-1].blok+1 {
				n++
			}
			if _, err := x.blokWis.ExecContext(ctx, l[0].blok, l[n-1].blok); err != nil {
				return err
			}
			l = l[n:]
		}
	}
	return nil
}

// shrink gives some free pages back to the file system when they are a quarter of the file. Fewer
// are left for the next runs.
func (x *index) shrink(ctx context.Context) (bool, error) {
	var paginas, vrij int
	for p, v := range map[string]*int{"page_count": &paginas, "freelist_count": &vrij} {
		if err := x.c.QueryRowContext(ctx, "PRAGMA "+p).Scan(v); err != nil {
			return false, err
		}
	}
	if vrij < stapPaginas || vrij < paginas/4 {
		return false, nil
	}
	_, err := x.c.ExecContext(ctx, "PRAGMA incremental_vacuum("+strconv.Itoa(stapPaginas)+")")
	return true, err
}

// transaction runs f in a transaction of the index file.
func (x *index) transaction(f func() error) (err error) {
	if _, err := x.begin.Exec(); err != nil {
		return err
	}
	if err = f(); err == nil {
		_, err = x.commit.Exec()
	}
	if err != nil {
		_, _ = x.begin.Exec() // see Store.rollback
		_, e := x.rollback.Exec()
		err = errors.Join(err, e)
	}
	return err
}
