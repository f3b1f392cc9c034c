package inzage

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Gebruik is one time that data about a citizen were used: one line of the log, in words.
type Gebruik struct {
	ID     uuid.UUID // verwerktObjectId: names no person
	Moment time.Time // in Europe/Amsterdam

	Actie, Handeling, Verwerking string // names, as logged; may be empty
	Uitleg                       *Uitleg
	Uitvoerder                   Partij   // who did it, when that was another than the organisation itself
	Ontvanger                    Partij   // who got the data
	Rol                          string   // betrokkenheid of the citizen; "" = not told
	Soorten                      []string // kinds of data
	Eigen                        bool     // a look of the citizen
	Namens                       bool     // a look of somebody who acts for the citizen
	Verborgen                    bool     // was confidential for a time, and not to be seen then
	Grof                         bool     // of Moment only the month means anything, and what could name a place is left out

	verwerking uuid.UUID
}

// PartijSoort is what kind of party it is.
type PartijSoort string

// The kinds.
const (
	Niemand     PartijSoort = ""            // nobody
	Zelf        PartijSoort = "zelf"        // the citizen
	Organisatie PartijSoort = "organisatie" // with its OIN, and its name when that is known
	Wij         PartijSoort = "wij"         // the organisation whose log it is
	Ander       PartijSoort = "ander"       // another organisation; which one is not told
	Persoon     PartijSoort = "persoon"     // somebody else; who is not told (X18)
	Namens      PartijSoort = "namens"      // somebody who acts for the citizen; who is not told
)

// Partij is somebody who did something with data, or got them.
type Partij struct {
	Soort     PartijSoort
	OIN, Naam string
}

// Uitleg says why data were used, by the version of the activity that was valid then.
type Uitleg struct {
	Activiteit  uuid.UUID // Nil: none was logged
	Dag         activiteit.Datum
	Bekend      bool // the register has this activity
	Geldig      bool // and it was valid that day; without it only Activiteit, Dag and Bekend are set
	Openbaar    bool // there is a page about it for everybody
	Naam, Doel  string
	Grondslagen []Grond
	Toelichting string // which law or task
}

// Grond is a ground of AVG art. 6, explained.
type Grond struct{ Code, Naam, Uitleg, Artikel string }

// amsterdam is the zone of months and days.
var amsterdam = activiteit.Datum("2000-01-01").Middag().Location()

// vertaler puts lines of one organisation in words. What several lines share is looked up once.
type vertaler struct {
	i     *Inzage
	oin   string
	eigen Instellingen
	grof  bool // for somebody who is protected
	weet  map[vraag]*Uitleg

	portaal string    // client id of a portal elsewhere that asks; "" = none
	kijken  uuid.UUID // and the activity under which its looks are logged
}

type vraag struct {
	activiteit uuid.UUID
	dag        activiteit.Datum
}

func (i *Inzage) newVertaler(w *inwoner.Inwoner) *vertaler {
	return &vertaler{i: i, oin: w.OIN, eigen: i.o.Instellingen(w.OIN), grof: w.Beschermd, weet: map[vraag]*Uitleg{}}
}

// gebruik puts a line in words, as far as the citizen may read them.
func (v *vertaler) gebruik(r *verwerkingenlog.Regel) Gebruik {
	g := v.fijn(r)
	if v.grof {
		return Grof(g)
	}
	return g
}

// fijn puts all of a line in words.
func (v *vertaler) fijn(r *verwerkingenlog.Regel) Gebruik {
	a := &r.Versie.Actie
	g := Gebruik{
		ID: r.Object.ID, Moment: time.UnixMicro(a.Tijdstip.Micro()).In(amsterdam), Actie: a.ActieNaam, Handeling: a.HandelingNaam,
		Verwerking: a.VerwerkingNaam, Rol: r.Object.Betrokkenheid, Soorten: r.Object.Soorten, Verborgen: r.Versie.Staat.Ooit(), verwerking: a.VerwerkingID,
	}
	g.Uitleg = v.uitleg(a.VerwerkingsactiviteitID, activiteit.DatumVan(g.Moment))
	if a.Uitvoerder != "" && a.Uitvoerder != v.oin {
		g.Uitvoerder = Partij{Organisatie, a.Uitvoerder, v.i.o.Naam(a.Uitvoerder)}
	}
	switch {
	case a.SoortAfnemerID == "":
	case strings.EqualFold(a.SoortAfnemerID, "OIN") && a.AfnemerID == v.oin:
		g.Ontvanger = Partij{Soort: Wij}
	case strings.EqualFold(a.SoortAfnemerID, "OIN"):
		g.Ontvanger = Partij{Organisatie, a.AfnemerID, v.i.o.Naam(a.AfnemerID)}
	case betrokkene.Zelfde(a.SoortAfnemerID, a.AfnemerID, r.Object.SoortObjectID, r.Object.ObjectID):
		g.Ontvanger = Partij{Soort: Zelf}
	default:
		g.Ontvanger = Partij{Soort: Persoon}
	}
	if r.Versie.ClientID == clientNamens {
		v.namens(&g, r)
	}
	// A look was written by a portal: as the consumer, or by the log on its question.
	if kijken := v.blikken(r.Versie.ClientID); kijken != uuid.Nil {
		switch {
		case r.Versie.Eigen && a.VerwerkingsactiviteitIDAfnemer == kijken:
			g.Eigen, g.verwerking = true, a.VerwerkingIDAfnemer
		case !r.Versie.Eigen && a.VerwerkingsactiviteitID == kijken:
			g.Eigen = true
		}
	}
	return g
}

// blikken gives the activity under which a client logs the looks of citizens; Nil when it is no portal.
func (v *vertaler) blikken(clientID string) uuid.UUID {
	switch clientID {
	case ClientID:
		return v.eigen.Activiteit
	case v.portaal:
		return v.kijken
	}
	return uuid.Nil
}

// uitleg tells why, on a day.
func (v *vertaler) uitleg(id uuid.UUID, dag activiteit.Datum) *Uitleg {
	q := vraag{id, dag}
	if u, ok := v.weet[q]; ok {
		return u
	}
	u := &Uitleg{Activiteit: id, Dag: dag}
	v.weet[q] = u
	if id == uuid.Nil {
		return u
	}
	w, bekend := v.i.o.Activiteiten.Bekend(v.oin, id, dag.Middag())
	if u.Bekend = bekend; w == nil {
		return u
	}
	a, openbaar := v.i.o.Activiteiten.Openbaar(id)
	u.Geldig, u.Openbaar = true, openbaar && a.OIN == v.oin
	u.Naam, u.Doel, u.Toelichting = w.Naam, w.Doel, w.ToelichtingGrondslag
	wetten := v.i.o.Juridisch.Op(string(dag))
	for _, c := range w.Grondslagen {
		g := Grond{Code: c, Naam: c}
		if r, ok := wetten.Grondslag(c); ok {
			g = Grond{c, r.Naam, r.Uitleg, r.Artikel}
		}
		u.Grondslagen = append(u.Grondslagen, g)
	}
	return u
}
