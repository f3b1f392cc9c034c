package rekenblad

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// teksten reads the texts that cells share. What the part says of their number is not believed.
func (a *archief) teksten(naam string) ([]string, error) {
	if !a.heeft(naam) {
		return nil, nil
	}
	var uit []string
	var som int64
	err := a.lees(naam, func(e *elementen) error {
		var b strings.Builder
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			switch t := tok.(type) {
			case xml.CharData:
				if e.in("sst", "si", "t") || e.in("sst", "si", "r", "t") { // not "rPh": how a text is spoken
					if b.Write(t); b.Len() > a.l.Cel*maxEscape {
						return errTeVeel
					}
				}
			case xml.EndElement:
				if t.Name.Local != "si" || !e.in("sst") {
					continue
				}
				s := onteken(b.String())
				b.Reset()
				if som += int64(len(s)); som > a.l.Tekst || len(uit) == a.l.Cellen {
					return errTeVeel
				}
				uit = append(uit, s)
			}
		}
	})
	return uit, err
}

// maxEscape is how many bytes a character may take when it is written as _x0041_.
const maxEscape = 7

// onteken undoes how a spreadsheet writes characters that XML can't hold: "_x000B_"; and has "\n" for each line end.
func onteken(s string) string {
	if strings.Contains(s, "_x") {
		var b strings.Builder
		for {
			k := strings.Index(s, "_x")
			if k < 0 {
				break
			}
			u, ok := eenheid(s[k:])
			if !ok {
				b.WriteString(s[:k+1])
				s = s[k+1:]
				continue
			}
			b.WriteString(s[:k])
			s = s[k+maxEscape:]
			r := rune(u)
			if utf16.IsSurrogate(r) {
				r = utf8.RuneError
				if u2, ok := eenheid(s); ok {
					if r = utf16.DecodeRune(rune(u), rune(u2)); r != utf8.RuneError {
						s = s[maxEscape:]
					}
				}
			}
			if r != 0 { // no text has one, and a text file can't
				b.WriteRune(r)
			}
		}
		b.WriteString(s)
		s = b.String()
	}
	return regels(s)
}

// eenheid reads "_xHHHH_" at the start of s.
func eenheid(s string) (uint16, bool) {
	if len(s) < maxEscape || s[:2] != "_x" || s[6] != '_' {
		return 0, false
	}
	var u uint16
	for _, c := range []byte(s[2:6]) {
		switch {
		case c >= '0' && c <= '9':
			u = u<<4 | uint16(c-'0')
		case c >= 'A' && c <= 'F':
			u = u<<4 | uint16(c-'A'+10)
		case c >= 'a' && c <= 'f':
			u = u<<4 | uint16(c-'a'+10)
		default:
			return 0, false
		}
	}
	return u, true
}

// teken is the other way round. A text that would be read as such an escape has its "_" escaped.
func teken(s string) string {
	if strings.IndexFunc(s, buitenXML) < 0 && !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for k, r := range s {
		switch {
		case r == '_':
			if leestAlsEscape(s[k:]) {
				b.WriteString("_x005F_")
			} else {
				b.WriteByte('_')
			}
		case buitenXML(r):
			const hex = "0123456789ABCDEF"
			b.WriteString("_x")
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// leestAlsEscape tells whether s, written, begins as an escape: what ends it can be the "_" of a character that is escaped itself.
func leestAlsEscape(s string) bool {
	const kop = maxEscape - 1
	if len(s) <= kop {
		return false
	}
	na, _ := utf8.DecodeRuneInString(s[kop:])
	_, ok := eenheid(s[:kop] + "_")
	return ok && (na == '_' || buitenXML(na))
}

// buitenXML are the characters that XML 1.0 has no way to write.
func buitenXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
}
