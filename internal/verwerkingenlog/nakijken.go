package verwerkingenlog

import (
	"errors"
	"slices"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Errors of Nakijken.
var (
	ErrVeranderd = errors.New("the version does not open, or differs from what stands beside it")
	ErrIngangen  = errors.New("the index entries of the version are not those of its content")
)

// Nakijken makes the leaf of a stored version anew from what it says, and holds all that stands plain beside its content
// against that. vorige are the index entries of the version before it of the same actie; bekend is false when that one is
// not there any more. Errors: ErrVeranderd; ErrIngangen, and then the leaf is given all the same.
func Nakijken(s *betrokkene.Sleutels, oin string, r *Rij, vorige []Ingang, bekend bool) (*bewijs.Blad, error) {
	v, err := open(s, oin, r)
	if err != nil {
		return nil, errors.Join(ErrVeranderd, err)
	}
	b := blad(oin, v)
	if !bekend {
		// What came of an earlier version has Aantal 0, and can't be told from here.
		vorige = nil
		for _, i := range r.Ingangen {
			if i.Aantal == 0 {
				vorige = append(vorige, i)
			}
		}
	}
	if !sameIngangen(s, &v.Actie, vorige, r.Ingangen) {
		return b, ErrIngangen
	}
	return b, nil
}

// sameIngangen tells whether these are the entries of an actie, under any of the keys that handles were made with.
func sameIngangen(s *betrokkene.Sleutels, a *Verwerkingsactie, vorige, got []Ingang) bool {
	if slices.Equal(ingangen(s, a, vorige), got) {
		return true
	}
	if len(a.Objecten) == 0 {
		return false
	}
	nu := ingangen(s, a, nil)
	for k := 1; k < len(s.Handles(a.Objecten[0].Objecttype, a.Objecten[0].SoortObjectID, a.Objecten[0].ObjectID)); k++ {
		toen := map[[16]byte][16]byte{} // handle of now to that of then
		for i := range a.Objecten {
			h := s.Handles(a.Objecten[i].Objecttype, a.Objecten[i].SoortObjectID, a.Objecten[i].ObjectID)
			toen[h[0]] = h[k]
		}
		eigen := slices.Clone(nu)
		for i := range eigen {
			if eigen[i].Soort == IngangPersoon {
				eigen[i].Sleutel = toen[eigen[i].Sleutel]
			}
		}
		if slices.Equal(withVorige(eigen, vorige), got) {
			return true
		}
	}
	return false
}

// withVorige adds the entries of earlier versions that a version has not itself.
func withVorige(eigen, vorige []Ingang) []Ingang {
	for _, v := range vorige {
		if !slices.ContainsFunc(eigen, func(e Ingang) bool { return e.Soort == v.Soort && e.Sleutel == v.Sleutel }) {
			eigen = append(eigen, Ingang{Soort: v.Soort, Sleutel: v.Sleutel})
		}
	}
	return eigen
}
