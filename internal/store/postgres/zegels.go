package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

const (
	sqlZegels = `SELECT substr(v.inhoud, 1, $4::int4), count(*) FROM groep g JOIN versie v ON v.organisatie = g.organisatie AND v.groep = g.nr
		WHERE g.organisatie = $1 AND g.van >= $2 AND g.van < $3 GROUP BY 1`
	telStuk = 20_000 // leaves that are counted at a time
)

// Zegels counts the versions of an organisation by the number of the zegel key that they are under; 0 counts what names none.
func (s *Store) Zegels(ctx context.Context, oin string) (map[uint16]uint64, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	tot, err := s.Size(ctx, oin)
	if err != nil {
		return nil, err
	}
	uit := map[uint16]uint64{}
	for van := uint64(0); van < tot; van += telStuk {
		l, err := read(ctx, s, "count sealed versions", sqlZegels, pgx.RowToStructByPos[struct {
			Begin  []byte
			Aantal int64
		}], o.nr, int64(van), int64(van+telStuk), betrokkene.ZegelBegin)
		if err != nil {
			return nil, err
		}
		for _, k := range l {
			nummer, _ := betrokkene.Zegelnummer(k.Begin)
			uit[nummer] += uint64(k.Aantal)
		}
	}
	return uit, nil
}
