package checkpoint

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// continues tells whether the tree of n leaves begins with everything that was signed: what the store kept last, what
// this process saw last, and what is remembered outside the store.
func (m *Maker) continues(p plek, z *gezien, w *Bewaard, n uint64, wortel bewijs.Hash, k bewijs.Knopen) error {
	if w.Nr > 0 {
		if err := m.b.openBewaard(p.oin, p.boom, w); err != nil {
			return fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
		}
		if err := continues(w.Grootte, w.Wortel, n, wortel, k); err != nil {
			return err
		}
	}
	c, err := m.known(p, z, w)
	if err != nil || c.Origin == "" {
		return err
	}
	return continues(c.Grootte, c.Wortel, n, wortel, k)
}

// known is the last checkpoint that this process saw or that is remembered outside the store; Origin "" when there is
// none. The newest in the store, w, may not be older than that.
func (m *Maker) known(p plek, z *gezien, w *Bewaard) (c bewijs.Checkpoint, err error) {
	c = z.laatste
	if c.Origin == "" && m.geheugen != nil {
		tekst, err := m.geheugen.Lees(p.oin, p.boom)
		if m.tell("remember", err); tekst != nil {
			if c, err = m.b.open(p.oin, p.boom, tekst); err != nil {
				return c, fmt.Errorf("%w: what is remembered beside the keys can't be verified: %w", ErrOnverenigbaar, err)
			}
		}
	}
	if c.Origin != "" && (c.Grootte > w.Grootte || c.Grootte == w.Grootte && c.Wortel != w.Wortel) {
		return c, fmt.Errorf("%w: the store does not hold the checkpoint of %d leaves that was signed at %s; it is an older copy, or another log",
			ErrOnverenigbaar, c.Grootte, c.Moment.Format(time.RFC3339))
	}
	return c, nil
}

// volg looks at what another node signed.
func (m *Maker) volg(ctx context.Context, p plek, z *gezien) error {
	w, err := m.b.Opslag.Laatste(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	if _, err := m.known(p, z, &w); err != nil || w.Nr == 0 {
		return err
	}
	if err := m.b.openBewaard(p.oin, p.boom, &w); err != nil {
		return fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
	}
	z.see(bewijs.Checkpoint{Origin: bewijs.OriginVan(w.Tekst), Grootte: w.Grootte, Wortel: w.Wortel, Moment: w.Moment})
	m.measure(p, z)
	return nil
}

func continues(van uint64, oud bewijs.Hash, n uint64, wortel bewijs.Hash, k bewijs.Knopen) error {
	if van > n {
		return fmt.Errorf("%w: it has %d leaves, and %d were signed", ErrOnverenigbaar, n, van)
	}
	pad, err := bewijs.Consistentie(van, n, k)
	if err != nil {
		return onleesbaar(n, err)
	}
	if err := bewijs.CheckConsistentie(pad, van, n, oud, wortel); err != nil {
		return fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
	}
	return nil
}

// onleesbaar is a tree that can't be read now: that says nothing of what stands there.
func onleesbaar(n uint64, err error) error {
	return fmt.Errorf("read tree of %d leaves: %w", n, err)
}
