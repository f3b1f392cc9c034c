package demo

import (
	"math/rand/v2"
	"net/http"
	"slices"

	"github.com/verantwoord/verantwoord/internal/demo/inlogdienst"
)

// The sign-in service of the demonstration, in the settings and in its address.
const (
	dienstInwoners = "demo"
	padInlogdienst = "/inlogdienst"
	clientInwoners = "verantwoord"
)

// huisGezin is a household of the town with two adults and a child.
const huisGezin = 14

// inwoners are who can be chosen by name. All live in the town, but for one of whom nothing was ever logged.
func inwoners() []inlogdienst.Persoon {
	bewoners := newBewoners(zaad)
	gezin, ouder := bewoners[huisGezin], bewoners[0]
	moeder, kind := string(gezin.volwassenen[0]), string(gezin.kinderen[0])
	return []inlogdienst.Persoon{
		{Sleutel: "volwassene", Naam: "Anna Voorbeeld", Uitleg: "Is volwassen; de gemeente gebruikte haar gegevens vaak.", BSN: moeder},
		{Sleutel: "onderzocht", Naam: "Bram Voorbeeld", Uitleg: "Over hem loopt een onderzoek dat nog geheim is. Hij ziet het niet.", BSN: string(verdachte(zaad))},
		{Sleutel: "vijftien", Naam: "Cato Voorbeeld", Uitleg: "Is 15 jaar en het kind van Anna.", BSN: kind},
		{Sleutel: "ouder", Naam: "Anna Voorbeeld, als ouder", Uitleg: "Meldt zich aan namens haar kind Cato. Zij ziet alleen wat voor het leerlingenvervoer is gedaan.", BSN: moeder, Namens: kind, Soort: "ouder"},
		{Sleutel: "curator", Naam: "Dirk Voorbeeld, als curator", Uitleg: "Meldt zich aan namens iemand die onder curatele staat.", BSN: string(bewoners[7].volwassenen[0]), Namens: string(ouder.volwassenen[0]), Soort: "curator"},
		{Sleutel: "gemachtigde", Naam: "Els Voorbeeld, als gemachtigde", Uitleg: "Meldt zich aan namens haar buurman, die haar heeft gemachtigd.", BSN: string(bewoners[8].volwassenen[0]), Namens: string(ouder.volwassenen[1]), Soort: "gemachtigde"},
		{Sleutel: "onderneming", Naam: "Ilse Voorbeeld, van een bedrijf", Uitleg: "Meldt zich aan namens het bedrijf waar zij werkt.", BSN: string(bewoners[11].volwassenen[0]), KvK: "99990000", Soort: "onderneming"},
		{Sleutel: "geheim", Naam: "Fleur Voorbeeld", Uitleg: "Heeft een geheim adres. Zij ziet maanden en redenen, en geen dagen of plaatsen.", BSN: string(bewoners[9].volwassenen[0]), Geheim: true},
		{Sleutel: "leeg", Naam: "Gijs Voorbeeld", Uitleg: "Is pas hier komen wonen; er is nog niets vastgelegd.", BSN: string(onbekende(bewoners))},
		{Sleutel: "basis", Naam: "Hana Voorbeeld", Uitleg: "Heeft alleen een wachtwoord, dus niveau Basis.", BSN: string(bewoners[10].volwassenen[0]), Hoogste: "Basis"},
	}
}

// onbekende draws a number that nobody in the town has.
func onbekende(bewoners []*huishouden) bsn {
	r := rand.New(rand.NewPCG(zaad, 2))
	for {
		b := newBSN(r)
		if !slices.ContainsFunc(bewoners, func(h *huishouden) bool { return slices.Contains(h.leden(), b) }) {
			return b
		}
	}
}

// newInlogdienst makes the service on the address of the register.
func newInlogdienst(url, geheim string) (*inlogdienst.Dienst, error) {
	return inlogdienst.New(inlogdienst.Opties{
		Uitgever: url + padInlogdienst, ClientID: clientInwoners, Geheim: geheim, Terug: url + "/mijn/aanmelden/" + dienstInwoners + "/terug", Personen: inwoners(),
	})
}

// instellingInwoners is what the register must know of it.
func instellingInwoners(url, geheim string) map[string]any {
	return map[string]any{dienstInwoners: map[string]any{
		"naam": "de inlogdienst van de demonstratie", "organisatie": oinGemeente, "uitgever": url + padInlogdienst, "client_id": clientInwoners, "geheim": geheim,
		"claims": map[string]any{"naam": "name", "geheim": "indicatieGeheim", "namens": map[string]string{"bsn": "namens.bsn", "kvk": "namens.kvk", "soort": "namens.soort"}},
	}}
}

// paginas are what only a demonstration has.
func paginas(vak *postvak, d *inlogdienst.Dienst) map[string]http.Handler {
	return map[string]http.Handler{"GET " + padPostvak: vak, d.Pad(): d}
}
