package postgres

import (
	"net"
	"testing"
)

// lezer tells when somebody begins to read, and lets every write succeed.
type lezer struct {
	net.Conn
	begint chan struct{}
	komt   chan []byte
}

func (l *lezer) Read(p []byte) (int, error) {
	l.begint <- struct{}{}
	return copy(p, <-l.komt), nil
}

func (l *lezer) Write(p []byte) (int, error) { return len(p), nil }

// Who was reading already when something went ahead does not get its answers either.
func TestAReaderOfBeforeDoesNotGetWhatIsAnsweredToACopy(t *testing.T) {
	t.Parallel()
	c := &lezer{begint: make(chan struct{}), komt: make(chan []byte)}
	l := &lijn{Conn: c}
	gelezen := make(chan string)
	go func() {
		b := make([]byte, 64)
		n, err := l.Read(b)
		if err != nil {
			t.Error(err)
		}
		gelezen <- string(b[:n])
	}()
	<-c.begint
	l.vooruit = []byte("copy")
	if _, err := l.Write([]byte("query")); err != nil {
		t.Fatal(err)
	}
	c.komt <- []byte("C\x00\x00\x00\x0aBEGIN\x00")
	select {
	case <-c.begint:
	case got := <-gelezen:
		t.Fatalf("it gets %q", got)
	}
	c.komt <- []byte("Z\x00\x00\x00\x05T1\x00\x00\x00\x04")
	if got := <-gelezen; got != "1\x00\x00\x00\x04" {
		t.Errorf("it gets %q", got)
	}
}
