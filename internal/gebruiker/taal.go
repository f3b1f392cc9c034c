package gebruiker

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// The languages in which a person reads pages and mails. Who chose none reads Dutch.
const (
	Nederlands = "nl"
	Engels     = "en"
)

// in gives the text in the language of the person.
func (g *Gebruiker) in(nederlands, engels string) string {
	if g.Taal == Engels {
		return engels
	}
	return nederlands
}

// ZetTaal keeps in which language the dader reads: Nederlands or Engels. It is the one thing of an account that its owner
// changes, and gives or takes nothing. Errors: CodeOngeldig, fout.GeenToestemming.
func (b *Beheer) ZetTaal(ctx context.Context, d Dader, taal string) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		voor, ok := o.gebruikers[d.gebruiker]
		if !ok || d.machine || !voor.Actief {
			return fout.GeenToestemming
		}
		if taal != Nederlands && taal != Engels {
			return fout.Ongeldig(fout.Param{Name: "taal", Code: "invalid_choice", Reason: "Deze taal is er niet; kies Nederlands of Engels."})
		}
		if voor.Taal == taal {
			return nil
		}
		na := voor.volgende(o.nu)
		na.Taal = taal
		o.zet(na)
		o.meld(beheerlog.Regel{Soort: beheerlog.Gebruiker, Betreft: wieIs(na), Wat: "Taal gekozen: " + na.in("Nederlands", "Engels") + ".", Voor: voor, Na: na})
		return nil
	})
}
