// Package hersleuteling keeps since when keys are known and how far rewriting with them is: betrokkene.Momenten and
// hersleuteling.Opslag, written once for both engines on the rooms of kamer. It names keys and holds none.
package hersleuteling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var (
	_ hersleuteling.Opslag = (*Opslag)(nil)
	_ betrokkene.Momenten  = (*Opslag)(nil)
)

// Opslag implements both on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives what an engine keeps whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

const (
	van         = ` WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1)`
	sqlMomenten = `SELECT naam, bekend FROM sleutelmoment` + van
	// Of two nodes that find a key at once the later moment counts: then both have it.
	sqlMoment = `INSERT INTO sleutelmoment(organisatie, naam, bekend) VALUES($1, $2, $3)
		ON CONFLICT(organisatie, naam) DO UPDATE SET bekend = CASE WHEN excluded.bekend > sleutelmoment.bekend THEN excluded.bekend ELSE sleutelmoment.bekend END`
	sqlVoortgang = `SELECT doel, volgende, totaal, gewijzigd, gelaten, begonnen, klaar FROM hersleuteling` + van
	sqlKamers    = `SELECT plek, bekeken, gewijzigd, gelaten, klaar FROM hersleutelkamer` + van + ` AND doel = $2`
	sqlBewaar    = `INSERT INTO hersleuteling(organisatie, doel, volgende, totaal, gewijzigd, gelaten, begonnen, klaar) VALUES($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT(organisatie) DO UPDATE SET doel = excluded.doel, volgende = excluded.volgende, totaal = excluded.totaal,
			gewijzigd = excluded.gewijzigd, gelaten = excluded.gelaten, begonnen = excluded.begonnen, klaar = excluded.klaar`
	sqlBewaarKamers = `INSERT INTO hersleutelkamer(organisatie, doel, plek, bekeken, gewijzigd, gelaten, klaar) VALUES($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT(organisatie) DO UPDATE SET doel = excluded.doel, plek = excluded.plek, bekeken = excluded.bekeken,
			gewijzigd = excluded.gewijzigd, gelaten = excluded.gelaten, klaar = excluded.klaar`
)

// Momenten implements betrokkene.Momenten.
func (s *Opslag) Momenten(ctx context.Context, oin string) (uit map[string]time.Time, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = map[string]time.Time{}
		for row, err := range tx.Query(sqlMomenten, oin) {
			var naam string
			var bekend int64
			if err == nil {
				err = row.Scan(&naam, &bekend)
			}
			if err != nil {
				return err
			}
			uit[naam] = time.UnixMicro(bekend).UTC()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read since when keys are known: %w", err)
	}
	return uit, nil
}

// BewaarMomenten implements betrokkene.Momenten.
func (s *Opslag) BewaarMomenten(ctx context.Context, oin string, nieuw map[string]time.Time) error {
	return s.schrijf(ctx, oin, "save since when keys are known", func(tx *kamer.Tx, nr int64) error {
		for naam, t := range nieuw {
			if _, err := tx.Exec(sqlMoment, nr, naam, t.UnixMicro()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Voortgang implements hersleuteling.Opslag.
func (s *Opslag) Voortgang(ctx context.Context, oin string) (v hersleuteling.Voortgang, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		var volgende, totaal, gewijzigd, gelaten, begonnen, klaar int64
		err := tx.QueryRow(sqlVoortgang, oin).Scan(&v.Doel, &volgende, &totaal, &gewijzigd, &gelaten, &begonnen, &klaar)
		if errors.Is(err, kamer.ErrGeenRij) {
			v = hersleuteling.Voortgang{}
			return nil
		}
		v.Volgende, v.Totaal, v.Gewijzigd, v.Gelaten = uint64(volgende), uint64(totaal), uint64(gewijzigd), uint64(gelaten)
		if err != nil {
			return err
		}
		v.Begonnen, v.Klaar = time.UnixMicro(begonnen).UTC(), moment(klaar)
		k := &v.Kamers
		err = tx.QueryRow(sqlKamers, oin, v.Doel).Scan(&k.Plek, &volgende, &gewijzigd, &gelaten, &klaar)
		if errors.Is(err, kamer.ErrGeenRij) {
			return nil // they come after the log
		}
		k.Bekeken, k.Gewijzigd, k.Gelaten, k.Klaar = uint64(volgende), uint64(gewijzigd), uint64(gelaten), moment(klaar)
		return err
	})
	if err != nil {
		return hersleuteling.Voortgang{}, fmt.Errorf("read how far rewriting is: %w", err)
	}
	return v, nil
}

// BewaarVoortgang implements hersleuteling.Opslag.
func (s *Opslag) BewaarVoortgang(ctx context.Context, oin string, v hersleuteling.Voortgang) error {
	return s.schrijf(ctx, oin, "save how far rewriting is", func(tx *kamer.Tx, nr int64) error {
		_, err := tx.Exec(sqlBewaar, nr, v.Doel, int64(v.Volgende), int64(v.Totaal), int64(v.Gewijzigd), int64(v.Gelaten), v.Begonnen.UnixMicro(), micro(v.Klaar))
		if err != nil {
			return err
		}
		k := v.Kamers
		_, err = tx.Exec(sqlBewaarKamers, nr, v.Doel, k.Plek, int64(k.Bekeken), int64(k.Gewijzigd), int64(k.Gelaten), micro(k.Klaar))
		return err
	})
}

// A moment is stored in microseconds; the zero one as 0.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func (s *Opslag) schrijf(ctx context.Context, oin, wat string, f func(tx *kamer.Tx, nr int64) error) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		return f(tx, nr)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", wat, err)
	}
	return nil
}

// Verhuis takes over both, of organisations that stand in both stores. How far the rooms are stays behind: the engines order
// rows in other ways. They are gone through again, which changes what needs it.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "sleutelmoment", "naam", "bekend"); err != nil {
			return err
		}
		if err := kamer.Overnemen(ctx, van, naar, oin, "hersleuteling", "doel", "volgende", "totaal", "gewijzigd", "gelaten", "begonnen", "klaar"); err != nil {
			return err
		}
	}
	return nil
}
