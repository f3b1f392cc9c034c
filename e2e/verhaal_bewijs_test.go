package e2e

import (
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

func TestSeriousRightsTakeAPasskeyOrAnAppAndRecoveryCodesHelpOnce(t *testing.T) {
	t.Parallel()
	v := newVerhaal(t, true)
	code := v.opConsole("Bea Heer", bea)
	v.serve()
	m := v.mens(bea)
	m.Passkeys()
	m.aanvaard(code)
	m.meldAan()
	m.op("/beheer/mijn-account", "Voeg een passkey of een app met codes toe")
	// Until there is one, nothing else can be had.
	for _, pad := range []string{"/beheer/", "/beheer/gebruikers", "/beheer/mijn-account/wachtwoord"} {
		m.open(pad)
		m.op("/beheer/mijn-account")
	}

	m.klik("a[href='/beheer/mijn-account/passkey']")
	m.stuur("form[data-passkey]", "naam", "sleutelbos")
	codes := m.herstelcodes()
	m.klik("a.utrecht-button--primary-action[href='/beheer/mijn-account']")
	m.op("/beheer/mijn-account", "sleutelbos", "nog 10")
	v.post.brief(t, bea, "Een passkey is toegevoegd")
	m.open("/beheer/gebruikers")
	m.op("/beheer/gebruikers", "Bea Heer")
	m.meldAf()

	// The passkey comes after the code, and this browser gave one today.
	m.begin()
	m.op("/beheer/aanmelden/extra", "Met een passkey")
	m.klik("form[data-passkey] button")
	m.op("/beheer/", "Bea Heer")

	// The only proof can't be taken away; an app beside it can.
	m.open("/beheer/mijn-account")
	m.klik("form[action='/beheer/mijn-account/weg'] button")
	m.op("/beheer/mijn-account/weg", "dit is de laatste")
	m.klik("main a")
	m.open("/beheer/mijn-account")
	m.klik("a[href='/beheer/mijn-account/app']")
	m.app = strings.ReplaceAll(browsertest.Vraag[string](m.Tab, `document.querySelector("main code").textContent`), " ", "")
	m.stuur("form[action='/beheer/mijn-account/app']", "totp", "123")
	m.op("/beheer/mijn-account/app", "Vul de 6 cijfers uit uw app in.")
	m.stuur("form[action='/beheer/mijn-account/app']", "totp", m.appCode())
	m.op("/beheer/mijn-account", "Toegevoegd.", "app met codes", "sleutelbos", "nog 10")
	m.meldAf()

	// In a browser without a passkey: a code by e-mail, and one of the app. A code counts once.
	ander := v.mens(bea)
	ander.app, ander.keer = m.app, m.keer
	ander.meldAan()
	ander.op("/beheer/aanmelden/extra", "Met een code uit uw app", "Uw app of passkey kwijt?")
	app := ander.appCode()
	ander.stuur("main form:has([name=totp])", "totp", app)
	ander.op("/beheer/", "Bea Heer")
	ander.meldAf()
	ander.begin()
	ander.stuur("main form:has([name=totp])", "totp", app)
	ander.op("/beheer/aanmelden/extra", "Dit klopt niet.")

	// The phone is lost. A recovery code helps, once, and Bea is told.
	herstel := "main form:has([name=herstelcode])"
	ander.klap()
	ander.stuur(herstel, "herstelcode", codes[0])
	ander.op("/beheer/", "Bea Heer")
	v.post.brief(t, bea, "Er is een herstelcode gebruikt")
	ander.open("/beheer/mijn-account")
	ander.op("/beheer/mijn-account", "nog 9", "Aangemeld")
	ander.meldAf()
	ander.begin()
	ander.klap()
	ander.stuur(herstel, "herstelcode", codes[0])
	ander.op("/beheer/aanmelden/extra", "Dit klopt niet.")
	ander.stuur(herstel, "herstelcode", strings.ToLower(strings.ReplaceAll(codes[1], "-", " ")))
	ander.op("/beheer/", "Bea Heer")

	// New codes take the place of the old ones.
	ander.open("/beheer/mijn-account")
	ander.klik("form[action='/beheer/mijn-account/herstelcodes'] button")
	nieuw := ander.herstelcodes()
	ander.meldAf()
	ander.begin()
	ander.klap()
	ander.stuur(herstel, "herstelcode", codes[2])
	ander.op("/beheer/aanmelden/extra", "Dit klopt niet.")
	ander.stuur(herstel, "herstelcode", nieuw[2])
	ander.op("/beheer/", "Bea Heer")
}

// klap opens what is folded away.
func (m *mens) klap() {
	m.v.t.Helper()
	browsertest.Vraag[bool](m.Tab, `document.querySelector("main details").open = true`)
}
