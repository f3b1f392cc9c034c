package e2e

import (
	"net/http"
	"testing"
)

// The examples of the standard outside the C-series. B3891 is in levenscyclus_test.go.

// B7952: a wedding as one actie, or split in steps; each person sees the own part either way.
func TestB7952Huwelijk(t *testing.T) {
	t.Parallel()
	const controle = "Verwantschapscontrole"
	base := gemeente().with("verwerkingsactiviteitId", brpRegistratie)
	getuigen := []any{persoon("5872525", "Getuige"), persoon("6235489", "Getuige")}
	verwanten := []any{persoon("4282547", controle), persoon("6252598", controle)}
	t.Run("as one actie", func(t *testing.T) {
		t.Parallel()
		r := start(t)
		all := append(append([]any{persoon("2308572", "Partner"), persoon("9358297", "Partner")}, getuigen...), verwanten...)
		a := r.logt("normaal", base.om("Opslaan persoonsgegevens", "Voorbereiding huwelijksakte", "Huwelijk", all...))
		wantRollen(t, a, "2308572 Partner", "9358297 Partner", "5872525 Getuige", "6235489 Getuige", "4282547 "+controle, "6252598 "+controle)
		for _, bsn := range personen(a) {
			wantNamen(t, r.ingezien("inzage-normaal", bsn), "Opslaan persoonsgegevens")
		}
	})
	t.Run("split", func(t *testing.T) {
		t.Parallel()
		r := start(t)
		r.logt("normaal", base.om("Opvoeren getuigen", "Voorbereiding huwelijksakte", "Huwelijk", getuigen...))
		r.logt("normaal", base.om("Uitvoeren vereiste controles", "Voorbereiding huwelijksakte", "Huwelijk", verwanten...))
		wantNamen(t, r.ingezien("inzage-normaal", "5872525"), "Opvoeren getuigen")
		wantNamen(t, r.ingezien("inzage-normaal", "4282547"), "Uitvoeren vereiste controles")
		wantNamen(t, r.ingezien("inzage-normaal", "2308572"))
	})
}

// A5924: a bare entry is accepted, a full one tells more.
func TestA5924KaalEnVolledig(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.logt("normaal", actie{"verwerkingsactiviteitId": brpRegistratie, "tijdstip": "2024-04-05T14:35:42+01:00",
		"verwerkteObjecten": []any{zonderRol("2308572"), zonderRol("9358297")}})
	r.logt("normaal", gemeente().with("verwerkingsactiviteitId", brpRegistratie).
		om("Opslaan persoonsgegevens", "Intake", "Huwelijk", persoon("2308572", "Partner"), persoon("9358297", "Partner")).op("2024-04-05T14:36:42+01:00"))
	for _, bsn := range []string{"2308572", "9358297"} {
		wantNamen(t, r.ingezien("inzage-normaal", bsn), "", "Opslaan persoonsgegevens")
	}
}

// Quickstart minimal: consumer and provider with the fewest attributes.
func TestQuickstartMinimaal(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.logt("normaal", actie{"verwerkingsactiviteitId": brpRegistratie, "vertrouwelijkheid": "normaal", "bewaartermijn": "P150Y", "uitvoerder": voorbeeldstad,
		"systeem": "FooBarApp v2.1", "gegevensbron": "FooBar Database Publiekszaken", "tijdstip": "2024-04-05T14:35:42+01:00",
		"verwerkteObjecten": []any{zonderRol("2308572")}})
	r.logt("normaal", actie{"verwerkingsactiviteitId": "4f6db294-830d-4d14-b9bd-3c6d17c40d65", "vertrouwelijkheid": "normaal", "bewaartermijn": "P150Y",
		"systeem": "FooBarService v1.3", "gegevensbron": "FooBar Gegevensmagazijn", "soortAfnemerId": "OIN", "afnemerId": voorbeeldstad,
		"verwerkingsactiviteitIdAfnemer": brpRegistratie, "tijdstip": "2024-04-05T14:35:43+01:00", "verwerkteObjecten": []any{zonderRol("2308572")}})
	list := r.acties("2308572")
	if len(list) != 2 {
		t.Fatalf("%d acties, want 2", len(list))
	}
	wantVelden(t, list[0], map[string]any{"systeem": "FooBarApp v2.1", "uitvoerder": voorbeeldstad, "afnemerId": nil})
	wantVelden(t, list[1], map[string]any{"systeem": "FooBarService v1.3", "uitvoerder": nil, "afnemerId": voorbeeldstad})
}

// Quickstart maximal: every attribute, so that late terms, lifting and deletion work.
func TestQuickstartMaximaal(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.logt("normaal", basis().with("verwerkingId", fraudeonderzoek).
		om("Ophalen persoonsgegevens", "Registratie getuigen", "Huwelijk", persoon("5872525", "Getuige", "Geboortedatum", "Nationaliteit")))
	r.patch("normaal", fraudeonderzoek, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
	wantVelden(t, r.haal("normaal", id(a)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P1Y", "handelingNaam": "Registratie getuigen"})
	r.delete("normaal", id(a)).Want(http.StatusNoContent)
	r.haal("normaal", id(a)).Want(http.StatusNotFound)
}
