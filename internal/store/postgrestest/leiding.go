package postgrestest

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Leiding is the line between a node and its database: a relay on loopback that a test can cut, block
// and delay. Its methods may be called from any goroutine.
type Leiding struct {
	upstream string
	listener net.Listener
	work     sync.WaitGroup

	mu     sync.Mutex // guards what follows
	pairs  map[*pair]struct{}
	delay  time.Duration
	there  chan struct{} // what goes to the database waits until it is closed; nil: passes
	back   chan struct{} // the same for what comes from it
	refuse bool          // new connections
	watch  func(sent []byte)
	closed bool
}

// pair is one connection: from the client to us, and from us to the upstream.
type pair struct {
	client, upstream net.Conn
	cut              chan struct{}
	once             sync.Once
	los              atomic.Bool // the client is gone, and the database does not know it
}

func (p *pair) close() {
	p.once.Do(func() {
		close(p.cut)
		p.client.Close()
		p.upstream.Close()
	})
}

// Proxy lays a Leiding to addr: host:port, or the path of a unix socket. It is taken away when the
// test ends.
func Proxy(t testing.TB, addr string) *Leiding {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Leiding{upstream: addr, listener: listener, pairs: map[*pair]struct{}{}}
	l.work.Go(l.accept)
	t.Cleanup(func() {
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		listener.Close()
		l.Cut()
		l.work.Wait()
	})
	return l
}

// Addr is where it listens: host:port.
func (l *Leiding) Addr() string { return l.listener.Addr().String() }

// URL leads through it to a database of a Cluster.
func (l *Leiding) URL(database string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", superuser, l.Addr(), database)
}

// Cut closes all connections. New ones are welcome.
func (l *Leiding) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		p.close()
	}
	clear(l.pairs)
}

// Strand takes all clients away while the database keeps its side: it goes on with what it was sent, and its answers are lost.
func (l *Leiding) Strand() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		p.los.Store(true)
		p.client.Close()
	}
}

// Block lets nothing pass, either way, and resets new connections: the network is gone.
func (l *Leiding) Block() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuse = true
	l.there, l.back = shut(l.there), shut(l.back)
}

// Mute keeps what the database answers; what it is sent still arrives.
func (l *Leiding) Mute() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.back = shut(l.back)
}

// Unblock ends Block and Mute: what waited arrives.
func (l *Leiding) Unblock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuse = false
	l.there, l.back = open(l.there), open(l.back)
}

// Delay lets each piece wait, either way, before it goes on.
func (l *Leiding) Delay(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = d
}

// Watch has f see each piece that a client sends, before it goes on. f may call the other methods:
// after Cut the piece never arrives, after Block it waits, and after Mute it does arrive and its
// answer waits. So a test can lose a connection during a COMMIT, on either side of it.
func (l *Leiding) Watch(f func(sent []byte)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch = f
}

func shut(gate chan struct{}) chan struct{} {
	if gate == nil {
		gate = make(chan struct{})
	}
	return gate
}

func open(gate chan struct{}) chan struct{} {
	if gate != nil {
		close(gate)
	}
	return nil
}

func (l *Leiding) accept() {
	for {
		client, err := l.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			l.work.Go(func() { l.connect(client) })
		}
	}
}

// connect relays one connection until it is cut or either side ends it.
func (l *Leiding) connect(client net.Conn) {
	network := "tcp"
	if strings.HasPrefix(l.upstream, "/") {
		network = "unix"
	}
	l.mu.Lock()
	refuse := l.refuse
	l.mu.Unlock()
	if refuse {
		reset(client)
		return
	}
	upstream, err := net.Dial(network, l.upstream)
	if err != nil {
		reset(client)
		return
	}
	p := &pair{client: client, upstream: upstream, cut: make(chan struct{})}
	l.mu.Lock()
	closed := l.closed
	if !closed {
		l.pairs[p] = struct{}{}
	}
	l.mu.Unlock()
	if closed {
		p.close()
		return
	}
	l.work.Go(func() { l.relay(p, upstream, client, false) })
	l.relay(p, client, upstream, true)
}

// reset closes a connection with a reset, which a client can't take for the end of a conversation.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

func (l *Leiding) relay(p *pair, from, to net.Conn, there bool) {
	defer func() {
		if there && p.los.Load() {
			return // the other direction ends it, when the database does
		}
		p.close()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.pairs, p)
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if !l.pass(p, buf[:n], there) {
				return
			}
			if _, err := to.Write(buf[:n]); err != nil && !p.los.Load() {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass waits until a piece may go on, and reports whether it may.
func (l *Leiding) pass(p *pair, piece []byte, there bool) bool {
	l.mu.Lock()
	delay, watch := l.delay, l.watch
	l.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-p.cut:
		}
	}
	if there && watch != nil {
		watch(piece)
	}
	for gate := l.gate(there); gate != nil; gate = l.gate(there) { // may be shut again
		select {
		case <-gate:
		case <-p.cut:
			return false
		}
	}
	select {
	case <-p.cut:
		return false
	default:
		return true
	}
}

func (l *Leiding) gate(there bool) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if there {
		return l.there
	}
	return l.back
}
