package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

const (
	sqlOrganisaties = `SELECT nr, oin FROM organisatie`
	// Two nodes may choose one number; the loser finds its OIN missing, and chooses again.
	sqlOrganisatieNieuw = `INSERT INTO organisatie(nr, oin, grootte, laatste, rand)
		SELECT coalesce(max(nr), 0) + 1, $1, 0, 0, '' FROM organisatie ON CONFLICT DO NOTHING`
)

// organisatie is what a node knows by heart of one organisation.
type organisatie struct {
	nr  int32 // leads every key; from 1
	oin string
	kop kop
}

var errOrganisatie = errors.New("unknown organisation")

func (s *Store) organisatie(oin string) (*organisatie, error) {
	if o := s.organisaties[oin]; o != nil {
		return o, nil
	}
	return nil, errOrganisatie
}

// loadOrganisaties reads which organisations there are, and adds those that were asked for. Without any
// to add it writes nothing.
func (s *Store) loadOrganisaties(ctx context.Context) error {
	for {
		l, err := read(ctx, s, "read organisations", sqlOrganisaties, pgx.RowToStructByPos[struct {
			Nr  int32
			OIN string
		}])
		if err != nil {
			return err
		}
		for _, o := range l {
			s.organisaties[o.OIN] = &organisatie{nr: o.Nr, oin: o.OIN}
		}
		complete := true
		for _, oin := range s.opt.Organisaties {
			if len(oin) != 20 {
				return errors.New("an OIN has 20 digits")
			}
			if s.organisaties[oin] == nil {
				complete = false
				if _, err := s.exec(ctx, "add organisation", sqlOrganisatieNieuw, oin); err != nil {
					return err
				}
			}
		}
		if complete {
			return nil
		}
	}
}
