package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/verantwoord/verantwoord/internal/bestand"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// The files of a store, beside SQLite's own -wal and -shm.
const (
	logBestand   = "log.db"
	indexBestand = "index.db"
	slotBestand  = "slot"
)

// ErrInGebruik is wrapped by the error of Open when another process has the store open.
var ErrInGebruik = errors.New("store is in use")

// makeDir creates dir for the owner alone and makes its name durable.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return bestand.Sync(filepath.Dir(dir))
}

// takeSlot locks the directory until bestand.Ontgrendel or until the process ends, however it ends.
func takeSlot(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, slotBestand), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file of store: %w", err)
	}
	err = bestand.Vergrendel(f)
	if errors.Is(err, bestand.ErrBezet) {
		f.Close()
		return nil, fout.Wrap(fout.CodeNietBeschikbaar,
			"De opslag "+dir+" is al in gebruik door een ander proces; stop dat eerst of kies een andere map.", ErrInGebruik)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock store: %w", err)
	}
	return f, nil
}

// makeFile makes sure that a database file exists with mode 0600, which SQLite copies to its -wal
// and -shm, and that its name is durable.
func makeFile(pad string) error {
	f, err := os.OpenFile(pad, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return err
	}
	return bestand.Sync(filepath.Dir(pad))
}
