package demo

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/verantwoord/verantwoord/internal/demo/proefmap"
)

// What is in the directory of a demonstration.
const (
	bestandConfig      = "verantwoord.yaml"
	bestandApplicaties = "applicaties.yaml"
	bestandGevuld      = "gevuld"
	mapStore           = "store"
	mapSleutels        = "sleutels"
	inhoudGevuld       = "inhoud 1\n" // another script gets another number, and is filled anew
	inhoudBriefje      = "Deze map is van verantwoord dev: een demonstratie met fictieve gegevens.\nU mag haar weggooien; de volgende start maakt een nieuwe.\n"
	alleenEigenaar     = 0o600
)

// demoMap is the directory of a demonstration, locked by this process.
type demoMap struct{ *proefmap.Map }

// openMap is proefmap.Open, after which what is not filled completely gets removed.
func openMap(naam string) (*demoMap, error) {
	d, err := proefmap.Open(naam, inhoudBriefje)
	if err != nil {
		return nil, err
	}
	m := &demoMap{d}
	if err := m.clean(); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// clean removes what an interrupted filling, or another version of the script, left.
func (m *demoMap) clean() error {
	if m.gevuld() {
		return nil
	}
	// The mark goes first: were this interrupted, the rest is removed next time.
	for _, naam := range []string{bestandGevuld, mapStore, mapSleutels, bestandApplicaties} {
		if err := os.RemoveAll(m.Pad(naam)); err != nil {
			return fmt.Errorf("een eerdere poging in %s kan niet worden opgeruimd: %w", m.Naam, err)
		}
	}
	return nil
}

// gevuld tells whether the register was filled completely with this version of the script, and is
// still there.
func (m *demoMap) gevuld() bool {
	for _, naam := range []string{mapStore, mapSleutels, bestandApplicaties} {
		if _, err := os.Stat(m.Pad(naam)); err != nil {
			return false
		}
	}
	b, err := os.ReadFile(m.Pad(bestandGevuld))
	return err == nil && string(b) == inhoudGevuld
}

func (m *demoMap) markeerGevuld() error {
	if err := os.WriteFile(m.Pad(bestandGevuld), []byte(inhoudGevuld), alleenEigenaar); err != nil {
		return fmt.Errorf("mark as filled: %w", err)
	}
	return nil
}

// write makes the applications file once and the configuration at every start, since the address
// may be another one. geheim is that of the register at the sign-in service of citizens.
func (m *demoMap) write(adres, geheim string) error {
	if _, err := os.Stat(m.Pad(bestandApplicaties)); errors.Is(err, fs.ErrNotExist) {
		if err := proefmap.SchrijfYAML(m.Pad(bestandApplicaties), applicatiebestand()); err != nil {
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
	return proefmap.SchrijfYAML(m.Pad(bestandConfig), map[string]any{
		"listen":      adres,
		"url":         "http://" + adres,
		"store":       "sqlite:" + m.Pad(mapStore),
		"sleutels":    m.Pad(mapSleutels),
		"applicaties": m.Pad(bestandApplicaties),
		"organisatienamen": []string{
			oinBelastingsamenwerking + "=Belastingsamenwerking Voorbeeldregio",
			oinZorgaanbieder + "=Zorgaanbieder De Voorbeeldhulp",
		},
		"inwonerdiensten": instellingInwoners("http://"+adres, geheim),
		"organisaties": map[string]any{
			oinGemeente:   organisatie(logInzien, logOpvragen, eigenGegevens),
			oinWaterschap: organisatie(waterschapLogInzien, waterschapLogOpvragen, waterschapLogInzien),
		},
	})
}

// newGeheim makes the shared secret of an application.
func newGeheim() string { return rand.Text() + rand.Text() }
