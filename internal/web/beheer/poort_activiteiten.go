package beheer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Activiteiten is what the pages of verwerkingsactiviteiten need. Days are texts as "2006-01-02", terms ISO 8601 durations.
// A stand is that of the document a form was made of.
type Activiteiten interface {
	Lijst(ctx context.Context, b *pagina.Bezoeker, z ActiviteitZoek) (*ActiviteitenLijst, error)
	// Een gives all of an activity; Nu is the version of the day asked for, today when that is empty.
	Een(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, geldigOp string) (*ActiviteitBlad, error)
	// Geldig are the activities with the version that held on a day, by category and name.
	Geldig(ctx context.Context, b *pagina.Bezoeker, geldigOp string) ([]GeldigeActiviteit, error)
	// Namen are those to choose from, by name.
	Namen(ctx context.Context, b *pagina.Bezoeker) ([]ActiviteitNaam, error)

	// Begin and Wijzig make or replace a concept. Fields are those of the form: see ActiviteitInhoud.
	Begin(ctx context.Context, b *pagina.Bezoeker, in ActiviteitInhoud) (uuid.UUID, error)
	Wijzig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, in ActiviteitInhoud) error
	GooiWeg(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error
	// StelVast fields: ingangsdatum, einddatum, reden; and those of the concept that are not complete.
	StelVast(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, v ActiviteitVaststelling) error
	// Beeindig fields: einddatum, reden.
	Beeindig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, einddatum, reden string) error
	ZetOpenbaar(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, ja bool) error

	// Juridisch is the legal data that hold on a day; today when that is empty.
	Juridisch(ctx context.Context, b *pagina.Bezoeker, op string) (*Juridisch, error)
	// Ontbreekt is what the register still lacks.
	Ontbreekt(ctx context.Context, b *pagina.Bezoeker) ([]Gemis, error)
	// Uitvoer makes a file of kind csv, xlsx or json.
	Uitvoer(ctx context.Context, b *pagina.Bezoeker, soort string) (*pagina.Download, error)
}

// ActiviteitZoek says which activities.
type ActiviteitZoek struct {
	Tekst, Stand, Categorie string
	Vanaf, N                int
}

// ActiviteitenLijst is a page of activities.
type ActiviteitenLijst struct {
	Regels     []ActiviteitRegel
	Totaal     int      // that match
	Alle       int      // there are
	Categorien []string `klasse:"gewoon"` // of all
}

// What an activity is today.
const (
	StandConcept    = "concept" // never was definite
	StandGeldig     = "geldig"
	StandToekomstig = "toekomstig"
	StandVerlopen   = "verlopen"
)

// ActiviteitRegel is an activity in a list.
type ActiviteitRegel struct {
	ID            uuid.UUID
	Naam          string `klasse:"gewoon"`
	Nummer        string `klasse:"gewoon"`
	Categorie     string `klasse:"gewoon"`
	Stand         string `klasse:"gewoon"`
	Versie        int    // number of the version shown, 0: the concept
	Sinds         string `klasse:"gewoon"` // first day of it
	Einde         string `klasse:"gewoon"` // last day, when known
	HeeftConcept  bool
	Openbaar      bool
	Vertrouwelijk bool
	Loggen        string `klasse:"gewoon"` // omvang; empty: not chosen
}

// ActiviteitBlad is all of an activity.
type ActiviteitBlad struct {
	ActiviteitRegel
	DocStand    int64
	GeldigOp    string             `klasse:"gewoon"` // the day that was asked for
	Nu          *ActiviteitVersie  // nil: none holds on that day
	Laatste     *ActiviteitVersie  // the one a change starts from; nil: none is definite
	Versies     []ActiviteitVersie // by number
	Concept     *ActiviteitConcept
	Koppelingen []Koppeling
	Leveringen  []Levering
	URL         string `klasse:"gewoon"` // of the public page
}

// ActiviteitVersie is what an activity is from a day on.
type ActiviteitVersie struct {
	Nummer        int
	ID            uuid.UUID
	Ingangsdatum  string `klasse:"gewoon"`
	Einddatum     string `klasse:"gewoon"`
	VastgesteldOp time.Time
	Door          string `klasse:"gewoon"`
	Reden         string `klasse:"gewoon"`
	ActiviteitInhoud
}

// ActiviteitConcept is a change in the making, with what keeps it from being made definite.
type ActiviteitConcept struct {
	GewijzigdOp time.Time
	Door        string   `klasse:"gewoon"`
	Mist        []string `klasse:"gewoon"` // sentences with the way out
	ActiviteitInhoud
}

// ActiviteitVaststelling makes a concept definite.
type ActiviteitVaststelling struct {
	Ingangsdatum, Einddatum, Reden string
	Openbaar                       bool
}

// GeldigeActiviteit is an activity with one version.
type GeldigeActiviteit struct {
	ID       uuid.UUID
	Openbaar bool
	ActiviteitVersie
}

// ActiviteitNaam is an activity to choose.
type ActiviteitNaam struct {
	ID    uuid.UUID
	Naam  string `klasse:"gewoon"`
	Stand string `klasse:"gewoon"`
}

// ActiviteitInhoud is what is said of an activity. Fields of the form have the names of the JSON of the room; an item of a list
// is "persoonsgegevens.0.naam".
type ActiviteitInhoud struct {
	Naam                            string   `klasse:"gewoon"`
	Nummer                          string   `klasse:"gewoon"`
	GebaseerdOp                     string   `klasse:"gewoon"`
	Categorie                       string   `klasse:"gewoon"`
	VerantwoordelijkeOrganisatie    string   `klasse:"gewoon"` // OIN
	VerantwoordelijkeBestuursorgaan string   `klasse:"gewoon"`
	GezamenlijkMet                  []string `klasse:"gewoon"`
	GedelegeerdVerantwoordelijke    string   `klasse:"gewoon"`
	Proceseigenaar                  string   `klasse:"gewoon"`

	Doel                 string   `klasse:"gewoon"`
	Grondslagen          []string `klasse:"gewoon"` // codes
	ToelichtingGrondslag string   `klasse:"gewoon"`
	Uitzonderingen       []string `klasse:"gewoon"` // codes
	Betrokkenen          []string `klasse:"gewoon"`
	Persoonsgegevens     []SoortGegeven
	Bewaartermijn        string   `klasse:"gewoon"`
	Herkomst             string   `klasse:"gewoon"`
	Ontvangers           []string `klasse:"gewoon"`
	InternationaleDerden []string `klasse:"gewoon"`
	Doorgifte            string   `klasse:"gewoon"`
	Verwerkers           []Verwerker
	Beveiliging          string `klasse:"gewoon"`
	Selecties            string `klasse:"gewoon"`
	Toestemming          string `klasse:"gewoon"`

	LogOmvang             string `klasse:"gewoon"` // "", uit, minimaal, volledig
	LogGebruiker          bool
	LogSoorten            bool
	BewaartermijnLog      string `klasse:"gewoon"` // duration
	Vertrouwelijk         bool
	GrondVertrouwelijk    string `klasse:"gewoon"` // code
	DuurVertrouwelijkheid string `klasse:"gewoon"` // duration

	Overig []ActiviteitVeld
}

// SoortGegeven is a kind of data about people in a role.
type SoortGegeven struct {
	Rol   string `klasse:"gewoon"`
	Naam  string `klasse:"gewoon"`
	Soort string `klasse:"gewoon"` // "", bsn, bijzonder, strafrechtelijk
}

// Verwerker processes on behalf of the organisation.
type Verwerker struct {
	Naam         string `klasse:"gewoon"`
	Contact      string `klasse:"gewoon"`
	Overeenkomst string `klasse:"gewoon"`
}

// ActiviteitVeld is a column of an imported sheet that has no field.
type ActiviteitVeld struct {
	Naam   string `klasse:"gewoon"`
	Waarde string `klasse:"gewoon"`
}

// Juridisch is the legal data of one day.
type Juridisch struct {
	Op             string `klasse:"gewoon"`
	Grondslagen    JuridischeSoort
	Uitzonderingen JuridischeSoort
	Beperkingen    JuridischeSoort
	Selectielijst  JuridischeSoort
}

// JuridischeSoort is one kind of them.
type JuridischeSoort struct {
	Bestand       string `klasse:"gewoon"` // it comes from; empty: there is none
	Eigen         bool   // the organisation put that file there itself
	Sinds         string `klasse:"gewoon"`
	Bron          string `klasse:"gewoon"` // what its texts rest on
	Toelichting   string `klasse:"gewoon"`
	NagekekenDoor string `klasse:"gewoon"` // the lawyer who looked at it; empty: nobody yet
	NagekekenOp   string `klasse:"gewoon"`
	Regels        []JuridischeRegel
}

// JuridischeRegel is one line of the legal data. Of the selectielijst the code is the number of a row, and the name what it is about.
type JuridischeRegel struct {
	Code           string `klasse:"gewoon"`
	Naam           string `klasse:"gewoon"`
	Uitleg         string `klasse:"gewoon"`
	Artikel        string `klasse:"gewoon"`
	Waardering     string `klasse:"gewoon"`
	Termijn        string `klasse:"gewoon"`
	LetOp          string `klasse:"gewoon"`
	MetToelichting bool   // who uses it says which law or task
	Voorbeeld      bool   // came along with the program, and decides nothing
}

// Gemis is something that the register lacks, with the way out.
type Gemis struct {
	Code  string `klasse:"gewoon"`
	Tekst string `klasse:"gewoon"`
	Pad   string `klasse:"gewoon"` // where it is mended; empty: not in a page
}

// naam gives the name of a code; the code itself when the data do not have it.
func (j JuridischeSoort) naam(code string) string {
	for _, r := range j.Regels {
		if r.Code == code {
			return r.Naam
		}
	}
	return code
}
