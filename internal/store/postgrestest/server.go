package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// superuser is the role of every cluster here.
	superuser = "postgres"

	// patience is how long a server may take to start, to stop or to catch up: this guards against a
	// test that hangs, and is no measure of speed.
	patience = time.Minute

	// maxTemp keeps the path of the socket below the 107 bytes that Linux allows.
	maxTemp = 70
)

// defaults are the settings of every cluster. Shared memory as files in its directory: nothing is left
// elsewhere when it is killed.
var defaults = []string{
	"listen_addresses=",
	"shared_buffers=64MB",
	"max_connections=200",
	"dynamic_shared_memory_type=mmap",
	"log_line_prefix=%m [%p] ",
}

// server is one PostgreSQL with its directory. It is not for concurrent use.
type server struct {
	programs programs
	guard    *guard
	dir      string        // holds the data, the socket and the log
	pid      int           // of the postmaster; 0: does not run
	gone     chan struct{} // closed when the postmaster has ended
}

// newServer makes the directory and its guard; nothing runs yet.
func newServer() (*server, error) {
	p, err := findPrograms()
	if err != nil {
		return nil, err
	}
	temp, err := filepath.EvalSymlinks(os.TempDir())
	if err != nil || len(temp) > maxTemp {
		temp = "/tmp"
	}
	dir, err := os.MkdirTemp(temp, "verantwoord-pg-")
	if err != nil {
		return nil, err
	}
	s := &server{programs: p, dir: dir}
	if p.user != nil {
		err = os.Chown(dir, int(p.user.Uid), int(p.user.Gid))
	}
	if err == nil {
		s.guard, err = newGuard(dir, p.user)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// startServer makes a cluster and starts it.
func startServer(settings ...string) (*server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	// Not synced: a fresh cluster is worth nothing yet.
	err = s.programs.run(s.dir, "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username="+superuser, s.data())
	if err == nil {
		err = s.configure("postgresql.conf", append(defaults[:len(defaults):len(defaults)], settings...)...)
	}
	if err == nil {
		err = s.begin()
	}
	if err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) log() string { return filepath.Join(s.dir, "log") }

// url leads to a database over the unix socket.
func (s *server) url(database string) string {
	q := url.Values{"host": {s.dir}, "port": {"5432"}, "user": {superuser}}
	return "postgres:///" + url.PathEscape(database) + "?" + q.Encode()
}

// configure adds settings, each name=value; the last of a name counts.
func (s *server) configure(file string, settings ...string) error {
	f, err := os.OpenFile(filepath.Join(s.data(), file), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	for _, set := range settings {
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			err = errors.Join(err, fmt.Errorf("setting %q is not name=value", set))
			continue
		}
		_, e := fmt.Fprintf(f, "%s = '%s'\n", name, strings.ReplaceAll(value, "'", "''"))
		err = errors.Join(err, e)
	}
	return errors.Join(err, f.Close())
}

// begin starts the postmaster and waits until it lets us in.
func (s *server) begin() error {
	if s.pid != 0 {
		return errors.New("the server runs already")
	}
	log, err := os.OpenFile(s.log(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := s.programs.command(s.dir, "postgres", "-D", s.data(), "-k", s.dir, "-p", "5432")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan struct{})
	s.pid, s.gone = cmd.Process.Pid, gone
	go func() {
		_ = cmd.Wait() // how it ended stands in the log
		close(gone)
	}()
	return s.eventually("start", func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, s.url("postgres"))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	})
}

// eventually tries until it succeeds, the server is gone or patience has run out.
func (s *server) eventually(what string, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.gone:
			return fmt.Errorf("%s: the server has ended: %w", what, err)
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// exec runs statements as the superuser, over a connection of its own.
func (s *server) exec(sql string, args ...any) error { return execute(s.url("postgres"), sql, args...) }

func execute(url, sql string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql, args...)
	return err
}

// stop ends it in order, open connections too.
func (s *server) stop() error {
	if s.pid == 0 {
		return nil
	}
	if err := syscall.Kill(s.pid, syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.gone:
		s.pid = 0
		return nil
	case <-time.After(patience):
		return errors.New("the server does not stop")
	}
}

// kill ends all processes at once. The postmaster goes first: it would see the others fall, and repair.
func (s *server) kill() error {
	if s.pid == 0 {
		return errors.New("the server does not run")
	}
	if err := syscall.Kill(s.pid, syscall.SIGKILL); err != nil {
		return err
	}
	<-s.gone
	s.pid = 0
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		left, err := s.processes()
		if err != nil || len(left) == 0 {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d processes do not end", len(left))
		}
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL) // may be gone by itself
		}
	}
}

// processes are those that work in the data directory: the postmaster and its children, each of which
// has a session of its own, so that no process group holds them.
func (s *server) processes() ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if dir, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd")); err == nil && dir == s.data() {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// remove ends it and leaves nothing.
func (s *server) remove() error { return s.guard.remove() }

// tail is the end of the log.
func (s *server) tail() string {
	b, err := os.ReadFile(s.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.SplitAfter(string(b), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "")
}
