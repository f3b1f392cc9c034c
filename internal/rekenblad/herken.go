package rekenblad

import (
	"bytes"
	"io"
	"path"
	"strings"
)

// The first bytes of what people send.
var (
	beginZIP = []byte("PK\x03\x04")
	beginOLE = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1} // a container of Microsoft's: xls, or an XLSX with a password
	// ingepakt is the name of the part of such a container that holds an XLSX with a password, as it stands in the bytes.
	ingepakt = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
)

const opslaanAlsXLSX = "open het in uw rekenprogramma, kies Opslaan als en dan Excel-werkmap (.xlsx)."

// herken tells from the bytes what a file is; its name only tells what was meant.
func herken(r io.ReaderAt, n int64, naam string) (Soort, error) {
	begin := make([]byte, min(n, 1024))
	if _, err := r.ReadAt(begin, 0); err != nil && err != io.EOF {
		return "", onleesbaar("Dit bestand kan niet worden gelezen; bied het opnieuw aan.", err)
	}
	switch {
	case bytes.HasPrefix(begin, beginZIP):
		return XLSX, nil
	case bytes.HasPrefix(begin, []byte("PK")):
		return "", mediatype("Dit is een leeg of opgedeeld ZIP-bestand; bied een Excel-werkmap (.xlsx) of een CSV aan.")
	case bytes.HasPrefix(begin, beginOLE):
		all := make([]byte, n) // within the limit on bytes
		if _, err := r.ReadAt(all, 0); err != nil && err != io.EOF {
			return "", onleesbaar("Dit bestand kan niet worden gelezen; bied het opnieuw aan.", err)
		}
		if bytes.Contains(all, ingepakt) {
			return "", mediatype("Dit bestand is met een wachtwoord beveiligd; haal het wachtwoord eraf (Bestand, Info, Werkmap beveiligen) en sla het opnieuw op.")
		}
		return "", mediatype("Dit is een Excel-bestand van voor 2007 (.xls); " + opslaanAlsXLSX)
	case bytes.HasPrefix(begin, []byte("%PDF")), bytes.HasPrefix(begin, []byte(`{\rtf`)):
		return "", mediatype("Dit is een document en geen tabel; bied een Excel-werkmap (.xlsx) of een CSV aan.")
	}
	eerste := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(begin, bomUTF8), " \t\r\n"))
	for _, p := range []string{"<html", "<!doctype", "<?xml", "<table", "<meta", "<head"} {
		if bytes.HasPrefix(eerste, []byte(p)) {
			return "", mediatype("Dit is een webpagina of XML en geen tabel, ook al heet het misschien anders; " + opslaanAlsXLSX)
		}
	}
	switch strings.ToLower(path.Ext(naam)) {
	case ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods":
		return "", onleesbaar("Dit bestand heet een rekenblad, maar is het niet of is beschadigd; "+opslaanAlsXLSX, nil)
	}
	return CSV, nil
}
