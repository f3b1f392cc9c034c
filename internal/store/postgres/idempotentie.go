package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// geldig is how long a client may repeat a request, dag the unit in which keys are deleted;
// µs. Both are counted by registration, so that a clock that goes back changes nothing.
const (
	geldig = int64(24 * time.Hour / time.Microsecond)
	dag    = int64(24 * time.Hour / time.Microsecond)
)

const (
	// $3 is the present instant. What is registered now decides which day is today; yesterday comes first.
	sqlIdemLees = `SELECT k.organisatie, k.sleutel, i.lichaam, i.registratie, i.blad
		FROM unnest($1::int4[], $2::uuid[]) k(organisatie, sleutel)
		CROSS JOIN LATERAL (SELECT greatest($3::bigint, laatste + 1) nu FROM organisatie WHERE nr = k.organisatie LIMIT 1) o
		CROSS JOIN LATERAL (SELECT CAST((o.nu - o.nu % 86400000000) / 86400000000 AS int4) vandaag) v
		CROSS JOIN (VALUES (1), (0)) d(terug)
		CROSS JOIN LATERAL (SELECT lichaam, registratie, blad FROM idempotentie
			WHERE organisatie = k.organisatie AND dag = v.vandaag - d.terug AND sleutel = k.sleutel LIMIT 1) i
		ORDER BY d.terug DESC`
	sqlIdemSchrijf = `INSERT INTO idempotentie(organisatie, dag, sleutel, lichaam, registratie, blad)
		SELECT * FROM unnest($1::int4[], $2::int4[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[])`
	// Up to and including the last of the oldest so many.
	sqlIdemWis = `DELETE FROM idempotentie WHERE organisatie = $1 AND dag < $2 AND (dag, sleutel) <=
		(SELECT dag, sleutel FROM (SELECT dag, sleutel FROM idempotentie WHERE organisatie = $1 AND dag < $2
			ORDER BY dag, sleutel LIMIT 500) oudste ORDER BY dag DESC, sleutel DESC LIMIT 1)`
)

type idemSleutel struct {
	organisatie int32
	sleutel     [16]byte
}

// bewaard is an idempotency key as stored.
type bewaard struct {
	lichaam           [16]byte
	registratie, blad int64
}

// readIdem notes the stored keys; of two days the last counts.
func (g *groep) readIdem(rows pgx.Rows) error {
	var organisatie int32
	var sleutel, lichaam pgtype.UUID
	var b bewaard
	_, err := pgx.ForEachRow(rows, []any{&organisatie, &sleutel, &lichaam, &b.registratie, &b.blad}, func() error {
		b.lichaam = lichaam.Bytes
		g.bewaard[idemSleutel{organisatie, sleutel.Bytes}] = b
		return nil
	})
	return err
}

// earlier looks for a unit with the same key, in the group and in what is stored. When its body is the same
// too, e.Eerder tells where it stands (or will, see tell) and done is true.
func (g *groep) earlier(w *groei, e *verwerkingenlog.Eenheid) (done bool, err error) {
	id := e.Idempotentie
	k := idemSleutel{w.o.nr, id.Sleutel}
	if twin := g.idem[k]; twin != nil {
		if twin.Idempotentie.Lichaam != id.Lichaam {
			return false, fout.Idempotentie
		}
		g.tweelingen = append(g.tweelingen, tweeling{e, twin})
		return true, nil
	}
	b, ok := g.bewaard[k]
	if !ok || max(g.nu, w.laatste+1)+int64(w.aantal)-b.registratie >= geldig {
		return false, nil
	}
	if b.lichaam != id.Lichaam {
		return false, fout.Idempotentie
	}
	blad := uint64(b.blad)
	e.Eerder = &blad
	return true, nil
}

// tweeling is a unit that repeats one of its own group.
type tweeling struct{ e, eerste *verwerkingenlog.Eenheid }

// queueIdem adds the keys of the group to its transaction.
func (g *groep) queueIdem(b *pgx.Batch) {
	var organisaties, dagen []int32
	var sleutels, lichamen []pgtype.UUID
	var registraties, bladen []int64
	for _, l := range g.nieuw {
		if id := l.e.Idempotentie; id != nil {
			r := l.e.Rijen[0]
			organisaties, dagen = append(organisaties, l.w.o.nr), append(dagen, int32(r.Registratie/dag))
			sleutels, lichamen = append(sleutels, pgUUID(id.Sleutel)), append(lichamen, pgUUID(id.Lichaam))
			registraties, bladen = append(registraties, r.Registratie), append(bladen, int64(r.Blad))
		}
	}
	if len(sleutels) > 0 {
		b.Queue("idempotentie", organisaties, dagen, sleutels, lichamen, registraties, bladen)
	}
}

func pgUUID(b [16]byte) pgtype.UUID { return pgtype.UUID{Bytes: b, Valid: true} }

// runOpruimen deletes keys of the days before yesterday, at the start and then as days pass. One node does
// it for all.
func (s *Store) runOpruimen(ctx context.Context) {
	const elke = 10 * time.Minute
	l := s.Lease("opruimen", 2*elke)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), geduld)
		defer cancel()
		_ = l.Release(ctx) // or it ends by itself
	}()
	for ctx.Err() == nil {
		wacht := elke
		held, err := l.Acquire(ctx)
		if held {
			var n int64
			if n, err = s.opruimen(ctx); n > 0 {
				wacht = 20 * time.Millisecond
			}
		}
		if err != nil && ctx.Err() == nil {
			s.opt.Fout(fmt.Errorf("delete old idempotency keys: %w", err))
			wacht = elke
		}
		pause(ctx, wacht)
	}
}

// opruimen deletes one step of old keys of each organisation, and tells how many.
func (s *Store) opruimen(ctx context.Context) (total int64, err error) {
	for _, o := range s.organisaties {
		n, err := s.exec(ctx, "delete", sqlIdemWis, o.nr, s.opt.Nu().UnixMicro()/dag-1)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
