package rekenblad

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// What the XML of a part may be. Real sheets nest ten deep at most.
const (
	maxDiepte    = 40
	maxStuk      = 512 << 10 // bytes of one tag, text, comment: the longest cell, with each character written as a number, is 300 kB
	maxElementen = 4_500_000 // of all parts: a million cells of two elements, as many shared texts of two, and what is around them
)

const nietHeel = "Dit rekenblad is beschadigd of niet heel; " + opslaanAlsXLSX

var (
	errNietHeel = onleesbaar(nietHeel, nil)
	errXML      = onleesbaar("Dit rekenblad is opgebouwd op een manier die een rekenprogramma niet gebruikt; "+opslaanAlsXLSX, nil)
	errTeVeel   = teGroot("Dit rekenblad bevat uitgepakt te veel; verwijder bladen en opmaak die niet nodig zijn, of splits het.")
)

// elementen gives the elements of one part in order, and holds them against the limits. Names are without their namespace:
// programs differ in the prefixes they write.
type elementen struct {
	d    *xml.Decoder
	open []string
	over *int // elements that may still come
}

func nieuweElementen(r io.Reader, over *int) *elementen {
	return &elementen{d: xml.NewDecoder(&stukken{r: r}), over: over}
}

// next gives the next start, end or text; io.EOF after the last. What it gives holds until the next call.
func (e *elementen) next() (xml.Token, error) {
	for {
		tok, err := e.d.RawToken()
		if err == io.EOF {
			if len(e.open) > 0 {
				return nil, errNietHeel
			}
			return nil, io.EOF
		}
		if err != nil {
			var f *fout.Fout
			if errors.As(err, &f) {
				return nil, err
			}
			return nil, onleesbaar(nietHeel, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if *e.over--; *e.over < 0 {
				return nil, errTeVeel
			}
			if len(e.open) == maxDiepte {
				return nil, errXML
			}
			e.open = append(e.open, t.Name.Local)
			return t, nil
		case xml.EndElement:
			if len(e.open) == 0 || e.open[len(e.open)-1] != t.Name.Local {
				return nil, errNietHeel
			}
			e.open = e.open[:len(e.open)-1]
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
}

// in tells whether exactly these elements are open, from the root.
func (e *elementen) in(pad ...string) bool { return slices.Equal(e.open, pad) }

// attr is the value of an attribute by its local name.
func attr(t xml.StartElement, naam string) string {
	for _, a := range t.Attr {
		if a.Name.Local == naam {
			return a.Value
		}
	}
	return ""
}

// stukken passes bytes of XML on and refuses, before the decoder gathers it in memory, a piece that is longer than maxStuk,
// and each declaration: that is where entities come from (a "billion laughs"), and a spreadsheet has none.
type stukken struct {
	r     io.Reader
	staat byte // which of the states below
	quote byte
	kop   []byte  // the first bytes after "<", while they may still become something else
	vorig [2]byte // the last two bytes
	n     int     // bytes of this piece
}

const (
	inTekst byte = iota
	inBegin
	inTag
	inQuote
	inOpdracht
	inOpmerking
	inCDATA
)

// Read may give bytes together with an error, as io.Reader allows.
func (s *stukken) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	for k, b := range p[:n] {
		if s.n++; s.n > maxStuk {
			return k, errXML
		}
		switch s.staat {
		case inTekst:
			if b == '<' {
				s.staat, s.n, s.kop = inBegin, 0, s.kop[:0]
			}
		case inBegin:
			if !s.begin(b) {
				return k, errXML
			}
		case inTag:
			s.tag(b)
		case inQuote:
			if b == s.quote {
				s.staat = inTag
			}
		case inOpdracht:
			s.sluit(b, b == '>' && s.vorig[1] == '?')
		case inOpmerking:
			s.sluit(b, b == '>' && s.vorig == [2]byte{'-', '-'})
		case inCDATA:
			s.sluit(b, b == '>' && s.vorig == [2]byte{']', ']'})
		}
	}
	return n, err
}

func (s *stukken) tag(b byte) {
	switch b {
	case '>':
		s.staat, s.n = inTekst, 0
	case '"', '\'':
		s.staat, s.quote = inQuote, b
	}
}

// begin decides what a "<" begins; false when that is a declaration.
func (s *stukken) begin(b byte) bool {
	s.kop, s.vorig = append(s.kop, b), [2]byte{}
	switch kop := string(s.kop); {
	case kop == "?":
		s.staat = inOpdracht
	case kop == "!--":
		s.staat = inOpmerking
	case kop == "![CDATA[":
		s.staat = inCDATA
	case kop[0] != '!':
		s.staat = inTag
		s.tag(b)
	default:
		return strings.HasPrefix("!--", kop) || strings.HasPrefix("![CDATA[", kop)
	}
	return true
}

func (s *stukken) sluit(b byte, einde bool) {
	if einde {
		s.staat, s.n = inTekst, 0
	}
	s.vorig = [2]byte{s.vorig[1], b}
}
