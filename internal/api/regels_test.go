package api

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// lees gives all lines of a stream, "!" for one that is too long.
func lees(l *regels) (lines []string, err error) {
	for {
		b, teGroot, err := l.next([]byte("before"))
		if err != nil {
			return lines, err
		}
		b, ok := bytes.CutPrefix(b, []byte("before"))
		switch {
		case !ok:
			return lines, errors.New("it changed what was in the buffer")
		case teGroot && len(b) > 0:
			return lines, errors.New("a long line left something")
		case teGroot:
			b = []byte("!")
		}
		lines = append(lines, string(b))
	}
}

func TestAStreamIsSplitIntoBoundedLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*leesBuffer)
	for _, tt := range []struct {
		name, stream string
		want         []string
	}{
		{"an empty stream", "", nil},
		{"one line", "a\n", []string{"a"}},
		{"the last line without an end", "a\nb", []string{"a", "b"}},
		{"blank lines are lines", "\n\na\n\n", []string{"", "", "a", ""}},
		{"a carriage return belongs to the line", "a\r\nb\r\n", []string{"a\r", "b\r"}},
		{"a line as long as allowed", "123456789\n", []string{"123456789"}},
		{"one byte more", "1234567890\nb\n", []string{"!", "b"}},
		{"a line longer than the buffer", long + "\nb\n", []string{"!", "b"}},
		{"a long line at the end", "a\n" + long, []string{"a", "!"}},
		{"two long lines", long + "\n" + long + "\n", []string{"!", "!"}},
		{"a NUL is a byte like any other", "\x00\n", []string{"\x00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newRegels(iotest.HalfReader(strings.NewReader(tt.stream)), 9)
			got, err := lees(l)
			if err != io.EOF {
				t.Fatalf("ended with %v", err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if l.nr != len(tt.want) {
				t.Errorf("counted %d lines, want %d", l.nr, len(tt.want))
			}
		})
	}
}

func TestALineThatBrokeOffIsNoLine(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection lost")
	l := newRegels(io.MultiReader(strings.NewReader("a\n{\"b\":"), iotest.ErrReader(broken)), 9)
	got, err := lees(l)
	if !errors.Is(err, broken) || len(got) != 1 || l.nr != 1 {
		t.Errorf("%q, %v, %d lines", got, err, l.nr)
	}
}

func FuzzRegels(f *testing.F) {
	f.Add([]byte("a\n\nbb\r\nccccccccccccc\nd"))
	f.Add([]byte("\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, stream []byte) {
		const max = 5
		got, err := lees(&regels{r: newRegels(iotest.OneByteReader(bytes.NewReader(stream)), 0).r, max: max})
		if err != io.EOF {
			t.Fatal(err)
		}
		var want []string
		if len(stream) > 0 {
			for _, line := range bytes.Split(bytes.TrimSuffix(stream, []byte{'\n'}), []byte{'\n'}) {
				if len(line) > max {
					line = []byte("!")
				}
				want = append(want, string(line))
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}
