//go:build linux && !race

// What is measured here means nothing in a program that watches for races, which takes several times as much: `make test`
// runs it without.

package rekenblad

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// An attack is a file that is small and wants much. Each is read in a process of its own, which may not take more memory than
// the largest honest file, nor more time.
const (
	meesteKB = 256 << 10        // resident, of the whole test process
	langst   = 30 * time.Second // of CPU; a sixth of that on a quiet machine
)

type aanval struct {
	naam string
	b    func(t testing.TB) []byte
	code fout.Code // empty: it is read
	zegt string
}

func nullenVeel(w io.Writer) {
	block := make([]byte, 1<<20)
	for range 512 {
		w.Write(block) // into a deflate stream in memory
	}
}

var aanvallen = []aanval{
	{"a part that unpacks to half a gigabyte and says so", func(t testing.TB) []byte { return metRuwBlad(t, stroom(t, nullenVeel), 512<<20) }, fout.CodeTeGroot, "uitgepakt te veel"},
	{"a part that unpacks to half a gigabyte and says it is small", func(t testing.TB) []byte { return metRuwBlad(t, stroom(t, nullenVeel), 4000) }, fout.CodeOnleesbaar, "niet heel"},
	{"a part that unpacks to less than it says", func(t testing.TB) []byte {
		return metRuwBlad(t, stroom(t, func(w io.Writer) { io.WriteString(w, bladXML("", "")) }), 900_000)
	}, fout.CodeOnleesbaar, "niet heel"},
	{"a part that is far larger unpacked", func(t testing.TB) []byte {
		return metBlad(t, bladXML(strings.Repeat(" ", 20<<20), ""))
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"cells without text, that only cost time", func(t testing.TB) []byte {
		return metRuwBladVan(t, func(w io.Writer) {
			io.WriteString(w, `<worksheet><sheetData><row>`)
			for k := range 12 << 20 {
				if k%64 == 0 {
					io.WriteString(w, strconv.Itoa(k*7919))
				}
				io.WriteString(w, `<c/>`)
			}
			io.WriteString(w, `</row></sheetData></worksheet>`)
		})
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"forty thousand parts", func(t testing.TB) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for k := range 40_000 {
			if _, err := z.CreateHeader(&zip.FileHeader{Name: strconv.Itoa(k)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}, fout.CodeTeGroot, "2.000 delen"},
	{"parts that share the same bytes", func(t testing.TB) []byte { return overlappend(t, 300) }, fout.CodeTeGroot, "uitgepakt te veel"},
	{"two parts of one name", func(t testing.TB) []byte {
		return xlsxVan(t, append(werkmapDelen(bladXML("", ""), ""), proefdeel{"XL/Worksheets/Sheet1.xml", bladXML("", "")}))
	}, fout.CodeOnleesbaar, "niet heel"},
	{"entities that expand", func(t testing.TB) []byte {
		return metBlad(t, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`+bladXML(`<row><c t="inlineStr"><is><t>&b;</t></is></c></row>`, "")[len("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"):])
	}, fout.CodeOnleesbaar, "niet gebruikt"},
	{"an entity from a file", func(t testing.TB) []byte {
		delen := werkmapDelen(bladXML("", ""), "")
		delen[4].inhoud = `<!DOCTYPE sst SYSTEM "file:///etc/hostname"><sst/>`
		return xlsxVan(t, delen)
	}, fout.CodeOnleesbaar, "niet gebruikt"},
	{"a sheet that says it is as large as can be", func(t testing.TB) []byte {
		return metBlad(t, strings.Replace(bladXML(`<row r="1"><c r="A1"><v>1</v></c></row>`, ""), `ref="A1"`, `ref="A1:XFD1048576"`, 1))
	}, "", ""},
	{"a cell in the last corner", func(t testing.TB) []byte {
		return metBlad(t, bladXML(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, ""))
	}, fout.CodeTeGroot, "cel XFD1048576"},
	{"a cell in the last allowed corner of each row", func(t testing.TB) []byte {
		var s strings.Builder
		for k := 1; k <= 20_000; k++ {
			fmt.Fprintf(&s, `<row r="%d"><c r="GR%d"><v>1</v></c></row>`, k, k)
		}
		return metBlad(t, bladXML(s.String(), ""))
	}, fout.CodeTeGroot, "te veel om in één keer"},
	{"a million merged cells", func(t testing.TB) []byte {
		return metRuwBladVan(t, func(w io.Writer) {
			io.WriteString(w, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>`)
			for k := range 1_000_000 {
				fmt.Fprintf(w, `<mergeCell ref="A%d:C%d"/>`, k+1, k+1)
			}
			io.WriteString(w, `</mergeCells></worksheet>`)
		})
	}, fout.CodeTeGroot, "20.000 samengevoegde cellen"},
	{"merged ranges over one another", func(t testing.TB) []byte {
		var s, m strings.Builder
		for k := 1; k <= 5000; k++ {
			fmt.Fprintf(&s, `<row r="%d"><c r="A%d"><v>1</v></c><c r="T%d"><v>1</v></c></row>`, k, k, k)
		}
		for k := 1; k <= 5000; k++ {
			fmt.Fprintf(&m, `<mergeCell ref="A%d:XFD1048576"/>`, k)
		}
		return metBlad(t, bladXML(s.String(), `<mergeCells>`+m.String()+`</mergeCells>`))
	}, fout.CodeTeGroot, "te veel cellen samengevoegd"},
	{"elements as deep as they go", func(t testing.TB) []byte {
		return metRuwBladVan(t, func(w io.Writer) {
			io.WriteString(w, `<worksheet>`)
			for k := range 1_500_000 {
				fmt.Fprintf(w, `<a%d>`, k%9973)
			}
		})
	}, fout.CodeOnleesbaar, "niet gebruikt"},
	{"one attribute of fifty megabytes", func(t testing.TB) []byte { return metLangStuk(t, `<worksheet a="`, "zestien letters ", `"/>`) }, fout.CodeOnleesbaar, "niet gebruikt"},
	{"one text of fifty megabytes", func(t testing.TB) []byte {
		return metLangStuk(t, `<worksheet><sheetData><row><c t="inlineStr"><is><t>`, "zestien letters ", `</t></is></c></row></sheetData></worksheet>`)
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"one comment of fifty megabytes", func(t testing.TB) []byte {
		return metLangStuk(t, `<worksheet><!-- `, "<c></c> - > ]]> ", `--></worksheet>`)
	}, fout.CodeOnleesbaar, "niet gebruikt"},
	{"one CDATA of fifty megabytes", func(t testing.TB) []byte {
		return metLangStuk(t, `<worksheet><![CDATA[`, "<c></c> --> ]] >", `]]></worksheet>`)
	}, fout.CodeOnleesbaar, "niet gebruikt"},
	{"a cell of many pieces", func(t testing.TB) []byte {
		return metRuwBladVan(t, func(w io.Writer) {
			io.WriteString(w, `<worksheet><sheetData><row><c t="inlineStr"><is>`)
			for k := range 1_000_000 {
				fmt.Fprintf(w, `<r><t>%d</t></r>`, k*7919)
			}
			io.WriteString(w, `</is></c></row></sheetData></worksheet>`)
		})
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"a long text that a million cells share", func(t testing.TB) []byte {
		var s strings.Builder
		for k := 1; k <= 20_000; k++ {
			s.WriteString(`<row>` + strings.Repeat(`<c t="s"><v>0</v></c>`, 20) + `</row>`)
		}
		return xlsxVan(t, werkmapDelen(bladXML("<row>"+strconv.Itoa(1)+"</row>"+s.String(), ""), `<si><t>`+strings.Repeat("lang", 8000)+`</t></si>`))
	}, fout.CodeTeGroot, "te veel"},
	{"millions of shared texts without letters", func(t testing.TB) []byte {
		delen := werkmapDelen(bladXML(`<row/>`, ""), "")
		var s strings.Builder
		s.WriteString("<sst>")
		for k := range 2_000_000 {
			if k%50 == 0 {
				s.WriteString(strconv.Itoa(k * 7919))
			}
			s.WriteString("<si/>")
		}
		delen[4].inhoud = s.String() + "</sst>"
		return xlsxVan(t, delen)
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"styles without end", func(t testing.TB) []byte {
		delen := werkmapDelen(bladXML(`<row/>`, ""), "")
		var s strings.Builder
		s.WriteString("<styleSheet><cellXfs>")
		for k := range 300_000 {
			fmt.Fprintf(&s, `<xf numFmtId="%d"/>`, k*7919)
		}
		delen[5].inhoud = s.String() + "</cellXfs></styleSheet>"
		return xlsxVan(t, delen)
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"relations without end", func(t testing.TB) []byte {
		delen := werkmapDelen(bladXML(`<row/>`, ""), "")
		var s strings.Builder
		s.WriteString("<Relationships>")
		for k := range 100_000 {
			fmt.Fprintf(&s, `<Relationship Id="r%d" Type="a/%d" Target="b"/>`, k, k*7919)
		}
		delen[3].inhoud = s.String() + "</Relationships>"
		return xlsxVan(t, delen)
	}, fout.CodeTeGroot, "uitgepakt te veel"},
	{"a sheet elsewhere", func(t testing.TB) []byte {
		delen := werkmapDelen(bladXML(`<row/>`, ""), "")
		delen[3].inhoud = strings.Replace(delen[3].inhoud, `Target="worksheets/sheet1.xml"`, `TargetMode="External" Target="http://127.0.0.1:1/sheet1.xml"`, 1)
		return xlsxVan(t, delen)
	}, fout.CodeOnleesbaar, "geen blad met cellen zichtbaar"},
	{"a directory that claims more parts than there is room for", func(t testing.TB) []byte {
		b := metBlad(t, bladXML("", ""))
		end := b[len(b)-22:]
		binary.LittleEndian.PutUint16(end[8:], 0xFFFE)
		binary.LittleEndian.PutUint16(end[10:], 0xFFFE)
		return b
	}, fout.CodeOnleesbaar, "niet heel"},
	{"a CSV of nothing but separators", func(testing.TB) []byte { return bytes.Repeat([]byte(";"), 5<<20) }, fout.CodeOnleesbaar, "geen tekst"},
	{"a CSV of nothing but quotes", func(testing.TB) []byte { return bytes.Repeat([]byte(`"`), 5<<20-1) }, fout.CodeOnleesbaar, "aanhalingsteken"},
	{"a CSV of one cell", func(testing.TB) []byte { return bytes.Repeat([]byte(`x`), 5<<20) }, fout.CodeTeGroot, "cel A1"},
}

// metRuwBladVan says the true size of what f writes.
func metRuwBladVan(t testing.TB, f func(w io.Writer)) []byte {
	var n telt
	b := stroom(t, func(w io.Writer) { f(io.MultiWriter(w, &n)) })
	return metRuwBlad(t, b, uint64(n))
}

type telt uint64

func (n *telt) Write(p []byte) (int, error) {
	*n += telt(len(p))
	return len(p), nil
}

// metLangStuk has fifty megabytes of vulling, which do not deflate too well, between two ends.
func metLangStuk(t testing.TB, begin, vulling, eind string) []byte {
	return metRuwBladVan(t, func(w io.Writer) {
		io.WriteString(w, begin)
		for k := range 3 << 20 {
			if k%8 == 0 {
				fmt.Fprintf(w, "%016d", k*7919)
			} else {
				io.WriteString(w, vulling)
			}
		}
		io.WriteString(w, eind)
	})
}

func TestAnAttackTakesNoMoreThanAFile(t *testing.T) {
	t.Parallel()
	for _, a := range aanvallen {
		t.Run(a.naam, func(t *testing.T) {
			b := a.b(t)
			if len(b) > int(Standaard.Bytes) {
				t.Fatalf("%d bytes: would be refused for its size alone", len(b))
			}
			g := inEigenProces(t, b)
			if g.code != a.code || !strings.Contains(g.zegt, a.zegt) {
				t.Fatalf("got %q %q, want %q with %q", g.code, g.zegt, a.code, a.zegt)
			}
			t.Logf("%d bytes: %d MB resident, %s of CPU", len(b), g.kb>>10, g.cpu)
			if g.teVeel() {
				t.Errorf("took %d MB and %s", g.kb>>10, g.cpu)
			}
		})
	}
}

// gelezen is what reading a file in a process of its own gave and took.
type gelezen struct {
	code fout.Code // empty: it was read
	zegt string
	kb   int           // the largest resident size of the process
	cpu  time.Duration // of the process, on all cores
}

func (g gelezen) teVeel() bool { return g.kb > meesteKB || g.cpu > langst }

func inEigenProces(t testing.TB, b []byte) gelezen {
	t.Helper()
	naam := t.TempDir() + "/x"
	if err := os.WriteFile(naam, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), leesBestand+"="+naam)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		rest, ok := strings.CutPrefix(line, "gelezen\t")
		if delen := strings.Split(rest, "\t"); ok && len(delen) == 3 {
			kb, err := strconv.Atoi(delen[0])
			if err != nil {
				t.Fatal(err)
			}
			return gelezen{code: fout.Code(delen[1]), zegt: delen[2], kb: kb, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
		}
	}
	t.Fatalf("no answer: %s", out)
	return gelezen{}
}

// leesBestand names the file that a process of its own reads.
const leesBestand = "REKENBLAD_LEES"

func TestMain(m *testing.M) {
	if naam, is := os.LookupEnv(leesBestand); is {
		if err := leesEnMeet(naam); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// leesEnMeet is the other side of inEigenProces. The limit on the size of the file is off: that is not what must save us.
func leesEnMeet(naam string) error {
	f, err := os.Open(naam)
	if err != nil {
		return err
	}
	defer f.Close() // only reads
	info, err := f.Stat()
	if err != nil {
		return err
	}
	tabel, err := Lees(f, info.Size(), "x", Limieten{Bytes: 64 << 20})
	code, zegt := fout.Code(""), ""
	if err != nil {
		code, zegt = fout.CodeOf(err), err.Error()
	}
	runtime.KeepAlive(tabel)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		var kb int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			fmt.Printf("\ngelezen\t%d\t%s\t%s\n", kb, code, zegt)
		}
	}
	return nil
}
