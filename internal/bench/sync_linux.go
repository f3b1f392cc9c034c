package bench

import (
	"os"
	"syscall"
)

// syncData flushes the data of a file, as SQLite does it.
func syncData(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
