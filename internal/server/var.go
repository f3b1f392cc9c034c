package server

import (
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/api"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

// varActiviteiten is what the VAR API reads; it implements api.Activiteiten. That an application may read the activities of
// its organisation was decided by its scope, so the register of activities is asked as one who may see and nothing else.
type varActiviteiten struct {
	*activiteit.Register
	juridisch *juridisch.Gegevens
}

func lezer(oin string) activiteit.Dader {
	return activiteit.Dader{OIN: oin, Mag: func(handeling string) bool { return handeling == activiteit.Zien }}
}

func filterVan(v api.VraagActiviteiten) activiteit.Filter {
	return activiteit.Filter{
		Zoek: v.Zoek, Categorie: v.Categorie, GeldigOp: v.Op, GebaseerdOp: v.GebaseerdOp, Verantwoordelijke: v.Verantwoordelijke,
		Stand: activiteit.StandGeldig,
	}
}

// Openbare gives what anybody may read.
func (a varActiviteiten) Openbare(v api.VraagActiviteiten) []*activiteit.Activiteit {
	return a.OpenbareLijst(filterVan(v))
}

// Van gives the activities of an organisation.
func (a varActiviteiten) Van(oin string, v api.VraagActiviteiten) ([]*activiteit.Activiteit, error) {
	return a.Lijst(lezer(oin), filterVan(v))
}

// Een gives one of an organisation.
func (a varActiviteiten) Een(oin string, id uuid.UUID) (*activiteit.Activiteit, error) {
	return a.Register.Een(lezer(oin), id)
}

// Grondslag names a ground; a code that is not known any more stands for itself.
func (a varActiviteiten) Grondslag(code string, op activiteit.Datum) string {
	if r, ok := a.juridisch.Op(string(op)).Grondslag(code); ok {
		return r.Naam
	}
	return code
}
