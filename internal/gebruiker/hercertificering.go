package gebruiker

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// verouderd reports whether nobody looked for three months whether the rights and the members are still needed.
func (a *Autorisatiegroep) verouderd(nu time.Time) bool {
	return len(a.Rechten) > 0 && a.Herzien.Before(nu.AddDate(0, -3, 0))
}

// TeHerzien gives the groups with rights that nobody looked at for three months, by name. Errors: CodeGeenToestemming.
func (b *Beheer) TeHerzien(d Dader) ([]GroepBeeld, error) {
	alle, err := b.Groepen(d)
	return slices.DeleteFunc(alle, func(a GroepBeeld) bool { return !a.Verouderd }), err
}

// Herzie confirms that the rights and the members of a group are still needed; whoever is in it doesn't. Errors:
// CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) Herzie(ctx context.Context, d Dader, groep uuid.UUID, versie int64) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magGoedkeuren); err != nil {
			return err
		}
		voor, err := o.groep(groep, versie)
		if err != nil {
			return err
		}
		if o.zitIn(groep) {
			return fout.New(fout.CodeGeenToestemming,
				"U zit zelf in deze groep. Laat iemand herzien die er niet in zit, zoals de functionaris gegevensbescherming.")
		}
		na := voor.volgende()
		na.Herzien = o.nu
		namen := []string{}
		for _, g := range o.leden(groep, o.nu) {
			namen = append(namen, g.Naam)
		}
		slices.Sort(namen)
		o.zet(na)
		o.meld(beheerlog.Regel{
			Soort: beheerlog.Hercertificering, Betreft: wieIs(na), Wat: "Herzien: de rechten en de leden van deze groep zijn nog nodig.",
			Na: struct {
				Groep any      `json:"groep"`
				Leden []string `json:"leden"`
			}{groepInLog(na, o.nu), namen},
		})
		return nil
	})
}
