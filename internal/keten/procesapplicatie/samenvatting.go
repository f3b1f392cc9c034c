package procesapplicatie

import (
	"errors"
	"net/http"

	"github.com/verantwoord/verantwoord/sdk"
)

// Samenvatting is in one sentence each what we see, and why it matters.
type Samenvatting struct{ Kop, Wat, Waarom, Soort string }

func (u *Uitkomst) gelukt() bool { return u.Fout == nil && u.Status == http.StatusOK }

func nietVastgelegd(u Uitkomst) bool { return errors.Is(u.Fout, sdk.ErrNietVastgelegd) }

// samenvatting tells of a look-up; vertrouwelijk: it was asked confidentially.
func samenvatting(o Opdracht, u Uitkomst, vertrouwelijk bool) Samenvatting {
	switch {
	case errors.Is(u.Fout, sdk.ErrGeenDoelbinding):
		return Samenvatting{"Niet gevraagd: er is geen doel", "De functie hoort bij geen verwerkingsactiviteit, en daarom ging er geen aanroep naar de gemeente.",
			"Zo kan niemand uit nieuwsgierigheid gegevens opvragen: wat geen doel heeft, kan de applicatie niet.", "error"}
	case nietVastgelegd(u) && o.Vraag == Zoeken:
		return Samenvatting{"Niet getoond: het log van het waterschap antwoordt niet", "De gemeente gaf antwoord, maar het waterschap kon niet vastleggen wie erin staan en toont daarom niets.",
			"Een zoekresultaat is ook een gebruik van gegevens, van iedereen die erin staat.", "error"}
	case nietVastgelegd(u):
		return Samenvatting{"Niet gevraagd: het log van het waterschap antwoordt niet", "Het waterschap kon niet vastleggen dat het gegevens ging opvragen, en vroeg daarom niets.",
			"Was er wel gevraagd, dan was er een gebruik van gegevens waar niemand iets van terugziet.", "error"}
	case u.Fout != nil:
		return Samenvatting{"Niet gelukt", "De applicatie kreeg geen bruikbaar antwoord.", "Er is niets getoond.", "error"}
	case u.Code == "geen_doelbinding":
		return Samenvatting{"Geweigerd door de gemeente", "Voor dit doel levert de gemeente deze gegevens niet aan het waterschap.",
			"De gemeente beslist zelf waarvoor zij levert. Dat kan zij alleen als zij hoort waarvoor er wordt gevraagd.", "error"}
	case u.Code == "log_niet_beschikbaar":
		return Samenvatting{"Niet geleverd: het log van de gemeente antwoordt niet", "De gemeente kon niet vastleggen wat zij ging leveren, en leverde niet.",
			"Het waterschap heeft de vraag wel vastgelegd: ook een poging is te verantwoorden.", "error"}
	case u.Status == http.StatusNotFound:
		return Samenvatting{"Niemand gevonden", "De gemeente kent niemand met dit nummer.", "Ook deze vraag is aan beide kanten vastgelegd: dat iemand hier niet woont, is een gegeven.", "warning"}
	case u.Status != http.StatusOK:
		return Samenvatting{"Geweigerd door de gemeente", "De gemeente gaf geen gegevens.", "Er is niets getoond.", "error"}
	case o.Situatie == ZonderSDK && vertrouwelijk:
		return Samenvatting{"Geleverd, maar niet te verantwoorden en niet vertrouwelijk", "De oude applicatie vertelde niet waarvoor zij vroeg, en ook niet dat het vertrouwelijk is. De gemeente legde het vast als gewoon.",
			"Wie wordt onderzocht, kan dat nu bij de gemeente zien. En als het onderzoek klaar is, vindt het waterschap de regel van de gemeente niet terug.", "warning"}
	case o.Situatie == ZonderSDK && o.Functie == Vraag:
		return Samenvatting{"Geleverd voor een doel dat de gemeente niet kent", "De oude applicatie vertelde niet waarvoor zij vroeg. De gemeente legde vast wie er vroeg, en liet leeg waarom.",
			"Aan de nieuwe applicatie weigert de gemeente dit: voor dit doel levert zij niet. Nu kon zij dat niet weten.", "warning"}
	case o.Situatie == ZonderSDK:
		return Samenvatting{"Geleverd, maar niet te verantwoorden", "De oude applicatie vertelde niet waarvoor zij vroeg. De gemeente legde vast wie er vroeg, en liet leeg waarom.",
			"De twee regels wijzen niet naar elkaar: een inwoner ziet bij de gemeente wel dat het waterschap zijn gegevens kreeg, maar niet waarvoor.", "warning"}
	case vertrouwelijk:
		return Samenvatting{"Geleverd, vertrouwelijk, en aan beide kanten te verantwoorden", "Beide organisaties hebben vertrouwelijk vastgelegd wat zij deden, en waarvoor, voordat de gegevens werden getoond. Beide logs vroegen eerst na of dat mocht.",
			"Zolang het onderzoek loopt, ziet de inwoner er niets van. Daarna heft het waterschap de vertrouwelijkheid op, ook bij de gemeente. Dan ziet de inwoner dat er is opgevraagd, en waarvoor.", "ok"}
	}
	return Samenvatting{"Geleverd, en aan beide kanten te verantwoorden", "Beide organisaties hebben vastgelegd wat zij deden, en waarvoor, voordat de gegevens werden getoond.",
		"Een inwoner die bij de gemeente vraagt wie zijn gegevens kreeg, krijgt ook te zien waarvoor; en wat het waterschap later verandert, kan de gemeente terugvinden.", "ok"}
}
