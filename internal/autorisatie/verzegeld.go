package autorisatie

import (
	"encoding/binary"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// verzegelbaar is what is sealed of an application. Its JSON is the format in the store.
type verzegelbaar struct {
	ClientIDs             []string      `json:"clientIds"`
	Geheim                []byte        `json:"geheim,omitempty"` // no Geheim: that one masks itself
	Label                 string        `json:"label"`
	OINs                  []string      `json:"oins"`
	HeeftAlleAutorisaties bool          `json:"heeftAlleAutorisaties"`
	Autorisaties          []Autorisatie `json:"autorisaties"`
}

// wijzigingInhoud is what is sealed of the record of a change. No secret is ever in it.
type wijzigingInhoud struct {
	Door      string        `json:"door"`
	Handeling Handeling     `json:"handeling"`
	Geheim    bool          `json:"geheim"` // the secret was set or changed
	Voor      *verzegelbaar `json:"voor,omitempty"`
	Na        *verzegelbaar `json:"na,omitempty"`
}

// Purposes of the additional data: what is sealed for one place opens in no other.
const (
	doelApplicatie = "verantwoord/applicatie/v1"
	doelWijziging  = "verantwoord/applicatiewijziging/v1"
)

// Binding is the additional data of a registration.
func (r *Rij) Binding() []byte { return binding(doelApplicatie, r.OIN, r.ID, r.Versie) }

// Binding is the additional data of the record of a change.
func (r *WijzigingRij) Binding() []byte { return binding(doelWijziging, r.OIN, r.ID, r.Versie) }

// binding is the additional data: what, of whom, which one, which version.
func binding(doel, oin string, id uuid.UUID, versie int64) []byte {
	b := make([]byte, 0, len(doel)+1+len(oin)+len(id)+8)
	b = append(append(append(append(b, doel...), 0), oin...), id[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(versie))
}

func naarOpslag(a *Applicatie) *verzegelbaar {
	return &verzegelbaar{a.ClientIDs, a.Geheim, a.Label, a.OINs, a.HeeftAlleAutorisaties, a.Autorisaties}
}

func (v *verzegelbaar) applicatie(oin string) Applicatie {
	return Applicatie{
		ClientIDs: v.ClientIDs, Geheim: v.Geheim, Label: v.Label, Organisaties: []string{oin}, OINs: v.OINs,
		HeeftAlleAutorisaties: v.HeeftAlleAutorisaties, Autorisaties: v.Autorisaties,
	}
}

// verzegel makes the row of a registration.
func verzegel(s *betrokkene.Sleutels, r *Registratie) (Rij, error) {
	plain, err := json.Marshal(naarOpslag(&r.Applicatie))
	if err != nil {
		return Rij{}, fmt.Errorf("write application %s: it can't be written as JSON", r.ID) // the cause could quote
	}
	return Rij{
		OIN: r.Organisatie, ID: r.ID, Versie: r.Versie, ClientIDs: r.ClientIDs,
		Verzegeld: s.Seal(nil, betrokkene.KlasseNormaal, (&Rij{OIN: r.Organisatie, ID: r.ID, Versie: r.Versie}).Binding(), plain),
	}, nil
}

// ontzegel reads a row back.
func ontzegel(s *betrokkene.Sleutels, r Rij) (*Registratie, error) {
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, r.Binding(), r.Verzegeld)
	if err != nil {
		return nil, fmt.Errorf("open application %s: %w", r.ID, err)
	}
	var v verzegelbaar
	if err := json.Unmarshal(plain, &v); err != nil {
		return nil, fmt.Errorf("open application %s: it is in no form this version knows", r.ID)
	}
	return &Registratie{ID: r.ID, Versie: r.Versie, Organisatie: r.OIN, Applicatie: v.applicatie(r.OIN)}, nil
}
