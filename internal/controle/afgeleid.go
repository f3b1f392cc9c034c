package controle

import (
	"context"
	"fmt"
)

// Index holds all that is derived against the versions alone, without keys: whether the versions are what was written is
// not judged. It tells how many entries belong there.
func Index(ctx context.Context, o Opslag, meld Meld) (aantal uint64, err error) {
	l := &Log{Opslag: o, Meld: meld, sommen: map[string]*sommen{}}
	zout := newZout()
	if err := o.Bouw(ctx, meld); err != nil {
		return 0, err
	}
	for _, oin := range o.OINs() {
		tot, err := o.Tot(ctx, oin)
		if err != nil {
			return 0, err
		}
		s := newSommen(zout, tot)
		l.sommen[oin] = s
		for r, err := range o.Versies(ctx, oin, 0, tot) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return 0, fmt.Errorf("read versions of organisation %s: %w", oin, err)
			}
			o.Verwacht(oin, r, func(a Afgeleid) {
				s.add(&a, 1)
				aantal++
			})
		}
	}
	return aantal, l.index(ctx)
}
