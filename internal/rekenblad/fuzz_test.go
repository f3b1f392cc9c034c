package rekenblad

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// klein keeps the fuzzer quick; what is beyond a limit is refused in the same way as with the real ones.
var klein = Limieten{Rijen: 300, Kolommen: 50, Cellen: 5000, Uitgepakt: 4 << 20, Tekst: 1 << 20, Samenvoegingen: 100}

// waarTabel holds for each table that is read: it is within its limits, comes back from an export as it was, and from being kept.
func waarTabel(t *testing.T, tabel *Tabel, err error, l Limieten) {
	t.Helper()
	if err != nil {
		switch fout.CodeOf(err) {
		case fout.CodeOnleesbaar, fout.CodeTeGroot, fout.CodeMediatype:
		default:
			t.Fatalf("an error that is not meant for a person: %v", err)
		}
		return
	}
	if len(tabel.Rijen) == 0 || len(tabel.Rijen) > l.Rijen || tabel.Kolommen() > l.Kolommen || len(tabel.Opmerkingen) > maxOpmerkingen {
		t.Fatalf("%d rows, %d columns, %d remarks", len(tabel.Rijen), tabel.Kolommen(), len(tabel.Opmerkingen))
	}
	for _, r := range tabel.Rijen {
		if len(r) > 0 && r[len(r)-1] == "" {
			t.Fatal("a row ends with an empty cell")
		}
	}
	rond(t, tabel)
	b, err := tabel.Pak()
	if err != nil {
		t.Fatal(err)
	}
	terug, err := PakUit(b)
	if err != nil || rijenVan(terug) != rijenVan(tabel) {
		t.Fatalf("kept: %v", err)
	}
}

// rond writes a table in both ways and reads it.
func rond(t *testing.T, tabel *Tabel) {
	t.Helper()
	want := rijenVan(tabel)
	var b bytes.Buffer
	if err := SchrijfCSV(&b, tabel); err != nil {
		t.Fatal(err)
	}
	if got, err := leesBytes(b.Bytes(), "x.csv"); err != nil || rijenVan(got) != want {
		t.Fatalf("CSV: %v: %q became %q", err, want, b.String())
	}
	b.Reset()
	if err := SchrijfXLSX(&b, tabel); err != nil {
		if fout.CodeOf(err) == fout.CodeTeGroot {
			return // a CSV counts characters, a spreadsheet UTF-16 units
		}
		t.Fatal(err)
	}
	if got, err := leesBytes(b.Bytes(), "x.xlsx"); err != nil || rijenVan(got) != want {
		t.Fatalf("XLSX: %v: %q became %q", err, want, rijenVan(got))
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"Naam;Doel\na;b\n", "a,b\r\n\"c\nd\",e", "\xEF\xBB\xBF'=1;'s\n", "\xFF\xFEa\x00;\x00b\x00", "a\xEB;b", "sep=|\na|b", "a;\"b\"\"c\";d\n\n\n;x",
		"'\t=1;＝2\n\r\r\n", "a\x00b\x00", "\"", "\ufeff;\u2028"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tabel := &Tabel{Soort: CSV}
		if err := leesCSV(bytes.NewReader(b), int64(len(b)), klein.vul(), tabel); err != nil {
			waarTabel(t, nil, err, klein)
		} else if len(tabel.Rijen) > 0 {
			waarTabel(t, tabel, nil, klein)
		}
	})
}

// FuzzXLSX has the bytes of the ZIP itself change.
func FuzzXLSX(f *testing.F) {
	heel := werkmapDelen(bladXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>45292</v></c></row>`, `<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`), `<si><t>x</t></si>`)
	f.Add(ingepaktAls(f, zip.Store, heel))
	f.Add(ingepaktAls(f, zip.Deflate, heel))
	f.Add(overlappend(f, 3))
	f.Add([]byte("PK\x03\x04"))
	f.Add(append(bytes.Clone(beginOLE), ingepakt...))
	f.Fuzz(func(t *testing.T, b []byte) {
		tabel, err := Lees(bytes.NewReader(b), int64(len(b)), "x.xlsx", klein)
		waarTabel(t, tabel, err, klein)
	})
}

// FuzzDelen has the parts change, within a ZIP that is whole: so the fuzzer reaches what reads them.
func FuzzDelen(f *testing.F) {
	d := werkmapDelen(bladXML(`<row r="2"><c r="B2" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>=1</t></r></is></c><c s="1"><v>45292.5</v></c><c t="b"><v>1</v></c><c><f/><v>3</v></c></row>`,
		`<mergeCells><mergeCell ref="B2:XFD9"/></mergeCells>`), `<si><t>_x0041_ &amp; <![CDATA[<]]></t></si>`)
	f.Add(d[2].inhoud, d[3].inhoud, d[4].inhoud, d[5].inhoud, d[6].inhoud)
	f.Add(`<workbook><sheets><sheet name="a" state="hidden" r:id="rId1"/></sheets></workbook>`, d[3].inhoud, `<sst><si/></sst>`, `<styleSheet><cellXfs><xf numFmtId="45"/></cellXfs></styleSheet>`,
		`<worksheet><sheetData><row><c t="d"><v>2024-01-01</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>`)
	f.Fuzz(func(t *testing.T, werkmap, rels, teksten, stijlen, blad string) {
		d := werkmapDelen(blad, "")
		d[2].inhoud, d[3].inhoud, d[4].inhoud, d[5].inhoud = werkmap, rels, teksten, stijlen
		b := ingepaktAls(t, zip.Store, d)
		tabel, err := Lees(bytes.NewReader(b), int64(len(b)), "x.xlsx", klein)
		waarTabel(t, tabel, err, klein)
	})
}

// FuzzRond has the text of cells change.
func FuzzRond(f *testing.F) {
	for _, s := range []string{"=1+1", "'=1", "'s", "_x0041_", "_x005F_x0041_", "_x0041\x1a|", "_x0000\x1a", "a\r\nb", "\r", "\x00\x01\uFFFE", "\xff", "é😀", "<&>\"'", " ", "\ufeff", "sep=;", "ja\tnee;x,y|z"} {
		f.Add(s, "b", s+s)
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		cel := func(s string) string { return regels(strings.ToValidUTF8(s, "\uFFFD")) }
		a, b, c = cel(a), cel(b), cel(c)
		if a == "" || len(a)+len(b)+len(c) > 20_000 {
			return
		}
		if strings.ContainsRune(a+b+c, 0) { // a text file has none
			return
		}
		tabel := &Tabel{Rijen: [][]string{{a, b, c, "."}, {b, c, a}, nil, {a}}}
		rond(t, tabel)
		gepakt, err := tabel.Pak()
		if err != nil {
			t.Fatal(err)
		}
		if terug, err := PakUit(gepakt); err != nil || rijenVan(terug) != rijenVan(tabel) {
			t.Fatal(err)
		}
	})
}
