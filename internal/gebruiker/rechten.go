package gebruiker

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Rechten is what someone may at a moment, once and for all. Its zero value and nil may do nothing.
type Rechten struct{ cellen map[cel]bereiken }

type bereiken struct{ mag, verbod []Bereik }

// NieuweRechten gives the union of groups. What has ended, and what no module has, grants nothing.
func NieuweRechten(nu time.Time, groepen ...[]Recht) *Rechten {
	r := &Rechten{map[cel]bereiken{}}
	for _, rechten := range groepen {
		for _, recht := range rechten {
			c := recht.cel()
			if !bestaat(c) || !loopt(recht.Tot, nu) {
				continue
			}
			b := r.cellen[c]
			if recht.Verbod {
				if recht.Bereik.soort == 0 {
					recht.Bereik = BereikAlles
				}
				b.verbod = append(b.verbod, recht.Bereik)
			} else {
				b.mag = append(b.mag, recht.Bereik)
			}
			r.cellen[c] = b
		}
	}
	return r
}

// Mag reports whether the handeling is allowed on fields of the class for all of b. Of one thing b is the narrowest
// bereik that it lies in. A verbod that may touch b wins.
func (r *Rechten) Mag(m Module, h Handeling, v Veldklasse, b Bereik) bool {
	return r.mag(cel{m, h, v}, b)
}

func (r *Rechten) mag(c cel, b Bereik) bool {
	if r == nil || b.soort == 0 || r.verboden(c, b) {
		return false
	}
	return slices.ContainsFunc(r.cellen[c].mag, func(mag Bereik) bool { return mag.omvat(b) })
}

// verboden reports whether a verbod touches b.
func (r *Rechten) verboden(c cel, b Bereik) bool {
	return r != nil && slices.ContainsFunc(r.cellen[c].verbod, func(v Bereik) bool { return v.raakt(b) })
}

// Module reports whether anything at all is allowed in the module: whether there is a tab.
func (r *Rechten) Module(m Module) bool {
	return slices.ContainsFunc(Handelingen(), func(h Handeling) bool { return r.MagErgens(m, h) })
}

// MagErgens reports whether the handeling is allowed in the module on some class and bereik: whether a button is
// not grey. What it works on must be asked with Mag.
func (r *Rechten) MagErgens(m Module, h Handeling) bool {
	if r == nil {
		return false
	}
	for _, v := range Veldklassen() {
		if len(r.bereiken(cel{m, h, v})) > 0 {
			return true
		}
	}
	return false
}

// MagGewoon reports whether the handeling is allowed on ordinary fields in some bereik: whether a page of the module can
// be had at all. Who may see a delicate field of a thing, and not the thing, sees neither.
func (r *Rechten) MagGewoon(m Module, h Handeling) bool {
	return r != nil && len(r.bereiken(cel{m, h, Gewoon})) > 0
}

// anderDomein stands for any domain that no right names. No name can be written so.
var anderDomein = BereikDomein("*")

// bereiken gives every bereik that is allowed: those that are granted, and what is left of them beside a verbod.
func (r *Rechten) bereiken(c cel) (uit []Bereik) {
	kandidaten := append(slices.Clone(r.cellen[c].mag), BereikEigen, BereikFunctiegroep, BereikAlles, anderDomein)
	for _, b := range kandidaten {
		if r.mag(c, b) && !slices.Contains(uit, b) {
			uit = append(uit, b)
		}
	}
	return uit
}

// maxRechten bounds a group.
const maxRechten = 300

// ValidateRechten tells everything that is wrong with rights that a group is to have.
func ValidateRechten(rechten []Recht, nu time.Time) (params []fout.Param) {
	if len(rechten) > maxRechten {
		return []fout.Param{{Name: "rechten", Code: "max_length", Reason: fmt.Sprintf("Geef een groep hoogstens %d rechten.", maxRechten)}}
	}
	gezien := map[string]bool{}
	for i, r := range rechten {
		name := "rechten." + strconv.Itoa(i)
		mis := func(veld, code, reason string) {
			params = append(params, fout.Param{Name: name + veld, Code: code, Reason: reason})
		}
		m := moduleIndex(r.Module)
		switch {
		case m < 0:
			mis(".module", "invalid_choice", "Deze module is er niet; kies een module uit de lijst.")
			continue
		case modules[m].later:
			mis(".module", "invalid_choice", "Deze module is er nog niet; geef het recht als de module er is.")
		case !bestaat(r.cel()):
			mis("", "invalid_choice", "Dit recht is er niet in deze module; kies een recht uit de lijst.")
		}
		if _, err := ParseBereik(r.Bereik.String()); err != nil {
			mis(".bereik", "invalid_choice", "Kies eigen, functiegroep, alles of domein: met een naam van kleine letters, cijfers en streepjes.")
		} else if !modules[m].inwoners && r.Bereik != BereikAlles {
			mis(".bereik", "invalid_choice", "In deze module geldt een recht altijd voor alles; kies alles.")
		}
		if !loopt(r.Tot, nu) {
			mis(".tot", "invalid", "Deze einddatum is al voorbij; kies een latere, of laat het recht weg.")
		}
		if gezien[r.String()] {
			mis("", "unique", "Dit recht staat er twee keer; laat er een weg.")
		}
		gezien[r.String()] = true
	}
	return params
}
