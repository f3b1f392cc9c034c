package mijn

import (
	"fmt"
	"net/http"
	"strings"
)

// Route is one line of the table: a page or action, and who may have it. Exactly one of Inzage, Zelf and Open is set.
type Route struct {
	Methode, Patroon string
	Inzage           bool   // needs somebody who may look into the own log: at the level that asks, and for themselves
	Zelf             string // why a session is enough
	Open             string // why nobody needs to have signed in
	Vers             bool   // needs somebody who signed in less than five minutes ago
	handler          func(*bezoek) (*scherm, error)
}

// Recht says in Dutch who may have it, for the list of routes.
func (r *Route) Recht() string {
	switch {
	case r.Open != "":
		return "open: " + r.Open
	case r.Zelf != "":
		return "aangemeld: " + r.Zelf
	}
	return "aangemeld voor zichzelf, op niveau substantieel"
}

func (r *Route) controleer() error {
	wegen := 0
	for _, w := range []bool{r.Inzage, r.Zelf != "", r.Open != ""} {
		if w {
			wegen++
		}
	}
	switch {
	case wegen != 1:
		return fmt.Errorf("route %s %s needs somebody who may look, or the reason why not, and only one of them", r.Methode, r.Patroon)
	case r.Vers && r.Open != "":
		return fmt.Errorf("route %s %s: only who signed in can have done so just now", r.Methode, r.Patroon)
	case r.handler == nil:
		return fmt.Errorf("route %s %s leads to nothing", r.Methode, r.Patroon)
	case r.Methode != http.MethodGet && r.Methode != http.MethodPost:
		return fmt.Errorf("route %s %s: forms know GET and POST", r.Methode, r.Patroon)
	case !strings.HasPrefix(r.Patroon, Begin):
		return fmt.Errorf("route %s %s is not below %s", r.Methode, r.Patroon, Begin)
	}
	return nil
}

// Paths that pages lead to.
const (
	padOverzicht  = Begin + "overzicht"
	padDownloaden = Begin + "downloaden"
	padAfgemeld   = Begin + "afgemeld"
)

// tabel is everything that is served.
func (m *Mijn) tabel() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Methode: get, Patroon: Begin + "{$}", Open: "hier begint wie zich nog moet aanmelden", handler: m.start},
		{Methode: get, Patroon: Begin + "hoe-het-werkt", Open: "iedereen mag weten hoe het werkt", handler: m.blad("hoe-het-werkt")},
		{Methode: get, Patroon: Begin + "wat-u-niet-ziet", Open: "iedereen mag weten wat er niet te zien is, en waarom", handler: m.blad("wat-u-niet-ziet")},
		{Methode: get, Patroon: padNamens, Open: "wie voor een ander komt, moet weten hoe dat kan", handler: m.namens},
		{Methode: get, Patroon: padNamens + "/{domein}", Zelf: "wat voor een ander is opengesteld: de kamer oordeelt wie wat ziet", handler: m.namensDomein},
		{Methode: post, Patroon: Begin + "taal", Open: "de taal kiezen kan ook voor het aanmelden", handler: m.zetTaal},
		{Methode: get, Patroon: Begin + "aanmelden/{dienst}", Open: "naar de dienst die zegt wie iemand is", handler: m.naarDienst},
		{Methode: get, Patroon: Begin + "aanmelden/{dienst}/terug", Open: "terug van die dienst", handler: m.vanDienst},
		{Methode: post, Patroon: Begin + "afmelden", Open: "afmelden lukt altijd", handler: m.afmelden},
		{Methode: get, Patroon: padAfgemeld, Open: "wie is afgemeld, heeft geen sessie", handler: m.afgemeld},
		{Methode: get, Patroon: padOverzicht, Inzage: true, handler: m.overzicht},
		{Methode: post, Patroon: padOverzicht, Inzage: true, handler: m.bijwerken},
		{Methode: get, Patroon: Begin + "gebruik/{id}", Inzage: true, handler: m.gebruik},
		{Methode: get, Patroon: padDownloaden, Inzage: true, handler: m.downloaden},
		{Methode: post, Patroon: padDownloaden, Inzage: true, Vers: true, handler: m.bestand},
		{Methode: get, Patroon: Begin + "aanmeldingen", Zelf: "iemands eigen aanmeldingen", handler: m.aanmeldingen},
		{Methode: post, Patroon: Begin + "overal-afmelden", Zelf: "iemands eigen sessies", handler: m.overalAfmelden},
	}
}
