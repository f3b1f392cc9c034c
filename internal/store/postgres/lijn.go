package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// lijn is the line of a connection. Rows to copy may be put ahead of what the driver sends next, so that a
// COPY and the statements after it share one round trip: the protocol lets a client send the data before the
// server asks for it, and a server skips the data of a COPY that failed. The answers to what went ahead are
// kept from the driver.
type lijn struct {
	net.Conn

	mu      sync.Mutex // a driver that writes for long reads meanwhile
	vooruit []byte     // goes out before what is written next
	wacht   bool       // its answers are still to come
	in      []byte     // read and not looked at, or not given to the driver
	fout    *pgconn.PgError
}

func newLijn(_ context.Context, _ *pgconn.Config, c net.Conn) (net.Conn, error) {
	return &lijn{Conn: c}, nil
}

// ahead puts a simple query with the data of its COPY statements before what is sent next.
func ahead(c *pgx.Conn, b []byte) {
	l := c.PgConn().Conn().(*lijn)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.vooruit, l.fout = b, nil
}

// send sends a batch, with what was put ahead of it, and waits for the answers. An error of what went ahead
// is the cause of all that follows, and comes first.
func send(ctx context.Context, c *pgx.Conn, b *pgx.Batch) error {
	err := c.SendBatch(ctx, b).Close()
	l := c.PgConn().Conn().(*lijn)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.vooruit = nil
	if err != nil && l.fout != nil && certain(l.fout) {
		err = l.fout
	}
	l.fout = nil
	return err
}

// Write implements net.Conn.
func (l *lijn) Write(p []byte) (int, error) {
	l.mu.Lock()
	v := l.vooruit
	if l.vooruit = nil; v != nil {
		l.wacht = true
	}
	l.mu.Unlock()
	if v == nil {
		return l.Conn.Write(p)
	}
	n, err := l.Conn.Write(append(v, p...))
	return max(0, n-len(v)), err
}

// Read implements net.Conn. The driver may have begun to read before something went ahead, as it does beside a slow write: what
// comes then are answers to that too.
func (l *lijn) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for l.wacht {
			var b [1024]byte
			l.mu.Unlock()
			n, err := l.Conn.Read(b[:])
			l.mu.Lock()
			l.in = append(l.in, b[:n]...)
			if err == nil || n > 0 {
				err = l.skip()
			}
			if err != nil {
				return 0, err
			}
		}
		if len(l.in) > 0 {
			n := copy(p, l.in)
			l.in = l.in[n:]
			return n, nil
		}
		l.in = nil
		l.mu.Unlock()
		n, err := l.Conn.Read(p)
		l.mu.Lock()
		if !l.wacht || n == 0 {
			return n, err
		}
		l.in = append(l.in, p[:n]...)
		if err := l.skip(); err != nil {
			return 0, err
		}
	}
}

// maxAntwoord is far above what the server says about a COPY.
const maxAntwoord = 1 << 20

var errAntwoord = errors.New("answer to a copy can't be read")

// skip looks at the answers that are there, up to the one that says that the server is ready for what comes
// after.
func (l *lijn) skip() error {
	for l.wacht && len(l.in) >= 5 {
		n := int(binary.BigEndian.Uint32(l.in[1:])) + 1
		if n < 5 || n > maxAntwoord {
			return errAntwoord
		}
		if len(l.in) < n {
			return nil
		}
		switch l.in[0] {
		case 'E':
			var m pgproto3.ErrorResponse
			if err := m.Decode(l.in[5:n]); err != nil {
				return err
			}
			l.fout = pgconn.ErrorResponseToPgError(&m)
		case 'Z':
			l.wacht = false
		}
		l.in = l.in[n:]
	}
	return nil
}
