package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/controle"
)

// What came while the rebuild looked has its own entries.
const sqlHerbouwWis = `DELETE FROM ingang i WHERE organisatie = $1
	AND NOT EXISTS (SELECT 1 FROM groep g WHERE g.organisatie = i.organisatie AND g.nr = i.groep AND g.van >= $2)`

// Herbouw makes the entries that have a table of their own anew from the versions, for each organisation in one transaction:
// registers go on, and see what was there until it is done. The first key of each kind is part of the version, and stays.
func Herbouw(ctx context.Context, url string) error {
	n, err := Nakijk(ctx, url)
	if err != nil {
		return err
	}
	c, err := connect(ctx, url)
	if err != nil {
		return errors.Join(err, n.Close())
	}
	for _, oin := range n.OINs() {
		if err = herbouw(ctx, c, n, oin); err != nil {
			break
		}
	}
	return errors.Join(judge("rebuild index entries", err), c.Close(context.Background()), n.Close())
}

func herbouw(ctx context.Context, c *pgx.Conn, n *Nakijker, oin string) error {
	k := n.koppen[oin]
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, sqlIngangenSlot); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlHerbouwWis, k.nr, k.grootte); err != nil {
		return err
	}
	rijen := &herbouwRijen{}
	for van := int64(0); van < k.grootte; {
		groepen, err := n.plaatsen(ctx, k, van)
		if err != nil || len(groepen) == 0 {
			return errors.Join(err, errors.New("a group of the log is missing"))
		}
		laatste := groepen[len(groepen)-1]
		rijen.rijen = rijen.rijen[:0]
		versies, err := n.rijen(ctx, oin, van, laatste.van, func(controle.Gebrek) {})
		if err != nil {
			return err
		}
		for _, g := range groepen {
			for plaats := range g.aantal {
				if r := versies[uint64(g.van)+uint64(plaats)]; r != nil {
					eerste, _ := spread(r.Ingangen)
					for _, i := range appendExtra(nil, k.nr, plaats, r.Ingangen, &eerste) {
						rijen.rijen = append(rijen.rijen, []any{k.nr, int16(i.soort), pgtype.UUID{Bytes: i.sleutel, Valid: true}, g.nr, plaats})
					}
				}
			}
		}
		rijen.nu = -1
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"ingang"}, []string{"organisatie", "soort", "sleutel", "groep", "plaats"}, rijen); err != nil {
			return err
		}
		van = laatste.van + 1
	}
	return tx.Commit(ctx)
}

// herbouwRijen implements pgx.CopyFromSource.
type herbouwRijen struct {
	rijen [][]any
	nu    int
}

func (h *herbouwRijen) Next() bool             { h.nu++; return h.nu < len(h.rijen) }
func (h *herbouwRijen) Values() ([]any, error) { return h.rijen[h.nu], nil }
func (h *herbouwRijen) Err() error             { return nil }

// plaats is where a group stands.
type plaats struct {
	van, nr int64
	aantal  int32
}

const sqlHerbouwGroepen = `SELECT van, nr, aantal FROM groep WHERE organisatie = $1 AND van >= $2 AND van < $3 ORDER BY van LIMIT 256`

func (n *Nakijker) plaatsen(ctx context.Context, k *kijkKop, van int64) (l []plaats, err error) {
	err = n.each(ctx, "read groups", sqlHerbouwGroepen, func(rows pgx.Rows) error {
		var p plaats
		err := rows.Scan(&p.van, &p.nr, &p.aantal)
		l = append(l, p)
		return err
	}, k.nr, van, k.grootte)
	return l, err
}
