package bewijs

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Bladopening is a leaf with the salts of the parts that may be shown: who has the plain values of such a part can
// recompute its commitment. A part without its salt stays a commitment.
type Bladopening struct {
	Blad
	ZoutPubliek  *[32]byte
	ZoutIntern   *[32]byte
	ZoutPersonen []*[32]byte // as many as Blad.Personen
}

// Open gives a leaf with all salts of its seed.
func (b *Blad) Open(z *Zaad) *Bladopening {
	o := b.Dicht()
	zout := func(label string, i int) *[32]byte { s := z.Zout(label, i); return &s }
	o.ZoutPubliek, o.ZoutIntern = zout(LabelPubliek, 0), zout(LabelIntern, 0)
	for i := range o.ZoutPersonen {
		o.ZoutPersonen[i] = zout(LabelPersoon, i)
	}
	return o
}

// Dicht gives a leaf without salts.
func (b *Blad) Dicht() *Bladopening {
	return &Bladopening{Blad: *b, ZoutPersonen: make([]*[32]byte, len(b.Personen))}
}

// Tekst writes the fields, one on a line, in the order of docs/bewijs.md; hashes and salts in hexadecimal.
func (o *Bladopening) Tekst() []byte {
	var b strings.Builder
	deel := func(naam string, h *Hash, zout *[32]byte) {
		fmt.Fprintf(&b, "%s %x", naam, h[:])
		if zout != nil {
			fmt.Fprintf(&b, " %x", zout[:])
		}
		b.WriteByte('\n')
	}
	vervallen := 0
	if o.Vervallen {
		vervallen = 1
	}
	fmt.Fprintf(&b, "%s\noin %s\nactieId %s\nnummer %d\nregistratie %d\noperatie %d\nvervallen %d\n",
		tagBlad, o.OIN, uuid.UUID(o.ActieID), o.Nummer, o.Registratie, o.Operatie, vervallen)
	deel("publiek", &o.Publiek, o.ZoutPubliek)
	deel("intern", &o.Intern, o.ZoutIntern)
	for i := range o.Personen {
		deel("persoon", &o.Personen[i], o.ZoutPersonen[i])
	}
	return []byte(b.String())
}

// ParseBladopening reads what Tekst wrote, in the one way it can be written.
func ParseBladopening(tekst []byte) (*Bladopening, error) {
	lines := strings.Split(string(tekst), "\n")
	if n := len(lines); n < 10 || lines[n-1] != "" || lines[0] != tagBlad {
		return nil, errors.New("not the fields of a leaf of version 1")
	}
	o := &Bladopening{}
	l := lezing{lines: lines[1 : len(lines)-1]}
	o.OIN = l.next("oin")
	if len(o.OIN) != oinLengte || strings.Trim(o.OIN, "0123456789") != "" {
		l.fail("oin")
	}
	actie, err := uuid.Parse(l.next("actieId"))
	if err != nil {
		l.fail("actieId")
	}
	o.ActieID = actie
	o.Nummer = uint32(l.number("nummer", 0, 1<<32-1))
	o.Registratie = l.number("registratie", -1<<63, 1<<63-1)
	o.Operatie = Operatie(l.number("operatie", 1, 4))
	o.Vervallen = l.number("vervallen", 0, 1) == 1
	o.Publiek, o.ZoutPubliek = l.deel("publiek")
	o.Intern, o.ZoutIntern = l.deel("intern")
	for len(l.lines) > 0 {
		h, zout := l.deel("persoon")
		o.Personen, o.ZoutPersonen = append(o.Personen, h), append(o.ZoutPersonen, zout)
	}
	if l.err == nil && string(o.Tekst()) != string(tekst) {
		l.err = errors.New("the fields of a leaf are not written as they should be")
	}
	return o, l.err
}

// lezing reads lines that begin with a name, and keeps the first error.
type lezing struct {
	lines []string
	err   error
}

func (l *lezing) fail(naam string) {
	if l.err == nil {
		l.err = fmt.Errorf("field %s of a leaf can't be read", naam)
	}
}

func (l *lezing) next(naam string) string {
	if len(l.lines) == 0 {
		l.fail(naam)
		return ""
	}
	s, ok := strings.CutPrefix(l.lines[0], naam+" ")
	l.lines = l.lines[1:]
	if !ok {
		l.fail(naam)
	}
	return s
}

func (l *lezing) number(naam string, from, to int64) int64 {
	n, err := strconv.ParseInt(l.next(naam), 10, 64)
	if err != nil || n < from || n > to {
		l.fail(naam)
	}
	return n
}

func (l *lezing) deel(naam string) (h Hash, zout *[32]byte) {
	eerste, tweede, heeft := strings.Cut(l.next(naam), " ")
	read := func(s string) (v [32]byte) {
		b, err := hex.DecodeString(s)
		if err != nil || len(b) != len(v) {
			l.fail(naam)
			return v
		}
		return [32]byte(b)
	}
	h = read(eerste)
	if heeft {
		z := read(tweede)
		zout = &z
	}
	return h, zout
}
