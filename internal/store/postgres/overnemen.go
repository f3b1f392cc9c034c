package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
)

const (
	sqlClaim   = `UPDATE organisatie SET gesloten = 1 WHERE nr = $1 AND (gesloten <> 0 OR grootte = 0)`
	sqlRelease = `UPDATE organisatie SET gesloten = 0, laatste = greatest(laatste, $2) WHERE nr = $1 AND gesloten = 1`
	sqlGroei   = `UPDATE organisatie SET grootte = $2, laatste = $3, rand = $4 WHERE nr = $1 AND grootte = $5 AND gesloten = 1`

	sqlGroepKopie = `COPY groep(organisatie, van, nr, registratie, aantal, hashes, merken) FROM STDIN (FORMAT binary)`
	sqlIdemErbij  = sqlIdemSchrijf + ` ON CONFLICT DO NOTHING`
)

// Claim implements verhuizing.Doel.
func (s *Store) Claim(ctx context.Context, oin string) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, "claim organisation", sqlClaim, o.nr)
	if err == nil && n == 0 {
		err = fout.New(fout.CodeNietBeschikbaar, "Organisatie "+oin+" is op het doel al in gebruik; kies een database waarin zij nog niet voorkomt.")
	}
	return err
}

// Release implements verhuizing.Doel.
func (s *Store) Release(ctx context.Context, oin string, laatste int64) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, "release organisation", sqlRelease, o.nr, laatste)
	if err == nil && n == 0 {
		err = errors.New("the organisation was not claimed")
	}
	return err
}

// TakeSleutels implements verhuizing.Doel.
func (s *Store) TakeSleutels(ctx context.Context, oin string, sleutels []verhuizing.Sleutel) error {
	o, err := s.organisatie(oin)
	if err != nil {
		return err
	}
	n := len(sleutels)
	organisaties, dagen := make([]int32, n), make([]int32, n)
	namen, lichamen := make([]pgtype.UUID, n), make([]pgtype.UUID, n)
	registraties, bladen := make([]int64, n), make([]int64, n)
	for i, k := range sleutels {
		organisaties[i], dagen[i] = o.nr, int32(k.Registratie/dag)
		namen[i], lichamen[i] = pgUUID(k.Sleutel), pgUUID(k.Lichaam)
		registraties[i], bladen[i] = k.Registratie, int64(k.Blad)
	}
	_, err = s.exec(ctx, "take over idempotency keys", sqlIdemErbij, organisaties, dagen, namen, lichamen, registraties, bladen)
	return err
}

// Take implements verhuizing.Doel.
func (s *Store) Take(ctx context.Context, oin string, kop verhuizing.Kop, bladen []verhuizing.Blad) (verhuizing.Kop, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return kop, err
	}
	p, err := newPortie(o, kop, bladen)
	if err != nil {
		return kop, err
	}
	g := s.groepen.Get().(*groep)
	defer s.groepen.Put(g)
	err = with(ctx, s.schrijf, func(c *pgx.Conn) (err error) {
		defer func() {
			if err != nil && c.PgConn().TxStatus() != 'I' {
				_, _ = c.Exec(context.WithoutCancel(ctx), "ROLLBACK") // a connection that stays in it is not used again
			}
		}()
		return p.write(ctx, c, g)
	})
	if errors.Is(err, errOnbekend) {
		return kop, unavailable("De database van het doel viel weg; doe de verhuizing opnieuw, zij gaat verder waar zij was.", "take over", err)
	}
	if err != nil {
		return kop, judge("take over", err)
	}
	return p.na, nil
}

// portie is what one transaction takes over.
type portie struct {
	o       *organisatie
	kop, na verhuizing.Kop
	bladen  []verhuizing.Blad
	reeksen []reeks
}

// reeks becomes a group: leaves in a row whose registrations are in a row as well. A version that was purged
// has no registration, and fits anywhere.
type reeks struct {
	bladen      []verhuizing.Blad
	nr          int64
	registratie int64 // of its first leaf; 0 as long as only purged ones are in it
	hashes      []byte
	merken      []byte // zeros of what was purged
}

func newPortie(o *organisatie, kop verhuizing.Kop, bladen []verhuizing.Blad) (*portie, error) {
	p := &portie{o: o, kop: kop, na: verhuizing.Kop{Rand: kop.Rand.Clone(), Laatste: kop.Laatste, Staat: verhuizing.Komt}, bladen: bladen}
	// Ordered by time as in Append, one after the other from an instant on.
	nr := time.Now().UnixMicro() << 10
	var r *reeks
	var hashes []bewijs.Hash
	begin := 0
	for i := range bladen {
		b := &bladen[i]
		if b.Nummer != p.na.Grootte() {
			return nil, fmt.Errorf("leaf %d is to be taken over at place %d", b.Nummer, p.na.Grootte())
		}
		if v := b.Rij; v != nil {
			if v.Registratie <= p.na.Laatste && p.na.Laatste > 0 {
				return nil, fmt.Errorf("leaf %d is not registered after the one before it", b.Nummer)
			}
			p.na.Laatste = v.Registratie
		}
		if r == nil || !r.fits(b, i-begin) {
			p.reeksen = append(p.reeksen, reeks{nr: nr + int64(len(p.reeksen))})
			r, begin = &p.reeksen[len(p.reeksen)-1], i
		}
		if v := b.Rij; v != nil {
			r.registratie = v.Registratie - int64(i-begin)
		}
		r.bladen = bladen[begin : i+1]
		hashes = p.na.Rand.Append(hashes[:0], b.Hash)
		for i := range hashes {
			r.hashes = append(r.hashes, hashes[i][:]...)
		}
		var merk bewijs.Merk
		if b.Rij != nil {
			merk = b.Rij.Merk
		}
		r.merken = append(r.merken, merk[:]...)
	}
	return p, nil
}

// fits tells whether a leaf can be the next one, at a place.
func (r *reeks) fits(b *verhuizing.Blad, plaats int) bool {
	return b.Rij == nil || r.registratie == 0 || b.Rij.Registratie == r.registratie+int64(plaats)
}

func (p *portie) write(ctx context.Context, c *pgx.Conn, g *groep) error {
	if _, err := c.Exec(ctx, sqlBegin); err != nil {
		return err
	}
	tag, err := c.Exec(ctx, sqlGroei, p.o.nr, int64(p.na.Grootte()), p.na.Laatste, p.na.Rand.AppendBytes(nil), int64(p.kop.Grootte()))
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return fout.New(fout.CodeNietBeschikbaar, "Organisatie "+p.o.oin+" is op het doel intussen veranderd; wacht tot een andere verhuizing klaar is.")
	}
	n, i := 0, 0
	err = g.stream(ctx, c, sqlGroepKopie, func(dst []byte) ([]byte, bool) {
		if n == len(p.reeksen) {
			return dst, false
		}
		dst = appendGroep(dst, p.o.nr, &p.reeksen[n])
		n++
		return dst, true
	})
	if err != nil {
		return err
	}
	g.extra = g.extra[:0]
	var nrs []int64 // of the group of each of g.extra
	r := 0
	err = g.stream(ctx, c, sqlVersieKopie, func(dst []byte) ([]byte, bool) {
		for ; r < len(p.reeksen); r, i = r+1, 0 {
			for l := p.reeksen[r]; i < len(l.bladen); i++ {
				rij := l.bladen[i].Rij
				if rij == nil {
					continue
				}
				eerste, alles := spread(rij.Ingangen)
				dst = appendVersie(dst, p.o.nr, l.nr, int32(i), rij, &eerste, alles)
				if !alles {
					g.extra = appendExtra(g.extra, p.o.nr, int32(i), rij.Ingangen, &eerste)
					for len(nrs) < len(g.extra) {
						nrs = append(nrs, l.nr)
					}
				}
				i++
				return dst, true
			}
		}
		return dst, false
	})
	if err == nil && len(g.extra) > 0 {
		n = 0
		err = g.stream(ctx, c, sqlIngangKopie, func(dst []byte) ([]byte, bool) {
			if n == len(g.extra) {
				return dst, false
			}
			dst = appendIngang(dst, nrs[n], &g.extra[n])
			n++
			return dst, true
		})
	}
	if err != nil {
		return err
	}
	return finish(ctx, c, &pgx.Batch{})
}

// appendGroep packs a row of groep.
func appendGroep(dst []byte, organisatie int32, r *reeks) []byte {
	dst = binary.BigEndian.AppendUint16(dst, 7)
	dst = appendInt32(dst, organisatie)
	dst = appendInt64(dst, int64(r.bladen[0].Nummer))
	dst = appendInt64(dst, r.nr)
	dst = appendInt64(dst, r.registratie)
	dst = appendInt32(dst, int32(len(r.bladen)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.hashes)))
	dst = append(dst, r.hashes...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.merken)))
	return append(dst, r.merken...)
}
