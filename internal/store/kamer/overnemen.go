package kamer

import (
	"context"
	"fmt"
	"strings"
)

// Overnemen makes the rows of an organisation in a table of one store those of another, in one transaction: for a move.
// kolommen are all but organisatie. An organisation that the source has no row of keeps what it has.
func Overnemen(ctx context.Context, van, naar Opslag, oin, tabel string, kolommen ...string) error {
	var rijen [][]any
	err := van.Read(ctx, func(tx *Tx) error {
		rijen = nil
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		for row, err := range tx.Query(`SELECT `+strings.Join(kolommen, ", ")+` FROM `+tabel+` WHERE organisatie = $1`, nr) {
			rij, naar := make([]any, len(kolommen)), make([]any, len(kolommen))
			for i := range rij {
				naar[i] = &rij[i]
			}
			if err == nil {
				err = row.Scan(naar...)
			}
			if err != nil {
				return err
			}
			rijen = append(rijen, rij)
		}
		return nil
	})
	if err != nil || len(rijen) == 0 {
		return wrap(err, "read", tabel)
	}
	plaatsen := make([]string, len(kolommen))
	for i := range plaatsen {
		plaatsen[i] = fmt.Sprintf("$%d", i+2)
	}
	nieuw := `INSERT INTO ` + tabel + `(organisatie, ` + strings.Join(kolommen, ", ") + `) VALUES($1, ` + strings.Join(plaatsen, ", ") + `)`
	return wrap(naar.Write(ctx, func(tx *Tx) error {
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM `+tabel+` WHERE organisatie = $1`, nr); err != nil {
			return err
		}
		for _, rij := range rijen {
			if _, err := tx.Exec(nieuw, append([]any{nr}, rij...)...); err != nil {
				return err
			}
		}
		return nil
	}), "write", tabel)
}

func wrap(err error, wat, tabel string) error {
	if err != nil {
		return fmt.Errorf("%s table %s: %w", wat, tabel, err)
	}
	return nil
}
