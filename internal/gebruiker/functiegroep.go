package gebruiker

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// VoegFunctiegroepToe adds a functiegroep. Errors: CodeOngeldig, CodeGeenToestemming.
func (b *Beheer) VoegFunctiegroepToe(ctx context.Context, d Dader, naam, omschrijving string) (Functiegroep, error) {
	var uit Functiegroep
	err := b.change(ctx, d, func(o *ontwerp) error {
		uit = Functiegroep{ID: uuid.New(), OIN: d.oin}
		return o.zetFunctiegroep(&uit, nil, naam, omschrijving, "Functiegroep toegevoegd.")
	})
	return uit, err
}

// WijzigFunctiegroep changes the name. Errors: CodeOngeldig, CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) WijzigFunctiegroep(ctx context.Context, d Dader, id uuid.UUID, versie int64, naam, omschrijving string) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magGroepenNoemen); err != nil {
			return err
		}
		voor, err := gezien(o.functiegroepen[id], versie)
		if err != nil {
			return err
		}
		na := *voor
		return o.zetFunctiegroep(&na, voor, naam, omschrijving, "Naam of omschrijving van de functiegroep gewijzigd.")
	})
}

func (o *ontwerp) zetFunctiegroep(f *Functiegroep, voor any, naam, omschrijving, wat string) (err error) {
	if err := o.eis(magGroepenNoemen); err != nil {
		return err
	}
	f.Versie++
	if f.Naam, f.Omschrijving, err = o.noem(f, naam, omschrijving); err != nil {
		return err
	}
	d := *f
	o.zet(&d)
	o.meld(beheerlog.Regel{Soort: beheerlog.Functiegroep, Betreft: wieIs(f), Wat: wat, Voor: voor, Na: d})
	return nil
}

// FunctiegroepBeeld is what a page or the API shows of a functiegroep.
type FunctiegroepBeeld struct {
	ID           uuid.UUID
	Versie       int64
	Naam         string `klasse:"gewoon"`
	Omschrijving string `klasse:"gewoon"`
	Mensen       int
}

// Functiegroepen gives the functiegroepen by name, to who may see groups, and to who may see people: a person without
// one can't be added. Errors: CodeGeenToestemming.
func (b *Beheer) Functiegroepen(d Dader) ([]FunctiegroepBeeld, error) {
	module := ModuleGroepen
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		var ander error
		if t, ander = b.read(d, magMensenZien); ander != nil {
			return nil, err
		}
		module = ModuleGebruikers
	}
	uit := []FunctiegroepBeeld{}
	for _, f := range t.functiegroepen {
		beeld := FunctiegroepBeeld{ID: f.ID, Versie: f.Versie, Naam: f.Naam, Omschrijving: f.Omschrijving}
		for _, g := range t.gebruikers {
			if g.Actief && g.Functiegroep == f.ID {
				beeld.Mensen++
			}
		}
		if !d.machine {
			Toon(t.rechten(d.gebruiker, b.nu()), module, BereikAlles, &beeld)
		}
		uit = append(uit, beeld)
	}
	slices.SortFunc(uit, func(a, b FunctiegroepBeeld) int { return strings.Compare(vergelijkbaar(a.Naam), vergelijkbaar(b.Naam)) })
	return uit, nil
}
