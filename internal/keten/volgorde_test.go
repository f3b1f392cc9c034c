package keten

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// gedaan is a look-up with all that was noted of it.
type gedaan struct {
	t *testing.T
	procesapplicatie.Uitkomst
	aanroepen []waarneming.Aanroep
	gelezen   int64 // how often the data store was read
}

// doe looks somebody up, as the page does.
func doe(t *testing.T, k *Keten, functie, vraag string, situatie int) gedaan {
	t.Helper()
	b := magazijn.Bewoners[0]
	nr, gelezen := k.Boek.Nr(), k.Gelezen()
	u := k.applicatie.Vraag(t.Context(), procesapplicatie.Opdracht{
		Functie: functie, Vraag: vraag, Situatie: situatie, BSN: b.BSN, Geslachtsnaam: b.Geslachtsnaam, Geboortedatum: b.Geboortedatum, Gebruiker: "medewerker-17",
	})
	return gedaan{t, u, k.Boek.Sinds(nr), k.Gelezen() - gelezen}
}

// bij gives the calls at a place; to a log only those that record something, and to a component only what a log asks meanwhile: a table of
// functions or leveringen that is a minute old is read anew during any look-up, and that takes a right.
func (g gedaan) bij(plaats string) (uit []waarneming.Aanroep) {
	telt := func(waarneming.Aanroep) bool { return true }
	switch plaats {
	case waarneming.DerdeLog, waarneming.GemeenteLog:
		telt = func(a waarneming.Aanroep) bool {
			return a.Methode == http.MethodPost && a.Pad == "/bewerking/api/v1/verwerkingsacties"
		}
	case waarneming.DerdeAC:
		telt = tijdens(g.bij(waarneming.DerdeLog))
	case waarneming.GemeenteAC:
		telt = tijdens(g.bij(waarneming.GemeenteLog))
	}
	for _, a := range g.aanroepen {
		if a.Plaats == plaats && telt(a) {
			uit = append(uit, a)
		}
	}
	return uit
}

// tijdens tells whether a call began while one of others was handled.
func tijdens(anderen []waarneming.Aanroep) func(waarneming.Aanroep) bool {
	return func(a waarneming.Aanroep) bool {
		return slices.ContainsFunc(anderen, func(b waarneming.Aanroep) bool { return b.Begin.Nr < a.Begin.Nr && a.Begin.Nr < b.Einde.Nr })
	}
}

// een gives the only call at a place.
func (g gedaan) een(plaats string) waarneming.Aanroep {
	g.t.Helper()
	alle := g.bij(plaats)
	if len(alle) != 1 {
		g.t.Fatalf("%d calls at %s, want 1", len(alle), plaats)
	}
	return alle[0]
}

// geen reports calls at a place where none should be.
func (g gedaan) geen(plaatsen ...string) {
	g.t.Helper()
	for _, p := range plaatsen {
		if n := len(g.bij(p)); n > 0 {
			g.t.Errorf("%d calls at %s", n, p)
		}
	}
}

// volgorde reports when these did not happen one after another.
func (g gedaan) volgorde(stempels ...waarneming.Stempel) {
	g.t.Helper()
	for n, s := range stempels {
		if s.Nr == 0 || n > 0 && s.Nr <= stempels[n-1].Nr {
			g.t.Errorf("number %d of %d has place %d in the order, after %d", n+1, len(stempels), s.Nr, stempels[max(n-1, 0)].Nr)
		}
	}
}

// Both situations of C2866: the third party logs before it asks, the municipality before it answers.
func bothLogBeforeTheDataMove(t *testing.T, k *Keten) {
	for _, functie := range []string{procesapplicatie.Aanslag, procesapplicatie.Onderzoek} {
		for _, situatie := range []int{procesapplicatie.MetSDK, procesapplicatie.ZonderSDK} {
			g := doe(t, k, functie, procesapplicatie.Adres, situatie)
			if g.Fout != nil || g.Status != http.StatusOK || len(g.Personen) != 1 || g.Personen[0] != magazijn.Bewoners[0] || g.gelezen != 1 {
				t.Fatalf("%s, situation %d: status %d, %d persons, read %d times: %v", functie, situatie, g.Status, len(g.Personen), g.gelezen, g.Fout)
			}
			eigen, vraag, ander := g.een(waarneming.DerdeLog), g.een(waarneming.Magazijn), g.een(waarneming.GemeenteLog)
			if eigen.Status != http.StatusCreated || ander.Status != http.StatusCreated {
				t.Errorf("%s, situation %d: the logs answered %d and %d", functie, situatie, eigen.Status, ander.Status)
			}
			g.volgorde(g.een(waarneming.DerdeFuncties).Einde, eigen.Begin, eigen.Einde, vraag.Begin, g.een(waarneming.GemeenteLeveringen).Einde, ander.Begin, ander.Einde, vraag.Einde)
			if len(eigen.Koppen) > 0 {
				t.Errorf("%s, situation %d: the record went with headers of the doorgave", functie, situatie)
			}
		}
	}
}

// A search tells only afterwards who they are (C4081): each side logs before it shows.
func aSearchIsLoggedOnBothSidesBeforeItIsShown(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Zoeken, procesapplicatie.MetSDK)
	if g.Fout != nil || len(g.Personen) != 2 {
		t.Fatalf("status %d, %d persons: %v", g.Status, len(g.Personen), g.Fout)
	}
	vraag, ander, eigen := g.een(waarneming.Magazijn), g.een(waarneming.GemeenteLog), g.een(waarneming.DerdeLog)
	g.volgorde(vraag.Begin, ander.Begin, ander.Einde, vraag.Einde, eigen.Begin, eigen.Einde)
	for _, a := range []waarneming.Aanroep{ander, eigen} {
		n := 0
		for _, v := range a.Velden {
			if v.Naam == "object" {
				n++
			}
		}
		if n != 2 || a.Status != http.StatusCreated {
			t.Errorf("%s: %d persons logged, status %d", a.Plaats, n, a.Status)
		}
	}
}

// what is not confidential asks no rights; what is, does, at each organisation.
func onlyConfidentialRecordsAskTheAutorisatiecomponent(t *testing.T, k *Keten) {
	doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.MetSDK).geen(waarneming.DerdeAC, waarneming.GemeenteAC)
	g := doe(t, k, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.MetSDK)
	for _, s := range []struct{ log, component, client string }{
		{waarneming.DerdeLog, waarneming.DerdeAC, clientProces}, {waarneming.GemeenteLog, waarneming.GemeenteAC, clientMagazijn},
	} {
		log, component := g.een(s.log), g.een(s.component)
		g.volgorde(log.Begin, component.Begin, component.Einde, log.Einde)
		if c := component.Veld("clientId"); c != s.client || component.Status != http.StatusOK {
			t.Errorf("%s was asked about %q: %d", s.component, c, component.Status)
		}
	}
	// The municipality is not told, so it asks nothing: its record is an ordinary one.
	g = doe(t, k, procesapplicatie.Onderzoek, procesapplicatie.Adres, procesapplicatie.ZonderSDK)
	g.een(waarneming.DerdeAC)
	g.geen(waarneming.GemeenteAC)
}

func theHeadersOfTheThirdPartyArriveInTheRecordOfTheMunicipality(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.MetSDK)
	eigen, vraag, ander := g.een(waarneming.DerdeLog), g.een(waarneming.Magazijn), g.een(waarneming.GemeenteLog)
	for kop, want := range map[string]string{
		"OIN": oinDerde, "VerwerkingsactiviteitId": heffen, "VerwerkingsactiviteitUrl": k.derde.log.url() + "/var/api/v1/verwerkingsactiviteiten/" + heffen,
		"VerwerkingId": g.VerwerkingID.String(), "Vertrouwelijkheid": "normaal", "Bewaartermijn": "P7Y",
	} {
		if got := vraag.Kop(kop); got != want {
			t.Errorf("header %s is %q, want %q", kop, got, want)
		}
	}
	for veld, want := range map[string]string{
		"actieNaam": "Ophalen gegevens", "handelingNaam": "", "verwerkingNaam": "", "verwerkingsactiviteitId": leveren, "soortAfnemerId": "OIN", "afnemerId": oinDerde,
		"verwerkingsactiviteitIdAfnemer": heffen, "verwerkingsactiviteitUrlAfnemer": vraag.Kop("VerwerkingsactiviteitUrl"), "verwerkingIdAfnemer": g.VerwerkingID.String(),
		"vertrouwelijkheid": "normaal", "bewaartermijn": "P7Y", "object": "BSN " + waarneming.Masker(magazijn.Bewoners[0].BSN),
	} {
		if got := ander.Veld(veld); got != want {
			t.Errorf("the municipality logs %s %q, want %q", veld, got, want)
		}
	}
	if id := ander.Veld("verwerkingId"); id == "" || id == g.VerwerkingID.String() { // X32
		t.Errorf("the verwerking of the municipality is %q", id)
	}
	if eigen.Veld("verwerkingId") != g.VerwerkingID.String() || eigen.Veld("verwerkingsactiviteitId") != heffen || eigen.Veld("afnemerId") != "" {
		t.Errorf("the third party logs %v", eigen.Velden)
	}
}

func withoutHeadersTheMunicipalityKnowsWhoAndNotWhy(t *testing.T, k *Keten) {
	g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.ZonderSDK)
	vraag, ander := g.een(waarneming.Magazijn), g.een(waarneming.GemeenteLog)
	if len(vraag.Koppen) > 0 {
		t.Errorf("the old application sends %v", vraag.Koppen)
	}
	for veld, want := range map[string]string{
		"verwerkingsactiviteitId": leverenZonderDoel, "soortAfnemerId": "OIN", "afnemerId": oinDerde, "vertrouwelijkheid": "normaal",
		"verwerkingsactiviteitIdAfnemer": "", "verwerkingsactiviteitUrlAfnemer": "", "verwerkingIdAfnemer": "",
	} {
		if got := ander.Veld(veld); got != want {
			t.Errorf("the municipality logs %s %q, want %q", veld, got, want)
		}
	}
	// The row for who does not tell is as narrow as can be.
	if g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Documenten, procesapplicatie.ZonderSDK); g.Status != http.StatusForbidden || g.gelezen != 0 {
		t.Errorf("documents without a purpose: %d, read %d times", g.Status, g.gelezen)
	}
}

func aCallerWithoutALeveringReadsNothing(t *testing.T, k *Keten) {
	for _, vraag := range []string{procesapplicatie.Adres, procesapplicatie.Documenten, procesapplicatie.Zoeken} {
		g := doe(t, k, procesapplicatie.Vraag, vraag, procesapplicatie.MetSDK)
		if g.Status != http.StatusForbidden || g.gelezen != 0 || g.Personen != nil || g.Documenten != nil {
			t.Errorf("%s: status %d, read %d times", vraag, g.Status, g.gelezen)
		}
		if a := g.een(waarneming.Magazijn); a.Code != "geen_doelbinding" {
			t.Errorf("%s: refused with %q", vraag, a.Code)
		}
		g.geen(waarneming.GemeenteLog)
		g.een(waarneming.DerdeLog) // it did ask, or showed nobody
	}
}

func aFunctionWithoutAnActivityGoesNowhere(t *testing.T, k *Keten) {
	for _, situatie := range []int{procesapplicatie.MetSDK, procesapplicatie.ZonderSDK} {
		g := doe(t, k, procesapplicatie.Rondkijken, procesapplicatie.Adres, situatie)
		if !errors.Is(g.Fout, sdk.ErrGeenDoelbinding) || g.gelezen != 0 {
			t.Errorf("situation %d: read %d times: %v", situatie, g.gelezen, g.Fout)
		}
		g.geen(waarneming.DerdeLog, waarneming.Magazijn, waarneming.GemeenteLog)
	}
}

func withTheLogOfTheThirdPartyDownNothingIsAsked(t *testing.T, k *Keten) {
	zet(t, k, procesapplicatie.Derde, false)
	for _, situatie := range []int{procesapplicatie.MetSDK, procesapplicatie.ZonderSDK} {
		g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, situatie)
		if !errors.Is(g.Fout, sdk.ErrNietVastgelegd) || g.gelezen != 0 || g.Personen != nil {
			t.Errorf("situation %d: %d persons, read %d times: %v", situatie, len(g.Personen), g.gelezen, g.Fout)
		}
		g.geen(waarneming.Magazijn, waarneming.GemeenteLog)
	}
	// A search is asked first, and then not shown.
	g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Zoeken, procesapplicatie.MetSDK)
	if !errors.Is(g.Fout, sdk.ErrNietVastgelegd) || g.Personen != nil {
		t.Errorf("a search shows %d persons: %v", len(g.Personen), g.Fout)
	}
	g.een(waarneming.GemeenteLog)
	zet(t, k, procesapplicatie.Derde, true)
	if g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.MetSDK); len(g.Personen) != 1 {
		t.Errorf("the log is back and %d persons are shown: %v", len(g.Personen), g.Fout)
	}
}

func withTheLogOfTheMunicipalityDownNothingIsDelivered(t *testing.T, k *Keten) {
	zet(t, k, procesapplicatie.Gemeente, false)
	for vraag, gelezen := range map[string]int64{procesapplicatie.Adres: 0, procesapplicatie.Zoeken: 1} { // a search reads, and withholds
		g := doe(t, k, procesapplicatie.Aanslag, vraag, procesapplicatie.MetSDK)
		if g.Status != http.StatusServiceUnavailable || g.Code != "log_niet_beschikbaar" || g.Personen != nil || g.gelezen != gelezen {
			t.Errorf("%s: status %d %s, %d persons, read %d times: %v", vraag, g.Status, g.Code, len(g.Personen), g.gelezen, g.Fout)
		}
		g.een(waarneming.DerdeLog)
	}
	zet(t, k, procesapplicatie.Gemeente, true)
	if g := doe(t, k, procesapplicatie.Aanslag, procesapplicatie.Adres, procesapplicatie.MetSDK); len(g.Personen) != 1 {
		t.Errorf("the log is back and %d persons are shown: %v", len(g.Personen), g.Fout)
	}
}

func zet(t *testing.T, k *Keten, welk procesapplicatie.Kant, aan bool) {
	t.Helper()
	if err := k.Zet(t.Context(), welk, aan); err != nil {
		t.Fatal(err)
	}
	if k.Draait(welk) != aan {
		t.Fatalf("%s runs: %v", welk, !aan)
	}
}

// Nothing that was noted holds the number of a person, nor what was asked or found of one.
func theRecorderKeepsNobody(t *testing.T, k *Keten) {
	b := magazijn.Bewoners[0]
	for _, vraag := range []string{procesapplicatie.Adres, procesapplicatie.Documenten, procesapplicatie.Zoeken} {
		g := doe(t, k, procesapplicatie.Onderzoek, vraag, procesapplicatie.MetSDK)
		for _, a := range g.aanroepen {
			for _, v := range slices.Concat(a.Velden, a.Koppen, a.Antwoord, []waarneming.Veld{{Naam: "pad", Waarde: a.Pad}}) {
				if bevat(v.Waarde, b.BSN, b.Geslachtsnaam, b.Geboortedatum, b.Adres.Straat) {
					t.Errorf("%s: %s names a person", a.Plaats, v.Naam)
				}
			}
		}
	}
}

func bevat(tekst string, woorden ...string) bool {
	return slices.ContainsFunc(woorden, func(w string) bool { return strings.Contains(tekst, w) })
}
