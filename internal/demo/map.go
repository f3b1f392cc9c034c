package demo

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"go.yaml.in/yaml/v3"
)

// What is in the directory of a demonstration.
const (
	bestandBriefje      = "LEESMIJ.txt" // says whose directory it is; locked while a demonstration runs
	bestandConfig       = "verantwoord.yaml"
	bestandApplicaties  = "applicaties.yaml"
	bestandGevuld       = "gevuld"
	mapStore            = "store"
	mapSleutels         = "sleutels"
	inhoudGevuld        = "inhoud 1\n" // another script gets another number, and is filled anew
	inhoudBriefje       = "Deze map is van verantwoord dev: een demonstratie met fictieve gegevens.\nU mag haar weggooien; de volgende start maakt een nieuwe.\n"
	alleenEigenaar      = 0o600
	alleenEigenaarInMap = 0o700
)

// demoMap is the directory of a demonstration, locked by this process.
type demoMap struct {
	naam, dir string // as typed, and absolute
	slot      *os.File
}

// openMap makes the directory or takes it into use again. One that holds something else is refused,
// and so is one that another process uses: what is not filled completely gets removed.
func openMap(naam string) (*demoMap, error) {
	dir, err := filepath.Abs(naam)
	if err != nil {
		return nil, fmt.Errorf("find directory: %w", err)
	}
	m := &demoMap{naam: filepath.Clean(naam), dir: dir}
	if err := os.MkdirAll(dir, alleenEigenaarInMap); err != nil {
		return nil, fmt.Errorf("de map %s kan niet worden gemaakt: %w", m.naam, err)
	}
	briefje, err := os.ReadFile(m.path(bestandBriefje))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.naam, err)
		}
		if len(entries) > 0 {
			return nil, fmt.Errorf("in de map %s staat al iets anders; kies met --map een lege map", m.naam)
		}
	case err != nil:
		return nil, fmt.Errorf("de map %s is niet te lezen: %w", m.naam, err)
	case string(briefje) != inhoudBriefje && len(briefje) > 0: // empty: interrupted while it was written
		return nil, fmt.Errorf("de map %s is niet van de demonstratie; kies met --map een lege map", m.naam)
	}
	if err := m.lock(); err != nil {
		return nil, err
	}
	if err := m.clean(); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// lock keeps a second demonstration out until this process ends, however it ends.
func (m *demoMap) lock() error {
	f, err := os.OpenFile(m.path(bestandBriefje), os.O_CREATE|os.O_RDWR, alleenEigenaar)
	if err != nil {
		return fmt.Errorf("in de map %s kan niet worden geschreven: %w", m.naam, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("de demonstratie in %s draait al; stop die, of kies met --map een andere map", m.naam)
		}
		return errors.Join(err, f.Close())
	}
	if _, err := f.WriteAt([]byte(inhoudBriefje), 0); err != nil {
		return errors.Join(fmt.Errorf("write note: %w", err), f.Close())
	}
	m.slot = f
	return nil
}

// clean removes what an interrupted filling, or another version of the script, left.
func (m *demoMap) clean() error {
	if m.gevuld() {
		return nil
	}
	// The mark goes first: were this interrupted, the rest is removed next time.
	for _, naam := range []string{bestandGevuld, mapStore, mapSleutels, bestandApplicaties} {
		if err := os.RemoveAll(m.path(naam)); err != nil {
			return fmt.Errorf("een eerdere poging in %s kan niet worden opgeruimd: %w", m.naam, err)
		}
	}
	return nil
}

func (m *demoMap) path(naam string) string { return filepath.Join(m.dir, naam) }

// gevuld tells whether the register was filled completely with this version of the script, and is
// still there.
func (m *demoMap) gevuld() bool {
	for _, naam := range []string{mapStore, mapSleutels, bestandApplicaties} {
		if _, err := os.Stat(m.path(naam)); err != nil {
			return false
		}
	}
	b, err := os.ReadFile(m.path(bestandGevuld))
	return err == nil && string(b) == inhoudGevuld
}

func (m *demoMap) markeerGevuld() error {
	if err := os.WriteFile(m.path(bestandGevuld), []byte(inhoudGevuld), alleenEigenaar); err != nil {
		return fmt.Errorf("mark as filled: %w", err)
	}
	return nil
}

func (m *demoMap) close() { _ = m.slot.Close() } // which unlocks; nothing was left to write

// write makes the applications file once and the configuration at every start, since the address
// may be another one. geheim is that of the register at the sign-in service of citizens.
func (m *demoMap) write(adres, geheim string) error {
	if _, err := os.Stat(m.path(bestandApplicaties)); errors.Is(err, fs.ErrNotExist) {
		if err := m.writeYAML(bestandApplicaties, applicatiebestand()); err != nil {
			return err
		}
	}
	organisatie := func(inzage, bewerking, mijn string) map[string]any {
		return map[string]any{
			"fg":      "fg@voorbeeldstad.example",
			"bewaren": map[string]string{"vloer": "P1Y", "maximum": "P10Y", "selectielijst": "Fictief, voor de demonstratie"},
			"activiteit": map[string]string{
				"inzage": inzage, "inzage_url": activiteitURL(inzage),
				"bewerking": bewerking, "bewerking_url": activiteitURL(bewerking),
				"mijn": mijn,
			},
		}
	}
	return m.writeYAML(bestandConfig, map[string]any{
		"listen":          adres,
		"url":             "http://" + adres,
		"store":           "sqlite:" + m.path(mapStore),
		"sleutels":        m.path(mapSleutels),
		"applicaties":     m.path(bestandApplicaties),
		"inwonerdiensten": instellingInwoners("http://"+adres, geheim),
		"organisaties": map[string]any{
			oinGemeente:   organisatie(logInzien, logOpvragen, eigenGegevens),
			oinWaterschap: organisatie(waterschapLogInzien, waterschapLogOpvragen, waterschapLogInzien),
		},
	})
}

// writeYAML replaces a file as a whole, readable by the owner alone.
func (m *demoMap) writeYAML(naam string, inhoud any) error {
	b, err := yaml.Marshal(inhoud)
	if err != nil {
		return fmt.Errorf("encode %s: %w", naam, err)
	}
	nieuw := m.path(naam + ".nieuw")
	if err := os.WriteFile(nieuw, b, alleenEigenaar); err != nil {
		return fmt.Errorf("write %s: %w", naam, err)
	}
	if err := os.Rename(nieuw, m.path(naam)); err != nil {
		return fmt.Errorf("write %s: %w", naam, err)
	}
	return nil
}

// newGeheim makes the shared secret of an application.
func newGeheim() string { return rand.Text() + rand.Text() }
