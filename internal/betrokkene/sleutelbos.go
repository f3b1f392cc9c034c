package betrokkene

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Vingerafdrukken is what the store keeps of the keys, so that it is never used with other ones.
type Vingerafdrukken interface {
	// Vingerafdrukken gives the fingerprints (hexadecimal) of an organisation by the name of the
	// key ("handle-1"); none for an organisation that is new.
	Vingerafdrukken(ctx context.Context, oin string) (map[string]string, error)
	// BewaarVingerafdrukken durably adds all or none. A name that is there keeps the fingerprint
	// it has, which is no error: another node may add the same at the same time.
	BewaarVingerafdrukken(ctx context.Context, oin string, nieuw map[string]string) error
}

// Sleutelbos holds the keys of all organisations of this process. It is immutable and safe for
// concurrent use.
type Sleutelbos struct {
	sleutels map[string]*Sleutels
}

// Organisatie gives the keyring of an organisation, false for one that was not opened.
func (b *Sleutelbos) Organisatie(oin string) (*Sleutels, bool) {
	s, ok := b.sleutels[oin]
	return s, ok
}

var oinText = regexp.MustCompile(`^[0-9]{20}$`)

// Open reads the keys of the organisations from dir/<oin>. For an organisation that the store does
// not know it makes what is missing, and adds the fingerprints; a key with a higher number than
// the store knows is taken as the next one. It fails, with a Fout that names the file and the way
// out, when a key that the store knows is missing or another one, when others than the owner can
// get at it, when it is damaged, or when one key is used twice.
func Open(ctx context.Context, dir string, organisaties []string, v Vingerafdrukken) (*Sleutelbos, error) {
	b := &Sleutelbos{sleutels: map[string]*Sleutels{}}
	seen := map[string]string{} // fingerprint to path
	for _, oin := range organisaties {
		if b.sleutels[oin] != nil {
			continue
		}
		if !oinText.MatchString(oin) {
			return nil, fout.New(fout.CodeIntern, "Een organisatie in de configuratie heeft geen OIN van 20 cijfers: verbeter de configuratie en start opnieuw.")
		}
		own := filepath.Join(dir, oin)
		keys, err := openOrganisatie(ctx, own, oin, v)
		if err != nil {
			return nil, fmt.Errorf("open keys of organisation %s: %w", oin, err)
		}
		for n, key := range keys {
			path, afdruk := filepath.Join(own, n.bestand()), vingerafdruk(key)
			if other, twice := seen[afdruk]; twice {
				return nil, fout.New(fout.CodeIntern, fmt.Sprintf(
					"Sleutelbestanden %s en %s bevatten dezelfde sleutel: geef elke organisatie, soort en nummer een eigen sleutel en start opnieuw.", other, path))
			}
			seen[afdruk] = path
		}
		if b.sleutels[oin], err = newSleutels(keys); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func openOrganisatie(ctx context.Context, dir, oin string, v Vingerafdrukken) (sleutelmap, error) {
	// First the store, then the files: another node makes files before it tells the store.
	known, err := v.Vingerafdrukken(ctx, oin)
	if err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	keys, err := readSleutels(dir)
	if err != nil {
		return nil, err
	}
	if err := checkBekend(dir, keys, known); err != nil {
		return nil, err
	}
	if keys, err = complete(dir, keys); err != nil {
		return nil, err
	}

	added := map[string]string{}
	for n, key := range keys {
		if _, ok := known[n.String()]; !ok {
			added[n.String()] = vingerafdruk(key)
			if err := syncPath(filepath.Join(dir, n.bestand())); err != nil {
				return nil, err
			}
		}
	}
	if len(added) == 0 {
		return keys, nil
	}
	// Whoever made the files: they are durable before the store relies on them.
	if err := syncPath(dir); err != nil {
		return nil, err
	}
	if err := v.BewaarVingerafdrukken(ctx, oin, added); err != nil {
		return nil, fmt.Errorf("save fingerprints: %w", err)
	}
	// Another node with another directory may have been first: then its keys count.
	if known, err = v.Vingerafdrukken(ctx, oin); err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	for name := range added {
		if known[name] == "" {
			return nil, fmt.Errorf("save fingerprints: %s is not there after saving", name)
		}
	}
	return keys, checkBekend(dir, keys, known)
}

// complete makes the first key of each kind of which there is none, and then reads all again: what
// another node made first is what counts.
func complete(dir string, keys sleutelmap) (sleutelmap, error) {
	missing := false
	for _, soort := range soorten {
		if len(keys.nummers(soort)) > 0 {
			continue
		}
		missing = true
		if err := makeDir(dir); err != nil {
			return nil, err
		}
		if err := createSleutel(filepath.Join(dir, naam{soort, 1}.bestand())); err != nil {
			return nil, err
		}
	}
	if !missing {
		return keys, nil
	}
	return readSleutels(dir)
}

// checkBekend compares the keys on disk with the fingerprints the store knows.
func checkBekend(dir string, keys sleutelmap, known map[string]string) error {
	highest := map[string]uint16{}
	for name, afdruk := range known {
		n, ok := parseNaam(name)
		if !ok {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Het register gebruikt een sleutel %q die deze versie van het programma niet kent: start de nieuwere versie.", name))
		}
		highest[n.soort] = max(highest[n.soort], n.nummer)
		path := filepath.Join(dir, n.bestand())
		key, ok := keys[n]
		if !ok {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s ontbreekt, terwijl het register deze sleutel gebruikt: zet het terug uit de reservekopie, of geef dit proces dezelfde sleutelmap als de andere, en start opnieuw.", path))
		}
		if subtle.ConstantTimeCompare([]byte(vingerafdruk(key)), []byte(afdruk)) != 1 {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s bevat een andere sleutel dan het register gebruikt: zet het juiste bestand terug uit de reservekopie, of geef dit proces dezelfde sleutelmap als de andere, en start opnieuw.", path))
		}
	}
	for n := range keys {
		if _, ok := known[n.String()]; !ok && n.nummer < highest[n.soort] {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s is onbekend en heeft een lager nummer dan een sleutel die het register al gebruikt: geef een nieuwe sleutel een hoger nummer, of haal het bestand weg, en start opnieuw.", filepath.Join(dir, n.bestand())))
		}
	}
	return nil
}

// vingerafdruk recognises a key without telling it: the key is random, so its hash can't be guessed.
func vingerafdruk(key []byte) string {
	h := sha256.New()
	h.Write([]byte("verantwoord/vingerafdruk/v1"))
	h.Write(key)
	return hex.EncodeToString(h.Sum(nil))
}
