package bestand_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

// A lock ends when it is given free, also while a child that is being started holds the same open file.
func TestALockEndsWhateverAChildHolds(t *testing.T) {
	t.Parallel()
	pad := filepath.Join(t.TempDir(), "slot")
	open := func() *os.File {
		f, err := os.OpenFile(pad, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	een, ander := open(), open()
	defer ander.Close()
	if err := bestand.Vergrendel(een); err != nil {
		t.Fatal(err)
	}
	if err := bestand.Vergrendel(ander); !errors.Is(err, bestand.ErrBezet) {
		t.Fatalf("taken twice: %v", err)
	}
	kind, err := syscall.Dup(int(een.Fd())) // what a child has between fork and exec
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(kind)
	if err := bestand.Ontgrendel(een); err != nil {
		t.Fatal(err)
	}
	if err := bestand.Vergrendel(ander); err != nil {
		t.Errorf("given free: %v", err)
	}
}
