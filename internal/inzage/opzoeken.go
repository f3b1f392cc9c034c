package inzage

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// clientBescherming is under which officers stand in the log who look somebody up: other than ClientID, so that it is no look of the citizen.
const clientBescherming = "Verantwoord, bescherming"

// Opzoeken logs that an officer looks up whether a person is protected, under the activity of the portal: before anything is shown.
// gebruiker is the officer, as the register knows them.
//
// The citizen reads this line as long as nothing holds of them, and whoever threatens them may read along: its words tell nothing of protection.
//
// Errors: fout.NietBeschikbaar when it can't be logged.
func (i *Inzage) Opzoeken(ctx context.Context, oin string, p inwoner.Persoon, gebruiker string) error {
	s := i.o.Instellingen(oin)
	in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{
		Objecttype: p.Objecttype, SoortObjectID: p.Soort, ObjectID: p.ID, Betrokkenheid: "Betrokkene", Soorten: []string{"BSN"},
	}}}
	in.Set(verwerkingenlog.VeldActieNaam, "Nagaan hoe het overzicht wordt getoond")
	in.Set(verwerkingenlog.VeldVerwerkingNaam, "Instellen van een overzicht")
	in.Set(verwerkingenlog.VeldVerwerkingID, uuid.NewString())
	in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, s.Activiteit.String())
	in.Set(verwerkingenlog.VeldVerwerkingsactiviteitURL, s.URL)
	in.Set(verwerkingenlog.VeldBewaartermijn, s.Bewaartermijn)
	in.Set(verwerkingenlog.VeldSysteem, i.o.Systeem)
	in.Set(verwerkingenlog.VeldGebruiker, gebruiker)
	return i.schrijf(ctx, &verwerkingenlog.Aanroeper{Organisatie: oin, ClientID: clientBescherming, OINs: []string{oin}}, in)
}
