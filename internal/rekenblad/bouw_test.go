package rekenblad

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// proefdeel is a part of a workbook made by hand, in the order in which it is written.
type proefdeel struct{ naam, inhoud string }

const (
	soortWerkmap = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	soortMacro   = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
)

func soorten(main string) proefdeel {
	return proefdeel{"[Content_Types].xml", xml.Header + `<Types><Override PartName="/xl/workbook.xml" ContentType="` + main + `"/></Types>`}
}

// werkmapDelen are a whole workbook with the sheet of these cells, and with the strings that cells share.
func werkmapDelen(blad, teksten string) []proefdeel {
	rel := "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return []proefdeel{
		soorten(soortWerkmap),
		{"_rels/.rels", `<Relationships><Relationship Id="rId1" Type="` + rel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="Register" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="` + rel + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + rel + `sharedStrings" Target="sharedStrings.xml"/>` +
			`<Relationship Id="rId3" Type="` + rel + `styles" Target="styles.xml"/></Relationships>`},
		{"xl/sharedStrings.xml", `<sst>` + teksten + `</sst>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d\ mmmm\ yyyy"/><numFmt numFmtId="165" formatCode="00000"/></numFmts>` +
			`<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", blad},
	}
}

func bladXML(cellen, na string) string {
	return xml.Header + `<worksheet><dimension ref="A1"/><sheetData>` + cellen + `</sheetData>` + na + `</worksheet>`
}

func ingepaktAls(t testing.TB, methode uint16, delen []proefdeel) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, d := range delen {
		w, err := z.CreateHeader(&zip.FileHeader{Name: d.naam, Method: methode})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, d.inhoud); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xlsxVan(t testing.TB, delen []proefdeel) []byte { return ingepaktAls(t, zip.Deflate, delen) }

// metBlad is a workbook whose sheet has these bytes, made by w.
func metBlad(t testing.TB, blad string) []byte { return xlsxVan(t, werkmapDelen(blad, "")) }

// stroom deflates what f writes without ever holding it.
func stroom(t testing.TB, f func(w io.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	f(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// metRuwBlad is a workbook whose sheet is a deflated stream, with the sizes that the directory claims.
func metRuwBlad(t testing.TB, stroom []byte, zegt uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, d := range werkmapDelen("", "") {
		if d.naam == "xl/worksheets/sheet1.xml" {
			w, err := z.CreateRaw(&zip.FileHeader{Name: d.naam, Method: zip.Deflate, CompressedSize64: uint64(len(stroom)), UncompressedSize64: zegt})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(stroom); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := z.Create(d.naam)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, d.inhoud); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func leesBytes(b []byte, naam string) (*Tabel, error) {
	return Lees(bytes.NewReader(b), int64(len(b)), naam, Limieten{})
}

func moetLezen(t testing.TB, b []byte, naam string) *Tabel {
	t.Helper()
	tabel, err := leesBytes(b, naam)
	if err != nil {
		t.Fatalf("%s: %v", naam, err)
	}
	return tabel
}

// moetWeigeren wants an error of a code with a sentence that holds woord, and no table.
func moetWeigeren(t testing.TB, b []byte, naam string, code fout.Code, woord string) {
	t.Helper()
	tabel, err := leesBytes(b, naam)
	if tabel != nil || fout.CodeOf(err) != code || !strings.Contains(err.Error(), woord) {
		t.Fatalf("got %v, %v, want %s with %q", tabel, err, code, woord)
	}
}

func rijenVan(t *Tabel) string {
	var b strings.Builder
	for _, r := range t.Rijen {
		b.WriteString(strings.Join(r, "|"))
		b.WriteString("\n")
	}
	return b.String()
}

func heeftOpmerking(t *Tabel, woord string) bool {
	for _, o := range t.Opmerkingen {
		if strings.Contains(o.Tekst, woord) {
			return true
		}
	}
	return false
}

// overlappend is a ZIP in whose directory n parts point at the same bytes, each small enough by itself.
func overlappend(t testing.TB, n int) []byte {
	inhoud := strings.Repeat("0123456789abcdef", 60_000) // just under what the ratio looks at
	b := xlsxVan(t, append(werkmapDelen(bladXML("", ""), ""), proefdeel{"groot", inhoud}))
	end := len(b) - 22
	dir := int(binary.LittleEndian.Uint32(b[end+16:]))
	laatste := bytes.LastIndex(b[:end], []byte("PK\x01\x02"))
	regel := b[laatste:end]
	uit := bytes.Clone(b[:end])
	for k := range n {
		kopie := bytes.Clone(regel)
		copy(kopie[46:], fmt.Sprintf("g%04d", k))
		uit = append(uit, kopie...)
	}
	slot := bytes.Clone(b[end:])
	binary.LittleEndian.PutUint16(slot[8:], binary.LittleEndian.Uint16(slot[8:])+uint16(n))
	binary.LittleEndian.PutUint16(slot[10:], binary.LittleEndian.Uint16(slot[10:])+uint16(n))
	binary.LittleEndian.PutUint32(slot[12:], uint32(len(uit)-dir))
	return append(uit, slot...)
}
