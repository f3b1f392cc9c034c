package verwerkingenlog

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// openAll reads back what Store.Rows gave for acties, like open, but holds each version against its Merk: the seal answers for
// what it says, and the Merk for what stands under no seal. Making the leaf anew costs five times as much, and a page has many. A
// version without a Merk, or with another one, is held against its leaf. A nil among rijen stays nil.
//
// Errors: CodeIntern with ErrVeranderd, told to Opties.Veranderd; those of Store.Knopen.
func (l *Log) openAll(ctx context.Context, s *betrokkene.Sleutels, oin string, acties []uuid.UUID, rijen []*Rij) ([]*Versie, error) {
	versies := make([]*Versie, len(rijen))
	var over []int // places of those without the right Merk
	var knopen []uint64
	for k, rij := range rijen {
		if rij == nil {
			continue
		}
		v, err := open(s, oin, rij)
		if err == nil {
			err = isVan(acties[k], rij)
		}
		if err != nil {
			return nil, l.veranderd(err)
		}
		if versies[k] = v; v.Zaad.Merk(rij.Blad, rij.Registratie) != rij.Merk {
			over, knopen = append(over, k), append(knopen, bewijs.AantalKnopen(rij.Blad))
		}
	}
	if len(over) == 0 {
		return versies, nil
	}
	hashes, err := l.store.Knopen(ctx, oin, knopen)
	if err != nil {
		return nil, err
	}
	for i, k := range over {
		if err := isBlad(oin, versies[k], hashes[i]); err != nil {
			return nil, l.veranderd(err)
		}
	}
	return versies, nil
}

// openOne reads a version by its leaf, as openAll; nil when it is not there (any more).
func (l *Log) openOne(ctx context.Context, s *betrokkene.Sleutels, oin string, actie uuid.UUID, blad uint64) (*Versie, error) {
	rijen, err := l.store.Rows(ctx, oin, []uint64{blad})
	if err != nil {
		return nil, err
	}
	versies, err := l.openAll(ctx, s, oin, []uuid.UUID{actie}, rijen)
	if err != nil {
		return nil, err
	}
	return versies[0], nil
}

// open reads a stored version of an actie back to show it or go on from it, and holds what it says against the leaf in the tree,
// which Latest and Versions read with it: the instant of registration stands under no seal. That it is of another actie than the
// store found it for is an alteration as well. What differs is told to Opties.Veranderd.
//
// Errors: CodeIntern with ErrVeranderd.
func (l *Log) open(s *betrokkene.Sleutels, oin string, actie uuid.UUID, rij *Rij) (*Versie, error) {
	v, err := open(s, oin, rij)
	if err == nil {
		err = isVan(actie, rij)
	}
	if err == nil {
		err = isBlad(oin, v, rij.BladHash)
	}
	if err != nil {
		return nil, l.veranderd(err)
	}
	return v, nil
}

// isVan tells whether a row is of the actie that the store found it for.
func isVan(actie uuid.UUID, rij *Rij) error {
	if rij.ActieID != actie {
		return fmt.Errorf("leaf %d was found as a version of actie %s, and is not", rij.Blad, actie)
	}
	return nil
}

// isBlad makes the leaf of a version anew and compares it with the leaf hash of the tree.
func isBlad(oin string, v *Versie, hash bewijs.Hash) error {
	if blad(oin, v).BladHash() != hash {
		return fmt.Errorf("version %d of actie %s was altered: its leaf %d in the tree is another one", v.Nummer, v.ActieID, v.Blad)
	}
	return nil
}

// veranderd makes the refusal of what was altered, and tells of it.
func (l *Log) veranderd(err error) error {
	err = verandering(err)
	if l.opties.Veranderd != nil {
		l.opties.Veranderd(err)
	}
	return err
}

func verandering(err error) error {
	return fout.Wrap(fout.CodeIntern, "Een van de gevraagde verwerkingsacties is in de opslag veranderd en wordt daarom niet getoond; laat de beheerder van het register de opslag nakijken met 'verantwoord verify'.",
		fmt.Errorf("%w: %w", ErrVeranderd, err))
}
