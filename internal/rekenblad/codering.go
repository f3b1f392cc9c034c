package rekenblad

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var bomUTF8 = []byte("\xEF\xBB\xBF")

// tekst decodes a text file: UTF-8 and UTF-16 with or without a mark at the start, otherwise Windows-1252, which Excel writes
// for "CSV" without more. opmerking says what a person should check.
func tekst(b []byte) (s, opmerking string, err error) {
	switch {
	case bytes.HasPrefix(b, bomUTF8):
		b = b[len(bomUTF8):]
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return utf16Tekst(b[2:], false)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return utf16Tekst(b[2:], true)
	}
	if little, big := nullen(b); little || big {
		return utf16Tekst(b, big)
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", "", onleesbaar("Dit is geen tekstbestand; bied een Excel-werkmap (.xlsx) of een CSV aan.", nil)
	}
	if utf8.Valid(b) {
		s = string(b)
		if strings.Contains(s, "Ã©") || strings.Contains(s, "Ã«") || strings.Contains(s, "Ã¯") || strings.Contains(s, "â‚¬") {
			opmerking = "Sommige letters met een accent lijken al eerder verkeerd te zijn opgeslagen; controleer ze in uw bestand."
		}
		return s, opmerking, nil
	}
	goed, slecht := 0, 0
	for k := 0; k < len(b); {
		r, size := utf8.DecodeRune(b[k:])
		switch {
		case r == utf8.RuneError && size == 1 && !utf8.FullRune(b[k:]) && slecht == 0 && goed > 0:
			return "", "", onleesbaar("Dit bestand eindigt midden in een letter en is dus niet heel; bied het opnieuw aan.", nil)
		case r == utf8.RuneError && size == 1:
			slecht++
		case size > 1:
			goed++
		}
		k += size
	}
	if goed > slecht {
		return "", "", onleesbaar("In dit bestand staan tekens in twee coderingen door elkaar; sla het opnieuw op als CSV UTF-8.", nil)
	}
	for _, c := range b {
		if c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D { // bytes that Windows-1252 does not have
			return "", "", onleesbaar("De letters in dit bestand zijn niet te herkennen; sla het opnieuw op als CSV UTF-8.", nil)
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return "", "", onleesbaar("De letters in dit bestand zijn niet te herkennen; sla het opnieuw op als CSV UTF-8.", err)
	}
	return string(out), "Dit bestand is gelezen als Windows-1252; controleer of letters met een accent goed staan.", nil
}

// nullen tells whether b looks like UTF-16 without a mark: zeros at the odd (little endian) or even places (big endian) only.
func nullen(b []byte) (little, big bool) {
	b = b[:min(len(b), 1024)]
	var at [2]int
	for k, c := range b {
		if c == 0 {
			at[k&1]++
		}
	}
	genoeg := max(len(b)/4, 2)
	return at[1] >= genoeg && at[0] == 0, at[0] >= genoeg && at[1] == 0
}

func utf16Tekst(b []byte, big bool) (string, string, error) {
	if len(b)%2 != 0 {
		return "", "", onleesbaar("Dit bestand eindigt midden in een letter en is dus niet heel; bied het opnieuw aan.", nil)
	}
	var out strings.Builder
	out.Grow(len(b)/2 + len(b)/8)
	for k := 0; k < len(b); k += 2 {
		u := unit(b, k, big)
		r := rune(u)
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
			if k+3 < len(b) {
				r = utf16.DecodeRune(rune(u), rune(unit(b, k+2, big)))
			}
			k += 2
		}
		if r == utf8.RuneError || r == 0 {
			return "", "", onleesbaar("De letters in dit bestand zijn niet te herkennen; sla het opnieuw op als CSV UTF-8.", nil)
		}
		out.WriteRune(r)
	}
	return out.String(), "", nil
}

func unit(b []byte, k int, big bool) uint16 {
	if big {
		return uint16(b[k])<<8 | uint16(b[k+1])
	}
	return uint16(b[k+1])<<8 | uint16(b[k])
}
