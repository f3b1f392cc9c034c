package rekenblad

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// The parts of a workbook with one sheet. Styles: 0 plain, 1 bold, 2 text that would be a formula if somebody typed it again.
const (
	xlsxSoorten = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	xlsxRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxWerkmapRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	xlsxStijlen = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	xlsxBegin = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
)

// SchrijfXLSX writes t as a workbook with one sheet. Every cell is text and stays text, also after somebody edits it: nothing
// is a formula. It is written as it goes, without a temporary file. Error fout.CodeTeGroot when there is more in a cell
// (32,767 characters), or in the whole, than a spreadsheet can hold, found before anything is written.
func SchrijfXLSX(w io.Writer, t *Tabel) error {
	if len(t.Rijen) > maxRijXLSX || t.Kolommen() > maxKolomXLSX {
		return teGroot("Dit zijn meer rijen of kolommen dan een rekenblad aankan; kies een ander soort bestand.")
	}
	for rij, cellen := range t.Rijen {
		for kolom, s := range cellen {
			if len(s) > maxCel && Lengte(s) > maxCel {
				return teGroot("De tekst voor cel " + CelNaam(rij, kolom) + " is langer dan een rekenblad aankan; maak de tekst korter of kies een ander soort bestand.")
			}
		}
	}
	z := zip.NewWriter(w)
	for _, p := range []struct{ naam, inhoud string }{
		{"[Content_Types].xml", xlsxSoorten},
		{"_rels/.rels", xlsxRels},
		{"xl/workbook.xml", xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
			`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + schoon(bladnaam(t.Blad)) +
			`" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xlsxWerkmapRels},
		{"xl/styles.xml", xlsxStijlen},
	} {
		out, err := onderdeel(z, p.naam)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, p.inhoud); err != nil {
			return err
		}
	}
	out, err := onderdeel(z, "xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	b := bufio.NewWriter(out)
	schrijfBlad(b, t)
	if err := b.Flush(); err != nil { // the first error of any write
		return err
	}
	return z.Close()
}

// onderdeel begins a part. Its moment is fixed, so that the same table gives the same bytes.
func onderdeel(z *zip.Writer, naam string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: naam, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
}

func schrijfBlad(b *bufio.Writer, t *Tabel) {
	b.WriteString(xlsxBegin)
	if k := t.Koprijen; k > 0 {
		b.WriteString(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="` + strconv.Itoa(k) + `" topLeftCell="` + CelNaam(k, 0) +
			`" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	}
	if k := t.Kolommen(); k > 0 {
		b.WriteString(`<cols><col min="1" max="` + strconv.Itoa(k) + `" width="28" customWidth="1" style="0"/></cols>`)
	}
	b.WriteString(`<sheetData>`)
	for rij, cellen := range t.Rijen {
		if len(cellen) == 0 {
			continue
		}
		b.WriteString(`<row r="` + strconv.Itoa(rij+1) + `">`)
		for kolom, s := range cellen {
			if s == "" {
				continue
			}
			stijl := "0"
			switch {
			case rij < t.Koprijen:
				stijl = "1"
			case formule(strings.TrimLeft(s, "'")):
				stijl = "2"
			}
			b.WriteString(`<c r="` + CelNaam(rij, kolom) + `" s="` + stijl + `" t="inlineStr"><is><t xml:space="preserve">`)
			b.WriteString(schoon(s))
			b.WriteString(`</t></is></c>`)
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
}

var xmlTekens = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// schoon is s as it stands in XML.
func schoon(s string) string {
	return xmlTekens.Replace(teken(regels(strings.ToValidUTF8(s, "\uFFFD"))))
}

// bladnaam is s as a spreadsheet allows it for a sheet.
func bladnaam(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || buitenXML(r) || r == '\t' || r == '\n' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	s = strings.Trim(s, "' ")
	for Lengte(s) > 31 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = strings.TrimRight(s[:len(s)-n], "' ")
	}
	if s == "" || strings.EqualFold(s, "history") { // a name that Excel keeps for itself
		return "Blad1"
	}
	return s
}

// Lengte is how much of a cell s takes: a spreadsheet counts UTF-16 units, of which 32,767 go into one.
func Lengte(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
