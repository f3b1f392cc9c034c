package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ getuige.Opslag = (*Opslag)(nil)

const (
	vanMede        = ` FROM medeondertekening WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND boom = $2`
	sqlMede        = `SELECT nr, sleutel, moment, regel` + vanMede + ` AND nr = $3 ORDER BY sleutel`
	sqlAlleMede    = `SELECT nr, sleutel, moment, regel` + vanMede + ` ORDER BY nr, sleutel`
	sqlLaatsteMede = `SELECT nr, moment` + vanMede + ` AND sleutel = $3 ORDER BY nr DESC LIMIT 1`
	sqlNieuwMede   = `INSERT INTO medeondertekening(organisatie, boom, nr, sleutel, moment, regel) VALUES($1, $2, $3, $4, $5, $6)
		ON CONFLICT(organisatie, boom, nr, sleutel) DO NOTHING`
	sqlGrootte = `SELECT grootte, tekst` + van + ` AND nr = $3 AND openbaar = 1`
)

// Medeondertekeningen implements getuige.Opslag.
func (s *Opslag) Medeondertekeningen(ctx context.Context, oin string, b bewijs.Boom, nr uint64) ([]getuige.Medeondertekening, error) {
	per, err := s.mede(ctx, sqlMede, oin, string(b), int64(nr))
	return per[nr], err
}

// AlleMede implements controle.Punten.
func (s *Opslag) AlleMede(ctx context.Context, oin string, b bewijs.Boom) (map[uint64][]getuige.Medeondertekening, error) {
	return s.mede(ctx, sqlAlleMede, oin, string(b))
}

// mede reads cosignatures, by the number of the checkpoint.
func (s *Opslag) mede(ctx context.Context, tekst string, args ...any) (uit map[uint64][]getuige.Medeondertekening, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = map[uint64][]getuige.Medeondertekening{}
		for row, err := range tx.Query(tekst, args...) {
			var nr, moment int64
			var m getuige.Medeondertekening
			if err == nil {
				err = row.Scan(&nr, &m.Sleutel, &moment, &m.Regel)
			}
			if err != nil {
				return err
			}
			m.Moment = time.UnixMicro(moment).UTC()
			uit[uint64(nr)] = append(uit[uint64(nr)], m)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read cosignatures: %w", err)
	}
	return uit, nil
}

// LaatsteVan implements getuige.Opslag.
func (s *Opslag) LaatsteVan(ctx context.Context, oin string, b bewijs.Boom, sleutel string) (l getuige.Laatste, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		l = getuige.Laatste{}
		var nr, moment, grootte int64
		var tekst []byte
		err := tx.QueryRow(sqlLaatsteMede, oin, string(b), sleutel).Scan(&nr, &moment)
		if errors.Is(err, kamer.ErrGeenRij) {
			return nil
		}
		if err == nil {
			err = tx.QueryRow(sqlGrootte, oin, string(b), nr).Scan(&grootte, &tekst)
		}
		if err != nil {
			return err
		}
		_, tijdvak := bewijs.Basis(bewijs.OriginVan(tekst))
		l = getuige.Laatste{Nr: uint64(nr), Grootte: uint64(grootte), Tijdvak: tijdvak, Moment: time.UnixMicro(moment).UTC()}
		return nil
	})
	if err != nil {
		return l, fmt.Errorf("read newest cosignature: %w", err)
	}
	return l, nil
}

// VoegMede implements getuige.Opslag.
func (s *Opslag) VoegMede(ctx context.Context, oin string, b bewijs.Boom, nr uint64, m *getuige.Medeondertekening) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		var grootte int64
		var tekst []byte
		if err := tx.QueryRow(sqlGrootte, oin, string(b), int64(nr)).Scan(&grootte, &tekst); err != nil {
			return err // there is no such public checkpoint
		}
		_, err = tx.Exec(sqlNieuwMede, organisatie, string(b), int64(nr), m.Sleutel, m.Moment.UnixMicro(), m.Regel)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep cosignature: %w", err)
	}
	return nil
}
