package activiteit

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Filter says which activities are asked for. What is empty asks for all.
type Filter struct {
	Zoek              string // every word of it, in names, purpose, category, people and data
	Categorie         string
	GeldigOp          Datum // those with a version that holds on that day, judged by that version
	GebaseerdOp       string
	Verantwoordelijke string // OIN
	Stand             string // concept, geldig, toekomstig, verlopen; on GeldigOp, or today
	AlleenOpenbaar    bool
}

// Lijst gives activities by name. They are what the register holds: read them, and don't change them. Errors:
// CodeGeenToestemming.
func (r *Register) Lijst(d Dader, f Filter) ([]*Activiteit, error) {
	t, err := r.lees(d, Zien)
	if err != nil {
		return nil, err
	}
	z := f.zoeker(r.nu())
	uit := []*Activiteit{}
	for _, v := range t.zoekindex().opNaam {
		if z.past(v, false) {
			uit = append(uit, v.Activiteit)
		}
	}
	return uit, nil
}

// Een gives a copy of one. Errors: CodeGeenToestemming, fout.NietGevonden.
func (r *Register) Een(d Dader, id uuid.UUID) (*Activiteit, error) {
	t, err := r.lees(d, Zien)
	if err != nil {
		return nil, err
	}
	a, ok := t.activiteiten[id]
	if !ok {
		return nil, onbekend
	}
	return a.kopie(), nil
}

// OpenbareLijst gives what anybody may see, of all organisations, by name: activities that are public and have a definite
// version, without their concepts. As of Lijst they are not to be changed.
func (r *Register) OpenbareLijst(f Filter) []*Activiteit {
	z := f.zoeker(r.nu())
	var gevonden []*vindbaar
	for _, oin := range r.organisaties {
		for _, v := range r.kast.Stand(oin).zoekindex().opNaam {
			if v.Activiteit.Openbaar && len(v.Versies) > 0 && z.past(v, true) {
				gevonden = append(gevonden, v)
			}
		}
	}
	if len(r.organisaties) > 1 {
		slices.SortFunc(gevonden, vergelijk)
	}
	uit := make([]*Activiteit, len(gevonden))
	for i, v := range gevonden {
		uit[i] = v.openbaar()
	}
	return uit
}

// Openbaar gives one of those. When organisations took the same id from a catalogue, it is that of the first of them.
func (r *Register) Openbaar(id uuid.UUID) (*Activiteit, bool) {
	for _, oin := range r.organisaties {
		if a, ok := r.kast.Stand(oin).activiteiten[id]; ok && a.Openbaar && len(a.Versies) > 0 {
			return a.openbaar(), true
		}
	}
	return nil, false
}

// Bekend tells whether an organisation has an activity, and which version held at a moment: nil when none did. It asks for no
// right: it is for who saw a record that names the activity.
func (r *Register) Bekend(oin string, id uuid.UUID, op time.Time) (v *Versie, bekend bool) {
	a, ok := r.kast.Stand(oin).activiteiten[id]
	if !ok {
		return nil, false
	}
	v, _ = a.GeldigOp(DatumVan(op))
	return v, true
}

// zoeker is a filter made ready.
type zoeker struct {
	Filter
	dag     Datum // that standen are judged on
	woorden []string
}

func (f Filter) zoeker(nu time.Time) *zoeker {
	z := &zoeker{Filter: f, dag: f.GeldigOp, woorden: strings.Fields(vouw(regel(f.Zoek)))}
	if z.dag == "" {
		z.dag = DatumVan(nu)
	}
	z.Categorie = regel(f.Categorie)
	return z
}

// past reports whether an activity is asked for. With publiek only what anybody may read says so: neither its concept, nor what is
// still to come of it.
func (z *zoeker) past(v *vindbaar, publiek bool) bool {
	if z.AlleenOpenbaar && !v.Activiteit.Openbaar {
		return false
	}
	switch z.Stand {
	case "":
	case StandConcept:
		if v.Concept == nil || publiek {
			return false
		}
	default:
		if v.StandOp(z.dag) != z.Stand {
			return false
		}
	}
	in, tekst, ook := v.Actueel(), v.vast, v.concept
	var w *Versie
	if z.GeldigOp != "" && (z.Stand == "" || z.Stand == StandGeldig) {
		var ok bool
		if w, ok = v.Activiteit.GeldigOp(z.GeldigOp); !ok {
			return false
		}
	} else if publiek {
		if w = v.begonnen(z.dag); w == nil {
			w = v.Laatste()
		}
	}
	if w != nil {
		in, tekst, ook = &w.Inhoud, v.woordenVan(w, publiek), ""
	}
	if z.Categorie != "" && !strings.EqualFold(in.Categorie, z.Categorie) || z.GebaseerdOp != "" && in.GebaseerdOp != z.GebaseerdOp ||
		z.Verantwoordelijke != "" && in.VerantwoordelijkeOrganisatie != z.Verantwoordelijke {
		return false
	}
	return !slices.ContainsFunc(z.woorden, func(w string) bool { return !strings.Contains(tekst, w) && !strings.Contains(ook, w) })
}

// woordenVan gives the text of a version in which words are looked for; that of the last one is at hand.
func (v *vindbaar) woordenVan(w *Versie, publiek bool) string {
	switch laatste := w == v.Laatste(); {
	case laatste && publiek:
		return v.publiek
	case laatste:
		return v.vast
	case publiek:
		return w.publiek()
	}
	return w.woorden()
}
