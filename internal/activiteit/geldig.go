package activiteit

import (
	"slices"
	"strings"
)

// GeldigOp gives the version that holds on a day: of those that began by then the one that began last, and of those that
// began on the same day the one made last, as that corrects the others. None when that version says that the activity had
// ended.
func (a *Activiteit) GeldigOp(d Datum) (*Versie, bool) {
	v := a.begonnen(d)
	if v == nil || !d.tussen(v.Ingangsdatum, v.Einddatum) {
		return nil, false
	}
	return v, true
}

// Laatste gives the version that began last, or will: the one a change starts from. It may have ended. Nil when none is
// definite yet. A version that filled in the past later than this one has a higher Nummer and isn't it.
func (a *Activiteit) Laatste() *Versie { return a.begonnen("9999-12-31") }

// begonnen gives the version that decides on a day.
func (a *Activiteit) begonnen(d Datum) (v *Versie) {
	for i := range a.Versies {
		w := &a.Versies[i]
		if w.Ingangsdatum <= d && (v == nil || w.Ingangsdatum > v.Ingangsdatum || w.Ingangsdatum == v.Ingangsdatum && w.Nummer > v.Nummer) {
			v = w
		}
	}
	return v
}

// Actueel gives what is said of the activity by its last version, or as long as it has none by its concept.
func (a *Activiteit) Actueel() *Inhoud {
	if v := a.Laatste(); v != nil {
		return &v.Inhoud
	}
	if a.Concept != nil {
		return &a.Concept.Inhoud
	}
	return &Inhoud{}
}

// How an activity stands, as Filter.Stand knows it.
const (
	StandConcept    = "concept"    // has a change that is not definite
	StandGeldig     = "geldig"     // a version holds
	StandToekomstig = "toekomstig" // none holds yet, one will
	StandVerlopen   = "verlopen"   // none holds any more
)

// StandOp tells how an activity stands on a day: geldig, toekomstig, verlopen, or concept when no version is definite.
func (a *Activiteit) StandOp(d Datum) string {
	if len(a.Versies) == 0 {
		return StandConcept
	}
	if _, ok := a.GeldigOp(d); ok {
		return StandGeldig
	}
	if slices.ContainsFunc(a.Versies, func(v Versie) bool { return v.Ingangsdatum > d }) {
		return StandToekomstig
	}
	return StandVerlopen
}

// volgende is a copy to be changed, of the next version of the document.
func (a *Activiteit) volgende() *Activiteit {
	uit := a.kopie()
	uit.Stand++
	return uit
}

// kopie shares only what is inside an Inhoud.
func (a *Activiteit) kopie() *Activiteit {
	uit := *a
	uit.Versies = slices.Clone(a.Versies)
	if a.Concept != nil {
		c := *a.Concept
		uit.Concept = &c
	}
	return &uit
}

// openbaar is the activity as anybody may see it: without what is not definite.
func (a *Activiteit) openbaar() *Activiteit {
	uit := *a
	uit.Concept = nil
	return &uit
}

// vouw is a text as texts are compared in searching and sorting.
func vouw(s string) string { return strings.ToLower(s) }
