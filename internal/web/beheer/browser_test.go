package beheer_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// scherm is a page to look at: who looks, and how to get there.
type scherm struct {
	naam    string
	rechten mag // nil: not signed in
	pad     string
	doe     func(*browsertest.Tab) // after it was opened
	leeg    bool
	stuk    bool
	dienst  bool // comes back from the sign-in service
}

// schermen are all pages there are, and the states of them that differ.
func schermen(t *testing.T) []scherm {
	t.Helper()
	groep, bsn := "/beheer/autorisatiegroepen/"+groepLezen.String(), "/beheer/autorisatiegroepen/"+groepBSN.String()
	mens := "/beheer/gebruikers/" + bram.String()
	activiteit := padActiviteiten + "/" + parkeren.String()
	sheet := filepath.Join(t.TempDir(), "Register 2025.csv")
	if err := os.WriteFile(sheet, []byte("ID;Naam verwerking\n1;Verlenen van parkeervergunningen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	upload := func(tab *browsertest.Tab) {
		tab.KiesBestand("#veld-bestand", sheet)
		tab.Klik("form[enctype] button")
	}
	begin := func(email string) func(*browsertest.Tab) {
		return func(tab *browsertest.Tab) {
			tab.Vul("#veld-email", email)
			tab.Vul("#veld-wachtwoord", proefWachtwoord)
			tab.Klik("form[action='/beheer/aanmelden'] button")
		}
	}
	kies := func(tab *browsertest.Tab) {
		tab.Kies("[name='r.verwerkingenlog.zien.bsn']", "alles")
		tab.Klik("form[action$='/rechten'] button")
	}
	return []scherm{
		{naam: "aanmelden", pad: "/beheer/aanmelden"},
		{naam: "aanmelden-fout", pad: "/beheer/aanmelden", doe: func(tab *browsertest.Tab) { tab.Klik("form[action='/beheer/aanmelden'] button") }},
		{naam: "code", pad: "/beheer/aanmelden", doe: begin("anna@voorbeeldstad.example")},
		{naam: "extra", pad: "/beheer/aanmelden", doe: func(tab *browsertest.Tab) {
			begin("zwaar@voorbeeldstad.example")(tab)
			tab.Vul("#veld-code", proefCode)
			tab.Klik("form[action='/beheer/aanmelden/code'] button")
		}},
		{naam: "uitnodiging", pad: "/beheer/aanmelden/uitnodiging"},
		{naam: "afgemeld", pad: "/beheer/afgemeld"},
		{naam: "overzicht", rechten: alles, pad: "/beheer/"},
		{naam: "overzicht-zonder-rechten", rechten: mag{}, pad: "/beheer/"},
		{naam: "overzicht-grijs", rechten: mag{"gebruikers/beheren", "beheerlog/zien"}, pad: "/beheer/"},
		{naam: "account", rechten: alles, pad: "/beheer/mijn-account"},
		{naam: "account-wachtwoord", rechten: mag{}, pad: "/beheer/mijn-account/wachtwoord"},
		{naam: "account-app", rechten: mag{}, pad: "/beheer/mijn-account/app", doe: bevestig},
		{naam: "account-passkey", rechten: mag{}, pad: "/beheer/mijn-account/passkey", doe: bevestig},
		{naam: "account-herstelcodes", rechten: mag{}, pad: "/beheer/mijn-account", doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action$='/herstelcodes'] button")
			tab.Vul("#veld-bevestigingscode", proefCode)
			tab.Klik("main form button")
		}},
		{naam: "geen-recht", rechten: mag{}, pad: "/beheer/beheerlog"},
		{naam: "niet-gevonden", rechten: alles, pad: "/beheer/bestaat-niet"},
		{naam: "storing", rechten: alles, pad: "/beheer/instellingen", stuk: true},
		{naam: "mensen", rechten: alles, pad: "/beheer/gebruikers"},
		{naam: "mensen-lezen", rechten: mag{"gebruikers/zien"}, pad: "/beheer/gebruikers"},
		{naam: "mensen-leeg", rechten: alles, pad: "/beheer/gebruikers", leeg: true},
		{naam: "mens", rechten: alles, pad: mens},
		{naam: "mens-nieuw", rechten: alles, pad: "/beheer/gebruikers/nieuw"},
		{naam: "mens-nieuw-fout", rechten: alles, pad: "/beheer/gebruikers/nieuw", doe: func(tab *browsertest.Tab) { tab.Klik("main form button") }},
		{naam: "mens-groep", rechten: alles, pad: mens + "/groep"},
		{naam: "mens-groep-voorzie", rechten: alles, pad: "/beheer/gebruikers/" + chris.String() + "/groep", doe: func(tab *browsertest.Tab) {
			tab.Kies("#veld-groep", groepBSN.String())
			tab.Klik("main form button")
			bevestig(tab)
		}},
		{naam: "mens-intrekken", rechten: alles, pad: mens + "/intrekken"},
		{naam: "mens-sluiten", rechten: alles, pad: mens + "/sluiten"},
		{naam: "functiegroepen", rechten: alles, pad: "/beheer/functiegroepen"},
		{naam: "functiegroep", rechten: alles, pad: "/beheer/functiegroepen/" + id(51).String()},
		{naam: "groepen", rechten: alles, pad: "/beheer/autorisatiegroepen"},
		{naam: "groep", rechten: alles, pad: bsn},
		{naam: "groep-leeg", rechten: alles, pad: "/beheer/autorisatiegroepen/" + id(104).String()},
		{naam: "groep-nieuw", rechten: alles, pad: "/beheer/autorisatiegroepen/nieuw"},
		{naam: "rechten", rechten: alles, pad: bsn + "/rechten"},
		{naam: "voorzie", rechten: alles, pad: groep + "/rechten", doe: kies},
		{naam: "bevestigen", rechten: alles, pad: groep + "/rechten", doe: func(tab *browsertest.Tab) {
			kies(tab)
			tab.Klik("form[action$='/bewaren'] button")
		}},
		{naam: "voorstellen", rechten: alles, pad: "/beheer/voorstellen"},
		{naam: "voorstel", rechten: alles, pad: "/beheer/voorstellen/" + voorstelBSN.String()},
		{naam: "voorstel-lezen", rechten: mag{"groepen/zien"}, pad: "/beheer/voorstellen/" + voorstelBSN.String()},
		{naam: "nakijken", rechten: alles, pad: "/beheer/nakijken"},
		{naam: "noodtoegang", rechten: mag{"verwerkingenlog/zien"}, pad: "/beheer/noodtoegang"},
		{naam: "noodtoegang-fout", rechten: mag{"verwerkingenlog/zien"}, pad: "/beheer/noodtoegang", doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action='/beheer/noodtoegang'] button")
			bevestig(tab)
		}},
		{naam: "noodtoegang-loopt", rechten: mag{"verwerkingenlog/zien"}, pad: "/beheer/noodtoegang", doe: func(tab *browsertest.Tab) { nemen(tab) }},
		{naam: "noodtoegang-loopt-engels", rechten: mag{"verwerkingenlog/zien"}, pad: "/beheer/noodtoegang", doe: func(tab *browsertest.Tab) {
			nemen(tab)
			tab.Klik("form[action='/beheer/taal'] button")
		}},
		{naam: "noodtoegang-niet", rechten: mag{}, pad: "/beheer/noodtoegang"},
		{naam: "domeinen", rechten: alles, pad: padDomeinen},
		{naam: "domeinen-leeg", rechten: alles, pad: padDomeinen, leeg: true},
		{naam: "domein-open", rechten: alles, pad: padDomeinen + "/" + domeinOpen.String()},
		{naam: "domein-voorstel", rechten: alles, pad: padDomeinen + "/" + domeinNieuw.String()},
		{naam: "domein-voorstel-engels", rechten: alles, pad: padDomeinen + "/" + domeinNieuw.String(), doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action='/beheer/taal'] button")
		}},
		{naam: "domein-nieuw", rechten: alles, pad: padDomeinen + "/nieuw"},
		{naam: "domein-nieuw-fout", rechten: alles, pad: padDomeinen + "/nieuw", doe: func(tab *browsertest.Tab) {
			tab.Ga("#veld-activiteiten-1")
			tab.Typ(" ")
			tab.Klik("main form.verantwoord-formulier button")
			bevestig(tab)
		}},
		{naam: "domein-sluiten", rechten: alles, pad: padDomeinen + "/" + domeinOpen.String() + "/sluiten"},
		{naam: "inwoners", rechten: alles, pad: padInwoners, doe: bevestig},
		{naam: "inwoners-leeg", rechten: alles, pad: padInwoners, leeg: true, doe: bevestig},
		{naam: "inwoners-overzicht", rechten: mag{"inwoners/zien"}, pad: "/beheer/"},
		{naam: "inwoner", rechten: alles, pad: padInwoners, doe: opzoeken},
		{naam: "inwoner-engels", rechten: alles, pad: padInwoners, doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action='/beheer/taal'] button")
			opzoeken(tab)
		}},
		{naam: "inwoner-fout", rechten: alles, pad: padInwoners, doe: func(tab *browsertest.Tab) {
			opzoeken(tab)
			tab.Klik("form[action$='/beschermen'] button")
		}},
		{naam: "bescherming", rechten: alles, pad: padInwoners + "/" + beschermd.String(), doe: bevestig},
		{naam: "bescherming-overleden", rechten: alles, pad: padInwoners + "/" + overleden.String(), doe: bevestig},
		{naam: "bescherming-voorstel", rechten: alles, pad: padInwoners + "/" + voorgesteld.String(), doe: bevestig},
		{naam: "bescherming-beeindigen", rechten: alles, pad: padInwoners + "/" + beschermd.String() + "/beeindigen", doe: bevestig},
		{naam: "noodtoegangen", rechten: alles, pad: "/beheer/noodtoegangen"},
		{naam: "noodtoegangen-leeg", rechten: alles, pad: "/beheer/noodtoegangen", leeg: true},
		{naam: "code-koppelen", pad: "/beheer/aanmelden/terug/voorbeeldstad?state=x", dienst: true},
		{naam: "applicaties", rechten: alles, pad: "/beheer/applicaties"},
		{naam: "applicaties-leeg", rechten: alles, pad: "/beheer/applicaties", leeg: true},
		{naam: "applicatie", rechten: alles, pad: "/beheer/applicaties/onderzoek"},
		{naam: "applicatie-bestand", rechten: alles, pad: "/beheer/applicaties/zaaksysteem"},
		{naam: "applicatie-lezen", rechten: mag{"applicaties/zien"}, pad: "/beheer/applicaties/onderzoek"},
		{naam: "applicatie-nieuw", rechten: alles, pad: "/beheer/applicaties/nieuw"},
		{naam: "applicatie-nieuw-fout", rechten: alles, pad: "/beheer/applicaties/nieuw", doe: func(tab *browsertest.Tab) { tab.Klik("main form button") }},
		{naam: "applicatie-wijzigen", rechten: alles, pad: "/beheer/applicaties/onderzoek/wijzigen"},
		{naam: "applicatie-voorzie", rechten: alles, pad: "/beheer/applicaties/nieuw", doe: nieuweApplicatie("create:normal")},
		{naam: "applicatie-voorzie-zwaar", rechten: alles, pad: "/beheer/applicaties/nieuw", doe: nieuweApplicatie("read:confidential")},
		{naam: "applicatie-geheim", rechten: alles, pad: "/beheer/applicaties/onderzoek/geheim"},
		{naam: "applicatie-geheim-gemaakt", rechten: alles, pad: "/beheer/applicaties/onderzoek/geheim", doe: func(tab *browsertest.Tab) {
			tab.Vul("#veld-reden", "Eerste geheim voor de leverancier.")
			tab.Klik("main form button")
			bevestig(tab)
		}},
		{naam: "applicatie-geheim-gemaakt-engels", rechten: alles, pad: "/beheer/applicaties/onderzoek/geheim", doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action='/beheer/taal'] button")
			tab.Vul("#veld-reden", "Eerste geheim voor de leverancier.")
			tab.Klik("main form button")
			bevestig(tab)
		}},
		{naam: "applicatie-nieuw-engels", rechten: alles, pad: "/beheer/applicaties/nieuw", doe: func(tab *browsertest.Tab) { tab.Klik("form[action='/beheer/taal'] button") }},
		{naam: "applicatie-weghalen", rechten: alles, pad: "/beheer/applicaties/onderzoek/weghalen"},
		{naam: "applicatie-voorstel", rechten: alles, pad: "/beheer/applicatievoorstellen/" + voorstelApp.String()},
		{naam: "applicatie-voorstel-lezen", rechten: mag{"applicaties/zien"}, pad: "/beheer/applicatievoorstellen/" + voorstelApp.String()},
		{naam: "beheerlog", rechten: alles, pad: "/beheer/beheerlog"},
		{naam: "instellingen", rechten: alles, pad: "/beheer/instellingen"},
		{naam: "activiteiten", rechten: alles, pad: padActiviteiten},
		{naam: "activiteiten-leeg", rechten: alles, pad: padActiviteiten, leeg: true},
		{naam: "activiteit", rechten: alles, pad: activiteit},
		{naam: "activiteit-toen", rechten: alles, pad: activiteit + "?geldigOp=2025-06-01"},
		{naam: "activiteit-lezen", rechten: mag{"activiteiten/zien"}, pad: activiteit, doe: func(tab *browsertest.Tab) { tab.Ontvouw() }},
		{naam: "activiteit-concept", rechten: alles, pad: padActiviteiten + "/" + nieuw.String()},
		{naam: "activiteit-vertrouwelijk", rechten: alles, pad: padActiviteiten + "/" + fraude.String()},
		{naam: "activiteit-nieuw", rechten: alles, pad: padActiviteiten + "/nieuw"},
		{naam: "activiteit-wijzigen", rechten: alles, pad: activiteit + "/wijzigen"},
		{naam: "activiteit-fout", rechten: alles, pad: padActiviteiten + "/nieuw", doe: func(tab *browsertest.Tab) {
			tab.Vul("[name='persoonsgegevens.1.rol']", "aanvrager")
			tab.Vul("#veld-bewaartermijnLog", "lang")
			tab.Klik("main form button")
		}},
		{naam: "activiteit-vaststellen", rechten: alles, pad: activiteit + "/vaststellen"},
		{naam: "activiteit-beeindigen", rechten: alles, pad: activiteit + "/beeindigen"},
		{naam: "activiteit-openbaar", rechten: alles, pad: activiteit + "/openbaar"},
		{naam: "register", rechten: alles, pad: padActiviteiten + "/register"},
		{naam: "kwaliteit", rechten: alles, pad: padActiviteiten + "/kwaliteit"},
		{naam: "kwaliteit-leeg", rechten: alles, pad: padActiviteiten + "/kwaliteit", leeg: true},
		{naam: "koppelingen", rechten: alles, pad: padActiviteiten + "/koppelingen"},
		{naam: "koppelingen-leeg", rechten: alles, pad: padActiviteiten + "/koppelingen", leeg: true},
		{naam: "koppeling", rechten: alles, pad: padActiviteiten + "/koppelingen/wijzig/" + koppelingID.String()},
		{naam: "koppeling-weg", rechten: alles, pad: padActiviteiten + "/koppelingen/weg/" + koppelingID.String()},
		{naam: "leveringen", rechten: alles, pad: padActiviteiten + "/leveringen"},
		{naam: "levering", rechten: alles, pad: padActiviteiten + "/leveringen/wijzig/" + leveringID.String()},
		{naam: "loggrond", rechten: alles, pad: padActiviteiten + "/log"},
		{naam: "loggrond-leeg", rechten: alles, pad: padActiviteiten + "/log", leeg: true},
		{naam: "loggrond-wijzigen", rechten: alles, pad: padActiviteiten + "/log/wijzigen"},
		{naam: "verantwoordelijke", rechten: alles, pad: padActiviteiten + "/verantwoordelijke"},
		{naam: "verantwoordelijke-wijzigen", rechten: alles, pad: padActiviteiten + "/verantwoordelijke/wijzigen"},
		{naam: "juridisch", rechten: alles, pad: padActiviteiten + "/juridisch"},
		{naam: "uitvoeren", rechten: alles, pad: padActiviteiten + "/uitvoeren"},
		{naam: "invoeren", rechten: alles, pad: padActiviteiten + "/invoeren"},
		{naam: "invoeren-bezig", rechten: alles, pad: padActiviteiten + "/invoeren/bezig/" + werkLezen.String() + "?ververs=nee"},
		{naam: "invoeren-bezig-engels", rechten: alles, pad: padActiviteiten + "/invoeren/bezig/" + werkLezen.String() + "?ververs=nee", doe: func(tab *browsertest.Tab) {
			tab.Klik("form[action='/beheer/taal'] button")
			tab.Klik("#inhoud p a")
		}},
		{naam: "invoeren-bezig-voeren", rechten: alles, pad: padActiviteiten + "/invoeren/bezig/" + werkVoeren.String() + "?ververs=nee"},
		{naam: "invoeren-mislukt", rechten: alles, pad: padActiviteiten + "/invoeren/bezig/" + werkMislukt.String()},
		{naam: "invoeren-kolommen", rechten: alles, pad: padActiviteiten + "/invoeren", doe: upload},
		{naam: "invoeren-voorbeeld", rechten: alles, pad: padActiviteiten + "/invoeren", doe: func(tab *browsertest.Tab) {
			upload(tab)
			tab.Klik("form[action*='/kolommen/'] button")
		}},
		{naam: "invoeren-fouten", rechten: alles, pad: padActiviteiten + "/invoeren", doe: func(tab *browsertest.Tab) {
			upload(tab)
			tab.Kies("[name='kolom.2']", "doel")
			tab.Klik("form[action*='/kolommen/'] button")
		}},
		{naam: "invoeren-klaar", rechten: alles, pad: padActiviteiten + "/invoeren", doe: func(tab *browsertest.Tab) {
			upload(tab)
			tab.Klik("form[action*='/kolommen/'] button")
			tab.Klik("form[action*='/voorbeeld/'] button")
		}},
	}
}

// bevestig proves that the person is there, on the page that asks for it.
func bevestig(tab *browsertest.Tab) {
	tab.Vul("#veld-bevestigingscode", proefCode)
	tab.Klik("main form button")
}

// nieuweApplicatie fills in the form of an application and looks what it means.
func nieuweApplicatie(scope string) func(*browsertest.Tab) {
	return func(tab *browsertest.Tab) {
		tab.Vul("#veld-naam", "Balie")
		tab.Vul("#veld-clients", "balie")
		browsertest.Vraag[bool](tab, `document.querySelector("[name='scopes.verwerkingenlogging-bewerking'][value='`+scope+`']").checked = true`)
		tab.Klik("main form button")
	}
}

// opzoeken looks a citizen up.
func opzoeken(tab *browsertest.Tab) {
	bevestig(tab)
	tab.Vul("#veld-bsn", proefBSN)
	tab.Klik("form[action='/beheer/inwoners'] button")
}

// nemen takes break-glass.
func nemen(tab *browsertest.Tab) {
	tab.Kies("#veld-recht", "bsn")
	browsertest.Vraag[bool](tab, `document.querySelector("#veld-duur").checked = true`)
	tab.Vul("#veld-reden", "De balie is dicht en een inwoner wacht.")
	tab.Klik("form[action='/beheer/noodtoegang'] button")
	bevestig(tab)
}

// toon opens a page in a tab.
func (s scherm) toon(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	p := newProef()
	p.leeg = s.leeg
	if s.stuk {
		p.stuk = os.ErrDeadlineExceeded
	}
	b := open(t, p, s.rechten)
	if s.rechten != nil {
		tab.Koekje(b.server.URL, "sessie", "sessie-1")
	}
	if s.dienst {
		tab.Koekje(b.server.URL, "dienst", "verzegeld")
	}
	tab.Open(b.server.URL + s.pad)
	if s.doe != nil {
		s.doe(tab)
	}
}

// VERANTWOORD_SCHERMEN names the folder for pictures of the pages: `make screenshots`.
const schermenMap = "VERANTWOORD_SCHERMEN"

func TestEveryPageIsAccessibleInBothThemesFitsAndIsReachedByKeyboard(t *testing.T) {
	t.Parallel()
	alle := browsertest.Start(t).Tab(t, browsertest.Breed)
	folder := os.Getenv(schermenMap)
	for _, s := range schermen(t) {
		t.Run(s.naam, func(t *testing.T) {
			tab := alle.Voor(t, browsertest.Breed)
			s.toon(t, tab)
			foto := func(soort string) {
				if folder != "" {
					tab.Foto(filepath.Join(folder, s.naam+soort+".png"))
				}
			}
			foto("")
			tab.Axe()
			tab.Past()
			tab.Kijk(browsertest.Donker)
			tab.Axe()
			foto("-donker")
			tab.Kijk(browsertest.Half)
			tab.Past()
			tab.Kijk(browsertest.Smal)
			tab.Past()
			foto("-smal")
			tab.Kijk(browsertest.Breed)
			tab.Toetsenbord()
			if text := tab.Tekst(); strings.Contains(text, "<no value>") || strings.Contains(text, "%!") {
				t.Error("the page holds what a template could not fill")
			}
		})
	}
}

func TestTheRegisterPrintsATitlePageItsContentsAndAnActivityOnEachPage(t *testing.T) {
	t.Parallel()
	tab := browsertest.Start(t).Tab(t, browsertest.Breed)
	scherm{rechten: alles, pad: padActiviteiten + "/register"}.toon(t, tab)
	papier := browsertest.Beeld{Breedte: 665, Hoogte: 980, Druk: true} // A4 within its margins
	tab.Kijk(papier)
	tab.Past()
	bestand := ""
	if folder := os.Getenv(schermenMap); folder != "" {
		tab.Foto(filepath.Join(folder, "register-papier.png"))
		bestand = filepath.Join(folder, "register.pdf")
	}
	for _, weg := range []string{"header.utrecht-page-header", "footer", ".verantwoord-submenu", ".verantwoord-filter", ".utrecht-breadcrumb-nav"} {
		if browsertest.Vraag[bool](tab, "document.querySelector("+strconv.Quote(weg)+").checkVisibility()") {
			t.Errorf("%s is on paper", weg)
		}
	}
	if n := tab.PDF(bestand); n != 4 { // title, contents, and two activities
		t.Errorf("it takes %d pages", n)
	}
}
