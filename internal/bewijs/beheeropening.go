package bewijs

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Tekst writes the fields of a leaf of the beheerlog, one on a line, in the order of docs/bewijs.md; the commitment in
// hexadecimal and without its salt.
func (b *Beheerblad) Tekst() []byte {
	return fmt.Appendf(nil, "%s\noin %s\nid %s\nmoment %d\nsoort %s\ninhoud %x\n", tagBeheerblad, b.OIN, uuid.UUID(b.ID), b.Moment, b.Soort, b.Inhoud[:])
}

// ParseBeheerblad reads what Tekst wrote, in the one way it can be written.
func ParseBeheerblad(tekst []byte) (*Beheerblad, error) {
	lines := strings.Split(string(tekst), "\n")
	if n := len(lines); n != 7 || lines[n-1] != "" || lines[0] != tagBeheerblad {
		return nil, errors.New("not the fields of a leaf of the beheerlog of version 1")
	}
	b := &Beheerblad{}
	l := lezing{lines: lines[1 : len(lines)-1]}
	b.OIN = l.next("oin")
	if len(b.OIN) != oinLengte || strings.Trim(b.OIN, "0123456789") != "" {
		l.fail("oin")
	}
	id, err := uuid.Parse(l.next("id"))
	if err != nil {
		l.fail("id")
	}
	b.ID = id
	b.Moment = l.number("moment", -1<<63, 1<<63-1)
	b.Soort = l.next("soort")
	if len(b.Soort) > 255 {
		l.fail("soort")
	}
	b.Inhoud, _ = l.deel("inhoud")
	if l.err == nil && string(b.Tekst()) != string(tekst) {
		l.err = errors.New("the fields of a leaf are not written as they should be")
	}
	return b, l.err
}

// IsBeheerblad tells whether a text is that of a leaf of the beheerlog.
func IsBeheerblad(tekst []byte) bool { return strings.HasPrefix(string(tekst), tagBeheerblad+"\n") }
