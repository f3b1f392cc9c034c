package domein_test

import (
	"slices"
	"testing"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
)

func TestWhatASensitiveActivityIs(t *testing.T) {
	t.Parallel()
	gegeven := func(soort string) activiteit.Inhoud {
		return activiteit.Inhoud{Naam: "Parkeren", Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "kenteken"}, {Naam: "x", Soort: soort}}}
	}
	for naam, p := range map[string]struct {
		in   activiteit.Inhoud
		want []domein.Gevaar
	}{
		"ordinary":                  {activiteit.Inhoud{Naam: "Verzorgen van busvervoer", Doel: "Leerlingen komen op school."}, nil},
		"a number":                  {gegeven(activiteit.SoortBSN), nil},
		"special data":              {gegeven(activiteit.SoortBijzonder), []domein.Gevaar{domein.Bijzonder}},
		"an exception of the law":   {activiteit.Inhoud{Naam: "Parkeren", Uitzonderingen: []string{"gezondheid"}}, []domein.Gevaar{domein.Bijzonder}},
		"criminal data":             {gegeven(activiteit.SoortStrafrechtelijk), []domein.Gevaar{domein.Strafrecht}},
		"confidential":              {activiteit.Inhoud{Naam: "Parkeren", Vertrouwelijkheid: activiteit.Vertrouwelijk}, []domein.Gevaar{domein.Geheim}},
		"a ground to be it":         {activiteit.Inhoud{Naam: "Parkeren", GrondVertrouwelijk: "toezicht"}, []domein.Gevaar{domein.Geheim}},
		"a name":                    {activiteit.Inhoud{Naam: "Jeugdhulp"}, []domein.Gevaar{domein.Onderwerp}},
		"a compound":                {activiteit.Inhoud{Naam: "Vrouwenopvang"}, []domein.Gevaar{domein.Onderwerp}},
		"a category":                {activiteit.Inhoud{Naam: "Vervoer", Categorie: "Wmo"}, []domein.Gevaar{domein.Onderwerp}},
		"a purpose":                 {activiteit.Inhoud{Naam: "Vervoer", Doel: "Zorg regelen."}, []domein.Gevaar{domein.Onderwerp}},
		"secrecy in the BRP":        {activiteit.Inhoud{Naam: "Verwerken van geheimhouding"}, []domein.Gevaar{domein.Onderwerp}},
		"prison":                    {activiteit.Inhoud{Naam: "Nazorg na detentie"}, []domein.Gevaar{domein.Onderwerp}},
		"care after it":             {activiteit.Inhoud{Doel: "Begeleiden met de reclassering."}, []domein.Gevaar{domein.Onderwerp}},
		"a divorce":                 {activiteit.Inhoud{Naam: "Inschrijven van een echtscheiding"}, []domein.Gevaar{domein.Onderwerp}},
		"a word that looks like it": {activiteit.Inhoud{Naam: "Aanvragen van een onderscheiding"}, nil},
		"public health":             {activiteit.Inhoud{Naam: "Doorverwijzen naar de GGD"}, []domein.Gevaar{domein.Onderwerp}},
		"suicide":                   {activiteit.Inhoud{Naam: "Voorkomen van suïcide"}, []domein.Gevaar{domein.Onderwerp}},
		"whom it is about":          {activiteit.Inhoud{Naam: "Vervoer", Betrokkenen: []string{"slachtoffers van geweld"}}, []domein.Gevaar{domein.Onderwerp}},
		"two of it, and the words":  {activiteit.Inhoud{Naam: "Politie", Persoonsgegevens: []activiteit.Persoonsgegeven{{Soort: activiteit.SoortBijzonder}, {Soort: activiteit.SoortStrafrechtelijk}}}, []domein.Gevaar{domein.Bijzonder, domein.Strafrecht, domein.Onderwerp}},
	} {
		if got := domein.Gevaren(&activiteit.Versie{Inhoud: p.in}); !slices.Equal(got, p.want) {
			t.Errorf("%s: %v, want %v", naam, got, p.want)
		}
	}
	if got := domein.Gevaren(nil); !slices.Equal(got, []domein.Gevaar{domein.Geheim}) {
		t.Errorf("what does not hold: %v", got)
	}
}
