package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// continues tells whether the tree of n leaves begins with everything that was signed: what the store kept last, and l, which this
// process saw last or is remembered outside the store. Of what an epoch says that it was lost nothing is asked.
func (m *Maker) continues(p plek, l []bewijs.Checkpoint, w *Bewaard, t bewijs.Tijdvakken, n uint64, wortel bewijs.Hash, k bewijs.Knopen) error {
	if w.Nr > 0 {
		if err := m.b.openBewaard(p.oin, p.boom, w); err != nil {
			return fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
		}
		if err := continues(w.Grootte, w.Wortel, n, wortel, k); err != nil {
			return err
		}
	}
	return m.b.past(l, w, t, n, wortel, k)
}

// known are the last checkpoints that this process saw, or that are remembered outside the store.
func (m *Maker) known(p plek, z *gezien) ([]bewijs.Checkpoint, error) {
	switch {
	case z.laatste.Origin != "":
		return []bewijs.Checkpoint{z.laatste}, nil
	case m.geheugen != nil:
		return m.b.onthouden(m.geheugen, p.oin, p.boom)
	}
	return nil, nil
}

// onthouden reads what is remembered outside the store of a tree.
func (b *Bewaarder) onthouden(g Geheugen, oin string, boom bewijs.Boom) (l []bewijs.Checkpoint, err error) {
	teksten, err := g.Lees(oin, boom)
	for _, tekst := range teksten {
		c, e := b.open(oin, boom, tekst)
		if e != nil {
			return nil, fmt.Errorf("%w: what is remembered beside the keys can't be verified: %w", ErrOnverenigbaar, e)
		}
		l = append(l, c)
	}
	return l, err
}

// heeft tells whether the newest checkpoint in the store is not older than one that was signed, or an epoch says why.
func heeft(c *bewijs.Checkpoint, w *Bewaard, t bewijs.Tijdvakken) error {
	_, nr := bewijs.Basis(c.Origin)
	if nr < t.Nu() {
		return nil // the epoch says it, or the tree must continue it
	}
	if nr > t.Nu() || c.Grootte > w.Grootte || c.Grootte == w.Grootte && w.Nr > 0 && c.Wortel != w.Wortel {
		return fmt.Errorf("%w: %w: the store does not hold the checkpoint of %d leaves that was signed at %s",
			ErrOnverenigbaar, ErrTeruggezet, c.Grootte, c.Moment.Format(time.RFC3339))
	}
	return nil
}

// bouwtVoort tells whether the tree of n leaves continues a checkpoint, or an epoch says that the end of it was lost.
func (b *Bewaarder) bouwtVoort(c *bewijs.Checkpoint, t bewijs.Tijdvakken, n uint64, wortel bewijs.Hash, k bewijs.Knopen) error {
	verloren, err := t.Verloren(c)
	if err == nil && verloren == nil {
		err = continues(c.Grootte, c.Wortel, n, wortel, k)
	}
	switch {
	case errors.Is(err, bewijs.ErrTijdvak), errors.Is(err, bewijs.ErrOntkend):
		err = fmt.Errorf("%w: %w: %w (%d leaves, signed at %s)", ErrOnverenigbaar, ErrTeruggezet, err, c.Grootte, c.Moment.Format(time.RFC3339))
	case errors.Is(err, ErrOnverenigbaar):
		err = fmt.Errorf("%w: %w", err, ErrTeruggezet)
	}
	return err
}

// Teruggezet holds a tree against what is remembered of it outside the store. An error that wraps ErrTeruggezet says that the store
// is older than that, or of another log; any other that this can't be told now.
func (b *Bewaarder) Teruggezet(ctx context.Context, g Geheugen, oin string, boom bewijs.Boom) error {
	l, err := b.onthouden(g, oin, boom)
	if err != nil {
		return err
	}
	return b.Past(ctx, l, oin, boom)
}

// Past holds a tree, and the newest checkpoint in the store, against checkpoints that were signed of it; errors as Teruggezet.
func (b *Bewaarder) Past(ctx context.Context, l []bewijs.Checkpoint, oin string, boom bewijs.Boom) error {
	if len(l) == 0 {
		return nil
	}
	w, err := b.Opslag.Laatste(ctx, oin, boom)
	if err != nil {
		return err
	}
	t, err := b.Tijdvakken(ctx, oin, boom)
	if err != nil {
		return err
	}
	n, err := b.Bomen.Grootte(ctx, oin, boom)
	if err != nil {
		return err
	}
	k := b.knopen(ctx, oin, boom)
	wortel, err := bewijs.Wortel(n, k)
	if err != nil {
		return onleesbaar(n, err)
	}
	return b.past(l, &w, t, n, wortel, k)
}

func (b *Bewaarder) past(l []bewijs.Checkpoint, w *Bewaard, t bewijs.Tijdvakken, n uint64, wortel bewijs.Hash, k bewijs.Knopen) error {
	for i := range l {
		err := heeft(&l[i], w, t)
		if err == nil {
			err = b.bouwtVoort(&l[i], t, n, wortel, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// volg looks at what another node signed.
func (m *Maker) volg(ctx context.Context, p plek, z *gezien) error {
	l, err := m.known(p, z) // before the newest: that one may be remembered a moment later
	if err != nil {
		return err
	}
	w, err := m.b.Opslag.Laatste(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	t, err := m.b.Tijdvakken(ctx, p.oin, p.boom)
	if err != nil {
		return err
	}
	for i := range l {
		if err := heeft(&l[i], &w, t); err != nil {
			return err
		}
	}
	if w.Nr == 0 {
		return nil
	}
	if err := m.b.openBewaard(p.oin, p.boom, &w); err != nil {
		return fmt.Errorf("%w: %w", ErrOnverenigbaar, err)
	}
	if tijdvakVan(&w) < t.Nu() {
		return nil // the epoch has none yet; what is remembered of the one before stays as it is
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
