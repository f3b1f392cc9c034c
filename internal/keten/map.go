package keten

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/demo/proefmap"
)

// What is in the directory of a landscape, beside a directory for each register.
const (
	bestandGeheimen = "geheimen.yaml"
	bestandPersonen = "personen.db"
	inhoudBriefje   = "Deze map is van verantwoord dev --keten: een demonstratie met fictieve gegevens.\nU mag haar weggooien; de volgende start maakt een nieuwe.\n"
)

// geheimen gives the secret of each name: made once, random, and kept for the owner alone.
func geheimen(m *proefmap.Map, namen ...string) (map[string]string, error) {
	uit := map[string]string{}
	raw, err := os.ReadFile(m.Pad(bestandGeheimen))
	if err == nil {
		err = yaml.Unmarshal(raw, &uit)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is niet te lezen; gooi de map %s weg om opnieuw te beginnen", bestandGeheimen, m.Naam)
	}
	for _, n := range namen {
		if uit[n] == "" {
			uit[n] = rand.Text() + rand.Text()
		}
	}
	return uit, proefmap.SchrijfYAML(m.Pad(bestandGeheimen), uit)
}
