package autorisatiecomponent

import (
	"errors"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

func FuzzAntwoord(f *testing.F) {
	const een = `{"clientIds":["app"],"autorisaties":[{"component":"nrc","scopes":["read:normal"]}]}`
	for _, seed := range []string{een, "[" + een + "]", `{"count":1,"next":null,"results":[` + een + `]}`, "[]", "null", `{"clientIds":[]}`, " \n[", "\xff"} {
		f.Add([]byte(seed))
	}
	c := New(Opties{Bewerking: "nrc", Inzage: "ztc", VAR: "drc"})
	f.Fuzz(func(t *testing.T, body []byte) {
		grants, err := c.read(body, "app")
		if err != nil && (grants != nil || !errors.Is(err, errVorm) && !errors.Is(err, errDubbel) && !errors.Is(err, errOnklaar)) {
			t.Errorf("grants beside an error, or one that may quote: %v", err)
		}
		for _, g := range grants {
			for _, s := range g.Scopes {
				if _, err := autorisatie.ParseScope(string(s)); err != nil {
					t.Errorf("an unknown scope: %v", err)
				}
			}
		}
	})
}
