package betrokkene

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"sync"
	"time"

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

// Momenten is since when the store knows a key that came after the first one.
type Momenten interface {
	// Momenten gives them by the name of the key. One that is not there was always known.
	Momenten(ctx context.Context, oin string) (map[string]time.Time, error)
	// BewaarMomenten durably adds all or none. A name that is there keeps the later moment.
	BewaarMomenten(ctx context.Context, oin string, nieuw map[string]time.Time) error
}

// Wachttijd is how long a new key is known before anything is written with it: each node has it by then.
const Wachttijd = time.Minute

// Opties are what a Sleutelbos of a register that runs needs beside the store.
type Opties struct {
	Momenten Momenten // nil: each key is in use at once
	Nu       func() time.Time
	Meld     func(error) // takes what is wrong with the keys while the process runs, for an operator
}

// Sleutelbos holds the keys of all organisations of this process. It is safe for concurrent use.
type Sleutelbos struct {
	dir      string
	oins     []string
	v        Vingerafdrukken
	o        Opties
	sleutels map[string]*Sleutels // the map itself never changes

	mu      sync.Mutex // one that reads the files at a time
	gezocht time.Time  // for a key that was not known
	gemeld  string
}

// Organisatie gives the keyring of an organisation, false for one that was not opened.
func (b *Sleutelbos) Organisatie(oin string) (*Sleutels, bool) {
	s, ok := b.sleutels[oin]
	return s, ok
}

var oinText = regexp.MustCompile(`^[0-9]{20}$`)

// Open is OpenMet with keys that are in use at once.
func Open(ctx context.Context, dir string, organisaties []string, v Vingerafdrukken) (*Sleutelbos, error) {
	return OpenMet(ctx, dir, organisaties, v, Opties{})
}

// OpenMet reads the keys of the organisations from dir/<oin>. For an organisation that the store does
// not know it makes what is missing, and adds the fingerprints; a key with a higher number than
// the store knows is taken as the next one, and in use after Wachttijd. It fails, with a Fout that names the file and the way
// out, when a key that the store knows is missing or another one, when others than the owner can
// get at it, when it is damaged, or when one key is used twice.
func OpenMet(ctx context.Context, dir string, organisaties []string, v Vingerafdrukken, o Opties) (*Sleutelbos, error) {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Meld == nil {
		o.Meld = func(error) {}
	}
	b := &Sleutelbos{dir: dir, v: v, o: o, sleutels: map[string]*Sleutels{}}
	seen := map[string]string{} // fingerprint to path
	for _, oin := range organisaties {
		if b.sleutels[oin] != nil {
			continue
		}
		if !oinText.MatchString(oin) {
			return nil, fout.New(fout.CodeIntern, "Een organisatie in de configuratie heeft geen OIN van 20 cijfers: verbeter de configuratie en start opnieuw.")
		}
		own := filepath.Join(dir, oin)
		keys, weg, err := b.openOrganisatie(ctx, own, oin, seen)
		if err != nil {
			return nil, fmt.Errorf("open keys of organisation %s: %w", oin, err)
		}
		wacht, err := b.wacht(ctx, oin, Wachttijd)
		if err != nil {
			return nil, err
		}
		r, err := newRing(keys, wacht, weg)
		if err != nil {
			return nil, err
		}
		s := &Sleutels{zoeken: b.zoek}
		s.nu.Store(r)
		b.sleutels[oin], b.oins = s, append(b.oins, oin)
	}
	return b, nil
}

// openOrganisatie gives the keys of an organisation, and which are retired. seen are those of the ones before, path by fingerprint.
func (b *Sleutelbos) openOrganisatie(ctx context.Context, dir, oin string, seen map[string]string) (keys sleutelmap, weg map[naam]bool, err error) {
	// First the store, then the files: another node makes files before it tells the store.
	known, err := b.v.Vingerafdrukken(ctx, oin)
	if err != nil {
		return nil, nil, fmt.Errorf("read fingerprints: %w", err)
	}
	if keys, err = readBruikbaar(dir, known); err != nil {
		return nil, nil, err
	}
	if err := checkBekend(dir, keys, known); err != nil {
		return nil, nil, err
	}
	if err := checkNieuw(dir, keys, known); err != nil {
		return nil, nil, err
	}
	if keys, err = complete(dir, keys); err != nil {
		return nil, nil, err
	}
	zonderVervallen(keys, nil, known)
	// Before the store is told: it would go on asking for a key that is refused.
	if err := checkDubbel(dir, keys, seen); err != nil {
		return nil, nil, err
	}
	if known, err = b.add(ctx, dir, oin, keys, known); err != nil {
		return nil, nil, err
	}
	return keys, vervallenVan(known), checkBekend(dir, keys, known)
}

// add tells the store of the keys that it does not know, and gives what it knows then.
func (b *Sleutelbos) add(ctx context.Context, dir, oin string, keys sleutelmap, known map[string]string) (map[string]string, error) {
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
		return known, nil
	}
	// Whoever made the files: they are durable before the store relies on them.
	if err := syncPath(dir); err != nil {
		return nil, err
	}
	// The moment before the fingerprint: a key that is known without one was always known.
	if err := b.begin(ctx, oin, added, known); err != nil {
		return nil, err
	}
	if err := b.v.BewaarVingerafdrukken(ctx, oin, added); err != nil {
		return nil, fmt.Errorf("save fingerprints: %w", err)
	}
	// Another node with another directory may have been first: then its keys count.
	known, err := b.v.Vingerafdrukken(ctx, oin)
	if err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	for name := range added {
		if known[name] == "" {
			return nil, fmt.Errorf("save fingerprints: %s is not there after saving", name)
		}
	}
	return known, nil
}

// begin notes since when keys are known that come after the first of their kind.
func (b *Sleutelbos) begin(ctx context.Context, oin string, added, known map[string]string) error {
	if b.o.Momenten == nil {
		return nil
	}
	eerder := map[string]bool{}
	for name := range known {
		if n, ok := parseNaam(name); ok {
			eerder[n.soort] = true
		}
	}
	momenten := map[string]time.Time{}
	for name := range added {
		if n, ok := parseNaam(name); ok && eerder[n.soort] {
			momenten[name] = b.o.Nu()
		}
	}
	if len(momenten) == 0 {
		return nil
	}
	if err := b.o.Momenten.BewaarMomenten(ctx, oin, momenten); err != nil {
		return fmt.Errorf("save since when keys are known: %w", err)
	}
	return nil
}

// wacht tells which keys are known for less than so long.
func (b *Sleutelbos) wacht(ctx context.Context, oin string, duur time.Duration) (map[naam]bool, error) {
	if b.o.Momenten == nil {
		return nil, nil
	}
	momenten, err := b.o.Momenten.Momenten(ctx, oin)
	if err != nil {
		return nil, fmt.Errorf("read since when keys are known: %w", err)
	}
	wacht, nu := map[naam]bool{}, b.o.Nu()
	for name, sinds := range momenten {
		if n, ok := parseNaam(name); ok && nu.Before(sinds.Add(duur)) {
			wacht[n] = true
		}
	}
	return wacht, nil
}

// complete makes the first key of each kind of which there is none, and then reads all again: what
// another node made first is what counts.
func complete(dir string, keys sleutelmap) (sleutelmap, error) {
	missing := false
	for _, soort := range Soorten {
		if len(keys.nummers(soort)) > 0 {
			continue
		}
		missing = true
		if err := makeDir(dir); err != nil {
			return nil, err
		}
		if _, err := createSleutel(filepath.Join(dir, naam{soort, 1}.bestand())); err != nil {
			return nil, err
		}
	}
	if !missing {
		return keys, nil
	}
	return readAlle(dir)
}

// checkBekend compares the keys on disk with the fingerprints the store knows.
func checkBekend(dir string, keys sleutelmap, known map[string]string) error {
	for name, afdruk := range known {
		n, ok := parseNaam(name)
		if _, _, weg := Vervallen(afdruk); weg {
			continue
		}
		if !ok {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Het register gebruikt een sleutel %q die deze versie van het programma niet kent: start de nieuwere versie.", name))
		}
		path := filepath.Join(dir, n.bestand())
		key, ok := keys[n]
		if !ok {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s ontbreekt, terwijl het register deze sleutel gebruikt: zet het terug uit de reservekopie, of geef dit proces dezelfde sleutelmap als de andere. Draait het register nog, dan gaat het vanzelf verder; start opnieuw als het niet draait.", path))
		}
		if subtle.ConstantTimeCompare([]byte(vingerafdruk(key)), []byte(afdruk)) != 1 {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s bevat een andere sleutel dan het register gebruikt: zet het juiste bestand terug uit de reservekopie, of geef dit proces dezelfde sleutelmap als de andere. Draait het register nog, dan gaat het vanzelf verder; start opnieuw als het niet draait.", path))
		}
	}
	return nil
}

// checkNieuw judges the keys on disk that the store does not know: each must be the next one, and none that was retired.
func checkNieuw(dir string, keys sleutelmap, known map[string]string) error {
	highest, weg := map[string]uint16{}, map[string]string{}
	for name, bewaard := range known {
		if _, afdruk, ok := Vervallen(bewaard); ok {
			weg[afdruk] = name
		}
		if n, ok := parseNaam(name); ok {
			highest[n.soort] = max(highest[n.soort], n.nummer)
		}
	}
	for n, key := range keys {
		if oud, ok := weg[vingerafdruk(key)]; ok && oud != n.String() {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s bevat %s, die is vervallen: maak met verantwoord sleutel nieuw een sleutel die nog niet bestaat, en haal dit bestand weg.", filepath.Join(dir, n.bestand()), oud))
		}
		if _, ok := known[n.String()]; !ok && n.nummer < highest[n.soort] {
			return fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestand %s is onbekend en heeft een lager nummer dan een sleutel die het register al gebruikt: geef een nieuwe sleutel een hoger nummer, of haal het bestand weg, en start opnieuw.", filepath.Join(dir, n.bestand())))
		}
	}
	return nil
}

// checkDubbel finds a key that is used twice; seen keeps the path by fingerprint.
func checkDubbel(dir string, keys sleutelmap, seen map[string]string) error {
	var err error
	for n, key := range keys {
		path, afdruk := filepath.Join(dir, n.bestand()), vingerafdruk(key)
		if other, twice := seen[afdruk]; twice {
			err = errors.Join(err, fout.New(fout.CodeIntern, fmt.Sprintf(
				"Sleutelbestanden %s en %s bevatten dezelfde sleutel: geef elke organisatie, soort en nummer een eigen sleutel en start opnieuw.", other, path)))
		}
		seen[afdruk] = path
	}
	return err
}

// vingerafdruk recognises a key without telling it: the key is random, so its hash can't be guessed.
func vingerafdruk(key []byte) string {
	h := sha256.New()
	h.Write([]byte("verantwoord/vingerafdruk/v1"))
	h.Write(key)
	return hex.EncodeToString(h.Sum(nil))
}
