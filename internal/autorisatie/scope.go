package autorisatie

import (
	"errors"
	"strings"
)

// The components that scopes are bound to.
const (
	ComponentBewerking = "verwerkingenlogging-bewerking"
	ComponentInzage    = "verwerkingenlogging-inzage"
	ComponentAC        = "ac"
	ComponentVAR       = "verwerkingsactiviteiten"
)

// Scope is the name of a right, which means something only together with a component.
type Scope string

// The known scopes.
const (
	CreateNormal       Scope = "create:normal"
	CreateConfidential Scope = "create:confidential"
	ReadNormal         Scope = "read:normal"
	ReadConfidential   Scope = "read:confidential"
	UpdateNormal       Scope = "update:normal"
	UpdateConfidential Scope = "update:confidential"
	DeleteNormal       Scope = "delete:normal"
	DeleteConfidential Scope = "delete:confidential"
	AuditRead          Scope = "audit:read"

	AutorisatiesLezen     Scope = "autorisaties.lezen"
	AutorisatiesBijwerken Scope = "autorisaties.bijwerken"

	VARRead       Scope = "var:read"       // all activities of the organisation, also those that are not public, and the own functions
	VARLeveringen Scope = "var:leveringen" // who may have which data of the organisation
)

// componenten is the one table of components and the scopes each of them knows.
var componenten = [...]struct {
	naam, weergave string
	scopes         []Scope
}{
	{ComponentBewerking, "Verwerkingenlogging Bewerking", []Scope{
		CreateNormal, CreateConfidential, ReadNormal, ReadConfidential,
		UpdateNormal, UpdateConfidential, DeleteNormal, DeleteConfidential, AuditRead,
	}},
	{ComponentInzage, "Verwerkingenlogging Inzage", []Scope{ReadNormal, ReadConfidential}},
	{ComponentAC, "Autorisaties API", []Scope{AutorisatiesLezen, AutorisatiesBijwerken}},
	{ComponentVAR, "Verwerkingsactiviteiten API", []Scope{VARRead, VARLeveringen}},
}

// verzameling is a set of scope names, one bit each. Every set held is closed under R-107: with a
// confidential scope goes the normal one of the same verb, so that narrowing is an intersection.
type verzameling uint16

// rechten are the scopes per component, in the order of the table.
type rechten [len(componenten)]verzameling

var (
	scopeBits  = map[Scope]verzameling{}
	schrijfwij = map[string]Scope{} // every accepted spelling
)

func init() {
	for _, c := range componenten {
		for _, s := range c.scopes {
			if _, ok := scopeBits[s]; !ok {
				scopeBits[s] = 1 << len(scopeBits)
			}
			schrijfwij[string(s)] = s
			schrijfwij[strings.Replace(string(s), ":", ".", 1)] = s
		}
	}
}

var errScope = errors.New("unknown scope")

// ParseScope reads a scope in either spelling, create:normal or create.normal (X21); anything else
// is an error.
func ParseScope(s string) (Scope, error) {
	if scope, ok := schrijfwij[s]; ok {
		return scope, nil
	}
	return "", errScope
}

// gesloten gives the bits of s together with those it includes. It is 0 for an unknown scope.
func gesloten(s Scope) verzameling {
	bits := scopeBits[s]
	if verb, ok := strings.CutSuffix(string(s), ":confidential"); ok && bits != 0 {
		bits |= scopeBits[Scope(verb+":normal")]
	}
	return bits
}

// componentIndex gives the place of a component in the table, -1 when it is unknown.
func componentIndex(naam string) int {
	for i := range componenten {
		if componenten[i].naam == naam {
			return i
		}
	}
	return -1
}

// ComponentWeergave gives the name of a component for a person, the component itself when it is unknown.
func ComponentWeergave(component string) string {
	if i := componentIndex(component); i >= 0 {
		return componenten[i].weergave
	}
	return component
}

// kent reports whether the component has the scope at all.
func kent(component int, s Scope) bool {
	for _, k := range componenten[component].scopes {
		if k == s {
			return true
		}
	}
	return false
}

// rechtenVan collects grants. What is unknown, or not of that component, grants nothing.
func rechtenVan(autorisaties []Autorisatie) rechten {
	var r rechten
	r[componentIndex(ComponentBewerking)] = gesloten(CreateNormal)
	for _, a := range autorisaties {
		i := componentIndex(a.Component)
		if i < 0 {
			continue
		}
		for _, s := range a.Scopes {
			if kent(i, s) {
				r[i] |= gesloten(s)
			}
		}
	}
	return r
}

// beperkt gives what is left of the rights when a token names only these scopes.
func (r rechten) beperkt(tot verzameling) rechten {
	for i := range r {
		r[i] &= tot
	}
	return r
}
