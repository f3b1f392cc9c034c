package rekenblad

import (
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Soort is the kind of file.
type Soort string

// The kinds that are read and written.
const (
	CSV  Soort = "csv"
	XLSX Soort = "xlsx"
)

// Tabel is one sheet.
type Tabel struct {
	Naam        string      `json:"naam,omitzero"` // of the file, without its folder
	Soort       Soort       `json:"soort,omitzero"`
	Blad        string      `json:"blad,omitzero"`   // name of the sheet; none in a CSV
	Bladen      []Blad      `json:"bladen,omitzero"` // all sheets of the workbook, in order
	Rijen       [][]string  `json:"-"`               // row n of the sheet is Rijen[n-1]; a row ends at its last cell with text, the table at its last row
	Opmerkingen []Opmerking `json:"opmerkingen,omitzero"`
	Koprijen    int         `json:"koprijen,omitzero"` // when written as XLSX: how many rows on top are bold and stay in view
}

// Blad is a sheet of a workbook.
type Blad struct {
	Naam      string `json:"naam"`
	Verborgen bool   `json:"verborgen,omitzero"`
}

// Opmerking is something of the file that a person must know before relying on the table.
type Opmerking struct {
	Cel   string `json:"cel,omitzero"` // such as "B12"; empty: the whole
	Tekst string `json:"tekst"`        // Dutch
}

// maxOpmerkingen of one table; more say nothing more.
const maxOpmerkingen = 100

func (t *Tabel) meld(cel, tekst string) {
	if len(t.Opmerkingen) < maxOpmerkingen {
		t.Opmerkingen = append(t.Opmerkingen, Opmerking{Cel: cel, Tekst: tekst})
	}
}

// Kolommen is how many columns the widest row has.
func (t *Tabel) Kolommen() int {
	n := 0
	for _, r := range t.Rijen {
		n = max(n, len(r))
	}
	return n
}

// Cel is the text in a row and column, both from 0; empty when there is none.
func (t *Tabel) Cel(rij, kolom int) string {
	if rij < 0 || rij >= len(t.Rijen) || kolom < 0 || kolom >= len(t.Rijen[rij]) {
		return ""
	}
	return t.Rijen[rij][kolom]
}

// Limieten bound what a file may be. A field that is zero takes the one of Standaard.
type Limieten struct {
	Bytes          int64 // of the file
	Uitgepakt      int64 // bytes of all parts of an XLSX together
	Verhouding     int64 // unpacked against packed bytes of a part above 1 MiB
	Delen          int   // parts of an XLSX
	Rijen          int   // the number of the last row with text
	Kolommen       int   // the number of the last column with text
	Cellen         int   // places for text: of each row as many as its last column with text
	Cel            int   // characters in a cell
	Tekst          int64 // bytes of all cells together, a text that stands in several counted each time
	Samenvoegingen int   // merged ranges

	// Voortgang is told now and then how many rows were read and how much of the work is done; what it returns ends the reading. nil:
	// nobody asks.
	Voortgang func(rijen, procent int) error
}

// Standaard are the limits of an upload. See docs/besluiten/0023 for what they cost.
var Standaard = Limieten{
	Bytes: 5 << 20, Uitgepakt: 64 << 20, Verhouding: 100, Delen: 2000, Rijen: 20_000, Kolommen: 200, Cellen: 1_000_000, Cel: maxCel,
	Tekst: 32 << 20, Samenvoegingen: 20_000,
}

// maxCel is what a cell of a spreadsheet can hold, in UTF-16 units.
const maxCel = 32_767

func (l Limieten) vul() Limieten {
	s := Standaard
	vul(&l.Bytes, s.Bytes)
	vul(&l.Uitgepakt, s.Uitgepakt)
	vul(&l.Verhouding, s.Verhouding)
	vul(&l.Delen, s.Delen)
	vul(&l.Rijen, s.Rijen)
	vul(&l.Kolommen, s.Kolommen)
	vul(&l.Cellen, s.Cellen)
	vul(&l.Cel, s.Cel)
	vul(&l.Tekst, s.Tekst)
	vul(&l.Samenvoegingen, s.Samenvoegingen)
	return l
}

func vul[T int | int64](v *T, standaard T) {
	if *v <= 0 {
		*v = standaard
	}
}

// Lees reads a table of n bytes. naam is what the sender called the file: for people, and to tell what they meant to send. Of
// a workbook it reads the visible sheet that holds most. Errors: fout.CodeTeGroot, CodeMediatype (a kind of file that is not
// read), CodeOnleesbaar.
func Lees(r io.ReaderAt, n int64, naam string, l Limieten) (*Tabel, error) {
	return LeesBlad(r, n, naam, "", l)
}

// LeesBlad is Lees for the sheet with a name. It adds fout.CodeOngeldig when there is no such sheet.
func LeesBlad(r io.ReaderAt, n int64, naam, blad string, l Limieten) (*Tabel, error) {
	l = l.vul()
	naam = bestandsnaam(naam)
	if n > l.Bytes {
		return nil, teGroot("Dit bestand is groter dan " + mebibytes(l.Bytes) + "; splits het en voer de delen na elkaar in.")
	}
	if n <= 0 {
		return nil, onleesbaar("Dit bestand is leeg; kies het bestand waarin uw gegevens staan.", nil)
	}
	soort, err := herken(r, n, naam)
	if err != nil {
		return nil, err
	}
	t := &Tabel{Naam: naam, Soort: soort}
	if soort == XLSX {
		err = leesXLSX(r, n, blad, l, t)
	} else if blad != "" {
		err = geenBlad
	} else {
		err = leesCSV(r, n, l, t)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Rijen) == 0 {
		return nil, onleesbaar("In dit bestand staat geen tekst; kies het bestand waarin uw gegevens staan.", nil)
	}
	return t, nil
}

// bestandsnaam is the last part of a name in any way of writing paths, without what can't be shown.
func bestandsnaam(s string) string {
	s = path.Base("/" + strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r == '/' || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200])
	}
	return s
}

// CelNaam is how a spreadsheet names a cell, row and column from 0: "B12".
func CelNaam(rij, kolom int) string { return KolomNaam(kolom) + strconv.Itoa(rij+1) }

// KolomNaam is how a spreadsheet names a column, from 0: "A", "Z", "AA".
func KolomNaam(kolom int) string {
	s := ""
	for k := kolom + 1; k > 0; k = (k - 1) / 26 {
		s = string(rune('A'+(k-1)%26)) + s
	}
	return s
}

// bouw collects the cells of a table within the limits.
type bouw struct {
	l     Limieten
	t     *Tabel
	tekst int64
	breed int // places in all rows together
}

// zet puts text, not empty, into a cell that has none. Rows may come in any order.
func (b *bouw) zet(rij, kolom int, s string) error {
	switch {
	case rij >= b.l.Rijen:
		return teGroot("Er staat iets in cel " + CelNaam(rij, kolom) + ", en er worden niet meer dan " + getalNL(b.l.Rijen) +
			" rijen gelezen; verwijder wat daar staat of splits het bestand.")
	case kolom >= b.l.Kolommen:
		return teGroot("Er staat iets in cel " + CelNaam(rij, kolom) + ", en er worden niet meer dan " + getalNL(b.l.Kolommen) +
			" kolommen gelezen; verwijder de kolommen die niet nodig zijn.")
	case len(s) > b.l.Cel && utf8.RuneCountInString(s) > b.l.Cel:
		return teGroot("In cel " + CelNaam(rij, kolom) + " staan meer dan " + getalNL(b.l.Cel) + " tekens; maak de tekst korter.")
	}
	for len(b.t.Rijen) <= rij {
		b.t.Rijen = append(b.t.Rijen, nil)
	}
	r := b.t.Rijen[rij]
	b.breed += max(kolom+1-len(r), 0)
	b.tekst += int64(len(s))
	if b.breed > b.l.Cellen || b.tekst > b.l.Tekst {
		return teGroot("In dit bestand staat te veel om in één keer te lezen; splits het en voer de delen na elkaar in.")
	}
	for len(r) <= kolom {
		r = append(r, "")
	}
	r[kolom] = s
	b.t.Rijen[rij] = r
	return nil
}

func onleesbaar(detail string, oorzaak error) error {
	return fout.Wrap(fout.CodeOnleesbaar, detail, oorzaak)
}

func teGroot(detail string) error { return fout.New(fout.CodeTeGroot, detail) }

func mediatype(detail string) error { return fout.New(fout.CodeMediatype, detail) }

var geenBlad = fout.Ongeldig(fout.Param{Name: "blad", Code: "invalid_choice", Reason: "Dit bestand heeft geen blad met die naam; kies een ander blad."})

// mebibytes is for people: "5 MB".
func mebibytes(n int64) string { return strconv.FormatInt(n>>20, 10) + " MB" }

// getalNL writes thousands as in Dutch: 20.000.
func getalNL(n int) string {
	s := strconv.Itoa(n)
	for k := len(s) - 3; k > 0; k -= 3 {
		s = s[:k] + "." + s[k:]
	}
	return s
}
