package bewijs

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Bewijsstuk is the proof that a leaf is in a log, to be kept beside what it is about and verified without the log
// (C2SP tlog-proof).
type Bewijsstuk struct {
	Extra      []byte // of the log's own choice and not signed; nil: none. Ours is the text of a Bladopening
	Blad       uint64
	Pad        []Hash
	Checkpoint []byte // the signed note, as it was
}

const (
	bewijsRegel = "c2sp.org/tlog-proof@v1"
	extraRegel  = "extra "
	indexRegel  = "index "
	// maxBewijsstuk is room for the opening of a leaf with 10 000 persons, in bytes.
	maxBewijsstuk = 4 << 20
)

// Tekst writes the proof.
func (b *Bewijsstuk) Tekst() []byte {
	t := []byte(bewijsRegel + "\n")
	if b.Extra != nil {
		t = append(t, extraRegel...)
		t = append(base64.StdEncoding.AppendEncode(t, b.Extra), '\n')
	}
	t = append(t, indexRegel...)
	t = append(strconv.AppendUint(t, b.Blad, 10), '\n')
	t = append(t, PadTekst(b.Pad)...)
	t = append(t, '\n')
	return append(t, b.Checkpoint...)
}

// ParseBewijsstuk reads a proof. That it holds is for Verify to say.
func ParseBewijsstuk(tekst []byte) (*Bewijsstuk, error) {
	if len(tekst) > maxBewijsstuk {
		return nil, errors.New("a proof is too long")
	}
	kop, checkpoint, ok := bytes.Cut(tekst, []byte("\n\n"))
	if !ok {
		return nil, errors.New("a proof holds a checkpoint after an empty line")
	}
	b := &Bewijsstuk{Checkpoint: checkpoint}
	lines := strings.Split(string(kop), "\n")
	next := func() string {
		if len(lines) == 0 {
			return ""
		}
		l := lines[0]
		lines = lines[1:]
		return l
	}
	if next() != bewijsRegel {
		return nil, errors.New("a proof begins with " + bewijsRegel)
	}
	l := next()
	if s, ok := strings.CutPrefix(l, extraRegel); ok {
		extra, err := base64Streng.DecodeString(s)
		if err != nil || strings.Contains(s, "\r") {
			return nil, errors.New("extra data of a proof can't be read")
		}
		b.Extra, l = append([]byte{}, extra...), next()
	}
	s, ok := strings.CutPrefix(l, indexRegel)
	if !ok {
		return nil, errors.New("a proof tells the number of the leaf")
	}
	var err error
	if b.Blad, err = parseGetal(s); err != nil {
		return nil, errors.New("number of a leaf can't be read")
	}
	if len(lines) > maxPad {
		return nil, fmt.Errorf("a proof has at most %d hashes", maxPad)
	}
	for i, l := range lines {
		h, err := parseHash(l)
		if err != nil {
			return nil, fmt.Errorf("hash %d of a proof can't be read", i)
		}
		b.Pad = append(b.Pad, h)
	}
	return b, nil
}

// Verify tells whether the leaf is in the log origin, which signs with one of the keys, and gives the checkpoint that
// says so. ErrHandtekening or ErrBewijs when it is not. Extra is not looked at.
func (b *Bewijsstuk) Verify(bladHash Hash, origin string, keys ...note.Verifier) (Checkpoint, error) {
	c, err := OpenCheckpoint(b.Checkpoint, origin, keys...)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, CheckInclusie(b.Pad, b.Blad, c.Grootte, bladHash, c.Wortel)
}
