package postgrestest

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guardScript waits until its standard input ends, and then removes a cluster: the processes, the
// directory, and the one thing that a killed PostgreSQL leaves elsewhere, its System V segment.
// A program of PostgreSQL is of the cluster when it works in its directory. SIGKILL, since that also
// ends one that was paused; and again until none is left, since the first may just have started another.
const guardScript = `
dir=$1
programs=$2
read -r nothing
left=1
while [ -n "$left" ]; do
	left=
	for p in /proc/[0-9]*; do
		[ "$p/cwd" -ef "$dir/data" ] || [ "$p/cwd" -ef "$dir" ] || continue
		for program in postgres initdb pg_basebackup; do
			[ "$p/exe" -ef "$programs/$program" ] || continue
			kill -9 "${p#/proc/}"
			left=1
		done
	done
	[ -z "$left" ] || sleep 0.01
done
if [ -f "$dir/data/postmaster.pid" ]; then
	set -- $(sed -n 7p "$dir/data/postmaster.pid")
	[ -z "$2" ] || ipcrm -m "$2"
fi
rm -rf "$dir"
`

// guard removes a cluster when told to, and also when the process that should have told it is gone:
// killed by a time-out, say. The kernel closes the pipe that both hold.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

func newGuard(dir string, p programs) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "sh", dir, p.dir)
	cmd.Dir = "/" // not of the cluster itself
	// A session of its own: whoever ends the group of the tests does not end the guard.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.user}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &guard{cmd: cmd, pipe: pipe}, nil
}

// remove returns when nothing of the cluster is left.
func (g *guard) remove() error {
	g.pipe.Close()
	if err := g.cmd.Wait(); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return nil
}
