// Package kast keeps the documents of internal/kast in the store: kast.Opslag, written once for every room and both engines on
// the rooms of kamer.
//
// What is sealed decides (docs/besluiten/0018, 0022). The generation of an organisation is touched first in a change: of
// two nodes that decided on the same state, the second is refused whole. Mail is queued in the same transaction, and the
// events in the beheerlog come last.
package kast

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/kast"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ kast.Opslag = (*Opslag)(nil)

// Tabel names the tables of a room: the generation of each organisation, and the documents; and its kast, which is part of what
// is sealed.
type Tabel struct{ stand, rij, naam string }

// The rooms. Their tables come to be by steps of kamer.
var (
	Gebruikers   = Tabel{"gebruikersstand", "gebruikersrij", gebruiker.Kastnaam}
	Activiteiten = Tabel{"activiteitenstand", "activiteitenrij", activiteit.Kastnaam}
	Bescherming  = Tabel{"beschermingsstand", "beschermingsrij", inwoner.Kastnaam}
	Domeinen     = Tabel{"domeinstand", "domeinrij", domein.Kastnaam}
)

// Verzegeld says what is sealed in the rooms, bijlagen included.
func Verzegeld() (uit []kamer.Verzegeld) {
	for _, t := range []Tabel{Gebruikers, Activiteiten, Bescherming, Domeinen} {
		uit = append(uit, kamer.Verzegeld{Tabel: t.rij, Sleutel: []string{"soort", "id"}, Ook: []string{"versie"}, Inhoud: "inhoud",
			Binding: func(oin string, rij []any) ([]byte, error) {
				id, err := uuid.Parse(rij[1].(string))
				return kast.Binding(t.naam, oin, kast.Plaats{Soort: kast.Soort(rij[0].(string)), ID: id, Versie: rij[2].(int64)}), err
			}})
	}
	return uit
}

// Postbus queues mail in a transaction.
type Postbus interface {
	Add(tx *kamer.Tx, oin string, b kast.Bericht) error
}

// Opslag implements kast.Opslag on either engine, for one room.
type Opslag struct {
	kamer kamer.Opslag
	post  Postbus
	sql   *teksten
}

// New gives the documents of a room, of an engine whose rooms have their tables. A room that sends no mail needs no Postbus.
func New(k kamer.Opslag, t Tabel, p Postbus) *Opslag { return &Opslag{k, p, t.teksten()} }

// teksten are the statements of a room.
type teksten struct {
	stand, standNieuw, standVerder, standen, rijen, bijlage, ingang, nieuw, wijzig, wis string
}

func (t Tabel) teksten() *teksten {
	in := func(tekst string) string {
		return strings.NewReplacer("{stand}", t.stand, "{rij}", t.rij).Replace(tekst)
	}
	return &teksten{
		stand:       in(`SELECT coalesce(max(generatie), 0) FROM {stand} WHERE organisatie = $1`),
		standNieuw:  in(`INSERT INTO {stand}(organisatie, generatie) VALUES($1, 0) ON CONFLICT(organisatie) DO NOTHING`),
		standVerder: in(`UPDATE {stand} SET generatie = $3 WHERE organisatie = $1 AND generatie = $2`),
		standen:     in(`SELECT o.oin, s.generatie FROM {stand} s JOIN organisatie o ON o.nr = s.organisatie`),
		rijen:       in(`SELECT soort, id, versie, ingang, inhoud FROM {rij} WHERE organisatie = $1 AND soort <> $2`),
		bijlage:     in(`SELECT versie, inhoud FROM {rij} WHERE organisatie = $1 AND soort = $2 AND id = $3`),
		ingang:      in(`SELECT count(*) FROM {rij} WHERE organisatie = $1 AND soort = $2 AND ingang = $3 AND id <> $4`),
		nieuw:       in(`INSERT INTO {rij}(organisatie, soort, id, versie, ingang, inhoud) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(organisatie, soort, id) DO NOTHING`),
		wijzig:      in(`UPDATE {rij} SET versie = $4, ingang = $5, inhoud = $6 WHERE organisatie = $1 AND soort = $2 AND id = $3 AND versie = $7`),
		wis:         in(`DELETE FROM {rij} WHERE organisatie = $1 AND soort = $2 AND id = $3 AND versie = $4`),
	}
}

// Load implements kast.Opslag.
func (s *Opslag) Load(ctx context.Context, oin string) (uit []kast.Rij, generatie int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(s.sql.stand, organisatie).Scan(&generatie); err != nil {
			return fmt.Errorf("generation: %w", err)
		}
		for row, err := range tx.Query(s.sql.rijen, organisatie, string(kast.SoortBijlage)) {
			r := kast.Rij{OIN: oin}
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
			r.Soort = kast.Soort(soort)
			uit = append(uit, r)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read documents: %w", err)
	}
	return uit, generatie, nil
}

// Bijlage implements kast.Opslag.
func (s *Opslag) Bijlage(ctx context.Context, oin string, id uuid.UUID) (r kast.Rij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		r = kast.Rij{OIN: oin, Soort: kast.SoortBijlage, ID: id}
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		return tx.QueryRow(s.sql.bijlage, organisatie, string(r.Soort), id.String()).Scan(&r.Versie, &r.Verzegeld)
	})
	if errors.Is(err, kamer.ErrGeenRij) {
		return kast.Rij{}, fout.NietGevonden
	}
	if err != nil {
		return kast.Rij{}, fmt.Errorf("read a bijlage: %w", err)
	}
	return r, nil
}

// Generaties implements kast.Opslag: one row an organisation.
func (s *Opslag) Generaties(ctx context.Context) (uit map[string]int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = map[string]int64{}
		for row, err := range tx.Query(s.sql.standen) {
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
		return nil, fmt.Errorf("read generations: %w", err)
	}
	return uit, nil
}

// Put implements kast.Opslag.
func (s *Opslag) Put(ctx context.Context, w kast.Wijziging) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(w.OIN)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(s.sql.standNieuw, organisatie); err != nil {
			return fmt.Errorf("first generation: %w", err)
		}
		if n, err := tx.Exec(s.sql.standVerder, organisatie, w.Generatie, w.Generatie+1); err != nil || n != 1 {
			return anders(err, "next generation")
		}
		for i := range w.Rijen {
			if err := s.put(tx, organisatie, &w.Rijen[i]); err != nil {
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

func (s *Opslag) put(tx *kamer.Tx, organisatie int64, r *kast.Rij) error {
	soort, id := string(r.Soort), r.ID.String()
	if r.Weg {
		n, err := tx.Exec(s.sql.wis, organisatie, soort, id, r.Versie)
		if err != nil || n != 1 && r.Soort != kast.SoortBijlage {
			return anders(err, "remove a document")
		}
		return nil
	}
	var ingang any // NULL
	if len(r.Ingang) > 0 {
		ingang = r.Ingang
		var n int64
		if err := tx.QueryRow(s.sql.ingang, organisatie, soort, ingang, id).Scan(&n); err != nil {
			return fmt.Errorf("look for another with the ingang: %w", err)
		}
		if n > 0 {
			return kast.ErrInGebruik
		}
	}
	var n int64
	var err error
	if r.Versie == 1 {
		n, err = tx.Exec(s.sql.nieuw, organisatie, soort, id, r.Versie, ingang, r.Verzegeld)
	} else {
		n, err = tx.Exec(s.sql.wijzig, organisatie, soort, id, r.Versie, ingang, r.Verzegeld, r.Versie-1)
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
