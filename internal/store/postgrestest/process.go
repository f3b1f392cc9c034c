package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

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
		// What is not ours to read, or has just ended, is not of this cluster. One that is ending has no program
		// any more, and may still have its memory, for which the next start would refuse.
		dir, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		program, err := os.Readlink(filepath.Join("/proc", e.Name(), "exe"))
		if dir == s.data() && (err != nil || program == filepath.Join(s.programs.dir, "postgres")) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// kill ends all processes at once. The postmaster goes first: it would see the others fall, and repair.
func (s *server) kill() error {
	if s.postmaster == nil {
		return errors.New("the server does not run")
	}
	if err := s.postmaster.Kill(); err != nil {
		return err
	}
	<-s.gone
	s.postmaster = nil
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

// pause returns when no process runs any more, nor one that was started meanwhile.
func (s *server) pause() error {
	return s.eventually("pause", func(context.Context) error {
		pids, err := s.processes()
		if err != nil {
			return err
		}
		running := 0
		for _, pid := range pids {
			if !stopped(pid) {
				running++
				_ = syscall.Kill(pid, syscall.SIGSTOP) // may be gone by itself
			}
		}
		if running > 0 {
			return fmt.Errorf("%d processes still ran", running)
		}
		return nil
	})
}

func (s *server) resume() error {
	pids, err := s.processes()
	if err != nil {
		return err
	}
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGCONT) // may be gone by itself
	}
	return nil
}

// stopped reports whether SIGSTOP has done its work. The state follows the name, which stands in brackets.
func stopped(pid int) bool {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && bytes.HasPrefix(b[bytes.LastIndexByte(b, ')')+1:], []byte(" T"))
}
