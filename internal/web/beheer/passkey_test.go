package beheer_test

import (
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

func TestAPasskeyIsMadeAndUsedInABrowser(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	// A passkey belongs to a name, not to an address.
	site := strings.Replace(b.server.URL, "127.0.0.1", "localhost", 1)
	tab := browsertest.Start(t).Tab(t, browsertest.Breed)
	tab.Passkeys()
	tab.Koekje(site, "sessie", "sessie-1")
	tab.Open(site + "/beheer/mijn-account/passkey")
	tab.Vul("#veld-bevestigingscode", proefCode)
	tab.Klik("main form button")
	tab.Vul("#veld-naam", "sleutelbos")
	tab.Klik("form[data-passkey] button")
	if !b.p.gedaan("passkey sleutelbos {") || !b.p.gedaan(`"attestationObject":"`) {
		t.Fatalf("no passkey was made: %v, %s", b.p.besloten, tab.Tekst())
	}
	tab.Klik("form[action='/beheer/afmelden'] button")
	tab.Open(site + "/beheer/aanmelden")
	tab.Vul("#veld-email", "zwaar@voorbeeldstad.example")
	tab.Vul("#veld-wachtwoord", proefWachtwoord)
	tab.Klik("form[action='/beheer/aanmelden'] button")
	tab.Vul("#veld-code", proefCode)
	tab.Klik("form[action='/beheer/aanmelden/code'] button")
	tab.Klik("form[data-passkey] button")
	if path := tab.Waar(); path != "/beheer/" {
		t.Errorf("signed in with a passkey, and at %s: %s", path, tab.Tekst())
	}
}
