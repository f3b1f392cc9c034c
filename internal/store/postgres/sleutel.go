package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

var _ betrokkene.Vingerafdrukken = (*Store)(nil)

const (
	sqlSleutelLees    = `SELECT naam, vingerafdruk FROM sleutel WHERE organisatie = $1`
	sqlSleutelSchrijf = `INSERT INTO sleutel(organisatie, naam, vingerafdruk)
		SELECT $1, naam, vingerafdruk FROM unnest($2::text[], $3::text[]) n(naam, vingerafdruk) ON CONFLICT DO NOTHING`
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
