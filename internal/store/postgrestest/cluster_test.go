package postgrestest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestAKilledClusterComesBackWithWhatWasCommitted(t *testing.T) {
	t.Parallel()
	c := Start(t)
	conn := connect(t, c.URL("postgres"))
	do(t, conn, "CREATE TABLE boek (nr integer)")
	do(t, conn, "INSERT INTO boek VALUES (1), (2)")
	do(t, conn, "BEGIN")
	do(t, conn, "INSERT INTO boek VALUES (3)")
	c.Kill()
	c.Begin()
	if n := count(t, connect(t, c.URL("postgres")), "SELECT count(*) FROM boek"); n != 2 {
		t.Errorf("%d rows after the kill, want the 2 that were committed", n)
	}
}

func TestAClusterComesBackAtTheSameAddresses(t *testing.T) {
	t.Parallel()
	c := Start(t, "work_mem=5MB", "application_name=it's")
	url := "postgres://postgres@" + c.Addr() + "/postgres?sslmode=disable"
	if n := count(t, connect(t, url), "SELECT count(*) FROM pg_settings WHERE name || '=' || setting IN ('work_mem=5120', 'fsync=on')"); n != 2 {
		t.Errorf("%d of 2 settings", n)
	}
	c.Restart()
	conn := connect(t, url)
	count(t, conn, "SELECT 1")
	c.CutConnections()
	if err := conn.Ping(context.Background()); err == nil {
		t.Error("a connection is alive after they were cut")
	}
	c.Stop()
	if _, err := pgx.Connect(context.Background(), url); err == nil {
		t.Error("a connection to a server that is down")
	}
	c.Begin()
	count(t, connect(t, url), "SELECT 1")
}

func TestAPausedClusterDoesNotAnswerUntilItIsResumed(t *testing.T) {
	t.Parallel()
	c := Start(t)
	conn, url := connect(t, c.URL("postgres")), c.URL("postgres")
	c.Pause()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := pgx.Connect(ctx, url); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a new connection: %v", err)
	}
	answer := make(chan error, 1)
	go func() { answer <- conn.Ping(context.Background()) }()
	select {
	case err := <-answer:
		t.Errorf("an answer: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	c.Resume()
	if err := <-answer; err != nil {
		t.Error(err)
	}
	count(t, connect(t, url), "SELECT 1")
	c.Pause()
	c.Kill()
}

func TestASynchronousStandbyHasWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	primary := Start(t)
	standby := primary.Standby(t)
	conn := connect(t, primary.URL("postgres"))
	do(t, conn, "CREATE TABLE boek (nr integer)")
	for nr := range 20 {
		do(t, conn, "INSERT INTO boek VALUES ($1)", nr)
	}
	primary.Kill()

	const rows = "SELECT count(*) FROM boek"
	// It has them on disk, and shows them once it has replayed them: promotion does that first.
	standby.Promote()
	conn = connect(t, standby.URL("postgres"))
	if n := count(t, conn, rows); n != 20 {
		t.Errorf("%d rows of the 20 that were acknowledged", n)
	}
	do(t, conn, "INSERT INTO boek VALUES (20)")
}

func TestACommitWaitsForAStandbyThatIsPaused(t *testing.T) {
	t.Parallel()
	primary := Start(t)
	first := primary.Standby(t)
	second := primary.Standby(t)
	conn := connect(t, primary.URL("postgres"))
	do(t, conn, "CREATE TABLE boek (nr integer)")
	if _, err := connect(t, first.URL("postgres")).Exec(context.Background(), "CREATE TABLE ander ()"); err == nil {
		t.Error("a standby takes writes")
	}
	second.Pause()
	answer := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), "INSERT INTO boek VALUES (1)")
		answer <- err
	}()
	watcher := connect(t, primary.URL("postgres"))
	primary.must("wait for the commit to wait", primary.s.eventually("wait", func(context.Context) error {
		if n := count(t, watcher, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"); n != 1 {
			return errors.New("no commit waits")
		}
		return nil
	}))
	select {
	case err := <-answer:
		t.Errorf("acknowledged without the standby: %v", err)
	default:
	}
	second.Resume()
	if err := <-answer; err != nil {
		t.Error(err)
	}
}
