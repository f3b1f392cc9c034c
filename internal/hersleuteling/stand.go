package hersleuteling

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Stand is what a running register tells of the keys of an organisation, in a file beside them: an embedded store that is in
// use can't be asked. It holds no secret.
type Stand struct {
	Moment    time.Time            `json:"moment"`             // when it was written: within two minutes while the register runs
	Gebruik   map[string]uint16    `json:"gebruik"`            // number of the key that is written with, by kind
	Bekend    map[string]time.Time `json:"bekend"`             // by name, of keys that came after the first of their kind
	Gebrek    string               `json:"gebrek,omitempty"`   // why nothing is accepted
	Doel      string               `json:"doel,omitempty"`     // the keys to rewrite with; empty: there are no older ones
	Voortgang *Voortgang           `json:"voortgang,omitzero"` // of the last rewriting
	Vervallen map[string]time.Time `json:"vervallen,omitzero"` // by name, since when keys are retired: nobody asks for their files
	Nodig     map[string]Nodig     `json:"nodig,omitzero"`     // by name, of old sealing keys once all was rewritten and counted
	Geweigerd map[string]string    `json:"geweigerd,omitzero"` // by name, why a key was not retired when that was asked last
}

// Nodig is what needs an old sealing key.
type Nodig struct {
	Versies    uint64 `json:"versies"`    // of the log
	Documenten uint64 `json:"documenten"` // of the rooms
}

// Niets tells whether nothing does.
func (n Nodig) Niets() bool { return n == Nodig{} }

// Vrij are the names of old sealing keys that nothing needs and that are not retired, in order.
func (s *Stand) Vrij() (namen []string) {
	for _, naam := range slices.Sorted(maps.Keys(s.Nodig)) {
		if s.Nodig[naam].Niets() {
			namen = append(namen, naam)
		}
	}
	return namen
}

// Zegelnummer gives the number of a sealing key by its name ("zegel-2"); false of another kind of key.
func Zegelnummer(naam string) (uint16, bool) {
	tekst, ok := strings.CutPrefix(naam, betrokkene.SoortZegel+"-")
	n, err := strconv.ParseUint(tekst, 10, 16)
	return uint16(n), ok && err == nil
}

// WaaromBlijft says why a key that is no sealing key is not retired: for an operator, as a sentence.
func WaaromBlijft(naam string) string {
	if strings.HasPrefix(naam, betrokkene.SoortTeken+"-") {
		return naam + " blijft: met de openbare sleutel ervan zijn eerdere checkpoints te controleren. Ondertekenen doet hij vanzelf niet meer."
	}
	return naam + " blijft: herstelcodes, pseudoniemen van medewerkers en de geschiedenis van inwoners worden ermee vergeleken, en die zijn er niet uit te herleiden."
}

// Klaar tells whether all versions, and all documents of the rooms, are under the newest keys.
func (s *Stand) Klaar() bool {
	return s.Doel == "" || s.Voortgang != nil && s.Voortgang.Doel == s.Doel && s.Voortgang.AllesKlaar()
}

func pad(dir, oin string) string { return filepath.Join(dir, oin, "stand.json") }

// Lees gives what was written last; nil when nothing was.
func Lees(dir, oin string) (*Stand, error) {
	tekst, err := os.ReadFile(pad(dir, oin))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var s Stand
	if err == nil {
		err = json.Unmarshal(tekst, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("read state of the keys: %w", err)
	}
	return &s, nil
}

// Schrijf replaces it as a whole. It need not be durable: it is written again every minute.
func (s *Stand) Schrijf(dir, oin string) error {
	tekst, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(pad(dir, oin)), ".stand-*")
	if err == nil {
		defer os.Remove(f.Name())
		_, err = f.Write(tekst)
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(f.Name(), pad(dir, oin))
		}
	}
	if err != nil {
		return fmt.Errorf("write state of the keys: %w", err)
	}
	return nil
}
