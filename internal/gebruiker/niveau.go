package gebruiker

// Niveau is how someone gets to see a field.
type Niveau uint8

// The levels, from none to all.
const (
	Verborgen  Niveau = iota // it isn't in the answer
	Gemaskeerd               // that there is something, not what: "•••••••12"
	Lezen                    // grey, with the reason
	Schrijven
)

// String names the level.
func (n Niveau) String() string {
	return [...]string{"verborgen", "gemaskeerd", "lezen", "schrijven"}[n]
}

// zonderZien is the level of a class for who may see the thing, but not that class of its fields. What is not here is
// hidden: of these others it already tells too much that there is one (a secret address, a criminal record), or it
// can't be masked (free text).
var zonderZien = map[Veldklasse]Niveau{
	BSN:     Gemaskeerd, // the last two digits tell two people of one name apart
	Contact: Gemaskeerd,
}

// Niveau gives the level of fields of a class in what lies in b. Who may not see a thing sees no field of it, and
// a verbod hides.
func (r *Rechten) Niveau(m Module, v Veldklasse, b Bereik) Niveau {
	zien := cel{m, Zien, v}
	switch {
	case !r.Mag(m, Zien, Gewoon, b) || r.verboden(zien, b):
		return Verborgen
	case !r.mag(zien, b):
		return zonderZien[v]
	case r.Mag(m, Wijzigen, v, b):
		return Schrijven
	}
	return Lezen
}
