package postgres

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// sqlZoek finds, for each kind, the versions that name one of some keys: by the column of the kind, and by
// the rows for further keys. One version under one key is one row.
var sqlZoek = func() (l [len(kolom)]string) {
	const gevonden = `k.sleutel, v.actie, g.van + v.plaats, v.tijdstip, v.kenmerk, v.ingangen, v.activiteit`
	for i, naam := range [...]string{"verwerking", "afnemer", "persoon", "object"} {
		l[soorten[i]] = `SELECT ` + gevonden + ` FROM unnest($2::uuid[]) k(sleutel)
			CROSS JOIN LATERAL (SELECT * FROM versie WHERE organisatie = $1 AND ` + naam + ` = k.sleutel OFFSET 0) v` + groepVan + `
		UNION ALL SELECT ` + gevonden + ` FROM unnest($2::uuid[]) k(sleutel)
			CROSS JOIN LATERAL (SELECT groep, plaats FROM ingang
				WHERE organisatie = $1 AND soort = $3 AND sleutel = k.sleutel OFFSET 0) i
			CROSS JOIN LATERAL (SELECT * FROM versie
				WHERE organisatie = $1 AND groep = i.groep AND plaats = i.plaats LIMIT 1) v` + groepVan
	}
	return l
}()

// Find implements verwerkingenlog.Store.
func (s *Store) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	o, err := s.organisatie(v.OIN)
	if err != nil {
		return nil, err
	}
	if len(v.Sleutels) == 0 {
		return nil, nil
	}
	if v.Soort == 0 || int(v.Soort) >= len(sqlZoek) {
		return nil, errors.New("unknown kind of index entry")
	}
	var sleutels []pgtype.UUID
	for _, k := range v.Sleutels {
		if k := pgUUID(k); !slices.Contains(sleutels, k) {
			sleutels = append(sleutels, k)
		}
	}
	tot, err := s.grootteNu(ctx, o)
	if err != nil {
		return nil, err
	}
	l, err := readFrom(ctx, s, o, tot, "find", sqlZoek[v.Soort], scanVermelding, o.nr, sleutels, int16(v.Soort))
	if err != nil {
		return nil, err
	}
	vondsten := verwerkingenlog.NewVondsten(v.Tot)
	for i := range l {
		aantal, err := l[i].aantal(v.Soort)
		if err != nil {
			return nil, err
		}
		if !v.MetActiviteit {
			l[i].activiteit = uuid.Nil
		}
		vondsten.Add(l[i].actie, verwerkingenlog.Stand{
			Blad: uint64(l[i].blad), Tijdstip: l[i].tijdstip, Staat: staat(l[i].kenmerk), Aantal: aantal,
		}, l[i].activiteit)
	}
	return vondsten.Treffers(), nil
}

// vermelding is a version found under a key.
type vermelding struct {
	sleutel        [16]byte
	actie          uuid.UUID
	blad, tijdstip int64
	kenmerk        int16
	ingangen       []byte
	activiteit     uuid.UUID
}

func scanVermelding(row pgx.CollectableRow) (v vermelding, err error) {
	var sleutel, actie, activiteit pgtype.UUID
	err = row.Scan(&sleutel, &actie, &v.blad, &v.tijdstip, &v.kenmerk, &v.ingangen, &activiteit)
	v.sleutel, v.actie, v.activiteit = sleutel.Bytes, actie.Bytes, activiteit.Bytes
	return v, err
}

// aantal is how often the version names the key.
func (v *vermelding) aantal(soort verwerkingenlog.IngangSoort) (uint16, error) {
	if v.ingangen == nil {
		return 1, nil
	}
	n := 0
	err := eachIngang(v.ingangen, func(g verwerkingenlog.Ingang) {
		if g.Soort == soort && g.Sleutel == v.sleutel {
			n += int(g.Aantal)
		}
	})
	return uint16(min(n, math.MaxUint16)), err
}
