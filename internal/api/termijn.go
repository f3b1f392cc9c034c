package api

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// termijn lets a stream live as long as it moves: the deadlines of an ordinary request are replaced
// by one for each time something is waited for. It counts only while there is something to wait for:
// on HTTP/2 a deadline that passes ends the stream, also when nobody was reading.
type termijn struct {
	rc     *http.ResponseController
	stilte time.Duration

	mu      sync.Mutex
	gestopt bool
	gezet   time.Time // when the deadline for reading was set; zero: there is none
}

func newTermijn(w http.ResponseWriter, stilte time.Duration) *termijn {
	t := &termijn{rc: http.NewResponseController(w), stilte: stilte}
	t.rust(true)
	_ = t.rc.SetWriteDeadline(time.Time{})
	return t
}

// reader gives a body whose every read has its own deadline.
func (t *termijn) reader(r io.Reader) io.Reader { return termijnLezer{t, r} }

type termijnLezer struct {
	t *termijn
	r io.Reader
}

// Read reads what the client sends, and waits for it no longer than the deadline.
func (l termijnLezer) Read(p []byte) (int, error) {
	l.t.lees()
	return l.r.Read(p)
}

// lees sets the deadline, at most once a second: it costs a call.
func (t *termijn) lees() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := time.Now(); !t.gestopt && now.Sub(t.gezet) > time.Second/2 {
		t.gezet = now
		_ = t.rc.SetReadDeadline(now.Add(t.stilte)) // where it can't be set there was none to renew
	}
}

// rust lifts the deadline: the client is kept waiting.
func (t *termijn) rust(zeker bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.gestopt && (zeker || !t.gezet.IsZero()) {
		t.gezet = time.Time{}
		_ = t.rc.SetReadDeadline(time.Time{})
	}
}

// stop breaks off a read under way, and every later one.
func (t *termijn) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gestopt = true
	_ = t.rc.SetReadDeadline(time.Unix(1, 0))
}

// schrijf writes an answer through to the client.
func (t *termijn) schrijf(w io.Writer, b []byte) error {
	_ = t.rc.SetWriteDeadline(time.Now().Add(t.stilte))
	if _, err := w.Write(b); err != nil {
		return err
	}
	if err := t.rc.Flush(); err != nil {
		return err
	}
	_ = t.rc.SetWriteDeadline(time.Time{})
	return nil
}

// naleestijd is how long a client that goes on sending is still read from, after its last answer.
const naleestijd = 2 * time.Second

// uit throws away what the client still sends, for a moment: a connection that is closed on data
// that was not read takes the last answers with it.
func (t *termijn) uit(r io.Reader) {
	_ = t.rc.SetReadDeadline(time.Now().Add(naleestijd))
	_, _ = io.Copy(io.Discard, r)
}

// einde leaves a deadline for what the server itself still writes, and none where it renews none.
func (t *termijn) einde(r *http.Request) {
	if h, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && h.WriteTimeout > 0 {
		_ = t.rc.SetWriteDeadline(time.Now().Add(t.stilte))
	}
}
