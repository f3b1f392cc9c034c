package e2e

import (
	"net/http"
	"testing"

	"github.com/verantwoord/verantwoord/internal/config"
)

// C3677: a citizen looks in the portal. The register logs the inspection as the provider, the portal
// as the consumer.
func TestC3677InzageDoorBetrokkene(t *testing.T) {
	t.Parallel()
	r := start(t)
	const bsn, sessie = "2308572", "b1a2c3d4-0000-4000-8000-00000000c377"
	r.logt("normaal", gemeente().with("verwerkingsactiviteitId", leveringen).
		om("Ophalen persoonsgegevens", "", "Registratie verhuizing", persoon(bsn, "Aanvrager"), persoon("9358297", "Partner")))
	r.logt("normaal", gemeente().om("Opslaan persoonsgegevens", "", "Huwelijk", persoon(bsn, "Partner")).op("2014-04-05T14:35:42+02:00"))
	geheim := r.logt("vertrouwelijk", gemeente().with("vertrouwelijkheid", "vertrouwelijk").with("verwerkingId", fraudeonderzoek).
		om("Opvragen belastbaar inkomen", "", "Fraudeonderzoek", persoon(bsn, "Verdachte")))

	// The portal logs its own part, and passes its headers on.
	r.logt("normaal", gemeente().with("verwerkingId", sessie).with("verwerkingsactiviteitId", brpRegistratie).
		om("Tonen verwerkingenlog", "", "Inzage door betrokkene", persoon(bsn, "Aanvrager")).op("2026-01-05T10:00:00+01:00"))
	const periode = "&beginDatum=2024-01-01&eindDatum=2025-01-01"
	inzien := func(query string, opties ...optie) *antwoord {
		return r.do("inzage-normaal", "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+query, nil,
			append([]optie{doorgave(), header("VerwerkingId", sessie), header("Vertrouwelijkheid", "normaal"), header("Bewaartermijn", "P5Y")}, opties...)...)
	}
	first := inzien(periode).Want(http.StatusOK)
	wantNamen(t, first.Lijst(), "Ophalen persoonsgegevens")
	wantVelden(t, first.Lijst()[0], map[string]any{"objectId": bsn, "betrokkenheid": "Aanvrager"})
	// Further back, period by period.
	wantNamen(t, inzien("&beginDatum=2014-01-01&eindDatum=2015-01-01").Want(http.StatusOK).Lijst(), "Opslaan persoonsgegevens")

	// One extra actie an inspection, with the register's own activity and the portal as afnemer.
	var logged []map[string]any
	for _, a := range r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst() {
		if a["verwerkingIdAfnemer"] == sessie {
			logged = append(logged, a)
		}
	}
	if len(logged) != 2 {
		t.Fatalf("%d records of two inspections", len(logged))
	}
	for _, a := range logged {
		wantVelden(t, a, map[string]any{"actieNaam": "Inzien verwerkingenlog", "verwerkingsactiviteitId": config.StandaardInzage,
			"soortAfnemerId": "OIN", "afnemerId": voorbeeldstad, "verwerkingsactiviteitIdAfnemer": brpRegistratie,
			"vertrouwelijkheid": "normaal", "bewaartermijn": "P5Y"})
	}
	// The citizen sees what it was for.
	wantVelden(t, first.Lijst()[0]["verwerkingsactie"].(map[string]any), map[string]any{"verwerkingsactiviteitId": leveringen})
	// What is confidential does not show, by whatever way.
	r.haalObject("inzage-normaal", objecten(geheim)[0]["verwerktObjectId"].(string)).Want(http.StatusNotFound)
	r.haalObject("inzage-vertrouwelijk", objecten(geheim)[0]["verwerktObjectId"].(string)).Want(http.StatusNotFound)
}

// C5953: an official looks. Three functions, and every inquiry logged with a justifying activity.
func TestC5953InzageDoorMedewerker(t *testing.T) {
	t.Parallel()
	r := start(t)
	const bsn, onderzoek = "2308572", "0c0ffee0-0000-4000-8000-000000005953"
	base := gemeente().with("verwerkingsactiviteitId", brpRegistratie)
	r.logt("normaal", base.om("Normaal", "", "", zonderRol(bsn)))
	r.logt("vertrouwelijk", base.with("vertrouwelijkheid", "vertrouwelijk").om("Vertrouwelijk", "", "", zonderRol(bsn)).op("2024-04-05T15:00:00+01:00"))
	r.logt("vertrouwelijk", base.with("vertrouwelijkheid", "vertrouwelijk").with("verwerkingId", fraudeonderzoek).om("Opgeheven", "", "", zonderRol(bsn)).
		op("2024-04-05T16:00:00+01:00"))
	r.patch("vertrouwelijk", fraudeonderzoek, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)

	medewerker := []optie{header("OIN", voorbeeldstad), header("VerwerkingsactiviteitId", leveringen), header("VerwerkingId", onderzoek)}
	tabel := []struct {
		functie, client, query string
		want                   []string
	}{
		{"F9787", "normaal", "&vertrouwelijkheid=normaal", []string{"Normaal"}},
		{"F9787", "vertrouwelijk", "&vertrouwelijkheid=normaal", []string{"Normaal"}},
		{"F2525", "vertrouwelijk", "&vertrouwelijkheid=opgeheven", []string{"Opgeheven"}},
		{"F0143", "vertrouwelijk", "&vertrouwelijkheid=vertrouwelijk&vertrouwelijkheid=opgeheven", []string{"Opgeheven", "Vertrouwelijk"}},
		{"F0143", "vertrouwelijk", "&vertrouwelijkheid__in=Vertrouwelijk,Opgeheven", []string{"Opgeheven", "Vertrouwelijk"}},
	}
	for _, row := range tabel {
		list := zonderOpvragingen(r.lijst(row.client, bsn, row.query, medewerker...).Want(http.StatusOK).Lijst())
		wantNamen(t, list, row.want...)
		for _, a := range list {
			wantVelden(t, a, map[string]any{"systeem": "FooBarApp v2.1", "gegevensbron": "FooBar Database Publiekszaken"}) // all fields
		}
	}
	logged := 0
	for _, a := range r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst() {
		if a["verwerkingIdAfnemer"] == onderzoek {
			logged++
			wantVelden(t, a, map[string]any{"actieNaam": "Opvragen verwerkingsacties", "verwerkingsactiviteitId": config.StandaardBewerking, "verwerkingsactiviteitIdAfnemer": leveringen})
		}
	}
	if logged != len(tabel) {
		t.Errorf("%d records of %d inquiries", logged, len(tabel))
	}
}

// C7021: rectification of an actie with the wrong activity, with the values of B3891.
func TestC7021Rectificatie(t *testing.T) {
	t.Parallel()
	r := start(t)
	const bsn = "2308572"
	var wrong actie = r.logt("normaal", gemeente().with("verwerkingsactiviteitId", brpRegistratie).om("Foobar", "Registratie Foobar", "", zonderRol(bsn)))
	r.put("normaal", id(wrong), wrong.with("verwerkingsactiviteitId", uitvoeringFobar)).Want(http.StatusOK)
	wantVelden(t, r.haal("normaal", id(wrong)).Want(http.StatusOK).JSON(), map[string]any{"actieId": id(wrong), "verwerkingsactiviteitId": uitvoeringFobar})
	shown := r.ingezien("inzage-normaal", bsn)
	if len(shown) != 1 {
		t.Fatalf("the citizen sees %d acties, want the current version alone", len(shown))
	}
	wantVelden(t, shown[0]["verwerkingsactie"].(map[string]any), map[string]any{"verwerkingsactiviteitId": uitvoeringFobar, "handelingNaam": "Registratie Foobar"})
	// The old one is kept.
	wantVelden(t, r.versies(id(wrong))[0]["verwerkingsactie"].(map[string]any), map[string]any{"verwerkingsactiviteitId": brpRegistratie})

	// Every attribute must be there.
	for _, naam := range alleVelden {
		switch naam {
		case "url", "actieId", "tijdstipRegistratie":
			r.put("normaal", id(wrong), wrong.with(naam, nil)).Want(http.StatusOK)
		default:
			wantParams(t, r.put("normaal", id(wrong), wrong.with(naam, nil)), naam+" required")
		}
	}
	wantParams(t, r.put("normaal", id(wrong), wrong.with("actieId", uitvoeringFobar)), "actieId invalid")

	// A confidential one takes more.
	var geheim actie = r.logt("vertrouwelijk", gemeente().with("vertrouwelijkheid", "vertrouwelijk").om("Foobar", "", "", zonderRol(bsn)))
	r.put("normaal", id(geheim), geheim).Want(http.StatusForbidden)
	r.put("vertrouwelijk", id(geheim), geheim.with("verwerkingsactiviteitId", uitvoeringFobar)).Want(http.StatusOK)
}

// C6866: there is no un-delete and no physical delete.
func TestC6866GeenHerstelNaVervallen(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatX)
	for _, client := range []string{"normaal", "vertrouwelijk"} {
		r.put(client, g.actie, g.opgeslagen).Want(http.StatusBadRequest)
		r.patch(client, g.verwerking, actie{"bewaartermijn": "P1Y"}).Want(http.StatusBadRequest)
		r.delete(client, g.actie).Want(http.StatusBadRequest)
	}
	if n := len(r.versies(g.actie)); n != g.versies {
		t.Errorf("%d versions, want %d", n, g.versies)
	}
}
