package postgrestest

import (
	"sync"
	"testing"
)

// Cluster is a PostgreSQL of one test alone. Its methods fail the test when they can't do what they
// say, and are for the goroutine of that test.
type Cluster struct {
	t        testing.TB
	s        *server
	standbys []string // their names
	addr     func() string
}

// Start starts a cluster with settings (name=value) beside the usual ones. It syncs to disk. It is
// removed when the test ends.
func Start(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	s, err := startServer(onDisk(), settings...)
	if err != nil {
		t.Fatalf("start a cluster: %v", err)
	}
	return adopt(t, s)
}

// adopt ties a server to a test.
func adopt(t testing.TB, s *server) *Cluster {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("end of the log of PostgreSQL:\n%s", s.tail())
		}
		if err := s.remove(); err != nil {
			t.Errorf("remove a cluster: %v", err)
		}
	})
	return &Cluster{t: t, s: s, addr: sync.OnceValue(func() string { return Proxy(t, s.socket()).Addr() })}
}

// URL leads to a database of the cluster, such as postgres, that is there from the start. It stays the
// same over Kill, Stop and Begin.
func (c *Cluster) URL(database string) string { return c.s.url(database) }

// Addr is a TCP address of the cluster, which stays the same as well. A Leiding to its socket stands
// behind it: so nobody else can take the port while the server is down. When it is, a connection is
// reset at once instead of refused.
func (c *Cluster) Addr() string { c.t.Helper(); return c.addr() }

// Kill ends all processes at once, as when power is lost.
func (c *Cluster) Kill() { c.t.Helper(); c.must("kill", c.s.kill()) }

// Stop ends the server in order; who is connected is sent away.
func (c *Cluster) Stop() { c.t.Helper(); c.must("stop", c.s.stop()) }

// Begin starts the server again after Kill or Stop, and returns when it lets clients in.
func (c *Cluster) Begin() { c.t.Helper(); c.must("begin", c.s.begin()) }

// Restart is Stop and Begin.
func (c *Cluster) Restart() { c.t.Helper(); c.Stop(); c.Begin() }

// Pause freezes all processes: a server that hangs. Connections are made, and get no answer.
func (c *Cluster) Pause() { c.t.Helper(); c.must("pause", c.s.pause()) }

// Resume is the end of Pause.
func (c *Cluster) Resume() { c.t.Helper(); c.must("resume", c.s.resume()) }

// CutConnections ends the connections of all clients, and returns when they are gone.
func (c *Cluster) CutConnections() {
	c.t.Helper()
	c.must("cut connections", c.s.exec(`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`))
}

func (c *Cluster) must(what string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
}
