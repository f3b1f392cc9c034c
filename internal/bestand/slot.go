package bestand

import (
	"errors"
	"os"
	"syscall"
)

// ErrBezet says that another process has the file.
var ErrBezet = errors.New("another process has the file locked")

// Vergrendel takes an open file for this process alone (flock(2)), until Ontgrendel or until the process ends, however it ends.
// ErrBezet: another one has it; nothing is waited for.
func Vergrendel(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBezet
	}
	return err
}

// Ontgrendel gives the file free and closes it. Closing alone would leave the lock, for a moment, with a child that this process is
// just starting: until it runs its own program it holds everything that was open.
func Ontgrendel(f *os.File) error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
}
