package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

const (
	// READ COMMITTED: once the head row is locked, what its holder before committed is seen.
	sqlBegin     = `BEGIN ISOLATION LEVEL READ COMMITTED`
	sqlKop       = `SELECT nr, grootte, laatste, rand, gesloten FROM organisatie WHERE nr = ANY($1::int4[]) ORDER BY nr`
	sqlKopSlot   = sqlKop + ` FOR UPDATE`
	sqlVersieKop = `SELECT k.organisatie, k.actie, v.nummer FROM unnest($1::int4[], $2::uuid[]) k(organisatie, actie)
		CROSS JOIN LATERAL (SELECT nummer FROM versie v WHERE v.organisatie = k.organisatie AND v.actie = k.actie
			AND v.groep <> $3 ORDER BY v.nummer DESC LIMIT 1) v`
)

// voorbereid are the statements that end a transaction, by name.
var voorbereid = map[string]string{
	// It fails, as grootte can't be NULL, when the head row is not what the group was numbered by, or when its
	// rows are not there: what went ahead of it may have failed before it began a transaction.
	"kop": `UPDATE organisatie SET grootte = CASE WHEN grootte = $2 AND laatste = $3 AND rand = $4 AND gesloten = 0
			AND EXISTS (SELECT 1 FROM versie WHERE organisatie = $1 AND groep = $5 AND plaats = $6) THEN CAST($7 AS bigint) END,
		laatste = $8, rand = $9 WHERE nr = $1`,
	"groep": `INSERT INTO groep(organisatie, van, nr, registratie, aantal, hashes, merken)
		VALUES($1, $2, $3, $4, $5, $6, $7)`,
	"idempotentie": sqlIdemSchrijf,
	"vastleggen":   `COMMIT`,
}

// Append implements verwerkingenlog.Store. It may be called by several goroutines at once; as many as there
// are writers run side by side.
func (s *Store) Append(ctx context.Context, eenheden []*verwerkingenlog.Eenheid) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.usable(); err != nil {
		return err
	}
	g := s.groepen.Get().(*groep)
	defer s.groepen.Put(g)
	g.begin(s, eenheden)
	defer g.end()
	// From here on a cancelled request must not stop halfway what is the work of many.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.geduld)
	defer cancel()
	if err := s.append(ctx, g); err != nil {
		for _, e := range eenheden {
			e.Err, e.Eerder = nil, nil
		}
		return err
	}
	g.tell()
	return nil
}

// append tries until the group is written, it makes no sense to go on, or time is up. While the server is
// known to be away it tries once.
func (s *Store) append(ctx context.Context, g *groep) error {
	var eerder error
	for pauze := 4 * time.Millisecond; ; pauze = min(2*pauze, 256*time.Millisecond) {
		err := s.attempt(ctx, g)
		if err == nil {
			s.weg.Store(false)
			return nil
		}
		if code(err) == codeKopAnders && !g.slot {
			g.slot = true // what was remembered is wrong
			continue
		}
		if lost(err) {
			s.schrijf.Reset()
		}
		if ctx.Err() != nil && eerder != nil && !errors.Is(err, errOnbekend) {
			err = eerder // says more than that time is up
		}
		eerder = err
		if !again(err) || s.weg.Load() || ctx.Err() != nil {
			s.weg.Store(lost(err))
			return judge("append", err)
		}
		if code(err) == codeBestaatAl && !g.alles {
			g.alles = true
			g.question()
		}
		pause(ctx, rand.N(pauze)) // those who met don't meet again
	}
}

// attempt writes the group once. When the outcome of its commit is unknown it finds that out.
func (s *Store) attempt(ctx context.Context, g *groep) error {
	err := with(ctx, s.schrijf, func(c *pgx.Conn) error { return s.write(ctx, c, g) })
	if errors.Is(err, errOnbekend) {
		return s.settle(g, err)
	}
	return err
}

// write writes the group on a connection, which an error leaves without a transaction. A group that this node
// alone is writing is numbered by what it remembers of the head row, and then is one round trip; otherwise it
// is two, and the head row is locked between them.
func (s *Store) write(ctx context.Context, c *pgx.Conn, g *groep) (err error) {
	defer func() {
		ahead(c, nil)
		if err != nil && c.PgConn().TxStatus() != 'I' {
			_, _ = c.Exec(ctx, "ROLLBACK") // a connection that stays in it is not used again
		}
	}()
	free := g.claim()
	defer func() { g.release(err) }()
	g.nr, g.nu = 0, s.opt.Nu().UnixMicro()
	for _, w := range g.groei {
		w.rand = nil
	}
	if g.asks() {
		// Most of what is refused is refused here, before anything is written and without a lock.
		if err := s.ask(ctx, c, g, sqlKop); err != nil {
			return err
		}
	}
	for g.judge(); len(g.nieuw) > 0; {
		whole, err := g.copy(ctx, c)
		if err != nil {
			return err
		}
		if free && whole && !g.slot && g.recall() {
			g.number()
			return s.commit(ctx, c, g)
		}
		free = false
		if err := s.ask(ctx, c, g, sqlKopSlot); err != nil {
			return err
		}
		if !g.asks() && !g.shut() || g.judge() {
			g.number()
			return s.commit(ctx, c, g)
		}
		if _, err := c.Exec(ctx, "ROLLBACK"); err != nil {
			return err
		}
	}
	return nil
}

// ask reads the head rows and answers the questions of the group, in one round trip.
func (s *Store) ask(ctx context.Context, c *pgx.Conn, g *groep, kop string) error {
	g.nu = s.opt.Nu().UnixMicro()
	b := &pgx.Batch{}
	b.Queue(kop, g.nrs).Query(g.readKop)
	if len(g.acties) > 0 {
		clear(g.nummers)
		b.Queue(sqlVersieKop, g.actieNrs, g.acties, g.nr).Query(g.readNummers)
	}
	if len(g.sleutels) > 0 {
		clear(g.bewaard)
		b.Queue(sqlIdemLees, g.sleutelNrs, g.sleutels, g.nu).Query(g.readIdem)
	}
	if err := send(ctx, c, b); err != nil {
		return err
	}
	if kop == sqlKopSlot {
		g.meet(s)
	}
	return nil
}

func (g *groep) readKop(rows pgx.Rows) error {
	i := 0
	var nr int32
	var grootte, laatste int64
	var edge []byte
	var gesloten int16
	_, err := pgx.ForEachRow(rows, []any{&nr, &grootte, &laatste, &edge, &gesloten}, func() (err error) {
		w := g.groei[min(i, len(g.groei)-1)]
		if w.o.nr != nr {
			return errKop
		}
		w.grootte, w.laatste, w.gesloten, w.oud = grootte, laatste, gesloten != 0, append(w.oud[:0], edge...)
		w.rand, err = bewijs.ReadRand(uint64(grootte), edge)
		i++
		return err
	})
	if err == nil && i != len(g.groei) {
		err = errKop
	}
	return err
}

var errKop = errors.New("an organisation has no head row")

func (g *groep) readNummers(rows pgx.Rows) error {
	var organisatie int32
	var actie pgtype.UUID
	var nummer int32
	_, err := pgx.ForEachRow(rows, []any{&organisatie, &actie, &nummer}, func() error {
		g.nummers[actieSleutel{organisatie, actie.Bytes}] = uint32(nummer)
		return nil
	})
	return err
}

// maxVooruit is how much goes ahead of a statement; more is streamed, in a round trip of its own.
const maxVooruit = 1 << 20

// copy begins a transaction and puts the rows of the accepted units in, under a new number of the group. A
// group of usual size only goes ahead of what is sent next: whole is true then.
func (g *groep) copy(ctx context.Context, c *pgx.Conn) (whole bool, err error) {
	// Ordered by time, and not that of Opties: rows that are written together lie together.
	g.nr = time.Now().UnixMicro()<<10 | rand.Int64N(1<<10)
	if next := g.rows(); g.pack(next) {
		ahead(c, g.buf)
		return true, nil
	}
	if err := g.stream(ctx, c, sqlBegin+"; "+sqlVersieKopie, g.rows()); err != nil || len(g.extra) == 0 {
		return false, err
	}
	return false, g.stream(ctx, c, sqlIngangKopie, g.extras())
}

// pack makes the messages that begin a transaction and copy all rows; false when they are too large.
func (g *groep) pack(next func([]byte) ([]byte, bool)) bool {
	tekst := sqlBegin + "; " + sqlVersieKopie
	more := true
	b := slices.Grow(g.data[:0], 1<<10)
	for b = append(b, kopieKop...); more && len(b) < maxVooruit; {
		b, more = next(b)
	}
	g.data = b
	if more {
		return false
	}
	extra := len(g.data)
	if len(g.extra) > 0 {
		tekst += "; " + sqlIngangKopie
		b = append(b, kopieKop...)
		for next, more = g.extras(), true; more && len(b) < maxVooruit; {
			b, more = next(b)
		}
		if g.data = b; more {
			return false
		}
	}
	g.buf = append(g.buf[:0], 'Q')
	g.buf = binary.BigEndian.AppendUint32(g.buf, uint32(4+len(tekst)+1))
	g.buf = append(append(g.buf, tekst...), 0)
	for _, deel := range [][]byte{g.data[:extra], g.data[extra:]} {
		if len(deel) > 0 {
			g.buf = binary.BigEndian.AppendUint32(append(g.buf, 'd'), uint32(4+len(deel)+2))
			g.buf = append(append(g.buf, deel...), 0xff, 0xff)
			g.buf = append(g.buf, 'c', 0, 0, 0, 4)
		}
	}
	return true
}

// rows gives the rows of the accepted units one by one, packed, and gathers the keys that have no column.
func (g *groep) rows() func(dst []byte) ([]byte, bool) {
	g.extra = g.extra[:0]
	for _, w := range g.groei {
		w.aantal = 0
	}
	e, r := 0, 0
	return func(dst []byte) ([]byte, bool) {
		for e < len(g.nieuw) && r == len(g.nieuw[e].e.Rijen) {
			e, r = e+1, 0
		}
		if e == len(g.nieuw) {
			return dst, false
		}
		w, rij := g.nieuw[e].w, g.nieuw[e].e.Rijen[r]
		eerste, alles := spread(rij.Ingangen)
		dst = appendVersie(dst, w.o.nr, g.nr, w.aantal, rij, &eerste, alles)
		if !alles {
			g.extra = appendExtra(g.extra, w.o.nr, w.aantal, rij.Ingangen, &eerste)
		}
		w.aantal++
		r++
		return dst, true
	}
}

// extras gives those keys one by one, packed.
func (g *groep) extras() func(dst []byte) ([]byte, bool) {
	i := 0
	return func(dst []byte) ([]byte, bool) {
		if i == len(g.extra) {
			return dst, false
		}
		i++
		return appendIngang(dst, g.nr, &g.extra[i-1]), true
	}
}

// stream copies the rows that next packs.
func (g *groep) stream(ctx context.Context, c *pgx.Conn, tekst string, next func([]byte) ([]byte, bool)) error {
	var rijen int64
	k := newKopie(g.buf, func(dst []byte) ([]byte, bool) {
		dst, more := next(dst)
		if more {
			rijen++
		}
		return dst, more
	})
	tag, err := c.PgConn().CopyFrom(ctx, k, tekst)
	g.buf = k.close()
	if err == nil && tag.RowsAffected() != rijen {
		err = fmt.Errorf("%d of %d rows were copied", tag.RowsAffected(), rijen)
	}
	return err
}
