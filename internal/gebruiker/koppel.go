package gebruiker

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Koppeling is who somebody proved to be: in a sign-in service, and at an address of ours.
type Koppeling struct {
	Dienst    string // name of the service, for people
	Uitgever  string
	Onderwerp string
	Email     string // where the code went that was given back
}

// Koppel ties a person who is tied to nobody yet to who they are in a sign-in service, and mails them so. It is for a
// sign-in that proved both: of two that come at once, one is tied. Errors: fout.NietGevonden, fout.GeenToestemming when there
// is a tie already, another person has it, or the address is not the person's any more.
func (b *Beheer) Koppel(ctx context.Context, oin string, id uuid.UUID, k Koppeling) error {
	return b.change(ctx, Dader{oin: oin}, func(o *ontwerp) error {
		o.door = beheerlog.Systeem
		voor, ok := o.gebruikers[id]
		if !ok || k.Uitgever == "" || k.Onderwerp == "" {
			return onbekend
		}
		na := voor.volgende(o.nu)
		if !na.Actief || na.Wacht != nil || na.Email != NormaalEmail(k.Email) {
			return fout.GeenToestemming
		}
		if na.Uitgever == k.Uitgever && na.Onderwerp == k.Onderwerp {
			return nil
		}
		if na.Onderwerp != "" {
			return fout.GeenToestemming
		}
		in := GebruikerInvoer{na.Naam, na.Email, na.Functiegroep, k.Uitgever, k.Onderwerp, na.Opleiding}
		if err := in.op(o, na); err != nil {
			return fout.Wrap(fout.CodeGeenToestemming, "", err)
		}
		o.zet(na)
		o.kast.Stuur(gekoppeld(na, k.Dienst))
		o.meld(beheerlog.Regel{Soort: beheerlog.Gebruiker, Betreft: wieIs(na), Wat: "Account gekoppeld aan de aanmelddienst " + k.Dienst + ".", Voor: voor, Na: na})
		return nil
	})
}
