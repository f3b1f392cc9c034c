package sqlite

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// catchUp brings what the index file has not got into the staart: the last moments before a crash,
// or everything when the index is new. What memory should not hold is indexed at once.
func (s *Store) catchUp(ctx context.Context) error {
	for _, o := range s.organisaties {
		st, err := s.index.standVan(ctx, o)
		if err != nil {
			return err
		}
		s.staart.vanaf[o.nr] = st.tot
		for van, tot := st.tot, o.grootte.Load(); van < tot; {
			next := min(tot, van+uint64(s.opt.segment))
			if err := s.loadVersies(ctx, o, van, next); err != nil {
				return fmt.Errorf("organisation %d from leaf %d: %w", o.nr, van, err)
			}
			van = next
			if s.staart.len() <= s.staart.max/2 {
				continue
			}
			if segs := s.staart.take(s.opt.maxRun, false); len(segs) > 0 {
				if err := s.indexRun(ctx, segs); err != nil {
					return err
				}
			}
		}
	}
	if s.staart.len() > 0 {
		s.staart.wake()
	}
	return nil
}

func (s *Store) loadVersies(ctx context.Context, o *organisatie, van, tot uint64) error {
	rows, err := s.lees.vanaf.QueryContext(ctx, versieNr(o.nr, van), versieNr(o.nr, tot))
	if err != nil {
		return err
	}
	defer rows.Close()
	s.staart.mu.Lock()
	defer s.staart.mu.Unlock()
	var r verwerkingenlog.Rij
	for rows.Next() {
		var nr, k int64
		var actie, ingangen []byte
		if err := rows.Scan(&nr, &actie, &r.Nummer, &r.Registratie, &r.Tijdstip, &k, &ingangen); err != nil {
			return err
		}
		if r.ActieID, err = uuid.FromBytes(actie); err != nil {
			return err
		}
		r.Blad, r.Staat, r.Ingangen = uint64(nr&maxBlad), verwerkingenlog.Staat(k&0xff), r.Ingangen[:0]
		if err := eachIngang(ingangen, func(g verwerkingenlog.Ingang) { r.Ingangen = append(r.Ingangen, g) }); err != nil {
			return err
		}
		s.staart.put(o.nr, &r)
	}
	return rows.Err()
}
