package betrokkene

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Sleutel is a key file, without what is in it.
type Sleutel struct {
	Naam    string // "handle-2"
	Soort   string
	Nummer  int
	Bestand string
	Gemaakt time.Time // of the file
}

// Lijst gives the key files of an organisation by kind and number. Errors are for an operator.
func Lijst(dir, oin string) (uit []Sleutel, err error) {
	own, err := vanOrganisatie(dir, oin)
	if err != nil {
		return nil, err
	}
	keys, err := readAlle(own)
	if err != nil {
		return nil, err
	}
	for _, soort := range Soorten {
		nummers := keys.nummers(soort)
		slices.Reverse(nummers)
		for _, n := range nummers {
			s := sleutel(own, naam{soort, n})
			info, err := os.Stat(s.Bestand)
			if err != nil {
				return nil, fmt.Errorf("look at key file: %w", err)
			}
			s.Gemaakt = info.ModTime()
			uit = append(uit, s)
		}
	}
	return uit, nil
}

// Nieuw makes the next key of a kind, durably. There must be one of that kind: the register makes the first ones. The
// register takes it into use by itself. Errors are for an operator.
func Nieuw(dir, oin, soort string) (Sleutel, error) {
	if !slices.Contains(Soorten, soort) {
		return Sleutel{}, fout.New(fout.CodeIntern, "Kies met --soort wat voor sleutel: handle, zegel of teken.")
	}
	own, err := vanOrganisatie(dir, oin)
	if err != nil {
		return Sleutel{}, err
	}
	keys, err := readAlle(own)
	if err != nil {
		return Sleutel{}, err
	}
	nummers := keys.nummers(soort)
	switch {
	case len(nummers) == 0:
		return Sleutel{}, fout.New(fout.CodeIntern, fmt.Sprintf(
			"In %s staat nog geen sleutel van deze soort: start het register eerst, dat maakt de eerste sleutels, of wijs met --config de goede sleutelmap aan.", own))
	case nummers[0] == 1<<16-1:
		return Sleutel{}, fout.New(fout.CodeIntern, "Deze soort heeft het hoogste nummer dat er is; er kan geen sleutel meer bij.")
	}
	s := sleutel(own, naam{soort, nummers[0] + 1})
	made, err := createSleutel(s.Bestand)
	if err != nil {
		return Sleutel{}, err
	}
	if !made {
		return Sleutel{}, fout.New(fout.CodeIntern, fmt.Sprintf("Sleutelbestand %s is net door een ander gemaakt: bekijk verantwoord sleutel lijst, en doe het alleen opnieuw als u er nog een wilt.", s.Bestand))
	}
	return s, syncPath(own)
}

func vanOrganisatie(dir, oin string) (string, error) {
	if !oinText.MatchString(oin) {
		return "", fout.New(fout.CodeIntern, "Geef met --organisatie het OIN: 20 cijfers.")
	}
	return filepath.Join(dir, oin), nil
}

func sleutel(dir string, n naam) Sleutel {
	return Sleutel{Naam: n.String(), Soort: n.soort, Nummer: int(n.nummer), Bestand: filepath.Join(dir, n.bestand())}
}
