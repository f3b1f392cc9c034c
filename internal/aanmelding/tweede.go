package aanmelding

import (
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// gepasseerd proves that the second step was passed. Nothing but the four functions of this file makes one, and without one there is no
// session (rights 3f: the e-mail code can't be turned off). A test reads the source to keep it so.
type gepasseerd struct{ hoe string }

const (
	doorCode     = "code"
	doorNoodcode = "noodcode" // from the console, when mail does not work
	doorApparaat = "apparaat" // that passed a code in the last twelve hours
)

// codeGoed compares a code as typed with that of the sign-in.
func codeGoed(s *betrokkene.Sleutels, r *AanmeldingRij, in *inhoud, code string) (gepasseerd, bool) {
	klopt := codeKlopt(s, in.Doel, r.ID.String(), cijfers(code), r.Code)
	return gepasseerd{doorCode}, klopt && len(cijfers(code)) == 8
}

// noodcodeGoed compares it with that of the console, for this person.
func noodcodeGoed(m *middelen, code string, nu time.Time) (gepasseerd, bool, error) {
	var c codeInhoud
	ok, err := m.zoek(soortNoodcode, enig, &c)
	klopt := codeKlopt(m.sleutels, soortNoodcode, m.gebruiker.String(), cijfers(code), c.handle())
	return gepasseerd{doorNoodcode}, ok && klopt && nu.Before(c.Verloopt), err
}

// apparaatGoed is whether a browser passed a code today.
func apparaatGoed(a *apparaat, nu time.Time) (gepasseerd, bool) {
	return gepasseerd{doorApparaat}, a.rij != nil && nu.Before(a.rij.Vertrouwd)
}

// eerderGoed is what a sign-in that waits for its factor, or to be tied, passed before; only naTweede and rond note it there.
func eerderGoed(in *inhoud) (gepasseerd, bool) {
	return gepasseerd{in.Tweede}, in.Tweede != "" && (in.Vraagt == vraagtFactor || in.Vraagt == vraagtKoppeling)
}
