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
	ErrMerk      = errors.New("the mark of the version is not that of its leaf and registration")
)

// Verleden is what is known of an actie from the versions of it that were looked at; the zero value of one of which none
// was.
type Verleden struct {
	nummer   uint32 // of the newest
	ingangen []Ingang
	handles  handles
	dicht    bool // one of them does not open: its persons are not known
}

// Nakijken makes the leaf of a stored version anew from what it says, and holds all that stands plain beside its content
// against that. Handles of persons may be of any key that there is: while a key is being replaced, an actie has some of
// each. v is what the versions of the actie before it told, and learns of this one; nil when nobody will ask again.
// Errors: ErrVeranderd; ErrIngangen and ErrMerk, and then the leaf is given all the same.
func Nakijken(s *betrokkene.Sleutels, oin string, r *Rij, v *Verleden) (*bewijs.Blad, error) {
	alleen := v == nil
	if alleen {
		v = &Verleden{}
	}
	bekend := !v.dicht && (r.Nummer == 1 || v.nummer == r.Nummer-1)
	v.nummer = r.Nummer
	nu, err := open(s, oin, r)
	if err != nil {
		v.dicht = true
		return nil, errors.Join(ErrVeranderd, err)
	}
	b := blad(oin, nu)
	var merk error
	if r.Merk != (bewijs.Merk{}) && r.Merk != nu.Zaad.Merk(r.Blad, r.Registratie) {
		merk = ErrMerk
	}
	if alleen && r.Nummer == 1 && r.Geindexeerd == nil && slices.Equal(ingangen(s, &nu.Actie, nil), r.Ingangen) {
		return b, merk // nearly always
	}
	if v.handles.nieuw == nil {
		v.handles = newHandles()
	}
	v.handles.add(s, &nu.Actie)
	got, goed := v.handles.nu(r.Ingangen, !bekend)
	if !bekend {
		// What came of an earlier version has Aantal 0, and can't be told from here.
		v.ingangen = slices.DeleteFunc(slices.Clone(got), func(i Ingang) bool { return i.Aantal > 0 })
	}
	want, ook := v.handles.nu(ingangen(s, &nu.Actie, v.ingangen), !bekend)
	v.ingangen = want
	if goed = goed && ook && slices.Equal(got, want); goed && r.Geindexeerd != nil {
		if got, goed = v.handles.nu(r.Geindexeerd, !bekend); !bekend {
			got, want = eigen(got), eigen(want)
		}
		goed = goed && slices.Equal(got, want)
	}
	if !goed {
		return b, errors.Join(ErrIngangen, merk)
	}
	return b, merk
}

// eigen are the entries of what a version names itself.
func eigen(l []Ingang) []Ingang {
	return slices.DeleteFunc(slices.Clone(l), func(i Ingang) bool { return i.Aantal == 0 })
}

// handles leads from the handles of some persons, made with any of the keys, to those that are written now.
type handles struct {
	nieuw  map[[16]byte][16]byte
	eerder map[[16]byte]bool // those of betrokkene.Sleutels.Eerder
}

func newHandles() handles { return handles{map[[16]byte][16]byte{}, map[[16]byte]bool{}} }

func (h handles) add(s *betrokkene.Sleutels, a *Verwerkingsactie) {
	for i := range a.Objecten {
		o := &a.Objecten[i]
		nu := s.Handle(o.Objecttype, o.SoortObjectID, o.ObjectID)
		for _, toen := range s.Handles(o.Objecttype, o.SoortObjectID, o.ObjectID) {
			h.nieuw[toen] = nu
		}
		for _, toen := range s.Eerder(o.Objecttype, o.SoortObjectID, o.ObjectID) {
			h.eerder[toen] = true
		}
	}
}

// nu gives entries of a version under the key of now. A version that was logged after a change of keys names a person of
// an earlier one under both; that of the earlier key, which counts nothing, falls away. One that named a person in two ways
// to write a BSN counts both. ok is false when entries are not such as the register writes: of nobody that is known, unless
// onbekend allows that of what counts nothing; or twice.
func (h handles) nu(l []Ingang, onbekend bool) (out []Ingang, ok bool) {
	type plek struct {
		soort   IngangSoort
		sleutel [16]byte
	}
	out, ok = make([]Ingang, 0, len(l)), true
	plaats := make(map[plek]int, len(l)) // in out, from 1
	letter := make(map[plek]bool, len(l))
	samen := map[plek]bool{} // where an entry was of another way to write a number
	for _, i := range l {
		ruw := i
		if i.Soort == IngangPersoon {
			if nu, is := h.nieuw[i.Sleutel]; is {
				i.Sleutel = nu
			} else if !onbekend || i.Aantal > 0 {
				ok = false
			}
		}
		p := plek{i.Soort, i.Sleutel}
		q := plek{ruw.Soort, ruw.Sleutel}
		samen[p] = samen[p] || h.eerder[ruw.Sleutel]
		switch n := plaats[p]; {
		case n == 0:
			out = append(out, i)
			plaats[p] = len(out)
		case i.Aantal > 0 && samen[p] && !letter[q]:
			out[n-1].Aantal += i.Aantal
		case i.Aantal > 0:
			ok = false
		}
		letter[q] = true
	}
	return out, ok
}
