package activiteit

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// meld adds an event, done by the dader.
func (o *ontwerp) meld(r beheerlog.Regel) {
	r.Door = o.d.Wie
	o.Meld(r)
}

// velden are fields of a document by their JSON name.
type velden map[string]jsontext.Value

// anders gives the fields in which two documents differ, before and after: an event says what changed, and does not repeat
// the rest. nil is a document without fields.
func anders(voor, na any) (v, n any) {
	a, b := lees(voor), lees(na)
	for _, k := range slices.Collect(maps.Keys(a)) {
		if w, ok := b[k]; ok && string(a[k]) == string(w) {
			delete(a, k)
			delete(b, k)
		}
	}
	return opgave(a), opgave(b)
}

// opgave gives nil for nothing, so that an event leaves it out.
func opgave(v velden) any {
	if len(v) == 0 {
		return nil
	}
	return v
}

func lees(document any) velden {
	uit := velden{}
	if document == nil {
		return uit
	}
	// What can't be written as JSON isn't stored either, so the change fails there.
	if b, err := json.Marshal(document); err != nil || json.Unmarshal(b, &uit) != nil {
		return velden{}
	}
	return uit
}

// wieIs names an activity in the beheerlog.
func (a *Activiteit) wieIs() beheerlog.Wie {
	return beheerlog.Wie{Soort: "activiteit", ID: a.ID.String(), Naam: a.Actueel().Naam}
}
