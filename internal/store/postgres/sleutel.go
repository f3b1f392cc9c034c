package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

var _ betrokkene.Vervaller = (*Store)(nil)

const (
	sqlSleutelLees    = `SELECT naam, vingerafdruk FROM sleutel WHERE organisatie = $1`
	sqlSleutelSchrijf = `INSERT INTO sleutel(organisatie, naam, vingerafdruk)
		SELECT $1, naam, vingerafdruk FROM unnest($2::text[], $3::text[]) n(naam, vingerafdruk) ON CONFLICT DO NOTHING`
	sqlSleutelVervang = `UPDATE sleutel SET vingerafdruk = $4 WHERE organisatie = $1 AND naam = $2 AND vingerafdruk = $3`
)

// Vingerafdrukken are the fingerprints of the organisation's keys, by name of the key.
func (s *Store) Vingerafdrukken(ctx context.Context, oin string) (map[string]string, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	l, err := read(ctx, s, "read fingerprints", sqlSleutelLees, pgx.RowToStructByPos[struct{ Naam, Afdruk string }], o.nr)
	if err != nil {
		return nil, err
	}
	m := map[string]string{}
	for _, k := range l {
		m[k.Naam] = k.Afdruk
	}
	return m, nil
}

// BewaarVingerafdrukken adds fingerprints, all or none. A name that is there keeps the one it has.
func (s *Store) BewaarVingerafdrukken(ctx context.Context, oin string, nieuw map[string]string) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	var namen, afdrukken []string
	for _, naam := range slices.Sorted(maps.Keys(nieuw)) { // in one order, or two nodes wait for each other
		namen, afdrukken = append(namen, naam), append(afdrukken, nieuw[naam])
	}
	_, err = s.exec(ctx, "store fingerprints", sqlSleutelSchrijf, o.nr, namen, afdrukken)
	return err
}

// VervangVingerafdruk replaces one that is was.
func (s *Store) VervangVingerafdruk(ctx context.Context, oin, naam, was, wordt string) (bool, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return false, err
	}
	n, err := s.exec(ctx, "replace fingerprint", sqlSleutelVervang, o.nr, naam, was, wordt)
	return n == 1, err
}
