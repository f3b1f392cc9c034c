package demo

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

func TestTheRegisterOfTheDemonstrationHoldsWhatIsLogged(t *testing.T) {
	t.Parallel()
	nu := time.Now()
	wetten := func() *wettenVanNu {
		g, err := juridisch.Laad(juridisch.Ingebouwd())
		if err != nil {
			t.Fatal(err)
		}
		return &wettenVanNu{g, nu.Format(time.DateOnly)}
	}()
	for k := range Activiteiten {
		a := &Activiteiten[k]
		in := a.inhoud()
		if err := in.Keur(false, wetten); err != nil {
			t.Errorf("%s can't be made definite: %v", a.Naam, err)
		}
		if toen, ok := eerder[a.ID]; ok {
			was := a.inhoud()
			toen(&was)
			if err := was.Keur(false, wetten); err != nil {
				t.Errorf("%s could not be made definite before: %v", a.Naam, err)
			}
		}
	}
	for id := range beschrijvingen {
		activiteitVan(id) // panics on one that is not in the table
	}
	for _, f := range functies {
		activiteitVan(f.Activiteit.String())
	}
	if id, err := uuid.Parse(verantwoording); err != nil || id.Version() != 4 {
		t.Error("the activity of the log has no UUID v4")
	}
}

// wettenVanNu are the legal data of today.
type wettenVanNu struct {
	gegevens interface {
		Bestaat(soort, code, dag string) bool
		ToelichtingNodig(code, dag string) bool
	}
	dag string
}

func (w *wettenVanNu) Bestaat(soort, code string, _ activiteit.Datum) bool {
	return w.gegevens.Bestaat(soort, code, w.dag)
}

func (w *wettenVanNu) ToelichtingNodig(code string, _ activiteit.Datum) bool {
	return w.gegevens.ToelichtingNodig(code, w.dag)
}
