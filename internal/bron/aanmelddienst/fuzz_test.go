package aanmelddienst

import (
	"encoding/json"
	"testing"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
)

// FuzzIdentiteit checks that no claims make reading panic, and that what is accepted can be shown and stored.
func FuzzIdentiteit(f *testing.F) {
	for _, s := range []soort{keycloak, entra, adfs} {
		b, err := json.Marshal(s.claims)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "groups")
		f.Add(b, "realm_access.roles")
	}
	for _, s := range []string{``, `null`, `[]`, `{"groups":{"a":{"b":["c"]}}}`, `{"a":1,"a":2}`, `{"hasgroups":"true"}`, `{"_claim_names":{"groups":5}}`, `{"nbf":1e400}`, `{"email":"\u0000"}`} {
		f.Add([]byte(s), "groups.a.b")
	}
	f.Fuzz(func(t *testing.T, ruw []byte, claim string) {
		d := &Dienst{o: Opties{Naam: "Inloggen", ClientID: client, GroepenClaim: claim}}
		b, alles, err := ontleed(ruw)
		if err != nil {
			return
		}
		id, err := d.identiteit("iemand", b, alles)
		if err != nil {
			return
		}
		if len(id.Groepen) > maxGroepen || !oidc.Toonbaar(id.Naam) || !oidc.Toonbaar(id.Email) {
			t.Errorf("%+v", id)
		}
		for _, g := range id.Groepen {
			if g == "" || !oidc.Toonbaar(g) {
				t.Errorf("group %q", g)
			}
		}
	})
}
