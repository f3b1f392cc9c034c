package server

import (
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

// wetten answers what the register of activities asks of the legal data; it implements activiteit.Wetten. Without a day it is
// about today.
type wetten struct {
	*juridisch.Gegevens
	nu func() time.Time
}

// Bestaat tells whether a kind has a code on a day.
func (w wetten) Bestaat(soort, code string, op activiteit.Datum) bool {
	return w.Gegevens.Bestaat(soort, code, w.dag(op))
}

// ToelichtingNodig tells whether an activity on this ground must name the law.
func (w wetten) ToelichtingNodig(code string, op activiteit.Datum) bool {
	return w.Gegevens.ToelichtingNodig(code, w.dag(op))
}

func (w wetten) dag(op activiteit.Datum) string {
	if op == "" {
		op = activiteit.DatumVan(w.nu())
	}
	return string(op)
}

// juridischGekozen names the files of the organisation itself, so that the beheerlog tells when one changes.
func juridischGekozen(g *juridisch.Gegevens, nu map[string]string) {
	for _, b := range g.Bestanden() {
		if b.Laag > 0 {
			nu["juridisch "+b.Naam] = b.Vinger[:16]
		}
	}
}

// Juridisch gives the legal data in force.
func (s *Server) Juridisch() *juridisch.Gegevens { return s.juridisch }
