// Package aanmelding keeps sign-ins, sessions and what people sign in with in the store: aanmelding.Opslag, written once for both engines
// on the rooms of kamer.
//
// Attempts are counted here, in the transaction of what they are counted for: parallel requests and processes share one count. Tokens
// are hashes and addresses handles, so that whoever reads the tables signs in nowhere. Mail and events are written in the same
// transaction: no code without its mail, and no sign-in without its event.
package aanmelding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/fout"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ aanmelding.Opslag = (*Opslag)(nil)

// Postbus queues mail in a transaction.
type Postbus interface {
	Add(tx *kamer.Tx, oin string, b aanmelding.Bericht) error
}

// Opslag implements aanmelding.Opslag on either engine.
type Opslag struct {
	kamer kamer.Opslag
	post  Postbus
}

// New gives the sign-ins of an engine whose rooms have their tables.
func New(k kamer.Opslag, p Postbus) *Opslag { return &Opslag{k, p} }

const (
	sqlAanmelding = `SELECT o.oin, a.account, a.inhoud, a.code, a.browser, a.pogingen, a.verzonden, a.gestuurd, a.verloopt, a.gebruikt
		FROM aanmelding a JOIN organisatie o ON o.nr = a.organisatie WHERE a.id = $1`
	sqlAanmeldingNieuw = `INSERT INTO aanmelding(id, organisatie, account, inhoud, code, browser, pogingen, verzonden, gestuurd, verloopt, gebruikt)
		VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlAanmeldingWijzig = `UPDATE aanmelding SET inhoud = $2, code = $3, pogingen = $4, verzonden = $5, gestuurd = $6, verloopt = $7, gebruikt = $8 WHERE id = $1`

	sqlMiddelen      = `SELECT soort, id, versie, inhoud FROM middel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND gebruiker = $2 ORDER BY soort, id`
	sqlMiddelNieuw   = `INSERT INTO middel(organisatie, gebruiker, soort, id, versie, inhoud) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(organisatie, gebruiker, soort, id) DO NOTHING`
	sqlMiddelWijzig  = `UPDATE middel SET versie = $5, inhoud = $6 WHERE organisatie = $1 AND gebruiker = $2 AND soort = $3 AND id = $4 AND versie = $5 - 1`
	sqlMiddelWis     = `DELETE FROM middel WHERE organisatie = $1 AND gebruiker = $2 AND soort = $3 AND id = $4 AND versie = $5 - 1`
	sqlHistorieNieuw = `INSERT INTO aanmeldhistorie(organisatie, gebruiker, nr) VALUES($1, $2, $3)`
	sqlHistorie      = `SELECT nr FROM aanmeldhistorie WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND gebruiker = $2 ORDER BY nr DESC LIMIT $3`
)

// Schrijf implements aanmelding.Opslag.
func (s *Opslag) Schrijf(ctx context.Context, oin string, w *aanmelding.Wijziging) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		return s.schrijf(tx, organisatie, oin, w)
	})
}

// schrijf does all of w, events last: others wait from there on.
func (s *Opslag) schrijf(tx *kamer.Tx, organisatie int64, oin string, w *aanmelding.Wijziging) error {
	if w == nil {
		return nil
	}
	if w.Aanmelding != nil {
		if err := putAanmelding(tx, organisatie, w.Aanmelding); err != nil {
			return err
		}
	}
	if w.Bij != nil {
		if err := bij(tx, organisatie, w.Bij, venster(w.Nu), 1); err != nil {
			return err
		}
	}
	if w.Terug != nil {
		if err := bij(tx, organisatie, w.Terug, venster(w.TerugVenster), -1); err != nil {
			return err
		}
	}
	for i := range w.Middelen {
		if err := putMiddel(tx, organisatie, &w.Middelen[i]); err != nil {
			return err
		}
	}
	if err := putSessies(tx, organisatie, w); err != nil {
		return err
	}
	for _, b := range w.Post {
		if err := s.post.Add(tx, oin, b); err != nil {
			return fmt.Errorf("queue mail: %w", err)
		}
	}
	for _, l := range w.Log {
		if err := storebeheerlog.Add(tx, l.Rij); err != nil {
			return err
		}
		if l.Gebruiker == uuid.Nil {
			continue
		}
		if _, err := tx.Exec(sqlHistorieNieuw, organisatie, l.Gebruiker.String(), int64(l.Rij.Nummer)); err != nil {
			return fmt.Errorf("note history: %w", err)
		}
	}
	return nil
}

func putAanmelding(tx *kamer.Tx, organisatie int64, r *aanmelding.AanmeldingRij) error {
	_, err := tx.Exec(sqlAanmeldingNieuw, r.ID.String(), organisatie, r.Account[:], r.Verzegeld, r.Code[:], r.Browser[:],
		int64(r.Pogingen), int64(r.Verzonden), micro(r.Gestuurd), micro(r.Verloopt), bit(r.Gebruikt))
	if err != nil {
		return fmt.Errorf("store sign-in: %w", err)
	}
	return nil
}

// Aanmelding implements aanmelding.Opslag.
func (s *Opslag) Aanmelding(ctx context.Context, id uuid.UUID) (r *aanmelding.AanmeldingRij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error { r, err = getAanmelding(tx, id); return err })
	if err != nil {
		return nil, err
	}
	return r, nil
}

func getAanmelding(tx *kamer.Tx, id uuid.UUID) (*aanmelding.AanmeldingRij, error) {
	r := &aanmelding.AanmeldingRij{ID: id}
	var account, code, browser []byte
	var pogingen, verzonden, gestuurd, verloopt, gebruikt int64
	err := tx.QueryRow(sqlAanmelding, id.String()).Scan(&r.OIN, &account, &r.Verzegeld, &code, &browser, &pogingen, &verzonden, &gestuurd, &verloopt, &gebruikt)
	if errors.Is(err, kamer.ErrGeenRij) {
		return nil, fout.NietGevonden
	}
	if err != nil {
		return nil, fmt.Errorf("read sign-in: %w", err)
	}
	if copy(r.Account[:], account) != len(r.Account) || copy(r.Code[:], code) != len(r.Code) || copy(r.Browser[:], browser) != len(r.Browser) {
		return nil, errors.New("read sign-in: a hash has another length")
	}
	r.Pogingen, r.Verzonden, r.Gebruikt = int(pogingen), int(verzonden), gebruikt != 0
	r.Gestuurd, r.Verloopt = moment(gestuurd), moment(verloopt)
	return r, nil
}

// WijzigAanmelding implements aanmelding.Opslag.
func (s *Opslag) WijzigAanmelding(
	ctx context.Context, id uuid.UUID, t aanmelding.Teller, nu time.Time, f func(r *aanmelding.AanmeldingRij, geteld int) (*aanmelding.Wijziging, error),
) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		r, err := getAanmelding(tx, id)
		if err != nil {
			return err
		}
		organisatie, err := tx.Organisatie(r.OIN)
		if err != nil {
			return err
		}
		geteld, _, err := som(tx, organisatie, &t, nu)
		if err != nil {
			return err
		}
		w, err := f(r, geteld)
		if err != nil {
			return err
		}
		_, err = tx.Exec(sqlAanmeldingWijzig, id.String(), r.Verzegeld, r.Code[:], int64(r.Pogingen), int64(r.Verzonden), micro(r.Gestuurd), micro(r.Verloopt), bit(r.Gebruikt))
		if err != nil {
			return fmt.Errorf("store sign-in: %w", err)
		}
		return s.schrijf(tx, organisatie, r.OIN, w)
	})
}

// Middelen implements aanmelding.Opslag.
func (s *Opslag) Middelen(ctx context.Context, oin string, gebruiker uuid.UUID) (uit []aanmelding.MiddelRij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlMiddelen, oin, gebruiker.String()) {
			m := aanmelding.MiddelRij{Gebruiker: gebruiker}
			if err == nil {
				err = row.Scan(&m.Soort, &m.ID, &m.Versie, &m.Verzegeld)
			}
			if err != nil {
				return err
			}
			uit = append(uit, m)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read means of a person: %w", err)
	}
	return uit, nil
}

func putMiddel(tx *kamer.Tx, organisatie int64, m *aanmelding.MiddelRij) error {
	args := []any{organisatie, m.Gebruiker.String(), m.Soort, m.ID, m.Versie}
	tekst := sqlMiddelWis
	if m.Verzegeld != nil {
		args = append(args, m.Verzegeld)
		tekst = sqlMiddelWijzig
		if m.Versie == 1 {
			tekst = sqlMiddelNieuw
		}
	}
	n, err := tx.Exec(tekst, args...)
	if err != nil {
		return fmt.Errorf("store means of a person: %w", err)
	}
	if n != 1 {
		return fout.Gelijktijdig
	}
	return nil
}

// Historie implements aanmelding.Opslag.
func (s *Opslag) Historie(ctx context.Context, oin string, gebruiker uuid.UUID, n int) (uit []uint64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlHistorie, oin, gebruiker.String(), int64(n)) {
			var nr int64
			if err == nil {
				err = row.Scan(&nr)
			}
			if err != nil {
				return err
			}
			uit = append(uit, uint64(nr))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return uit, nil
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

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
