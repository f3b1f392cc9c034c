package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// bestandVanApplicaties reads the applications file, and judges who can read it.
func (o *onderzoek) bestandVanApplicaties() {
	path := o.Config.Applicaties
	if path == "" {
		o.meld(Fout, "applicaties", "Er is geen bestand met applicaties.", "Niemand kan zich aanmelden; serve weigert te starten.",
			"Maak het bestand en stel de sleutel applicaties in.")
		o.oins = o.Config.Organisaties()
		return
	}
	b, err := autorisatie.Load(path)
	if err != nil {
		o.meld(Fout, "applicaties", "Het applicatiebestand is niet te gebruiken: "+zin(err), "serve weigert te starten.", "Verbeter het bestand.")
		o.oins = o.Config.Organisaties()
		return
	}
	for _, org := range b.Organisaties {
		o.oins = append(o.oins, org.OIN)
	}
	o.applicaties = append(o.applicaties, b.Applicaties...)

	geheim := append([]string{path}, geheimBestanden(path)...)
	open := 0
	for _, p := range geheim {
		if r := toegang(p); r&0o077 != 0 {
			open++
			o.meld(Fout, "applicaties", fmt.Sprintf("Anderen dan de eigenaar kunnen bij %s (rechten %04o).", p, r),
				"Wie het geheim van een applicatie leest, kan zich voor haar uitgeven.",
				"Geef alleen de eigenaar toegang (chmod 600) en vervang de geheimen als anderen ze gelezen kunnen hebben.")
		}
	}
	if open == 0 {
		o.goed("applicaties", "Het applicatiebestand is te lezen, en alleen door de eigenaar.")
	}
}

// geheimBestanden lists the files the applications file takes secrets from.
func geheimBestanden(path string) (list []string) {
	var doc struct {
		Applicaties []struct {
			GeheimBestand string `yaml:"geheimBestand"`
		} `yaml:"applicaties"`
	}
	data, err := os.ReadFile(path)
	if err != nil || yaml.Unmarshal(data, &doc) != nil {
		return nil // Load has said so
	}
	for _, a := range doc.Applicaties {
		switch {
		case a.GeheimBestand == "":
		case filepath.IsAbs(a.GeheimBestand):
			list = append(list, a.GeheimBestand)
		default:
			list = append(list, filepath.Join(filepath.Dir(path), a.GeheimBestand))
		}
	}
	return list
}

// toegang gives the permissions of a file, none when it is not there.
func toegang(path string) fs.FileMode {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Mode().Perm()
}

// zin gives what an operator should read of an error.
func zin(err error) string {
	var f *fout.Fout
	if errors.As(err, &f) && f.Detail != "" {
		return f.Detail
	}
	return err.Error() + "."
}
