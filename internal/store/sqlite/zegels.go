package sqlite

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

const (
	sqlZegels = `SELECT substr(inhoud, 1, ?3), count(*) FROM versie WHERE nr >= ?1 AND nr < ?2 GROUP BY 1`
	// telStuk leaves are counted at a time: no reader keeps the write-ahead log from being checkpointed for long.
	telStuk = 20_000
)

// Zegels counts the versions of an organisation by the number of the zegel key that they are under; 0 counts what names none.
func (s *Store) Zegels(ctx context.Context, oin string) (map[uint16]uint64, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	uit, tot := map[uint16]uint64{}, o.grootte.Load()
	for van := uint64(0); van < tot; van += telStuk {
		if err := s.lees.telZegels(ctx, o, van, min(tot, van+telStuk), uit); err != nil {
			return nil, judgeRead("count sealed versions", err)
		}
	}
	return uit, nil
}

func (l *lezer) telZegels(ctx context.Context, o *organisatie, van, tot uint64, uit map[uint16]uint64) error {
	rows, err := l.db.QueryContext(ctx, sqlZegels, versieNr(o.nr, van), versieNr(o.nr, tot), betrokkene.ZegelBegin)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var begin []byte
		var n int64
		if err := rows.Scan(&begin, &n); err != nil {
			return err
		}
		nummer, _ := betrokkene.Zegelnummer(begin)
		uit[nummer] += uint64(n)
	}
	return rows.Err()
}
