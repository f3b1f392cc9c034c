// Package proefmap is the directory of a demonstration on this machine: marked as its own by a note, so that what somebody else
// keeps there is left alone, and locked while it runs. Errors are for the person at the keyboard: Dutch where that person can
// mend it. Only a build for demonstrations holds it.
package proefmap

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

// Briefje is the file that says whose directory it is; it is locked while a demonstration runs.
const Briefje = "LEESMIJ.txt"

const (
	alleenEigenaar      = 0o600
	alleenEigenaarInMap = 0o700
)

// Map is such a directory, locked by this process.
type Map struct {
	Naam string // as typed, for people
	Dir  string // absolute
	slot *os.File
}

// Open makes the directory or takes it into use again. One that holds something else than this note (or nothing) is refused, and
// so is one that another process uses.
func Open(naam, briefje string) (*Map, error) {
	dir, err := filepath.Abs(naam)
	if err != nil {
		return nil, fmt.Errorf("find directory: %w", err)
	}
	m := &Map{Naam: filepath.Clean(naam), Dir: dir}
	if err := os.MkdirAll(dir, alleenEigenaarInMap); err != nil {
		return nil, fmt.Errorf("de map %s kan niet worden gemaakt: %w", m.Naam, err)
	}
	was, err := os.ReadFile(m.Pad(Briefje))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.Naam, err)
		}
		if len(entries) > 0 {
			return nil, fmt.Errorf("in de map %s staat al iets anders; kies met --map een lege map", m.Naam)
		}
	case err != nil:
		return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.Naam, err)
	case string(was) != briefje && len(was) > 0: // empty: interrupted while it was written
		return nil, fmt.Errorf("de map %s is niet van deze demonstratie; kies met --map een lege map", m.Naam)
	}
	if err := m.lock(briefje); err != nil {
		return nil, err
	}
	return m, nil
}

// lock keeps a second demonstration out until this process ends, however it ends.
func (m *Map) lock(briefje string) error {
	f, err := os.OpenFile(m.Pad(Briefje), os.O_CREATE|os.O_RDWR, alleenEigenaar)
	if err != nil {
		return fmt.Errorf("in de map %s kan niet worden geschreven: %w", m.Naam, err)
	}
	if err := bestand.Vergrendel(f); err != nil {
		if errors.Is(err, bestand.ErrBezet) {
			err = fmt.Errorf("de demonstratie in %s draait al; stop die, of kies met --map een andere map", m.Naam)
		}
		return errors.Join(err, f.Close())
	}
	if _, err := f.WriteAt([]byte(briefje), 0); err != nil {
		return errors.Join(fmt.Errorf("write note: %w", err), f.Close())
	}
	m.slot = f
	return nil
}

// Close lets another take it.
func (m *Map) Close() { _ = bestand.Ontgrendel(m.slot) } // nothing was left to write

// Pad is the path of something in it.
func (m *Map) Pad(delen ...string) string {
	return filepath.Join(append([]string{m.Dir}, delen...)...)
}

// SchrijfYAML replaces a file as a whole, readable by the owner alone, and makes its directory.
func SchrijfYAML(pad string, inhoud any) error {
	b, err := yaml.Marshal(inhoud)
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(pad), err)
	}
	if err := os.MkdirAll(filepath.Dir(pad), alleenEigenaarInMap); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(pad), err)
	}
	if err := os.WriteFile(pad+".nieuw", b, alleenEigenaar); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(pad), err)
	}
	if err := os.Rename(pad+".nieuw", pad); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(pad), err)
	}
	return nil
}
