package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A version that is put under other keys changes in log.db alone. Its entries in the index stay as they are, and find it:
// whoever searches a person has the handles of all keys. hersleuteld keeps them, in the same transaction, so that at every
// moment and after every crash it is known what the index has of a version: what stands there, or else what the version
// itself says. When the index is renewed (vernieuwen.go) or made anew, it is made of the versions and hersleuteld is emptied.

var _ verwerkingenlog.Hersleutelaar = (*Store)(nil)

const (
	sqlHersleutelLees = `SELECT ` + kolommen + ` FROM versie WHERE nr >= ? AND nr < ? ORDER BY nr LIMIT ?`
	// The index has what the version was logged with, however often it was put under other keys since.
	sqlHersleutelBewaar = `INSERT INTO hersleuteld(nr, ingangen) SELECT nr, ingangen FROM versie
		WHERE nr = ?1 AND ingangen = ?2 AND inhoud = ?3 ON CONFLICT DO NOTHING`
	sqlHersleutelSchrijf = `UPDATE versie SET ingangen = ?4, inhoud = ?5 WHERE nr = ?1 AND ingangen = ?2 AND inhoud = ?3`
	sqlHersleuteldWis    = `DELETE FROM hersleuteld WHERE nr IN (SELECT nr FROM hersleuteld LIMIT 20000)`
	sqlHersleuteldAantal = `SELECT count(*) FROM hersleuteld WHERE nr >= ? AND nr < ?`
	sqlHersleuteldLos    = `SELECT count(*) FROM hersleuteld h WHERE NOT EXISTS (SELECT 1 FROM versie v WHERE v.nr = h.nr)`
	sqlHersleuteldIsEr   = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'hersleuteld'`
	// What it overwrites or deletes must not stay behind in the file.
	sqlWisEcht  = `PRAGMA secure_delete = ON`
	sqlWisSnel  = `PRAGMA secure_delete = FAST`
	sqlNietOver = `SELECT 1 WHERE EXISTS (SELECT 1 FROM hersleuteld)`
)

// They bound one transaction, so that the intake waits a few ms for it.
const (
	maxHersleutel = 128
	zwaarGenoeg   = 256 << 10 // bytes of content
)

// vervanging is a version with what it gets.
type vervanging struct {
	rij   *verwerkingenlog.Rij
	nieuw verwerkingenlog.Nieuw
}

// Hersleutel implements verwerkingenlog.Hersleutelaar.
func (s *Store) Hersleutel(ctx context.Context, oin string, van uint64, max int, f func(*verwerkingenlog.Rij) (verwerkingenlog.Nieuw, bool, error)) (volgende uint64, gewijzigd int, err error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return van, 0, err
	}
	if err := s.usable(); err != nil {
		return van, 0, err
	}
	if s.index.schoon.Load() { // what would be kept now, would be forgotten
		return van, 0, unavailable("De index wordt vernieuwd; probeer het straks opnieuw.", "rewrite", errAndere)
	}
	// What is not below it has not been shown to readers yet.
	tot := o.grootte.Load()
	if van >= tot {
		return van, 0, nil
	}
	rijen, err := s.lees.enkele(ctx, o, van, tot, min(maxHersleutel, cmp.Or(max, 1)))
	if err != nil {
		return van, 0, judgeRead("read versions", err)
	}
	volgende = tot // what is not there any more needs no other keys
	if n := len(rijen); n > 0 {
		volgende = rijen[n-1].Blad + 1
	}
	var l []vervanging
	for _, r := range rijen {
		nieuw, anders, err := f(r)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return van, 0, err
		}
		if anders {
			l = append(l, vervanging{r, nieuw})
		}
	}
	if len(l) == 0 {
		return volgende, 0, nil
	}
	if gewijzigd, err = s.vervang(ctx, o, l); err != nil {
		return van, 0, err
	}
	return volgende, gewijzigd, nil
}

// enkele reads some versions from leaf van on, until they are many or weigh much.
func (l *lezer) enkele(ctx context.Context, o *organisatie, van, tot uint64, max int) (rijen []*verwerkingenlog.Rij, err error) {
	rows, err := l.db.QueryContext(ctx, sqlHersleutelLees, versieNr(o.nr, van), versieNr(o.nr, tot), max)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for zwaar := 0; zwaar < zwaarGenoeg && rows.Next(); {
		r, err := scanRij(rows)
		if err != nil {
			return nil, err
		}
		rijen = append(rijen, r)
		zwaar += len(r.Inhoud)
	}
	return rijen, rows.Err()
}

// overschrijf calls f as the one writer, between two groups of the log; what it overwrites or deletes does not stay behind in the file.
func (s *Store) overschrijf(ctx context.Context, f func(ctx context.Context) error) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := s.schrijf.c.ExecContext(ctx, sqlWisEcht); err != nil {
		return s.fail(judge("begin", err))
	}
	defer func() {
		_, e := s.schrijf.c.ExecContext(ctx, sqlWisSnel)
		err = errors.Join(err, e)
	}()
	return f(ctx)
}

// vervang gives versions other keys, in one transaction, and tells of how many.
func (s *Store) vervang(ctx context.Context, o *organisatie, l []vervanging) (n int, err error) {
	err = s.overschrijf(ctx, func(ctx context.Context) error {
		if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
			return s.fail(judge("begin", err))
		}
		zwaar := 0
		for _, v := range l {
			inhoud := v.nieuw.Inhoud
			if inhoud == nil {
				inhoud = []byte{} // nil would be NULL
			}
			oud, nieuw := appendIngangen([]byte{}, v.rij.Ingangen), appendIngangen([]byte{}, v.nieuw.Ingangen)
			nr := versieNr(o.nr, v.rij.Blad)
			if !bytes.Equal(oud, nieuw) {
				if _, err := s.schrijf.bewaar.ExecContext(ctx, nr, oud, v.rij.Inhoud); err != nil {
					return s.fail(s.rollback(ctx, judge("keep entries", err)))
				}
			}
			r, err := s.schrijf.vervang.ExecContext(ctx, nr, oud, v.rij.Inhoud, nieuw, inhoud)
			var k int64
			if err == nil {
				k, err = r.RowsAffected()
			}
			if err != nil {
				return s.fail(s.rollback(ctx, judge("replace version", err)))
			}
			n += int(k)
			zwaar += 60 + 2*len(nieuw) + len(inhoud)
		}
		if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
			return s.fail(s.rollback(ctx, judge("commit", err)))
		}
		s.countPages(&groep{bytes: zwaar})
		return nil
	})
	return n, err
}

// Hersleuteld is the number of versions of which the index has the entries of before they were put under other keys.
// VernieuwIndex and reindex take these away.
func (s *Store) Hersleuteld(ctx context.Context, oin string) (n int64, err error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return 0, err
	}
	err = s.lees.db.QueryRowContext(ctx, sqlHersleuteldAantal, versieNr(o.nr, 0), versieNr(o.nr+1, 0)).Scan(&n)
	if err != nil {
		return 0, judgeRead("count", err)
	}
	return n, nil
}

// forgetHersleuteld empties hersleuteld, when there is no index file and nobody reads or appends.
func (s *Store) forgetHersleuteld(ctx context.Context) error {
	var een int
	if err := s.schrijf.c.QueryRowContext(ctx, sqlNietOver).Scan(&een); errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	if _, err := s.schrijf.c.ExecContext(ctx, sqlWisEcht); err != nil {
		return err
	}
	for {
		r, err := s.schrijf.c.ExecContext(ctx, sqlHersleuteldWis)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if _, _, _, err := s.lees.checkpoint(ctx, "TRUNCATE"); err != nil {
			return err
		}
	}
	_, err := s.schrijf.c.ExecContext(ctx, sqlWisSnel)
	return err
}

// losHersleuteld tells of kept entries of no version.
func (n *Nakijker) losHersleuteld(ctx context.Context, meld controle.Meld) error {
	if !n.hersleuteld {
		return nil
	}
	var aantal int
	err := n.log.QueryRowContext(ctx, sqlHersleuteldLos).Scan(&aantal)
	if aantal > 0 {
		meld(controle.Gebrek{Deel: controle.DeelIndex, Waar: "hersleuteld", Wat: "Hier staan ingangen van versies die er niet zijn."})
	}
	return stuk(err, logBestand, controle.DeelOpslag, meld)
}
