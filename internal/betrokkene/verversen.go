package betrokkene

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	// VerversElke is how often a process looks for new keys: a few times within Wachttijd.
	VerversElke = 10 * time.Second
	// zoekElke bounds how often is looked for a key that sealed bytes name and nobody has: those bytes may come from outside.
	zoekElke = time.Second
	// zoekTijd is how long is waited for it.
	zoekTijd = 5 * time.Second
)

// Follow looks for new keys until ctx ends.
func (b *Sleutelbos) Follow(ctx context.Context) {
	t := time.NewTicker(VerversElke)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			b.Ververs(ctx)
		}
	}
}

// Ververs reads files and store again, and takes what is new: a next key is told to the store, and written with after Wachttijd. An
// organisation of which a key that the store knows is missing or another one keeps the keys that it had, and writes nothing
// until it is right again (Sleutels.Schrijfbaar). A new file that can't be used is left alone. It tells Opties.Meld what is
// wrong, once, and gives it back.
func (b *Sleutelbos) Ververs(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ververs(ctx)
}

// zoek reads again because a key is asked for that is not known.
func (b *Sleutelbos) zoek() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.gezocht) < zoekElke {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), zoekTijd)
	defer cancel()
	b.ververs(ctx)
	b.gezocht = time.Now()
}

func (b *Sleutelbos) ververs(ctx context.Context) error {
	var all error
	seen := map[string]string{}
	for _, oin := range b.oins {
		if err := b.ververOrganisatie(ctx, oin, seen); err != nil {
			all = errors.Join(all, fmt.Errorf("keys of organisation %s: %w", oin, err))
		}
	}
	text := ""
	if all != nil {
		text = all.Error()
	}
	if ctx.Err() == nil && text != b.gemeld {
		if b.gemeld = text; all != nil {
			b.o.Meld(all)
		}
	}
	return all
}

func (b *Sleutelbos) ververOrganisatie(ctx context.Context, oin string, seen map[string]string) error {
	s, dir := b.sleutels[oin], filepath.Join(b.dir, oin)
	known, err := b.v.Vingerafdrukken(ctx, oin)
	if err != nil {
		return fmt.Errorf("read fingerprints: %w", err) // then nothing can be written anyhow
	}
	keys, stuk, err := readSleutels(dir)
	if err == nil {
		zonderVervallen(keys, stuk, known)
		for _, n := range slices.SortedFunc(maps.Keys(stuk), byNaam) {
			if _, used := known[n.String()]; used {
				err = errors.Join(err, stuk[n])
			}
		}
	}
	wacht, merr := b.wacht(ctx, oin, Wachttijd/2)
	if merr != nil {
		return merr
	}
	// One that another node has just made may not be seen here yet. Nobody writes with it so soon.
	var mis error
	for _, n := range slices.SortedFunc(maps.Keys(wacht), byNaam) {
		if _, used := known[n.String()]; used && keys[n] == nil && err == nil {
			delete(known, n.String())
			mis = errors.Join(mis, fmt.Errorf("%s is known to the store, and its file is not here yet", n))
		}
	}
	if err == nil {
		err = checkBekend(dir, keys, known)
	}
	if err != nil {
		return s.stop(err)
	}

	// What is new and no good is somebody's mistake, or a file that is being copied: it is told, and waits.
	for _, n := range slices.SortedFunc(maps.Keys(stuk), byNaam) {
		mis = errors.Join(mis, stuk[n])
	}
	for n := range keys {
		if _, ok := known[n.String()]; ok {
			continue
		}
		alone := sleutelmap{n: keys[n]}
		err := checkNieuw(dir, alone, known)
		for other, key := range keys {
			if other != n && vingerafdruk(key) == vingerafdruk(keys[n]) {
				err = errors.Join(err, checkDubbel(dir, alone, map[string]string{vingerafdruk(key): filepath.Join(dir, other.bestand())}))
			}
		}
		if err == nil {
			err = checkDubbel(dir, alone, maps.Clone(seen))
		}
		if err != nil {
			mis = errors.Join(mis, err)
			delete(keys, n)
		}
	}
	if err := checkDubbel(dir, keys, seen); err != nil {
		mis = errors.Join(mis, err)
	}
	if known, err = b.add(ctx, dir, oin, keys, known); err != nil {
		return errors.Join(mis, err)
	}
	for n := range wacht {
		if keys[n] == nil {
			delete(known, n.String())
		}
	}
	if err := checkBekend(dir, keys, known); err != nil {
		return s.stop(err)
	}
	if wacht, err = b.wacht(ctx, oin, Wachttijd); err != nil {
		return errors.Join(mis, err)
	}
	r, err := newRing(keys, wacht, vervallenVan(known))
	if err != nil {
		return errors.Join(mis, err)
	}
	s.nu.Store(r)
	return mis
}

// stop keeps the keys for reading, and lets nothing be written.
func (s *Sleutels) stop(err error) error {
	r := *s.nu.Load()
	r.gebrek = &fout.Fout{
		Code: fout.CodeNietBeschikbaar, Oorzaak: err, OpnieuwNa: VerversElke,
		Detail: "Het register kan nu niets vastleggen, want er is iets mis met zijn sleutels; probeer het later opnieuw. De beheerder leest in het logboek welk bestand het is.",
	}
	s.nu.Store(&r)
	return err
}

// Gebrek tells what is wrong with the keys of an organisation so that nothing may be written; nil: nothing.
func (b *Sleutelbos) Gebrek() error {
	for _, oin := range b.oins {
		if err := b.sleutels[oin].Schrijfbaar(); err != nil {
			return err
		}
	}
	return nil
}
