// Package bestand locks files, and writes those of which half is worse than none: what a witness saw, the last checkpoint beside the keys, what an
// auditor remembers. A reader sees the old file or the new one, whatever happens in between.
package bestand

import (
	"errors"
	"os"
	"path/filepath"
)

// Vervang replaces a file as a whole, or makes it, for the owner alone (mode 0600). When it returns nil both what is in it and its name
// are on disk. After an error either the old file or the new one stands there.
func Vervang(pad string, inhoud []byte) error {
	f, err := os.CreateTemp(filepath.Dir(pad), ".nieuw-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(inhoud)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), pad)
	}
	if err != nil {
		return err
	}
	return Sync(filepath.Dir(pad))
}

// Sync puts the names in a directory on disk.
func Sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
