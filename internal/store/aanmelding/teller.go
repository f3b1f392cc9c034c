package aanmelding

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const (
	sqlTelSom = `SELECT CAST(coalesce(sum(aantal), 0) AS BIGINT), CAST(coalesce(min(venster), 0) AS BIGINT) FROM aanmeldteller
		WHERE organisatie = $1 AND account = $2 AND soort = $3 AND venster >= $4 AND aantal > 0`
	sqlTelBij = `INSERT INTO aanmeldteller(organisatie, account, soort, venster, aantal) VALUES($1, $2, $3, $4, $5)
		ON CONFLICT(organisatie, account, soort, venster) DO UPDATE SET aantal = aanmeldteller.aantal + excluded.aantal`
	sqlTelOpruim        = `DELETE FROM aanmeldteller WHERE venster < $1`
	sqlAanmeldingOpruim = `DELETE FROM aanmelding WHERE verloopt < $1`
	sqlSessieOpruim     = `DELETE FROM sessie WHERE verloopt < $1`
	sqlApparaatOpruim   = `DELETE FROM apparaat WHERE verloopt < $1`
)

// vensters is how many windows before the present one an hour reaches.
const vensters = int64(time.Hour / aanmelding.Venster)

func venster(t time.Time) int64 { return t.Unix() / int64(aanmelding.Venster/time.Second) }

// Tel implements aanmelding.Opslag.
func (s *Opslag) Tel(ctx context.Context, t aanmelding.Teller, nu time.Time) (uit aanmelding.Telling, err error) {
	err = s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(t.OIN)
		if err != nil {
			return err
		}
		n, oudste, err := som(tx, organisatie, &t, nu)
		if err != nil {
			return err
		}
		uit = aanmelding.Telling{Mag: n < t.Max, Aantal: n, Venster: nu}
		if n == 0 {
			oudste = venster(nu)
		}
		uit.Vrij = time.Unix((oudste+vensters+1)*int64(aanmelding.Venster/time.Second), 0).UTC()
		if !uit.Mag {
			return nil
		}
		uit.Aantal++
		return bij(tx, organisatie, &t, venster(nu), 1)
	})
	if err != nil {
		return aanmelding.Telling{}, fmt.Errorf("count an attempt: %w", err)
	}
	return uit, nil
}

// som gives how often was counted in the hour before nu, and the oldest window in which it was.
func som(tx *kamer.Tx, organisatie int64, t *aanmelding.Teller, nu time.Time) (n int, oudste int64, err error) {
	var aantal int64
	err = tx.QueryRow(sqlTelSom, organisatie, t.Account[:], t.Soort, venster(nu)-vensters).Scan(&aantal, &oudste)
	if err != nil {
		return 0, 0, fmt.Errorf("read a count: %w", err)
	}
	return int(aantal), oudste, nil
}

func bij(tx *kamer.Tx, organisatie int64, t *aanmelding.Teller, venster, n int64) error {
	if _, err := tx.Exec(sqlTelBij, organisatie, t.Account[:], t.Soort, venster, n); err != nil {
		return fmt.Errorf("count: %w", err)
	}
	return nil
}

// Opruim implements aanmelding.Opslag. A sign-in that ended is kept for a day, so that who comes late is told so.
func (s *Opslag) Opruim(ctx context.Context, nu time.Time) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		for tekst, grens := range map[string]int64{
			sqlTelOpruim:        venster(nu) - vensters - 1,
			sqlAanmeldingOpruim: micro(nu.Add(-24 * time.Hour)),
			sqlSessieOpruim:     micro(nu),
			sqlApparaatOpruim:   micro(nu),
		} {
			if _, err := tx.Exec(tekst, grens); err != nil {
				return fmt.Errorf("tidy sign-ins: %w", err)
			}
		}
		return nil
	})
}
