package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// bladBits is the room for a leaf number in versie.nr; the organisation stands above it.
const (
	bladBits = 40
	maxBlad  = 1<<bladBits - 1
)

// kolommen are those that scanRij reads.
const kolommen = `nr, actie, nummer, registratie, tijdstip, kenmerk, activiteit, ingangen, inhoud, merk`

const (
	sqlVersieSchrijf = `INSERT INTO versie(nr, actie, nummer, registratie, tijdstip, kenmerk, activiteit, ingangen, inhoud, merk)
		VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlRij        = `SELECT ` + kolommen + ` FROM versie WHERE nr = ?`
	sqlRijen      = `SELECT ` + kolommen + ` FROM versie WHERE nr IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlActiviteit = `SELECT activiteit FROM versie WHERE nr = ?`
	sqlRijLaatste = `SELECT nr, registratie FROM versie WHERE nr >= ? AND nr < ? ORDER BY nr DESC LIMIT 1`
	// With the entries that the index has, or gets.
	sqlRijenVanaf = `SELECT v.nr, actie, nummer, registratie, tijdstip, kenmerk, coalesce(h.ingangen, v.ingangen)
		FROM versie v LEFT JOIN hersleuteld h ON h.nr = v.nr WHERE v.nr >= ? AND v.nr < ? ORDER BY v.nr`
)

func versieNr(organisatie int64, blad uint64) int64 { return organisatie<<bladBits | int64(blad) }

// kenmerk packs state (lowest byte) and operation.
func kenmerk(st verwerkingenlog.Staat, op bewijs.Operatie) int64 { return int64(st) | int64(op)<<8 }

// soortBits of the head of a packed ingang hold its kind, the rest how often it occurs.
const soortBits = 4

// appendIngangen packs index entries: a varint of kind and count, then the key, for each.
func appendIngangen(dst []byte, ingangen []verwerkingenlog.Ingang) []byte {
	for i := range ingangen {
		g := &ingangen[i]
		dst = binary.AppendUvarint(dst, uint64(g.Aantal)<<soortBits|uint64(g.Soort))
		dst = append(dst, g.Sleutel[:]...)
	}
	return dst
}

var errIngangen = errors.New("index entries of a version can't be read")

// eachIngang unpacks what appendIngangen packed.
func eachIngang(b []byte, f func(verwerkingenlog.Ingang)) error {
	for len(b) > 0 {
		kop, n := binary.Uvarint(b)
		if n <= 0 || len(b) < n+16 || kop>>soortBits > 0xffff {
			return errIngangen
		}
		f(verwerkingenlog.Ingang{
			Soort:   verwerkingenlog.IngangSoort(kop & (1<<soortBits - 1)),
			Aantal:  uint16(kop >> soortBits),
			Sleutel: [16]byte(b[n:]),
		})
		b = b[n+16:]
	}
	return nil
}

// checkRij refuses what can't be stored as it is, or would get a leaf that says something else.
func checkRij(oin string, r *verwerkingenlog.Rij) error {
	b := &r.Bewijs
	if b.OIN != oin || b.ActieID != r.ActieID || b.Nummer != r.Nummer ||
		b.Operatie != r.Operatie || b.Vervallen != r.Staat.Vervallen() {
		return errors.New("leaf of the version differs from the version")
	}
	for i := range r.Ingangen {
		if s := r.Ingangen[i].Soort; s == 0 || s >= 1<<soortBits {
			return errors.New("unknown kind of index entry")
		}
	}
	return nil
}

// rij reads one version; nil when it is not there (any more).
func (l *lezer) rij(ctx context.Context, o *organisatie, blad uint64) (*verwerkingenlog.Rij, error) {
	// A point read is over before a cancellation could matter, and watching for one costs more.
	r, err := scanRij(l.stRij.QueryRowContext(context.WithoutCancel(ctx), versieNr(o.nr, blad)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// rijenTegelijk is how many versions one statement reads: sqlRijen has as many parameters.
const rijenTegelijk = 16

// rijen reads versions, in this order; nil for one that is not there (any more).
func (l *lezer) rijen(ctx context.Context, o *organisatie, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	uit := make([]*verwerkingenlog.Rij, len(bladen))
	for van := 0; van < len(bladen); van += rijenTegelijk {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		deel := bladen[van:min(van+rijenTegelijk, len(bladen))]
		var err error
		if len(deel) == 1 {
			uit[van], err = l.rij(ctx, o, deel[0])
		} else {
			err = l.some(ctx, o, deel, uit[van:])
		}
		if err != nil {
			return nil, err
		}
	}
	return uit, nil
}

// some reads at most rijenTegelijk versions: a statement costs more than a row of it.
func (l *lezer) some(ctx context.Context, o *organisatie, bladen []uint64, uit []*verwerkingenlog.Rij) error {
	var args [rijenTegelijk]any // what stays nil finds nothing
	for i, blad := range bladen {
		args[i] = versieNr(o.nr, blad)
	}
	rows, err := l.stRijen.QueryContext(context.WithoutCancel(ctx), args[:]...)
	if err != nil {
		return fmt.Errorf("read versions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRij(rows)
		if err != nil {
			return err
		}
		for i, blad := range bladen {
			if blad == r.Blad {
				uit[i] = r
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read versions: %w", err)
	}
	return nil
}

// scanRij reads kolommen.
func scanRij(row interface{ Scan(...any) error }) (*verwerkingenlog.Rij, error) {
	r := &verwerkingenlog.Rij{}
	var nr, k int64
	var actie, activiteit, ingangen, merk []byte
	err := row.Scan(&nr, &actie, &r.Nummer, &r.Registratie, &r.Tijdstip, &k, &activiteit, &ingangen, &r.Inhoud, &merk)
	if err == nil && k>>16 != 0 {
		err = errors.New("state and operation can't be read")
	}
	if err == nil {
		r.ActieID, err = uuid.FromBytes(actie)
	}
	if err != nil {
		return nil, fmt.Errorf("read version: %w", err)
	}
	r.Blad = uint64(nr & maxBlad)
	copy(r.Activiteit[:], activiteit)
	copy(r.Merk[:], merk)
	r.Staat, r.Operatie = verwerkingenlog.Staat(k&0xff), bewijs.Operatie(k>>8)
	if len(ingangen) > 0 {
		r.Ingangen = make([]verwerkingenlog.Ingang, 0, len(ingangen)/17)
		err = eachIngang(ingangen, func(g verwerkingenlog.Ingang) { r.Ingangen = append(r.Ingangen, g) })
	}
	return r, err
}
