package activiteit

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// Functie is a koppeling whose activity holds, with the version that does.
type Functie struct {
	*Koppeling
	Versie *Versie
}

// Leverbaar is a levering on one of its days, while its activity holds, with the version that does.
type Leverbaar struct {
	*Levering
	Versie *Versie
}

// FunctiesOp gives what an application can do on a day, by function. What it gives is not changed.
func (r *Register) FunctiesOp(oin, applicatie string, dag Datum) (uit []Functie) {
	t := r.kast.Stand(oin)
	for _, k := range t.koppelingen {
		if k.Applicatie != applicatie {
			continue
		}
		if v, ok := t.geldendOp(k.Activiteit, dag); ok {
			uit = append(uit, Functie{k, v})
		}
	}
	slices.SortFunc(uit, func(a, b Functie) int { return cmp.Compare(a.Functie, b.Functie) })
	return uit
}

// LeveringenOp gives who may have which data on a day, by receiver, data and purpose; with a gegevensset only those. What it
// gives is not changed.
func (r *Register) LeveringenOp(oin, gegevensset string, dag Datum) (uit []Leverbaar) {
	t := r.kast.Stand(oin)
	for _, l := range t.leveringen {
		if gegevensset != "" && l.Gegevensset != gegevensset || !dag.tussen(l.Van, l.Tot) {
			continue
		}
		if v, ok := t.geldendOp(l.Activiteit, dag); ok {
			uit = append(uit, Leverbaar{l, v})
		}
	}
	slices.SortFunc(uit, func(a, b Leverbaar) int {
		return cmp.Or(cmp.Compare(a.Afnemer, b.Afnemer), cmp.Compare(a.Gegevensset, b.Gegevensset), cmp.Compare(a.Doel, b.Doel), slices.Compare(a.ID[:], b.ID[:]))
	})
	return uit
}

// geldendOp gives the version of an activity that holds on a day.
func (t *stand) geldendOp(id uuid.UUID, dag Datum) (*Versie, bool) {
	a, ok := t.activiteiten[id]
	if !ok {
		return nil, false
	}
	return a.GeldigOp(dag)
}

// Periode is the days on which the function can run: those of its version.
func (f Functie) Periode() (van, tot Datum) { return f.Versie.Ingangsdatum, f.Versie.Einddatum }

// Periode is the days that the levering has in common with its version.
func (l Leverbaar) Periode() (van, tot Datum) {
	van, tot = max(l.Van, l.Versie.Ingangsdatum), l.Versie.Einddatum
	if tot == "" || l.Tot != "" && l.Tot < tot {
		tot = l.Tot
	}
	return van, tot
}
