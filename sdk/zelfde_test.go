package sdk

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// The SDK takes two numbers for one person exactly when the register does.
func TestNumbersAreOfOnePersonAsTheRegisterHasIt(t *testing.T) {
	t.Parallel()
	soorten := []string{"BSN", "bsn", "bSn", "BSN ", "b\u017fn", "Relatienummer", "k", "\u212a", ""}
	nummers := []string{"000000012", "00000012", "0000012", "0000000012", "2308572", "02308572", "999990019", "99990019", "00000000", "000000000", "0000x012", ""}
	gelijk := 0
	for _, soortA := range soorten {
		for _, soortB := range soorten {
			for _, a := range nummers {
				for _, b := range nummers {
					got := zelfde(soortA, a, soortB, b)
					if got != betrokkene.Zelfde(soortA, a, soortB, b) {
						t.Errorf("%q %q and %q %q: %t here", soortA, a, soortB, b, got)
					}
					if got && a != b {
						gelijk++
					}
				}
			}
		}
	}
	if gelijk != 2*3*3 {
		t.Errorf("%d pairs are one person in two ways", gelijk)
	}
	bij := erbij(nil, []VerwerktObject{{SoortObjectID: "BSN", ObjectID: "00000012"}, {SoortObjectID: "bsn", ObjectID: "000000012"}, {SoortObjectID: "BSN", ObjectID: "2308572"}})
	if len(bij) != 2 || bij[0].ID != "00000012" {
		t.Errorf("%d persons", len(bij))
	}
	for adres, want := range map[string]bool{"https://var.example/00000012": true, "https://var.example/000000012": true, "https://var.example/0000012": false, "https://var.example/2308572": false} {
		if noemtPersoon(adres, []Object{{Soort: "BSN", ID: "000000012"}}) != want || noemtPersoon(adres, []Object{{Soort: "BSN", ID: "00000012"}}) != want {
			t.Errorf("%s names a person: %t is wanted", adres, want)
		}
	}
}
