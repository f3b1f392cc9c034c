package inwonerdienst

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
)

func TestSecrecyInTheBRPIsReadOrRefused(t *testing.T) {
	t.Parallel()
	d := &Dienst{o: Opties{Claims: Claims{Geheim: "geheim"}}}
	for waarde, want := range map[string]bool{`true`: true, `"true"`: true, `1`: true, `7`: true, `"3"`: true, `false`: false, `0`: false, `"0"`: false, `""`: false, `null`: false} {
		if got, err := d.geheim(oidc.Claims{"geheim": jsontext.Value(waarde)}); err != nil || got != want {
			t.Errorf("%s: %v, %v", waarde, got, err)
		}
	}
	for _, waarde := range []string{`8`, `"ja"`, `[true]`, `{"a":1}`, `-1`, `12`} {
		if _, err := d.geheim(oidc.Claims{"geheim": jsontext.Value(waarde)}); err == nil {
			t.Errorf("%s is believed to be no secrecy", waarde)
		}
	}
	if got, err := d.geheim(oidc.Claims{}); got || err != nil {
		t.Errorf("without the claim: %v, %v", got, err)
	}
	// On the way to it there may be something else than was thought: then it may have been said.
	d.o.Claims.Geheim = "brp.persoon.geheim"
	for waarde, want := range map[string]bool{`{"persoon":{"geheim":7}}`: true, `{"persoon":{}}`: false, `{"persoon":null}`: false, `{}`: false, `null`: false} {
		if got, err := d.geheim(oidc.Claims{"brp": jsontext.Value(waarde)}); err != nil || got != want {
			t.Errorf("%s: %v, %v", waarde, got, err)
		}
	}
	for _, waarde := range []string{`[{"persoon":{"geheim":7}}]`, `"{\"persoon\":{\"geheim\":7}}"`, `7`, `true`, `{"persoon":[{"geheim":7}]}`, `{"persoon":"geheim"}`} {
		if _, err := d.geheim(oidc.Claims{"brp": jsontext.Value(waarde)}); err == nil {
			t.Errorf("%s is believed to be no secrecy", waarde)
		}
	}
	d.o.Claims.Geheim = ""
	if got, err := d.geheim(oidc.Claims{"": jsontext.Value(`true`)}); got || err != nil {
		t.Errorf("not set: %v, %v", got, err)
	}
}
