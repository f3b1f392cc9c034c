package verwerkingenlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// blad makes the leaf of a version anew, from what it says now.
func blad(oin string, v *Versie) *bewijs.Blad {
	b := &bewijs.Blad{
		OIN: oin, ActieID: v.ActieID, Nummer: v.Nummer, Registratie: v.Registratie, Operatie: v.Operatie, Vervallen: v.Staat.Vervallen(),
	}
	commit(b, &v.Zaad, &v.Actie)
	return b
}

// Ontvangst gives the leaf of a version for a receipt, and its number: of version nummer, or, when that is 0, of the newest
// that the caller may have a receipt of.
//
// Who logged a version may have one of it, whatever became of the actie; so may who may read the actie as it stands, and
// an auditor. It tells nothing of what was logged; the salts that it holds serve whoever has the values: they go to who
// delivered the whole version, and to who may read it. So it is not an inquiry, and not logged.
//
// Errors: fout.NietGevonden, also for who may not read at all; fout.GeenToestemming, the same for every state.
func (l *Log) Ontvangst(ctx context.Context, a *Aanroeper, actieID string, nummer uint32) (uint64, *bewijs.Bladopening, error) {
	s, err := l.keys(a)
	if err != nil {
		return 0, nil, err
	}
	id, ok := ParseUUID(actieID)
	if !ok {
		return 0, nil, actieNietGevonden
	}
	rijen, err := l.store.Versions(ctx, a.Organisatie, id)
	if errors.Is(err, fout.NietGevonden) {
		return 0, nil, actieNietGevonden
	}
	if err != nil {
		return 0, nil, err
	}
	laatste := rijen[len(rijen)-1]
	leest := a.MagAudit || a.Lezen.SeesInBewerking(laatste.Staat)
	for k := len(rijen) - 1; k >= 0; k-- {
		if nummer != 0 && rijen[k].Nummer != nummer {
			continue
		}
		v, err := l.open(s, a.Organisatie, id, rijen[k])
		if err != nil {
			return 0, nil, err
		}
		eigen := v.ClientID == a.ClientID && !v.Eigen
		if !eigen && !leest {
			continue
		}
		b := blad(a.Organisatie, v)
		geheel := v.Operatie == bewijs.OperatiePOST || v.Operatie == bewijs.OperatiePUT
		if eigen && geheel || a.MagAudit || leest && rijen[k] == laatste {
			return v.Blad, b.Open(&v.Zaad), nil
		}
		return v.Blad, b.Dicht(), nil
	}
	if leest || a.Lezen == GeenBereik {
		return 0, nil, actieNietGevonden
	}
	return 0, nil, geenToestemming
}

// Inhouden gives what the leaves from van up to tot hash, made anew from the versions. fout.NietGevonden: one was purged.
func Inhouden(ctx context.Context, store Store, s *betrokkene.Sleutels, oin string, van, tot uint64) ([]bewijs.Hash, error) {
	bladen, knopen := make([]uint64, 0, tot-van), make([]uint64, 0, tot-van)
	for n := van; n < tot; n++ {
		bladen, knopen = append(bladen, n), append(knopen, bewijs.AantalKnopen(n))
	}
	rijen, err := store.Rows(ctx, oin, bladen)
	if err != nil {
		return nil, err
	}
	hashes, err := store.Knopen(ctx, oin, knopen)
	if err != nil {
		return nil, err
	}
	out := make([]bewijs.Hash, len(rijen))
	for i, r := range rijen {
		if r == nil {
			return nil, fout.NietGevonden
		}
		v, err := open(s, oin, r)
		if err == nil {
			err = isBlad(oin, v, hashes[i])
		}
		if err != nil {
			return nil, fmt.Errorf("leaf %d: %w", bladen[i], verandering(err))
		}
		out[i] = blad(oin, v).Inhoud()
	}
	return out, nil
}
