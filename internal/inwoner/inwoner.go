// Package inwoner is how a citizen signs in to see what was done with data about them, and how it is known that they did
// (AVG art. 12 lid 6, art. 15, art. 32).
//
// A service of the organisation's choice says who somebody is (DigiD, eHerkenning, eIDAS, by a broker), and how sure that is. The number
// that it gives is turned into a handle at once; beside that it is only kept sealed, for as long as the session lasts. A session is a
// token of which the store has the hash: fifteen minutes without use end it, and an hour whatever is done.
//
// Who acts for another (a parent, a curator, who was authorised, a company) is a citizen with Namens: never a look in the log of that other,
// but for what the organisation opened for it (room domein).
// Of some citizens more holds: who is Beschermd sees the own log without places, organisations and days, and nobody signs in as who is
// Overleden. An officer sets it, alone; that it ends takes two (decision 0034).
//
// A sign-in is an event of the beheerlog in the same transaction, by its handle, without a name. Decision 0029 gives the reasons.
package inwoner

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Persoon is how the log names somebody: the three things that a handle is made of.
type Persoon struct {
	Objecttype string `json:"objecttype"`
	Soort      string `json:"soort"`
	ID         string `json:"id"`
}

// BSN is the person with a BSN.
func BSN(nummer string) Persoon { return Persoon{"persoon", soortBSN, nummer} }

const soortBSN = "BSN"

// HeeftBSN tells whether somebody is known by a BSN: the number by which is known what holds of them.
func (p Persoon) HeeftBSN() bool { return strings.EqualFold(p.Soort, soortBSN) && p.ID != "" }

// Format keeps a number out of whatever is printed, and LogValue out of whatever is logged.
func (Persoon) Format(f fmt.State, _ rune) { io.WriteString(f, "inwoner.Persoon(***)") }
func (Persoon) LogValue() slog.Value       { return slog.StringValue("***") }

// Niveau is how sure it is who somebody is (eIDAS art. 8; levels of DigiD).
type Niveau uint8

// The levels, from low to high. The zero value is none: nobody is signed in with it.
const (
	Basis        Niveau = 1 // a password
	Midden       Niveau = 2 // and a code
	Substantieel Niveau = 3 // and an identity document that was checked
	Hoog         Niveau = 4 // and its chip, each time
)

// NiveauInzage is what seeing the own log asks: whoever sees it knows with which bodies somebody deals, and why.
const NiveauInzage = Substantieel

var niveaus = [...]string{"", "basis", "midden", "substantieel", "hoog"}

// String is the name of a level.
func (n Niveau) String() string {
	if int(n) < len(niveaus) {
		return niveaus[n]
	}
	return ""
}

// NiveauVan gives the level with a name; false for what is none.
func NiveauVan(naam string) (Niveau, bool) {
	for i, n := range niveaus[1:] {
		if n == naam {
			return Niveau(i + 1), true
		}
	}
	return 0, false
}

// NamensSoort is in what way somebody acts for another.
type NamensSoort string

// The closed set of ways.
const (
	Ouder       NamensSoort = "ouder" // or guardian: has authority over a child (BW 1:245)
	Curator     NamensSoort = "curator"
	Gemachtigde NamensSoort = "gemachtigde"
	Onderneming NamensSoort = "onderneming" // acts for a legal person
)

// Namens says that somebody signed in to act for another.
type Namens struct {
	Soort   NamensSoort `json:"soort"`
	Persoon Persoon     `json:"persoon,omitzero"` // who that is; zero when the service gives no BSN. It is kept sealed, as long as the session lasts
}

// Inwoner is a citizen who signed in.
type Inwoner struct {
	OIN         string
	Organisatie string  // its name, for people
	Persoon     Persoon // who signed in, never who they act for
	Naam        string  // as the service gave it; may be empty
	Niveau      Niveau
	Namens      *Namens   // nil: for themselves
	Beschermd   bool      // sees no place, organisation or day
	Begonnen    time.Time // of this session
	Vorige      time.Time // the sign-in before this one; zero: none is known
}

// Errors that keep somebody from the own log.
var (
	errNamens = fout.New(fout.CodeGeenToestemming, "U bent aangemeld namens een ander. U ziet hier daarom geen gegevens. "+
		"Meld u aan voor uzelf, of doe namens de ander een verzoek bij de organisatie.")
	errNiveau = fout.New(fout.CodeGeenToestemming, "U bent aangemeld met een lager niveau dan nodig is om uw gegevens te zien. "+
		"Doe in de DigiD-app eenmalig de ID-check, en meld u daarna opnieuw aan met de app.")
)

// MagInzien is nil for who may see the own log: at level NiveauInzage, and for themselves. Otherwise fout.CodeGeenToestemming, with the way out.
func (i *Inwoner) MagInzien() error {
	switch {
	case i.Namens != nil || !i.Persoon.HeeftBSN():
		return errNamens
	case i.Niveau < NiveauInzage:
		return errNiveau
	}
	return nil
}

// MagNamens is nil for who may see what is open of somebody they act for: at level NiveauInzage, with both numbers known. Otherwise
// fout.CodeGeenToestemming, with the way out.
func (i *Inwoner) MagNamens() error {
	switch {
	case i.Namens == nil || i.Namens.Soort == Onderneming || !i.Persoon.HeeftBSN() || !i.Namens.Persoon.HeeftBSN():
		return errNamens
	case i.Niveau < NiveauInzage:
		return errNiveau
	}
	return nil
}

// Aanmelding is something that happened to the sign-in of a citizen, for their own history.
type Aanmelding struct {
	Moment time.Time
	Wat    string // one sentence in Dutch: "Aangemeld met DigiD."
	Dienst string // name of the service, for people
	Niveau Niveau // zero when it was no sign-in
	Deze   bool   // it began the session that asks
}
