package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWitnessesAreAListOfGroupsOrOfLines(t *testing.T) {
	t.Parallel()
	want := []Getuige{{"https://g.example/bij", "g+1+BA==", "Ons Dorp"}, {"http://127.0.0.1:8090", "h+2+BA==", ""}}
	for naam, c := range map[string]*Config{
		"groups":   moetLaden(t, "organisaties: {'"+oin+"': {getuigen: [{url: 'https://g.example/bij/', sleutel: g+1+BA==, naam: Ons Dorp}, {sleutel: h+2+BA==, url: 'http://127.0.0.1:8090'}]}}", nil),
		"lines":    moetLaden(t, "organisaties: {'"+oin+"': {getuigen: ['https://g.example/bij g+1+BA== Ons Dorp', 'http://127.0.0.1:8090 h+2+BA==']}}", nil),
		"variable": moetLaden(t, "", map[string]string{"VERANTWOORD_ORGANISATIES_" + oin + "_GETUIGEN": "https://g.example/bij g+1+BA== Ons Dorp,http://127.0.0.1:8090 h+2+BA=="}),
	} {
		if d := cmp.Diff(want, c.Organisatie(oin).Getuigen); d != "" {
			t.Errorf("%s: %s", naam, d)
		}
	}
}
