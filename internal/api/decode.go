package api

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// lezer reads a JSON body in one pass: it keeps what the standard knows, notes every value of a
// wrong type, and skips what it does not know, unread and unstored (rules 1). Duplicate names,
// invalid UTF-8 and trailing data are errors.
type lezer struct {
	dec    *jsontext.Decoder
	heel   string // the whole body: texts are pieces of this one copy
	params []fout.Param
}

var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

// decode runs f over a body that must be one JSON object.
func decode(body []byte, maxDepth int, f func(*lezer) error) ([]fout.Param, error) {
	if err := checkDepth(body, maxDepth); err != nil {
		return nil, err
	}
	dec := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(dec)
	dec.Reset(bytes.NewBuffer(body))
	l := &lezer{dec: dec, heel: string(body)}
	if dec.PeekKind() != '{' {
		if _, err := dec.ReadValue(); err != nil {
			return nil, unreadable(err)
		}
		return nil, parseError("Stuur een JSON-object: het begint met { en eindigt met }.")
	}
	if err := f(l); err != nil {
		return nil, unreadable(err)
	}
	if _, err := dec.ReadToken(); err != io.EOF {
		return nil, parseError("Na het JSON-object volgt nog iets; stuur precies één object.")
	}
	return l.params, nil
}

// unreadable says why a body can't be read. The library's own message is not passed on: it may quote
// the text.
func unreadable(err error) error {
	var f *fout.Fout
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, jsontext.ErrDuplicateName):
		return parseError("Een naam komt twee keer voor in hetzelfde object; stuur elk veld één keer.")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return parseError("Het bericht houdt halverwege op; stuur het helemaal.")
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return parseError("Dit is geen geldige JSON: het gaat mis bij byte " + strconv.FormatInt(syntax.ByteOffset, 10) + ".")
	}
	return parseError("Dit is geen geldige JSON.")
}

// checkDepth bounds nesting before anything is decoded.
func checkDepth(b []byte, max int) error {
	depth := 0
	for k := 0; k < len(b); k++ {
		switch b[k] {
		case '{', '[':
			if depth++; depth > max {
				return parseError("Het bericht is te diep genest; hoogstens " + strconv.Itoa(max) + " niveaus.")
			}
		case '}', ']':
			depth--
		case '"':
			for k++; k < len(b) && b[k] != '"'; k++ {
				if b[k] == '\\' {
					k++
				}
			}
		}
	}
	return nil
}

// object calls f for each member; f must read or skip the value. Names are valid until the next read.
func (l *lezer) object(f func(name []byte) error) error {
	if _, err := l.dec.ReadToken(); err != nil { // {
		return err
	}
	for l.dec.PeekKind() != '}' {
		raw, err := l.dec.ReadValue()
		if err != nil {
			return err
		}
		name, err := unquote(raw)
		if err != nil {
			return err
		}
		if err := f(name); err != nil {
			return err
		}
	}
	_, err := l.dec.ReadToken() // }
	return err
}

// list calls f for each element; false when the value is not a list, which is noted under name.
// Null is an empty list.
func (l *lezer) list(name string, f func(k int) error) (ok bool, err error) {
	switch l.dec.PeekKind() {
	case '[':
	case 'n':
		return false, l.dec.SkipValue()
	default:
		l.add(name, "invalid", "Geef hier een lijst.")
		return false, l.dec.SkipValue()
	}
	if _, err := l.dec.ReadToken(); err != nil {
		return true, err
	}
	for k := 0; l.dec.PeekKind() != ']'; k++ {
		if err := f(k); err != nil {
			return true, err
		}
	}
	_, err = l.dec.ReadToken()
	return true, err
}

// text reads a string; null is "", and any other type is noted.
func (l *lezer) text(name string) (string, error) {
	switch kind := l.dec.PeekKind(); kind {
	case '"':
		raw, err := l.dec.ReadValue()
		if err != nil {
			return "", err
		}
		if end := l.dec.InputOffset(); bytes.IndexByte(raw, '\\') < 0 {
			return l.heel[end-int64(len(raw))+1 : end-1], nil
		}
		b, err := jsontext.AppendUnquote(nil, raw)
		return string(b), err
	case 'n':
	default:
		if kind != 0 {
			l.add(name, "invalid", "Geef hier een tekst tussen aanhalingstekens.")
		}
	}
	return "", l.dec.SkipValue()
}

func (l *lezer) add(name, code, reason string) {
	l.params = append(l.params, fout.Param{Name: name, Code: code, Reason: reason})
}

// unquote gives the text of a JSON string, without a copy when nothing is escaped.
func unquote(raw jsontext.Value) ([]byte, error) {
	if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	return jsontext.AppendUnquote(nil, raw)
}

// decodeActie reads the body of a POST or PUT.
func (q *verzoek) decodeActie() (*verwerkingenlog.Invoer, []fout.Param, error) {
	return q.decodeInvoer(q.lichaam)
}

// decodeInvoer reads one actie; what it gives holds nothing of body.
func (s *server) decodeInvoer(body []byte) (*verwerkingenlog.Invoer, []fout.Param, error) {
	in := new(verwerkingenlog.Invoer)
	params, err := decode(body, s.MaxDiepte, func(l *lezer) error {
		return l.object(func(name []byte) (err error) {
			if v, ok := verwerkingenlog.ParseVeld(name); ok {
				text, err := l.text(v.String())
				in.Set(v, text)
				return err
			}
			switch string(name) {
			case "actieId":
				in.ActieID, err = l.text("actieId")
			case "verwerkteObjecten":
				err = l.objecten(in, s.MaxObject)
			default:
				err = l.dec.SkipValue()
			}
			return err
		})
	})
	return in, params, err
}

// objecten reads the persons. More than allowed are counted, not kept.
func (l *lezer) objecten(in *verwerkingenlog.Invoer, max int) (err error) {
	const list = "verwerkteObjecten"
	n := 0
	in.ObjectenAanwezig, err = l.list(list, func(k int) error {
		if n++; n > max {
			return l.dec.SkipValue()
		}
		place := func(name string) string { return list + "." + strconv.Itoa(k) + "." + name }
		if l.dec.PeekKind() != '{' {
			l.add(list+"."+strconv.Itoa(k), "invalid", "Geef hier een object met objecttype, soortObjectId en objectId.")
			in.Objecten = append(in.Objecten, verwerkingenlog.InvoerObject{Objecttype: "persoon", SoortObjectID: "-", ObjectID: "-"})
			return l.dec.SkipValue()
		}
		var o verwerkingenlog.InvoerObject
		err := l.object(func(name []byte) (err error) {
			var target *string
			switch string(name) {
			case "verwerktObjectId":
				target = &o.ID
			case "objecttype":
				target = &o.Objecttype
			case "soortObjectId":
				target = &o.SoortObjectID
			case "objectId":
				target = &o.ObjectID
			case "betrokkenheid":
				target = &o.Betrokkenheid
			case "verwerkteSoortenGegevens":
				o.Soorten, err = l.soorten(place)
				return err
			default:
				return l.dec.SkipValue()
			}
			if kind := l.dec.PeekKind(); kind == '"' {
				*target, err = l.text("")
			} else {
				*target, err = l.text(place(string(name)))
			}
			return err
		})
		in.Objecten = append(in.Objecten, o)
		return err
	})
	if err == nil && n > max {
		return fout.New(fout.CodeTeGroot, "Deze verwerkingsactie heeft "+strconv.Itoa(n)+" objecten en het mogen er hoogstens "+
			strconv.Itoa(max)+" zijn; splits haar in meer verwerkingsacties met hetzelfde verwerkingId.")
	}
	return err
}

func (l *lezer) soorten(place func(string) string) (soorten []string, err error) {
	_, err = l.list(place("verwerkteSoortenGegevens"), func(k int) error {
		at := func() string { return place("verwerkteSoortenGegevens") + "." + strconv.Itoa(k) }
		if l.dec.PeekKind() != '{' {
			l.add(at(), "invalid", "Geef hier een object met soortGegeven.")
			return l.dec.SkipValue()
		}
		soort := ""
		err := l.object(func(name []byte) (err error) {
			if string(name) != "soortGegeven" {
				return l.dec.SkipValue()
			}
			soort, err = l.text(at() + ".soortGegeven")
			return err
		})
		soorten = append(soorten, soort)
		return err
	})
	return soorten, err
}

// decodeWijziging reads the body of a PATCH.
func (q *verzoek) decodeWijziging() (w verwerkingenlog.Wijziging, params []fout.Param, err error) {
	params, err = decode(q.lichaam, q.MaxDiepte, func(l *lezer) error {
		return l.object(func(name []byte) (err error) {
			switch string(name) {
			case "bewaartermijn":
				w.Bewaartermijn, err = l.text("bewaartermijn")
			case "vertrouwelijkheid":
				w.HasVertrouwelijkheid = true
				w.Vertrouwelijkheid, err = l.text("vertrouwelijkheid")
			default:
				err = l.dec.SkipValue()
			}
			return err
		})
	})
	return w, params, err
}
