package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// knoopBits is the room for the index of a stored hash in knoop.nr: twice that of a leaf number.
const knoopBits = bladBits + 1

const (
	sqlKnoopSchrijf = `INSERT INTO knoop(nr, hashes) VALUES(?, ?)`
	// The row that holds a hash is the last one that starts at or before it: rows of a tree lie
	// against each other.
	sqlKnoopLees = `SELECT substr(hashes, 1 + 32 * (? - nr), 32) FROM knoop
		WHERE nr >= ? AND nr <= ? ORDER BY nr DESC LIMIT 1`
	sqlKnoopLaatste = `SELECT nr, length(hashes) FROM knoop WHERE nr >= ? AND nr < ? ORDER BY nr DESC LIMIT 1`
)

// boom is the number of the tree of the organisation's log; the odd number after it is for its
// beheerlog.
func (o *organisatie) boom() int64 { return 2 * o.nr }

func knoopNr(boom int64, index uint64) int64 { return boom<<knoopBits | int64(index) }

// knoopHash reads one stored hash of the organisation's tree, by its index in the order of tlog.
func (l *lezer) knoopHash(ctx context.Context, o *organisatie, index uint64) (bewijs.Hash, error) {
	nr := knoopNr(o.boom(), index)
	var b []byte
	if err := l.knoop.QueryRowContext(ctx, nr, knoopNr(o.boom(), 0), nr).Scan(&b); err != nil {
		return bewijs.Hash{}, fmt.Errorf("read node %d: %w", index, err)
	}
	if len(b) != bewijs.HashSize {
		return bewijs.Hash{}, fmt.Errorf("read node %d: not stored", index)
	}
	return bewijs.Hash(b), nil
}

// bladeren is the number of leaves of the organisation's tree, told by its stored hashes: they stay
// when versions are purged.
func (l *lezer) bladeren(ctx context.Context, o *organisatie) (uint64, error) {
	var nr, lengte int64
	err := l.laatsteKnoop.QueryRowContext(ctx, knoopNr(o.boom(), 0), knoopNr(o.boom()+1, 0)).Scan(&nr, &lengte)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	aantal := uint64(nr-knoopNr(o.boom(), 0)) + uint64(lengte/bewijs.HashSize)
	n := uint64(sort.Search(int(aantal), func(n int) bool { return bewijs.AantalKnopen(uint64(n)) >= aantal }))
	if bewijs.AantalKnopen(n) != aantal || lengte%bewijs.HashSize != 0 {
		return 0, errors.New("tree ends halfway a leaf")
	}
	return n, nil
}

func appendHashes(dst []byte, hashes []bewijs.Hash) []byte {
	for i := range hashes {
		dst = append(dst, hashes[i][:]...)
	}
	return dst
}
