package postgres

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

const (
	sqlVersieKopie = `COPY versie(organisatie, groep, plaats, actie, nummer, tijdstip, kenmerk, activiteit,
		verwerking, afnemer, persoon, object, ingangen, inhoud) FROM STDIN (FORMAT binary)`
	sqlIngangKopie = `COPY ingang(organisatie, soort, sleutel, groep, plaats) FROM STDIN (FORMAT binary)`
)

// kopieKop begins a stream of COPY in binary format: signature, flags, no extension.
const kopieKop = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// kopie is such a stream. Its rows are packed when they are asked for.
type kopie struct {
	mu   sync.Mutex // pgconn may still read after it has given up
	next func(dst []byte) ([]byte, bool)
	buf  []byte
	rest []byte // of buf, still to be read
	eind bool
}

// newKopie makes a stream that packs into buf. next appends a row, until it has none.
func newKopie(buf []byte, next func(dst []byte) ([]byte, bool)) *kopie {
	k := &kopie{next: next}
	k.buf = append(buf[:0], kopieKop...)
	k.rest = k.buf
	return k
}

var errKopieDicht = errors.New("copy was given up")

// Read implements io.Reader.
func (k *kopie) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.next == nil {
		return 0, errKopieDicht
	}
	if len(k.rest) == 0 {
		if k.eind {
			return 0, io.EOF
		}
		k.buf = k.buf[:0]
		for more := true; more && len(k.buf) < len(p); {
			if k.buf, more = k.next(k.buf); !more {
				k.buf, k.eind = binary.BigEndian.AppendUint16(k.buf, 0xffff), true
			}
		}
		k.rest = k.buf
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// close gives the buffer back; from then on nothing is read any more.
func (k *kopie) close() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.next = nil
	return k.buf
}

// ingangRij is a row of ingang.
type ingangRij struct {
	organisatie int32
	soort       verwerkingenlog.IngangSoort
	sleutel     [16]byte
	plaats      int32
}

// appendExtra adds the keys of a version that have no column, each once.
func appendExtra(dst []ingangRij, organisatie, plaats int32, ingangen []verwerkingenlog.Ingang, eerste *[4]*[16]byte) []ingangRij {
	van := len(dst)
	for i := range ingangen {
		g := &ingangen[i]
		if g.Sleutel != *eerste[kolom[g.Soort]] {
			dst = append(dst, ingangRij{organisatie, g.Soort, g.Sleutel, plaats})
		}
	}
	if len(dst)-van < 2 {
		return dst
	}
	slices.SortFunc(dst[van:], byIngang)
	return dst[:van+len(slices.Compact(dst[van:]))]
}

func byIngang(a, b ingangRij) int {
	if a.soort != b.soort {
		return int(a.soort) - int(b.soort)
	}
	return bytes.Compare(a.sleutel[:], b.sleutel[:])
}

// Fields of a row of COPY: a length, and the value most significant byte first.

func appendInt16(dst []byte, v int16) []byte {
	return binary.BigEndian.AppendUint16(append(dst, 0, 0, 0, 2), uint16(v))
}

func appendInt32(dst []byte, v int32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, 0, 0, 0, 4), uint32(v))
}

func appendInt64(dst []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, 0, 0, 0, 8), uint64(v))
}

func appendUUID(dst []byte, v *[16]byte) []byte {
	if v == nil {
		return appendNull(dst)
	}
	return append(append(dst, 0, 0, 0, 16), v[:]...)
}

func appendNull(dst []byte) []byte { return append(dst, 0xff, 0xff, 0xff, 0xff) }

// appendVersie packs a row of versie; eerste and alles are what spread says of its entries.
func appendVersie(dst []byte, organisatie int32, groep int64, plaats int32, r *verwerkingenlog.Rij, eerste *[4]*[16]byte, alles bool) []byte {
	dst = binary.BigEndian.AppendUint16(dst, 14)
	dst = appendInt32(dst, organisatie)
	dst = appendInt64(dst, groep)
	dst = appendInt32(dst, plaats)
	dst = appendUUID(dst, (*[16]byte)(&r.ActieID))
	dst = appendInt32(dst, int32(r.Nummer))
	dst = appendInt64(dst, r.Tijdstip)
	dst = appendInt16(dst, kenmerk(r.Staat, r.Operatie))
	if r.Activiteit == uuid.Nil {
		dst = appendNull(dst)
	} else {
		dst = appendUUID(dst, (*[16]byte)(&r.Activiteit))
	}
	for _, e := range eerste {
		dst = appendUUID(dst, e)
	}
	if alles {
		dst = appendNull(dst)
	} else {
		at := len(dst)
		dst = appendIngangen(append(dst, 0, 0, 0, 0), r.Ingangen)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.Inhoud)))
	return append(dst, r.Inhoud...)
}

// appendIngang packs a row of ingang.
func appendIngang(dst []byte, groep int64, i *ingangRij) []byte {
	dst = binary.BigEndian.AppendUint16(dst, 5)
	dst = appendInt32(dst, i.organisatie)
	dst = appendInt16(dst, int16(i.soort))
	dst = appendUUID(dst, &i.sleutel)
	dst = appendInt64(dst, groep)
	return appendInt32(dst, i.plaats)
}
