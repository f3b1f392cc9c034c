package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// geduld is how long a test waits for what must come about: it guards against a test that hangs, and
// is no measure of speed.
const geduld = time.Minute

// knoop is one of several programs on one database, with one directory of keys between them. Its
// methods may be used by any goroutine, one at a time.
type knoop struct {
	*opstelling
	url string

	mu   sync.Mutex // guards what follows
	cmd  *exec.Cmd  // nil: does not run
	out  *veiligeBuffer
	gone chan struct{} // closed when it has ended
}

// knopen prepares nodes on a database, and starts none. more are variables beside the usual ones.
func knopen(t testing.TB, n int, store, applicaties string, more ...string) []*knoop {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "applicaties.yaml")
	if err := os.WriteFile(file, []byte(applicaties), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := binary(); err != nil {
		t.Fatal(err)
	}
	list := make([]*knoop, n)
	for i := range list {
		address := eigenAdres(t)
		k := &knoop{opstelling: &opstelling{t: t, dir: dir, address: address}, url: "http://" + address, out: &veiligeBuffer{}}
		list[i] = k
		k.env = append([]string{
			"VERANTWOORD_LISTEN=" + address, "VERANTWOORD_URL=" + list[0].url, "VERANTWOORD_STORE=" + store,
			"VERANTWOORD_SLEUTELS=" + filepath.Join(dir, "sleutels"), "VERANTWOORD_APPLICATIES=" + file,
		}, more...)
		t.Cleanup(func() {
			k.kill()
			if t.Failed() {
				t.Logf("end of the log of node %d:\n%s", i+1, laatste(k.log(), 20))
			}
		})
	}
	return list
}

// eigenAdres is an address of which only this process knows, so that a node finds it free again however
// often it starts: connections of others have another address as their source.
func eigenAdres(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+rand.N(250), 1+rand.N(250), 1+rand.N(250)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// laatste are the last lines of a text.
func laatste(s string, n int) string {
	lines := strings.SplitAfter(s, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "")
}

// begin starts a node and waits until it is ready; an error says that it stopped before that.
func (k *knoop) begin() error {
	cmd, out := k.command([]string{"serve"})
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan struct{})
	k.mu.Lock()
	k.cmd, k.out, k.gone = cmd, out, gone
	k.mu.Unlock()
	go func() {
		_ = cmd.Wait() // how it ended stands in ProcessState
		close(gone)
	}()
	for end := time.Now().Add(geduld); !k.ready(); {
		if time.Now().After(end) {
			return errors.New("a node does not become ready: " + laatste(out.String(), 20))
		}
		select {
		case <-gone:
			return fmt.Errorf("a node stopped with %d at its start: %s", cmd.ProcessState.ExitCode(), laatste(out.String(), 20))
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// ready tells whether the node says that it takes records; no answer in time is no.
func (k *knoop) ready() bool {
	c := http.Client{Timeout: 2 * time.Second}
	res, err := c.Get(k.url + "/healthz/ready")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// kill ends it at once, as when power is lost.
func (k *knoop) kill() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cmd != nil {
		_ = k.cmd.Process.Kill() // may have ended by itself
		<-k.gone
		k.cmd = nil
		k.calm()
	}
}

// stop asks it to stop in order, and returns when it has; an error says that it was not in order.
func (k *knoop) stop() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-k.gone:
	case <-time.After(geduld):
		return errors.New("a node does not stop")
	}
	if code := k.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("a node that was asked to stop did so with %d: %s", code, laatste(k.out.String(), 20))
	}
	k.cmd = nil
	k.calm()
	return nil
}

// calm checks that whatever happened, the program met no mistake of its own.
func (k *knoop) calm() {
	if i := strings.Index(k.out.String(), "panic"); i >= 0 {
		k.t.Errorf("a node panicked: %.2000s", k.out.String()[i:])
	}
}

// supervise starts it until it stays up, as whatever watches over services does: the database may be
// away at the very moment.
func (k *knoop) supervise() error {
	for end := time.Now().Add(geduld); ; {
		err := k.begin()
		if err == nil || time.Now().After(end) {
			return err
		}
		k.kill()
		time.Sleep(50 * time.Millisecond)
	}
}

func (k *knoop) log() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.out.String()
}

// register gives the harness of the other tests on this node.
func (k *knoop) register() *register {
	return &register{t: k.t, dir: k.dir, url: k.url, log: k.out, klok: &klok{}}
}

// starten starts nodes: the first makes what is not there yet.
func starten(t testing.TB, list ...*knoop) {
	t.Helper()
	tegelijk(t, list[0])
	tegelijk(t, list[1:]...)
}

// tegelijk starts nodes at the same time.
func tegelijk(t testing.TB, list ...*knoop) {
	t.Helper()
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for n, k := range list {
		all.Go(func() { errs[n] = k.begin() })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
