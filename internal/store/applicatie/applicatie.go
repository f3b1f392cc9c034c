// Package applicatie keeps applications in the store: autorisatie.Opslag, written once for both
// engines on the rooms of kamer.
//
// What is sealed decides what an application may (docs/besluiten/0010); plain beside it stand its client
// ids, so that the engine keeps them unique over all organisations. Every change is a record in the same
// transaction, and the number of the last one is the generation that other processes poll.
package applicatie

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ autorisatie.Opslag = (*Opslag)(nil)

// Opslag implements autorisatie.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the applications of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

const (
	sqlApplicaties      = `SELECT a.id, o.oin, a.versie, a.inhoud FROM applicatie a JOIN organisatie o ON o.nr = a.organisatie`
	sqlApplicatieNieuw  = `INSERT INTO applicatie(id, organisatie, versie, inhoud) VALUES($1, $2, $3, $4) ON CONFLICT(id) DO NOTHING`
	sqlApplicatieWijzig = `UPDATE applicatie SET versie = $1, inhoud = $2 WHERE id = $3 AND organisatie = $4 AND versie = $5`
	sqlApplicatieWis    = `DELETE FROM applicatie WHERE id = $1 AND organisatie = $2 AND versie = $3`
	sqlClientNieuw      = `INSERT INTO applicatieclient(client_id, applicatie) VALUES($1, $2) ON CONFLICT(client_id) DO NOTHING`
	sqlClientWis        = `DELETE FROM applicatieclient WHERE applicatie = $1`
	sqlWijzigingSchrijf = `INSERT INTO applicatiewijziging(nr, organisatie, applicatie, versie, moment, inhoud) VALUES($1, $2, $3, $4, $5, $6)`
	sqlWijzigingenVan   = `SELECT nr, applicatie, versie, moment, inhoud FROM applicatiewijziging WHERE organisatie = $1 ORDER BY nr`
	sqlGeneratie        = `SELECT coalesce(max(nr), 0) FROM applicatiewijziging`
)

// Verzegeld says what is sealed of applications and in the records of their changes.
func Verzegeld() []kamer.Verzegeld {
	return []kamer.Verzegeld{
		{Tabel: "applicatie", Sleutel: []string{"id"}, Ook: []string{"versie"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
			id, err := uuid.Parse(rij[0].(string))
			return (&autorisatie.Rij{OIN: oin, ID: id, Versie: rij[1].(int64)}).Binding(), err
		}},
		{Tabel: "applicatiewijziging", Sleutel: []string{"nr"}, Ook: []string{"applicatie", "versie"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
			id, err := uuid.Parse(rij[1].(string))
			return (&autorisatie.WijzigingRij{OIN: oin, ID: id, Versie: rij[2].(int64)}).Binding(), err
		}},
	}
}

// LoadApplicaties implements autorisatie.Opslag.
func (s *Opslag) LoadApplicaties(ctx context.Context) (uit []autorisatie.Rij, generatie int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		if err := tx.QueryRow(sqlGeneratie).Scan(&generatie); err != nil {
			return fmt.Errorf("generation: %w", err)
		}
		for row, err := range tx.Query(sqlApplicaties) {
			var r autorisatie.Rij
			var id string
			if err == nil {
				err = row.Scan(&id, &r.OIN, &r.Versie, &r.Verzegeld)
			}
			if err != nil {
				return err
			}
			if r.ID, err = uuid.Parse(id); err != nil {
				return errors.New("the id of one is no uuid")
			}
			uit = append(uit, r)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read applications: %w", err)
	}
	return uit, generatie, nil
}

// Generatie implements autorisatie.Opslag: it is the number of the last change, the end of one index.
func (s *Opslag) Generatie(ctx context.Context) (n int64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error { return tx.QueryRow(sqlGeneratie).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("read generation of applications: %w", err)
	}
	return n, nil
}

// PutApplicatie implements autorisatie.Opslag.
func (s *Opslag) PutApplicatie(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij) error {
	return s.change(ctx, r, w, func(tx *kamer.Tx, organisatie int64) error {
		id := r.ID.String()
		var n int64
		var err error
		if r.Versie == 1 {
			n, err = tx.Exec(sqlApplicatieNieuw, id, organisatie, r.Versie, r.Verzegeld)
		} else {
			n, err = tx.Exec(sqlApplicatieWijzig, r.Versie, r.Verzegeld, id, organisatie, r.Versie-1)
		}
		if err != nil {
			return fmt.Errorf("store application: %w", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		if _, err := tx.Exec(sqlClientWis, id); err != nil {
			return fmt.Errorf("store client ids: %w", err)
		}
		for _, client := range r.ClientIDs {
			n, err := tx.Exec(sqlClientNieuw, client, id)
			if err != nil {
				return fmt.Errorf("store client id: %w", err)
			}
			if n != 1 {
				return autorisatie.ErrClientInGebruik
			}
		}
		return nil
	})
}

// DeleteApplicatie implements autorisatie.Opslag.
func (s *Opslag) DeleteApplicatie(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij) error {
	return s.change(ctx, r, w, func(tx *kamer.Tx, organisatie int64) error {
		n, err := tx.Exec(sqlApplicatieWis, r.ID.String(), organisatie, r.Versie)
		if err != nil {
			return fmt.Errorf("delete application: %w", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		if _, err := tx.Exec(sqlClientWis, r.ID.String()); err != nil {
			return fmt.Errorf("delete client ids: %w", err)
		}
		return nil
	})
}

// change runs f and records the change, in one transaction.
func (s *Opslag) change(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij, f func(tx *kamer.Tx, organisatie int64) error) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		organisatie, err := tx.Organisatie(r.OIN)
		if err != nil {
			return err
		}
		if err := f(tx, organisatie); err != nil {
			return err
		}
		var nr int64
		if err := tx.QueryRow(sqlGeneratie).Scan(&nr); err != nil {
			return fmt.Errorf("number the change: %w", err)
		}
		if _, err := tx.Exec(sqlWijzigingSchrijf, nr+1, organisatie, w.ID.String(), w.Versie, w.Moment.UnixMicro(), w.Verzegeld); err != nil {
			return fmt.Errorf("record the change: %w", err)
		}
		if w.Regel == nil {
			return nil
		}
		return beheerlog.Add(tx, w.Regel)
	})
}

// LoadWijzigingen implements autorisatie.Opslag.
func (s *Opslag) LoadWijzigingen(ctx context.Context, oin string) (uit []autorisatie.WijzigingRij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		organisatie, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		for row, err := range tx.Query(sqlWijzigingenVan, organisatie) {
			w := autorisatie.WijzigingRij{OIN: oin}
			var id string
			var moment int64
			if err == nil {
				err = row.Scan(&w.Nummer, &id, &w.Versie, &moment, &w.Verzegeld)
			}
			if err != nil {
				return err
			}
			if w.ID, err = uuid.Parse(id); err != nil {
				return errors.New("the id of one is no uuid")
			}
			w.Moment = time.UnixMicro(moment).UTC()
			uit = append(uit, w)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read changes of applications: %w", err)
	}
	return uit, nil
}
