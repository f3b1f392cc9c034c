package bewijs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Of C2SP tlog-tiles.
const (
	TegelHoogte  = 8
	TegelBreedte = 1 << TegelHoogte // hashes of a full tile
	// maxNiveau is the highest level that a tree of fewer than 2^62 leaves has.
	maxNiveau = 7
)

// bundels is what the path of entry bundles has instead of a level, and NiveauBundel what a Tegel has.
const (
	bundels      = "entries"
	NiveauBundel = -1
)

// Tegel is a tile (C2SP tlog-tiles): up to 256 hashes that lie beside each other in the tree at height 8 x Niveau. With
// NiveauBundel it is an entry bundle: the entries of the leaves that the tile of level 0 hashes.
type Tegel struct {
	Niveau  int
	Nummer  uint64 // from 0
	Breedte int    // 1 to 256; fewer than 256 is a partial tile
}

// Pad is the path below tile/: "0/x001/x234/067", with ".p/5" for a partial tile, "entries/000" for a bundle.
func (t Tegel) Pad() string {
	p := tlog.Tile{H: TegelHoogte, L: t.Niveau, N: int64(t.Nummer), W: t.Breedte}.Path()
	p = strings.TrimPrefix(p, "tile/"+strconv.Itoa(TegelHoogte)+"/")
	if rest, ok := strings.CutPrefix(p, "data/"); ok {
		return bundels + "/" + rest
	}
	return p
}

// ParseTegel reads such a path, in the one way it can be written.
func ParseTegel(pad string) (Tegel, error) {
	niveau, rest, _ := strings.Cut(pad, "/")
	if niveau == bundels {
		niveau = "data"
	} else if n, err := strconv.Atoi(niveau); err != nil || n < 0 || n > maxNiveau {
		return Tegel{}, errors.New("not a path of a tile")
	}
	if len(rest) > 64 {
		return Tegel{}, errors.New("not a path of a tile")
	}
	t, err := tlog.ParseTilePath("tile/" + strconv.Itoa(TegelHoogte) + "/" + niveau + "/" + rest)
	if err != nil {
		return Tegel{}, errors.New("not a path of a tile")
	}
	out := Tegel{t.L, uint64(t.N), t.W}
	if out.Pad() != pad || t.N >= maxGrootte>>TegelHoogte {
		return Tegel{}, errors.New("not a path of a tile")
	}
	return out, nil
}

// Vol tells whether the tile can't grow any more.
func (t Tegel) Vol() bool { return t.Breedte == TegelBreedte }

// In tells whether a tree of n leaves has all of the tile.
func (t Tegel) In(n uint64) bool {
	return t.Breedte > 0 && t.Nummer*TegelBreedte+uint64(t.Breedte) <= n>>(TegelHoogte*max(t.Niveau, 0))
}

// Van and Tot are the leaves that a bundle, or a tile of level 0, is about: from Van up to Tot.
func (t Tegel) Van() uint64 { return t.Nummer * TegelBreedte }

// Tot is described at Van.
func (t Tegel) Tot() uint64 { return t.Van() + uint64(t.Breedte) }

// Lees gives the bytes of a tile: its hashes one after the other. It fails for a bundle.
func (t Tegel) Lees(k Knopen) ([]byte, error) {
	if t.Niveau < 0 || t.Niveau > maxNiveau || t.Breedte < 1 || t.Breedte > TegelBreedte {
		return nil, errors.New("not a tile of hashes")
	}
	indexes := make([]uint64, t.Breedte)
	for i := range indexes {
		indexes[i] = knoopIndex(TegelHoogte*t.Niveau, t.Van()+uint64(i))
	}
	hashes, err := k(indexes)
	if err != nil {
		return nil, fmt.Errorf("read tile %s: %w", t.Pad(), err)
	}
	if len(hashes) != len(indexes) {
		return nil, fmt.Errorf("read tile %s: %d hashes", t.Pad(), len(hashes))
	}
	b := make([]byte, 0, len(hashes)*HashSize)
	for i := range hashes {
		b = append(b, hashes[i][:]...)
	}
	return b, nil
}

// Bundel gives the bytes of an entry bundle: each entry, which is the inhoud of a leaf, after its length in a uint16.
func Bundel(inhouden []Hash) []byte {
	b := make([]byte, 0, len(inhouden)*(2+HashSize))
	for i := range inhouden {
		b = binary.BigEndian.AppendUint16(b, HashSize)
		b = append(b, inhouden[i][:]...)
	}
	return b
}

// ParseBundel reads what Bundel wrote.
func ParseBundel(b []byte) ([]Hash, error) {
	const stuk = 2 + HashSize
	if len(b)%stuk != 0 || len(b) > TegelBreedte*stuk {
		return nil, errors.New("an entry bundle has another length")
	}
	var out []Hash
	for ; len(b) > 0; b = b[stuk:] {
		if binary.BigEndian.Uint16(b) != HashSize {
			return nil, errors.New("an entry has another length")
		}
		out = append(out, Hash(b[2:stuk]))
	}
	return out, nil
}
