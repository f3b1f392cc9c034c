package controle

import (
	"context"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Tijdvakken reads the epochs of the trees.
type Tijdvakken interface {
	// Tijdvakken gives those of a tree after the first, in order, as they are stored.
	Tijdvakken(ctx context.Context, oin string, b bewijs.Boom) ([]bewijs.Tijdvak, error)
}

// tijdvakken reads the epochs of all trees. One that is not what it should be is told and left out: then its leaf is missed too.
func (w *Winkel) tijdvakken(ctx context.Context, meld Meld) (map[string]map[bewijs.Boom]bewijs.Tijdvakken, error) {
	uit := map[string]map[bewijs.Boom]bewijs.Tijdvakken{}
	for _, oin := range w.Opslag.OINs() {
		uit[oin] = map[bewijs.Boom]bewijs.Tijdvakken{}
		for _, b := range bewijs.Bomen {
			l, err := w.Tijdvakken.Tijdvakken(ctx, oin, b)
			if err != nil {
				return nil, fmt.Errorf("read epochs: %w", err)
			}
			goed := l[:0:0]
			for _, t := range l {
				if _, err := bewijs.OpenTijdvakken(oin, b, append(goed, t)); err != nil {
					meld(Gebrek{oin, DeelTijdvak, fmt.Sprintf("tijdvak %d van de boom %s", t.Nummer, b), "Het tijdvak is veranderd: zijn blad is niet te lezen, of past niet bij wat ernaast staat of bij het tijdvak ervoor."})
					continue
				}
				goed = append(goed, t)
			}
			if uit[oin][b], err = bewijs.OpenTijdvakken(oin, b, goed); err != nil {
				return nil, err
			}
		}
	}
	return uit, nil
}

func losTijdvak(oin string, t *bewijs.Tijdvakblad, meld Meld) {
	meld(Gebrek{oin, DeelTijdvak, fmt.Sprintf("tijdvak %d van de boom %s", t.Nummer, t.Boom), "Het blad waarmee dit tijdvak begint, staat niet in de boom."})
}

// beheerTijdvakken holds the epochs of a beheerlog of so many good lines against the lines that begin them.
func (w *Winkel) beheerTijdvakken(ctx context.Context, oin string, regels uint64, l bewijs.Tijdvakken, meld Meld) error {
	for _, t := range l {
		h, err := w.Beheer.Knopen(ctx, oin, []uint64{bewijs.AantalKnopen(t.Blad)})
		switch {
		case ctx.Err() != nil || errors.Is(err, fout.NietBeschikbaar):
			return errors.Join(err, ctx.Err())
		case err != nil || h[0] != t.BladHash():
			losTijdvak(oin, t, meld)
		}
	}
	begin, err := w.Beheer.Tijdvakregels(ctx, oin)
	if ctx.Err() != nil || errors.Is(err, fout.NietBeschikbaar) {
		return errors.Join(err, ctx.Err())
	}
	if err != nil {
		return nil // the line was named as changed
	}
	for _, nummer := range begin {
		if nummer < regels && l.Op(nummer) == nil {
			meld(Gebrek{oin, DeelTijdvak, fmt.Sprintf("regel %d", nummer), "Met deze regel van het beheerlog begint een tijdvak, en het tijdvak zelf ontbreekt."})
		}
	}
	return nil
}
