package telemetry

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bestand is a file to which records are added, for its owner alone, and that can be opened anew
// after it was moved away.
type Bestand struct {
	path   string
	logger *slog.Logger

	mu    sync.Mutex
	f     *os.File
	stuk  bool // the last write failed, and that was said
	dicht bool
}

// OpenBestand opens the file, which it makes when needed. It refuses, with the way out in Dutch, one
// that others can get at. What can't be written later is said by logger.
func OpenBestand(path string, logger *slog.Logger) (*Bestand, error) {
	b := &Bestand{path: path, logger: logger}
	if err := b.Reopen(); err != nil {
		return nil, err
	}
	return b, nil
}

// Reopen opens the file by its name again: for whoever moved it away. After an error the old one
// stays in use.
func (b *Bestand) Reopen() error {
	f, err := os.OpenFile(b.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fout.Wrap(fout.CodeIntern, fmt.Sprintf("Het auditbestand %s is niet te openen: maak de map en geef de dienst schrijfrechten, of haal audit.bestand weg.", b.path), err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fout.New(fout.CodeIntern, fmt.Sprintf("Het auditbestand %s is toegankelijk voor anderen dan de eigenaar (rechten %04o): herstel dat (chmod 600).", b.path, info.Mode().Perm()))
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dicht {
		return f.Close()
	}
	old := b.f
	b.f, b.stuk = f, false
	if old != nil {
		return old.Close()
	}
	return nil
}

// Write adds a record. Nobody waits for the outcome, so a failure is said here, once until it is over.
func (b *Bestand) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.f.Write(p)
	if err != nil && !b.stuk {
		b.logger.Error("audit can't be written; records are lost until this is mended", "oorzaak", err.Error())
	}
	b.stuk = err != nil
	return n, err
}

// Close closes the file.
func (b *Bestand) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dicht {
		return nil
	}
	b.dicht = true
	return b.f.Close()
}
