package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/bits"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// plaats orders the index: organisation (7 bytes), kind (1), key (16).
type plaats [24]byte

func (s ingangSleutel) plaats() (p plaats) {
	binary.BigEndian.PutUint64(p[:8], s.ruimte)
	copy(p[8:], s.id[:])
	return p
}

func (p *plaats) soort() verwerkingenlog.IngangSoort { return verwerkingenlog.IngangSoort(p[7]) }

// regel is one entry of the index. Under an actie's own id it has no instant and state.
type regel struct {
	plaats plaats
	vermelding
}

func (r *regel) compare(a *regel) int {
	if c := bytes.Compare(r.plaats[:], a.plaats[:]); c != 0 {
		return c
	}
	return byBlad(r.vermelding, a.vermelding)
}

const (
	// blokGrootte makes two rows of blok fill a page of the file: a question reads half of one.
	blokGrootte = paginaGrootte/2 - 40
	// maxRegel is the room that an entry takes at most.
	maxRegel = 1 + 24 + binary.MaxVarintLen64 + binary.MaxVarintLen32 + 16 + 1 + binary.MaxVarintLen64
)

var (
	errBlok = errors.New("block of the index is damaged")
	crc     = crc32.MakeTable(crc32.Castagnoli)
)

// seal ends b with its checksum: half an answer is worse than none.
func seal(b []byte) []byte { return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, crc)) }

// unseal takes the checksum off again.
func unseal(b []byte) ([]byte, error) {
	n := len(b) - crc32.Size
	if n < 0 || crc32.Checksum(b[:n], crc) != binary.BigEndian.Uint32(b[n:]) {
		return nil, errBlok
	}
	return b[:n], nil
}

// appendRegel packs an entry after the one before it in the block, the zero one at its start: how
// many bytes of plaats they share and the other ones, then blad and instant as what was added.
func appendRegel(dst []byte, r, vorige *regel) []byte {
	n := shared(&r.plaats, &vorige.plaats)
	dst = append(dst, byte(n))
	dst = append(dst, r.plaats[n:]...)
	blad := r.blad
	if n == len(r.plaats) {
		blad -= vorige.blad
	}
	dst = binary.AppendUvarint(dst, blad)
	dst = binary.AppendUvarint(dst, uint64(r.aantal))
	if r.plaats.soort() == soortActie {
		return dst
	}
	dst = append(dst, r.actie[:]...)
	dst = append(dst, byte(r.staat))
	return binary.AppendVarint(dst, r.tijdstip-vorige.tijdstip)
}

// shared is the number of bytes that two places have in common at their start.
func shared(a, b *plaats) int {
	for i := 0; i < len(a); i += 8 {
		if x := binary.BigEndian.Uint64(a[i:]) ^ binary.BigEndian.Uint64(b[i:]); x != 0 {
			return i + bits.LeadingZeros64(x)/8
		}
	}
	return len(a)
}

// nextRegel unpacks the entry at the start of b over the one before it, and gives the rest of b.
func nextRegel(b []byte, r *regel) ([]byte, error) {
	n := int(b[0])
	if n > len(r.plaats) || len(b) < 1+len(r.plaats)-n {
		return nil, errBlok
	}
	b = b[1+copy(r.plaats[n:], b[1:]):]
	blad, i := binary.Uvarint(b)
	if i <= 0 {
		return nil, errBlok
	}
	if n == len(r.plaats) {
		blad += r.blad
	}
	aantal, j := binary.Uvarint(b[i:])
	if j <= 0 {
		return nil, errBlok
	}
	b = b[i+j:]
	r.blad, r.aantal = blad, uint32(aantal)
	if r.plaats.soort() == soortActie {
		r.actie, r.tijdstip, r.staat = uuid.UUID(r.plaats[8:]), 0, 0
		return b, nil
	}
	if len(b) < 17 {
		return nil, errBlok
	}
	copy(r.actie[:], b)
	r.staat = verwerkingenlog.Staat(b[16])
	erbij, i := binary.Varint(b[17:])
	if i <= 0 {
		return nil, errBlok
	}
	r.tijdstip += erbij
	return b[17+i:], nil
}
