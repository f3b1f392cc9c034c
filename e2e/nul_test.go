package e2e

import (
	"net/http"
	"slices"
	"testing"
)

// A BSN that begins with a zero loses it where numbers are kept as numbers. It stays the number of one person, whoever logs and whoever
// asks, and each record is answered as it was logged. The number is nobody's.
func TestEenBSNZonderZijnNulIsDezelfdePersoon(t *testing.T) {
	t.Parallel()
	const met, zonder = "000000012", "00000012"
	r := start(t)
	een := r.post("normaal", basis().with("actieNaam", "Zonder nul").with("verwerkteObjecten", []any{persoon(zonder, "Aanvrager"), persoon("2308572", "Partner")}).
		with("soortAfnemerId", "BSN").with("afnemerId", met))
	twee := r.post("normaal", basis().with("actieNaam", "Met nul").with("verwerkteObjecten", []any{persoon(met, "Aanvrager")}).with("soortAfnemerId", "bsn").with("afnemerId", zonder))
	namen := func(l []map[string]any) (uit []string) {
		for _, a := range zonderOpvragingen(l) {
			uit = append(uit, a["actieNaam"].(string))
		}
		slices.Sort(uit)
		return uit
	}
	beide := []string{"Met nul", "Zonder nul"}
	for _, vraag := range []string{met, zonder} {
		l := r.lijst("normaal", vraag, "&vertrouwelijkheid=normaal").Want(http.StatusOK).pagina().regels
		if got := namen(l); !slices.Equal(got, beide) {
			t.Errorf("Bewerking finds %q", got)
		}
		for _, a := range zonderOpvragingen(l) {
			if want := map[string]string{"Met nul": met, "Zonder nul": zonder}[a["actieNaam"].(string)]; !slices.Equal(personen(a), []string{want}) {
				t.Errorf("%s is answered as another number than was logged, or with another person", a["actieNaam"])
			}
		}
		for _, o := range zonderOpvragingen(r.inzien("inzage-normaal", vraag, "").Want(http.StatusOK).Lijst()) {
			a := o["verwerkingsactie"].(map[string]any)
			nummer, afnemer := zonder, met
			if a["actieNaam"] == "Met nul" {
				nummer, afnemer = met, zonder
			}
			// Who received it is the citizen: the own number is shown (X18), as it was logged.
			if o["objectId"] != nummer || a["afnemerId"] != afnemer {
				t.Errorf("Inzage shows %s otherwise than it was logged", a["actieNaam"])
			}
		}
		if n := len(zonderOpvragingen(r.inzien("inzage-normaal", vraag, "").Want(http.StatusOK).Lijst())); n != 2 {
			t.Errorf("Inzage finds %d", n)
		}
	}
	if n := len(zonderOpvragingen(r.lijst("normaal", "0000012", "&vertrouwelijkheid=normaal").Want(http.StatusOK).pagina().regels)); n != 0 {
		t.Errorf("seven digits find %d", n)
	}

	// Written the other way, the object keeps its id (0005), and the actie says what was said last.
	object := objecten(een)[0]
	was := object["verwerktObjectId"]
	na := r.put("normaal", id(een), actie(een).with("verwerkteObjecten", []any{actie(object).with("objectId", met)})).Want(http.StatusOK).JSON()
	if o := objecten(na)[0]; o["verwerktObjectId"] != was || o["objectId"] != met {
		t.Error("the zero made another person of it")
	}
	if got := r.versies(id(een)); len(got) != 2 {
		t.Errorf("%d versions", len(got))
	}
	wantVelden(t, r.haal("normaal", id(twee)).Want(http.StatusOK).JSON(), map[string]any{"afnemerId": zonder})

	// Named twice it is one person in the record of who looked.
	r.post("normaal", basis().with("verwerkingId", een["verwerkingId"]).with("verwerkteObjecten", []any{persoon(zonder, "Partner")}))
	r.do("normaal", "POST", bewerking+"/verwerkingsacties/_zoek", actie{"verwerkingId": een["verwerkingId"], "vertrouwelijkheid": "normaal"}).Want(http.StatusOK)
	eigen := 0
	for _, a := range r.lijst("normaal", met, "&vertrouwelijkheid=normaal").pagina().regels {
		if a["gegevensbron"] == "Verwerkingenlog" && len(objecten(a)) != 1 {
			t.Errorf("a look is about %d persons", len(objecten(a)))
		} else if a["gegevensbron"] == "Verwerkingenlog" {
			eigen++
		}
	}
	if eigen == 0 {
		t.Error("no look was logged")
	}

	// The number is in no name, in either way.
	for _, nummer := range []string{met, zonder} {
		a := basis().with("actieNaam", "Dossier "+zonder).with("verwerkteObjecten", []any{persoon(nummer, "Aanvrager")})
		wantParams(t, r.do("normaal", "POST", bewerking+"/verwerkingsacties", a), "actieNaam persoonsnummer")
	}
}
