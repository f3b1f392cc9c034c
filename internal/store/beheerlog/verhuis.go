package beheerlog

import (
	"bytes"
	"context"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const (
	sqlVerhuisRegels = `SELECT nr, id, moment, soort, hashes, inhoud FROM beheerregel
		WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND nr >= $2 ORDER BY nr LIMIT $3`
	sqlVerhuisEerder = `SELECT hashes FROM beheerregel WHERE organisatie = $1 AND nr = $2`
	portie           = 500
)

type regel struct {
	nr, moment     int64
	id, soort      string
	hashes, inhoud []byte
}

// Verhuis takes over the events of organisations that stand in both stores, as they are: numbers, moments, leaves and
// tree stay. It goes on where it was. A destination with other events is refused: two trees can't become one.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		for more := true; more; {
			var err error
			if more, err = verhuis(ctx, van, naar, oin); err != nil {
				return fmt.Errorf("take over beheerlog: %w", err)
			}
		}
	}
	return nil
}

// verhuis takes over a part, and tells whether there was one.
func verhuis(ctx context.Context, van, naar kamer.Opslag, oin string) (more bool, err error) {
	doel, err := New(naar).Stand(ctx, oin)
	if err != nil {
		return false, err
	}
	had := int64(doel.Grootte())
	var regels []regel // the last that both have, and what comes after it
	var grootte, laatste int64
	var rand []byte
	err = van.Read(ctx, func(tx *kamer.Tx) error {
		regels = nil
		_, l, r, err := stand(tx, oin)
		if err != nil {
			return err
		}
		grootte, laatste, rand = int64(r.Grootte()), l, r.AppendBytes(nil)
		for row, err := range tx.Query(sqlVerhuisRegels, oin, max(had-1, 0), int64(portie)) {
			var r regel
			if err == nil {
				err = row.Scan(&r.nr, &r.id, &r.moment, &r.soort, &r.hashes, &r.inhoud)
			}
			if err != nil {
				return err
			}
			regels = append(regels, r)
		}
		return nil
	})
	if err != nil || grootte == 0 { // on a cluster for logs alone there is none
		return false, err
	}
	anders := fout.New(fout.CodeNietBeschikbaar, "Op het doel heeft organisatie "+oin+" al een ander beheerlog; verhuis naar een doel waar dat nog leeg is.")
	if had > grootte {
		return false, anders
	}
	err = naar.Write(ctx, func(tx *kamer.Tx) error {
		more = false
		if _, err := tx.Exec(sqlBoomNieuw, oin, boom); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlBoomSlot, oin, boom); err != nil {
			return err
		}
		organisatie, _, r, err := stand(tx, oin)
		if err != nil {
			return err
		}
		if int64(r.Grootte()) != had {
			return anders // it is in use
		}
		nieuw := regels
		if had > 0 {
			var hashes []byte
			if err := tx.QueryRow(sqlVerhuisEerder, organisatie, had-1).Scan(&hashes); err != nil {
				return err
			}
			if len(regels) == 0 || !bytes.Equal(hashes, regels[0].hashes) {
				return anders
			}
			nieuw = regels[1:]
		}
		for _, n := range nieuw {
			if _, err := tx.Exec(sqlRegelNieuw, organisatie, n.nr, n.id, n.moment, n.soort, n.hashes, n.inhoud); err != nil {
				return err
			}
			if !grow(r, n.hashes) {
				return fmt.Errorf("event %d of the beheerlog of %s differs from its tree", n.nr, oin)
			}
		}
		if more = len(nieuw) > 0; !more {
			return nil
		}
		m := nieuw[len(nieuw)-1].moment
		edge := r.AppendBytes(nil)
		if int64(r.Grootte()) == grootte && (m != laatste || !bytes.Equal(edge, rand)) {
			return fmt.Errorf("the beheerlog of %s differs from its own tree", oin)
		}
		_, err = tx.Exec(sqlBoomWijzig, organisatie, boom, int64(r.Grootte()), m, edge)
		return err
	})
	return more, err
}

// grow adds the leaf that hashes begins with, and tells whether it brings the others.
func grow(r *bewijs.Rand, hashes []byte) bool {
	if len(hashes) < bewijs.HashSize {
		return false
	}
	var all []byte
	for _, h := range r.Append(nil, bewijs.Hash(hashes[:bewijs.HashSize])) {
		all = append(all, h[:]...)
	}
	return bytes.Equal(all, hashes)
}
