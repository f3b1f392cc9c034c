package activiteit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// dubbel says that there is one already.
var dubbel = fout.Ongeldig(fout.Param{Name: "functie", Code: "unique", Reason: "Deze functie van deze applicatie is al gekoppeld; wijzig die koppeling."})

// Koppelingen gives which activity each function belongs to, by application and function. Errors: CodeGeenToestemming.
func (r *Register) Koppelingen(d Dader) ([]Koppeling, error) {
	t, err := r.lees(d, Zien)
	if err != nil {
		return nil, err
	}
	uit := make([]Koppeling, 0, len(t.koppelingen))
	for _, k := range t.koppelingen {
		uit = append(uit, *k)
	}
	slices.SortFunc(uit, func(a, b Koppeling) int {
		return cmp.Or(cmp.Compare(vouw(a.Applicatie), vouw(b.Applicatie)), cmp.Compare(vouw(a.Functie), vouw(b.Functie)), slices.Compare(a.ID[:], b.ID[:]))
	})
	return uit, nil
}

// ZetKoppeling couples a function of an application to an activity: anew with a zero ID, and otherwise in place of the koppeling
// with that ID and Stand. Errors: CodeOngeldig, CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig, CodeTeGroot.
func (r *Register) ZetKoppeling(ctx context.Context, d Dader, k Koppeling) (uuid.UUID, error) {
	k.Applicatie, k.Functie, k.Toelichting = regel(k.Applicatie), regel(k.Functie), alinea(k.Toelichting)
	nieuw := k.ID == uuid.UUID{}
	if nieuw {
		k.ID, k.Stand = uuid.New(), 0
	}
	err := r.wijzig(ctx, d, func(o *ontwerp) error {
		var voor *Koppeling
		if !nieuw {
			var err error
			if voor, err = gezien(o.Voor.koppelingen[k.ID], k.Stand); err != nil {
				return err
			}
			if *voor == k {
				return nil
			}
		} else if len(o.Voor.koppelingen) >= maxKoppelingen {
			return teVeelKoppelingen
		}
		c := keuring{}
		c.verplicht("applicatie", k.Applicatie == "", "Kies welke applicatie het is.")
		c.tekst("applicatie", k.Applicatie, maxNaam, false)
		c.verplicht("functie", k.Functie == "", "Vul in hoe de applicatie de functie noemt.")
		c.tekst("functie", k.Functie, maxNaam, false)
		c.tekst("toelichting", k.Toelichting, maxTekst, true)
		o.keurVerwijzing(&c, k.Activiteit)
		if err := c.err(); err != nil {
			return err
		}
		for id, ander := range o.Voor.koppelingen {
			if id != k.ID && ander.Uniek() == k.Uniek() {
				return dubbel
			}
		}
		na := k
		na.Stand++
		o.Zet(&na)
		g := beheerlog.Regel{Soort: beheerlog.Koppeling, Betreft: k.wieIs(), Wat: "Functie van een applicatie gekoppeld aan een verwerkingsactiviteit.", Na: na}
		if voor != nil {
			g.Wat, g.Voor = "Koppeling van een functie aan een verwerkingsactiviteit gewijzigd.", *voor
		}
		o.meld(g)
		return nil
	}, Wijzigen)
	if err != nil {
		return uuid.UUID{}, err
	}
	return k.ID, nil
}

// keurVerwijzing checks that an activity is there to point at.
func (o *ontwerp) keurVerwijzing(k *keuring, id uuid.UUID) {
	if _, ok := o.Voor.activiteiten[id]; !ok {
		k.mis("activiteit", "invalid_choice", "Deze verwerkingsactiviteit is er niet; kies een activiteit uit de lijst.")
	}
}

// WisKoppeling takes a koppeling away: the function can't run any more. Errors: CodeGeenToestemming, fout.NietGevonden,
// fout.Gelijktijdig.
func (r *Register) WisKoppeling(ctx context.Context, d Dader, id uuid.UUID, stand int64) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		k, err := gezien(o.Voor.koppelingen[id], stand)
		if err != nil {
			return err
		}
		o.HaalWeg(k)
		o.meld(beheerlog.Regel{Soort: beheerlog.Koppeling, Betreft: k.wieIs(), Wat: "Koppeling van een functie aan een verwerkingsactiviteit gewist.", Voor: *k})
		return nil
	}, Wijzigen)
}

func (k *Koppeling) wieIs() beheerlog.Wie {
	return beheerlog.Wie{Soort: "koppeling", ID: k.ID.String(), Naam: k.Applicatie + ": " + k.Functie}
}

// ActiviteitVan gives the activity that a function of an application belongs to. fout.GeenDoelbinding: there is none, or it does
// not hold at that moment.
func (r *Register) ActiviteitVan(oin, applicatie, functie string, op time.Time) (uuid.UUID, error) {
	t := r.kast.Stand(oin)
	k, ok := t.zoekindex().functie[[2]string{applicatie, functie}]
	if !ok {
		return uuid.UUID{}, fout.New(fout.CodeGeenDoelbinding,
			"Deze functie hoort bij geen verwerkingsactiviteit. Vraag de beheerder van het register om haar te koppelen.")
	}
	if !t.geldig(k.Activiteit, op) {
		return uuid.UUID{}, fout.New(fout.CodeGeenDoelbinding,
			"De verwerkingsactiviteit van deze functie geldt nu niet. Vraag de beheerder van het register om haar vast te stellen of de functie anders te koppelen.")
	}
	return k.Activiteit, nil
}

// geldig reports whether an activity holds at a moment.
func (t *stand) geldig(id uuid.UUID, op time.Time) bool {
	_, ok := t.geldendOp(id, DatumVan(op))
	return ok
}
