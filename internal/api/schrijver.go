package api

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// schrijver appends JSON to a buffer: the answers have a fixed form, and every key is always there
// (X13), so there is nothing to reflect on.
type schrijver struct {
	b     []byte
	comma bool
}

func (s *schrijver) open() *schrijver      { return s.begin('{') }
func (s *schrijver) openList() *schrijver  { return s.begin('[') }
func (s *schrijver) close() *schrijver     { return s.end('}') }
func (s *schrijver) closeList() *schrijver { return s.end(']') }

func (s *schrijver) begin(b byte) *schrijver {
	s.b, s.comma = append(s.b, b), false
	return s
}

func (s *schrijver) end(b byte) *schrijver {
	s.b, s.comma = append(s.b, b), true
	return s
}

// next puts the comma before an element that is not the first.
func (s *schrijver) next() *schrijver {
	if s.comma {
		s.b = append(s.b, ',')
	}
	s.comma = true
	return s
}

// key writes a name of ours: plain letters, nothing to escape.
func (s *schrijver) key(name string) *schrijver {
	s.next()
	s.b = append(append(append(s.b, '"'), name...), '"', ':')
	return s
}

// tekst writes free text; empty is "".
func (s *schrijver) tekst(v string) *schrijver {
	s.b, _ = jsontext.AppendQuote(s.b, v) // the text was checked to be UTF-8 when it came in
	return s
}

// formaat writes a formatted value; empty is null.
func (s *schrijver) formaat(v string) *schrijver {
	if v == "" {
		s.b = append(s.b, "null"...)
		return s
	}
	return s.tekst(v)
}

// uuid writes an id in lower case; empty is null.
func (s *schrijver) uuid(id uuid.UUID) *schrijver {
	if id == uuid.Nil {
		s.b = append(s.b, "null"...)
		return s
	}
	return s.link("", id)
}

// link writes a URL that ends in an id.
func (s *schrijver) link(base string, id uuid.UUID) *schrijver {
	s.b = append(verwerkingenlog.AppendUUID(append(append(s.b, '"'), base...), id), '"')
	return s
}

func (s *schrijver) getal(n int) *schrijver {
	s.b = strconv.AppendInt(s.b, int64(n), 10)
	return s
}

func (s *schrijver) jaNee(v bool) *schrijver {
	s.b = strconv.AppendBool(s.b, v)
	return s
}
