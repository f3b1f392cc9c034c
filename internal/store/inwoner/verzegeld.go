package inwoner

import (
	"errors"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verzegeld says what is sealed of sessions of citizens.
func Verzegeld() []kamer.Verzegeld {
	return []kamer.Verzegeld{{Tabel: "inwonersessie", Sleutel: []string{"id"}, Ook: []string{"persoon", "begonnen", "verloopt"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
		r := inwoner.SessieRij{OIN: oin, Begonnen: moment(rij[2].(int64)), Verloopt: moment(rij[3].(int64))}
		if copy(r.ID[:], rij[0].([]byte)) != len(r.ID) || copy(r.Persoon[:], rij[1].([]byte)) != len(r.Persoon) {
			return nil, errors.New("a session of a citizen has a handle of another length")
		}
		return r.Binding(), nil
	}}}
}
