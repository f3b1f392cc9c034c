package inwoner

import (
	"encoding/hex"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// BeschermingSoort is what holds of a person.
type BeschermingSoort string

// The closed set.
const (
	Beschermd BeschermingSoort = "beschermd" // sees no place, organisation or day
	Overleden BeschermingSoort = "overleden" // nobody signs in as this person (AVG overweging 27)
)

// Aanleiding is why an officer set it.
type Aanleiding string

// The closed set. Overlijden belongs to Overleden, the others to Beschermd.
const (
	Geheimhouding Aanleiding = "geheimhouding" // Wet BRP art. 2.59
	Opvang        Aanleiding = "opvang"        // lives in a shelter
	Dreiging      Aanleiding = "dreiging"
	Anders        Aanleiding = "anders"
	Overlijden    Aanleiding = "overlijden"
)

// Aanleidingen gives those that belong to a kind.
func (s BeschermingSoort) Aanleidingen() []Aanleiding {
	switch s {
	case Beschermd:
		return []Aanleiding{Geheimhouding, Opvang, Dreiging, Anders}
	case Overleden:
		return []Aanleiding{Overlijden}
	}
	return nil
}

// Bescherming says what holds of a person. Its JSON is the format in the store, where it is sealed. Of a person there is at most one of
// each kind.
type Bescherming struct {
	ID         uuid.UUID        `json:"-"`
	Versie     int64            `json:"-"`
	Wat        BeschermingSoort `json:"wat"`
	Handle     string           `json:"handle"` // of the person with the key of when it was made, in hex
	Persoon    Persoon          `json:"persoon"`
	Aanleiding Aanleiding       `json:"aanleiding"`
	Opmerking  string           `json:"opmerking,omitempty"`
	Door       beheerlog.Wie    `json:"door"` // who set it, or changed it last
	Sinds      time.Time        `json:"sinds"`
	Tot        time.Time        `json:"tot,omitzero"` // the end of the last day on which it holds; zero: without end
}

// Loopt reports whether it holds at a moment.
func (b *Bescherming) Loopt(nu time.Time) bool { return b.Tot.IsZero() || nu.Before(b.Tot) }

// Masker is the number of the person but for its last three digits.
func (b *Bescherming) Masker() string { return Masker(b.Persoon.ID) }

// Masker hides a number but for its last three digits. How long it is, is not told.
func Masker(nummer string) string {
	return "••••••" + nummer[max(0, len(nummer)-3):]
}

// wieIs names the person in the beheerlog: by the handle.
func (b *Bescherming) wieIs() beheerlog.Wie { return beheerlog.Wie{Soort: "inwoner", ID: b.Handle} }

// EindeVoorstel is that a bescherming ends before its time, or that it was wrong; it waits for a second officer. Its JSON is the format in
// the store.
type EindeVoorstel struct {
	ID                uuid.UUID     `json:"-"`
	Versie            int64         `json:"-"`
	Bescherming       uuid.UUID     `json:"bescherming"`
	BeschermingVersie int64         `json:"beschermingVersie"`
	Reden             string        `json:"reden"`
	Door              beheerlog.Wie `json:"door"`
	Gemaakt           time.Time     `json:"gemaakt"`
}

// VoorstelGeldig is how long a proposal waits.
const VoorstelGeldig = 14 * 24 * time.Hour

func (v *EindeVoorstel) vervallen(b *Bescherming, nu time.Time) bool {
	return b == nil || b.Versie != v.BeschermingVersie || !nu.Before(v.Gemaakt.Add(VoorstelGeldig))
}

// telling is how many documents there are. One that was taken out of the store, or that can't be opened, is missed by it: then everybody is
// treated as Beschermd, as the one that is missing may be anybody's.
type telling struct {
	Versie  int64 `json:"-"`
	Aantal  int   `json:"aantal"`
	Gemaakt bool  `json:"gemaakt"` // so that it is never empty
}

// The kinds of documents. They are part of what is sealed, and never change their name.
const (
	soortBescherming kast.Soort = "bescherming"
	soortEinde       kast.Soort = "einde"
	soortTelling     kast.Soort = "telling"
)

// Plaats and Uniek implement kast.Document.
func (b *Bescherming) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortBescherming, ID: b.ID, Versie: b.Versie}
}
func (v *EindeVoorstel) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortEinde, ID: v.ID, Versie: v.Versie}
}
func (t *telling) Plaats() kast.Plaats { return kast.Plaats{Soort: soortTelling, Versie: t.Versie} }

// Uniek is what no other of the kind may have.
func (b *Bescherming) Uniek() string {
	return strings.Join([]string{string(b.Wat), b.Persoon.Objecttype, b.Persoon.Soort, betrokkene.Nummer(b.Persoon.Soort, b.Persoon.ID)}, "\x00")
}
func (v *EindeVoorstel) Uniek() string { return v.Bescherming.String() }
func (*telling) Uniek() string         { return "" }

// bescherming is what holds in an organisation. It never changes.
type bescherming struct {
	alle        map[uuid.UUID]*Bescherming
	vanHandle   map[string]map[BeschermingSoort]*Bescherming // by hex
	voorstellen map[uuid.UUID]*EindeVoorstel                 // by bescherming
	telling     *telling
}

var vorm = kast.Vorm[*bescherming]{
	Leeg: func() *bescherming {
		return &bescherming{map[uuid.UUID]*Bescherming{}, map[string]map[BeschermingSoort]*Bescherming{}, map[uuid.UUID]*EindeVoorstel{}, nil}
	},
	Kopie: func(s *bescherming) *bescherming {
		uit := &bescherming{maps.Clone(s.alle), make(map[string]map[BeschermingSoort]*Bescherming, len(s.vanHandle)), maps.Clone(s.voorstellen), s.telling}
		for h, per := range s.vanHandle {
			uit.vanHandle[h] = maps.Clone(per)
		}
		return uit
	},
	Nieuw: func(_ string, p kast.Plaats) kast.Document {
		switch p.Soort {
		case soortBescherming:
			return &Bescherming{ID: p.ID, Versie: p.Versie}
		case soortEinde:
			return &EindeVoorstel{ID: p.ID, Versie: p.Versie}
		case soortTelling:
			return &telling{Versie: p.Versie}
		}
		return nil
	},
	Zet: func(s *bescherming, d kast.Document) {
		switch d := d.(type) {
		case *Bescherming:
			s.alle[d.ID] = d
			if s.vanHandle[d.Handle] == nil {
				s.vanHandle[d.Handle] = map[BeschermingSoort]*Bescherming{}
			}
			s.vanHandle[d.Handle][d.Wat] = d
		case *EindeVoorstel:
			s.voorstellen[d.Bescherming] = d
		case *telling:
			s.telling = d
		}
	},
	HaalWeg: func(s *bescherming, d kast.Document) {
		switch d := d.(type) {
		case *Bescherming:
			delete(s.alle, d.ID)
			if delete(s.vanHandle[d.Handle], d.Wat); len(s.vanHandle[d.Handle]) == 0 {
				delete(s.vanHandle, d.Handle)
			}
		case *EindeVoorstel:
			delete(s.voorstellen, d.Bescherming)
		}
	},
}

// heel reports whether no document is missing.
func (s *bescherming) heel() bool {
	aantal := 0
	if s.telling != nil {
		aantal = s.telling.Aantal
	}
	return aantal == len(s.alle)
}

// van gives what there is of a person, of a kind, that holds or held.
func (s *bescherming) van(handles []betrokkene.Handle, wat BeschermingSoort) *Bescherming {
	for _, h := range handles {
		if b, ok := s.vanHandle[hex.EncodeToString(h[:])][wat]; ok {
			return b
		}
	}
	return nil
}
