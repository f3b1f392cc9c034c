package bewijs

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// tagTijdvak opens the content of the leaf that begins an epoch, version 1.
	tagTijdvak = "verantwoord/tijdvak/v1"
	// tijdvakDeel stands between the name of a tree and the number of its epoch; the first epoch has neither.
	tijdvakDeel = "/tijdvak-"
	// MaxReden is how long the reason of an epoch may be, in characters.
	MaxReden = 200
)

// Errors of what was signed before an epoch began.
var (
	ErrTijdvak = errors.New("the tree is of before the epoch of this checkpoint")
	ErrOntkend = errors.New("the epoch denies this checkpoint: it is larger than the last one that the epoch knows, or another one of that size")
)

// MetTijdvak names a tree in one of its epochs: the first has the name of the tree itself.
func MetTijdvak(basis string, nummer uint32) string {
	if nummer <= 1 {
		return basis
	}
	return basis + tijdvakDeel + strconv.FormatUint(uint64(nummer), 10)
}

// Basis takes an origin apart: the name of the tree, which is that of its keys, and the number of the epoch.
func Basis(origin string) (basis string, nummer uint32) {
	basis, s, is := strings.Cut(origin, tijdvakDeel)
	n, err := strconv.ParseUint(s, 10, 32)
	if !is || err != nil || n < 2 || strconv.FormatUint(n, 10) != s {
		return origin, 1
	}
	return basis, uint32(n)
}

// Tijdvakblad is the leaf with which a tree goes on after its store was put back to an older copy.
type Tijdvakblad struct {
	OIN    string // of the organisation: 20 digits
	Boom   Boom
	Nummer uint32 // of the epoch, from 2
	Moment int64  // when it was opened, µs since 1970-01-01T00:00:00Z
	Blad   uint64 // number of this leaf: so many leaves the store still had
	// The last known checkpoint: its size, its root and the SHA-256 of its signed note. All zero: none was known.
	Grootte uint64
	Wortel  Hash
	Noot    Hash
	Reden   string // as typed by who opened it, at most MaxReden characters
}

// Gat is how many leaves that were signed are lost; 0 also when that is not known.
func (b *Tijdvakblad) Gat() uint64 {
	if b.Grootte > b.Blad {
		return b.Grootte - b.Blad
	}
	return 0
}

// Bytes are the fields in the order and widths of docs/bewijs.md. It panics when OIN has not 20 bytes, or a text does not fit:
// those are mistakes of the program.
func (b *Tijdvakblad) Bytes() []byte {
	if len(b.OIN) != oinLengte || len(b.Boom) > 255 || utf8.RuneCountInString(b.Reden) > MaxReden {
		panic("bewijs: the leaf of an epoch with a wrong OIN, tree or reason")
	}
	d := append([]byte(tagTijdvak), b.OIN...)
	d = append(append(d, byte(len(b.Boom))), b.Boom...)
	d = binary.BigEndian.AppendUint32(d, b.Nummer)
	d = binary.BigEndian.AppendUint64(d, uint64(b.Moment))
	d = binary.BigEndian.AppendUint64(d, b.Blad)
	d = binary.BigEndian.AppendUint64(d, b.Grootte)
	d = append(append(d, b.Wortel[:]...), b.Noot[:]...)
	d = binary.BigEndian.AppendUint64(d, b.Gat())
	d = binary.BigEndian.AppendUint16(d, uint16(len(b.Reden)))
	return append(d, b.Reden...)
}

// Entry is the hash over Bytes; the inhoud of docs/bewijs.md.
func (b *Tijdvakblad) Entry() Hash { return sha256.Sum256(b.Bytes()) }

// BladHash is the leaf hash of RFC 6962: SHA-256(0x00 ‖ Entry()).
func (b *Tijdvakblad) BladHash() Hash {
	inhoud := b.Entry()
	return sha256.Sum256(append([]byte{0}, inhoud[:]...))
}

// ParseTijdvakblad reads what Bytes wrote, in the one way it can be written.
func ParseTijdvakblad(d []byte) (*Tijdvakblad, error) {
	errVorm := errors.New("not the leaf of an epoch of version 1")
	rest, ok := strings.CutPrefix(string(d), tagTijdvak)
	take := func(n int) string {
		if n > len(rest) {
			ok, rest = false, ""
			return strings.Repeat("\x00", n)
		}
		s := rest[:n]
		rest = rest[n:]
		return s
	}
	u64 := func() uint64 { return binary.BigEndian.Uint64([]byte(take(8))) }
	b := &Tijdvakblad{OIN: take(oinLengte)}
	b.Boom = Boom(take(int(take(1)[0])))
	b.Nummer = binary.BigEndian.Uint32([]byte(take(4)))
	b.Moment, b.Blad, b.Grootte = int64(u64()), u64(), u64()
	b.Wortel, b.Noot = Hash([]byte(take(HashSize))), Hash([]byte(take(HashSize)))
	gat := u64()
	b.Reden = take(int(binary.BigEndian.Uint16([]byte(take(2)))))
	if !ok || rest != "" || b.Nummer < 2 || b.Blad >= maxGrootte || b.Grootte >= maxGrootte || gat != b.Gat() || !GoedeReden(b.Reden) ||
		strings.Trim(b.OIN, "0123456789") != "" || b.Boom != BoomLog && b.Boom != BoomBeheer {
		return nil, errVorm
	}
	return b, nil
}

// GoedeReden tells whether a text can be the reason of an epoch: not empty, at most MaxReden characters, all of which show.
func GoedeReden(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxReden && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Tijdvak is an epoch as it is stored and shown: the bytes of its leaf, and what must follow from them.
type Tijdvak struct {
	Nummer uint32
	Blad   uint64
	Inhoud []byte // Tijdvakblad.Bytes
}

// Tijdvakken are the epochs of a tree after the first, in order.
type Tijdvakken []*Tijdvakblad

// OpenTijdvakken reads the epochs of a tree. An error says that one is not what it should be: of another tree, or not after the
// one before it.
func OpenTijdvakken(oin string, boom Boom, l []Tijdvak) (Tijdvakken, error) {
	var uit Tijdvakken
	for i := range l {
		b, err := ParseTijdvakblad(l[i].Inhoud)
		if err == nil && (b.OIN != oin || b.Boom != boom || b.Nummer != l[i].Nummer || b.Blad != l[i].Blad) {
			err = errors.New("what stands beside the leaf differs from it")
		}
		if err == nil && i > 0 && (b.Nummer <= uit[i-1].Nummer || b.Blad <= uit[i-1].Blad) {
			err = errors.New("it does not come after the one before it")
		}
		if err != nil {
			return nil, fmt.Errorf("epoch %d of tree %s: %w", l[i].Nummer, boom, err)
		}
		uit = append(uit, b)
	}
	return uit, nil
}

// getoond is how epochs are shown to everybody.
type getoond struct {
	Tijdvakken []getoondTijdvak `json:"tijdvakken"`
}

type getoondTijdvak struct {
	Nummer uint32 `json:"nummer"`
	Blad   uint64 `json:"blad"`
	Inhoud []byte `json:"inhoud"` // in base64
}

// JSON writes the epochs as they are shown.
func (l Tijdvakken) JSON() []byte {
	g := getoond{Tijdvakken: []getoondTijdvak{}}
	for _, b := range l {
		g.Tijdvakken = append(g.Tijdvakken, getoondTijdvak{b.Nummer, b.Blad, b.Bytes()})
	}
	d, err := json.Marshal(g)
	if err != nil {
		panic(err) // numbers and bytes
	}
	return d
}

// ParseTijdvakken reads what JSON wrote: the epochs of that tree.
func ParseTijdvakken(oin string, boom Boom, d []byte) (Tijdvakken, error) {
	var g getoond
	if err := json.Unmarshal(d, &g); err != nil {
		return nil, errors.New("not a list of epochs")
	}
	var l []Tijdvak
	for _, t := range g.Tijdvakken {
		l = append(l, Tijdvak(t))
	}
	return OpenTijdvakken(oin, boom, l)
}

// Nu is the number of the epoch that the tree is in.
func (l Tijdvakken) Nu() uint32 {
	if len(l) == 0 {
		return 1
	}
	return l[len(l)-1].Nummer
}

// Van gives the number of the epoch to which the first grootte leaves belong.
func (l Tijdvakken) Van(grootte uint64) uint32 {
	nr := uint32(1)
	for _, b := range l {
		if grootte > b.Blad {
			nr = b.Nummer
		}
	}
	return nr
}

// Op gives the epoch that a leaf begins; nil: it begins none.
func (l Tijdvakken) Op(blad uint64) *Tijdvakblad {
	for _, b := range l {
		if b.Blad == blad {
			return b
		}
	}
	return nil
}

// Verloren tells which epoch says that the end of a checkpoint is lost. nil: the tree must continue the checkpoint. ErrTijdvak
// when the tree is of before its epoch, and ErrOntkend when the epoch knows of no such checkpoint.
func (l Tijdvakken) Verloren(c *Checkpoint) (*Tijdvakblad, error) {
	_, nr := Basis(c.Origin)
	if nr > l.Nu() {
		return nil, ErrTijdvak
	}
	for _, b := range l {
		// The first one after that of the checkpoint says it: later ones begin later.
		if b.Nummer <= nr {
			continue
		}
		switch {
		case c.Grootte <= b.Blad:
			return nil, nil
		case c.Grootte > b.Grootte || c.Grootte == b.Grootte && c.Wortel != b.Wortel:
			return nil, ErrOntkend
		}
		return b, nil
	}
	return nil, nil
}
