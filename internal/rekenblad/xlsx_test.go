package rekenblad

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestCellsOfEveryKindBecomeText(t *testing.T) {
	t.Parallel()
	cel := func(attrs, inhoud string) string { return `<row r="1"><c r="A1"` + attrs + `>` + inhoud + `</c></row>` }
	teksten := `<si><t>gedeeld</t></si><si><r><t>rijk</t></r><r><t xml:space="preserve"> en </t></r><r><t>vet</t></r><rPh><t>klank</t></rPh></si>` +
		`<si><t>regel_x000D_` + "\n" + `twee _x0041__x005F_x0041_</t></si><si><t>a&amp;b &#235; <![CDATA[<c>]]></t></si>`
	for _, c := range []struct{ naam, in, want string }{
		{"a shared text", cel(` t="s"`, `<v>0</v>`), "gedeeld"},
		{"a text in pieces, without how it is spoken", cel(` t="s"`, `<v>1</v>`), "rijk en vet"},
		{"characters that XML can't hold", cel(` t="s"`, `<v>2</v>`), "regel\ntwee A_x0041_"},
		{"entities that XML knows", cel(` t="s"`, `<v>3</v>`), "a&b ë <c>"},
		{"a text in the cell", cel(` t="inlineStr"`, `<is><t>hier</t></is>`), "hier"},
		{"a text in pieces in the cell", cel(` t="inlineStr"`, `<is><r><t>hi</t></r><r><t>er</t></r></is>`), "hier"},
		{"the outcome of a formula", cel(` t="str"`, `<f>A2&amp;"x"</f><v>uitkomst</v>`), "uitkomst"},
		{"a number", cel(``, `<v>12.5</v>`), "12.5"},
		{"a number as computers have it", cel(``, `<v>0.30000000000000004</v>`), "0.3"},
		{"a large whole number", cel(``, `<v>1.0012999920000001E12</v>`), "1001299992000"},
		{"a number too large to write out", cel(``, `<v>1E200</v>`), "1e+200"},
		{"no number", cel(``, `<v>x1</v>`), "x1"},
		{"true", cel(` t="b"`, `<v>1</v>`), "ja"},
		{"false", cel(` t="b"`, `<v>0</v>`), "nee"},
		{"a day", cel(` s="1"`, `<v>45292</v>`), "2024-01-01"},
		{"a day in a format of its own", cel(` s="2"`, `<v>45292</v>`), "2024-01-01"},
		{"a moment", cel(` s="3"`, `<v>45292.5</v>`), "2024-01-01T12:00:00"},
		{"a time of the day", cel(` s="5"`, `<v>0.75</v>`), "18:00:00"},
		{"a day of 1900 before the one that was not", cel(` s="1"`, `<v>59</v>`), "1900-02-28"},
		{"a day of 1900 after it", cel(` s="1"`, `<v>61</v>`), "1900-03-01"},
		{"a day that can't be", cel(` s="1"`, `<v>99999999</v>`), "99999999"},
		{"zeros in front", cel(` s="4"`, `<v>123</v>`), "00123"},
		{"a day as ISO", cel(` t="d"`, `<v>2024-01-02T00:00:00</v>`), "2024-01-02"},
		{"a style that is not there", cel(` s="99"`, `<v>5</v>`), "5"},
	} {
		if got := moetLezen(t, xlsxVan(t, werkmapDelen(bladXML(c.in, ""), teksten)), "x.xlsx").Cel(0, 0); got != c.want {
			t.Errorf("%s: got %q, want %q", c.naam, got, c.want)
		}
	}
}

func TestADayOfAWorkbookThatCountsFrom1904(t *testing.T) {
	t.Parallel()
	delen := werkmapDelen(bladXML(`<row><c s="1"><v>43830</v></c></row>`, ""), "")
	delen[2].inhoud = strings.Replace(delen[2].inhoud, "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
	if got := moetLezen(t, xlsxVan(t, delen), "x.xlsx").Cel(0, 0); got != "2024-01-01" {
		t.Error(got)
	}
}

func TestAMergedCellStandsInEachThatItCovers(t *testing.T) {
	t.Parallel()
	rij := func(n int, cellen string) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, cellen) }
	in := func(ref, s string) string { return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	blad := bladXML(rij(1, in("A1", "titel"))+rij(2, in("A2", "Hoofdproces")+in("B2", "Naam"))+rij(3, in("A3", "Burgerzaken")+in("B3", "een"))+
		rij(4, in("B4", "twee"))+rij(5, `<c r="A5"/>`+in("B5", "drie")),
		`<mergeCells count="9"><mergeCell ref="A1:XFD1"/><mergeCell ref="A3:A1048576"/></mergeCells>`)
	want := "titel|titel\nHoofdproces|Naam\nBurgerzaken|een\nBurgerzaken|twee\nBurgerzaken|drie\n"
	if got := rijenVan(moetLezen(t, metBlad(t, blad), "x.xlsx")); got != want {
		t.Errorf("got %q", got)
	}
}

func TestWhatAPersonMustKnowOfAWorkbookIsTold(t *testing.T) {
	t.Parallel()
	rel := "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
	delen := werkmapDelen(bladXML(`<row r="1" hidden="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>NOW()</f></c><c r="C1" t="e"><v>#REF!</v></c>`+
		`<c r="D1" t="inlineStr"><is><t>een lange rij met veel meer tekst dan de andere bladen hebben</t></is></c></row>`, ""), "")
	delen[2].inhoud = `<workbook xmlns:r="x"><sheets><sheet name="Uitleg" r:id="a"/><sheet name="Register" r:id="rId1"/>` +
		`<sheet name="Geheim" state="hidden" r:id="b"/><sheet name="Dieper" state="veryHidden" r:id="c"/></sheets></workbook>`
	klein := `<worksheet><sheetData><row><c t="inlineStr"><is><t>klein</t></is></c></row></sheetData></worksheet>`
	for _, id := range []string{"a", "b", "c"} {
		delen[3].inhoud = strings.Replace(delen[3].inhoud, "</Rel", `<Relationship Id="`+id+`" Type="`+rel+`" Target="/xl/worksheets/`+id+`.xml"/></Rel`, 1)
		delen = append(delen, proefdeel{"xl/worksheets/" + id + ".xml", klein})
	}
	b := xlsxVan(t, delen)
	tabel := moetLezen(t, b, `C:\map\Register 2026.xlsx`)
	if tabel.Naam != "Register 2026.xlsx" || tabel.Blad != "Register" || len(tabel.Bladen) != 4 || !tabel.Bladen[2].Verborgen || tabel.Bladen[0].Verborgen {
		t.Errorf("%+v", tabel)
	}
	for _, woord := range []string{"verborgen bladen, die niet zijn gelezen: Geheim, Dieper", "niet gelezen: Uitleg", "1 formule;", "uitkomst van deze formule is niet bekend",
		"fout van een formule", "1 verborgen rij"} {
		if !heeftOpmerking(tabel, woord) {
			t.Errorf("%q is not told: %v", woord, tabel.Opmerkingen)
		}
	}
	if tabel.Cel(0, 0) != "2" || tabel.Cel(0, 1) != "" || tabel.Cel(0, 2) != "" {
		t.Error(rijenVan(tabel))
	}
	ander, err := LeesBlad(bytes.NewReader(b), int64(len(b)), "x.xlsx", "geheim", Limieten{})
	if err != nil || ander.Cel(0, 0) != "klein" {
		t.Errorf("%v, %v", ander, err)
	}
	if _, err := LeesBlad(bytes.NewReader(b), int64(len(b)), "x.xlsx", "Ander", Limieten{}); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Error(err)
	}
}

func TestOtherWaysOfWritingAWorkbookAreRead(t *testing.T) {
	t.Parallel()
	delen := werkmapDelen(`<x:worksheet xmlns:x="y"><!-- <c> --><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>ja</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`, "")
	for k := range delen { // as some programs name the parts
		delen[k].naam = strings.ToUpper(strings.ReplaceAll(delen[k].naam, "/", `\`))
	}
	delen[1].inhoud = strings.ReplaceAll(delen[1].inhoud, `"xl/workbook.xml"`, `"/xl/workbook.xml"`)
	if got := moetLezen(t, ingepaktAls(t, zip.Store, delen), "x.xlsx").Cel(0, 0); got != "ja" {
		t.Error(got)
	}
}

func TestAFileThatIsNoXLSXIsRefusedWithTheWayOut(t *testing.T) {
	t.Parallel()
	ole := append(bytes.Clone(beginOLE), make([]byte, 4096)...)
	slot := append(bytes.Clone(ole), ingepakt...)
	macro := werkmapDelen(bladXML("", ""), "")
	macro[0] = soorten(soortMacro)
	vermomd := append(werkmapDelen(bladXML("", ""), ""), proefdeel{"xl/vbaProject.bin", "x"})
	binair := werkmapDelen("", "")
	binair[0] = soorten("application/vnd.ms-excel.sheet.binary.macroEnabled.main")
	word := werkmapDelen("", "")
	word[0] = soorten("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")
	ods := []proefdeel{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}}
	genest := []proefdeel{{"Register.xlsx", string(metBlad(t, bladXML("", "")))}}
	versleuteld := metBlad(t, bladXML("", ""))
	for k := 0; k+46 < len(versleuteld); k++ { // the flag in each line of the directory
		if bytes.HasPrefix(versleuteld[k:], []byte("PK\x01\x02")) {
			versleuteld[k+8] |= 1
		}
	}
	for _, c := range []struct {
		naam string
		b    []byte
		code fout.Code
		zegt string
	}{
		{"register.xls", ole, fout.CodeMediatype, "voor 2007"},
		{"register.xlsx", slot, fout.CodeMediatype, "wachtwoord"},
		{"register.xlsx", versleuteld, fout.CodeMediatype, "wachtwoord"},
		{"register.xlsm", xlsxVan(t, macro), fout.CodeMediatype, "macro's"},
		{"register.xlsx", xlsxVan(t, vermomd), fout.CodeMediatype, "macro's"},
		{"register.xlsb", xlsxVan(t, binair), fout.CodeMediatype, ".xlsb"},
		{"register.xlsx", xlsxVan(t, word), fout.CodeMediatype, "document"},
		{"register.ods", xlsxVan(t, ods), fout.CodeMediatype, "OpenDocument"},
		{"register.zip", xlsxVan(t, genest), fout.CodeMediatype, "ZIP-bestand"},
		{"leeg.zip", []byte("PK\x05\x06" + strings.Repeat("\x00", 18)), fout.CodeMediatype, "ZIP-bestand"},
		{"register.pdf", []byte("%PDF-1.7\n"), fout.CodeMediatype, "document"},
		{"register.rtf", []byte(`{\rtf1`), fout.CodeMediatype, "document"},
		{"register.xls", []byte("\xEF\xBB\xBF\r\n<HTML><table>"), fout.CodeMediatype, "webpagina"},
		{"register.csv", []byte("<?xml version=\"1.0\"?><Workbook/>"), fout.CodeMediatype, "webpagina"},
		{"register.xlsx", []byte("Naam;Doel\na;b\n"), fout.CodeOnleesbaar, "beschadigd"},
		{"register.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), fout.CodeOnleesbaar, "geen tekstbestand"},
	} {
		moetWeigeren(t, c.b, c.naam, c.code, c.zegt)
	}
}

func TestATruncatedXLSXIsNeverHalfRead(t *testing.T) {
	t.Parallel()
	heel := metBlad(t, bladXML(strings.Repeat(`<row><c t="inlineStr"><is><t>tekst</t></is></c></row>`, 500), ""))
	moetLezen(t, heel, "x.xlsx")
	for n := 5; n < len(heel); n += 7 {
		if tabel, err := leesBytes(heel[:n], "x.xlsx"); tabel != nil || err == nil {
			t.Fatalf("%d of %d bytes are read", n, len(heel))
		}
	}
	for n := range heel { // and a byte that fell over: never something else without a word
		stuk := bytes.Clone(heel)
		stuk[n] ^= 0x55
		if tabel, err := leesBytes(stuk, "x.xlsx"); err == nil && len(tabel.Rijen) != 500 {
			t.Fatalf("byte %d: %d rows", n, len(tabel.Rijen))
		}
	}
}

func TestAWorkbookThatNamesItsPartsTwiceIsRefused(t *testing.T) {
	t.Parallel()
	for _, soort := range []string{"officeDocument", "sharedStrings", "styles"} {
		delen := werkmapDelen(bladXML(`<row><c><v>1</v></c></row>`, ""), "")
		n := 3
		if soort == "officeDocument" {
			n = 1
		}
		delen[n].inhoud = strings.Replace(delen[n].inhoud, "</Rel", `<Relationship Id="nog" Type="x/`+soort+`" Target="/nog.xml"/></Rel`, 1)
		moetWeigeren(t, xlsxVan(t, append(delen, proefdeel{"nog.xml", "<x/>"})), "x.xlsx", fout.CodeOnleesbaar, "niet heel")
	}
}

func TestABrokenSheetIsRefused(t *testing.T) {
	t.Parallel()
	for naam, blad := range map[string]string{
		"an element that is not closed":        `<worksheet><sheetData><row>`,
		"elements that cross":                  `<worksheet><sheetData><row></sheetData></row></worksheet>`,
		"no cells at all":                      `<worksheet></worksheet>`,
		"something else":                       `<chartsheet/>`,
		"a cell in another row":                bladXML(`<row r="1"><c r="A2"><v>1</v></c></row>`, ""),
		"a row below the last":                 bladXML(`<row r="1048577"/>`, ""),
		"row zero":                             bladXML(`<row r="0"/>`, ""),
		"a cell that has no place":             bladXML(`<row r="1"><c r="1A"><v>1</v></c></row>`, ""),
		"the same cell twice":                  bladXML(`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`, ""),
		"a shared text that is not there":      bladXML(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`, ""),
		"a shared text before the first":       bladXML(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`, ""),
		"a merged range that runs backwards":   bladXML(``, `<mergeCells><mergeCell ref="B2:A1"/></mergeCells>`),
		"a merged range of nothing":            bladXML(``, `<mergeCells><mergeCell/></mergeCells>`),
		"an entity that nobody defined":        bladXML(`<row><c t="inlineStr"><is><t>&x;</t></is></c></row>`, ""),
		"another encoding":                     `<?xml version="1.0" encoding="UTF-7"?><worksheet><sheetData/></worksheet>`,
		"letters that are none":                bladXML("<row><c t=\"inlineStr\"><is><t>\xff</t></is></c></row>", ""),
		"a sheet that is a ZIP":                string(metBlad(t, bladXML("", ""))),
		"more than one root":                   `<worksheet><sheetData/></worksheet></worksheet>`,
		"a column beyond the last of a sheet":  bladXML(`<row r="1"><c r="XFE1"><v>1</v></c></row>`, ""),
		"an element that ends without a start": `</worksheet>`,
	} {
		tabel, err := leesBytes(metBlad(t, blad), "x.xlsx")
		if tabel != nil || fout.CodeOf(err) != fout.CodeOnleesbaar {
			t.Errorf("%s: got %v, %v", naam, tabel, err)
		}
	}
}

func TestAnExportIsAWorkbookOfText(t *testing.T) {
	t.Parallel()
	tabel := &Tabel{Blad: "Register: 2026/[1]", Koprijen: 1, Rijen: [][]string{
		{"Naam", "=1+1"}, {"", "-5", "00123"}, nil, {"a\nb", "<&>\"'", "_x0041_", "_x", "\x01\x0b", "'s-Gravenhage", "'=1", "  spaties  ", "é😀"},
	}}
	var b, nog bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &nog} {
		if err := SchrijfXLSX(w, tabel); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), nog.Bytes()) {
		t.Error("the same table gives other bytes")
	}
	terug := moetLezen(t, b.Bytes(), "x.xlsx")
	if got := rijenVan(terug); got != rijenVan(tabel) || terug.Blad != "Register  2026  1" || len(terug.Opmerkingen) != 0 {
		t.Errorf("got %q on %q, %v", got, terug.Blad, terug.Opmerkingen)
	}
	lang := &Tabel{Rijen: [][]string{{strings.Repeat("x", maxCel)}}}
	if err := SchrijfXLSX(&b, lang); err != nil {
		t.Fatal(err)
	}
	lang.Rijen[0][0] += "x"
	for _, t2 := range []*Tabel{lang, {Rijen: make([][]string, 1<<20+1)}, {Rijen: [][]string{make([]string, 1<<14+1)}}} {
		nog.Reset()
		if err := SchrijfXLSX(&nog, t2); fout.CodeOf(err) != fout.CodeTeGroot || nog.Len() > 0 {
			t.Errorf("%v after %d bytes", err, nog.Len())
		}
	}
}

func TestATableIsKeptAndComesBackAsItWas(t *testing.T) {
	t.Parallel()
	tabel := &Tabel{Naam: "x.xlsx", Soort: XLSX, Blad: "B", Bladen: []Blad{{Naam: "B"}, {Naam: "C", Verborgen: true}},
		Rijen: [][]string{{"a", "", "b"}, nil, {"b"}}, Opmerkingen: []Opmerking{{Cel: "A1", Tekst: "let op"}}}
	b, err := tabel.Pak()
	if err != nil {
		t.Fatal(err)
	}
	terug, err := PakUit(b)
	if err != nil || fmt.Sprint(terug) != fmt.Sprint(tabel) {
		t.Errorf("%v, %v", terug, err)
	}
	for n := range b {
		if _, err := PakUit(b[:n]); err == nil {
			t.Fatalf("%d of %d bytes come back", n, len(b))
		}
	}
}

func TestATableThatIsTooMuchToKeepIsRefused(t *testing.T) {
	t.Parallel()
	vol := make([]byte, 9<<20)
	rand.NewChaCha8([32]byte{1}).Read(vol) // never fails
	for naam, tekst := range map[string]string{"packed": base64.StdEncoding.EncodeToString(vol), "unpacked": strings.Repeat("\x01", 17<<20)} {
		if _, err := (&Tabel{Rijen: [][]string{{tekst}}}).Pak(); fout.CodeOf(err) != fout.CodeTeGroot {
			t.Errorf("%s: %v", naam, err)
		}
	}
	lang := strings.Repeat("lang", 8000)
	tabel := &Tabel{Rijen: make([][]string, 1000)}
	for k := range tabel.Rijen {
		tabel.Rijen[k] = []string{lang}
	}
	if b, err := tabel.Pak(); err != nil || len(b) > 100_000 {
		t.Errorf("%d bytes, %v: a text that is repeated stands there once", len(b), err)
	}
}
