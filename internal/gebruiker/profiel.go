package gebruiker

import (
	"fmt"
	"slices"
	"time"
)

// Profiel says in plain Dutch what a group or a person can do.
type Profiel struct{ Zinnen []Zin }

// Zin is one sentence, and the right that it comes from.
type Zin struct {
	Tekst string `json:"tekst"`
	Recht Recht  `json:"recht"`
}

// Verschil is what a change makes come and go.
type Verschil struct{ Erbij, Eraf []Zin }

// profiel describes rights, of "Deze groep" or "Deze persoon". What a verbod beside it takes away is not told as
// something one can do.
func profiel(wie string, rechten []Recht, nu time.Time) Profiel {
	r := NieuweRechten(nu, rechten)
	p := Profiel{}
	for _, recht := range ordenRechten(rechten) {
		if !bestaat(recht.cel()) || !loopt(recht.Tot, nu) || !recht.Verbod && !r.overhoudt(recht) {
			continue
		}
		p.Zinnen = append(p.Zinnen, Zin{zin(wie, recht), recht})
	}
	return p
}

// overhoudt reports whether something is left of a right beside the verboden.
func (r *Rechten) overhoudt(recht Recht) bool {
	return slices.ContainsFunc(r.bereiken(recht.cel()), recht.Bereik.omvat)
}

// zin writes the sentence of a right.
func zin(wie string, r Recht) string {
	kan := Uitdrukking(r.Module, r.Handeling, r.Veldklasse)
	if r.Verbod {
		nooit := " mag nooit "
		if !r.Tot.IsZero() {
			nooit = " mag tot " + Datum(r.Tot) + " niet "
		}
		if r.Bereik == BereikAlles {
			return wie + nooit + kan + ". Dit verbod gaat boven elk recht, ook uit een andere groep."
		}
		return wie + nooit + kan + verbodWoorden(r.Bereik) + ". Dit verbod gaat boven elk recht, ook een ruimer recht en uit een andere groep."
	}
	kan += bereikWoorden(r.Module, r.Bereik)
	if !r.Tot.IsZero() {
		kan += ", tot " + Datum(r.Tot)
	}
	return wie + " kan " + kan + "."
}

// bereikWoorden says how far a right reaches; nothing where it is always the same.
func bereikWoorden(m Module, b Bereik) string {
	if !m.Inwoners() {
		return ""
	}
	switch b.soort {
	case soortEigen:
		return ", alleen voor het eigen werk"
	case soortFunctiegroep:
		return ", voor het werk van de eigen functiegroep"
	case soortDomein:
		return ", in het domein " + b.domein
	}
	return ", voor de hele organisatie"
}

func verbodWoorden(b Bereik) string {
	switch b.soort {
	case soortEigen:
		return " in het eigen werk"
	case soortFunctiegroep:
		return " in het werk van de eigen functiegroep"
	}
	return " in het domein " + b.domein
}

// verschil gives the sentences that only one of two profiles has.
func verschil(voor, na Profiel) Verschil {
	zonder := func(p, q Profiel) (uit []Zin) {
		for _, z := range p.Zinnen {
			if !slices.ContainsFunc(q.Zinnen, func(y Zin) bool { return y.Tekst == z.Tekst }) {
				uit = append(uit, z)
			}
		}
		return uit
	}
	return Verschil{Erbij: zonder(na, voor), Eraf: zonder(voor, na)}
}

// zinnen are the texts of a profile, for the beheerlog.
func (p Profiel) zinnen() []string {
	uit := []string{}
	for _, z := range p.Zinnen {
		uit = append(uit, z.Tekst)
	}
	return uit
}

// amsterdam is the zone of every date that people read.
var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error()) // embedded by cmd, see tzdata
	}
	return loc
}()

var maanden = [...]string{
	"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
}

// Datum writes a moment for people, with the time unless it is midnight: "1 januari 2027", "1 januari 2027 om 15:00 uur".
func Datum(t time.Time) string {
	t = t.In(amsterdam)
	s := fmt.Sprintf("%d %s %d", t.Day(), maanden[t.Month()-1], t.Year())
	if t.Hour() != 0 || t.Minute() != 0 {
		s += fmt.Sprintf(" om %d:%02d uur", t.Hour(), t.Minute())
	}
	return s
}

// aantal counts people in words: "1 persoon", "12 mensen".
func aantal(n int) string {
	if n == 1 {
		return "1 persoon"
	}
	return fmt.Sprintf("%d mensen", n)
}
