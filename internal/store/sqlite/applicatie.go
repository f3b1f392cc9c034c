package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

var _ autorisatie.Opslag = (*Store)(nil)

// Plain SQL, with numbered parameters, so that another engine can use the same text. Changes are
// rare: nothing here is prepared beforehand.
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

// LoadApplicaties implements autorisatie.Opslag.
func (s *Store) LoadApplicaties(ctx context.Context) ([]autorisatie.Rij, int64, error) {
	// The generation first: what is committed in between is read twice, never missed.
	generatie, err := s.Generatie(ctx)
	if err != nil {
		return nil, 0, err
	}
	rows, err := s.lees.db.QueryContext(ctx, sqlApplicaties)
	if err != nil {
		return nil, 0, fmt.Errorf("read applications: %w", err)
	}
	defer rows.Close()
	var uit []autorisatie.Rij
	for rows.Next() {
		var r autorisatie.Rij
		var id string
		if err := rows.Scan(&id, &r.OIN, &r.Versie, &r.Verzegeld); err != nil {
			return nil, 0, fmt.Errorf("read application: %w", err)
		}
		if r.ID, err = uuid.Parse(id); err != nil {
			return nil, 0, errors.New("read application: its id is no uuid")
		}
		uit = append(uit, r)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read applications: %w", err)
	}
	return uit, generatie, nil
}

// Generatie implements autorisatie.Opslag: it is the number of the last change.
func (s *Store) Generatie(ctx context.Context) (int64, error) {
	var n int64
	if err := s.lees.db.QueryRowContext(ctx, sqlGeneratie).Scan(&n); err != nil {
		return 0, fmt.Errorf("read generation of applications: %w", err)
	}
	return n, nil
}

// PutApplicatie implements autorisatie.Opslag.
func (s *Store) PutApplicatie(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij) error {
	return s.changeApplicatie(ctx, r, w, func(ctx context.Context, organisatie int64) error {
		id := r.ID.String()
		var n int64
		var err error
		if r.Versie == 1 {
			n, err = s.exec(ctx, sqlApplicatieNieuw, id, organisatie, r.Versie, r.Verzegeld)
		} else {
			n, err = s.exec(ctx, sqlApplicatieWijzig, r.Versie, r.Verzegeld, id, organisatie, r.Versie-1)
		}
		if err != nil {
			return judge("store application", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		if _, err := s.exec(ctx, sqlClientWis, id); err != nil {
			return judge("store client ids", err)
		}
		for _, client := range r.ClientIDs {
			n, err := s.exec(ctx, sqlClientNieuw, client, id)
			if err != nil {
				return judge("store client id", err)
			}
			if n != 1 {
				return autorisatie.ErrClientInGebruik
			}
		}
		return nil
	})
}

// DeleteApplicatie implements autorisatie.Opslag.
func (s *Store) DeleteApplicatie(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij) error {
	return s.changeApplicatie(ctx, r, w, func(ctx context.Context, organisatie int64) error {
		n, err := s.exec(ctx, sqlApplicatieWis, r.ID.String(), organisatie, r.Versie)
		if err != nil {
			return judge("delete application", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		if _, err := s.exec(ctx, sqlClientWis, r.ID.String()); err != nil {
			return judge("delete client ids", err)
		}
		return nil
	})
}

// changeApplicatie runs f and records the change, in one transaction.
func (s *Store) changeApplicatie(ctx context.Context, r autorisatie.Rij, w autorisatie.WijzigingRij, f func(ctx context.Context, organisatie int64) error) error {
	o, err := s.organisatie(r.OIN)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
		return s.fail(judge("begin", err))
	}
	if err := f(ctx, o.nr); err != nil {
		return s.fail(s.rollback(ctx, err))
	}
	var nr int64
	if err := s.schrijf.c.QueryRowContext(ctx, sqlGeneratie).Scan(&nr); err != nil {
		return s.fail(s.rollback(ctx, judge("number the change", err)))
	}
	if _, err := s.exec(ctx, sqlWijzigingSchrijf, nr+1, o.nr, w.ID.String(), w.Versie, w.Moment.UnixMicro(), w.Verzegeld); err != nil {
		return s.fail(s.rollback(ctx, judge("record the change", err)))
	}
	if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
		return s.fail(s.rollback(ctx, judge("commit", err)))
	}
	return nil
}

// exec runs a statement on the writing connection and tells how many rows it touched.
func (s *Store) exec(ctx context.Context, tekst string, args ...any) (int64, error) {
	res, err := s.schrijf.c.ExecContext(ctx, tekst, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// LoadWijzigingen implements autorisatie.Opslag.
func (s *Store) LoadWijzigingen(ctx context.Context, oin string) ([]autorisatie.WijzigingRij, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	rows, err := s.lees.db.QueryContext(ctx, sqlWijzigingenVan, o.nr)
	if err != nil {
		return nil, fmt.Errorf("read changes of applications: %w", err)
	}
	defer rows.Close()
	var uit []autorisatie.WijzigingRij
	for rows.Next() {
		w := autorisatie.WijzigingRij{OIN: oin}
		var id string
		var moment int64
		if err := rows.Scan(&w.Nummer, &id, &w.Versie, &moment, &w.Verzegeld); err != nil {
			return nil, fmt.Errorf("read change of application: %w", err)
		}
		if w.ID, err = uuid.Parse(id); err != nil {
			return nil, errors.New("read change of application: its id is no uuid")
		}
		w.Moment = time.UnixMicro(moment).UTC()
		uit = append(uit, w)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read changes of applications: %w", err)
	}
	return uit, nil
}
