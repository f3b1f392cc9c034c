package mijn

import (
	"net/http"
	"slices"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
)

// What who acts for another sees (decision 0039): the domeinen that are open for them, and the lines of one. There is no page of one line, no
// file, no count and no month to go to: those would tell how much there is beside it.

const padNamens = Begin + "namens"

type namensBlad struct {
	blad
	Wie      *activiteit.Verantwoordelijke
	Namens   bool // somebody signed in for another
	Laag     bool // at too low a level to see what may be open
	Domeinen []domeinLink
}

type domeinLink struct{ Naam, Uitleg, Adres string }

// namens explains to who acts for another what they can do, and leads to what is open for them.
func (m *Mijn) namens(b *bezoek) (*scherm, error) {
	tekst := catalogi[b.taal].Bladen["namens"]
	inhoud := namensBlad{blad: tekst, Wie: b.wie()}
	if b.Inwoner != nil && b.Inwoner.Namens != nil {
		inhoud.Namens = true
		inhoud.Laag = b.Inwoner.Niveau < inwoner.NiveauInzage && b.Inwoner.Namens.Soort != inwoner.Onderneming
		if b.Inwoner.MagNamens() == nil {
			open, err := m.o.Inzage.NamensDomeinen(b.Inwoner)
			if err != nil {
				return nil, err
			}
			inhoud.Domeinen = domeinLinks(open)
		}
	}
	return &scherm{sjabloon: "namens", titel: tekst.Titel, inhoud: inhoud}, nil
}

func domeinLinks(open []domein.OpenDomein) (uit []domeinLink) {
	for k := range open {
		uit = append(uit, domeinLink{open[k].Naam, open[k].Uitleg, padNamens + "/" + open[k].ID.String()})
	}
	return uit
}

// nietEigen answers who acts for another on a page of the own log: with what they can see instead, or why nothing.
func (m *Mijn) nietEigen(b *bezoek) {
	s, err := m.namens(b)
	if err != nil {
		m.fout(b, err)
		return
	}
	if len(s.inhoud.(namensBlad).Domeinen) == 0 {
		s.status = http.StatusForbidden
	} else if b.Method == http.MethodGet {
		_, _ = b.verder(padNamens)
		return
	}
	m.toon(b, s)
}

type domeinBlad struct {
	Naam, Uitleg   string
	Organisatie    string
	Delen          []namensDeel
	Nieuwer, Ouder string
}

type namensDeel struct {
	maandDeel
	Regels []namensRegel
}

// namensRegel is a card with the kinds of data on it, as there is no page of one line.
type namensRegel struct {
	kaart
	Soorten []string
}

// namensDomein shows what was done for the tasks of one domein with data about who somebody acts for.
func (m *Mijn) namensDomein(b *bezoek) (*scherm, error) {
	if b.Inwoner.MagNamens() != nil {
		return m.namens(b)
	}
	id, err := b.id("domein")
	if err != nil {
		return nil, err
	}
	o, err := m.o.Inzage.Namens(b.Context(), b.Inwoner, id, b.URL.Query().Get("p"))
	if b.URL.Query().Has("p") && isOngeldig(err) {
		return b.verder(b.URL.Path) // a place in a list that is not there any more: begin at its top
	}
	if err != nil {
		return nil, err
	}
	b.voorAnder = true
	inhoud := domeinBlad{Naam: o.Domein.Naam, Uitleg: o.Domein.Uitleg, Organisatie: b.Inwoner.Organisatie}
	if o.Vorige != "" {
		inhoud.Nieuwer = adres(b.URL.Path, inzage.Filter{}, "p", o.Vorige)
	}
	if o.Volgende != "" {
		inhoud.Ouder = adres(b.URL.Path, inzage.Filter{}, "p", o.Volgende)
	}
	for _, d := range o.Delen {
		deel := namensDeel{maandDeel: maandDeel{Maand: d.Maand}}
		for k := range d.Groepen {
			r := namensRegel{kaart: b.kaart(&d.Groepen[k])}
			for _, g := range d.Groepen[k].Gebruik {
				for _, s := range g.Soorten {
					if !slices.Contains(r.Soorten, s) {
						r.Soorten = append(r.Soorten, s)
					}
				}
			}
			deel.Regels = append(deel.Regels, r)
		}
		inhoud.Delen = append(inhoud.Delen, deel)
	}
	return &scherm{sjabloon: "namens_domein", titel: o.Domein.Naam, inhoud: inhoud}, nil
}
