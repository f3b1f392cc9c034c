package keten

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"go.yaml.in/yaml/v3"
)

// What is in the directory of a landscape, beside a directory for each register.
const (
	bestandBriefje  = "LEESMIJ.txt" // says whose directory it is; locked while a landscape runs
	bestandGeheimen = "geheimen.yaml"
	bestandPersonen = "personen.db"
	inhoudBriefje   = "Deze map is van verantwoord dev --keten: een demonstratie met fictieve gegevens.\nU mag haar weggooien; de volgende start maakt een nieuwe.\n"
	alleenEigenaar  = 0o600
	alleenInMap     = 0o700
)

// ketenMap is the directory of a landscape, locked by this process.
type ketenMap struct {
	naam, dir string // as typed, and absolute
	slot      *os.File
}

// openMap makes the directory or takes it into use again. One that holds something else is refused, and so is one that
// another process uses.
func openMap(naam string) (*ketenMap, error) {
	dir, err := filepath.Abs(naam)
	if err != nil {
		return nil, fmt.Errorf("find directory: %w", err)
	}
	m := &ketenMap{naam: filepath.Clean(naam), dir: dir}
	if err := os.MkdirAll(dir, alleenInMap); err != nil {
		return nil, fmt.Errorf("de map %s kan niet worden gemaakt: %w", m.naam, err)
	}
	briefje, err := os.ReadFile(m.pad(bestandBriefje))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.naam, err)
		}
		if len(entries) > 0 {
			return nil, fmt.Errorf("in de map %s staat al iets anders; kies met --map een lege map", m.naam)
		}
	case err != nil:
		return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.naam, err)
	case string(briefje) != inhoudBriefje && len(briefje) > 0: // empty: interrupted while it was written
		return nil, fmt.Errorf("de map %s is niet van deze demonstratie; kies met --map een lege map", m.naam)
	}
	f, err := os.OpenFile(m.pad(bestandBriefje), os.O_CREATE|os.O_RDWR, alleenEigenaar)
	if err != nil {
		return nil, fmt.Errorf("in de map %s kan niet worden geschreven: %w", m.naam, err)
	}
	// The lock ends with the process, however it ends.
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("de demonstratie in %s draait al; stop die, of kies met --map een andere map", m.naam)
		}
		return nil, errors.Join(err, f.Close())
	}
	if _, err := f.WriteAt([]byte(inhoudBriefje), 0); err != nil {
		return nil, errors.Join(fmt.Errorf("write note: %w", err), f.Close())
	}
	m.slot = f
	return m, nil
}

func (m *ketenMap) pad(delen ...string) string {
	return filepath.Join(append([]string{m.dir}, delen...)...)
}

func (m *ketenMap) close() { _ = m.slot.Close() } // which unlocks; nothing was left to write

// geheimen gives the secret of each name: made once, random, and kept for the owner alone.
func (m *ketenMap) geheimen(namen ...string) (map[string]string, error) {
	uit := map[string]string{}
	raw, err := os.ReadFile(m.pad(bestandGeheimen))
	if err == nil {
		err = yaml.Unmarshal(raw, &uit)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is niet te lezen; gooi de map %s weg om opnieuw te beginnen", bestandGeheimen, m.naam)
	}
	for _, n := range namen {
		if uit[n] == "" {
			uit[n] = rand.Text() + rand.Text()
		}
	}
	return uit, schrijfYAML(m.pad(bestandGeheimen), uit)
}

// schrijfYAML replaces a file as a whole, readable by the owner alone.
func schrijfYAML(pad string, inhoud any) error {
	b, err := yaml.Marshal(inhoud)
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(pad), err)
	}
	if err := os.MkdirAll(filepath.Dir(pad), alleenInMap); err != nil {
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
