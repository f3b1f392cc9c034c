package postgres

import (
	"context"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A look-up for each row is written as such, with LATERAL and a limit: on a table that it knows nothing of yet
// the planner would read all groups of the organisation instead.
const (
	sqlGrootte = `SELECT grootte FROM organisatie WHERE nr = $1`
	groepVan   = ` CROSS JOIN LATERAL (SELECT van, registratie FROM groep WHERE organisatie = $1 AND nr = v.groep LIMIT 1) g`
	metHashes  = ` CROSS JOIN LATERAL (SELECT van, registratie, hashes, merken FROM groep WHERE organisatie = $1 AND nr = v.groep LIMIT 1) g`
	sqlVersies = `SELECT ` + kolommen + `, ` + bladHash + ` FROM versie v` + metHashes + `
		WHERE v.organisatie = $1 AND v.actie = $2 ORDER BY v.nummer`
	sqlNieuwste = sqlVersies + ` DESC LIMIT 1`
	// The group of a leaf is the last one that starts at or before it. Leaves that nobody gave out are left out,
	// and a version that is gone has no columns.
	sqlRijen = `SELECT b.plek, ` + kolommen + ` FROM unnest($2::bigint[]) WITH ORDINALITY b(blad, plek)
		CROSS JOIN LATERAL (SELECT van, nr, aantal, registratie, merken FROM groep
			WHERE organisatie = $1 AND van <= b.blad ORDER BY van DESC LIMIT 1) g
		LEFT JOIN LATERAL (SELECT * FROM versie
			WHERE organisatie = $1 AND groep = g.nr AND plaats = b.blad - g.van LIMIT 1) v ON true
		WHERE b.blad < g.van + g.aantal`
)

// Size implements verwerkingenlog.Store.
func (s *Store) Size(ctx context.Context, oin string) (uint64, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return 0, err
	}
	l, err := read(ctx, s, "read size", sqlGrootte, pgx.RowTo[int64], o.nr)
	if err != nil {
		return 0, err
	}
	if len(l) == 0 {
		return 0, errKop
	}
	return uint64(l[0]), nil
}

// Latest implements verwerkingenlog.Store.
func (s *Store) Latest(ctx context.Context, oin string, actieID uuid.UUID) (*verwerkingenlog.Rij, error) {
	l, err := s.versions(ctx, oin, sqlNieuwste, actieID)
	if err != nil {
		return nil, err
	}
	return l[0], nil
}

// Versions implements verwerkingenlog.Store.
func (s *Store) Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	return s.versions(ctx, oin, sqlVersies, actieID)
}

func (s *Store) versions(ctx context.Context, oin, tekst string, actieID uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	l, err := read(ctx, s, "read versions", tekst, scanBlad, o.nr, actieID)
	if err == nil && len(l) == 0 {
		err = fout.NietGevonden
	}
	return l, err
}

// Rows implements verwerkingenlog.Store.
func (s *Store) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	o, err := s.organisatie(oin)
	if err != nil || len(bladen) == 0 {
		return nil, err
	}
	vraag := make([]int64, len(bladen))
	for i, blad := range bladen {
		if blad >= math.MaxInt64 {
			return nil, fout.NietGevonden
		}
		vraag[i] = int64(blad)
	}
	type plek struct {
		nr  int64 // from 1
		rij *verwerkingenlog.Rij
	}
	l, err := readFrom(ctx, s, o, slices.Max(vraag)+1, "read leaves", sqlRijen, func(row pgx.CollectableRow) (p plek, err error) {
		p.rij, err = scanRij(na{row, &p.nr})
		return p, err
	}, o.nr, vraag)
	if err != nil {
		return nil, err
	}
	if len(l) != len(bladen) {
		return nil, fout.NietGevonden
	}
	rijen := make([]*verwerkingenlog.Rij, len(bladen))
	for _, p := range l {
		rijen[p.nr-1] = p.rij
	}
	return rijen, nil
}

// na scans a row of which the first column has its own destination.
type na struct {
	pgx.CollectableRow
	eerste any
}

func (n na) Scan(dest ...any) error {
	return n.CollectableRow.Scan(append([]any{n.eerste}, dest...)...)
}
