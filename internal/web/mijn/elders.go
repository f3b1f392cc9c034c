package mijn

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Elders is where a view stands when that is on a page of the organisation itself, in a frame and a theme of its own: the same view, as a
// piece of HTML or as data, whose links all lead to one address there.
type Elders struct {
	OIN, Organisatie string
	Basis            string // address that links are made on: without a query
	Taal             taal.Taal
	Filter           inzage.Filter
	Cursor           string // of the page it is on; "" = the first
}

// elders is an Elders during a visit.
type elders struct {
	*Elders
	hier string // cursor of what is shown
}

// stuk is how the names of templates begin that are a piece of a page.
const stuk = "stuk-"

// idElders keeps the ids of a piece apart from those of the page it comes to stand in.
func idElders(s string) string { return "verantwoord-" + s }

// padOverzicht is the address of the overview.
func (b *bezoek) padOverzicht() string {
	if b.elders != nil {
		return b.elders.Basis
	}
	return padOverzicht
}

// adresGebruik is the address of one line. It tells from which place in the list that is opened, and elsewhere of which look it is a part.
func (b *bezoek) adresGebruik(id uuid.UUID) string {
	if b.elders != nil {
		return adres(b.elders.Basis, b.elders.Filter, "p", b.elders.hier, "gebruik", id.String())
	}
	return adres(Begin+"gebruik/"+id.String(), b.gekozen, "p", b.plaats)
}

// bezoekElders is a visit of which only the portal knows more. There is no request of the citizen.
func (m *Mijn) bezoekElders(e Elders, hier string) *bezoek {
	return &bezoek{m: m, taal: e.Taal, Inwoner: &inwoner.Inwoner{OIN: e.OIN, Organisatie: e.Organisatie}, elders: &elders{&e, hier}}
}

// schrijf makes a piece of HTML: without script, style or anything to fetch.
func (b *bezoek) schrijf(sjabloon string, inhoud any) []byte {
	return []byte(b.m.sjablonen[b.taal].stukken.Inhoud(stuk+sjabloon, vel{Inhoud: inhoud, Taal: b.taal}))
}

type overzichtStuk struct {
	overzichtBlad
	WatNiet blad // what one does not see, the same for everybody
}

func (m *Mijn) overzichtElders(e Elders, o *inzage.Overzicht) (*bezoek, overzichtStuk) {
	e.Filter = o.Filter // as far as it could be chosen
	b := m.bezoekElders(e, o.Hier)
	s := overzichtStuk{overzichtBlad{Organisatie: e.Organisatie, Zoek: m.zoek(b, e.Filter), Adres: adres(e.Basis, e.Filter)}, catalogi[e.Taal].Bladen["wat-u-niet-ziet"]}
	b.vul(&s.overzichtBlad, o)
	return b, s
}

// OverzichtStuk is the overview as a piece of HTML.
func (m *Mijn) OverzichtStuk(e Elders, o *inzage.Overzicht) []byte {
	b, s := m.overzichtElders(e, o)
	return b.schrijf("overzicht", s)
}

// GebruikStuk is one line as a piece of HTML.
func (m *Mijn) GebruikStuk(e Elders, g *inzage.Gebruik) []byte {
	b := m.bezoekElders(e, e.Cursor)
	blad := m.gebruikBlad(b, g)
	blad.Terug = adres(e.Basis, e.Filter, "p", e.Cursor)
	return b.schrijf("gebruik", blad)
}

// The overview as data. Its names are those of the standard where that has them.
type dataOverzicht struct {
	Organisatie string      `json:"organisatie"`
	OIN         string      `json:"oin"`
	Stand       *time.Time  `json:"stand"`  // of the first page only
	Aantal      int         `json:"aantal"` // of the page alone, when lines are kept by content
	Keuze       []dataKeuze `json:"organisaties"`
	Maanden     []dataMaand `json:"maanden"`
	Delen       []dataDeel  `json:"delen"`
	Nieuwer     *string     `json:"nieuwer"`
	Ouder       *string     `json:"ouder"`
}

// dataKeuze is an organisation to choose by.
type dataKeuze struct {
	OIN  string `json:"oin"`
	Naam string `json:"naam"`
}

type dataMaand struct {
	Maand  string `json:"maand"` // 2026-03
	Aantal int    `json:"aantal"`
	Adres  string `json:"adres"`
}

type dataDeel struct {
	Maand        string           `json:"maand"`
	Verwerkingen []dataVerwerking `json:"verwerkingen"`
	Blikken      int              `json:"eigenRaadplegingen"`
	Eigen        []dataActie      `json:"eigenActies"`
}

type dataVerwerking struct {
	Naam        string      `json:"naam"`
	Begin       time.Time   `json:"begin"`
	Eind        time.Time   `json:"eind"`
	Doelen      []string    `json:"doelen"`
	Grondslagen []string    `json:"grondslagen"`
	Uitvoerders []string    `json:"uitvoerders"`
	Ontvangers  []string    `json:"ontvangers"`
	Acties      []dataActie `json:"acties"`
}

type dataActie struct {
	ID       uuid.UUID `json:"verwerktObjectId"`
	Tijdstip time.Time `json:"tijdstip"`
	Naam     string    `json:"naam"`
	Adres    string    `json:"adres"`
}

// OverzichtData is the overview as JSON.
func (m *Mijn) OverzichtData(e Elders, o *inzage.Overzicht) ([]byte, error) {
	b, s := m.overzichtElders(e, o)
	uit := dataOverzicht{Organisatie: e.Organisatie, OIN: e.OIN, Aantal: o.Aantal, Keuze: []dataKeuze{}, Maanden: []dataMaand{}, Delen: []dataDeel{}, Nieuwer: ofNiets(s.Nieuwer), Ouder: ofNiets(s.Ouder)}
	if !o.Moment.IsZero() {
		moment := o.Moment.In(amsterdam)
		uit.Stand = &moment
	}
	for _, k := range s.Zoek.Organisaties {
		uit.Keuze = append(uit.Keuze, dataKeuze(k))
	}
	for _, m := range s.Maanden {
		uit.Maanden = append(uit.Maanden, dataMaand{m.Begin.Format("2006-01"), m.Aantal, m.Adres})
	}
	for n, d := range o.Delen {
		deel := dataDeel{Maand: d.Maand.Format("2006-01"), Verwerkingen: []dataVerwerking{}, Blikken: d.Blikken, Eigen: b.dataActies(d.Eigen)}
		for k, g := range d.Groepen {
			kaart := s.Delen[n].Kaarten[k]
			v := dataVerwerking{
				Naam: kaart.Naam, Begin: g.Eerste, Eind: g.Laatste, Doelen: []string{}, Grondslagen: ofLeeg(b.gronden(kaart.Gronden)), Uitvoerders: ofLeeg(kaart.Uitvoerders),
				Ontvangers: ofLeeg(kaart.Ontvangers), Acties: b.dataActies(g.Gebruik),
			}
			for _, w := range kaart.Redenen {
				if w.Doel != "" {
					v.Doelen = append(v.Doelen, w.Doel)
				}
			}
			deel.Verwerkingen = append(deel.Verwerkingen, v)
		}
		uit.Delen = append(uit.Delen, deel)
	}
	return json.Marshal(&uit)
}

func (b *bezoek) dataActies(lijst []inzage.Gebruik) []dataActie {
	uit := make([]dataActie, len(lijst))
	for k := range lijst {
		g := &lijst[k]
		uit[k] = dataActie{g.ID, g.Moment, b.naam(g), b.adresGebruik(g.ID)}
	}
	return uit
}

// dataGebruik is one line as data, with who answers for it.
type dataGebruik struct {
	jsonRegel
	Contact activiteit.Contact `json:"contact"`
}

// GebruikData is one line as JSON.
func (m *Mijn) GebruikData(e Elders, g *inzage.Gebruik) ([]byte, error) {
	b := m.bezoekElders(e, e.Cursor)
	return json.Marshal(dataGebruik{b.jsonRegel(g), m.o.Inzage.Verantwoordelijke(e.OIN).Contact})
}

func ofNiets(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func ofLeeg(l []string) []string { return append([]string{}, l...) }
