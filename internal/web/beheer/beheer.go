// Package beheer is the pages of administrators: signing in, people, groups and their rights, the register of
// verwerkingsactiviteiten, the beheerlog and the settings.
//
// It knows no store and no rule of its own: what it shows and what it has done goes through small ports (poort_*.go)
// that give typed views. What somebody may not see is already left out or masked in a view; a page only shows it. A
// use case decides for itself whether it may be done; the right of a route only keeps people from a page that is of no
// use to them.
//
// Every view carries in its tag `klasse` what class of data a field is (Vormen lists them for a test).
package beheer

import (
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

//go:embed sjablonen/*.html
var bestanden embed.FS

// sjablonen are the same for every register, so read once; each New panics when they can't be.
var sjablonen = sync.OnceValue(func() *pagina.Sjablonen {
	eigen, err := fs.Sub(bestanden, "sjablonen")
	if err != nil {
		panic("embedded templates: " + err.Error())
	}
	return pagina.Lees(eigen)
})

// Opties is what these pages need.
type Opties struct {
	BaseURL, Versie string
	Dev             bool
	Ontwerp         *ontwerp.Ontwerp
	Kent            func(module, handeling string) bool
	Adres           func(*http.Request) string
	Logger          *slog.Logger
	Nu              func() time.Time

	Sessies      pagina.Sessies
	Aanmelden    Aanmelden
	Account      Account
	Mensen       Mensen
	Groepen      Groepen
	Beheerlog    Beheerlog
	Applicaties  Applicaties
	Instellingen Instellingen
	Activiteiten Activiteiten
	Doelbinding  Doelbinding
	Toezicht     Toezicht
	Invoeren     Invoeren
	Noodtoegang  Noodtoegang
	Inwoners     Inwoners
	Domeinen     Domeinen
}

// paginas are the handlers over the ports.
type paginas struct{ o Opties }

// menu are the parts of the product, in the order of the menu and of the tiles.
var menu = []tegel{
	{pagina.MenuItem{Module: "activiteiten", Handeling: "zien", Titel: "Verwerkingsactiviteiten", Pad: padActiviteiten}, "Waarvoor uw organisatie gegevens van mensen gebruikt, en waarom dat mag."},
	{pagina.MenuItem{Module: "gebruikers", Handeling: "zien", Titel: "Mensen", Pad: "/beheer/gebruikers"}, "Wie een account heeft, in welke groepen, en tot wanneer."},
	{pagina.MenuItem{Module: "groepen", Handeling: "zien", Titel: "Autorisatiegroepen", Pad: "/beheer/autorisatiegroepen"}, "Wat elke autorisatiegroep kan, en wat dat betekent."},
	{pagina.MenuItem{Module: "groepen", Handeling: "zien", Titel: "Functiegroepen", Pad: "/beheer/functiegroepen"}, "Wie welk werk doet. Een functiegroep geeft geen rechten."},
	{pagina.MenuItem{Module: "applicaties", Handeling: "zien", Titel: "Applicaties", Pad: "/beheer/applicaties"}, "Welke software bij het register kan, en wat zij mag."},
	{pagina.MenuItem{Module: "beheerlog", Handeling: "zien", Titel: "Beheerlog", Pad: "/beheer/beheerlog"}, "Wie wat aan het register zelf heeft gewijzigd, en wanneer."},
	{pagina.MenuItem{Module: "inwoners", Handeling: "zien", Titel: "Inwoners beschermen", Pad: padInwoners}, "Inwoners die gevaar lopen als iemand ziet waar zij zijn, en inwoners die zijn overleden."},
	{pagina.MenuItem{Module: "domeinen", Handeling: "zien", Titel: "Veilige domeinen", Pad: padDomeinen}, "Wat ouders, curatoren en gemachtigden van een ander mogen zien."},
	{pagina.MenuItem{Module: "verwerkingenlog", Handeling: "zien", Titel: "Noodtoegang", Pad: padNood}, "Kort meer zien dan u anders mag, als wachten schade doet."},
	{pagina.MenuItem{Module: "beheerlog", Handeling: "zien", Titel: "Lopende noodtoegang", Pad: "/beheer/noodtoegangen"}, "Wie nu meer ziet dan anders, en waarom."},
	{pagina.MenuItem{Module: "instellingen", Handeling: "zien", Titel: "Instellingen", Pad: "/beheer/instellingen"}, "Elke instelling, met de veilige standaard ernaast."},
}

type tegel struct {
	pagina.MenuItem
	Uitleg string
}

// New makes the handler of everything below /beheer/. It panics on a route without a right and on a
// template that can't be read: those are part of the program.
func New(o Opties) *pagina.Pagina {
	p := &paginas{o}
	items := make([]pagina.MenuItem, len(menu))
	for i, t := range menu {
		items[i] = t.MenuItem
	}
	return pagina.New(pagina.Opties{
		BaseURL: o.BaseURL, Versie: o.Versie, Dev: o.Dev, Ontwerp: o.Ontwerp, Sessies: o.Sessies, Kent: o.Kent,
		Menu: items, Sjablonen: sjablonen(), Routes: p.routes(), Adres: o.Adres, Logger: o.Logger, Nu: o.Nu,
	})
}

// Vormen are all views that the ports give, for a test that walks every field.
func Vormen() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[Dienst](), reflect.TypeFor[Stap](), reflect.TypeFor[AccountBlad](), reflect.TypeFor[AppBlad](),
		reflect.TypeFor[GebruikersLijst](), reflect.TypeFor[GebruikerBlad](),
		reflect.TypeFor[Functiegroep](), reflect.TypeFor[Autorisatiegroep](), reflect.TypeFor[GroepBlad](),
		reflect.TypeFor[Module](), reflect.TypeFor[Recht](), reflect.TypeFor[Voorstelling](), reflect.TypeFor[Voorstel](), reflect.TypeFor[Aandacht](),
		reflect.TypeFor[LogRegel](), reflect.TypeFor[BewijsStand](), reflect.TypeFor[Applicatie](), reflect.TypeFor[ApplicatieBlad](), reflect.TypeFor[ApplicatieKeuze](), reflect.TypeFor[Component](),
		reflect.TypeFor[ApplicatieVoorstelling](), reflect.TypeFor[ApplicatieVoorstel](), reflect.TypeFor[Instelling](),
		reflect.TypeFor[ActiviteitenLijst](), reflect.TypeFor[ActiviteitBlad](), reflect.TypeFor[GeldigeActiviteit](), reflect.TypeFor[ActiviteitNaam](),
		reflect.TypeFor[Juridisch](), reflect.TypeFor[Gemis](), reflect.TypeFor[Koppeling](), reflect.TypeFor[Levering](), reflect.TypeFor[Loggrond](), reflect.TypeFor[Kwaliteit](),
		reflect.TypeFor[Verantwoordelijke](), reflect.TypeFor[InvoerIndeling](), reflect.TypeFor[InvoerVoorbeeld](), reflect.TypeFor[InvoerWerk](),
		reflect.TypeFor[NoodBlad](), reflect.TypeFor[NoodRegel](),
		reflect.TypeFor[InwonerBlad](), reflect.TypeFor[InwonersAandacht](), reflect.TypeFor[DomeinBlad](), reflect.TypeFor[DomeinActiviteit](),
	}
}
