package inzage

import (
	"slices"
	"strings"
	"time"
)

// Grof gives what somebody who is protected sees of a line (decision 0034): in which month their data were used, on which ground of the law,
// whether another organisation did it or got them, and which data, as far as a word of soorten says it. Every text that somebody typed is left out,
// as any of them can name a place: of actie, handeling, verwerking, activity and its purpose, betrokkenheid, organisations.
func Grof(g Gebruik) Gebruik {
	uit := Gebruik{
		ID: g.ID, Moment: maandVan(g.Moment), Grof: true, Uitleg: &Uitleg{}, Uitvoerder: grovePartij(g.Uitvoerder), Ontvanger: grovePartij(g.Ontvanger), Eigen: g.Eigen, Namens: g.Namens,
		verwerking: g.verwerking,
	}
	if g.Uitleg != nil {
		for _, r := range g.Uitleg.Grondslagen {
			if r.Artikel != "" { // it stands in the law, and is not what somebody typed
				uit.Uitleg.Grondslagen = append(uit.Uitleg.Grondslagen, r)
			}
		}
	}
	for _, s := range g.Soorten {
		if s = strings.ToLower(strings.TrimSpace(s)); slices.Contains(groveSoorten, s) && !slices.Contains(uit.Soorten, s) {
			uit.Soorten = append(uit.Soorten, s)
		}
	}
	return uit
}

// groveSoorten are kinds of data that say nothing of where somebody is. One that is not among them is left out.
var groveSoorten = []string{
	"bsn", "burgerservicenummer", "naam", "namen", "voornamen", "achternaam", "geslachtsnaam", "geboortedatum", "geslacht", "nationaliteit",
	"burgerlijke staat", "inkomen", "vermogen", "schulden", "uitkering", "rekeningnummer", "gezondheid", "kenteken", "verwerkingen",
}

// grovePartij tells of what kind a party is, and not who.
func grovePartij(p Partij) Partij {
	if p.Soort == Organisatie {
		return Partij{Soort: Ander}
	}
	return Partij{Soort: p.Soort}
}

// maandVan is the first moment of the month of a moment, in Europe/Amsterdam.
func maandVan(t time.Time) time.Time {
	t = t.In(amsterdam)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, amsterdam)
}

// grof is the filter of somebody who is protected: none, as one for a day or a task would tell what the lines do not.
func (f Filter) grof(ja bool) Filter {
	if ja {
		return Filter{}
	}
	return f
}
