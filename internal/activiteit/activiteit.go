package activiteit

import (
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// Activiteit is one processing activity with its history.
type Activiteit struct {
	ID       uuid.UUID `json:"-"` // what the log names as verwerkingsactiviteitId
	OIN      string    `json:"-"`
	Stand    int64     `json:"-"`                 // of the document; a change names the one it saw
	Openbaar bool      `json:"openbaar,omitzero"` // citizens may read it
	Versies  []Versie  `json:"versies,omitzero"`  // definite ones, by Nummer
	Concept  *Concept  `json:"concept,omitzero"`  // a change in the making
}

// Versie is what an activity is from a day on. It never changes, but that a next one ends it.
type Versie struct {
	Nummer        int           `json:"versie"` // from 1; Inhoud.Nummer is another thing, and has the JSON name nummer
	ID            uuid.UUID     `json:"id"`     // of this version alone, for who must point at one definite text
	Ingangsdatum  Datum         `json:"ingangsdatum"`
	Einddatum     Datum         `json:"einddatum,omitzero"` // last day of the activity itself; empty: no end is known
	VastgesteldOp time.Time     `json:"vastgesteldOp"`
	Door          beheerlog.Wie `json:"door"`
	Reden         string        `json:"reden,omitzero"` // what changed and why
	Inhoud
}

// Concept is a change that is not definite.
type Concept struct {
	GewijzigdOp time.Time     `json:"gewijzigdOp"`
	Door        beheerlog.Wie `json:"door"`
	Inhoud
}

// Inhoud is what is said of an activity: the fields of the draft VAR API, those that AVG art. 30 asks beside them, and those
// that steer the log. Lengths are in characters.
type Inhoud struct {
	Naam                            string   `json:"naam"`                                     // 1..242
	Nummer                          string   `json:"nummer,omitzero"`                          // of the organisation's own list, ..50
	GebaseerdOp                     string   `json:"gebaseerdOp,omitzero"`                     // URI in a catalogue, ..2042
	Categorie                       string   `json:"categorie,omitzero"`                       // main process, ..242
	VerantwoordelijkeOrganisatie    string   `json:"verantwoordelijkeOrganisatie"`             // OIN
	VerantwoordelijkeBestuursorgaan string   `json:"verantwoordelijkeBestuursorgaan,omitzero"` // ..242
	GezamenlijkMet                  []string `json:"gezamenlijkMet,omitzero"`                  // joint controllers (art. 26), each ..242
	GedelegeerdVerantwoordelijke    string   `json:"gedelegeerdVerantwoordelijke,omitzero"`    // ..242
	Proceseigenaar                  string   `json:"proceseigenaar,omitzero"`                  // a function, not a person, ..242

	Doel                 string            `json:"doel"`                          // 1..2042
	Grondslagen          []string          `json:"grondslagen,omitzero"`          // codes of the legal data, kind grondslag (art. 6)
	ToelichtingGrondslag string            `json:"toelichtingGrondslag,omitzero"` // ..2042
	Uitzonderingen       []string          `json:"uitzonderingen,omitzero"`       // codes, kind uitzondering: why art. 9 and 10 data may be processed
	Betrokkenen          []string          `json:"betrokkenen,omitzero"`          // categories of people, each ..242
	Persoonsgegevens     []Persoonsgegeven `json:"persoonsgegevens,omitzero"`
	Bewaartermijn        string            `json:"bewaartermijn,omitzero"`        // of the data, free text, ..2042; never of the log
	Herkomst             string            `json:"herkomst,omitzero"`             // where the data come from, ..2042
	Ontvangers           []string          `json:"ontvangers,omitzero"`           // categories, each ..242
	InternationaleDerden []string          `json:"internationaleDerden,omitzero"` // each ..242
	Doorgifte            string            `json:"doorgifte,omitzero"`            // safeguards of a transfer outside the EU, ..2042
	Verwerkers           []Verwerker       `json:"verwerkers,omitzero"`
	Beveiliging          string            `json:"beveiliging,omitzero"` // art. 32 measures in general, ..2042
	Selecties            string            `json:"selecties,omitzero"`   // mass selections: criteria and frequency (V7168), ..2042
	Toestemming          string            `json:"toestemming,omitzero"` // how consent is asked and taken back (B3001), ..2042

	Log                   Logprofiel `json:"log,omitzero"`
	BewaartermijnLog      string     `json:"bewaartermijnLog,omitzero"`      // ISO 8601 duration of records of the log; empty: none chosen
	Vertrouwelijkheid     string     `json:"vertrouwelijkheid,omitzero"`     // normaal (= empty) or vertrouwelijk
	GrondVertrouwelijk    string     `json:"grondVertrouwelijk,omitzero"`    // code, kind beperking (UAVG art. 41); needed when vertrouwelijk
	DuurVertrouwelijkheid string     `json:"duurVertrouwelijkheid,omitzero"` // ISO 8601 duration; needed when vertrouwelijk

	Overig []Veld `json:"overig,omitzero"` // columns of an imported sheet that have no field here, so that nothing is lost
}

// Persoonsgegeven is a kind of data about people in a role.
type Persoonsgegeven struct {
	Rol   string `json:"rol,omitzero"`   // ..242
	Naam  string `json:"naam"`           // 1..242
	Soort string `json:"soort,omitzero"` // gewoon (= empty), bsn, bijzonder, strafrechtelijk
}

// Verwerker processes on behalf of the organisation (art. 28).
type Verwerker struct {
	Naam         string `json:"naam"`                  // 1..242
	Contact      string `json:"contact,omitzero"`      // ..242
	Overeenkomst string `json:"overeenkomst,omitzero"` // where the contract is, ..2042
}

// Veld is a named value.
type Veld struct {
	Naam   string `json:"naam"`   // ..242
	Waarde string `json:"waarde"` // ..8192
}

// Logprofiel says what applications log for an activity. It steers who logs; the register stores what it is sent.
type Logprofiel struct {
	Omvang    string `json:"omvang,omitzero"`    // empty: not chosen; uit, minimaal, volledig
	Gebruiker bool   `json:"gebruiker,omitzero"` // log which employee it was
	Soorten   bool   `json:"soorten,omitzero"`   // log which kinds of data
}

// Koppeling says which activity a function of an application belongs to: without one it can't run (B0869).
type Koppeling struct {
	ID          uuid.UUID `json:"-"`
	Stand       int64     `json:"-"`
	Applicatie  string    `json:"applicatie"` // client_id, 1..242
	Functie     string    `json:"functie"`    // as the application calls it, 1..242
	Activiteit  uuid.UUID `json:"activiteit"`
	Toelichting string    `json:"toelichting,omitzero"` // ..2042
}

// Levering is the doelbinding of a provider: who may have which data for which purpose, and which activity of ours that is.
// What is not in this table is refused.
type Levering struct {
	ID            uuid.UUID `json:"-"`
	Stand         int64     `json:"-"`
	Afnemer       string    `json:"afnemer"`                // OIN
	Gegevensset   string    `json:"gegevensset"`            // 1..242
	Doel          string    `json:"doel"`                   // the purpose as the receiver names it: the id of their activity, or a word agreed on; 1..242
	Activiteit    uuid.UUID `json:"activiteit"`             // ours
	Vertrouwelijk bool      `json:"vertrouwelijk,omitzero"` // the receiver may ask for confidential logging; then the activity has its ground
	Toelichting   string    `json:"toelichting,omitzero"`   // ..2042
	Van           Datum     `json:"van,omitzero"`
	Tot           Datum     `json:"tot,omitzero"` // last day
}

// Loggrond is why the log itself is allowed: its activity, a ground for each underlying duty, and how long records stay.
type Loggrond struct {
	Stand         int64     `json:"-"`
	Activiteit    uuid.UUID `json:"activiteit"` // "Verantwoording van verwerkingen"
	Plichten      []Plicht  `json:"plichten,omitzero"`
	Vloer         string    `json:"vloer,omitzero"`         // ISO 8601 duration: no record goes before
	Maximum       string    `json:"maximum,omitzero"`       // ISO 8601 duration: none stays longer
	Selectielijst string    `json:"selectielijst,omitzero"` // number of a row of the legal data, or free text, ..242
	Besluit       string    `json:"besluit,omitzero"`       // which decision, ..242
	BesluitDatum  Datum     `json:"besluitDatum,omitzero"`
}

// Plicht is a duty that the log serves.
type Plicht struct {
	Plicht      string `json:"plicht"`               // such as "AVG art. 5 lid 2", 1..242
	Grondslag   string `json:"grondslag"`            // code of the legal data, kind grondslag
	Toelichting string `json:"toelichting,omitzero"` // ..2042
}

// Verantwoordelijke is who answers for all of it (art. 30 lid 1 onder a).
type Verantwoordelijke struct {
	Stand   int64   `json:"-"`
	Naam    string  `json:"naam"`           // ..242
	Adres   string  `json:"adres,omitzero"` // ..2042
	Contact Contact `json:"contact,omitzero"`
	FG      Contact `json:"fg,omitzero"` // functionaris voor gegevensbescherming
}

// Contact is where somebody can be reached.
type Contact struct {
	Naam     string `json:"naam,omitzero"`     // ..242
	Email    string `json:"email,omitzero"`    // ..254
	Telefoon string `json:"telefoon,omitzero"` // ..50
}
