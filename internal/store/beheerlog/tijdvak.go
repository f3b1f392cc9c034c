package beheerlog

import (
	"context"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

// OpenTijdvak adds the leaf with which the beheerlog goes on in a new epoch, and its row, in one transaction. Its moment becomes
// later when the event before it is. fout.Gelijktijdig when the log has another size than the leaf says: nothing was done.
func (s *Opslag) OpenTijdvak(ctx context.Context, b *bewijs.Tijdvakblad) error {
	moment := b.Moment
	err := s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		if _, err := tx.Exec(sqlBoomNieuw, b.OIN, boom); err != nil {
			return err
		}
		if _, err := tx.Exec(sqlBoomSlot, b.OIN, boom); err != nil {
			return err
		}
		organisatie, laatste, rand, err := stand(tx, b.OIN)
		if err != nil {
			return err
		}
		if rand.Grootte() != b.Blad {
			return fout.Gelijktijdig
		}
		b.Moment = max(moment, laatste+1)
		if err := tijdvak.Voeg(tx, b); err != nil {
			return err
		}
		return addAt(tx, beheerlog.TijdvakRij(b), organisatie, rand)
	})
	if err != nil {
		return fmt.Errorf("open epoch of beheerlog: %w", err)
	}
	return nil
}
