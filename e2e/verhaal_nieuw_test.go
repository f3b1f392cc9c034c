package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/server/beheerpaginas"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	webpagina "github.com/verantwoord/verantwoord/internal/web/pagina"
)

// tabel are all routes of the pages, as the program has them.
func tabel() []webpagina.Route {
	return beheer.New(beheer.Opties{Ontwerp: ontwerp.New(nil), Kent: beheerpaginas.Kent}).Routes()
}

func TestWhoIsNewSeesNothingAndAStolenCookieDiesWithSignOutEverywhere(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		v := newVerhaal(t, true)
		code := v.opConsole("Bea Heer", bea)
		v.serve()
		nieuw(t, v, code)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		v := newVerhaal(t, false, "VERANTWOORD_STORE="+postgrestest.Database(t))
		d := v.serve()
		code := v.opConsole("Bea Heer", bea) // works beside it
		d.stop()                             // it looks for changes twice a second; when it starts, at once
		v.serve()
		nieuw(t, v, code)
	})
}

func nieuw(t *testing.T, v *verhaal, code string) {
	een := v.beheerder(bea, code)
	persoon := een.mensErbij("Kim Nieuw", kim)
	groep := een.groepErbij("Balie", persoon)

	// Kim has no mouse, and a browser that runs no script.
	k := v.mens(kim)
	k.ZonderScript()
	k.stil = true
	k.Open(v.url + "/beheer/aanmelden/uitnodiging")
	k.Ga("#veld-email")
	k.Typ(kim)
	k.Ga("#veld-code")
	k.Typ(v.post.uitnodiging(t, kim, 1))
	k.Ga("#veld-wachtwoord")
	k.Typ(wachtwoordVerhaal)
	k.Enter()
	k.op("/beheer/aanmelden", "Uw nieuwe wachtwoord geldt vanaf nu.")
	k.Ga("#veld-email")
	k.Typ(kim)
	k.Ga("#veld-wachtwoord")
	k.Typ(wachtwoordVerhaal)
	k.Enter()
	k.op("/beheer/aanmelden/code", "Als wat u invulde klopt, hebben we een code gestuurd", "•••••")
	k.Ga("#veld-code")
	k.Typ(v.post.code(t, kim))
	k.Ga("form[action='/beheer/aanmelden/code'] button")
	k.Enter()
	k.op("/beheer/", "Kim Nieuw", "U hebt nog geen rechten.", "wie nieuw is, mag niets")
	if links := browsertest.Vraag[[]string](k.Tab, `[...document.querySelectorAll("nav a, main a")].map(e => e.getAttribute("href"))`); strings.Join(links, " ") != "/beheer/" {
		t.Errorf("somebody without rights is shown the way to %v", links)
	}
	if k.er("script") {
		t.Error("there is a script on the overview")
	}

	nietsVoor(t, v, k, persoon, groep)
	k.open("/beheer/mijn-account")
	k.op("/beheer/mijn-account", kim, "Balie") // their own, and that is no right

	// The cookie is stolen: whoever has it is Kim, until Kim signs out.
	dief := v.mens("")
	var gestolen string
	steel := func() {
		t.Helper()
		gestolen = k.sessie()
		dief.Koekje(v.url, v.koekje(), gestolen)
		dief.open("/beheer/mijn-account")
		dief.op("/beheer/mijn-account", kim)
		dief.open("/beheer/")
		dief.open("/beheer/gebruikers")
	}
	buiten := func(m *mens) {
		t.Helper()
		m.open("/beheer/mijn-account")
		m.op("/beheer/aanmelden")
	}
	steel()
	k.meldAf()
	buiten(dief)

	k.begin() // this browser gave a code today
	k.op("/beheer/")
	steel()
	// What is dangerous asks for a code again, and that goes to Kim.
	dief.open("/beheer/mijn-account/app")
	dief.op("/beheer/mijn-account/app", "Bevestig dat u het bent")
	v.post.code(t, kim)
	thuis := v.mens(kim)
	thuis.meldAan()
	thuis.open("/beheer/mijn-account")
	thuis.klik("form[action='/beheer/mijn-account/afmelden'] button")
	thuis.op("/beheer/mijn-account", "Al uw andere sessies zijn beëindigd.")
	buiten(dief)
	buiten(k)

	k.begin()
	steel()
	een.open(persoon)
	een.klik("main form[action$='/afmelden'] button")
	een.op(persoon, "Alle sessies van deze persoon zijn beëindigd.")
	for _, m := range []*mens{dief, k, thuis} {
		buiten(m)
	}
	if status, _ := v.vraag(http.MethodGet, "/beheer/", gestolen, nil); status != http.StatusSeeOther {
		t.Errorf("the stolen cookie still gives %d", status)
	}
	// No browser of Kim is trusted any more: the code is asked again.
	k.begin()
	k.op("/beheer/aanmelden/code")

	// Kim forgot the password, and gets another invitation.
	een.klik("main form[action$='/uitnodigen'] button")
	een.op(persoon, "De uitnodiging is onderweg per e-mail.")
	k.aanvaard(v.post.uitnodiging(t, kim, 2))

	// Kim leaves, and comes back without any right.
	een.klik("main a[href$='/sluiten']")
	een.stuur("main form", "reden", "Uit dienst.")
	een.op(persoon, "Het account is gesloten.", "gesloten")
	k.begin()
	k.op("/beheer/aanmelden/code")
	een.klik("main a[href$='/heropenen']")
	een.stuur("main form", "reden", "Terug in dienst.")
	een.op(persoon, "Het account is weer open, zonder rechten.", "In geen enkele groep.")
	een.klik("main a[href$='/intrekken']")
	een.stuur("main form", "reden", "Telefoon verloren.")
	een.op(persoon, "Ingetrokken.")
	v.post.uitnodiging(t, kim, 4)
}

// nietsVoor asks every route of the table, of things that are there, and checks that somebody without rights gets nothing.
func nietsVoor(t *testing.T, v *verhaal, k *mens, persoon, groep string) {
	t.Helper()
	sessie := k.sessie()
	echt := strings.NewReplacer("/gebruikers/{id}", strings.TrimPrefix(persoon, "/beheer"), "/autorisatiegroepen/{id}", strings.TrimPrefix(groep, "/beheer"),
		"{groep}", groep[strings.LastIndexByte(groep, '/')+1:], "{id}", "00000000-0000-4000-8000-000000000000", "{$}", "", "{dienst}", "geen")
	geweigerd := 0
	for _, r := range tabel() {
		pad := echt.Replace(r.Patroon)
		if r.Module == "" {
			continue // open to all, or about oneself
		}
		status, blad := v.vraag(r.Methode, pad, sessie, url.Values{"versie": {"1"}, "reden": {"Dit hoort niet te kunnen."}, "naam": {"Indringer"}})
		if status != http.StatusForbidden || !strings.Contains(blad, "Dit mag u niet bekijken of doen") {
			t.Errorf("%s %s: status %d", r.Methode, pad, status)
		}
		for _, geheim := range []string{bea, "Bea Heer", "Beheer gebruikers", "Balie", "burgerzaken"} {
			if strings.Contains(blad, geheim) {
				t.Errorf("%s %s tells of %s", r.Methode, pad, geheim)
			}
		}
		geweigerd++
	}
	if geweigerd < 35 {
		t.Errorf("only %d routes were asked", geweigerd)
	}
	for _, pad := range []string{"/beheer/gebruikers", persoon, "/beheer/instellingen"} {
		k.open(pad)
		k.op(pad, "Dit mag u niet bekijken of doen", "Vraag het aan een beheerder van uw organisatie")
	}
	if got := regexp.MustCompile(`\bIndringer\b`).FindString(k.Tekst()); got != "" {
		t.Error("what was refused was done")
	}
}
