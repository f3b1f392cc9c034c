package api

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// regels splits a stream into lines and never holds more than max bytes of one: what is longer is
// skipped up to its end.
type regels struct {
	r   *bufio.Reader
	max int
	nr  int // number of the last line read, the first being 1
}

// leesBuffer is what is read at once; lines that are in it together are handled together.
const leesBuffer = 256 << 10

func newRegels(r io.Reader, max int) *regels {
	return &regels{r: bufio.NewReaderSize(r, leesBuffer), max: max}
}

// next appends the next line to buf, without its end. A line that is too long appends nothing. The
// error is io.EOF after the last line; after any other one the line that was under way is unknown.
func (l *regels) next(buf []byte) (_ []byte, teGroot bool, err error) {
	van, size := len(buf), 0
	for {
		stuk, err := l.r.ReadSlice('\n')
		size += len(stuk)
		if einde := err == nil; einde {
			stuk, size = stuk[:len(stuk)-1], size-1
		}
		if teGroot = teGroot || size > l.max; teGroot {
			buf = buf[:van]
		} else {
			buf = append(buf, stuk...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil, err == io.EOF && size > 0:
			l.nr++
			return buf, teGroot, nil
		}
		return buf[:van], false, err
	}
}

// ready tells whether next has a whole line without waiting.
func (l *regels) ready() bool {
	b, _ := l.r.Peek(l.r.Buffered()) // what is buffered can be peeked
	return bytes.IndexByte(b, '\n') >= 0
}
