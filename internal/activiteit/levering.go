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

// sleutel is what a levering is looked up by.
func (l *Levering) sleutel() [3]string { return [3]string{l.Afnemer, l.Gegevensset, l.Doel} }

// overlapt reports whether two have a day in common.
func (l *Levering) overlapt(m *Levering) bool {
	return (l.Tot == "" || m.Van <= l.Tot) && (m.Tot == "" || l.Van <= m.Tot)
}

// Leveringen gives who may have which data for which purpose, in that order. Errors: CodeGeenToestemming.
func (r *Register) Leveringen(d Dader) ([]Levering, error) {
	t, err := r.lees(d, Zien)
	if err != nil {
		return nil, err
	}
	uit := make([]Levering, 0, len(t.leveringen))
	for _, l := range t.leveringen {
		uit = append(uit, *l)
	}
	slices.SortFunc(uit, func(a, b Levering) int {
		return cmp.Or(cmp.Compare(a.Afnemer, b.Afnemer), cmp.Compare(vouw(a.Gegevensset), vouw(b.Gegevensset)), cmp.Compare(vouw(a.Doel), vouw(b.Doel)),
			cmp.Compare(a.Van, b.Van), slices.Compare(a.ID[:], b.ID[:]))
	})
	return uit, nil
}

// ZetLevering allows a receiver data for a purpose: anew with a zero ID, and otherwise in place of the levering with that ID and
// Stand. There is one at most for the same receiver, data and purpose on any day. Errors: CodeOngeldig, CodeGeenToestemming,
// fout.NietGevonden, fout.Gelijktijdig, CodeTeGroot.
func (r *Register) ZetLevering(ctx context.Context, d Dader, l Levering) (uuid.UUID, error) {
	l.Afnemer, l.Gegevensset, l.Doel, l.Toelichting = regel(l.Afnemer), regel(l.Gegevensset), regel(l.Doel), alinea(l.Toelichting)
	if doel, err := uuid.Parse(l.Doel); err == nil {
		l.Doel = doel.String() // one id is one purpose, however it was written
	}
	nieuw := l.ID == uuid.UUID{}
	if nieuw {
		l.ID, l.Stand = uuid.New(), 0
	}
	err := r.wijzig(ctx, d, func(o *ontwerp) error {
		var voor *Levering
		if !nieuw {
			var err error
			if voor, err = gezien(o.Voor.leveringen[l.ID], l.Stand); err != nil {
				return err
			}
			if *voor == l {
				return nil
			}
		} else if len(o.Voor.leveringen) >= maxLeveringen {
			return teVeelLeveringen
		}
		if err := o.keurLevering(&l); err != nil {
			return err
		}
		na := l
		na.Stand++
		o.Zet(&na)
		g := beheerlog.Regel{Soort: beheerlog.Levering, Betreft: l.wieIs(), Wat: "Levering van gegevens toegestaan.", Na: na}
		if voor != nil {
			g.Wat, g.Voor = "Levering van gegevens gewijzigd.", *voor
		}
		o.meld(g)
		return nil
	}, Beheren)
	if err != nil {
		return uuid.UUID{}, err
	}
	return l.ID, nil
}

func (o *ontwerp) keurLevering(l *Levering) error {
	k := keuring{}
	if !oinVorm.MatchString(l.Afnemer) {
		k.mis("afnemer", "invalid", "Dit is geen OIN; vul de 20 cijfers in van de organisatie die de gegevens krijgt.")
	}
	k.verplicht("gegevensset", l.Gegevensset == "", "Vul in om welke gegevens het gaat.")
	k.tekst("gegevensset", l.Gegevensset, maxNaam, false)
	k.verplicht("doel", l.Doel == "", "Vul in hoe de afnemer het doel noemt.")
	k.tekst("doel", l.Doel, maxNaam, false)
	k.tekst("toelichting", l.Toelichting, maxTekst, true)
	k.datum("van", l.Van, false)
	k.datum("tot", l.Tot, false)
	if l.Tot != "" && l.Tot < l.Van {
		k.mis("tot", "invalid", "De laatste dag ligt voor de eerste; kies een latere.")
	}
	o.keurVerwijzing(&k, l.Activiteit)
	if a, ok := o.Voor.activiteiten[l.Activiteit]; ok && l.Vertrouwelijk && a.Actueel().GrondVertrouwelijk == "" {
		k.mis("vertrouwelijk", "invalid", "De activiteit heeft geen grond voor vertrouwelijkheid; vul die daar eerst in.")
	}
	for id, ander := range o.Voor.leveringen {
		if id != l.ID && ander.sleutel() == l.sleutel() && ander.overlapt(l) {
			k.mis("doel", "unique", "Voor deze afnemer, gegevens en doel is er in deze periode al een levering; wijzig die.")
			break
		}
	}
	return k.err()
}

// WisLevering takes a levering away: the receiver gets the data no more. Errors: CodeGeenToestemming, fout.NietGevonden,
// fout.Gelijktijdig.
func (r *Register) WisLevering(ctx context.Context, d Dader, id uuid.UUID, stand int64) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		l, err := gezien(o.Voor.leveringen[id], stand)
		if err != nil {
			return err
		}
		o.HaalWeg(l)
		o.meld(beheerlog.Regel{Soort: beheerlog.Levering, Betreft: l.wieIs(), Wat: "Levering van gegevens gewist.", Voor: *l})
		return nil
	}, Beheren)
}

func (l *Levering) wieIs() beheerlog.Wie {
	return beheerlog.Wie{Soort: "levering", ID: l.ID.String(), Naam: l.Afnemer + ": " + l.Gegevensset}
}

// LeveringVoor gives the levering that allows a receiver data for a purpose. fout.GeenDoelbinding: there is none on that day, or
// its activity does not hold then.
func (r *Register) LeveringVoor(oin, afnemer, gegevensset, doel string, op time.Time) (*Levering, error) {
	t, dag := r.kast.Stand(oin), DatumVan(op)
	for _, l := range t.zoekindex().levering[[3]string{afnemer, gegevensset, doel}] {
		if !dag.tussen(l.Van, l.Tot) {
			continue
		}
		if !t.geldig(l.Activiteit, op) {
			return nil, fout.New(fout.CodeGeenDoelbinding,
				"De verwerkingsactiviteit van deze levering geldt nu niet. Vraag de beheerder van het register om haar vast te stellen.")
		}
		uit := *l
		return &uit, nil
	}
	return nil, fout.New(fout.CodeGeenDoelbinding,
		"Deze afnemer mag deze gegevens niet krijgen voor dit doel. Vraag de beheerder van het register om een levering.")
}
