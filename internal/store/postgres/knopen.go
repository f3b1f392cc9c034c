package postgres

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// A hash stands with the leaf that brought it, in the group of that leaf. The group begins with the hash of number
// 2 * van - (ones in van), which is what bewijs.AantalKnopen computes.
const sqlKnopen = `SELECT k.plek, substring(g.hashes FROM
		CAST(32 * (k.knoop - 2 * g.van + ` + enen + `g.van` + inTekst + `) + 1 AS int4) FOR 32)
	FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY k(knoop, blad, plek)
	CROSS JOIN LATERAL (SELECT van, aantal, hashes FROM groep WHERE organisatie = $1 AND van <= k.blad ORDER BY van DESC LIMIT 1) g
	WHERE k.blad < g.van + g.aantal`

// Knopen reads stored hashes of the tree of an organisation's log, by their index in the order of tlog. They come in
// the order of indexes. It fails when one is not stored.
func (s *Store) Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	o, err := s.organisatie(oin)
	if err != nil || len(indexes) == 0 {
		return nil, err
	}
	knopen, bladen := make([]int64, len(indexes)), make([]int64, len(indexes))
	for i, x := range indexes {
		if x >= math.MaxInt64/2 {
			return nil, fmt.Errorf("read node %d: not stored", x)
		}
		niveau, n := tlog.SplitStoredHashIndex(int64(x))
		knopen[i], bladen[i] = int64(x), (n+1)<<niveau-1
	}
	type gevonden struct {
		Plek int64 // from 1
		Hash []byte
	}
	l, err := read(ctx, s, "read nodes", sqlKnopen, pgx.RowToStructByPos[gevonden], o.nr, knopen, bladen)
	if err != nil {
		return nil, err
	}
	out, n := make([]bewijs.Hash, len(indexes)), 0
	for _, g := range l {
		if len(g.Hash) == bewijs.HashSize {
			out[g.Plek-1] = bewijs.Hash(g.Hash)
			n++
		}
	}
	if n != len(indexes) {
		return nil, fmt.Errorf("read nodes: %d of %d are stored", n, len(indexes))
	}
	return out, nil
}
