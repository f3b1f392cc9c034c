package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// geldig is how long a client may repeat a request, dag the unit in which keys are deleted;
// µs.
const (
	geldig = int64(24 * time.Hour / time.Microsecond)
	dag    = int64(24 * time.Hour / time.Microsecond)
)

const (
	sqlIdemLees = `SELECT lichaam, registratie, blad FROM idempotentie
		WHERE dag IN (?, ?) AND organisatie = ? AND sleutel = ? ORDER BY dag DESC LIMIT 1`
	sqlIdemSchrijf = `INSERT INTO idempotentie(dag, organisatie, sleutel, lichaam, registratie, blad) VALUES(?, ?, ?, ?, ?, ?)`
	sqlIdemOud     = `SELECT dag, organisatie, sleutel FROM idempotentie WHERE dag < ? LIMIT 500`
	sqlIdemWis     = `DELETE FROM idempotentie WHERE dag = ? AND organisatie = ? AND sleutel = ?`
)

type idemSleutel struct {
	organisatie int64
	sleutel     [16]byte
}

// earlier looks for a unit with the same key. When its body is the same too, e.Eerder tells where
// it stands and done is true. nu is the instant at which e would be registered: days and validity
// are counted by registration, so that a clock that goes back changes nothing.
func (s *Store) earlier(ctx context.Context, g *groep, o *organisatie, e *verwerkingenlog.Eenheid, nu int64) (done bool, err error) {
	id := e.Idempotentie
	if twin := g.idem[idemSleutel{o.nr, id.Sleutel}]; twin != nil {
		if twin.Idempotentie.Lichaam != id.Lichaam {
			return false, fout.Idempotentie
		}
		blad := twin.Rijen[0].Blad
		e.Eerder = &blad
		return true, nil
	}
	var lichaam []byte
	var registratie int64
	var blad uint64
	err = s.schrijf.idemLees.QueryRowContext(ctx, nu/dag, nu/dag-1, o.nr, id.Sleutel[:]).Scan(&lichaam, &registratie, &blad)
	if errors.Is(err, sql.ErrNoRows) || err == nil && nu-registratie >= geldig {
		return false, nil
	}
	if err != nil {
		return false, judge("look for idempotency key", err)
	}
	if !bytes.Equal(lichaam, id.Lichaam[:]) {
		return false, fout.Idempotentie
	}
	e.Eerder = &blad
	return true, nil
}

// keep stores the key of a unit in its transaction.
func (w *schrijver) keep(ctx context.Context, o *organisatie, e *verwerkingenlog.Eenheid) error {
	r := e.Rijen[0]
	_, err := w.idemSchrijf.ExecContext(ctx, r.Registratie/dag, o.nr, e.Idempotentie.Sleutel[:],
		e.Idempotentie.Lichaam[:], r.Registratie, r.Blad)
	return err
}

// runOpruimen deletes keys of the days before yesterday, at the start and then as days pass, in
// steps that keep no commit waiting.
func (s *Store) runOpruimen(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := s.opruimen(ctx)
		switch {
		case err != nil:
			s.opt.Fout(fmt.Errorf("delete old idempotency keys: %w", err))
			pause(ctx, 10*time.Minute)
		case n == 0:
			pause(ctx, 10*time.Minute)
		default:
			pause(ctx, 20*time.Millisecond)
		}
	}
}

// opruimen deletes one step of old keys and tells how many.
func (s *Store) opruimen(ctx context.Context) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usable() != nil || ctx.Err() != nil {
		return 0, nil
	}
	ctx = context.WithoutCancel(ctx)
	type rij struct {
		dag int64
		idemSleutel
	}
	var oud []rij
	rows, err := s.schrijf.idemOud.QueryContext(ctx, s.opt.Nu().UnixMicro()/dag-1)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var r rij
		var sleutel []byte
		if err := rows.Scan(&r.dag, &r.organisatie, &sleutel); err != nil {
			return 0, err
		}
		r.sleutel = [16]byte(sleutel)
		oud = append(oud, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(oud) == 0 {
		return 0, err
	}
	if _, err := s.schrijf.begin.ExecContext(ctx); err != nil {
		return 0, s.fail(judge("begin", err))
	}
	for _, r := range oud {
		if _, err := s.schrijf.idemWis.ExecContext(ctx, r.dag, r.organisatie, r.sleutel[:]); err != nil {
			return 0, s.fail(s.rollback(ctx, judge("delete", err)))
		}
	}
	if _, err := s.schrijf.commit.ExecContext(ctx); err != nil {
		return 0, s.fail(s.rollback(ctx, judge("commit", err)))
	}
	return len(oud), nil
}
