package rekenblad

import (
	"bufio"
	"io"
	"strings"
)

// SchrijfCSV writes t as UTF-8 with a mark at the start, ";" between the cells and each cell in quotes: so a Dutch Excel
// opens it as a table. All rows get the same number of cells. A cell that could be taken for a formula gets an apostrophe in
// front, which Lees takes away. Line ends in a cell are "\n".
func SchrijfCSV(w io.Writer, t *Tabel) error {
	out := bufio.NewWriter(w)
	out.Write(bomUTF8)
	breed := t.Kolommen()
	for _, rij := range t.Rijen {
		for k := range breed {
			if k > 0 {
				out.WriteByte(';')
			}
			out.WriteByte('"') // also when empty: so no other character can be taken for the separator
			if k < len(rij) {
				out.WriteString(csvTekens.Replace(ongevaarlijk(regels(strings.ToValidUTF8(rij[k], "\uFFFD")))))
			}
			out.WriteByte('"')
		}
		out.WriteString("\r\n")
	}
	return out.Flush() // the first error of any write
}

// A NUL would make it no text file.
var csvTekens = strings.NewReplacer(`"`, `""`, "\x00", "\uFFFD")
