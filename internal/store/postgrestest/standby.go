package postgrestest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Standby starts a copy that follows the cluster by streaming, and returns when it does so
// synchronously: from then on a commit is acknowledged when each standby has it on disk as well. So
// while one is paused or down, commits wait.
func (c *Cluster) Standby(t testing.TB) *Cluster {
	t.Helper()
	s, err := newServer(onDisk())
	if err != nil {
		t.Fatalf("standby: %v", err)
	}
	standby := adopt(t, s)
	name := newName("standby")
	from := fmt.Sprintf("host='%s' port=5432 user=%s application_name=%s", c.s.dir, superuser, name)
	standby.must("copy the primary", s.programs.run(s.dir, "pg_basebackup", "--no-sync", "--checkpoint=fast", "--wal-method=stream",
		"--write-recovery-conf", "--create-slot", "--slot="+name, "--pgdata="+s.data(), "--dbname="+from))
	// Those that follow the primary do not follow it.
	standby.must("configure", s.configure("postgresql.auto.conf", "synchronous_standby_names="))
	standby.Begin()

	c.standbys = append(c.standbys, name)
	c.must("name the standby", c.s.exec(fmt.Sprintf("ALTER SYSTEM SET synchronous_standby_names = '%d (%s)'", len(c.standbys), strings.Join(c.standbys, ", "))))
	c.must("reload", c.s.exec("SELECT pg_reload_conf()"))
	c.must("wait for the standby", c.s.eventually("follow", func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, c.URL("postgres"))
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		var state, sync string
		err = conn.QueryRow(ctx, "SELECT state, sync_state FROM pg_stat_replication WHERE application_name = $1", name).Scan(&state, &sync)
		if err == nil && (state != "streaming" || sync != "sync") {
			err = fmt.Errorf("the standby is %s and %s", state, sync)
		}
		return err
	}))
	return standby
}

// Promote makes a standby a primary of its own, and returns when it is.
func (c *Cluster) Promote() {
	c.t.Helper()
	c.must("promote", c.s.exec("SELECT pg_promote(true, 60)"))
	c.must("promote", c.s.exec("CREATE TEMPORARY TABLE promoted ()")) // refused by what is still a standby
}
