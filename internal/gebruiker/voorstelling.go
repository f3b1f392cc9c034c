package gebruiker

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Voorstelling is what a change will mean, before it is made.
type Voorstelling struct {
	Profiel        Profiel // afterwards
	Verschil       Verschil
	Waarschuwingen []Waarschuwing // most serious first
	Mensen         int            // how many people it concerns
}

// Ernstig reports whether the change brings something serious, and so needs a reason and a second administrator.
func (v *Voorstelling) Ernstig() bool {
	return slices.ContainsFunc(v.Waarschuwingen, func(w Waarschuwing) bool { return w.Ernst == Ernstig && w.Nieuw })
}

// voorzieRechten tells what other rights of a group will mean: for the group, and for its members together with
// their other groups.
func (t *stand) voorzieRechten(a *Autorisatiegroep, rechten []Recht, nu time.Time) Voorstelling {
	const wie = "Deze groep"
	leden := t.leden(a.ID, nu)
	uit := Voorstelling{Profiel: profiel(wie, rechten, nu), Mensen: len(leden)}
	uit.Verschil = verschil(profiel(wie, a.Rechten, nu), uit.Profiel)

	voor, na := []verleend{{rechten: a.Rechten}}, []verleend{{rechten: rechten}}
	nieuw := nieuwe(voor, na, nu)
	uit.Waarschuwingen = waarschuwingen("Mensen in deze groep kunnen", na, nieuw, nu)

	// A verbod that goes lets loose what another group grants, and rights of two groups may make one that is too much.
	later := t.kopie()
	ander := a.kopie()
	ander.Rechten = rechten
	later.zet(ander)
	samen, gevonden := map[int]int{}, map[int][]atoom{}
	for _, g := range leden {
		if slices.EqualFunc(a.Rechten, rechten, gelijk) {
			break // of a group as it is, which pages ask for all groups
		}
		for i, atomen := range nieuwe(t.verleend(g.ID, nu), later.verleend(g.ID, nu), nu) {
			if _, gezegd := nieuw[i]; !gezegd {
				samen[i]++
				gevonden[i] = atomen
			}
		}
	}
	for i, n := range samen {
		wie := "Samen met hun andere groepen kunnen " + aantal(n)
		if n == 1 {
			wie = "Samen met een andere groep kan 1 persoon"
		}
		uit.Waarschuwingen = append(uit.Waarschuwingen, Waarschuwing{
			Ernst: risicos[i].ernst, Regel: risicos[i].code, Nieuw: true, Tekst: risicos[i].tekst(wie, gevonden[i]),
		})
	}
	uit.Waarschuwingen = append(uit.Waarschuwingen, overMensen(a, leden, rechten, nu)...)
	ordenWaarschuwingen(uit.Waarschuwingen)
	return uit
}

// voorzieLid tells what it will mean for a person to be in other groups: na is that person then.
func (t *stand) voorzieLid(na *Gebruiker, nu time.Time) Voorstelling {
	const wie = "Deze persoon"
	later := t.kopie()
	later.zet(na)
	voor, dan := t.verleend(na.ID, nu), later.verleend(na.ID, nu)
	uit := Voorstelling{Profiel: profielVan(wie, dan, nu), Mensen: 1}
	uit.Verschil = verschil(profielVan(wie, voor, nu), uit.Profiel)
	uit.Waarschuwingen = waarschuwingen("Deze persoon kan", dan, nieuwe(voor, dan, nu), nu)
	ordenWaarschuwingen(uit.Waarschuwingen)
	return uit
}

// profielVan is the profile of all that is granted, each right ending with the membership it comes from.
func profielVan(wie string, alle []verleend, nu time.Time) Profiel {
	var rechten []Recht
	for _, v := range alle {
		for _, r := range v.rechten {
			if !v.tot.IsZero() && (r.Tot.IsZero() || v.tot.Before(r.Tot)) {
				r.Tot = v.tot
			}
			rechten = append(rechten, r)
		}
	}
	return profiel(wie, rechten, nu)
}

// waarschuwingen tells every rule that is stumbled over, now or later.
func waarschuwingen(wie string, na []verleend, nieuw map[int][]atoom, nu time.Time) (uit []Waarschuwing) {
	for i, regel := range risicos {
		for _, t := range momenten(nu, na) {
			if gevonden := regel.vind(rechtenOp(na, t).atomen()); len(gevonden) > 0 {
				_, is := nieuw[i]
				uit = append(uit, Waarschuwing{Ernst: regel.ernst, Regel: regel.code, Tekst: regel.tekst(wie, gevonden), Nieuw: is})
				break
			}
		}
	}
	return uit
}

func ordenWaarschuwingen(w []Waarschuwing) {
	plaats := func(code string) int { return slices.IndexFunc(risicos, func(r risico) bool { return r.code == code }) }
	slices.SortStableFunc(w, func(a, b Waarschuwing) int {
		if a.Ernst != b.Ernst {
			return int(b.Ernst) - int(a.Ernst)
		}
		return plaats(a.Regel) - plaats(b.Regel)
	})
}

// metGroep is a person who is a member as l says as well.
func metGroep(g *Gebruiker, l Lidmaatschap, nu time.Time) *Gebruiker {
	uit := g.volgende(nu)
	uit.zetLid(l)
	return uit
}

// zonderGroep is a person who is no member any more.
func zonderGroep(g *Gebruiker, groep uuid.UUID, nu time.Time) *Gebruiker {
	uit := g.volgende(nu)
	uit.haalWeg(groep)
	return uit
}
