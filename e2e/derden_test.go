package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// levering is an actie of the municipality that delivers to somebody.
func levering(bsn, verwerkingID, afnemer, verwerkingAfnemer string) actie {
	return basis().with("verwerkingId", verwerkingID).with("soortAfnemerId", "OIN").with("afnemerId", afnemer).
		with("verwerkingIdAfnemer", verwerkingAfnemer).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
}

// a third party changes a verwerking only where it is the afnemer, never by verwerkingId.
func TestDerdeWijzigtAlleenAlsAfnemer(t *testing.T) {
	t.Parallel()
	r := start(t)
	own, van := uuid.NewString(), uuid.NewString() // the verwerking of the municipality, and of the third party
	geleverd := r.post("normaal", levering(nieuweBSN(), own, derdePartij, van))
	anderen := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), "00000099123456789000", van))
	zonder := r.post("normaal", levering(nieuweBSN(), van, "", "").with("soortAfnemerId", ""))
	zelf := r.post("derde", levering(nieuweBSN(), own, "", "").with("soortAfnemerId", ""))
	bsn := geldigBSN()
	burger := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), bsn, van).with("soortAfnemerId", "BSN"))

	wantParams(t, r.patch("derde", own, actie{"bewaartermijn": "P1Y"}), "verwerkingId not_found")
	r.patch("derde", van, actie{"bewaartermijn": "P2Y"}).Want(http.StatusNoContent)
	for naam, row := range map[string]struct {
		a    map[string]any
		want any
	}{
		"delivered to the third party": {geleverd, "P2Y"},
		"delivered to another":         {anderen, "P150Y"},
		"the same id as verwerkingId":  {zonder, "P150Y"},
		"logged by the third party":    {zelf, "P150Y"},
		"delivered to a person":        {burger, "P150Y"},
	} {
		if got := r.haal("normaal", id(row.a)).Want(http.StatusOK).JSON()["bewaartermijn"]; got != row.want {
			t.Errorf("%s: bewaartermijn %v, want %v", naam, got, row.want)
		}
	}
	// Both may change by its rights.
	r.patch("derde", van, actie{"vertrouwelijkheid": "vertrouwelijk"}).Want(http.StatusNoContent)
	wantVelden(t, r.haal("vertrouwelijk", id(geleverd)).Want(http.StatusOK).JSON(), map[string]any{"vertrouwelijkheid": "vertrouwelijk"})
	wantVelden(t, r.haal("vertrouwelijk", id(zonder)).Want(http.StatusOK).JSON(), map[string]any{"vertrouwelijkheid": "normaal"})
}

// PUT and DELETE touch only what the third party logged itself; the refusal is the one of a
// confidential record, and nothing changes.
func TestDerdeVervangtEnVerwijdertAlleenEigen(t *testing.T) {
	t.Parallel()
	r := start(t)
	var eigen actie = r.post("derde", basis())
	r.put("derde", id(eigen), eigen.with("actieNaam", "Verbeterd")).Want(http.StatusOK)
	bodies := map[string]bool{}
	for _, g := range []geval{r.geval(staatN0), r.geval(staatN1), r.geval(staatV), r.geval(staatO)} {
		bodies[zonderInstance(r.put("derde", g.actie, g.opgeslagen.with("vertrouwelijkheid", "normaal")).Want(http.StatusForbidden))] = true
		bodies[zonderInstance(r.delete("derde", g.actie).Want(http.StatusForbidden))] = true
		if n := len(r.versies(g.actie)); n != g.versies {
			t.Errorf("%s: %d versions, want %d", g.staat, n, g.versies)
		}
	}
	// An actie it received, but did not log, is not its own either.
	geleverd := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), derdePartij, uuid.NewString()))
	bodies[zonderInstance(r.delete("derde", id(geleverd)).Want(http.StatusForbidden))] = true
	if len(bodies) != 1 {
		t.Errorf("%d different refusals, want 1", len(bodies))
	}
	// Somebody else changed it since: it is still the one who logged it.
	r.put("normaal", id(eigen), eigen.with("actieNaam", "Anders")).Want(http.StatusOK)
	r.delete("derde", id(eigen)).Want(http.StatusNoContent)
	wantParams(t, r.delete("derde", uuid.NewString()), "actieId not_found")
	wantParams(t, r.delete("derde", id(eigen)), "actieId vervallen")
}

// R-244 and X09: an application of the municipality reaches both sides of a chain in one call, where
// the municipality itself is the afnemer.
func TestPatchVolgtDeKeten(t *testing.T) {
	t.Parallel()
	r := start(t)
	verwerkingID := uuid.NewString()
	bsn := nieuweBSN()
	consument := r.post("normaal", basis().with("verwerkingId", verwerkingID).with("verwerkteObjecten", []any{persoon(bsn, "")}))
	provider := r.post("normaal", levering(bsn, uuid.NewString(), voorbeeldstad, verwerkingID))
	derde := r.post("normaal", levering(bsn, uuid.NewString(), derdePartij, verwerkingID))
	anders := r.post("normaal", levering(bsn, uuid.NewString(), anderdorp, verwerkingID))
	both := r.post("normaal", levering(bsn, verwerkingID, voorbeeldstad, verwerkingID)) // found twice, changed once
	r.patch("normaal", verwerkingID, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
	for naam, row := range map[string]struct {
		a    map[string]any
		want int
	}{
		"consumer": {consument, 2}, "provider": {provider, 2}, "delivered to a third party": {derde, 1},
		"delivered to another municipality": {anders, 1}, "both sides": {both, 2},
	} {
		if n := len(r.versies(id(row.a))); n != row.want {
			t.Errorf("%s: %d versions, want %d", naam, n, row.want)
		}
	}
	// What is out of reach on the other side of the chain stops the whole.
	r.post("vertrouwelijk", levering(bsn, uuid.NewString(), voorbeeldstad, verwerkingID).with("vertrouwelijkheid", "vertrouwelijk"))
	r.patch("normaal", verwerkingID, actie{"bewaartermijn": "P2Y"}).Want(http.StatusForbidden)
	wantVelden(t, r.haal("normaal", id(consument)).Want(http.StatusOK).JSON(), map[string]any{"bewaartermijn": "P1Y"})
}

// Nothing ever crosses organisations: what is another's is unknown, in every operation, and to the letter.
func TestOrganisatiesZienNietsVanElkaar(t *testing.T) {
	t.Parallel()
	r := start(t)
	g, niets := r.geval(staatN0), r.geval(staatOnbekend)
	o := r.geval(staatO)
	anders := header("OIN", anderdorp)
	operaties := map[string]func(g geval) *antwoord{
		"list": func(g geval) *antwoord { return r.lijst("anderdorp", g.bsn, "&pageSize=1") },
		"list normaal": func(g geval) *antwoord {
			return r.lijst("anderdorp", g.bsn, "&vertrouwelijkheid=normaal&eindDatum=2025-01-01")
		},
		"by verwerkingId": func(g geval) *antwoord {
			return r.do("anderdorp", "GET", bewerking+"/verwerkingsacties?verwerkingId="+g.verwerking, nil)
		},
		"by id": func(g geval) *antwoord { return r.haal("anderdorp", g.actie) },
		"history": func(g geval) *antwoord {
			return r.do("anderdorp", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil)
		},
		"PUT": func(g geval) *antwoord {
			return r.put("anderdorp", g.actie, basis().with("verwerkteObjecten", []any{persoon(nieuweBSN(), "")}))
		},
		"PATCH": func(g geval) *antwoord {
			return r.patch("anderdorp", g.verwerking, actie{"vertrouwelijkheid": "vertrouwelijk"})
		},
		"DELETE":       func(g geval) *antwoord { return r.delete("anderdorp", g.actie) },
		"inzage list":  func(g geval) *antwoord { return r.inzien("anderdorp", g.bsn, "&pageSize=1", anders) },
		"inzage by id": func(g geval) *antwoord { return r.haalObject("anderdorp", g.object, anders) },
	}
	telt := func(a *antwoord) string { // of a list only the count: the own inquiries have ids of their own
		if a.Status != http.StatusOK {
			return zonderInstance(a)
		}
		return fmt.Sprint(len(zonderOpvragingen(a.Lijst())))
	}
	for naam, doe := range operaties {
		want := telt(doe(niets))
		for _, v := range []geval{g, o} {
			if got := telt(doe(v)); got != want {
				t.Errorf("%s: another answer for another organisation's record than for an unknown one", naam)
			}
		}
	}
	// The inquiries above are in Anderdorp's log, not in Voorbeeldstad's.
	if n := len(r.opvragingen(g.bsn)); n != 0 {
		t.Errorf("%d inquiries of another organisation", n)
	}
	if n := len(r.opvragingenVan("anderdorp", g.bsn)); n == 0 {
		t.Error("the inquiries are nowhere")
	}
	if n := len(r.versies(g.actie)); n != g.versies {
		t.Errorf("%d versions, want %d", n, g.versies)
	}

	// An object of the other organisation is a foreign one.
	var eigen actie = r.post("anderdorp", basis())
	vreemd := []any{actie(objecten(eigen)[0]).with("verwerktObjectId", g.object)}
	wantParams(t, r.put("anderdorp", id(eigen), eigen.with("verwerkteObjecten", vreemd)), "verwerkteObjecten.0.verwerktObjectId not_found")

	// Being the afnemer in another organisation's log gives nothing there.
	keten := uuid.NewString()
	geleverd := r.post("normaal", levering(nieuweBSN(), uuid.NewString(), anderdorp, keten))
	wantParams(t, r.patch("anderdorp", keten, actie{"vertrouwelijkheid": "opgeheven"}), "verwerkingId not_found")
	if n := len(r.versies(id(geleverd))); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}

	// An Idempotency-Key is a client's, not the register's.
	key := header("Idempotency-Key", uuid.NewString())
	a, b := r.post("normaal", basis(), key), r.post("anderdorp", basis(), key)
	if id(a) == id(b) {
		t.Error("one actie for two organisations")
	}
}

// a client for several organisations says which by a claim; nothing else says it.
func TestMeerOrganisatiesPerClient(t *testing.T) {
	t.Parallel()
	r := start(t)
	voor := func(oin string) optie { return r.als("beide", autorisatie.Claims{Organisatie: oin}) }
	bsn := nieuweBSN()
	body := basis().with("verwerkteObjecten", []any{persoon(bsn, "")})
	for _, method := range []string{"GET", "POST"} {
		path := bewerking + "/verwerkingsacties"
		var send any
		if method == "GET" {
			path += "?objecttype=persoon&soortObjectId=BSN&objectId=" + bsn
		} else {
			send = body.with("organisatie", voorbeeldstad)
		}
		a := r.do("beide", method, path, send).Want(http.StatusForbidden)
		if a.JSON()["code"] != "organisatie_ontbreekt" {
			t.Errorf("%s without the claim: code %v", method, a.JSON()["code"])
		}
	}
	r.do("beide", "POST", bewerking+"/verwerkingsacties", body, voor(derdePartij)).Want(http.StatusForbidden)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", body, r.als("normaal", autorisatie.Claims{Organisatie: anderdorp})).Want(http.StatusForbidden)
	if n := len(r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst()); n != 0 {
		t.Errorf("%d acties were stored", n)
	}

	a := r.post("beide", body.with("organisatie", anderdorp), voor(voorbeeldstad))
	b := r.post("beide", body, voor(anderdorp))
	r.haal("beide", id(a), voor(voorbeeldstad)).Want(http.StatusOK)
	r.haal("beide", id(a), voor(anderdorp)).Want(http.StatusNotFound)
	r.haal("vertrouwelijk", id(a)).Want(http.StatusOK)
	r.haal("anderdorp", id(b)).Want(http.StatusOK)
	if got := zonderOpvragingen(r.lijst("anderdorp", bsn, "").Want(http.StatusOK).Lijst()); len(got) != 1 || id(got[0]) != id(b) {
		t.Errorf("%d acties in the log of Anderdorp, want its own", len(got))
	}
	// The same Idempotency-Key for another organisation is another record.
	key := header("Idempotency-Key", uuid.NewString())
	c, d := r.post("beide", body, key, voor(voorbeeldstad)), r.post("beide", body, key, voor(anderdorp))
	if id(c) == id(d) {
		t.Error("one actie for two organisations")
	}
	r.haal("beide", id(d), voor(anderdorp)).Want(http.StatusOK)
	// It is no third party in either: its OINs hold both.
	verwerkingID := uuid.NewString()
	r.post("normaal", body.with("verwerkingId", verwerkingID))
	r.patch("beide", verwerkingID, actie{"bewaartermijn": "P1Y"}, voor(voorbeeldstad)).Want(http.StatusNoContent)
	r.patch("beide", verwerkingID, actie{"bewaartermijn": "P1Y"}, voor(anderdorp)).Want(http.StatusBadRequest)
	if strings.Contains(r.log.String(), bsn) {
		t.Error("the log of the server holds the number of a person")
	}
}

// nobody removes the trace of a look afterwards, also not who may delete everything else.
func TestNiemandWistDeEigenBlik(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	r.lijst("vertrouwelijk", bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK)
	blik := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst()[0]
	if blik["actieNaam"] != "Opvragen verwerkingsacties" {
		t.Fatalf("found %q, want the record of the look", blik["actieNaam"])
	}
	whole := r.do("normaal", "GET", bewerking+"/verwerkingsacties/"+id(blik), nil).Want(http.StatusOK).JSON()
	for _, client := range []string{"normaal", "vertrouwelijk", "derde"} {
		r.do(client, "DELETE", bewerking+"/verwerkingsacties/"+id(blik), nil).Want(http.StatusForbidden)
		r.do(client, "PUT", bewerking+"/verwerkingsacties/"+id(blik), actie(whole).with("verwerkteObjecten", []any{})).Want(http.StatusForbidden)
	}
	if n := len(r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst()); n != 3 {
		t.Errorf("%d looks are left, want all three", n)
	}
}
