package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

const (
	sqlTijdvakKop   = `SELECT grootte, rand, gesloten FROM organisatie WHERE nr = $1 FOR UPDATE`
	sqlTijdvakGroei = `UPDATE organisatie SET grootte = $2, rand = $3 WHERE nr = $1`
	// A group without a version has no registration: it is 0, as after a move.
	sqlTijdvakGroep = `INSERT INTO groep(organisatie, van, nr, registratie, aantal, hashes) VALUES($1, $2, $3, 0, 1, $4)`
)

// OpenTijdvak adds the leaf with which the log goes on in a new epoch, its row, and what mee adds to the rooms, in one transaction
// that has the head row: no node adds anything meanwhile. fout.Gelijktijdig when the log has another size than the leaf says:
// nothing was done. The leaf has no version. mee may run again.
func (s *Store) OpenTijdvak(ctx context.Context, b *bewijs.Tijdvakblad, mee func(*kamer.Tx) error) error {
	o, err := s.organisatie(b.OIN)
	if err == nil {
		err = s.usable()
	}
	if err != nil {
		return err
	}
	return s.kamers(context.WithoutCancel(ctx), s.schrijf, "open epoch", func(ctx context.Context, k kamers) error {
		return k.transaction(ctx, sqlBegin, func() error {
			if err := voegTijdvak(ctx, k.c, o, b); err != nil {
				return err
			}
			err := kamer.Run(ctx, verbinding(k), func(tx *kamer.Tx) error {
				if err := tijdvak.Voeg(tx, b); err != nil || mee == nil {
					return err
				}
				return mee(tx)
			})
			if err != nil {
				return err
			}
			return k.commit(ctx)
		})
	})
}

// voegTijdvak adds the leaf to the tree.
func voegTijdvak(ctx context.Context, c *pgx.Conn, o *organisatie, b *bewijs.Tijdvakblad) error {
	var grootte int64
	var edge []byte
	var gesloten int16
	if err := c.QueryRow(ctx, sqlTijdvakKop, o.nr).Scan(&grootte, &edge, &gesloten); err != nil {
		return judge("lock head", err)
	}
	if gesloten != 0 {
		return errGesloten
	}
	if uint64(grootte) != b.Blad {
		return fout.Gelijktijdig
	}
	r, err := bewijs.ReadRand(b.Blad, edge)
	if err != nil {
		return err
	}
	var hashes []byte
	for _, h := range r.Append(nil, b.BladHash()) {
		hashes = append(hashes, h[:]...)
	}
	nr := time.Now().UnixMicro()<<10 | rand.Int64N(1<<10)
	if _, err := c.Exec(ctx, sqlTijdvakGroep, o.nr, grootte, nr, hashes); err != nil {
		return judge("add leaf", err)
	}
	_, err = c.Exec(ctx, sqlTijdvakGroei, o.nr, int64(r.Grootte()), r.AppendBytes(nil))
	return judge("update head", err)
}
