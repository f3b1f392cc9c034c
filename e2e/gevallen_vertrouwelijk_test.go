package e2e

import (
	"net/http"
	"slices"
	"testing"
)

const (
	fraudeonderzoek = "89aa7a9a-1f79-44de-b32e-8e38e07138f3"
	fraudeSociaal   = "6a1e3cb4-7a4e-4c0b-9a35-1f0f2b8f2a10" // Fraude onderzoeken sociale zaken
	fraudeLevering  = "c63bc08f-071d-4dff-aaff-c40525ca4244" // Verstrekken gegevens binnen gemeente
)

// wantGezien checks which acties about a BSN the four readers and a lifted-only inquiry show.
func (r *register) wantGezien(bsn string, normaal, alles, inzageNormaal, inzageVertrouwelijk []string) {
	r.t.Helper()
	asc := func(list []map[string]any) []string {
		out := namen(zonderOpvragingen(list))
		slices.Reverse(out)
		return out
	}
	for naam, row := range map[string]struct{ got, want []string }{
		"Bewerking read:normal":       {asc(r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst()), normaal},
		"Bewerking read:confidential": {asc(r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst()), alles},
		"Inzage read:normal":          {asc(r.inzien("inzage-normaal", bsn, "").Want(http.StatusOK).Lijst()), inzageNormaal},
		"Inzage read:confidential":    {asc(r.inzien("inzage-vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst()), inzageVertrouwelijk},
	} {
		if !slices.Equal(row.got, row.want) {
			r.t.Errorf("%s shows %q, want %q", naam, row.got, row.want)
		}
	}
}

// C3079: a confidential investigation from start to release, with the entries of the quickstart figure.
func TestC3079VertrouwelijkOnderzoek(t *testing.T) {
	t.Parallel()
	r := start(t)
	const bsn = "2308572"
	onderzoek := gemeente().with("vertrouwelijkheid", "vertrouwelijk").with("bewaartermijn", "").with("verwerkingId", fraudeonderzoek).
		with("verwerkingsactiviteitId", fraudeSociaal)
	stap := func(naam, tijdstip string) actie {
		return onderzoek.om(naam, "Verzamelen informatie", "Fraudeonderzoek", persoon(bsn, "Verdachte")).op(tijdstip)
	}
	levering := actie{"vertrouwelijkheid": "vertrouwelijk", "soortAfnemerId": "OIN", "afnemerId": voorbeeldstad, "verwerkingIdAfnemer": fraudeonderzoek,
		"verwerkingsactiviteitIdAfnemer": fraudeSociaal, "verwerkteObjecten": []any{zonderRol(bsn)}}

	// A client without the right logs nothing of it.
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", stap("Opvragen belastbaar inkomen", "2024-04-05T14:00:00+02:00")).Want(http.StatusForbidden)

	r.logt("vertrouwelijk", stap("Opvragen belastbaar inkomen", "2024-04-05T14:00:01+02:00")) // entry 1
	// Entry 2 stands in the log of the basisregistratie, another organisation.
	elders := r.post("anderdorp", levering.with("actieNaam", "Ophalen inkomen").with("tijdstip", "2024-04-05T14:00:02+02:00").
		with("verwerkingsactiviteitId", "2c1f0a4b-3d5e-4f60-8a7b-9c0d1e2f3a4b"))
	r.logt("vertrouwelijk", stap("Opvragen contactgegevens", "2024-04-05T14:00:03+02:00")) // entry 3
	r.logt("vertrouwelijk", levering.with("actieNaam", "Ophalen persoonsgegevens").with("tijdstip", "2024-04-05T14:00:04+02:00").
		with("verwerkingsactiviteitId", fraudeLevering)) // entry 4

	alles := []string{"Opvragen belastbaar inkomen", "Opvragen contactgegevens", "Ophalen persoonsgegevens"}
	r.wantGezien(bsn, nil, alles, nil, nil)

	// Release: who may not, may not; who may, does it in one call for both sides of the chain.
	r.patch("normaal", fraudeonderzoek, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusForbidden)
	r.wantGezien(bsn, nil, alles, nil, nil)
	r.patch("vertrouwelijk", fraudeonderzoek, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
	r.wantGezien(bsn, nil, alles, nil, alles)
	for _, a := range r.acties(bsn) {
		wantVelden(t, a, map[string]any{"vertrouwelijkheid": "opgeheven"})
	}
	lifted := zonderOpvragingen(r.lijst("vertrouwelijk", bsn, "&vertrouwelijkheid=opgeheven").Want(http.StatusOK).Lijst())
	if len(lifted) != 3 {
		t.Errorf("F2525 shows %d acties, want 3", len(lifted))
	}

	// The other organisation is told by other means: its entry is as it was.
	wantVelden(t, r.haal("anderdorp", id(elders)).Want(http.StatusOK).JSON(), map[string]any{"vertrouwelijkheid": "vertrouwelijk"})
}

// The variant of B7952: a search first, then the suspect.
func TestC3079ZoekenEnVerdachte(t *testing.T) {
	t.Parallel()
	r := start(t)
	const getoond = "Getoond in zoekresultaat"
	base := gemeente().with("vertrouwelijkheid", "vertrouwelijk").with("verwerkingId", fraudeonderzoek).with("verwerkingsactiviteitId", fraudeSociaal)
	r.logt("vertrouwelijk", base.om("Zoeken persoon", "Aanmaken onderzoeksdossier", "Fraudeonderzoek sociale zekerheid",
		persoon("2308572", getoond), persoon("9358297", getoond), persoon("5872525", getoond), persoon("6235489", getoond)))
	r.logt("vertrouwelijk", base.om("Opslaan dossier", "Aanmaken onderzoeksdossier", "Fraudeonderzoek sociale zekerheid", persoon("2308572", "Verdachte")).
		op("2024-04-05T14:36:42+01:00"))
	both := []string{"Zoeken persoon", "Opslaan dossier"}
	r.wantGezien("2308572", nil, both, nil, nil)
	r.wantGezien("9358297", nil, both[:1], nil, nil)
	r.patch("vertrouwelijk", fraudeonderzoek, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
	r.wantGezien("2308572", nil, both, nil, both)
	r.wantGezien("6235489", nil, both[:1], nil, both[:1])
}

// C2637: a tenant of the sports hall known by e-mail only. Found by verwerking (X19), not by BSN.
func TestC2637HuurSporthal(t *testing.T) {
	t.Parallel()
	r := start(t)
	const zaak = "7e57d004-2b97-4e7a-b45f-5387367791cd"
	huurder := map[string]any{"objecttype": "persoon", "soortObjectId": "E-mailadres", "objectId": "huurder@sporthal.example", "betrokkenheid": "Huurder"}
	a := r.logt("normaal", gemeente().with("verwerkingId", zaak).om("Opslaan contactgegevens", "", "Verhuur sporthal", huurder))
	found := r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+zaak+"&vertrouwelijkheid=normaal", nil).Want(http.StatusOK)
	wantNamen(t, found.Lijst(), "Opslaan contactgegevens")
	if found.JSON()["count"] != 1.0 || id(found.Lijst()[0]) != id(a) {
		t.Error("not found by its verwerking alone")
	}
	if n := len(r.ingezien("inzage-normaal", "2308572")); n != 0 {
		t.Errorf("%d acties by BSN, want none", n)
	}
	// The search by verwerking gives every person, and takes the same scopes.
	wantVelden(t, objecten(found.Lijst()[0])[0], map[string]any{"objectId": "huurder@sporthal.example"})
	r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+zaak, nil).Want(http.StatusForbidden)
	wantParams(t, r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+zaak+"&vertrouwelijkheid=normaal&objecttype=persoon&soortObjectId=BSN&objectId=2308572", nil),
		"verwerkingId invalid")
}

// C4617: a term given at once, as a duration.
func TestC4617BewaartermijnBijVastleggen(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := gemeente().om("Opslaan persoonsgegevens", "", "", zonderRol("2308572"))
	for _, d := range []string{"P10Y", "P6M", "P30D", "P2W", "P3Y6M4DT12H30M5S", "PT0S", "P0D"} {
		r.logt("normaal", body.with("bewaartermijn", d))
		r.logt("vertrouwelijk", body.with("bewaartermijn", d).with("vertrouwelijkheid", "vertrouwelijk"))
	}
	for _, d := range []string{"10", "150", "10 jaar", "P", "PT", "-P1Y", "P-1Y", "P1Y2", "p1y", "P1.5Y", "P1H"} {
		wantParams(t, r.do("normaal", "POST", bewerking+"/verwerkingsacties", body.with("bewaartermijn", d)), "bewaartermijn invalid")
	}
}

// C5988, C5644 situation 2: the term becomes known later, and is set for the whole verwerking.
func TestC5988BewaartermijnLater(t *testing.T) {
	t.Parallel()
	r := start(t)
	base := gemeente().with("verwerkingId", verhuizing).with("bewaartermijn", "")
	for _, naam := range []string{"Ophalen persoonsgegevens", "Opslaan persoonsgegevens"} {
		a := r.logt("normaal", base.om(naam, "", "Registratie verhuizing", zonderRol("2308572")))
		wantVelden(t, a, map[string]any{"bewaartermijn": nil})
	}
	ander := r.logt("normaal", base.with("verwerkingId", c2866Verwerking).om("Ophalen persoonsgegevens", "", "", zonderRol("5649587")))
	r.patch("normaal", verhuizing, actie{"bewaartermijn": "P10Y"}).Want(http.StatusNoContent)
	for _, a := range r.acties("2308572") {
		wantVelden(t, a, map[string]any{"bewaartermijn": "P10Y", "vertrouwelijkheid": "normaal", "tijdstip": "2024-04-05T14:35:42+01:00"})
	}
	wantVelden(t, r.haal("normaal", id(ander)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": nil})
	wantParams(t, r.patch("normaal", verhuizing, `{"bewaartermijn":"10"}`), "bewaartermijn invalid")
}
