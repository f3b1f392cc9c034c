package juridisch

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Limits of what is read.
const (
	maxBestand   = 1 << 20 // bytes of a file
	maxBestanden = 200     // files of one source
	maxRegels    = 5000    // rows of a file
	maxNamen     = 100     // spellings of a row
)

var (
	reBestand = regexp.MustCompile(`^([a-z]+)-(\d{4}-\d{2}-\d{2})\.yaml$`)
	reRegelNr = regexp.MustCompile(`line (\d+)`)
	reVeld    = regexp.MustCompile(`line (\d+): field (\S+) not found`)
)

// Laad reads the files of all sources; one with the same name in a later source replaces that of an earlier. The error
// joins a Dutch sentence for each thing that is wrong. Files that are not YAML are left alone, and so are directories.
func Laad(bronnen ...fs.FS) (*Gegevens, error) {
	gelezen := map[string]*inhoud{}
	var fouten []error
	for laag, bron := range bronnen {
		namen, err := bestandsnamen(bron)
		if err != nil {
			fouten = append(fouten, err)
			continue
		}
		for _, naam := range namen {
			i, err := lees(bron, naam)
			if err != nil {
				fouten = append(fouten, err)
				continue
			}
			i.Laag = laag
			gelezen[naam] = i
		}
	}
	if len(fouten) > 0 {
		return nil, errors.Join(fouten...)
	}
	g := &Gegevens{per: map[Soort][]*inhoud{}}
	for _, i := range gelezen {
		g.per[i.Soort] = append(g.per[i.Soort], i)
	}
	for _, lijst := range g.per {
		slices.SortFunc(lijst, func(a, b *inhoud) int { return cmp.Compare(a.Vanaf, b.Vanaf) })
	}
	return g, nil
}

// Open reads the files that come with the program and those in dir, "" for none. Errors as of Laad.
func Open(dir string) (*Gegevens, error) {
	if dir == "" {
		return Laad(Ingebouwd())
	}
	g, err := Laad(Ingebouwd(), os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("juridische gegevens in map %s: %w", dir, err)
	}
	return g, nil
}

// bestandsnamen lists the YAML files of a source.
func bestandsnamen(bron fs.FS) (namen []string, err error) {
	lijst, err := fs.ReadDir(bron, ".")
	if err != nil {
		return nil, fmt.Errorf("de map met juridische gegevens is niet te lezen: %w", err)
	}
	for _, e := range lijst {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			namen = append(namen, e.Name())
		}
	}
	if len(namen) > maxBestanden {
		return nil, fmt.Errorf("in de map met juridische gegevens staan %d bestanden; er mogen er hooguit %d zijn", len(namen), maxBestanden)
	}
	return namen, nil
}

// lees reads one file. Its errors name the file.
func lees(bron fs.FS, naam string) (*inhoud, error) {
	fout := func(zin string, a ...any) error { return fmt.Errorf("%s: "+zin, append([]any{naam}, a...)...) }
	m := reBestand.FindStringSubmatch(naam)
	if m == nil || !slices.Contains(Soorten(), Soort(m[1])) || !isDag(m[2]) {
		return nil, fout("deze naam zegt niet wat erin staat; noem het bestand <soort>-<jaar>-<maand>-<dag>.yaml, met als soort %s", soortenTekst())
	}
	f, err := bron.Open(naam)
	if err != nil {
		return nil, fout("niet te openen: %w", err)
	}
	defer f.Close()
	tekst, err := io.ReadAll(io.LimitReader(f, maxBestand+1))
	if err != nil {
		return nil, fout("niet te lezen: %w", err)
	}
	if len(tekst) > maxBestand {
		return nil, fout("groter dan 1 MiB; verdeel de rijen over minder tekst")
	}
	som := sha256.Sum256(tekst)
	i := &inhoud{Bestand: Bestand{Naam: naam, Soort: Soort(m[1]), Vanaf: m[2], Vinger: hex.EncodeToString(som[:])}}
	k := &keuring{naam: naam}
	switch i.Soort {
	case Grondslagen:
		i.grondslagen = ontleed[Grondslag](k, i, tekst)
		for n := range i.grondslagen {
			k.regel(n, &i.grondslagen[n].Regel)
			i.woorden.voeg(&i.grondslagen[n].Regel, k)
		}
	case Uitzonderingen:
		i.uitzonderingen = ontleed[Uitzondering](k, i, tekst)
		for n := range i.uitzonderingen {
			u := &i.uitzonderingen[n]
			k.regel(n, &u.Regel)
			k.voor(n, u.Voor)
			i.woorden.voeg(&u.Regel, k)
		}
	case Beperkingen:
		i.beperkingen = ontleed[Beperking](k, i, tekst)
		for n := range i.beperkingen {
			k.regel(n, &i.beperkingen[n].Regel)
			i.woorden.voeg(&i.beperkingen[n].Regel, k)
		}
	case Selectielijst:
		i.rijen = ontleed[Rij](k, i, tekst)
		for n := range i.rijen {
			k.rij(n, &i.rijen[n])
			if i.rijen[n].Voorbeeld {
				i.Voorbeelden++
			}
			i.woorden.neem(i.rijen[n].Nummer, i.rijen[n].Nummer, k)
		}
	}
	i.woorden.sluit()
	return i, errors.Join(k.fouten...)
}

func soortenTekst() string {
	namen := make([]string, len(Soorten()))
	for k, s := range Soorten() {
		namen[k] = string(s)
	}
	return strings.Join(namen[:len(namen)-1], ", ") + " of " + namen[len(namen)-1]
}

// document is the form of every file.
type document[T any] struct {
	Soort       string    `yaml:"soort"`
	Vanaf       string    `yaml:"vanaf"`
	Bron        string    `yaml:"bron"`
	Toelichting string    `yaml:"toelichting"`
	Nagekeken   *Controle `yaml:"nagekeken"`
	Regels      []T       `yaml:"regels"`
}

// ontleed reads the YAML strictly: a field that does not exist may be one that someone thinks of as working.
func ontleed[T any](k *keuring, i *inhoud, tekst []byte) []T {
	var d document[T]
	dec := yaml.NewDecoder(bytes.NewReader(tekst))
	dec.KnownFields(true)
	err := dec.Decode(&d)
	if err == nil {
		if err = dec.Decode(new(any)); err == nil {
			k.fout("er staat meer dan één document in; houd één over")
			return nil
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		onleesbaar(k, err)
		return nil
	}
	if d.Soort != string(i.Soort) {
		k.fout("soort moet %s zijn, zoals de naam van het bestand zegt", i.Soort)
	}
	if d.Vanaf != i.Vanaf {
		k.fout("vanaf moet %s zijn, zoals de naam van het bestand zegt", i.Vanaf)
	}
	k.tekst("bron", d.Bron, 1, 242)
	k.tekst("toelichting", d.Toelichting, 0, 2042)
	if c := d.Nagekeken; c != nil {
		k.tekst("nagekeken.door", c.Door, 1, 242)
		if !isDag(c.Op) {
			k.fout("nagekeken.op moet een dag zijn, zoals 2026-01-31")
		}
	}
	switch {
	case len(d.Regels) == 0:
		k.fout("er staan geen regels in; een bestand vervangt het vorige, dus dan zou er niets meer gelden")
	case len(d.Regels) > maxRegels:
		k.fout("er staan %d regels in; er mogen er hooguit %d zijn", len(d.Regels), maxRegels)
		return nil
	}
	i.Bron, i.Toelichting, i.Nagekeken, i.Regels = d.Bron, strings.TrimSpace(d.Toelichting), d.Nagekeken, len(d.Regels)
	return d.Regels
}

// onleesbaar tells what is wrong with the YAML, in words of a file and not of this program.
func onleesbaar(k *keuring, err error) {
	onbekend := reVeld.FindAllStringSubmatch(err.Error(), -1)
	for _, m := range onbekend {
		k.fout("regel %s: het veld %s bestaat niet; verbeter de naam of haal het weg", m[1], m[2])
	}
	if onbekend != nil {
		return
	}
	if m := reRegelNr.FindStringSubmatch(err.Error()); m != nil {
		k.fout("geen goede YAML; kijk bij regel %s naar inspringen, aanhalingstekens en dubbele punten", m[1])
		return
	}
	k.fout("geen goede YAML; kijk naar inspringen, aanhalingstekens en dubbele punten")
}

func isDag(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1900 && t.Year() <= 9998
}
