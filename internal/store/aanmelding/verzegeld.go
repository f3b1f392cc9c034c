package aanmelding

import (
	"errors"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verzegeld says what is sealed of sign-ins, sessions and what people sign in with.
func Verzegeld() []kamer.Verzegeld {
	return []kamer.Verzegeld{
		{Tabel: "aanmelding", Sleutel: []string{"id"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
			id, err := uuid.Parse(rij[0].(string))
			return (&aanmelding.AanmeldingRij{OIN: oin, ID: id}).Binding(), err
		}},
		{Tabel: "middel", Sleutel: []string{"gebruiker", "soort", "id"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
			gebruiker, err := uuid.Parse(rij[0].(string))
			return (&aanmelding.MiddelRij{Gebruiker: gebruiker, Soort: rij[1].(string), ID: rij[2].(string)}).Binding(oin), err
		}},
		{Tabel: "sessie", Sleutel: []string{"id"}, Ook: []string{"gebruiker"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
			r := aanmelding.SessieRij{OIN: oin}
			if copy(r.ID[:], rij[0].([]byte)) != len(r.ID) {
				return nil, errors.New("the id of a session has another length")
			}
			var err error
			r.Gebruiker, err = uuid.Parse(rij[1].(string))
			return r.Binding(), err
		}},
	}
}
