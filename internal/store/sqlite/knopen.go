package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// sqlKnopenLees reads from a hash on to the end of its row, and no more than was asked for.
const sqlKnopenLees = `SELECT substr(hashes, 1 + 32 * (? - nr), ?) FROM knoop
	WHERE nr >= ? AND nr <= ? ORDER BY nr DESC LIMIT 1`

// dichtbij is how far the next hash may lie for one statement to read both.
const dichtbij = 64

// Knopen reads stored hashes of the tree of an organisation's log, by their index in the order of tlog. They come in
// the order of indexes. It fails when one is not stored.
func (s *Store) Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	o, err := s.organisatie(oin)
	if err != nil {
		return nil, err
	}
	if s.gesloten.Load() {
		return nil, s.usable()
	}
	return s.knopen(ctx, o, indexes)
}

func (s *Store) knopen(ctx context.Context, o *organisatie, indexes []uint64) ([]bewijs.Hash, error) {
	volgorde := make([]int, len(indexes))
	for i := range volgorde {
		volgorde[i] = i
	}
	slices.SortFunc(volgorde, func(a, b int) int { return cmp.Compare(indexes[a], indexes[b]) })
	out := make([]bewijs.Hash, len(indexes))
	last := bewijs.AantalKnopen(o.grootte.Load())
	for i := 0; i < len(volgorde); {
		van := indexes[volgorde[i]]
		tot, j := van+1, i+1
		for ; j < len(volgorde) && indexes[volgorde[j]] < tot+dichtbij; j++ {
			tot = indexes[volgorde[j]] + 1
		}
		if tot > last {
			return nil, fmt.Errorf("read node %d: not stored", tot-1)
		}
		nr := knoopNr(o.boom(), van)
		var b []byte
		err := s.lees.knopen.QueryRowContext(ctx, nr, int64(tot-van)*bewijs.HashSize, knoopNr(o.boom(), 0), nr).Scan(&b)
		if errors.Is(err, sql.ErrNoRows) || err == nil && len(b) < bewijs.HashSize {
			err = errors.New("not stored")
		}
		if err != nil {
			return nil, judgeRead(fmt.Sprintf("read node %d", van), err)
		}
		// What the row did not have is asked for again.
		for ; i < j; i++ {
			plek := (indexes[volgorde[i]] - van) * bewijs.HashSize
			if plek+bewijs.HashSize > uint64(len(b)) {
				break
			}
			out[volgorde[i]] = bewijs.Hash(b[plek:])
		}
	}
	return out, nil
}
