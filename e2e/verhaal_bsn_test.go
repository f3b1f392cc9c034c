package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

const (
	bea = "b.heer@voorbeeldstad.example"
	tom = "t.tweede@voorbeeldstad.example"
	kim = "k.nieuw@voorbeeldstad.example"
)

var idVanGroep = regexp.MustCompile(`^/beheer/autorisatiegroepen/[0-9a-f-]{36}$`)

// mensErbij adds somebody on the pages, with the first functiegroep, and gives the path of their page.
func (m *mens) mensErbij(naam, email string) string {
	m.v.t.Helper()
	m.open("/beheer/functiegroepen")
	if !m.er("main table") {
		m.stuur("main form", "naam", "Burgerzaken")
		m.op("/beheer/functiegroepen", "Toegevoegd.", "Burgerzaken")
	}
	m.open("/beheer/gebruikers")
	m.klik("a[href='/beheer/gebruikers/nieuw']")
	functie := browsertest.Vraag[string](m.Tab, `document.querySelector("#veld-functiegroep option:nth-child(2)").value`)
	m.Kies("#veld-functiegroep", functie)
	m.stuur("main form", "naam", naam, "email", email)
	m.op(m.Waar(), naam, "De uitnodiging is onderweg per e-mail.", "Niets: geen enkele groep geeft deze persoon rechten.")
	return m.Waar()
}

// groepErbij adds a group on the pages, puts a person in it, and gives its path.
func (m *mens) groepErbij(naam, persoon string) string {
	t := m.v.t
	t.Helper()
	m.open("/beheer/autorisatiegroepen")
	m.klik("a[href='/beheer/autorisatiegroepen/nieuw']")
	m.op("/beheer/autorisatiegroepen/nieuw", "Een nieuwe groep kan niets.")
	m.stuur("main form", "naam", naam, "omschrijving", "Wie aan de balie werkt.")
	groep := m.Waar()
	if !idVanGroep.MatchString(groep) {
		t.Fatalf("a new group leads to %s: %s", groep, m.Tekst())
	}
	m.op(groep, "Deze groep kan niets.")
	m.open(persoon + "/groep")
	m.Kies("#veld-groep", strings.TrimPrefix(groep, "/beheer/autorisatiegroepen/"))
	m.stuur("main form")
	m.op(persoon+"/groep", "Er is nog niets veranderd.", "Niets: deze groep geeft nog geen rechten.")
	m.klik("main form button")
	m.op(persoon, "Toegevoegd.", naam)
	return groep
}

func TestAnAdministratorGrantsTheRightToSeeBSNsAndASecondOneApproves(t *testing.T) {
	t.Parallel()
	v := newVerhaal(t, true)
	codeBea, codeTom := v.opConsole("Bea Heer", bea), v.opConsole("Tom Tweede", tom)
	v.serve()
	een, twee := v.beheerder(bea, codeBea), v.beheerder(tom, codeTom)
	persoon := een.mensErbij("Kim Nieuw", kim)
	groep := een.groepErbij("Burgerzaken leiding", persoon)

	// What a choice means is told before anything changes: the profile, how many people, and what is grave about it.
	een.open(groep)
	een.klik("a[href='" + groep + "/rechten']")
	een.op(groep+"/rechten", "Wat u niet kiest, mag niet.")
	een.Kies("[name='r.verwerkingenlog.zien.gewoon']", "alles")
	een.Kies("[name='r.verwerkingenlog.zien.bsn']", "alles")
	een.klik("form[action$='/rechten'] button")
	een.op(groep+"/rechten", "Dit geldt voor 1 persoon. Er is nog niets veranderd.", "in de verwerkingenlog het BSN zien van de inwoners om wie het gaat",
		"Ernstig", "Geef dit alleen aan wie zonder BSN het werk niet kan doen.", "Een tweede beheerder moet dit goedkeuren")
	een.stuur("form[action$='/bewaren']", "reden", "omdat het moet")
	een.op(groep+"/rechten/bewaren", "in minstens 15 tekens")
	een.stuur("form[action$='/bewaren']", "reden", "Het team herstelt fouten in dossiers van inwoners.")
	een.op(groep, "Dit wacht op een tweede beheerder.", "Deze groep kan niets.")

	// Who proposed it does not decide, by no way.
	een.open("/beheer/voorstellen")
	een.klik("main th a")
	voorstel := een.Waar()
	een.op(voorstel, "U hebt dit zelf voorgesteld.", "Het team herstelt fouten in dossiers van inwoners.")
	if een.er("form[action$='/goedkeuren']") {
		t.Error("who proposed it is offered to approve it")
	}
	if status, blad := v.vraag(http.MethodPost, voorstel+"/goedkeuren", een.sessie(), url.Values{"versie": {"1"}}); status == http.StatusSeeOther || !strings.Contains(blad, "U deed dit voorstel zelf.") {
		t.Errorf("approving one's own proposal gives %d: %s", status, blad)
	}
	een.open(groep)
	een.op(groep, "Deze groep kan niets.", "Voor deze groep wacht een voorstel op een tweede beheerder.")

	twee.open("/beheer/")
	twee.op("/beheer/", "1 voorstel wacht op een tweede beheerder")
	twee.klik("main a[href='/beheer/voorstellen']")
	twee.op("/beheer/voorstellen", "wacht op u")
	twee.klik("main th a")
	twee.op(voorstel, "Bea Heer", "Het team herstelt fouten in dossiers van inwoners.", "Ernstig", "in de verwerkingenlog het BSN zien")
	twee.stuur("form[action$='/weigeren']", "reden", "")
	twee.op(voorstel+"/weigeren", "Vul in waarom u weigert.")
	twee.open(voorstel)
	twee.klik("form[action$='/goedkeuren'] button")
	twee.op("/beheer/voorstellen", "Goedgekeurd. De wijziging geldt nu.", "Er wacht niets.")

	een.open(groep)
	een.op(groep, "in de verwerkingenlog het BSN zien", "De rechten een voor een", "Kim Nieuw")
	een.open(persoon)
	een.op(persoon, "zware rechten", "Deze persoon kan in de verwerkingenlog het BSN zien")
	een.open("/beheer/beheerlog?soort=autorisatiegroep")
	een.op("/beheer/beheerlog", "voorgesteld door Bea Heer en goedgekeurd door een tweede beheerder", "Tom Tweede", "Het team herstelt fouten in dossiers van inwoners.")
	een.open("/beheer/beheerlog?soort=opschoning")
	een.op("/beheer/beheerlog", "Hiervan is niets vastgelegd.")

	een.open("/beheer/nakijken")
	een.op("/beheer/nakijken", "Alle groepen zijn nagekeken.")
	een.open("/beheer/applicaties")
	een.klik("main th a")
	een.op(een.Waar(), "Burgerzaken", "gewone verwerkingen van alle inwoners opvragen")
	een.open("/beheer/instellingen")
	een.op("/beheer/instellingen", "De code per e-mail bij het aanmelden is geen instelling: die staat altijd aan.", "eigen keuze")

	// From now on Kim can't do without a second proof.
	k := v.mens(kim)
	k.aanvaard(v.post.uitnodiging(t, kim, 1))
	k.meldAan()
	k.op("/beheer/mijn-account", "Voeg een passkey of een app met codes toe")
	k.open("/beheer/")
	k.op("/beheer/mijn-account")
	k.voegAppToe()
	k.open("/beheer/")
	k.op("/beheer/")
}
