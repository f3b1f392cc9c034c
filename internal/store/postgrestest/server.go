package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
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
	programs   programs
	guard      *guard
	dir        string        // holds the data, the socket and the log
	postmaster *os.Process   // nil: does not run
	gone       chan struct{} // closed when the postmaster has ended
}

// newServer makes a directory in temp and its guard; nothing runs yet.
func newServer(temp string) (*server, error) {
	p, err := findPrograms()
	if err != nil {
		return nil, err
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
		s.guard, err = newGuard(dir, p)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// onDisk is where a cluster lies that must survive.
func onDisk() string {
	temp, err := filepath.EvalSymlinks(os.TempDir()) // what /proc calls it
	if err != nil || len(temp) > maxTemp {
		return "/tmp"
	}
	return temp
}

// inMemory is where a cluster lies that need not: a new database is many small files, for which a disk
// takes some twenty times as long. Who sets TMPDIR decides, and so does too little memory.
func inMemory() string {
	const dir, enough = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(dir, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < enough {
		return onDisk()
	}
	return dir
}

// startServer makes a cluster in temp and starts it.
func startServer(temp string, settings ...string) (*server, error) {
	s, err := newServer(temp)
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
		return nil, s.abandon(err)
	}
	return s, nil
}

// abandon removes what did not start, and tells what it said.
func (s *server) abandon(err error) error {
	return errors.Join(fmt.Errorf("%w\n%s", err, s.tail()), s.remove())
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) socket() string { return filepath.Join(s.dir, ".s.PGSQL.5432") }

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
	if s.postmaster != nil {
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
	s.postmaster, s.gone = cmd.Process, gone
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
	if s.postmaster == nil {
		return nil
	}
	if err := s.postmaster.Signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.gone:
		s.postmaster = nil
		return nil
	case <-time.After(patience):
		return errors.New("the server does not stop")
	}
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
