package rekenblad

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// bron is what a sheet needs of the rest of its workbook.
type bron struct {
	teksten []string
	opmaak  []opmaak
	dag1904 bool
}

// bladLezer reads the cells of a sheet.
type bladLezer struct {
	*bron
	bouw
	rij, kolom int // of the cell that is read, from 0
	soort      string
	stijl      int
	v, is      strings.Builder // value as stored, and text in the cell itself
	formule    bool
	uitkomst   bool // there is a value, be it empty
	zonder     int  // formulas whose outcome is not known
	formules   int
	fouten     int
	verborgen  int // hidden rows
	bereiken   []bereik
}

// bereik is a merged range, ends included, from 0.
type bereik struct{ rij, kolom, totRij, totKolom int }

// The sheet of a spreadsheet can't be larger.
const (
	maxRijXLSX   = 1 << 20
	maxKolomXLSX = 1 << 14
)

// blad reads the sheet in a part into t. Its "dimension" is not looked at: it is often wrong, and may be made so.
func (a *archief) blad(deel string, bron *bron, t *Tabel) error {
	b := &bladLezer{bron: bron, bouw: bouw{l: a.l, t: t}, rij: -1}
	heeft := false
	err := a.lees(deel, func(e *elementen) error {
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err == nil {
				switch tok := tok.(type) {
				case xml.StartElement:
					heeft = heeft || e.in("worksheet", "sheetData")
					err = b.begin(e, tok)
				case xml.CharData:
					err = b.letters(e, tok)
				case xml.EndElement:
					if tok.Name.Local == "c" && e.in("worksheet", "sheetData", "row") {
						err = b.cel()
					}
				}
			}
			if err != nil {
				return err
			}
		}
	})
	if err == nil && !heeft {
		err = errNietHeel
	}
	if err == nil {
		err = b.vulBereiken()
	}
	if err != nil {
		return err
	}
	b.meld()
	return nil
}

func (b *bladLezer) begin(e *elementen, t xml.StartElement) error {
	switch t.Name.Local {
	case "row":
		if !e.in("worksheet", "sheetData", "row") {
			return nil
		}
		b.rij, b.kolom = b.rij+1, -1
		if r := attr(t, "r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n < 1 || n > maxRijXLSX {
				return errNietHeel
			}
			b.rij = n - 1
		}
		if waar(attr(t, "hidden")) {
			b.verborgen++
		}
	case "c":
		if !e.in("worksheet", "sheetData", "row", "c") {
			return nil
		}
		b.v.Reset()
		b.is.Reset()
		b.kolom, b.soort, b.stijl, b.formule, b.uitkomst = b.kolom+1, "", 0, false, false
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "r":
				rij, kolom, ok := plaats(a.Value)
				if !ok || rij != b.rij {
					return errNietHeel
				}
				b.kolom = kolom
			case "t":
				b.soort = a.Value
			case "s":
				b.stijl, _ = strconv.Atoi(a.Value) // not a number: no style
			}
		}
	case "f":
		if e.in("worksheet", "sheetData", "row", "c", "f") {
			b.formule = true
		}
	case "v":
		if e.in("worksheet", "sheetData", "row", "c", "v") {
			b.uitkomst = true
		}
	case "mergeCell":
		if !e.in("worksheet", "mergeCells", "mergeCell") {
			return nil
		}
		if len(b.bereiken) == b.l.Samenvoegingen {
			return teGroot("Dit blad heeft meer dan " + getalNL(b.l.Samenvoegingen) + " samengevoegde cellen; splits ze (Samenvoegen en centreren) en sla het opnieuw op.")
		}
		r, ok := bereikVan(attr(t, "ref"))
		if !ok {
			return errNietHeel
		}
		b.bereiken = append(b.bereiken, r)
	}
	return nil
}

// letters gathers the text of a cell, no further than a cell may go.
func (b *bladLezer) letters(e *elementen, t xml.CharData) error {
	if len(e.open) < 5 || e.open[3] != "c" {
		return nil
	}
	to := &b.is
	switch {
	case e.in("worksheet", "sheetData", "row", "c", "v"):
		to = &b.v
	case e.in("worksheet", "sheetData", "row", "c", "is", "t"), e.in("worksheet", "sheetData", "row", "c", "is", "r", "t"):
	default:
		return nil
	}
	if to.Write(t); to.Len() > b.l.Cel*maxEscape {
		return errTeVeel
	}
	return nil
}

// cel puts a cell that was read into the table.
func (b *bladLezer) cel() error {
	if b.formule {
		b.formules++
		if !b.uitkomst || b.v.Len() == 0 && b.soort != "str" { // a text as outcome may be empty
			if b.zonder++; b.zonder <= 10 {
				b.t.meld(CelNaam(b.rij, b.kolom), "De uitkomst van deze formule is niet bekend, dus de cel telt als leeg; open het bestand in uw rekenprogramma en sla het opnieuw op.")
			}
			return nil
		}
	}
	s, err := b.waarde()
	if err != nil {
		return err
	}
	if s == "" {
		return nil
	}
	if b.t.Cel(b.rij, b.kolom) != "" { // the same cell twice: programs differ in which one they show
		return errNietHeel
	}
	return b.zet(b.rij, b.kolom, s)
}

// waarde is the text of the cell (ECMA-376 part 1, 18.18.11).
func (b *bladLezer) waarde() (string, error) {
	v := b.v.String()
	switch b.soort {
	case "s":
		if v == "" {
			return "", nil
		}
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n >= len(b.teksten) {
			return "", errNietHeel
		}
		return b.teksten[n], nil
	case "inlineStr":
		return onteken(b.is.String()), nil
	case "str":
		return onteken(v), nil
	case "b":
		switch strings.TrimSpace(v) {
		case "1", "true":
			return "ja", nil
		case "0", "false":
			return "nee", nil
		}
		return "", nil
	case "e":
		if b.fouten++; b.fouten <= 10 {
			b.t.meld(CelNaam(b.rij, b.kolom), "In deze cel staat een fout van een formule, dus zij telt als leeg; herstel de formule.")
		}
		return "", nil
	case "d":
		return strings.TrimSuffix(strings.TrimSpace(v), "T00:00:00"), nil
	}
	if v = strings.TrimSpace(v); v == "" {
		return "", nil
	}
	var o opmaak
	if b.stijl >= 0 && b.stijl < len(b.bron.opmaak) {
		o = b.bron.opmaak[b.stijl]
	}
	return o.getal(v, b.dag1904), nil
}

// vulBereiken writes the text of a merged range in each of its cells, no further than the table goes: a range over all
// columns is as wide as what is in them. All places that are looked at count, so that ranges that lie over one another stop.
func (b *bladLezer) vulBereiken() error {
	breed, hoog, over := b.t.Kolommen(), len(b.t.Rijen), b.l.Cellen
	for _, r := range b.bereiken {
		s := b.t.Cel(r.rij, r.kolom)
		if s == "" {
			continue
		}
		for rij := r.rij; rij <= min(r.totRij, hoog-1); rij++ {
			for kolom := r.kolom; kolom <= min(r.totKolom, breed-1); kolom++ {
				if over--; over < 0 {
					return teGroot("Op dit blad zijn te veel cellen samengevoegd; splits ze (Samenvoegen en centreren) en sla het opnieuw op.")
				}
				if b.t.Cel(rij, kolom) == "" {
					if err := b.zet(rij, kolom, s); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func (b *bladLezer) meld() {
	t := b.t
	if n := b.formules - b.zonder; n > 0 {
		t.meld("", "Dit blad heeft "+aantal(n, "formule", "formules")+"; gelezen is de uitkomst die bij het laatste opslaan in het bestand kwam.")
	}
	if b.zonder > 10 || b.fouten > 10 {
		t.meld("", "Dit blad heeft "+aantal(b.zonder+b.fouten, "formule", "formules")+" zonder uitkomst of met een fout; die cellen tellen als leeg.")
	}
	if b.verborgen > 0 {
		t.meld("", "Dit blad heeft "+aantal(b.verborgen, "verborgen rij", "verborgen rijen")+"; als daar iets in staat, is dat ook gelezen.")
	}
}

func aantal(n int, een, meer string) string {
	if n == 1 {
		return "1 " + een
	}
	return getalNL(n) + " " + meer
}

// plaats reads "B12" as row and column from 0.
func plaats(s string) (rij, kolom int, ok bool) {
	k := 0
	for ; k < len(s) && s[k] >= 'A' && s[k] <= 'Z' && k < 3; k++ {
		kolom = kolom*26 + int(s[k]-'A') + 1
	}
	if k == 0 || k == len(s) || len(s) > 10 || s[k] == '0' || kolom > maxKolomXLSX {
		return 0, 0, false
	}
	for _, c := range []byte(s[k:]) {
		if c < '0' || c > '9' {
			return 0, 0, false
		}
		rij = rij*10 + int(c-'0')
	}
	return rij - 1, kolom - 1, rij <= maxRijXLSX
}

// bereikVan reads "A1:B12".
func bereikVan(s string) (r bereik, ok bool) {
	van, tot, twee := strings.Cut(s, ":")
	if !twee {
		tot = van
	}
	var ok1, ok2 bool
	r.rij, r.kolom, ok1 = plaats(van)
	r.totRij, r.totKolom, ok2 = plaats(tot)
	return r, ok1 && ok2 && r.rij <= r.totRij && r.kolom <= r.totKolom
}
