package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/bestand"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Map remembers the last checkpoint of each tree in files beside the keys, <oin>/checkpoint-<boom>, and of each epoch after the
// first, with -<nummer> behind it: a store and the keys are kept apart, so whoever puts back an older store leaves them. They
// hold no secret.
type Map string

func (m Map) pad(oin string, b bewijs.Boom, tijdvak uint32) string {
	naam := "checkpoint-" + string(b)
	if tijdvak > 1 {
		naam += fmt.Sprintf("-%d", tijdvak)
	}
	return filepath.Join(string(m), oin, naam)
}

// Lees implements Geheugen.
func (m Map) Lees(oin string, b bewijs.Boom) (uit [][]byte, err error) {
	in, err := os.ReadDir(filepath.Join(string(m), oin))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range in {
		naam, is := strings.CutPrefix(e.Name(), "checkpoint-"+string(b))
		nr, fout := strconv.ParseUint(strings.TrimPrefix(naam, "-"), 10, 32)
		if !is || naam != "" && (fout != nil || naam != fmt.Sprintf("-%d", nr)) {
			continue
		}
		var tekst []byte
		if tekst, err = os.ReadFile(filepath.Join(string(m), oin, e.Name())); err != nil {
			break
		}
		uit = append(uit, tekst)
	}
	if err != nil {
		return nil, fmt.Errorf("read last checkpoint beside the keys: %w", err)
	}
	return uit, nil
}

// Schrijf implements Geheugen: the file is replaced as a whole, and durable.
func (m Map) Schrijf(oin string, b bewijs.Boom, tekst []byte) error {
	_, tijdvak := bewijs.Basis(bewijs.OriginVan(tekst))
	if err := bestand.Vervang(m.pad(oin, b, tijdvak), tekst); err != nil {
		return fmt.Errorf("write last checkpoint beside the keys: %w", err)
	}
	return nil
}
