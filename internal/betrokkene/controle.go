package betrokkene

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Controleer judges the keys of the organisations in dir as Open does, and makes or saves nothing.
// bekend holds the fingerprints the store knows, by OIN and name of the key. It gives the keyring of
// all that are whole, and by OIN why others are not. An organisation that is new to the store and has
// no keys yet is in neither.
func Controleer(dir string, organisaties []string, bekend map[string]map[string]string) (*Sleutelbos, map[string]error) {
	b := &Sleutelbos{sleutels: map[string]*Sleutels{}}
	fouten := map[string]error{}
	seen := map[string]string{} // fingerprint to path
	for _, oin := range slices.Compact(slices.Sorted(slices.Values(organisaties))) {
		own := filepath.Join(dir, oin)
		keys, err := readBruikbaar(own, bekend[oin])
		if err == nil {
			err = errors.Join(checkBekend(own, keys, bekend[oin]), checkNieuw(own, keys, bekend[oin]))
		}
		for _, n := range slices.SortedFunc(maps.Keys(keys), byNaam) {
			path, afdruk := filepath.Join(own, n.bestand()), vingerafdruk(keys[n])
			if other, twice := seen[afdruk]; twice && err == nil {
				err = fout.New(fout.CodeIntern, fmt.Sprintf("Sleutelbestanden %s en %s bevatten dezelfde sleutel: geef elke organisatie, soort en nummer een eigen sleutel.", other, path))
			}
			seen[afdruk] = path
		}
		switch {
		case err != nil:
			fouten[oin] = err
		case !slices.ContainsFunc(Soorten, func(s string) bool { return len(keys.nummers(s)) == 0 }):
			if b.sleutels[oin], err = newSleutels(keys, vervallenVan(bekend[oin])); err != nil {
				fouten[oin] = err
				delete(b.sleutels, oin)
			}
		}
	}
	return b, fouten
}
