package controle

import (
	"context"
	"fmt"
)

// Telling is how much was derived anew, and held against what is there.
type Telling struct {
	Versies  uint64
	Ingangen uint64 // that stand beside the versions; on PostgreSQL those of a version of one person stand in it
}

// Index holds all that is derived against the versions alone, without keys: whether the versions are what was written is
// not judged.
func Index(ctx context.Context, o Opslag, meld Meld) (Telling, error) {
	var n Telling
	l := &Log{Opslag: o, Meld: meld, sommen: map[string]*sommen{}}
	zout := newZout()
	if err := o.Bouw(ctx, meld); err != nil {
		return n, err
	}
	for _, oin := range o.OINs() {
		tot, err := o.Tot(ctx, oin)
		if err != nil {
			return n, err
		}
		s := newSommen(zout, tot)
		l.sommen[oin] = s
		for r, err := range o.Versies(ctx, oin, 0, tot) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return n, fmt.Errorf("read versions of organisation %s: %w", oin, err)
			}
			o.Verwacht(oin, r, func(a Afgeleid) {
				s.add(&a, 1)
				n.Ingangen++
			})
			n.Versies++
		}
	}
	return n, l.index(ctx)
}
