package sqlite

import (
	"context"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

var _ betrokkene.Vervaller = (*Store)(nil)

const (
	sqlSleutelLees    = `SELECT naam, vingerafdruk FROM sleutel WHERE organisatie = ?`
	sqlSleutelSchrijf = `INSERT INTO sleutel(organisatie, naam, vingerafdruk) VALUES(?, ?, ?) ON CONFLICT DO NOTHING`
	sqlSleutelVervang = `UPDATE sleutel SET vingerafdruk = ? WHERE organisatie = ? AND naam = ? AND vingerafdruk = ?`
)

// Vingerafdrukken are the fingerprints of the organisation's keys, by name of the key.
func (s *Store) Vingerafdrukken(ctx context.Context, oin string) (map[string]string, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	rows, err := s.lees.sleutels.QueryContext(ctx, o.nr)
	if err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	defer rows.Close()
	m := map[string]string{}
	for rows.Next() {
		var naam, afdruk string
		if err := rows.Scan(&naam, &afdruk); err != nil {
			return nil, fmt.Errorf("read fingerprints: %w", err)
		}
		m[naam] = afdruk
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	return m, nil
}

// BewaarVingerafdrukken adds fingerprints, all or none. A name that is there keeps the one it has.
func (s *Store) BewaarVingerafdrukken(ctx context.Context, oin string, nieuw map[string]string) error {
	o, err := s.organisatie(oin)
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
	for naam, afdruk := range nieuw {
		if _, err := s.schrijf.sleutel.ExecContext(ctx, o.nr, naam, afdruk); err != nil {
			return s.fail(s.rollback(ctx, judge("store fingerprint", err)))
		}
	}
	if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
		return s.fail(s.rollback(ctx, judge("commit", err)))
	}
	return nil
}

// VervangVingerafdruk replaces one that is was.
func (s *Store) VervangVingerafdruk(ctx context.Context, oin, naam, was, wordt string) (bool, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return false, err
	}
	r, err := s.schrijf.c.ExecContext(context.WithoutCancel(ctx), sqlSleutelVervang, wordt, o.nr, naam, was)
	if err != nil {
		return false, s.fail(judge("replace fingerprint", err))
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
