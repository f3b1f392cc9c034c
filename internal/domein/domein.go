// Package domein is what who acts for another may see of that other: the veilige domeinen of an organisation (decision 0039).
//
// A domein is a named set of verwerkingsactiviteiten, that the organisation opens for parents, curators or who was authorised. Nothing is open
// unless two officers decided so: one proposes, another approves. Closing takes one, at once.
//
// What is approved holds as long as it is still right: an activity that ended, that became confidential, or that became sensitive without a
// reason for it, falls out by itself. So a domein is asked for on every page, and kept nowhere else. When a document is missing or can't be
// opened, its domein is closed.
//
// This room knows no citizen and reads no log: room inzage does, within what Open gives.
package domein

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Soorten are the ways to act for another that a domein can be open for. A company is none: the log is of people.
var Soorten = []inwoner.NamensSoort{inwoner.Ouder, inwoner.Curator, inwoner.Gemachtigde}

// Domein is a named set of activities. Its JSON is the format in the store, where it is sealed.
type Domein struct {
	ID       uuid.UUID     `json:"-"`
	Versie   int64         `json:"-"`
	Inhoud   Inhoud        `json:"inhoud"` // as it was approved last; of one that never was open: empty
	Open     bool          `json:"open"`
	Sinds    time.Time     `json:"sinds,omitzero"` // since when it is open, or closed
	Door     beheerlog.Wie `json:"door,omitzero"`  // who proposed Inhoud
	Akkoord  beheerlog.Wie `json:"akkoord,omitzero"`
	Voorstel *Voorstel     `json:"voorstel,omitzero"` // that waits for another officer; see Wacht
}

// Inhoud is what is decided on.
type Inhoud struct {
	Naam         string                `json:"naam"`   // 1..80 characters; representatives read it
	Uitleg       string                `json:"uitleg"` // 1..500, what it is about; they read this too
	Voor         []inwoner.NamensSoort `json:"voor"`   // of Soorten, at least one
	Activiteiten []Activiteit          `json:"activiteiten"`
}

// Activiteit is an activity of the own register.
type Activiteit struct {
	ID     uuid.UUID `json:"id"`
	Waarom string    `json:"waarom,omitzero"` // why it is safe, of one that is sensitive; 15..500
}

// Voorstel is what an officer wants to hold instead.
type Voorstel struct {
	Inhoud  Inhoud        `json:"inhoud"`
	Door    beheerlog.Wie `json:"door"`
	Gemaakt time.Time     `json:"gemaakt"`
}

// VoorstelGeldig is how long a proposal waits.
const VoorstelGeldig = inwoner.VoorstelGeldig

// Wacht gives the proposal that can be decided on; nil when there is none, or it lapsed.
func (d *Domein) Wacht(nu time.Time) *Voorstel {
	if d.Voorstel == nil || !nu.Before(d.Voorstel.Gemaakt.Add(VoorstelGeldig)) {
		return nil
	}
	return d.Voorstel
}

// Naam is what to call it: also of one that only was proposed.
func (d *Domein) Naam() string {
	if d.Inhoud.Naam == "" && d.Voorstel != nil {
		return d.Voorstel.Inhoud.Naam
	}
	return d.Inhoud.Naam
}

const soortDomein kast.Soort = "domein"

// Plaats and Uniek implement kast.Document.
func (d *Domein) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortDomein, ID: d.ID, Versie: d.Versie}
}
func (*Domein) Uniek() string { return "" }

func (d *Domein) wieIs() beheerlog.Wie {
	return beheerlog.Wie{Soort: "domein", ID: d.ID.String(), Naam: d.Naam()}
}

// volgende is a copy to change, of the next version.
func (d *Domein) volgende() *Domein {
	na := *d
	na.Versie++
	return &na
}

// stand is what there is in an organisation. It never changes.
type stand map[uuid.UUID]*Domein

var vorm = kast.Vorm[stand]{
	Leeg:  func() stand { return stand{} },
	Kopie: maps.Clone[stand],
	Nieuw: func(_ string, p kast.Plaats) kast.Document {
		if p.Soort != soortDomein {
			return nil
		}
		return &Domein{ID: p.ID, Versie: p.Versie}
	},
	Zet:     func(s stand, d kast.Document) { s[d.Plaats().ID] = d.(*Domein) },
	HaalWeg: func(s stand, d kast.Document) { delete(s, d.Plaats().ID) },
}

// voor tells whether it is for a way to act.
func (i *Inhoud) voor(s inwoner.NamensSoort) bool { return slices.Contains(i.Voor, s) }
