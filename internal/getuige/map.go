package getuige

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

// Map keeps what a witness saw in files: for each log <digest of its origin>.checkpoint, the signed note with the cosignature, and
// beside it <digest>.<digest>.tegenspraak or .onbewezen for what does not go with it.
type Map struct {
	dir  string
	slot *os.File
}

// maxBewaard is how many notes of one kind are kept of a log.
const maxBewaard = 20

// Open opens the witness naam: its seed in the file sleutel, and what it saw in dir. Both are made when neither is there; one
// without the other is refused, since a witness that forgot what it saw would cosign anything. One process at a time has a
// directory. Errors are for an operator, in Dutch.
func Open(naam, sleutel, dir string) (*Ondertekenaar, *Map, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("de map voor wat de getuige zag is niet te maken: %w", err)
	}
	slot, err := os.OpenFile(filepath.Join(dir, "slot"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("de map voor wat de getuige zag is niet te gebruiken: %w", err)
	}
	m := &Map{dir, slot}
	if err := bestand.Vergrendel(slot); err != nil {
		return nil, nil, errors.Join(errors.New("een andere getuige gebruikt deze map; stop die eerst, of kies een andere map"), m.Close())
	}
	o, err := m.open(naam, sleutel)
	if err != nil {
		return nil, nil, errors.Join(err, m.Close())
	}
	return o, m, nil
}

// Close frees the directory.
func (m *Map) Close() error { return bestand.Ontgrendel(m.slot) }

// open reads the seed. The file sleutel in the directory names the key that what was seen belongs to. A seed has its own name once
// that is written: a crash before leaves one that never signed, and the next start goes on with it.
func (m *Map) open(naam, pad string) (*Ondertekenaar, error) {
	merk, err := os.ReadFile(filepath.Join(m.dir, "sleutel"))
	gebruikt := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("de map met wat de getuige zag is niet te lezen: %w", err)
	}
	zaad, err := leesZaad(pad)
	vers := errors.Is(err, fs.ErrNotExist)
	if vers {
		zaad, err = leesZaad(pad + nieuw)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && gebruikt:
		return nil, errors.New("het sleutelbestand van de getuige is weg; zet het terug, of begin met een nieuwe sleutel en een lege map")
	case errors.Is(err, fs.ErrNotExist):
		zaad = make([]byte, 32)
		_, _ = rand.Read(zaad) // it never fails
		err = bestand.Vervang(pad+nieuw, zaad)
	case err == nil && !vers && !gebruikt:
		return nil, errors.New("de map met wat de getuige zag is leeg, en zijn sleutel niet nieuw; zet de map terug, of begin met een nieuwe sleutel")
	}
	if err != nil {
		return nil, err
	}
	o, err := NewOndertekenaar(naam, zaad)
	if err != nil {
		return nil, fmt.Errorf("de naam van de getuige kan niet; gebruik een adres zonder https://, spatie of plus: %w", err)
	}
	if gebruikt && strings.TrimSpace(string(merk)) != o.Publiek() {
		return nil, errors.New("de map met wat de getuige zag is van een andere naam of sleutel; zet de goede terug, of begin met een nieuwe sleutel en een lege map")
	}
	if !gebruikt {
		err = m.vervang("sleutel", []byte(o.Publiek()+"\n"))
	}
	if err == nil && vers {
		if err = os.Rename(pad+nieuw, pad); err == nil {
			err = bestand.Sync(filepath.Dir(pad))
		}
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// nieuw ends the name of a seed that is being made.
const nieuw = ".nieuw"

func leesZaad(pad string) ([]byte, error) {
	f, err := os.Open(pad)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if s.Mode().Perm()&0o077 != 0 {
		return nil, errors.New("het sleutelbestand van de getuige is voor anderen te lezen; zet de rechten op 0600")
	}
	zaad, err := os.ReadFile(pad)
	if err == nil && len(zaad) != 32 {
		err = errors.New("het sleutelbestand van de getuige heeft geen 32 bytes; zet het goede terug")
	}
	return zaad, err
}

// naamVan names the file of a log; its origin may hold anything.
func naamVan(origin string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(origin)))[:32] }

// Lees implements Standen.
func (m *Map) Lees(origin string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(m.dir, naamVan(origin)+".checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Schrijf implements Standen.
func (m *Map) Schrijf(origin string, tekst []byte) error {
	return m.vervang(naamVan(origin)+".checkpoint", tekst)
}

// Bewaar implements Standen.
func (m *Map) Bewaar(origin, soort string, tekst []byte) error {
	l, err := m.Bewaard(origin, soort)
	if err != nil || len(l) >= maxBewaard {
		return err
	}
	return m.vervang(fmt.Sprintf("%s.%x.%s", naamVan(origin), sha256.Sum256(tekst), soort), tekst)
}

// Bewaard names the files with notes of a kind.
func (m *Map) Bewaard(origin, soort string) ([]string, error) {
	l, err := os.ReadDir(m.dir) // and no pattern, in which the name of the directory would mean something
	if err != nil {
		return nil, err
	}
	var uit []string
	for _, e := range l {
		if strings.HasPrefix(e.Name(), naamVan(origin)+".") && strings.HasSuffix(e.Name(), "."+soort) {
			uit = append(uit, filepath.Join(m.dir, e.Name()))
		}
	}
	return uit, nil
}

func (m *Map) vervang(naam string, inhoud []byte) error {
	return bestand.Vervang(filepath.Join(m.dir, naam), inhoud)
}
