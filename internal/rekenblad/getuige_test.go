package rekenblad

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The witness: another library opens what is written here, and what it writes is read here.

func TestAnotherLibraryOpensAnExport(t *testing.T) {
	t.Parallel()
	tabel := &Tabel{Blad: "Verwerkingsactiviteiten", Koprijen: 1, Rijen: [][]string{
		{"Naam", "Doel"}, {"=HYPERLINK(\"http://example.org\")", "-5", "00123"}, nil, {"a\nb", "<&>\"'", "_x0041_", "'s-Gravenhage", "'=1", "  spaties  ", "é😀", "\x01"},
	}}
	var b bytes.Buffer
	if err := SchrijfXLSX(&b, tabel); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // only in memory
	if got := f.GetSheetList(); len(got) != 1 || got[0] != "Verwerkingsactiviteiten" {
		t.Error(got)
	}
	for rij, cellen := range tabel.Rijen {
		for kolom, want := range cellen {
			naam := CelNaam(rij, kolom)
			got, err := f.GetCellValue(tabel.Blad, naam)
			if err != nil || got != want {
				t.Errorf("%s is %q, %v, want %q", naam, got, err, want)
			}
			if formule, err := f.GetCellFormula(tabel.Blad, naam); err != nil || formule != "" {
				t.Errorf("%s has formula %q, %v", naam, formule, err)
			}
			if soort, err := f.GetCellType(tabel.Blad, naam); want != "" && (err != nil || soort != excelize.CellTypeInlineString) {
				t.Errorf("%s is of kind %v, %v", naam, soort, err)
			}
		}
	}
	panes, err := f.GetPanes(tabel.Blad)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v, %v", panes, err)
	}
}

func TestWhatAnotherLibraryWritesIsRead(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close() // only in memory
	doe := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const blad = "Sheet1"
	dag, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	doe(err)
	eigen := "dd-mm-yyyy"
	dag2, err := f.NewStyle(&excelize.Style{CustomNumFmt: &eigen})
	doe(err)
	doe(f.SetCellStr(blad, "A1", "Titel"))
	doe(f.MergeCell(blad, "A1", "D1"))
	doe(f.SetCellStr(blad, "A2", "a_b <&> \u00e9"))
	doe(f.SetCellInt(blad, "B2", 45292))
	doe(f.SetCellStyle(blad, "B2", "B2", dag))
	doe(f.SetCellInt(blad, "C2", 45293))
	doe(f.SetCellStyle(blad, "C2", "C2", dag2))
	doe(f.SetCellBool(blad, "D2", true))
	doe(f.SetCellFormula(blad, "D3", "1+1"))
	doe(f.SetCellRichText(blad, "A3", []excelize.RichTextRun{{Text: "vet ", Font: &excelize.Font{Bold: true}}, {Text: "en niet"}}))
	doe(f.SetCellFloat(blad, "B3", 12.5, -1, 64))
	doe(f.SetCellStr(blad, "A10", "ver"))
	doe(f.SetColVisible(blad, "C", false))
	var b bytes.Buffer
	doe(f.Write(&b))
	want := "Titel|Titel|Titel|Titel\na_b <&> é|2024-01-01|2024-01-02|ja\nvet en niet|12.5\n" + strings.Repeat("\n", 6) + "ver\n"
	tabel := moetLezen(t, b.Bytes(), "x.xlsx")
	if got := rijenVan(tabel); got != want {
		t.Errorf("got %q", got)
	}
	if !heeftOpmerking(tabel, "uitkomst van deze formule is niet bekend") {
		t.Error(tabel.Opmerkingen)
	}
}

// With a password a workbook is no ZIP any more.
func TestAWorkbookThatAnotherLibraryLocksIsRefused(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close() // only in memory
	if err := f.SetCellStr("Sheet1", "A1", "geheim"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "wachtwoord"}); err != nil {
		t.Fatal(err)
	}
	moetWeigeren(t, b.Bytes(), "register.xlsx", "unsupported_media_type", "wachtwoord")
}

func TestALargeSheetOfAnotherLibraryIsReadWhole(t *testing.T) {
	t.Parallel()
	tabel := moetLezen(t, grootste(t, 20_000, 10), "x.xlsx")
	if len(tabel.Rijen) != 20_000 || tabel.Kolommen() != 10 {
		t.Fatalf("%d rows, %d columns", len(tabel.Rijen), tabel.Kolommen())
	}
	for rij := range tabel.Rijen {
		for kolom, s := range tabel.Rijen[rij] {
			if !strings.HasPrefix(s, fmt.Sprintf("%d/%d ", rij, kolom)) {
				t.Fatalf("%s is %q", CelNaam(rij, kolom), s)
			}
		}
	}
}

// grootste is a sheet of rows by columns, all cells different, as another library streams it.
func grootste(t testing.TB, rijen, kolommen int) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() // its temporary files
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	rij := make([]any, kolommen)
	for r := range rijen {
		for k := range rij {
			rij[k] = fmt.Sprintf("%d/%d tekst van een cel", r, k)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", r+1), rij); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// BenchmarkGrootste reads the largest file that is allowed: 20,000 rows of 30 cells that all differ.
func BenchmarkGrootste(b *testing.B) {
	data := grootste(b, 20_000, 30)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Lees(bytes.NewReader(data), int64(len(data)), "x.xlsx", Limieten{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrootsteGetuige is the same with the other library, told everything that is asked here: values, merged ranges, formats.
func BenchmarkGrootsteGetuige(b *testing.B) {
	data := grootste(b, 20_000, 30)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.GetMergeCells("Sheet1"); err != nil {
			b.Fatal(err)
		}
		if _, err := f.GetRows("Sheet1"); err != nil {
			b.Fatal(err)
		}
		if _, err := f.GetCellStyle("Sheet1", "A1"); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}
