package rekenblad

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// opmaak is what a number in a cell stands for.
type opmaak struct {
	dag, tijd bool
	nullen    int // at least so many digits: "0000"
}

// The most that a workbook can have (64,000 in Excel).
const maxOpmaak = 65_536

// opmaak reads from the styles which numbers are days. What a cell looks like otherwise is left out.
func (a *archief) opmaak(naam string) ([]opmaak, error) {
	if !a.heeft(naam) {
		return nil, nil
	}
	eigen := map[int]opmaak{}
	var uit []opmaak
	err := a.lees(naam, func(e *elementen) error {
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			t, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			switch {
			case e.in("styleSheet", "numFmts", "numFmt"):
				if id, err := strconv.Atoi(attr(t, "numFmtId")); err == nil && len(eigen) < maxOpmaak {
					eigen[id] = opmaakVan(attr(t, "formatCode"))
				}
			case e.in("styleSheet", "cellXfs", "xf"):
				if len(uit) == maxOpmaak {
					return errTeVeel
				}
				id, _ := strconv.Atoi(attr(t, "numFmtId")) // none is 0: general
				o, ok := eigen[id]
				if !ok {
					o = ingebouwd(id)
				}
				uit = append(uit, o)
			}
		}
	})
	return uit, err
}

// ingebouwd are the formats that have a number and no text (ECMA-376 part 1, 18.8.30).
func ingebouwd(id int) opmaak {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return opmaak{dag: true}
	case id == 22:
		return opmaak{dag: true, tijd: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return opmaak{tijd: true}
	}
	return opmaak{}
}

// opmaakVan reads the code of a format, of which the part for positive numbers comes first.
func opmaakVan(code string) opmaak {
	var o opmaak
	maand := false
	nullen := code != ""
	for k := 0; k < len(code); k++ {
		c := code[k]
		if c != '0' {
			nullen = false
		}
		switch c {
		case ';':
			k = len(code)
		case '"':
			if end := strings.IndexByte(code[k+1:], '"'); end >= 0 {
				k += end + 1
			}
		case '\\', '_', '*': // the next one is shown, a width, or repeated
			k++
		case '[':
			end := strings.IndexByte(code[k:], ']')
			if end < 0 {
				continue
			}
			switch strings.ToLower(code[k+1 : k+end]) {
			case "h", "hh", "m", "mm", "s", "ss":
				o.tijd = true
			}
			k += end // also a colour, a condition or a language
		case 'y', 'Y', 'd', 'D':
			o.dag = true
		case 'h', 'H', 's', 'S':
			o.tijd = true
		case 'm', 'M':
			maand = true
		}
	}
	if maand && !o.tijd {
		o.dag = true
	}
	if nullen && len(code) > 1 && len(code) <= 20 {
		o.nullen = len(code)
	}
	return o
}

// getal writes the number of a cell as text: a day as "2006-01-02", a moment as "2006-01-02T15:04:05", a time of the day as
// "15:04:05", and another number as people would, without an exponent unless it is very large or small. What is no number
// stays as it is.
func (o opmaak) getal(v string, dag1904 bool) string {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return v
	}
	if o.dag || o.tijd {
		if s, ok := o.dagVan(f, dag1904); ok {
			return s
		}
	}
	if o.nullen > 0 && f >= 0 && f < 1e15 && f == math.Trunc(f) {
		s := strconv.FormatFloat(f, 'f', 0, 64)
		return strings.Repeat("0", max(o.nullen-len(s), 0)) + s
	}
	// A spreadsheet shows 15 digits: 0.1+0.2 is 0.3 there.
	if f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err != nil {
		return v
	}
	if m := math.Abs(f); m != 0 && (m >= 1e20 || m < 1e-9) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// dagVan counts days from the start that the workbook has. In the one of 1900 the 29th of February exists, by mistake and for
// ever: day 60. The days before it are one off.
func (o opmaak) dagVan(f float64, dag1904 bool) (string, bool) {
	if f < 0 || f >= 2_958_466 { // 9999-12-31
		return "", false
	}
	dagen := int(f)
	seconden := int(math.Round((f - float64(dagen)) * 86400))
	if o.tijd && !o.dag && dagen == 0 {
		if seconden == 86400 {
			return "24:00:00", true
		}
		return time.Unix(int64(seconden), 0).UTC().Format(time.TimeOnly), true
	}
	if !o.dag {
		return "", false // a duration of days: a number
	}
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case dag1904:
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case dagen < 60:
		begin = begin.AddDate(0, 0, 1)
	}
	t := begin.AddDate(0, 0, dagen).Add(time.Duration(seconden) * time.Second)
	if t.Year() > 9999 {
		return "", false
	}
	if o.tijd && seconden != 0 {
		return t.Format("2006-01-02T15:04:05"), true
	}
	return t.Format(time.DateOnly), true
}
