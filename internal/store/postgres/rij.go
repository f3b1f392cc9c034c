package postgres

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// kolommen are the columns of a version that are read, of v (versie) and g (groep).
const kolommen = `g.van + v.plaats, g.registratie + v.plaats, v.actie, v.nummer, v.tijdstip, v.kenmerk, v.activiteit,
	v.verwerking, v.afnemer, v.persoon, v.object, v.ingangen, v.inhoud, ` + merk

// merk is the mark of a version: they stand in its group, since a row has no leaf yet when it is written. The mask, far above the
// size of a group, keeps a plaats that somebody changed from making an error of the question.
const merk = `substring(g.merken FROM 16 * (v.plaats & 16777215) + 1 FOR 16)`

// bladHash is the leaf hash of a version: in the hashes of its group it comes after those that the leaves before it brought,
// which bewijs.AantalKnopen tells.
const bladHash = `substring(g.hashes FROM CAST(32 * (2 * v.plaats + ` + enen + `g.van` + inTekst + ` - ` + enen + `g.van + v.plaats` + inTekst + `) + 1 AS int4) FOR 32)`

// enen and inTekst count the ones in the binary notation of a bigint that stands between them.
const (
	enen    = `length(replace(CAST(CAST(`
	inTekst = ` AS bit(64)) AS text), '0', ''))`
)

// soorten are the kinds of index entries, in the order of their columns; this is the order in which the log
// names them.
var soorten = [4]verwerkingenlog.IngangSoort{
	verwerkingenlog.IngangVerwerking, verwerkingenlog.IngangAfnemer, verwerkingenlog.IngangPersoon, verwerkingenlog.IngangVerwerktObject,
}

// kolom is the place of a kind in soorten.
var kolom = func() (k [5]int) {
	for i, soort := range soorten {
		k[soort] = i
	}
	return k
}()

// spread puts the first key of each kind in its column, and tells whether the columns say it all.
func spread(ingangen []verwerkingenlog.Ingang) (eerste [4]*[16]byte, alles bool) {
	alles = true
	vorige := -1
	for i := range ingangen {
		g := &ingangen[i]
		k := kolom[g.Soort]
		if eerste[k] == nil {
			eerste[k] = &g.Sleutel
		}
		alles = alles && g.Aantal == 1 && k > vorige
		vorige = k
	}
	return eerste, alles
}

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
		if n <= 0 || len(b) < n+16 || kop>>soortBits > math.MaxUint16 {
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

// kenmerk packs state (lowest byte) and operation.
func kenmerk(st verwerkingenlog.Staat, op bewijs.Operatie) int16 {
	return int16(uint16(st) | uint16(op)<<8)
}

func staat(kenmerk int16) verwerkingenlog.Staat { return verwerkingenlog.Staat(kenmerk) }

// maxInhoud is far below what PostgreSQL takes in a message, and far above what the API does.
const maxInhoud = 256 << 20

// checkRij refuses what can't be stored as it is, or would get a leaf that says something else.
func checkRij(oin string, r *verwerkingenlog.Rij) error {
	b := &r.Bewijs
	if b.OIN != oin || b.ActieID != r.ActieID || b.Nummer != r.Nummer ||
		b.Operatie != r.Operatie || b.Vervallen != r.Staat.Vervallen() {
		return errors.New("leaf of the version differs from the version")
	}
	for i := range r.Ingangen {
		if s := r.Ingangen[i].Soort; s == 0 || int(s) >= len(kolom) {
			return errors.New("unknown kind of index entry")
		}
	}
	if len(r.Inhoud) > maxInhoud || len(r.Ingangen) > maxInhoud/32 || r.Nummer > math.MaxInt32 {
		return errors.New("version is too large")
	}
	return nil
}

// scanRij reads kolommen; nil when there is a leaf and no version (any more).
func scanRij(row pgx.CollectableRow) (*verwerkingenlog.Rij, error) {
	var blad, registratie, tijdstip pgtype.Int8
	var nummer pgtype.Int4
	var k pgtype.Int2
	var actie, activiteit pgtype.UUID
	var eerste [4]pgtype.UUID
	var ingangen, inhoud, merk []byte
	if err := row.Scan(&blad, &registratie, &actie, &nummer, &tijdstip, &k, &activiteit,
		&eerste[0], &eerste[1], &eerste[2], &eerste[3], &ingangen, &inhoud, &merk); err != nil || !actie.Valid {
		return nil, err
	}
	r := &verwerkingenlog.Rij{
		ActieID: actie.Bytes, Nummer: uint32(nummer.Int32), Blad: uint64(blad.Int64), Registratie: registratie.Int64,
		Operatie: bewijs.Operatie(uint16(k.Int16) >> 8), Staat: staat(k.Int16), Tijdstip: tijdstip.Int64,
		Activiteit: activiteit.Bytes, Inhoud: inhoud,
	}
	copy(r.Merk[:], merk)
	if ingangen != nil {
		return r, eachIngang(ingangen, func(g verwerkingenlog.Ingang) { r.Ingangen = append(r.Ingangen, g) })
	}
	for i, e := range eerste {
		if e.Valid {
			r.Ingangen = append(r.Ingangen, verwerkingenlog.Ingang{Soort: soorten[i], Sleutel: e.Bytes, Aantal: 1})
		}
	}
	return r, nil
}

// scanBlad reads kolommen and bladHash.
func scanBlad(row pgx.CollectableRow) (*verwerkingenlog.Rij, error) {
	var hash []byte
	r, err := scanRij(voor{row, &hash})
	if r != nil && len(hash) == bewijs.HashSize {
		r.BladHash = bewijs.Hash(hash)
	}
	return r, err
}

// voor scans a row of which the last column has its own destination.
type voor struct {
	pgx.CollectableRow
	laatste any
}

// Scan implements pgx.CollectableRow.
func (v voor) Scan(dest ...any) error { return v.CollectableRow.Scan(append(dest, v.laatste)...) }
