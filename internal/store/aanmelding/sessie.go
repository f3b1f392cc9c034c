package aanmelding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const (
	sqlSessie = `SELECT s.id, o.oin, s.gebruiker, s.begonnen, s.gezien, s.verloopt, s.bevestigd, s.inhoud
		FROM sessie s JOIN organisatie o ON o.nr = s.organisatie WHERE s.id = $1`
	sqlSessiesVan = `SELECT s.id, o.oin, s.gebruiker, s.begonnen, s.gezien, s.verloopt, s.bevestigd, s.inhoud
		FROM sessie s JOIN organisatie o ON o.nr = s.organisatie WHERE o.oin = $1 AND s.gebruiker = $2 ORDER BY s.begonnen DESC`
	sqlSessiesTel   = `SELECT count(*) FROM sessie WHERE verloopt > $1 AND gezien > $2`
	sqlSessieNieuw  = `INSERT INTO sessie(id, organisatie, gebruiker, begonnen, gezien, verloopt, bevestigd, inhoud) VALUES($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlSessieGezien = `UPDATE sessie SET gezien = $2 WHERE id = $1 AND gezien < $2`
	sqlSessieWis    = `DELETE FROM sessie WHERE id = $1 AND organisatie = $2`
	sqlSessiesWis   = `DELETE FROM sessie WHERE organisatie = $1 AND gebruiker = $2`

	sqlApparaat      = `SELECT o.oin, a.gebruiker, a.vertrouwd, a.verloopt FROM apparaat a JOIN organisatie o ON o.nr = a.organisatie WHERE a.id = $1`
	sqlApparaatNieuw = `INSERT INTO apparaat(id, organisatie, gebruiker, vertrouwd, verloopt) VALUES($1, $2, $3, $4, $5)`
	sqlApparaatWis   = `DELETE FROM apparaat WHERE id = $1`
	sqlApparatenWis  = `DELETE FROM apparaat WHERE organisatie = $1 AND gebruiker = $2`
)

// putSessies ends and begins what w says, browsers included.
func putSessies(tx *kamer.Tx, organisatie int64, w *aanmelding.Wijziging) error {
	for _, id := range w.SessieWeg {
		n, err := tx.Exec(sqlSessieWis, id[:], organisatie)
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
	}
	for _, g := range w.AllesWeg {
		for _, tekst := range []string{sqlSessiesWis, sqlApparatenWis} {
			if _, err := tx.Exec(tekst, organisatie, g.String()); err != nil {
				return fmt.Errorf("end sessions: %w", err)
			}
		}
	}
	for i := range w.Sessies {
		r := &w.Sessies[i]
		_, err := tx.Exec(sqlSessieNieuw, r.ID[:], organisatie, r.Gebruiker.String(), micro(r.Begonnen), micro(r.Gezien), micro(r.Verloopt), micro(r.Bevestigd), r.Verzegeld)
		if err != nil {
			return fmt.Errorf("store session: %w", err)
		}
	}
	for _, id := range w.ApparaatWeg {
		if _, err := tx.Exec(sqlApparaatWis, id[:]); err != nil {
			return fmt.Errorf("forget browser: %w", err)
		}
	}
	for i := range w.Apparaten {
		r := &w.Apparaten[i]
		if _, err := tx.Exec(sqlApparaatNieuw, r.ID[:], organisatie, r.Gebruiker.String(), micro(r.Vertrouwd), micro(r.Verloopt)); err != nil {
			return fmt.Errorf("store browser: %w", err)
		}
	}
	return nil
}

// Sessie implements aanmelding.Opslag.
func (s *Opslag) Sessie(ctx context.Context, id aanmelding.Afdruk) (*aanmelding.SessieRij, error) {
	l, err := s.sessies(ctx, sqlSessie, id[:])
	if err != nil {
		return nil, err
	}
	if len(l) == 0 {
		return nil, fout.NietGevonden
	}
	return &l[0], nil
}

// Sessies implements aanmelding.Opslag.
func (s *Opslag) Sessies(ctx context.Context, oin string, gebruiker uuid.UUID) ([]aanmelding.SessieRij, error) {
	return s.sessies(ctx, sqlSessiesVan, oin, gebruiker.String())
}

// TelSessies implements aanmelding.Opslag.
func (s *Opslag) TelSessies(ctx context.Context, nu, gezien time.Time) (n int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error { return tx.QueryRow(sqlSessiesTel, micro(nu), micro(gezien)).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("count sessions: %w", err)
	}
	return n, nil
}

func (s *Opslag) sessies(ctx context.Context, tekst string, args ...any) (uit []aanmelding.SessieRij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(tekst, args...) {
			var r aanmelding.SessieRij
			var id []byte
			var gebruiker string
			var begonnen, gezien, verloopt, bevestigd int64
			if err == nil {
				err = row.Scan(&id, &r.OIN, &gebruiker, &begonnen, &gezien, &verloopt, &bevestigd, &r.Verzegeld)
			}
			if err != nil {
				return err
			}
			if copy(r.ID[:], id) != len(r.ID) {
				return errors.New("the id of one has another length")
			}
			if r.Gebruiker, err = uuid.Parse(gebruiker); err != nil {
				return errors.New("the person of one is no uuid")
			}
			r.Begonnen, r.Gezien, r.Verloopt, r.Bevestigd = moment(begonnen), moment(gezien), moment(verloopt), moment(bevestigd)
			uit = append(uit, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return uit, nil
}

// Gezien implements aanmelding.Opslag.
func (s *Opslag) Gezien(ctx context.Context, id aanmelding.Afdruk, nu time.Time) error {
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		_, err := tx.Exec(sqlSessieGezien, id[:], micro(nu))
		return err
	})
	if err != nil {
		return fmt.Errorf("note use of a session: %w", err)
	}
	return nil
}

// Apparaat implements aanmelding.Opslag.
func (s *Opslag) Apparaat(ctx context.Context, id aanmelding.Afdruk) (*aanmelding.ApparaatRij, error) {
	r := &aanmelding.ApparaatRij{ID: id}
	err := s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		var gebruiker string
		var vertrouwd, verloopt int64
		err := tx.QueryRow(sqlApparaat, id[:]).Scan(&r.OIN, &gebruiker, &vertrouwd, &verloopt)
		if errors.Is(err, kamer.ErrGeenRij) {
			return fout.NietGevonden
		}
		if err != nil {
			return fmt.Errorf("read browser: %w", err)
		}
		if r.Gebruiker, err = uuid.Parse(gebruiker); err != nil {
			return errors.New("the person of a browser is no uuid")
		}
		r.Vertrouwd, r.Verloopt = moment(vertrouwd), moment(verloopt)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}
