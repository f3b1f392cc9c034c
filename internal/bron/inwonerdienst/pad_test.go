package inwonerdienst

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
)

// A broker that gives in bsn whom somebody acts for, and elsewhere who signed in: when that stands there in another form than was set, the number
// of the other is taken for nobody's own.
func TestAWayToAClaimThatIsBrokenSignsNobodyIn(t *testing.T) {
	t.Parallel()
	const ander = `"999990019"`
	d := &Dienst{o: Opties{Claims: Claims{BSN: "bsn", Niveau: "acr", Gemachtigde: "volmacht.door.bsn"}}}
	for _, waarde := range []string{`[{"door":{"bsn":"999990020"}}]`, `"999990020"`, `{"door":[{"bsn":"999990020"}]}`, `{"door":"999990020"}`, `true`} {
		if p, n, err := d.wie(&oidc.Token{Onderwerp: "x", Claims: oidc.Claims{"bsn": jsontext.Value(ander), "volmacht": jsontext.Value(waarde)}}); err == nil {
			t.Errorf("%s signs in %s, for another %t", waarde, p.Soort, n != nil)
		}
	}
	for _, waarde := range []string{`null`, `{}`, `{"door":null}`} { // nobody acts for another
		if _, n, err := d.wie(&oidc.Token{Onderwerp: "x", Claims: oidc.Claims{"bsn": jsontext.Value(ander), "volmacht": jsontext.Value(waarde)}}); err != nil || n != nil {
			t.Errorf("%s: %v, %v", waarde, n, err)
		}
	}
}
