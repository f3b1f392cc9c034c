package bewijs_test

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

func TestPathsOfTilesAreThoseOfC2SP(t *testing.T) {
	t.Parallel()
	for pad, want := range map[string]bewijs.Tegel{
		"0/x001/x234/067":     {Niveau: 0, Nummer: 1234067, Breedte: 256}, // the example of tlog-tiles
		"0/x001/x234/067.p/1": {Niveau: 0, Nummer: 1234067, Breedte: 1},
		"7/000":               {Niveau: 7, Nummer: 0, Breedte: 256},
		"2/000.p/255":         {Niveau: 2, Nummer: 0, Breedte: 255},
		"entries/x001/000":    {Niveau: bewijs.NiveauBundel, Nummer: 1000, Breedte: 256},
		"entries/999.p/12":    {Niveau: bewijs.NiveauBundel, Nummer: 999, Breedte: 12},
	} {
		got, err := bewijs.ParseTegel(pad)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", pad, got, err)
		}
		if want.Pad() != pad {
			t.Errorf("%+v is %s, want %s", want, want.Pad(), pad)
		}
	}
	for _, pad := range []string{
		"", "0", "0/", "0/1", "0/0001", "00/000", "+1/000", "8/000", "64/000", "-1/000", "data/000", "0/x000/000", "0/001/002", "0/000.p/0",
		"0/000.p/256", "0/000.p/01", "0/000.p/", "0/000/", "/0/000", "0/000.p/1/2", "entries/", "entries/..", "0/x999/x999/x999/x999/x999/x999/999",
		"0/../000", "0/000?x", "0/x001/x234/067.p/-1",
	} {
		if got, err := bewijs.ParseTegel(pad); err == nil {
			t.Errorf("%q was read as %+v", pad, got)
		}
	}
}

// The example of tlog-tiles: which tiles a tree of 70 000 leaves has.
func TestATreeOf70000LeavesHasTheTilesOfTheExample(t *testing.T) {
	t.Parallel()
	const n = 70_000
	for _, c := range []struct {
		tegel bewijs.Tegel
		in    bool
	}{
		{bewijs.Tegel{Niveau: 0, Nummer: 272, Breedte: 256}, true},
		{bewijs.Tegel{Niveau: 0, Nummer: 273, Breedte: 112}, true},
		{bewijs.Tegel{Niveau: 0, Nummer: 273, Breedte: 113}, false},
		{bewijs.Tegel{Niveau: 0, Nummer: 273, Breedte: 256}, false},
		{bewijs.Tegel{Niveau: 1, Nummer: 0, Breedte: 256}, true},
		{bewijs.Tegel{Niveau: 1, Nummer: 1, Breedte: 17}, true},
		{bewijs.Tegel{Niveau: 1, Nummer: 1, Breedte: 18}, false},
		{bewijs.Tegel{Niveau: 2, Nummer: 0, Breedte: 1}, true},
		{bewijs.Tegel{Niveau: 2, Nummer: 0, Breedte: 2}, false},
		{bewijs.Tegel{Niveau: 3, Nummer: 0, Breedte: 1}, false},
		{bewijs.Tegel{Niveau: bewijs.NiveauBundel, Nummer: 273, Breedte: 112}, true},
		{bewijs.Tegel{Niveau: bewijs.NiveauBundel, Nummer: 273, Breedte: 113}, false},
	} {
		if c.tegel.In(n) != c.in {
			t.Errorf("%s in a tree of %d: %v", c.tegel.Pad(), n, !c.in)
		}
	}
}

// tiles serves our tiles to the client of tlog, which verifies each against the root.
type tiles struct {
	k nodes
	n uint64
}

func (tiles) Height() int { return bewijs.TegelHoogte }

func (r tiles) ReadTiles(want []tlog.Tile) (out [][]byte, err error) {
	for _, w := range want {
		t := bewijs.Tegel{Niveau: w.L, Nummer: uint64(w.N), Breedte: w.W}
		if !t.In(r.n) {
			return nil, errors.New("not a tile of this tree")
		}
		b, err := t.Lees(r.k.knopen)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func TestTheClientOfTlogVerifiesOurTiles(t *testing.T) {
	t.Parallel()
	const max = 65_800 // three levels
	k, roots := grow(t, max)
	for _, n := range []uint64{1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, max} {
		tree := tlog.Tree{N: int64(n), Hash: tlog.Hash(roots[n])}
		r := tlog.TileHashReader(tree, tiles{k, n})
		for _, i := range []uint64{0, n / 3, n - 1} {
			p, err := tlog.ProveRecord(tree.N, int64(i), r)
			if err != nil {
				t.Fatalf("leaf %d of %d: %v", i, n, err)
			}
			if err := tlog.CheckRecord(p, tree.N, tree.Hash, int64(i), tlog.Hash(leafHash(content(i)))); err != nil {
				t.Errorf("leaf %d of %d: %v", i, n, err)
			}
		}
	}
	// And it sees one that was touched.
	k[0][5] ^= 1
	tree := tlog.Tree{N: 512, Hash: tlog.Hash(roots[512])}
	if _, err := tlog.ProveRecord(tree.N, 1, tlog.TileHashReader(tree, tiles{k, 512})); err == nil {
		t.Error("a hash that was touched is not found")
	}
}

func TestEntriesComeBackFromTheirBundle(t *testing.T) {
	t.Parallel()
	var in []bewijs.Hash
	for i := range uint64(256) {
		in = append(in, content(i))
	}
	for _, n := range []int{0, 1, 255, 256} {
		b := bewijs.Bundel(in[:n])
		out, err := bewijs.ParseBundel(b)
		if err != nil || len(out) != n || n > 0 && out[n-1] != in[n-1] {
			t.Errorf("%d entries: %d, %v", n, len(out), err)
		}
	}
	b := bewijs.Bundel(in)
	anders := append([]byte{}, b...)
	anders[1]++
	for naam, fout := range map[string][]byte{"cut off": b[:len(b)-1], "one more": append(b, b[:34]...), "another length": anders} {
		if _, err := bewijs.ParseBundel(fout); err == nil {
			t.Errorf("%s was read", naam)
		}
	}
}
