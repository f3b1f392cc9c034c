package sqlite

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

const (
	sqlTijdvakIsEr   = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'tijdvak'`
	sqlTijdvakAantal = `SELECT count(*) FROM tijdvak WHERE organisatie = ? AND boom = ? AND blad < ?`
)

// OpenTijdvak adds the leaf with which the log goes on in a new epoch, its row, and what mee adds to the rooms, in one transaction.
// fout.Gelijktijdig when the log has another size than the leaf says: nothing was done. The leaf has no version.
func (s *Store) OpenTijdvak(ctx context.Context, b *bewijs.Tijdvakblad, mee func(*kamer.Tx) error) (err error) {
	o, err := s.organisatie(b.OIN)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if b.Blad != o.rand.Grootte() || b.Blad >= maxBlad {
		return fout.Gelijktijdig
	}
	rand := o.rand.Clone()
	van := bewijs.AantalKnopen(rand.Grootte())
	hashes := rand.Append(nil, b.BladHash())
	ctx = context.WithoutCancel(ctx)
	if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
		return s.fail(judge("begin", err))
	}
	v := &verbinding{tx: s.schrijf.c, judge: judge}
	err = kamer.Run(ctx, v, func(tx *kamer.Tx) error {
		if err := tijdvak.Voeg(tx, b); err != nil || mee == nil {
			return err
		}
		return mee(tx)
	})
	if err == nil {
		if _, e := s.schrijf.knoop.ExecContext(ctx, knoopNr(o.boom(), van), appendHashes(nil, hashes)); e != nil {
			err = judge("insert", e)
		}
	}
	if err == nil {
		if _, e := s.schrijf.commit.ExecContext(ctx); e != nil {
			err = judge("commit", e)
		}
	}
	if err != nil {
		return s.fail(s.rollback(ctx, err))
	}
	t := s.staart
	t.mu.Lock()
	defer t.mu.Unlock()
	o.rand = rand
	o.grootte.Store(rand.Grootte())
	return nil
}
