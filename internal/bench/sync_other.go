//go:build !linux

package bench

import "os"

// syncData flushes a file; other systems have no cheaper call.
func syncData(f *os.File) error { return f.Sync() }
