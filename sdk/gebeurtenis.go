package sdk

// Gebeurtenis is something that an operator counts. It names no person and no record.
type Gebeurtenis struct {
	Soort       string // one of those below
	Gegevensset string // of the Dienst of a provider; a consumer has none
	Afnemer     string // OIN of who asks, when a provider knows it
	Fout        error  // the reason, when there is one; without an identifier of a person
}

// What there is to count: what goes as it should, what was refused, and what an operator must look at.
const (
	SoortVastgelegd           = "vastgelegd"                  // a record was taken
	SoortNietVastgelegd       = "niet_vastgelegd"             // it was not: nothing was done, or nothing shown
	SoortNietGelogd           = "niet_gelogd_volgens_profiel" // the register of activities says that this needs no record
	SoortGeweigerd            = "geweigerd"                   // no doelbinding, or none for who asks
	SoortOnbruikbaar          = "onbruikbaar"                 // an answer that can't be logged: not shown
	SoortZonderVerantwoording = "zonder_verantwoording"       // a caller does not tell for what it asks (C2866, situation 2)
	SoortOpheffenMislukt      = "opheffen_mislukt"            // what a caller has lifted stays confidential here (X48)
)

// meld tells it to who counts, if anybody does.
func meld(aan func(Gebeurtenis), g Gebeurtenis) {
	if aan != nil {
		aan(g)
	}
}
