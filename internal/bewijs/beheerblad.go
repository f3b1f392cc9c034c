package bewijs

import (
	"crypto/sha256"
	"encoding/binary"
)

const (
	// tagBeheerblad opens the content of a leaf of the beheerlog, version 1.
	tagBeheerblad = "verantwoord/beheerblad/v1"
	// LabelBeheer is the tag of the commitment to an event, and the label of its salt.
	LabelBeheer = "verantwoord/beheer/v1"
)

// Beheerblad is what the leaf of one event of the beheerlog says.
type Beheerblad struct {
	OIN    string   // of the organisation: 20 digits
	ID     [16]byte // of the event, most significant byte first
	Moment int64    // instant of registration, µs since 1970-01-01T00:00:00Z
	Soort  string   // kind of event, at most 255 bytes
	Inhoud Hash     // commitment with LabelBeheer
}

// BladHash is the leaf hash of RFC 6962: SHA-256(0x00 ‖ Entry()). It panics like Entry.
func (b *Beheerblad) BladHash() Hash {
	inhoud := b.Entry()
	return sha256.Sum256(append([]byte{0}, inhoud[:]...))
}

// Entry is the hash over the fields, in the order and widths of docs/bewijs.md; the inhoud there. It panics when OIN has not
// 20 bytes or Soort more than 255: those are mistakes of the program.
func (b *Beheerblad) Entry() Hash {
	if len(b.OIN) != oinLengte || len(b.Soort) > 255 {
		panic("bewijs: a leaf of the beheerlog with a wrong OIN or kind")
	}
	d := append([]byte(nil), tagBeheerblad...)
	d = append(d, b.OIN...)
	d = append(d, b.ID[:]...)
	d = binary.BigEndian.AppendUint64(d, uint64(b.Moment))
	d = append(append(d, byte(len(b.Soort))), b.Soort...)
	d = append(d, b.Inhoud[:]...)
	return sha256.Sum256(d)
}
