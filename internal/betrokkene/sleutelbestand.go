package betrokkene

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	sleutelSize = 32
	maxBestand  = 1024 // bytes of a key file that are looked at; 65 are used
	keySuffix   = ".key"
)

// The kinds of keys. SoortTeken is the Ed25519 seed of the checkpoints' signature.
const (
	SoortHandle = "handle"
	SoortZegel  = "zegel"
	SoortTeken  = "teken"
)

// Soorten are all kinds of keys.
var Soorten = []string{SoortHandle, SoortZegel, SoortTeken}

// naam is the name of a key: kind and number, from 1.
type naam struct {
	soort  string
	nummer uint16
}

func (n naam) String() string  { return n.soort + "-" + strconv.Itoa(int(n.nummer)) }
func (n naam) bestand() string { return n.String() + keySuffix }

var naamText = regexp.MustCompile(`^(handle|zegel|teken)-([1-9][0-9]{0,4})$`)

func parseNaam(text string) (naam, bool) {
	m := naamText.FindStringSubmatch(text)
	if m == nil {
		return naam{}, false
	}
	n, err := strconv.ParseUint(m[2], 10, 16)
	return naam{m[1], uint16(n)}, err == nil
}

// sleutelmap holds the keys of one organisation.
type sleutelmap map[naam][]byte

// nummers gives the numbers of one kind, newest first.
func (m sleutelmap) nummers(soort string) []uint16 {
	var out []uint16
	for n := range m {
		if n.soort == soort {
			out = append(out, n.nummer)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// readSleutels reads the keys in a directory; one that does not exist holds none. Files with other
// names are left alone. stuk says by name which files can't be used.
func readSleutels(dir string) (keys sleutelmap, stuk map[naam]error, err error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return sleutelmap{}, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look at directory of keys: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return nil, nil, fout.New(fout.CodeIntern, fmt.Sprintf(
			"Anderen mogen schrijven in de sleutelmap %s (rechten %04o): geef alleen de eigenaar toegang (chmod 700) en start opnieuw.", dir, mode))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("list directory of keys: %w", err)
	}
	keys, stuk = sleutelmap{}, map[naam]error{}
	for _, e := range entries {
		base, isKey := strings.CutSuffix(e.Name(), keySuffix)
		n, known := parseNaam(base)
		if !isKey || !known {
			continue
		}
		if key, err := readSleutel(filepath.Join(dir, e.Name())); err != nil {
			stuk[n] = err
		} else {
			keys[n] = key
		}
	}
	return keys, stuk, nil
}

// readAlle reads the keys in a directory, and fails when one can't be used.
func readAlle(dir string) (sleutelmap, error) {
	return readBruikbaar(dir, nil)
}

// readBruikbaar is readAlle without what is retired.
func readBruikbaar(dir string, known map[string]string) (sleutelmap, error) {
	keys, stuk, err := readSleutels(dir)
	if err != nil {
		return nil, err
	}
	zonderVervallen(keys, stuk, known)
	for _, n := range slices.SortedFunc(maps.Keys(stuk), byNaam) {
		return nil, stuk[n]
	}
	return keys, nil
}

func byNaam(a, b naam) int {
	return cmp.Or(cmp.Compare(a.nummer, b.nummer), cmp.Compare(a.soort, b.soort))
}

// readSleutel reads one key. What is in the file never gets into an error.
func readSleutel(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fout.Wrap(fout.CodeIntern, fmt.Sprintf(
			"Sleutelbestand %s is niet te lezen: geef het register leesrechten en start opnieuw.", path), err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at key file: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fout.New(fout.CodeIntern, fmt.Sprintf(
			"Sleutelbestand %s is toegankelijk voor anderen dan de eigenaar (rechten %04o): herstel dat (chmod 600) en start opnieuw.", path, mode))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxBestand))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	key := make([]byte, sleutelSize)
	text = bytes.TrimSpace(text)
	if len(text) == hex.EncodedLen(sleutelSize) {
		if _, err := hex.Decode(key, text); err == nil {
			return key, nil
		}
	}
	return nil, fout.New(fout.CodeIntern, fmt.Sprintf(
		"Sleutelbestand %s is beschadigd, want het bevat geen 64 hexadecimale cijfers: zet het terug uit de reservekopie en start opnieuw.", path))
}

// createSleutel makes a new random key. When the file is there already it stays as it is, also
// when another node makes it at this very moment. The order makes a crash harmless: the content is
// on disk before the file has its name, and the caller syncs the directory before it relies on it.
func createSleutel(path string) (made bool, err error) {
	key := make([]byte, sleutelSize)
	rand.Read(key) // never fails: the process stops instead
	temp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false, fmt.Errorf("create key file: %w", err)
	}
	defer os.Remove(temp)
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	// A rename would replace a file that is there; a link never does.
	switch err := os.Link(temp, path); {
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("name key file: %w", err)
	}
	return true, nil
}

// makeDir makes a directory that only its owner can enter, and those above it, and makes their
// names durable.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make directory of keys: %w", err)
	}
	return syncPath(parent)
}

// syncPath makes the content of a file, or the names in a directory, durable.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync keys: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync keys: %w", err)
	}
	return nil
}
