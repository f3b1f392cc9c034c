package postgrestest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

var bg = context.Background()

// line lays a Leiding to a cluster with an empty table, and gives a connection that does not use it.
func line(t *testing.T) (*Leiding, *pgx.Conn) {
	t.Helper()
	c := Start(t)
	direct := connect(t, c.URL("postgres"))
	do(t, direct, "CREATE TABLE boek (nr integer)")
	return Proxy(t, c.s.socket()), direct
}

func TestALeiding(t *testing.T) {
	t.Parallel()
	l, direct := line(t)
	url := l.URL("postgres")

	// Cut ends what is there, and what comes is welcome.
	conn := connect(t, url)
	l.Cut()
	if err := conn.Ping(bg); err == nil {
		t.Error("a connection is alive after Cut")
	}

	// Block stops the traffic and what is new; after Unblock what was sent arrives.
	conn = connect(t, url)
	answer := make(chan error, 1)
	l.Block()
	go func() {
		_, err := conn.Exec(bg, "INSERT INTO boek VALUES (1)")
		answer <- err
	}()
	if _, err := pgx.Connect(bg, url); err == nil {
		t.Error("a new connection while it was blocked")
	}
	select {
	case err := <-answer:
		t.Errorf("an answer while it was blocked: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	if n := count(t, direct, "SELECT count(*) FROM boek"); n != 0 {
		t.Errorf("%d rows while it was blocked", n)
	}
	l.Unblock()
	if err := <-answer; err != nil {
		t.Error(err)
	}

	// Delay counts there and back.
	l.Delay(20 * time.Millisecond)
	begin := time.Now()
	if err := conn.Ping(bg); err != nil {
		t.Error(err)
	}
	if d := time.Since(begin); d < 40*time.Millisecond {
		t.Errorf("there and back in %v", d)
	}
}

func TestALeidingLosesAConnectionOnEitherSideOfACommit(t *testing.T) {
	t.Parallel()
	l, direct := line(t)
	for _, c := range []struct {
		name string
		do   func()
		want int
	}{
		{"cut before it arrives", l.Cut, 0},
		{"cut before the answer", l.Mute, 1},
	} {
		do(t, direct, "TRUNCATE boek")
		conn := connect(t, l.URL("postgres"))
		do(t, conn, "BEGIN")
		do(t, conn, "INSERT INTO boek VALUES (1)")
		l.Watch(func(sent []byte) {
			if bytes.Contains(sent, []byte("COMMIT")) {
				c.do()
			}
		})
		answer := make(chan error, 1)
		go func() {
			_, err := conn.Exec(bg, "COMMIT")
			answer <- err
		}()
		for end := time.Now().Add(patience); count(t, direct, "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'") > 0; {
			if time.Now().After(end) {
				t.Fatalf("%s: the transaction does not end", c.name)
			}
		}
		l.Cut()
		if err := <-answer; err == nil {
			t.Errorf("%s: the commit was acknowledged", c.name)
		}
		if n := count(t, direct, "SELECT count(*) FROM boek"); n != c.want {
			t.Errorf("%s: %d rows, want %d", c.name, n, c.want)
		}
		l.Watch(nil)
		l.Unblock()
	}
}

func TestALeidingToAServerThatIsDownGivesNoConnection(t *testing.T) {
	t.Parallel()
	c := Start(t)
	l := Proxy(t, c.Addr())
	conn := connect(t, l.URL("postgres"))
	c.Kill()
	if err := conn.Ping(bg); err == nil {
		t.Error("a connection is alive after the server was killed")
	}
	if _, err := pgx.Connect(bg, l.URL("postgres")); err == nil {
		t.Error("a connection to a server that is down")
	}
	c.Begin()
	count(t, connect(t, l.URL("postgres")), "SELECT 1")
}
