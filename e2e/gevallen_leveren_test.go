package e2e

import (
	"net/http"
	"testing"
)

// Both sides of a synchronisation: the source delivers, the receiver stores. Addresses are in the
// message, never in the log; at most their kind is.
func (r *register) synchronisatie(activiteit string, soorten ...string) {
	r.t.Helper()
	levering := r.logt("normaal", gemeente().with("verwerkingsactiviteitId", activiteit).with("soortAfnemerId", "OIN").with("afnemerId", "00000001804770694000").
		om("Leveren gegevens", "", "Synchronisatie", persoon("2308572", "", soorten...)).with("oud", "Voorbeeldplein 12, 1234 AB Amsterdam").
		with("nieuw", map[string]any{"adres": "Voorbeeldstraat 32, 4321 BA Zeist"}))
	ontvangst := r.logt("normaal", gemeente().with("verwerkingsactiviteitId", brpRegistratie).
		om("Opslaan gegevens", "", "Synchronisatie", persoon("2308572", "", soorten...)).op("2024-04-05T14:35:43+01:00"))
	wantNamen(r.t, r.ingezien("inzage-normaal", "2308572"), "Leveren gegevens", "Opslaan gegevens")
	for _, a := range []map[string]any{levering, ontvangst} {
		if n := len(objecten(a)[0]["verwerkteSoortenGegevens"].([]any)); n != len(soorten) {
			r.t.Errorf("%d kinds of data, want %d", n, len(soorten))
		}
		r.nergens(a, "2308572", "Voorbeeldplein", "Voorbeeldstraat", "1234 AB", "4321 BA")
	}
}

// C2359: the message holds old and new values.
func TestC2359SynchronisatieInformatierijk(t *testing.T) {
	t.Parallel()
	start(t).synchronisatie(leveringen, "Verblijfsadres")
}

// C2434: to BRP or BAG, everything is sent again, under its own activity.
func TestC2434SynchronisatieNaarBasisregistratie(t *testing.T) {
	t.Parallel()
	start(t).synchronisatie("8b9a3e0c-0c5f-4a61-9d6f-5d7c2b1a4e3f") // leveren van informatie ter actualisatie van de basisregistratie
}

// C9299: to internal systems: a notification and then a question, or all at once; both sides log.
func TestC9299SynchronisatieInterneSystemen(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.synchronisatie(leveringen)
	r.c3472("Ophalen persoonsgegevens", "Ophalen gegevens", "2024-04-05T14:40:00+01:00")
	wantNamen(t, r.acties("2308572"), "Leveren gegevens", "Opslaan gegevens", "Ophalen persoonsgegevens", "Ophalen gegevens")
}

// B9330: on delivery to a person at the counter the receiver is a BSN; an id without its kind, or the
// reverse, is refused, and each kind has its form (X34, X36).
func TestLeveringNoemtDeAfnemerVolledig(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.logt("normaal", gemeente().with("soortAfnemerId", "BSN").with("afnemerId", "2308572").om("Verstrekken uittreksel", "", "", zonderRol("2308572")))
	body := gemeente().om("Leveren gegevens", "", "", zonderRol("2308572"))
	for _, row := range []struct{ soort, afnemer, want string }{
		{"", "00000001804770694000", "soortAfnemerId required"},
		{"OIN", "", "afnemerId required"},
		{"OIN", "000000018047706940001", "afnemerId pattern"}, // 21 digits: X34
		{"OIN", "2308572", "afnemerId pattern"},
		{"BSN", "een persoon", "afnemerId pattern"},
	} {
		a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", body.with("soortAfnemerId", row.soort).with("afnemerId", row.afnemer))
		wantParams(t, a, row.want)
	}
}

// C2672 (mandatering): the municipality stays responsible, the mandated party is the uitvoerder.
func TestC2672Mandatering(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.logt("normaal", gemeente().with("uitvoerder", "00000001821002193000").om("Opslaan persoonsgegevens", "", "Registratie verhuizing", zonderRol("2308572")))
	shown := r.ingezien("inzage-normaal", "2308572")
	wantVelden(t, shown[0]["verwerkingsactie"].(map[string]any), map[string]any{"uitvoerder": "00000001821002193000"})
	// Leaving it empty is the other way to say "ourselves" (B7191, X22).
	r.logt("normaal", gemeente().with("uitvoerder", "").om("Ophalen persoonsgegevens", "", "Registratie verhuizing", zonderRol("2308572")))
	wantParams(t, r.do("normaal", "POST", bewerking+"/verwerkingsacties", gemeente().with("uitvoerder", "Gemeente Voorbeeldstad").om("x", "", "", zonderRol("2308572"))),
		"uitvoerder pattern")
}

// C5672: known manual steps may be logged like any other.
func TestC5672HandmatigeVerwerking(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.logt("normaal", gemeente().om("Controleren identiteit", "Intake", "Registratie verhuizing", persoon("2308572", "Aanvrager")))
	wantVelden(t, a, map[string]any{"gebruiker": "2ecf8e86-1a18-46ba-aa13-992c1dc231a5"})
	wantNamen(t, r.ingezien("inzage-normaal", "2308572"), "Controleren identiteit")
}

// C1689 and B3001: registering a consent is an ordinary actie; the consent itself is not in the log.
func TestC1689Toestemming(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := gemeente().om("Registreren toestemming", "", "Inschrijving nieuwsbrief", zonderRol("2308572"))
	body["toestemming"] = map[string]any{"gegeven": true, "informatieversie": "tekst-van-juni"}
	body["rol"] = "consulent"       // B3133
	body["vervallen"] = true        // internal
	body["ooitVertrouwelijk"] = "x" // internal
	a := r.logt("normaal", body)
	r.nergens(a, "2308572", "toestemming\":", "tekst-van-juni", "consulent")
	r.haal("normaal", id(a)).Want(http.StatusOK)
}
