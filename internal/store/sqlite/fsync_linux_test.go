package sqlite

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// kindMap names the directory in the environment of the process of which the syncs fail.
const kindMap = "VERANTWOORD_TEST_FSYNC"

// Whether a disk can be trusted after a failed sync nobody knows (invariant 1): the sync is not tried
// again, nothing is acknowledged any more, and what was acknowledged before is there afterwards. The
// kernel itself refuses the sync here, by a filter on system calls that can't be taken off again: hence
// a process of its own.
func TestAfterAFailedSyncNothingIsAcknowledgedAndWhatWasIsThere(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(kindMap); dir != "" {
		failingSync(t, dir)
		return
	}
	dir := t.TempDir()
	kind := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	kind.Env = append(os.Environ(), kindMap+"="+dir)
	out, err := kind.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, rest, _ := strings.Cut(string(out), "acknowledged ")
	var size uint64
	if _, err := fmt.Sscan(rest, &size); err != nil || size == 0 {
		t.Fatalf("the child acknowledged nothing: %v\n%s", err, out)
	}
	s := open(t, dir, opties(t))
	if n, err := s.Size(bg, storetest.A); err != nil || n < size {
		t.Errorf("%d versions there, %v; %d were acknowledged", n, err, size)
	}
	must(t, s, storetest.Nieuw(storetest.A))
}

// failingSync is the process of which the syncs fail, from a moment on.
func failingSync(t *testing.T, dir string) {
	o := opties(t)
	o.Fout = func(error) {} // the index can't be synced either
	s, err := Open(bg, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		must(t, s, storetest.Nieuw(storetest.A))
	}
	size, err := s.Size(bg, storetest.A)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("acknowledged", size)
	storetest.RefuseSyncs(t)
	e := storetest.Nieuw(storetest.A)
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{e}); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("first append: %v", err)
	}
	begin := time.Now()
	for range 3 {
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
			t.Errorf("later append: %v", err)
		}
	}
	if d := time.Since(begin); d > time.Minute {
		t.Errorf("refusing took %v", d)
	}
	if n, err := s.Size(bg, storetest.A); err != nil || n != size {
		t.Errorf("%d versions visible, %v, want the %d that are durable", n, err, size)
	}
	if err := s.Ready(bg); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("Ready: %v", err)
	}
	if err := s.Close(); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("Close: %v", err)
	}
}
