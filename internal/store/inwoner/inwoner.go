// Package inwoner keeps sessions of citizens in the store: inwoner.Opslag, written once for both engines on the rooms of kamer.
//
// Tokens and states are hashes and people handles; all else is sealed. A sign-in, what it takes back of the counts, its session and
// its event are one transaction, and of one state comes one session, whichever process is asked.
package inwoner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ inwoner.Opslag = (*Opslag)(nil)

// Opslag implements inwoner.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the sessions of citizens of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

const (
	sqlStaatNieuw = `INSERT INTO inwonerstaat(id, organisatie, verloopt) VALUES($1, $2, $3) ON CONFLICT(id) DO NOTHING`

	sqlSessie = `SELECT o.oin, s.persoon, s.begonnen, s.gezien, s.verloopt, s.inhoud
		FROM inwonersessie s JOIN organisatie o ON o.nr = s.organisatie WHERE s.id = $1`
	sqlSessieNieuw  = `INSERT INTO inwonersessie(id, organisatie, persoon, begonnen, gezien, verloopt, inhoud) VALUES($1, $2, $3, $4, $5, $6, $7)`
	sqlSessieGezien = `UPDATE inwonersessie SET gezien = $2 WHERE id = $1 AND gezien < $2`
	sqlSessieWis    = `DELETE FROM inwonersessie WHERE id = $1 AND organisatie = $2`
	sqlSessiesWis   = `DELETE FROM inwonersessie WHERE organisatie = $1 AND persoon = $2`

	sqlHistorieNieuw = `INSERT INTO inwonerhistorie(organisatie, persoon, nr, moment) VALUES($1, $2, $3, $4)`
	sqlHistorie      = `SELECT nr FROM inwonerhistorie WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND persoon = $2 ORDER BY nr DESC LIMIT $3`

	sqlTelSom = `SELECT CAST(coalesce(sum(aantal), 0) AS BIGINT), CAST(coalesce(min(venster), 0) AS BIGINT) FROM inwonerteller
		WHERE organisatie = $1 AND wie = $2 AND soort = $3 AND venster >= $4 AND aantal > 0`
	sqlTelBij = `INSERT INTO inwonerteller(organisatie, wie, soort, venster, aantal) VALUES($1, $2, $3, $4, $5)
		ON CONFLICT(organisatie, wie, soort, venster) DO UPDATE SET aantal = inwonerteller.aantal + excluded.aantal`

	sqlStaatOpruim    = `DELETE FROM inwonerstaat WHERE verloopt < $1`
	sqlSessieOpruim   = `DELETE FROM inwonersessie WHERE verloopt < $1`
	sqlStilOpruim     = `DELETE FROM inwonersessie WHERE gezien < $1`
	sqlTelOpruim      = `DELETE FROM inwonerteller WHERE venster < $1`
	sqlHistorieOpruim = `DELETE FROM inwonerhistorie WHERE moment < $1`
)

// vensters is how many windows before the present one an hour reaches.
const vensters = int64(time.Hour / inwoner.Venster)

func venster(t time.Time) int64 { return t.Unix() / int64(inwoner.Venster/time.Second) }

// Tel implements inwoner.Opslag.
func (s *Opslag) Tel(ctx context.Context, t inwoner.Teller, nu time.Time) (uit inwoner.Telling, err error) {
	err = s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(t.OIN)
		if err != nil {
			return err
		}
		var n, oudste int64
		if err := tx.QueryRow(sqlTelSom, organisatie, t.Wie[:], t.Soort, venster(nu)-vensters).Scan(&n, &oudste); err != nil {
			return err
		}
		if n == 0 {
			oudste = venster(nu)
		}
		uit = inwoner.Telling{Mag: n < int64(t.Max), Vrij: time.Unix((oudste+vensters+1)*int64(inwoner.Venster/time.Second), 0).UTC()}
		if !uit.Mag {
			return nil
		}
		return tel(tx, organisatie, t, nu, 1)
	})
	if err != nil {
		return inwoner.Telling{}, fmt.Errorf("count an attempt of a citizen: %w", err)
	}
	return uit, nil
}

func tel(tx *kamer.Tx, organisatie int64, t inwoner.Teller, nu time.Time, n int64) error {
	_, err := tx.Exec(sqlTelBij, organisatie, t.Wie[:], t.Soort, venster(nu), n)
	return err
}

// Schrijf implements inwoner.Opslag.
func (s *Opslag) Schrijf(ctx context.Context, oin string, w *inwoner.Wijziging) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		if w.Staat != nil {
			if err := een(tx, sqlStaatNieuw, w.Staat.ID[:], organisatie, micro(w.Staat.Verloopt)); err != nil {
				return fmt.Errorf("use state of a sign-in: %w", err)
			}
		}
		for _, t := range w.Terug {
			if err := tel(tx, organisatie, t, w.TerugVenster, -1); err != nil {
				return fmt.Errorf("take back an attempt of a citizen: %w", err)
			}
		}
		if w.SessieWeg != nil {
			if err := een(tx, sqlSessieWis, w.SessieWeg[:], organisatie); err != nil {
				return fmt.Errorf("end session of a citizen: %w", err)
			}
		}
		for _, p := range w.AllesWeg {
			if _, err := tx.Exec(sqlSessiesWis, organisatie, p[:]); err != nil {
				return fmt.Errorf("end sessions of a citizen: %w", err)
			}
		}
		if r := w.Sessie; r != nil {
			if _, err := tx.Exec(sqlSessieNieuw, r.ID[:], organisatie, r.Persoon[:], micro(r.Begonnen), micro(r.Gezien), micro(r.Verloopt), r.Verzegeld); err != nil {
				return fmt.Errorf("store session of a citizen: %w", err)
			}
		}
		return voegRegelToe(tx, organisatie, w)
	})
}

// een runs a statement that must touch one row.
func een(tx *kamer.Tx, tekst string, args ...any) error {
	n, err := tx.Exec(tekst, args...)
	if err == nil && n != 1 {
		err = fout.Gelijktijdig
	}
	return err
}

// voegRegelToe adds the event, last: others wait from there on.
func voegRegelToe(tx *kamer.Tx, organisatie int64, w *inwoner.Wijziging) error {
	if w.Log == nil {
		return nil
	}
	if err := storebeheerlog.Add(tx, w.Log); err != nil {
		return err
	}
	if w.Persoon == nil {
		return nil
	}
	if _, err := tx.Exec(sqlHistorieNieuw, organisatie, w.Persoon[:], int64(w.Log.Nummer), w.Log.Moment); err != nil {
		return fmt.Errorf("note history of a citizen: %w", err)
	}
	return nil
}

// Sessie implements inwoner.Opslag.
func (s *Opslag) Sessie(ctx context.Context, id inwoner.Afdruk) (*inwoner.SessieRij, error) {
	r := &inwoner.SessieRij{ID: id}
	err := s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		var persoon []byte
		var begonnen, gezien, verloopt int64
		err := tx.QueryRow(sqlSessie, id[:]).Scan(&r.OIN, &persoon, &begonnen, &gezien, &verloopt, &r.Verzegeld)
		if errors.Is(err, kamer.ErrGeenRij) {
			return fout.NietGevonden
		}
		if err != nil {
			return fmt.Errorf("read session of a citizen: %w", err)
		}
		if copy(r.Persoon[:], persoon) != len(r.Persoon) {
			return errors.New("read session of a citizen: its handle has another length")
		}
		r.Begonnen, r.Gezien, r.Verloopt = moment(begonnen), moment(gezien), moment(verloopt)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Gezien implements inwoner.Opslag.
func (s *Opslag) Gezien(ctx context.Context, id inwoner.Afdruk, nu time.Time) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		_, err := tx.Exec(sqlSessieGezien, id[:], micro(nu))
		return err
	})
	if err != nil {
		return fmt.Errorf("note use of a session of a citizen: %w", err)
	}
	return nil
}

// Historie implements inwoner.Opslag.
func (s *Opslag) Historie(ctx context.Context, oin string, personen []betrokkene.Handle, n int) (uit []uint64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for _, p := range personen {
			for row, err := range tx.Query(sqlHistorie, oin, p[:], int64(n)) {
				var nr int64
				if err == nil {
					err = row.Scan(&nr)
				}
				if err != nil {
					return err
				}
				uit = append(uit, uint64(nr))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read history of a citizen: %w", err)
	}
	slices.SortFunc(uit, func(a, b uint64) int { return int(int64(b) - int64(a)) })
	return uit[:min(n, len(uit))], nil
}

// Opruim implements inwoner.Opslag.
func (s *Opslag) Opruim(ctx context.Context, nu, stil, oud time.Time) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		for _, o := range []struct {
			tekst string
			grens int64
		}{
			{sqlStaatOpruim, micro(nu)}, {sqlSessieOpruim, micro(nu)}, {sqlStilOpruim, micro(stil)}, {sqlTelOpruim, venster(nu) - vensters - 1}, {sqlHistorieOpruim, micro(oud)},
		} {
			if _, err := tx.Exec(o.tekst, o.grens); err != nil {
				return fmt.Errorf("tidy sessions of citizens: %w", err)
			}
		}
		return nil
	})
}

// A moment is stored in microseconds.
func micro(t time.Time) int64 { return t.UnixMicro() }

func moment(n int64) time.Time { return time.UnixMicro(n).UTC() }
