package inzage_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// A citizen sees that an officer looked, and nothing that tells for what: who threatens somebody may read along, also while nothing holds of
// that person yet, or no more.
func TestThatAnOfficerLooksTellsNothingOfProtection(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	if err := p.Opzoeken(bg, gemeente, inwoner.BSN(anna), "medewerker-7"); err != nil {
		t.Fatal(err)
	}
	o := p.kijk(p.mens(anna))
	if l := regels(o); len(l) != 1 || l[0].Eigen || l[0].Uitleg.Activiteit != mijn {
		t.Fatalf("%+v", l)
	}
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	alles := strings.ToLower(string(b))
	for _, woord := range []string{"bescherm", "geheim", "gevaar", "opvang", "bedreig", "overle", "medewerker-7"} {
		if strings.Contains(alles, woord) {
			t.Errorf("the overview holds %q", woord)
		}
	}
}
