package beheerlog

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const sqlKnopen = `SELECT nr, hashes FROM beheerregel WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1) AND nr >= $2 AND nr <= $3 ORDER BY nr`

// dichtbij is how far the leaf of the next hash may lie for one statement to read both.
const dichtbij = 64

// plek is where a hash stands: with the leaf that brought it, which brought it after niveau others.
type plek struct {
	blad   int64
	niveau int
	i      int // of what was asked
}

// Knopen reads stored hashes of the tree, by their index in the order of tlog. They come in the order of indexes. It
// fails when one is not stored.
func (s *Opslag) Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	plekken := make([]plek, len(indexes))
	for i, x := range indexes {
		if x >= math.MaxInt64/2 {
			return nil, fmt.Errorf("read node %d of beheerlog: not stored", x)
		}
		niveau, n := tlog.SplitStoredHashIndex(int64(x))
		plekken[i] = plek{(n+1)<<niveau - 1, niveau, i}
	}
	slices.SortFunc(plekken, func(a, b plek) int { return cmp.Compare(a.blad, b.blad) })
	var out []bewijs.Hash
	err := s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		out = make([]bewijs.Hash, len(indexes))
		for rest := plekken; len(rest) > 0; {
			n := 1
			for n < len(rest) && rest[n].blad <= rest[n-1].blad+dichtbij {
				n++
			}
			for row, err := range tx.Query(sqlKnopen, oin, rest[0].blad, rest[n-1].blad) {
				var nr int64
				var hashes []byte
				if err == nil {
					err = row.Scan(&nr, &hashes)
				}
				if err != nil {
					return err
				}
				for ; n > 0 && rest[0].blad == nr; n, rest = n-1, rest[1:] {
					van := rest[0].niveau * bewijs.HashSize
					if len(hashes) < van+bewijs.HashSize {
						break
					}
					out[rest[0].i] = bewijs.Hash(hashes[van:])
				}
			}
			if n > 0 {
				return fmt.Errorf("read node %d of beheerlog: not stored", indexes[rest[0].i])
			}
		}
		return nil
	})
	return out, err
}
