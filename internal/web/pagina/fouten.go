package pagina

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// foutpagina is what fout.html gets.
type foutpagina struct {
	Uitleg  string
	Detail  string // of the use case
	Nummer  string // to quote, when the cause is in the log
	Weg     []Kruimel
	Recht   bool   // this is about a right
	Vragen  string // whom to ask for it
	Opnieuw int    // seconds
}

// fout shows the page of an error. What is no fout.Fout is logged and shown as an error of ours.
func (p *Pagina) fout(b *Bezoek, err error) {
	var g *fout.Fout
	if !errors.As(err, &g) {
		g = fout.Wrap(fout.CodeIntern, "", err)
	}
	naar := Kruimel{b.T("Naar het overzicht"), Begin}
	if b.Bezoeker == nil {
		naar = Kruimel{b.T("Aanmelden"), PadAanmelden}
	}
	f := foutpagina{Detail: b.T(g.Detail), Weg: []Kruimel{naar}}
	if g.Detail == "" {
		f.Detail = ""
	}
	var status int
	var titel string
	switch g.Code {
	case fout.CodeNietGevonden:
		status, titel = http.StatusNotFound, b.T("Deze pagina is er niet")
		f.Uitleg = b.T("De pagina bestaat niet of niet meer. Controleer het adres, of begin opnieuw bij het overzicht.")
	case fout.CodeGeenToestemming, fout.CodeGeenDoelbinding:
		status, titel = http.StatusForbidden, b.T("Dit mag u niet bekijken of doen")
		f.Uitleg = b.T("Uw account heeft hier geen rechten voor. Dat is met opzet: niemand ziet meer dan voor het werk nodig is.")
		f.Recht = b.Bezoeker != nil && g.Detail == ""
		if f.Recht {
			if f.Vragen = b.Bezoeker.Beheerder; f.Vragen == "" {
				f.Vragen = b.T("een beheerder van uw organisatie")
			}
		} else if g.Detail != "" {
			titel, f.Uitleg = b.T("Dit kan zo niet"), ""
		}
	case fout.CodeAanmeldenMislukt:
		status, titel = http.StatusUnauthorized, b.T("Aanmelden is niet gelukt")
		f.Uitleg = b.T("Dat kan aan u liggen of aan de tijd: een code is 10 minuten geldig. Begin opnieuw met aanmelden.")
		f.Weg = []Kruimel{{b.T("Aanmelden"), PadAanmelden}}
	case fout.CodeNietAangemeld:
		status, titel = http.StatusUnauthorized, b.T("U bent niet meer aangemeld")
		f.Uitleg = b.T("Uw sessie is verlopen of beëindigd. Wat u hebt ingevuld, is niet bewaard. Meld u opnieuw aan om verder te gaan.")
		f.Weg = []Kruimel{{b.T("Aanmelden"), PadAanmelden}}
	case fout.CodeMethode:
		status, titel = http.StatusMethodNotAllowed, b.T("Dat kan hier niet")
		f.Uitleg = b.T("Dit adres kan niet op deze manier worden gebruikt. Begin opnieuw bij het overzicht.")
	case fout.CodeTeGroot:
		status, titel = http.StatusRequestEntityTooLarge, b.T("Dat is te veel ineens")
		f.Uitleg = b.T("Wat u stuurde is groter dan hier kan. Ga terug, maak het kleiner en probeer het opnieuw.")
	case fout.CodeOngeldig, fout.CodeOnleesbaar:
		status, titel = http.StatusBadRequest, b.T("Dit kunnen we niet lezen")
		f.Uitleg = b.T("Er klopt iets niet aan wat er is gestuurd. Ga terug, laad de pagina opnieuw en probeer het nog eens.")
	case fout.CodeGelijktijdig, fout.CodeVoorwaarde:
		status, titel = http.StatusConflict, b.T("Iemand was u voor")
		f.Uitleg = b.T("Iemand anders heeft dit intussen gewijzigd. Bekijk hoe het nu is, en probeer het opnieuw.")
	case fout.CodeTeVeel:
		status, titel = http.StatusTooManyRequests, b.T("Even geduld")
		f.Uitleg = b.T("Er kwamen te veel verzoeken achter elkaar. Wacht een minuut en probeer het opnieuw.")
	case fout.CodeNietBeschikbaar:
		status, titel = http.StatusServiceUnavailable, b.T("Dit lukt nu even niet")
		f.Uitleg = b.T("De opslag is nu niet bereikbaar. Er is niets half gedaan. Probeer het over een minuut opnieuw.")
	default:
		status, titel = http.StatusInternalServerError, b.T("Er ging iets mis")
		f.Uitleg, f.Detail = b.T("Dit ligt aan ons, niet aan u. Probeer het nog eens. Blijft het misgaan, noem dan het nummer hieronder aan uw beheerder."), ""
		f.Nummer = nummer()
		p.log(b.Context(), g, f.Nummer)
	}
	switch g.Code {
	case fout.CodeAanmeldenMislukt, fout.CodeTeVeel, fout.CodeNietBeschikbaar:
		if f.Detail != "" { // it says itself what to do, and for how long
			f.Uitleg = ""
		}
	}
	if g.OpnieuwNa > 0 {
		f.Opnieuw = int(g.OpnieuwNa.Seconds())
		b.w.Header().Set("Retry-After", strconv.Itoa(f.Opnieuw))
	}
	(&Scherm{Sjabloon: "fout", Titel: titel, Status: status, Inhoud: f, Formulier: &Formulier{}}).schrijf(p, b)
}
