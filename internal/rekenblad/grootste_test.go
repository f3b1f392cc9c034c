//go:build linux && !race

package rekenblad

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// What the limits cost: the largest files that are read, each in a process of its own (docs/metingen.md).
func TestTheLargestFilesStayWithinTheirMemory(t *testing.T) {
	t.Parallel()
	for naam, b := range map[string][]byte{
		"960,000 cells, each with a text of its own": veelCellen(t),
		"another library's, 600,000 cells":           grootste(t, 20_000, 30),
		"a CSV of 5 MiB in 20,000 rows":              grootsteCSV(),
	} {
		if len(b) > int(Standaard.Bytes) {
			t.Fatalf("%s: %d bytes", naam, len(b))
		}
		g := inEigenProces(t, b)
		t.Logf("%s: %.1f MB, %d MB resident, %s of CPU", naam, float64(len(b))/1e6, g.kb>>10, g.cpu)
		if g.code != "" || g.teVeel() {
			t.Errorf("%s: %s %s, %d MB, %s of CPU", naam, g.code, g.zegt, g.kb>>10, g.cpu)
		}
	}
}

// veelCellen has about as many cells as are allowed, and as many shared texts.
func veelCellen(t testing.TB) []byte {
	t.Helper()
	delen := werkmapDelen("", "")
	var blad, teksten strings.Builder
	blad.WriteString(`<worksheet><sheetData>`)
	teksten.WriteString(`<sst>`)
	for rij := range 20_000 {
		blad.WriteString(`<row>`)
		for kolom := range 48 {
			n := strconv.Itoa(rij*48 + kolom)
			blad.WriteString(`<c t="s"><v>` + n + `</v></c>`)
			teksten.WriteString(`<si><t>t` + n + `</t></si>`)
		}
		blad.WriteString(`</row>`)
	}
	delen[6].inhoud = blad.String() + `</sheetData></worksheet>`
	delen[4].inhoud = teksten.String() + `</sst>`
	return xlsxVan(t, delen)
}

func grootsteCSV() []byte {
	var b bytes.Buffer
	for rij := range 20_000 {
		for kolom := range 20 {
			fmt.Fprintf(&b, "\"%d\"\"%d\";", rij%10, kolom%10)
		}
		fmt.Fprintf(&b, "%s\n", strings.Repeat("x", 101))
	}
	return b.Bytes()
}
