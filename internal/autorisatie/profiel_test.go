package autorisatie_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// app is an application of the municipality with scopes as "component scope".
func app(scopes ...string) *autorisatie.Applicatie {
	a := &autorisatie.Applicatie{ClientIDs: []string{"balie"}, Label: "Balie", OINs: []string{gemeente}}
	for _, s := range scopes {
		component, scope, _ := strings.Cut(s, " ")
		a.Autorisaties = append(a.Autorisaties, autorisatie.Autorisatie{Component: component, Scopes: []autorisatie.Scope{autorisatie.Scope(scope)}})
	}
	return a
}

func codes(w []autorisatie.Waarschuwing, nieuw bool) (uit []string) {
	for _, x := range w {
		if !nieuw || x.Nieuw {
			uit = append(uit, x.Regel)
		}
	}
	return uit
}

func TestWhatIsSeriousAboutAnApplicationAsksASecondAdministrator(t *testing.T) {
	t.Parallel()
	const b, i, ac, v = autorisatie.ComponentBewerking, autorisatie.ComponentInzage, autorisatie.ComponentAC, autorisatie.ComponentVAR
	anders := func(f func(*autorisatie.Applicatie)) *autorisatie.Applicatie {
		a := app()
		f(a)
		return a
	}
	for naam, tt := range map[string]struct {
		a      *autorisatie.Applicatie
		tweede bool
		codes  []string
	}{
		"nothing":                {app(), false, nil},
		"to log":                 {app(b + " create:normal"), false, nil},
		"to log what is secret":  {app(b + " create:confidential"), true, []string{"vertrouwelijk"}},
		"to read":                {app(i + " read:normal"), true, []string{"inzage"}},
		"to read on bewerking":   {app(b + " read:normal"), true, []string{"inzage"}},
		"to read what is secret": {app(i + " read:confidential"), true, []string{"vertrouwelijk", "inzage"}},
		"to change":              {app(b + " update:normal"), false, []string{"wijzigen"}},
		"to let lapse":           {app(b + " delete:normal"), false, []string{"verwijderen"}},
		"to hide":                {app(b + " delete:confidential"), true, []string{"vertrouwelijk", "verwijderen_vertrouwelijk", "verwijderen"}},
		"earlier versions":       {app(b + " audit:read"), true, []string{"audit"}},
		"to see applications":    {app(ac + " autorisaties.lezen"), false, nil},
		"to give rights":         {app(ac + " autorisaties.bijwerken"), true, []string{"rechten_uitdelen"}},
		"activities":             {app(v + " var:read"), false, nil},
		"two organisations":      {anders(func(a *autorisatie.Applicatie) { a.OINs = []string{gemeente, buurman} }), true, []string{"meer_oins", "andere_organisatie"}},
		"another organisation":   {anders(func(a *autorisatie.Applicatie) { a.OINs = []string{buurman} }), false, []string{"andere_organisatie"}},
		"no organisation":        {anders(func(a *autorisatie.Applicatie) { a.OINs = nil }), false, []string{"geen_oin"}},
		"two clients":            {anders(func(a *autorisatie.Applicatie) { a.ClientIDs = []string{"a", "b"} }), false, []string{"meer_clients"}},
	} {
		w := autorisatie.Waarschuwingen(nil, tt.a, gemeente)
		if got := codes(w, true); !slices.Equal(got, tt.codes) || autorisatie.TweedeNodig(w) != tt.tweede || tt.a.Zwaar(gemeente) != tt.tweede {
			t.Errorf("%s: %v, second administrator %v", naam, got, autorisatie.TweedeNodig(w))
		}
		for _, x := range w {
			if !strings.HasSuffix(x.Tekst, ".") {
				t.Errorf("%s: no sentence: %s", naam, x.Tekst)
			}
		}
	}
}

func TestOnlyWhatAChangeBringsAsksASecondAdministrator(t *testing.T) {
	t.Parallel()
	lezen := app(autorisatie.ComponentInzage + " read:normal")
	minder, naam, client, meer := app(), app(autorisatie.ComponentInzage+" read:normal"), app(autorisatie.ComponentInzage+" read:normal"), app(autorisatie.ComponentInzage+" read:confidential")
	naam.Label, client.ClientIDs = "Loket", []string{"ander"}
	for wat, tt := range map[string]struct {
		na     *autorisatie.Applicatie
		tweede bool
	}{"less": {minder, false}, "another name": {naam, false}, "another client id": {client, true}, "what is secret as well": {meer, true}} {
		if got := autorisatie.TweedeNodig(autorisatie.Waarschuwingen(lezen, tt.na, gemeente)); got != tt.tweede {
			t.Errorf("%s: second administrator %v", wat, got)
		}
	}
	// The same right on another component reaches further.
	if !autorisatie.TweedeNodig(autorisatie.Waarschuwingen(lezen, app(autorisatie.ComponentInzage+" read:normal", autorisatie.ComponentBewerking+" read:normal"), gemeente)) {
		t.Error("reading on another component asks nobody")
	}
	if v := autorisatie.Verschillen(lezen, client); !slices.Equal(v, []string{"Client-id ander komt erbij.", "Client-id balie vervalt."}) {
		t.Errorf("%v", v)
	}
}

func TestEveryScopeHasASentenceAndGoesWithWhatItIncludes(t *testing.T) {
	t.Parallel()
	for _, c := range autorisatie.Componenten() {
		for _, s := range c.Scopes {
			if autorisatie.Kan(c.Component, s) == "" {
				t.Errorf("%s on %s has no sentence", s, c.Component)
			}
		}
	}
	// Every application may log, and what is confidential includes what is not.
	if p := app(autorisatie.ComponentInzage + " read:confidential").Profiel(); !slices.Equal(p, []string{
		"Deze applicatie kan gewone verwerkingen vastleggen.", "Deze applicatie kan gewone verwerkingen van alle inwoners opvragen.",
		"Deze applicatie kan vertrouwelijke verwerkingen opvragen, zoals van een lopend onderzoek.",
	}) {
		t.Errorf("%v", p)
	}
}
