package rekenblad

import (
	"io"
	"strconv"
	"strings"
)

// leesCSV reads a text file with a row a line and cells between separators, as RFC 4180 has it and as spreadsheets write it.
// encoding/csv is not used, as it skips empty lines: then row 300 of the answer is not row 300 on the screen.
func leesCSV(r io.ReaderAt, n int64, l Limieten, t *Tabel) error {
	b := make([]byte, n)
	if k, err := r.ReadAt(b, 0); int64(k) < n {
		return onleesbaar("Dit bestand kan niet worden gelezen; bied het opnieuw aan.", err)
	}
	s, opmerking, err := tekst(b)
	if err != nil {
		return err
	}
	if opmerking != "" {
		t.meld("", opmerking)
	}
	eerste := 0 // rows before the text: the line that names the separator
	teken, rest, ok := genoemd(s)
	if ok {
		s, eerste = rest, 1
	} else {
		teken = scheiding(s)
	}
	bouw := bouw{l: l, t: t}
	rij := eerste
	for s != "" {
		cellen, rest, err := rijCSV(s, teken, nil)
		if err != nil {
			return onleesbaar("In rij "+strconv.Itoa(rij+1)+" "+err.Error(), nil)
		}
		for k, c := range cellen {
			if c == "" {
				continue
			}
			if err := bouw.zet(rij, k, ongevaarlijkTerug(c)); err != nil {
				return err
			}
		}
		s = rest
		rij++
	}
	return nil
}

// genoemd reads the line "sep=;" that Excel writes and obeys.
func genoemd(s string) (teken byte, rest string, ok bool) {
	if len(s) < 5 || !strings.EqualFold(s[:4], "sep=") || s[4] >= 0x80 || s[4] == '"' || s[4] == '\n' || s[4] == '\r' {
		return 0, s, false
	}
	rest = s[5:]
	if rest != "" && rest[0] != '\n' && rest[0] != '\r' {
		return 0, s, false
	}
	return s[4], naRegel(rest), true
}

// naRegel is s after its line end, of any kind.
func naRegel(s string) string {
	if strings.HasPrefix(s, "\r\n") {
		return s[2:]
	}
	if s != "" && (s[0] == '\n' || s[0] == '\r') {
		return s[1:]
	}
	return s
}

// scheidingen in the order in which they win when nothing tells them apart.
const scheidingen = ";,\t|"

// proefrijen are how many rows tell the separator.
const proefrijen = 100

// scheiding is the character that cuts the most rows into the same number of cells, and at least a third of those with text:
// a comma in a sentence separates nothing.
func scheiding(s string) byte {
	beste, most := scheidingen[0], 0
	for k := range len(scheidingen) {
		teken := scheidingen[k]
		breedtes := map[int]int{}
		rest, cellen, gevuld := s, []string(nil), 0
		for range proefrijen {
			if rest == "" {
				break
			}
			var err error
			if cellen, rest, err = rijCSV(rest, teken, cellen[:0]); err != nil {
				breedtes = nil
				break
			}
			if len(cellen) > 1 || cellen[0] != "" {
				gevuld++
			}
			if len(cellen) > 1 {
				breedtes[len(cellen)]++
			}
		}
		for breed, rijen := range breedtes {
			if waarde := rijen*1000 + min(breed, 999); waarde > most && rijen*3 >= gevuld {
				beste, most = teken, waarde
			}
		}
	}
	return beste
}

// csvFout is the rest of a sentence that begins with the row.
type csvFout string

func (f csvFout) Error() string { return string(f) }

const (
	foutOpen  csvFout = "begint een tekst met een aanhalingsteken dat nergens wordt gesloten; het bestand is misschien niet heel, bied het opnieuw aan."
	foutNa    csvFout = "staat tekst achter een aanhalingsteken dat een cel sluit; schrijf een aanhalingsteken binnen een cel dubbel, of sla het bestand opnieuw op."
	foutBreed csvFout = "staan meer cellen dan een rekenblad breed is; kijk of de scheidingstekens kloppen."
)

// rijCSV cuts one row from s, which is not empty, and appends its cells. A quote counts only where a cell begins. Line ends
// within a cell become "\n".
func rijCSV(s string, teken byte, cellen []string) (row []string, rest string, err error) {
	for {
		var cel string
		if s != "" && s[0] == '"' {
			if cel, s, err = aangehaald(s[1:]); err != nil {
				return nil, "", err
			}
		} else {
			end := 0
			for end < len(s) && s[end] != teken && s[end] != '\n' && s[end] != '\r' {
				end++
			}
			cel, s = s[:end], s[end:]
		}
		if len(cellen) < maxKolomXLSX {
			cellen = append(cellen, cel)
		} else if cel != "" {
			return nil, "", foutBreed
		}
		switch {
		case s == "":
			return cellen, "", nil
		case s[0] == teken:
			s = s[1:]
		case s[0] == '\n' || s[0] == '\r':
			return cellen, naRegel(s), nil
		default:
			return nil, "", foutNa
		}
	}
}

// aangehaald reads to the quote that closes.
func aangehaald(s string) (cel, rest string, err error) {
	end := strings.IndexByte(s, '"')
	if end < 0 {
		return "", "", foutOpen
	}
	if end+1 == len(s) || s[end+1] != '"' {
		return regels(s[:end]), s[end+1:], nil
	}
	var out strings.Builder
	for {
		out.WriteString(s[:end])
		if end+1 == len(s) || s[end+1] != '"' {
			return regels(out.String()), s[end+1:], nil
		}
		out.WriteByte('"')
		s = s[end+2:]
		if end = strings.IndexByte(s, '"'); end < 0 {
			return "", "", foutOpen
		}
	}
}

// regels has "\n" for each line end.
func regels(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
