package sqlite

import (
	"encoding/binary"
	"math/bits"
)

// filter is a Bloom filter of the acties in a run. An actie stands in one run or a few, and every
// next version of it is looked up first: the filter keeps that from reading a block of each run. It
// costs 10 bits of memory a version and is wrong about once in a hundred times.
type filter []byte

const (
	filterBits  = 10 // for each version
	filterProef = 6  // bits set for an id
)

func newFilter(versies int) filter { return make(filter, versies*filterBits/8+1) }

func (f filter) add(id []byte) {
	h, stap := filterHash(id)
	for range filterProef {
		i := f.bit(h)
		f[i>>3] |= 1 << (i & 7)
		h += stap
	}
}

// has tells whether id may have been added. A filter that is not there knows nothing.
func (f filter) has(id []byte) bool {
	if len(f) == 0 {
		return true
	}
	h, stap := filterHash(id)
	for range filterProef {
		if i := f.bit(h); f[i>>3]&(1<<(i&7)) == 0 {
			return false
		}
		h += stap
	}
	return true
}

// bit spreads h evenly over the filter.
func (f filter) bit(h uint64) uint64 {
	i, _ := bits.Mul64(h, uint64(len(f))*8)
	return i
}

// filterHash mixes the id, which an importer may have numbered from one.
func filterHash(id []byte) (h, stap uint64) {
	hi, lo := bits.Mul64(binary.BigEndian.Uint64(id)^0x9e3779b97f4a7c15, binary.BigEndian.Uint64(id[8:])^0xd6e8feb86659fd93)
	h = (hi ^ lo) * 0xff51afd7ed558ccd
	h ^= h >> 32
	return h * 0xc4ceb9fe1a85ec53, h | 1
}
