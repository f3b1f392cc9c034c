package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// C9522: from a zaakdossier the values are those of C3472, with the zaak as verwerking.
func TestC9522DetailvraagVanuitZaakdossier(t *testing.T) {
	t.Parallel()
	r := start(t)
	consument, dienst := r.c3472("Ophalen persoonsgegevens", "Ophalen gegevens", "2024-04-05T14:35:42+01:00")
	wantVelden(t, consument, map[string]any{"verwerkingId": verhuizing})
	wantVelden(t, dienst, map[string]any{"verwerkingIdAfnemer": verhuizing})
	// All of a zaak together, by the extension X19: the provider's own verwerking is another one.
	found := r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+verhuizing+"&vertrouwelijkheid=normaal", nil).Want(http.StatusOK).Lijst()
	wantNamen(t, found, "Ophalen persoonsgegevens")
}

// C9950: without a zaakdossier there may be no activity; the register accepts that.
func TestC9950DetailvraagZonderZaakdossier(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.logt("normaal", actie{"actieNaam": "Ophalen persoonsgegevens", "tijdstip": "2024-04-05T14:35:42+01:00", "verwerkteObjecten": []any{zonderRol("2308572")}})
	wantVelden(t, a, map[string]any{"verwerkingsactiviteitId": nil, "verwerkingId": nil, "vertrouwelijkheid": "normaal"})
}

// c2866 holds the values of the figures; the third party is the other municipality of the tests.
const (
	c2866Verwerking = "16a69cb6-41b0-4ea0-8c80-7a735e3609e0"
	c2866Derde      = "00000001804770694000"
	c2866URL        = "https://var.derde-partij.example/" + brpRegistratie
)

func c2866Gemeente() actie {
	return actie{
		"actieNaam": "Ophalen gegevens", "verwerkingId": "3d0c4a52-96b4-4f0a-9d7e-1f2b3c4d5e6f", "verwerkingsactiviteitId": leveringen,
		"verwerkingsactiviteitUrl": "https://var.gemeente.example/" + leveringen, "uitvoerder": "00000001821002193000",
		"soortAfnemerId": "OIN", "afnemerId": c2866Derde, "tijdstip": "2021-01-01T14:42:44+01:00",
		"verwerkteObjecten": []any{zonderRol("2308572")},
	}
}

// C2866, situation 1: a third party asks, and sends the headers. Both log, each in its own log.
func TestC2866DerdePartijMetHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	derde := r.post("anderdorp", actie{
		"actieNaam": "Ophalen persoonsgegevens bij gemeente", "verwerkingId": c2866Verwerking, "verwerkingsactiviteitId": brpRegistratie,
		"verwerkingsactiviteitUrl": c2866URL, "vertrouwelijkheid": "normaal", "bewaartermijn": "P150Y",
		"tijdstip": "2021-01-01T14:42:42+01:00", "verwerkteObjecten": []any{zonderRol("2308572")},
	})
	gemeente := r.logt("normaal", c2866Gemeente().with("vertrouwelijkheid", "normaal").with("bewaartermijn", "P150Y").
		with("verwerkingsactiviteitIdAfnemer", brpRegistratie).with("verwerkingsactiviteitUrlAfnemer", c2866URL).with("verwerkingIdAfnemer", c2866Verwerking))
	wantVelden(t, gemeente, map[string]any{"verwerkingIdAfnemer": c2866Verwerking, "afnemerId": c2866Derde})
	if gemeente["verwerkingId"] == derde["verwerkingId"] { // X32
		t.Error("the provider has the consumer's verwerking as its own")
	}
	wantNamen(t, r.acties("2308572"), "Ophalen gegevens") // what the third party logged is in its own log
	r.haal("vertrouwelijk", id(derde)).Want(http.StatusNotFound)
}

// C2866, situation 2: no headers. It is delivered and logged, but accounts for little.
func TestC2866DerdePartijZonderHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	for naam, afnemer := range map[string]actie{
		"from the credential (X47)": c2866Gemeente(),
		"the literal figure":        c2866Gemeente().with("soortAfnemerId", "").with("afnemerId", ""),
	} {
		a := r.in(t).logt("normaal", afnemer)
		wantVelden(t, a, map[string]any{"vertrouwelijkheid": "normaal", "bewaartermijn": nil, "verwerkingIdAfnemer": nil, "verwerkingsactiviteitIdAfnemer": nil})
		if t.Failed() {
			t.Fatal(naam)
		}
	}
}

// R-205 (C2866, C0031): on a POST to the log the headers mean nothing and are never merged in.
func TestC2866HeadersBijPostTellenNiet(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.logt("normaal", actie{"actieNaam": "Ophalen persoonsgegevens bij gemeente", "tijdstip": "2021-01-01T14:42:42+01:00", "verwerkteObjecten": []any{zonderRol("2308572")}},
		header("OIN", derdePartij), header("VerwerkingsactiviteitId", brpRegistratie), header("VerwerkingsactiviteitUrl", c2866URL),
		header("VerwerkingId", c2866Verwerking), header("Vertrouwelijkheid", "opgeheven"), header("Bewaartermijn", "P150Y"))
	wantVelden(t, a, map[string]any{"afnemerId": nil, "verwerkingId": nil, "verwerkingIdAfnemer": nil, "vertrouwelijkheid": "normaal", "bewaartermijn": nil})
}

// C2866, steps 3 and 7: normal is not checked, confidential is.
func TestC2866AutorisatieBijVertrouwelijk(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := c2866Gemeente()
	r.logt("niets", body)
	r.do("niets", "POST", bewerking+"/verwerkingsacties", body.with("vertrouwelijkheid", "vertrouwelijk")).Want(http.StatusForbidden)
	r.logt("vertrouwelijk", body.with("vertrouwelijkheid", "vertrouwelijk"))
	if n := len(r.acties("2308572")); n != 2 {
		t.Errorf("%d acties, want 2: a refused one is not stored", n)
	}
}

// zoekvraag is what C3209 and C5889 log: one actie after the search.
func (r *register) zoekvraag(extra actie) map[string]any {
	r.t.Helper()
	const getoond = "Getoond in zoekresultaat"
	a := gemeente().with("verwerkingsactiviteitId", brpRegistratie).om("Zoeken personen", "Bepalen medebewoners", "Registratie verhuizing",
		persoon("2308572", getoond), persoon("8237562", getoond), persoon("2134067", getoond))
	for naam, v := range extra {
		a[naam] = v
	}
	m := r.logt("normaal", a)
	wantRollen(r.t, m, "2308572 "+getoond, "8237562 "+getoond, "2134067 "+getoond)
	for _, bsn := range []string{"2308572", "8237562", "2134067"} {
		list := r.acties(bsn)
		wantNamen(r.t, list, "Zoeken personen")
		if got := personen(list[0]); fmt.Sprint(got) != "["+bsn+"]" {
			r.t.Error("the list of one person shows others")
		}
		wantNamen(r.t, r.ingezien("inzage-normaal", bsn), "Zoeken personen")
	}
	return m
}

// C3209: a search with fixed criteria and fields.
func TestC3209ZoekvraagVoorgedefinieerd(t *testing.T) {
	t.Parallel()
	start(t).zoekvraag(nil)
}

// C5889: with free criteria the record is identical: criteria are not stored (B0233), nor is the
// number of results (B7726).
func TestC5889ZoekvraagVrijeCriteria(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.zoekvraag(actie{"criteria": []any{map[string]any{"postcode": "1234AB", "huisnummer": 12}}, "aantalResultaten": 3, "succes": true})
	r.nergens(a, "2308572", "criteria", "1234AB", "huisnummer", "aantalResultaten", "succes")
}

// C5272: a selection of many persons is split over acties of one verwerking; the start of it may be
// logged without persons.
func TestC5272SelectieZonderPersonen(t *testing.T) {
	t.Parallel()
	r := start(t)
	base := gemeente().with("verwerkingId", verhuizing)
	r.logt("normaal", base.om("Uitvoeren selectie", "", "Selectie"))
	r.logt("normaal", base.om("Gebruiken selectie", "", "Selectie", zonderRol("2308572")).op("2024-04-05T14:36:42+01:00"))
	found := r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+verhuizing+"&vertrouwelijkheid=normaal", nil).Want(http.StatusOK).Lijst()
	wantNamen(t, found, "Gebruiken selectie", "Uitvoeren selectie")
	r.patch("normaal", verhuizing, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
}
