package postgrestest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childEnv makes the test binary a process that starts a cluster and comes to an end.
const childEnv = "VERANTWOORD_POSTGRESTEST_CHILD"

func TestMain(m *testing.M) {
	if how := os.Getenv(childEnv); how != "" {
		child(how)
	}
	os.Exit(Main(m))
}

// child tells where its cluster is, waits for a line, and leaves without cleaning up.
func child(how string) {
	s, err := startServer(onDisk())
	if err != nil {
		panic(err)
	}
	switch how {
	case "busy":
		go func() { _ = s.exec("SELECT count(*) FROM generate_series(1, 1000000000000)") }()
		err = s.eventually("be busy", func(context.Context) error {
			return s.exec("SELECT 1 / count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()")
		})
	case "paused":
		err = s.pause()
	}
	if err != nil {
		panic(err)
	}
	fmt.Println(s.dir)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	if how == "panic" {
		panic("as when a test takes too long")
	}
	os.Exit(0)
}

func TestAProcessThatEndsTakesItsClusterAlong(t *testing.T) {
	t.Parallel()
	kill := func(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	for name, c := range map[string]struct {
		how string
		end func(*exec.Cmd) error // nil: by itself
	}{
		"when it is killed":                        {"idle", kill},
		"when it is killed while the server works": {"busy", kill},
		"when it is killed while all is paused":    {"paused", kill},
		"when it panics":                           {"panic", nil},
		"when it exits and forgets":                {"idle", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childEnv+"="+c.how)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			dir, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatalf("the child says nothing: %v", err)
			}
			p, err := findPrograms()
			if err != nil {
				t.Fatal(err)
			}
			s := &server{programs: p, dir: strings.TrimSpace(dir)}
			if pids, err := s.processes(); err != nil || len(pids) < 2 {
				t.Fatalf("the child runs %d processes (%v)", len(pids), err)
			}
			segment := segmentOf(t, s)
			if !segmentExists(t, segment) {
				t.Fatalf("no shared memory %s", segment)
			}

			if c.end == nil {
				err = in.Close()
			} else {
				err = c.end(cmd)
			}
			if err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it ends as we told it to
			for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
				pids, err := s.processes()
				if err != nil {
					t.Fatal(err)
				}
				_, err = os.Stat(s.dir)
				if len(pids) == 0 && os.IsNotExist(err) && !segmentExists(t, segment) {
					return
				}
				if time.Now().After(end) {
					t.Fatalf("left: %d processes, directory (%v), shared memory %v", len(pids), err, segmentExists(t, segment))
				}
			}
		})
	}
}

// segmentOf is the id of the System V segment, which the server wrote beside its pid.
func segmentOf(t *testing.T, s *server) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 7 || len(strings.Fields(lines[6])) != 2 {
		t.Fatalf("no shared memory in %q", lines)
	}
	return strings.Fields(lines[6])[1]
}

func segmentExists(t *testing.T, id string) bool {
	t.Helper()
	b, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[1] == id {
			return true
		}
	}
	return false
}
