package postgrestest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// programs are those of one PostgreSQL, and as whom they run.
type programs struct {
	dir  string              // where they lie
	user *syscall.Credential // nil: who we are
}

var errNoPrograms = errors.New("no PostgreSQL found: install the package postgresql")

// findPrograms looks in PATH and then where Debian keeps them, which is not in PATH.
var findPrograms = sync.OnceValues(func() (programs, error) {
	candidates := []string{}
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, path)
	}
	for _, dir := range versionDirs() {
		candidates = append(candidates, filepath.Join(dir, "postgres"))
	}
	for _, path := range candidates {
		path, err := filepath.EvalSymlinks(path) // what /proc calls it
		if err != nil {
			continue
		}
		if _, err := exec.LookPath(filepath.Join(filepath.Dir(path), "initdb")); err != nil {
			continue
		}
		credential, err := unprivileged()
		return programs{dir: filepath.Dir(path), user: credential}, err
	}
	return programs{}, errNoPrograms
})

// versionDirs are the directories of Debian's packages, the highest version first.
func versionDirs() []string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is right
	version := func(dir string) float64 {
		v, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(dir)), 64)
		return v
	}
	slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	return dirs
}

// unprivileged is the user that root hands the programs to: they refuse to run as root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root: add a user postgres or nobody")
}

// command prepares a program. It works in the directory of its cluster: by that the guard knows it.
func (p programs) command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.dir, name), args...)
	cmd.Dir = dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") }), "LC_ALL=C", "TZ=UTC")
	// A session of its own: an interrupt at the keyboard is for the tests.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.user}
	return cmd
}

// run runs a program to its end.
func (p programs) run(dir, name string, args ...string) error {
	if out, err := p.command(dir, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
