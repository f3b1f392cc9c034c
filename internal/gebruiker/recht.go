package gebruiker

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Handeling is what can be done in a module.
type Handeling string

// The handelingen. None includes another.
const (
	Zien        Handeling = "zien"
	Zoeken      Handeling = "zoeken"
	Wijzigen    Handeling = "wijzigen"
	Goedkeuren  Handeling = "goedkeuren"
	Uitvoeren   Handeling = "uitvoeren"
	Exporteren  Handeling = "exporteren"
	Verwijderen Handeling = "verwijderen"
	Beheren     Handeling = "beheren"
)

// Veldklasse is how delicate a field is. None includes another.
type Veldklasse string

// The veldklassen.
const (
	Gewoon          Veldklasse = "gewoon"
	Contact         Veldklasse = "contact"
	BSN             Veldklasse = "bsn"
	Bijzonder       Veldklasse = "bijzonder" // AVG art. 9; in the verwerkingenlog: what is confidential
	Strafrechtelijk Veldklasse = "strafrechtelijk"
	VrijeTekst      Veldklasse = "vrije_tekst"
	Derde           Veldklasse = "derde" // of another than the person concerned
	GeheimAdres     Veldklasse = "geheim_adres"
)

// Handelingen and Veldklassen give all there are, in the order in which people read them.
func Handelingen() []Handeling {
	return []Handeling{Zien, Zoeken, Wijzigen, Goedkeuren, Uitvoeren, Exporteren, Verwijderen, Beheren}
}

// Veldklassen gives all there are.
func Veldklassen() []Veldklasse {
	return []Veldklasse{Gewoon, Contact, BSN, Bijzonder, Strafrechtelijk, VrijeTekst, Derde, GeheimAdres}
}

// Bereik is how far a right reaches: eigen ⊂ functiegroep ⊂ alles, and domein:<x> ⊂ alles. The zero value reaches nothing.
type Bereik struct {
	soort  bereiksoort
	domein string
}

type bereiksoort uint8

const (
	soortEigen bereiksoort = iota + 1
	soortFunctiegroep
	soortAlles
	soortDomein
)

// The bereiken beside those of a domain.
var (
	BereikEigen        = Bereik{soort: soortEigen}
	BereikFunctiegroep = Bereik{soort: soortFunctiegroep}
	BereikAlles        = Bereik{soort: soortAlles}
)

// BereikDomein reaches one domain of work, such as "burgerzaken".
func BereikDomein(naam string) Bereik { return Bereik{soortDomein, naam} }

var domeinVorm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,49}$`)

var errBereik = errors.New("unknown bereik")

// ParseBereik reads "eigen", "functiegroep", "alles" or "domein:" and a name of lower-case letters, digits and hyphens.
func ParseBereik(s string) (Bereik, error) {
	for _, b := range []Bereik{BereikEigen, BereikFunctiegroep, BereikAlles} {
		if s == b.String() {
			return b, nil
		}
	}
	if naam, ok := strings.CutPrefix(s, "domein:"); ok && domeinVorm.MatchString(naam) {
		return BereikDomein(naam), nil
	}
	return Bereik{}, errBereik
}

// String gives what ParseBereik reads; empty for the zero value.
func (b Bereik) String() string {
	switch b.soort {
	case soortEigen:
		return "eigen"
	case soortFunctiegroep:
		return "functiegroep"
	case soortAlles:
		return "alles"
	case soortDomein:
		return "domein:" + b.domein
	}
	return ""
}

// Domein gives the name of the domain, empty for another bereik.
func (b Bereik) Domein() string { return b.domein }

// MarshalText writes it as String does.
func (b Bereik) MarshalText() ([]byte, error) {
	if b.soort == 0 {
		return nil, errBereik
	}
	return []byte(b.String()), nil
}

// UnmarshalText reads it as ParseBereik does.
func (b *Bereik) UnmarshalText(tekst []byte) (err error) {
	*b, err = ParseBereik(string(tekst))
	return err
}

// omvat reports whether all of c is within b.
func (b Bereik) omvat(c Bereik) bool {
	switch {
	case b.soort == 0 || c.soort == 0:
		return false
	case b == c || b.soort == soortAlles:
		return true
	}
	return b.soort == soortFunctiegroep && c.soort == soortEigen
}

// raakt reports whether b and c may have something in common. Only two domains surely haven't: one's own work may
// lie in any domain.
func (b Bereik) raakt(c Bereik) bool {
	return b.soort != soortDomein || c.soort != soortDomein || b.domein == c.domein
}

// Recht grants, or with Verbod refuses, a handeling on fields of a class. Its JSON is the format in the store.
type Recht struct {
	Module     Module     `json:"module"`
	Handeling  Handeling  `json:"handeling"`
	Veldklasse Veldklasse `json:"veldklasse"`
	Bereik     Bereik     `json:"bereik"`
	Verbod     bool       `json:"verbod,omitzero"`
	Tot        time.Time  `json:"tot,omitzero"` // it holds before this moment; zero: without end
}

// String gives "module/handeling/veldklasse/bereik", after "verbod " when it is one. The end isn't in it.
func (r Recht) String() string {
	s := strings.Join([]string{string(r.Module), string(r.Handeling), string(r.Veldklasse), r.Bereik.String()}, "/")
	if r.Verbod {
		s = "verbod " + s
	}
	return s
}

// ParseRecht reads what String writes. Whether the module has it is another question: see ValidateRechten.
func ParseRecht(s string) (Recht, error) {
	s, verbod := strings.CutPrefix(s, "verbod ")
	delen := strings.Split(s, "/")
	if len(delen) != 4 {
		return Recht{}, errors.New("a recht has four parts")
	}
	bereik, err := ParseBereik(delen[3])
	return Recht{Module: Module(delen[0]), Handeling: Handeling(delen[1]), Veldklasse: Veldklasse(delen[2]), Bereik: bereik, Verbod: verbod}, err
}

func (r Recht) cel() cel { return cel{r.Module, r.Handeling, r.Veldklasse} }

// loopt reports whether something with this end still holds.
func loopt(tot, nu time.Time) bool { return tot.IsZero() || nu.Before(tot) }

// vergelijk puts cells in the order of the table.
func (c cel) vergelijk(d cel) int {
	plaats := func(c cel) []int {
		return []int{moduleIndex(c.m), slices.Index(Handelingen(), c.h), slices.Index(Veldklassen(), c.v)}
	}
	return slices.Compare(plaats(c), plaats(d))
}

// ordenRechten gives a copy in the order of the table, each once.
func ordenRechten(rechten []Recht) []Recht {
	uit := slices.Clone(rechten)
	slices.SortStableFunc(uit, func(a, b Recht) int {
		if c := a.cel().vergelijk(b.cel()); c != 0 {
			return c
		}
		return strings.Compare(a.String(), b.String())
	})
	return slices.CompactFunc(uit, gelijk)
}

func gelijk(a, b Recht) bool { return a.String() == b.String() && a.Tot.Equal(b.Tot) }
