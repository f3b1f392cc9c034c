package aanmelding

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Kinds of what a person signs in with. Of most there is one, with id enig.
const (
	soortWachtwoord   = "wachtwoord"
	soortTOTP         = "totp"
	soortTOTPNieuw    = "totp_nieuw" // not proven yet
	soortPasskey      = "passkey"
	soortPasskeyNieuw = "passkey_nieuw"
	soortHerstel      = "herstelcodes"
	soortUitnodiging  = "uitnodiging"
	soortNoodcode     = "noodcode"

	enig = "1"
)

// Factors that can be given after the code.
const (
	FactorTOTP     = "totp"
	FactorPasskey  = "passkey"
	FactorHerstel  = "herstelcode"
	maxPasskeys    = 10
	aantalHerstel  = 10
	totpNieuwTot   = 15 * time.Minute
	uitdagingTot   = 5 * time.Minute
	lengteHerstel  = 12 // × 5 bits
	lengteUitnodig = 16
)

type wachtwoordInhoud struct {
	Hash  string    `json:"hash"`
	Gezet time.Time `json:"gezet"`
}

// codeInhoud is that of an invitation and of a code of the console.
type codeInhoud struct {
	Code     []byte    `json:"code"`
	Verloopt time.Time `json:"verloopt"`
}

func (c *codeInhoud) handle() (h betrokkene.Handle) {
	copy(h[:], c.Code)
	return h
}

// middelen are those of one person, as read.
type middelen struct {
	oin       string
	gebruiker uuid.UUID
	sleutels  *betrokkene.Sleutels
	rijen     []MiddelRij
}

func (d *Dienst) middelen(ctx context.Context, s *betrokkene.Sleutels, oin string, gebruiker uuid.UUID) (*middelen, error) {
	rijen, err := d.opslag.Middelen(ctx, oin, gebruiker)
	return &middelen{oin, gebruiker, s, rijen}, err
}

// zoek opens one; false when there is none.
func (m *middelen) zoek(soort, id string, v any) (bool, error) {
	for i := range m.rijen {
		if r := &m.rijen[i]; r.Soort == soort && r.ID == id {
			return true, r.open(m.sleutels, m.oin, v)
		}
	}
	return false, nil
}

func (m *middelen) heeft(soort string) bool {
	for i := range m.rijen {
		if m.rijen[i].Soort == soort {
			return true
		}
	}
	return false
}

// volgende is the row that puts v in the place of what was read; of nil that takes it away.
func (m *middelen) volgende(soort, id string, v any) (MiddelRij, error) {
	r := MiddelRij{Gebruiker: m.gebruiker, Soort: soort, ID: id, Versie: 1}
	for i := range m.rijen {
		if m.rijen[i].Soort == soort && m.rijen[i].ID == id {
			r.Versie = m.rijen[i].Versie + 1
		}
	}
	if v == nil {
		if r.Versie == 1 {
			return r, fmt.Errorf("take away %s: there is none", soort)
		}
		return r, nil
	}
	return r, r.verzegel(m.sleutels, m.oin, v)
}

// factoren are those that can be asked; a recovery code only stands in for another one.
func (m *middelen) factoren() (uit []string) {
	if m.heeft(soortPasskey) {
		uit = append(uit, FactorPasskey)
	}
	if m.heeft(soortTOTP) {
		uit = append(uit, FactorTOTP)
	}
	if len(uit) > 0 && m.heeft(soortHerstel) {
		uit = append(uit, FactorHerstel)
	}
	return uit
}
