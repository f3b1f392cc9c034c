package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ controle.Punten = (*Opslag)(nil)

const sqlAlle = `SELECT nr, grootte, wortel, moment, openbaar, gehouden, tekst` + van + ` ORDER BY nr`

// Alle implements controle.Punten.
func (s *Opslag) Alle(ctx context.Context, oin string, b bewijs.Boom) (uit []controle.Punt, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		for row, err := range tx.Query(sqlAlle, oin, string(b)) {
			var nr, grootte, moment int64
			var p controle.Punt
			var wortel []byte
			if err == nil {
				err = row.Scan(&nr, &grootte, &wortel, &moment, &p.Openbaar, &p.Houdend, &p.Tekst)
			}
			if err == nil && len(wortel) != bewijs.HashSize {
				err = errors.New("root of a checkpoint has another length")
			}
			if err != nil {
				return err
			}
			p.Nr, p.Grootte, p.Wortel, p.Moment = uint64(nr), uint64(grootte), bewijs.Hash(wortel), time.UnixMicro(moment).UTC()
			uit = append(uit, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	return uit, nil
}

// Sinds implements controle.Punten.
func (s *Opslag) Sinds(ctx context.Context, oin string, b bewijs.Boom) (map[string]time.Time, error) {
	l, err := s.Sleutels(ctx, oin, b)
	m := map[string]time.Time{}
	for _, k := range l {
		m[k.Publiek] = k.Sinds
	}
	return m, err
}
