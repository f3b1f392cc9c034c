package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Map remembers the last checkpoint of each tree in files beside the keys, <oin>/checkpoint-<boom>: a store and the keys
// are kept apart, so whoever puts back an older store leaves them. They hold no secret.
type Map string

func (m Map) pad(oin string, b bewijs.Boom) string {
	return filepath.Join(string(m), oin, "checkpoint-"+string(b))
}

// Lees implements Geheugen.
func (m Map) Lees(oin string, b bewijs.Boom) ([]byte, error) {
	tekst, err := os.ReadFile(m.pad(oin, b))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read last checkpoint beside the keys: %w", err)
	}
	return tekst, nil
}

// Schrijf implements Geheugen: the file is replaced as a whole, and durable.
func (m Map) Schrijf(oin string, b bewijs.Boom, tekst []byte) error {
	pad := m.pad(oin, b)
	f, err := os.CreateTemp(filepath.Dir(pad), ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("write last checkpoint beside the keys: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(tekst)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), pad)
	}
	if err != nil {
		return fmt.Errorf("write last checkpoint beside the keys: %w", err)
	}
	return nil
}
