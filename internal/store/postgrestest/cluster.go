package postgrestest

import (
	"testing"
)

// Cluster is a PostgreSQL of one test alone. Its methods fail the test when they can't do what they
// say, and are for the goroutine of that test.
type Cluster struct {
	t testing.TB
	s *server
}

// Start starts a cluster with settings (name=value) beside the usual ones. It syncs to disk. It is
// removed when the test ends.
func Start(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	s, err := startServer(settings...)
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
	return &Cluster{t: t, s: s}
}

// URL leads to a database of the cluster, such as postgres, that is there from the start. It stays the
// same over Kill, Stop and Begin.
func (c *Cluster) URL(database string) string { return c.s.url(database) }

// Kill ends all processes at once, as when power is lost.
func (c *Cluster) Kill() { c.t.Helper(); c.must("kill", c.s.kill()) }

// Stop ends the server in order; who is connected is sent away.
func (c *Cluster) Stop() { c.t.Helper(); c.must("stop", c.s.stop()) }

// Begin starts the server again after Kill or Stop, and returns when it lets clients in.
func (c *Cluster) Begin() { c.t.Helper(); c.must("begin", c.s.begin()) }

// Restart is Stop and Begin.
func (c *Cluster) Restart() { c.t.Helper(); c.Stop(); c.Begin() }

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
