package bewijs

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
)

// tagBlad opens the content of a leaf of version 1.
const tagBlad = "verantwoord/blad/v1"

// oinLengte is the number of digits of an OIN (rules B0516).
const oinLengte = 20

// Operatie is what made a version.
type Operatie uint8

// The operations; the numbers are hashed and so never change.
const (
	OperatiePOST   Operatie = 1
	OperatiePUT    Operatie = 2
	OperatiePATCH  Operatie = 3
	OperatieDELETE Operatie = 4
)

// String gives the name of the HTTP method.
func (o Operatie) String() string {
	switch o {
	case OperatiePOST:
		return "POST"
	case OperatiePUT:
		return "PUT"
	case OperatiePATCH:
		return "PATCH"
	case OperatieDELETE:
		return "DELETE"
	}
	return "Operatie(" + strconv.Itoa(int(o)) + ")"
}

// Blad is what the leaf of one version says.
type Blad struct {
	OIN         string   // of the organisation: 20 digits
	ActieID     [16]byte // the UUID, most significant byte first
	Nummer      uint32   // number of the version within its actie, from 1
	Registratie int64    // instant of registration, µs since 1970-01-01T00:00:00Z
	Operatie    Operatie
	Vervallen   bool
	Publiek     Hash   // commitment with LabelPubliek
	Intern      Hash   // commitment with LabelIntern
	Personen    []Hash // commitments with LabelPersoon, in the order of the actie
}

// Inhoud is the hash over the fields of the leaf, in the order and widths of docs/bewijs.md.
// It panics when OIN has not 20 bytes: every width before the persons is fixed, that is what
// keeps two different leaves from having the same bytes.
func (b *Blad) Inhoud() Hash {
	var buf [512]byte
	return sha256.Sum256(b.appendInhoud(buf[:0]))
}

// BladHash is the leaf hash of RFC 6962: SHA-256(0x00 ‖ Inhoud()). It panics like Inhoud.
func (b *Blad) BladHash() Hash {
	var buf [1 + HashSize]byte // the first byte stays 0: a leaf
	inhoud := b.Inhoud()
	copy(buf[1:], inhoud[:])
	return sha256.Sum256(buf[:])
}

func (b *Blad) appendInhoud(dst []byte) []byte {
	if len(b.OIN) != oinLengte {
		panic("bewijs: the OIN of a leaf has not 20 digits")
	}
	dst = append(dst, tagBlad...)
	dst = append(dst, b.OIN...)
	dst = append(dst, b.ActieID[:]...)
	dst = binary.BigEndian.AppendUint32(dst, b.Nummer)
	dst = binary.BigEndian.AppendUint64(dst, uint64(b.Registratie))
	dst = append(dst, byte(b.Operatie))
	if b.Vervallen {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	dst = append(dst, b.Publiek[:]...)
	dst = append(dst, b.Intern[:]...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(b.Personen)))
	for i := range b.Personen {
		dst = append(dst, b.Personen[i][:]...)
	}
	return dst
}
