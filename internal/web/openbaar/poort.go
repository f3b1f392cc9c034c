package openbaar

import "github.com/google/uuid"

// Activiteiten is what the pages need to know. It gives what is public, and nothing else.
type Activiteiten interface {
	// Zoek gives public activities, by name. A text is looked for in name, purpose and category.
	Zoek(z Zoek) Lijst
	// Een gives a public activity on a day; today when that is empty, and then the last version of one that ended. Nummer is 0
	// when there was no version on that day. It is not ok when there is no such public activity.
	Een(id uuid.UUID, geldigOp string) (*Activiteit, bool)
}

// Organisatie is one whose activities are here.
type Organisatie struct {
	OIN  string `klasse:"gewoon"`
	Naam string `klasse:"gewoon"`
}

// Zoek says which activities.
type Zoek struct{ Tekst, Categorie, Organisatie string }

// Lijst is what was found.
type Lijst struct {
	Regels     []Regel
	Categorien []string `klasse:"gewoon"` // of all that are public
}

// Regel is an activity in a list.
type Regel struct {
	ID          uuid.UUID
	Naam        string `klasse:"gewoon"`
	Doel        string `klasse:"gewoon"`
	Categorie   string `klasse:"gewoon"`
	Organisatie string `klasse:"gewoon"`
	Gestopt     bool
}

// Activiteit is what citizens read of an activity.
type Activiteit struct {
	ID          uuid.UUID
	Organisatie string `klasse:"gewoon"`
	Naam        string `klasse:"gewoon"`
	Categorie   string `klasse:"gewoon"`

	Nummer  int    // of the version; 0: none on that day
	Van     string `klasse:"gewoon"` // first day of it
	Tot     string `klasse:"gewoon"` // last day of the activity, when known
	Gestopt bool   // it ended before today
	Anders  string `klasse:"gewoon"` // the day that was asked for, when it is not today
	Eerder  []Periode

	Doel             string `klasse:"gewoon"`
	Grondslagen      []Grond
	Toelichting      string `klasse:"gewoon"` // which law or task
	Uitzonderingen   []Grond
	Toestemming      string   `klasse:"gewoon"`
	Betrokkenen      []string `klasse:"gewoon"`
	Persoonsgegevens []Gegevens
	Herkomst         string   `klasse:"gewoon"`
	Ontvangers       []string `klasse:"gewoon"`
	Verwerkers       []string `klasse:"gewoon"` // names
	BuitenEU         []string `klasse:"gewoon"`
	Doorgifte        string   `klasse:"gewoon"`
	Bewaartermijn    string   `klasse:"gewoon"`
	Bestuursorgaan   string   `klasse:"gewoon"`
	GezamenlijkMet   []string `klasse:"gewoon"`
	Vertrouwelijk    bool     // a citizen may not see every use of it at once

	Verantwoordelijke string `klasse:"gewoon"` // name of who answers for it
	Adres             string `klasse:"gewoon"`
	Contact           Contact
	FG                Contact
}

// Periode is a version that held before.
type Periode struct {
	Nummer int
	Van    string `klasse:"gewoon"`
}

// Grond is why something is allowed.
type Grond struct {
	Code    string `klasse:"gewoon"`
	Naam    string `klasse:"gewoon"`
	Uitleg  string `klasse:"gewoon"`
	Artikel string `klasse:"gewoon"`
}

// Gegevens are kinds of data about people in one role.
type Gegevens struct {
	Rol   string   `klasse:"gewoon"`
	Namen []string `klasse:"gewoon"`
}

// Contact is where somebody can be reached.
type Contact struct {
	Naam     string `klasse:"gewoon"`
	Email    string `klasse:"gewoon"`
	Telefoon string `klasse:"gewoon"`
}

// Bezwaar tells whether one may object: the ground is a task of the organisation or its interest (AVG art. 21).
func (a *Activiteit) Bezwaar() bool {
	return a.heeft("publieke_taak") || a.heeft("gerechtvaardigd_belang")
}

// MetToestemming tells whether one may take consent back.
func (a *Activiteit) MetToestemming() bool { return a.heeft("toestemming") }

func (a *Activiteit) heeft(code string) bool {
	for _, g := range a.Grondslagen {
		if g.Code == code {
			return true
		}
	}
	return false
}
