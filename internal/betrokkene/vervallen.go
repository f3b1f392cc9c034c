package betrokkene

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// A key that is retired keeps its place in the store: its number is never used again, and its file is recognised when it comes
// back. In front of its fingerprint stands since when: "vervallen 2026-11-26T13:25:00Z 3b1f…".
var vervallenText = regexp.MustCompile(`^vervallen ([0-9TZ:-]{20}) ([0-9a-f]{64})$`)

// Vervallen tells whether a fingerprint as the store gives it is of a key that was retired, and since when. afdruk is the
// fingerprint itself, of any key.
func Vervallen(bewaard string) (sinds time.Time, afdruk string, ok bool) {
	m := vervallenText.FindStringSubmatch(bewaard)
	if m == nil {
		return time.Time{}, bewaard, false
	}
	sinds, err := time.Parse(time.RFC3339, m[1])
	return sinds, m[2], err == nil
}

// vervallenVan are the keys that were retired.
func vervallenVan(known map[string]string) map[naam]bool {
	uit := map[naam]bool{}
	for name, bewaard := range known {
		if n, ok := parseNaam(name); ok {
			if _, _, weg := Vervallen(bewaard); weg {
				uit[n] = true
			}
		}
	}
	return uit
}

// zonderVervallen takes away what is not used of retired keys: a file that came back does no harm, whatever is in it. A sealing
// key that is the right one still reads.
func zonderVervallen(keys sleutelmap, stuk map[naam]error, known map[string]string) {
	for n := range vervallenVan(known) {
		delete(stuk, n)
		_, afdruk, _ := Vervallen(known[n.String()])
		if key, ok := keys[n]; ok && (n.soort != SoortZegel || vingerafdruk(key) != afdruk) {
			delete(keys, n)
		}
	}
}

// Vervaller is a store in which keys can be retired.
type Vervaller interface {
	Vingerafdrukken
	// VervangVingerafdruk durably replaces the fingerprint of a key, and tells false when it was not was.
	VervangVingerafdruk(ctx context.Context, oin, naam, was, wordt string) (bool, error)
}

// Verval retires a key: from then on nobody asks for its file. vrij is asked last whether nothing needs the key; its error is
// given back. Nobody writes with a key that is no longer in use, so what it saw stays so. It does nothing when the key is retired
// already. Errors that are a Fout are for an operator.
func (b *Sleutelbos) Verval(ctx context.Context, store Vervaller, oin, name string, vrij func(context.Context) error) error {
	n, ok := parseNaam(name)
	s, mine := b.Organisatie(oin)
	if !ok || !mine {
		return fout.New(fout.CodeIntern, "Deze sleutel bestaat niet; bekijk verantwoord sleutel lijst.")
	}
	known, err := store.Vingerafdrukken(ctx, oin)
	if err != nil {
		return fmt.Errorf("read fingerprints: %w", err)
	}
	was, ok := known[name]
	if _, _, weg := Vervallen(was); weg {
		return nil
	}
	switch {
	case !ok:
		return fout.New(fout.CodeIntern, fmt.Sprintf("Het register kent %s niet; bekijk verantwoord sleutel lijst.", name))
	case n.nummer >= s.Gebruik()[n.soort]:
		return fout.New(fout.CodeIntern, fmt.Sprintf("Het register gebruikt %s. Maak eerst een nieuwe: verantwoord sleutel nieuw --soort %s.", name, n.soort))
	}
	if err := errors.Join(s.Schrijfbaar(), vrij(ctx)); err != nil {
		return err
	}
	wordt := fmt.Sprintf("vervallen %s %s", b.o.Nu().UTC().Format(time.RFC3339), was)
	if done, err := store.VervangVingerafdruk(ctx, oin, name, was, wordt); err != nil || !done {
		return errors.Join(err, fout.New(fout.CodeIntern, fmt.Sprintf("%s is net door een ander gewijzigd; bekijk verantwoord sleutel lijst.", name)))
	}
	return b.Ververs(ctx)
}

// verzoekSuffix is of a file beside the keys by which an operator asks a running register to retire a key.
const verzoekSuffix = ".vervalt"

// VraagVerval asks the register that uses dir to retire a key, and gives the file that is there until it was answered.
func VraagVerval(dir, oin, soort string, nummer int) (name, pad string, err error) {
	own, err := vanOrganisatie(dir, oin)
	if err != nil {
		return "", "", err
	}
	n, ok := parseNaam(fmt.Sprintf("%s-%d", soort, nummer))
	if !ok {
		return "", "", fout.New(fout.CodeIntern, "Noem de sleutel met soort en nummer, bijvoorbeeld: verantwoord sleutel vervalt zegel 1.")
	}
	pad = filepath.Join(own, n.String()+verzoekSuffix)
	f, err := os.OpenFile(pad, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return "", "", fmt.Errorf("ask to retire a key: %w", err)
	}
	return n.String(), pad, f.Close()
}

// Vervalverzoeken are the keys that an operator asks to retire, in order.
func Vervalverzoeken(dir, oin string) (namen []string, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, oin))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for keys to retire: %w", err)
	}
	for _, e := range entries {
		if base, ok := strings.CutSuffix(e.Name(), verzoekSuffix); ok {
			if n, ok := parseNaam(base); ok {
				namen = append(namen, n.String())
			}
		}
	}
	slices.Sort(namen)
	return namen, nil
}

// Beantwoord takes a request away; one that is gone already is no error.
func Beantwoord(dir, oin, name string) error {
	err := os.Remove(filepath.Join(dir, oin, name+verzoekSuffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
