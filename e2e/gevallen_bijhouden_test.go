package e2e

import (
	"net/http"
	"slices"
	"testing"
)

const verhuizing = "48086bf2-11b7-4603-9526-67d7c3bb6587" // the verwerking of the figures

// C9172, the base case: fetch and save are two acties, each logged before it happens.
func TestC9172RegistratieVerhuizing(t *testing.T) {
	t.Parallel()
	r := start(t)
	// No register of activities is asked: this one exists nowhere (B0869, B8278).
	base := gemeente().with("verwerkingId", verhuizing).with("verwerkingsactiviteitId", brpRegistratie).
		with("verwerkingsactiviteitUrl", "https://var.bestaat-niet.example/1")
	aanvrager := persoon("2308572", "Aanvrager")
	log1 := r.logt("normaal", base.om("Ophalen persoonsgegevens", "", "Registratie verhuizing", aanvrager))
	log2 := r.logt("normaal", base.om("Opslaan persoonsgegevens", "", "Registratie verhuizing", aanvrager).op("2024-04-05T14:37:10+01:00"))
	if id(log1) == id(log2) {
		t.Error("both acties have one actieId")
	}
	list := r.acties("2308572")
	wantNamen(t, list, "Ophalen persoonsgegevens", "Opslaan persoonsgegevens")
	wantVelden(t, list[0], map[string]any{
		"verwerkingId": verhuizing, "verwerkingNaam": "Registratie verhuizing", "handelingNaam": "", "bewaartermijn": "P150Y",
		"tijdstip": "2024-04-05T14:35:42+01:00", // the offset as it was sent
	})
	shown := r.ingezien("inzage-normaal", "2308572")
	wantNamen(t, shown, "Ophalen persoonsgegevens", "Opslaan persoonsgegevens")
	for _, o := range shown {
		for _, naam := range []string{"systeem", "gebruiker", "gegevensbron"} {
			if _, ok := o["verwerkingsactie"].(map[string]any)[naam]; ok {
				t.Errorf("the citizen sees %s", naam)
			}
		}
	}
}

// The verwerkingId of C9172 may be empty.
func TestC9172ZonderVerwerkingID(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.logt("normaal", gemeente().with("verwerkingId", "").om("Ophalen persoonsgegevens", "", "Registratie verhuizing", persoon("2308572", "Aanvrager")))
	if a["verwerkingId"] != nil {
		t.Error("the register made up a verwerkingId (X22)")
	}
}

// c3472 logs a step of an application and that of the service it calls.
func (r *register) c3472(naamConsument, naamDienst, tijdstip string) (consument, dienst map[string]any) {
	r.t.Helper()
	consument = r.logt("normaal", gemeente().with("verwerkingId", verhuizing).with("verwerkingsactiviteitId", brpRegistratie).
		om(naamConsument, "", "Registratie verhuizing", persoon("2308572", "Aanvrager")).op(tijdstip))
	dienst = r.logt("normaal", actie{
		"actieNaam": naamDienst, "verwerkingId": "16a69cb6-41b0-4ea0-8c80-7a735e3609e0", "verwerkingsactiviteitId": leveringen,
		"vertrouwelijkheid": "normaal", "bewaartermijn": "P150Y", "soortAfnemerId": "OIN", "afnemerId": voorbeeldstad,
		"verwerkingsactiviteitIdAfnemer": brpRegistratie, "verwerkingIdAfnemer": verhuizing, "tijdstip": tijdstip,
		"verwerkteObjecten": []any{zonderRol("2308572")},
	})
	return consument, dienst
}

// C3472: application and service both log, each with its own activity and verwerking.
func TestC3472RegistratieVerhuizingMetServices(t *testing.T) {
	t.Parallel()
	r := start(t)
	consument, dienst := r.c3472("Ophalen persoonsgegevens", "Ophalen gegevens", "2024-04-05T14:35:42+01:00")
	r.c3472("Opslaan persoonsgegevens", "Opslaan gegevens", "2024-04-05T14:36:42+01:00")
	if n := len(r.acties("2308572")); n != 4 {
		t.Errorf("%d acties, want two a step", n)
	}
	wantVelden(t, dienst, map[string]any{"verwerkingsactiviteitId": leveringen, "verwerkingIdAfnemer": verhuizing, "handelingNaam": "", "verwerkingNaam": ""})
	wantRollen(t, consument, "2308572 Aanvrager")
	wantRollen(t, dienst, "2308572 ")

	// One PATCH on the verwerking of the application reaches both sides of the chain (X09).
	r.patch("normaal", verhuizing, actie{"bewaartermijn": "P5Y"}).Want(http.StatusNoContent)
	for _, a := range r.acties("2308572") {
		wantVelden(t, a, map[string]any{"bewaartermijn": "P5Y"})
	}
}

// C4081: a search on birth date and name. The persons are known only afterwards: act, log, show.
func TestC4081RegistratieVerhuizingZoeken(t *testing.T) {
	t.Parallel()
	r := start(t)
	base := gemeente().with("verwerkingId", verhuizing).with("verwerkingsactiviteitId", brpRegistratie)
	const getoond = "Getoond in zoekresultaat"
	zoeken := base.om("Zoeken persoon", "", "Registratie verhuizing",
		persoon("2308572", getoond), persoon("5649587", getoond), persoon("6351429", getoond))
	zoeken["zoekcriteria"] = map[string]any{"geboortedatum": "1980-02-03", "naam": "Voorbeeldnaam"}
	log1 := r.logt("normaal", zoeken)
	aanvrager := persoon("2308572", "Aanvrager")
	for k, naam := range []string{"Selecteren persoon", "Ophalen persoonsgegevens", "Opslaan persoonsgegevens"} {
		r.logt("normaal", base.om(naam, "", "Registratie verhuizing", aanvrager).op("2024-04-05T14:3"+string(rune('6'+k))+":42+01:00"))
	}
	wantNamen(t, r.acties("2308572"), "Zoeken persoon", "Selecteren persoon", "Ophalen persoonsgegevens", "Opslaan persoonsgegevens")
	// Who was selected is not to be seen at the search.
	wantRollen(t, log1, "2308572 "+getoond, "5649587 "+getoond, "6351429 "+getoond)
	for _, bsn := range []string{"5649587", "6351429"} {
		list := r.acties(bsn)
		wantNamen(t, list, "Zoeken persoon")
		if got := personen(list[0]); !slices.Equal(got, []string{bsn}) {
			t.Errorf("%d persons in the list of one", len(got))
		}
		shown := r.ingezien("inzage-normaal", bsn)
		wantNamen(t, shown, "Zoeken persoon")
		if shown[0]["objectId"] != bsn || shown[0]["betrokkenheid"] != getoond {
			t.Error("the citizen sees another person or role")
		}
	}
	r.nergens(log1, "2308572", "zoekcriteria", "1980-02-03", "Voorbeeldnaam")
}

// C1753: a generic screen does not know the activity; better something than nothing.
func TestC1753MultifunctioneelScherm(t *testing.T) {
	t.Parallel()
	r := start(t)
	log1 := r.logt("normaal", gemeente().om("Ophalen persoonsgegevens", "", "", zonderRol("2308572")))
	wantVelden(t, log1, map[string]any{"verwerkingsactiviteitId": nil, "verwerkingsactiviteitUrl": nil, "handelingNaam": "", "verwerkingNaam": ""})
	r.logt("normaal", gemeente().om("Opslaan persoonsgegevens", "", "", zonderRol("2308572")).op("2024-04-05T14:36:42+01:00")) // 2a
	log2b := r.logt("normaal", gemeente().om("Opslaan persoonsgegevens", "", "", persoon("2308572", "", "Verblijfsadres")).op("2024-04-05T14:36:43+01:00"))
	wantVelden(t, objecten(log2b)[0], map[string]any{"verwerkteSoortenGegevens": "[map[soortGegeven:Verblijfsadres]]"})
	wantVelden(t, objecten(log1)[0], map[string]any{"verwerkteSoortenGegevens": "[]"})
	wantNamen(t, r.ingezien("inzage-normaal", "2308572"), "Ophalen persoonsgegevens", "Opslaan persoonsgegevens", "Opslaan persoonsgegevens")
}

// C4084, variant 2: the official sees the ancestors' data, so they are logged; each sees only the own
// part. Data of a relative on someone else's card are logged as data of the relative.
func TestC4084RegistratieHuwelijk(t *testing.T) {
	t.Parallel()
	r := start(t)
	const rol = "Verwantschapscontrole"
	a := r.logt("normaal", gemeente().with("verwerkingsactiviteitId", brpRegistratie).
		om("Uitvoeren vereiste controles", "Voorbereiding huwelijksakte", "Huwelijk", persoon("4282547", rol, "Ouders"), persoon("6252598", rol, "Ouders")))
	wantRollen(t, a, "4282547 "+rol, "6252598 "+rol)
	for _, bsn := range []string{"4282547", "6252598"} {
		shown := r.ingezien("inzage-normaal", bsn)
		wantNamen(t, shown, "Uitvoeren vereiste controles")
		wantVelden(t, shown[0], map[string]any{"objectId": bsn, "betrokkenheid": rol, "verwerkteSoortenGegevens": "[map[soortGegeven:Ouders]]"})
	}
}
