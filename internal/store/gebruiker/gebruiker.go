// Package gebruiker keeps people, groups and proposals in the store: gebruiker.Opslag, written once for both engines on
// the rooms of kamer.
//
// What is sealed decides (docs/besluiten/0018). The generation of an organisation is touched first in a change: of two
// nodes that decided on the same state, the second is refused whole. Mail is queued in the same transaction, and the events
// in the beheerlog come last.
package gebruiker

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ gebruiker.Opslag = (*Opslag)(nil)

// Postbus queues mail in a transaction.
type Postbus interface {
	Add(tx *kamer.Tx, oin string, b gebruiker.Bericht) error
}

// Opslag implements gebruiker.Opslag on either engine.
type Opslag struct {
	kamer kamer.Opslag
	post  Postbus
}

// New gives the people and groups of an engine whose rooms have their tables.
func New(k kamer.Opslag, p Postbus) *Opslag { return &Opslag{k, p} }

const (
	sqlOrganisatie = `SELECT nr FROM organisatie WHERE oin = $1`
	sqlStand       = `SELECT coalesce(max(generatie), 0) FROM gebruikersstand WHERE organisatie = $1`
	sqlStandNieuw  = `INSERT INTO gebruikersstand(organisatie, generatie) VALUES($1, 0) ON CONFLICT(organisatie) DO NOTHING`
	sqlStandVerder = `UPDATE gebruikersstand SET generatie = $3 WHERE organisatie = $1 AND generatie = $2`
	sqlStanden     = `SELECT o.oin, s.generatie FROM gebruikersstand s JOIN organisatie o ON o.nr = s.organisatie`
	sqlRijen       = `SELECT soort, id, versie, ingang, inhoud FROM gebruikersrij WHERE organisatie = $1`
	sqlIngang      = `SELECT count(*) FROM gebruikersrij WHERE organisatie = $1 AND soort = $2 AND ingang = $3 AND id <> $4`
	sqlNieuw       = `INSERT INTO gebruikersrij(organisatie, soort, id, versie, ingang, inhoud) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(organisatie, soort, id) DO NOTHING`
	sqlWijzig      = `UPDATE gebruikersrij SET versie = $4, ingang = $5, inhoud = $6 WHERE organisatie = $1 AND soort = $2 AND id = $3 AND versie = $7`
	sqlWis         = `DELETE FROM gebruikersrij WHERE organisatie = $1 AND soort = $2 AND id = $3 AND versie = $4`
)

// Load implements gebruiker.Opslag.
func (s *Opslag) Load(ctx context.Context, oin string) (uit []gebruiker.Rij, generatie int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		organisatie, err := nummer(tx, oin)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(sqlStand, organisatie).Scan(&generatie); err != nil {
			return fmt.Errorf("generation: %w", err)
		}
		for row, err := range tx.Query(sqlRijen, organisatie) {
			r := gebruiker.Rij{OIN: oin}
			var soort, id string
			if err == nil {
				err = row.Scan(&soort, &id, &r.Versie, &r.Ingang, &r.Verzegeld)
			}
			if err != nil {
				return err
			}
			if r.ID, err = uuid.Parse(id); err != nil {
				return errors.New("the id of one is no uuid")
			}
			r.Soort = gebruiker.Soort(soort)
			uit = append(uit, r)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read people and groups: %w", err)
	}
	return uit, generatie, nil
}

// Generaties implements gebruiker.Opslag: one row an organisation.
func (s *Opslag) Generaties(ctx context.Context) (uit map[string]int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = map[string]int64{}
		for row, err := range tx.Query(sqlStanden) {
			var oin string
			var n int64
			if err == nil {
				err = row.Scan(&oin, &n)
			}
			if err != nil {
				return err
			}
			uit[oin] = n
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read generations of people and groups: %w", err)
	}
	return uit, nil
}

// Put implements gebruiker.Opslag.
func (s *Opslag) Put(ctx context.Context, w gebruiker.Wijziging) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := nummer(tx, w.OIN)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(sqlStandNieuw, organisatie); err != nil {
			return fmt.Errorf("first generation: %w", err)
		}
		if n, err := tx.Exec(sqlStandVerder, organisatie, w.Generatie, w.Generatie+1); err != nil || n != 1 {
			return anders(err, "next generation")
		}
		for i := range w.Rijen {
			if err := put(tx, organisatie, &w.Rijen[i]); err != nil {
				return err
			}
		}
		for _, b := range w.Post {
			if err := s.post.Add(tx, w.OIN, b); err != nil {
				return fmt.Errorf("queue mail: %w", err)
			}
		}
		return beheerlog.Add(tx, w.Gebeurtenissen...)
	})
}

func put(tx *kamer.Tx, organisatie int64, r *gebruiker.Rij) error {
	soort, id := string(r.Soort), r.ID.String()
	if r.Weg {
		if n, err := tx.Exec(sqlWis, organisatie, soort, id, r.Versie); err != nil || n != 1 {
			return anders(err, "remove a document")
		}
		return nil
	}
	var ingang any // NULL
	if len(r.Ingang) > 0 {
		ingang = r.Ingang
		var n int64
		if err := tx.QueryRow(sqlIngang, organisatie, soort, ingang, id).Scan(&n); err != nil {
			return fmt.Errorf("look for another with the ingang: %w", err)
		}
		if n > 0 {
			return gebruiker.ErrInGebruik
		}
	}
	var n int64
	var err error
	if r.Versie == 1 {
		n, err = tx.Exec(sqlNieuw, organisatie, soort, id, r.Versie, ingang, r.Verzegeld)
	} else {
		n, err = tx.Exec(sqlWijzig, organisatie, soort, id, r.Versie, ingang, r.Verzegeld, r.Versie-1)
	}
	if err != nil || n != 1 {
		return anders(err, "store a document")
	}
	return nil
}

// anders tells why a statement did not touch its one row.
func anders(err error, wat string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", wat, err)
	}
	return fout.Gelijktijdig
}

// nummer gives the number of an organisation.
func nummer(tx *kamer.Tx, oin string) (nr int64, err error) {
	err = tx.QueryRow(sqlOrganisatie, oin).Scan(&nr)
	if errors.Is(err, kamer.ErrGeenRij) {
		return 0, errors.New("unknown organisation")
	}
	if err != nil {
		return 0, fmt.Errorf("find organisation: %w", err)
	}
	return nr, nil
}
