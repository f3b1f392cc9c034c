package verhuizing

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

const (
	// portieBytes bounds what is in memory, and a transaction of the target.
	portieBytes    = 8 << 20
	portieSleutels = 4096
)

// tocht is the move of one organisation.
type tocht struct {
	oin      string
	kop      Kop          // of the target
	rand     *bewijs.Rand // recomputed from the leaves of the target that were compared
	bekeken  uint64       // so many
	sleutels uint64       // the keys of so many leaves were taken over
	laatste  int64
	al       bool // there is nothing to do
}

// move brings the target as far as kop, and compares what was not yet.
func (v *verhuizing) move(ctx context.Context, t *tocht, kop Kop) error {
	if err := v.copy(ctx, t, kop.Grootte()); err != nil {
		return err
	}
	if err := v.compare(ctx, t, kop); err != nil {
		return err
	}
	return v.copySleutels(ctx, t, kop.Grootte())
}

func (v *verhuizing) copy(ctx context.Context, t *tocht, tot uint64) error {
	var portie []Blad
	omvang := 0
	for b, err := range v.bron.Bladen(ctx, t.oin, t.kop.Grootte(), tot) {
		if err != nil {
			return err
		}
		portie = append(portie, b)
		if b.Rij != nil {
			omvang += len(b.Rij.Inhoud) + 32*len(b.Rij.Ingangen)
		}
		if len(portie) < v.portie && omvang < portieBytes && b.Nummer+1 < tot {
			continue
		}
		if t.kop, err = v.doel.Take(ctx, t.oin, t.kop, portie); err != nil {
			return err
		}
		clear(portie)
		portie, omvang = portie[:0], 0
		v.progress(t, "overgenomen", t.kop.Grootte(), tot)
	}
	if t.kop.Grootte() != tot {
		return fmt.Errorf("van organisatie %s zijn %d van %d bladen overgenomen; de bron mist bladen", t.oin, t.kop.Grootte(), tot)
	}
	return nil
}

// compare reads the leaves from both sides, and recomputes the root from those of the target.
func (v *verhuizing) compare(ctx context.Context, t *tocht, kop Kop) error {
	if t.rand == nil {
		t.rand = new(bewijs.Rand)
	}
	ander, stop := iter.Pull2(v.doel.Bladen(ctx, t.oin, t.bekeken, kop.Grootte()))
	defer stop()
	var hashes []bewijs.Hash
	for b, err := range v.bron.Bladen(ctx, t.oin, t.bekeken, kop.Grootte()) {
		if err != nil {
			return err
		}
		a, err, ok := ander()
		if err != nil {
			return err
		}
		if !ok || !b.same(&a) {
			return fmt.Errorf("blad %d van organisatie %s is op het doel niet wat het op de bron is; vertrouw het doel niet, kies een nieuwe database en begin opnieuw", b.Nummer, t.oin)
		}
		hashes = t.rand.Append(hashes[:0], a.Hash)
		t.bekeken++
		v.progress(t, "vergeleken", t.bekeken, kop.Grootte())
	}
	doel, err := v.doel.Kop(ctx, t.oin)
	if err != nil {
		return err
	}
	if n := kop.Grootte(); t.bekeken != n || doel.Grootte() != n || t.rand.Wortel() != kop.Rand.Wortel() || doel.Rand.Wortel() != kop.Rand.Wortel() {
		return fmt.Errorf("de wortel van organisatie %s is op het doel niet die van de bron; vertrouw het doel niet, kies een nieuwe database en begin opnieuw", t.oin)
	}
	return nil
}

// copySleutels takes over the keys of leaves below tot whose turn has not been. Those of younger leaves wait:
// their leaf is not there yet.
func (v *verhuizing) copySleutels(ctx context.Context, t *tocht, tot uint64) error {
	var portie []Sleutel
	for k, err := range v.bron.Sleutels(ctx, t.oin, t.sleutels) {
		if err != nil {
			return err
		}
		if k.Blad >= tot {
			continue
		}
		if portie = append(portie, k); len(portie) == portieSleutels {
			if err := v.doel.TakeSleutels(ctx, t.oin, portie); err != nil {
				return err
			}
			portie = portie[:0]
		}
	}
	if len(portie) > 0 {
		if err := v.doel.TakeSleutels(ctx, t.oin, portie); err != nil {
			return err
		}
	}
	t.sleutels = tot
	return nil
}

// progress says now and then how far it is.
func (v *verhuizing) progress(t *tocht, wat string, n, van uint64) {
	if n < van && time.Since(v.gemeld) < 5*time.Second {
		return
	}
	v.gemeld = time.Now()
	v.meld(fmt.Sprintf("organisatie %s: %d van %d versies %s", t.oin, n, van, wat))
}
