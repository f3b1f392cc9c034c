package pagina

import (
	"fmt"
	"net/http"
	"strings"
)

// Route is one line of the table: a page or action, and who may have it. Exactly one of Module with Handeling, Open
// and Zelf is set; a route without any stops the program at start.
type Route struct {
	Methode, Patroon  string // "GET", "/beheer/gebruikers/{id}"
	Module, Handeling string // the right it needs
	Open              string // why nobody needs to have signed in
	Zelf              string // why it needs no right of who signed in
	Bevestigd         bool   // needs proof of less than five minutes ago that the person is there
	Vergeet           string // field that the page that asks for a code does not carry on: it is filled in again
	Beperkt           bool   // also for who must give or make a factor first
	Rem               bool   // attempts are counted per address
	Script            bool   // the page of a passkey: the only ones with a script
	Max               int64  // bytes that may be sent; 0: MaxFormulier
	Bestand           bool   // a file may be sent with the form, kept in memory; Max bounds all of it
	Handler           func(*Bezoek) (Antwoord, error)
}

// Recht says in Dutch who may have it, for the list of routes.
func (r *Route) Recht() string {
	switch {
	case r.Open != "":
		return "open: " + r.Open
	case r.Zelf != "":
		return "aangemeld: " + r.Zelf
	}
	return r.Module + "/" + r.Handeling
}

// controleer tells what is wrong with a route; kent knows which rights exist.
func (r *Route) controleer(kent func(module, handeling string) bool) error {
	ways := 0
	for _, set := range []bool{r.Module != "" || r.Handeling != "", r.Open != "", r.Zelf != ""} {
		if set {
			ways++
		}
	}
	switch {
	case ways != 1:
		return fmt.Errorf("route %s %s needs a right, or the reason why not, and only one of them", r.Methode, r.Patroon)
	case r.Module != "" && !kent(r.Module, r.Handeling):
		return fmt.Errorf("route %s %s needs a right that does not exist: %s", r.Methode, r.Patroon, r.Recht())
	case r.Handler == nil:
		return fmt.Errorf("route %s %s leads to nothing", r.Methode, r.Patroon)
	case r.Methode != http.MethodGet && r.Methode != http.MethodPost:
		return fmt.Errorf("route %s %s: forms know GET and POST", r.Methode, r.Patroon)
	case !strings.HasPrefix(r.Patroon, Begin):
		return fmt.Errorf("route %s %s is not below %s", r.Methode, r.Patroon, Begin)
	case r.Bevestigd && r.Open != "":
		return fmt.Errorf("route %s %s: only who signed in can confirm who they are", r.Methode, r.Patroon)
	case r.Bevestigd && r.Bestand:
		return fmt.Errorf("route %s %s: the page that asks for a code can't carry a file", r.Methode, r.Patroon)
	case r.Vergeet != "" && !r.Bevestigd:
		return fmt.Errorf("route %s %s: no page asks for a code here, so none forgets a field", r.Methode, r.Patroon)
	case r.Bestand && r.Max == 0:
		return fmt.Errorf("route %s %s: how large may the file be?", r.Methode, r.Patroon)
	}
	return nil
}
