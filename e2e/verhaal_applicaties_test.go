package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

var idVanApplicatie = regexp.MustCompile(`^/beheer/applicaties/[0-9a-f-]{36}$`)

// kruisAan marks a scope on the form of an application.
func (m *mens) kruisAan(component, scope string) {
	m.v.t.Helper()
	browsertest.Vraag[bool](m.Tab, `document.querySelector("[name='scopes.`+component+`'][value='`+scope+`']").checked = true`)
}

// geheim makes a secret on the page of an application, and gives what is shown.
func (m *mens) geheim(applicatie, reden string) string {
	m.v.t.Helper()
	m.open(applicatie)
	m.klik("a[href='" + applicatie + "/geheim']")
	m.stuur("main form", "reden", reden)
	m.op(applicatie+"/geheim", "deze ene keer")
	geheim := browsertest.Vraag[string](m.Tab, `document.querySelector(".verantwoord-geheim code").textContent`)
	if len(geheim) < 43 {
		m.v.t.Fatalf("a secret of %d characters", len(geheim))
	}
	return geheim
}

func TestAnApplicationIsAddedOnThePagesLogsGetsAnotherSecretAndIsTakenAway(t *testing.T) {
	t.Parallel()
	v := newVerhaal(t, false)
	codeBea, codeTom := v.opConsole("Bea Heer", bea), v.opConsole("Tom Tweede", tom)
	d := v.serve()
	r := d.register()
	een, twee := v.beheerder(bea, codeBea), v.beheerder(tom, codeTom)

	// als asks something of the API with a secret; each token is another, as it is made at another moment.
	als := func(client, geheim, methode, pad string, body any) *antwoord {
		t.Helper()
		token, err := autorisatie.Sign(client, []byte(geheim), autorisatie.Claims{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return r.do("", methode, pad, body, doorgave(), header("Authorization", "Bearer "+token))
	}

	const inzien = inzage + "/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId=2308572&beginDatum=2020-01-01&eindDatum=2030-01-01"

	// What is light is there at once, and can do nothing until it has a secret.
	een.open("/beheer/applicaties")
	een.klik("a[href='/beheer/applicaties/nieuw']")
	een.kruisAan("verwerkingenlogging-bewerking", "create:normal")
	een.stuur("main form", "naam", "Digitaal loket", "clients", "loket")
	een.op("/beheer/applicaties/nieuw", "Er is nog niets veranderd.", "gewone verwerkingen vastleggen")
	een.klik("form[action$='/bewaren'] button")
	loket := een.Waar()
	if !idVanApplicatie.MatchString(loket) {
		t.Fatalf("a new application leads to %s: %s", loket, een.Tekst())
	}
	een.op(loket, "Toegevoegd.", "Deze applicatie heeft nog geen geheim")
	eerste := een.geheim(loket, "Eerste geheim voor de leverancier.")
	als("loket", eerste, "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusCreated)
	als("loket", eerste, "GET", inzien, nil).Want(http.StatusForbidden)

	// What is serious waits for somebody else.
	een.open(loket + "/wijzigen")
	een.kruisAan("verwerkingenlogging-inzage", "read:normal")
	een.klik("main form button")
	een.op(loket+"/wijzigen", "Ernstig", "met hun BSN", "Een tweede beheerder moet dit goedkeuren")
	een.stuur("form[action$='/bewaren']", "reden", "Het loket toont inwoners wie hun gegevens zag.")
	een.op(loket, "Dit wacht op een tweede beheerder.", "wacht een voorstel op een tweede beheerder")
	een.open("/beheer/applicaties")
	een.klik("#inhoud a[href^='/beheer/applicatievoorstellen/']")
	voorstel := een.Waar()
	een.op(voorstel, "U hebt dit zelf voorgesteld.")
	if status, blad := v.vraag(http.MethodPost, voorstel+"/goedkeuren", een.sessie(), map[string][]string{"versie": {"1"}}); status == http.StatusSeeOther || !strings.Contains(blad, "U deed dit voorstel zelf.") {
		t.Errorf("approving one's own proposal gives %d: %s", status, blad)
	}
	als("loket", eerste, "GET", inzien, nil).Want(http.StatusForbidden)
	twee.open("/beheer/")
	twee.op("/beheer/", "1 wijziging van een applicatie wacht op een tweede beheerder")
	twee.open(voorstel)
	twee.op(voorstel, "Bea Heer", "Het loket toont inwoners wie hun gegevens zag.", "Ernstig")
	twee.klik("form[action$='/goedkeuren'] button")
	twee.op("/beheer/applicaties", "Goedgekeurd. De wijziging geldt nu.")
	als("loket", eerste, "GET", inzien, nil).Want(http.StatusOK) // with the secret it had

	// The old secret stops at once; nothing of either is anywhere but on the page.
	tweede := een.geheim(loket, "Het eerste geheim stond in een e-mail.")
	als("loket", eerste, "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusUnauthorized)
	als("loket", tweede, "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusCreated)
	een.open("/beheer/beheerlog?soort=applicatie")
	een.op("/beheer/beheerlog", "zij heeft een nieuw geheim", "Bea Heer", "Tom Tweede", "voorgesteld door Bea Heer en goedgekeurd door een tweede beheerder", "Het eerste geheim stond in een e-mail.")
	een.open(loket)
	for _, g := range []string{eerste, tweede} {
		if strings.Contains(d.out.String(), g) {
			t.Error("a secret stands in the log of the program")
		}
		if strings.Contains(een.Tekst(), g) {
			t.Error("a secret is shown again")
		}
	}

	een.klik("a[href='" + loket + "/weghalen']")
	een.op(loket+"/weghalen", "Dit werkt dan niet meer", "gewone verwerkingen van alle inwoners opvragen", "loket")
	een.stuur("main form", "reden", "Het loket is vervangen door een ander.")
	een.op("/beheer/applicaties", "Weggehaald.")
	als("loket", tweede, "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusUnauthorized)

	// What the file says is only read.
	een.klik("main th a")
	een.op(een.Waar(), "Burgerzaken", "staat in het applicatiebestand op de server")
	if een.er("a[href$='/wijzigen']") {
		t.Error("an application of the file is offered to be changed")
	}
}
