package gebruiker

import (
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Dader is who asks for a change. It says nothing of what they may: that is looked up in the state that is changed.
// The zero value may do nothing.
type Dader struct {
	oin       string
	gebruiker uuid.UUID
	machine   bool
}

// Als is a person who is signed in.
func Als(oin string, gebruiker uuid.UUID) Dader { return Dader{oin: oin, gebruiker: gebruiker} }

// Opdrachtregel is the operator on the machine itself, who has the keys anyway. It proposes what is serious, and
// approves nothing.
func Opdrachtregel(oin string) Dader { return Dader{oin: oin, machine: true} }

// OIN is the organisation that the change is made in.
func (d Dader) OIN() string { return d.oin }

// kan reports whether someone may do that in the whole organisation.
func (t *stand) kan(d Dader, c cel, nu time.Time) bool {
	return d.machine || t.rechten(d.gebruiker, nu).mag(c, BereikAlles)
}

// wie is the person as the beheerlog names them.
func (t *stand) wie(d Dader) beheerlog.Wie {
	if d.machine {
		return beheerlog.Opdrachtregel
	}
	w := beheerlog.Wie{Soort: "gebruiker", ID: d.gebruiker.String()}
	if g, ok := t.gebruikers[d.gebruiker]; ok {
		w.Naam = g.Naam
	}
	return w
}

// geenRecht refuses, and says whom to ask.
func geenRecht(c cel) error {
	return fout.New(fout.CodeGeenToestemming,
		"U mag dit niet: "+Uitdrukking(c.m, c.h, c.v)+". Vraag een beheerder van Verantwoord om dit te doen of om het recht ervoor.")
}

var (
	intussenGewijzigd = kast.Gewijzigd
	onbekend          = fout.New(fout.CodeNietGevonden, "Dit is er niet, of niet meer. Ga terug naar het overzicht.")
	eigenGegevens     = fout.New(fout.CodeGeenToestemming, "Uw eigen account en rechten wijzigt u niet zelf. Vraag een andere beheerder.")
	eigenGroep        = fout.New(fout.CodeGeenToestemming,
		"U zit zelf in deze groep, en wijzigt dus niet wat die mag. Vraag een beheerder die niet in de groep zit.")
	laatsteBeheerder = fout.New(fout.CodeGeenToestemming,
		"Dan is er niemand meer die rechten kan geven. Maak eerst iemand anders beheerder.")
)

// The rights of this room.
var (
	magMensenZien     = cel{ModuleGebruikers, Zien, Gewoon}
	magMensenWijzigen = cel{ModuleGebruikers, Wijzigen, Gewoon}
	magAdresWijzigen  = cel{ModuleGebruikers, Wijzigen, Contact}
	magMensenBeheren  = cel{ModuleGebruikers, Beheren, Gewoon}
	magGroepenZien    = cel{ModuleGroepen, Zien, Gewoon}
	magGroepenNoemen  = cel{ModuleGroepen, Wijzigen, Gewoon}
	magRechtenGeven   = cel{ModuleGroepen, Beheren, Gewoon}
	magGoedkeuren     = cel{ModuleGroepen, Goedkeuren, Gewoon}

	magApplicatiesZien       = cel{ModuleApplicaties, Zien, Gewoon}
	magApplicatiesBeheren    = cel{ModuleApplicaties, Beheren, Gewoon}
	magApplicatiesGoedkeuren = cel{ModuleApplicaties, Goedkeuren, Gewoon}
)
