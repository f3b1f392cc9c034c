package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The decision table of the Inzage API (rules 4), by list, by search and by id: what may not be
// shown is 404 there, never 403 (R-310, X04).
func TestBeslistabelInzage(t *testing.T) {
	t.Parallel()
	r := start(t)
	tabel := []struct {
		scope   string
		clients []string
		wil     [aantalStaten]uitkomst
	}{
		//                                                          N0     N1     V    O      X    unknown
		{"read:normal", []string{"inzage-normaal"}, [...]uitkomst{terug, weg, weg, weg, weg, weg}},
		{"read:confidential", []string{"inzage-vertrouwelijk"}, [...]uitkomst{terug, terug, weg, terug, weg, weg}},
		{"none", []string{"niets", "normaal", "vertrouwelijk", "auditor"}, [...]uitkomst{"403", "403", "403", "403", "403", "403"}},
	}
	lists := map[string]func(*register, string, string) *antwoord{
		"list": func(r *register, client, bsn string) *antwoord { return r.inzien(client, bsn, "") },
		"_zoek": func(r *register, client, bsn string) *antwoord {
			return r.do(client, "POST", inzage+"/verwerkte-objecten/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN",
				"objectId": bsn, "beginDatum": "2000-01-01", "eindDatum": "2100-01-01"}, doorgave())
		},
	}
	for _, row := range tabel {
		for _, client := range row.clients {
			for s := range aantalStaten {
				for way, ask := range lists {
					t.Run(fmt.Sprintf("%s with %s (%s) on %s is %s", way, row.scope, client, s, row.wil[s]), func(t *testing.T) {
						t.Parallel()
						r := r.in(t)
						g := r.geval(s)
						a := ask(r, client, g.bsn)
						switch row.wil[s] {
						case "403":
							a.Want(http.StatusForbidden)
						case terug:
							if list := a.Want(http.StatusOK).Lijst(); len(list) != 1 || list[0]["verwerktObjectId"] != g.object || a.JSON()["count"] != 1.0 {
								t.Errorf("%d lines, want the object alone", len(list))
							}
						case weg:
							if list := a.Want(http.StatusOK).Lijst(); len(list) != 0 || a.JSON()["count"] != 0.0 {
								t.Errorf("%d lines, want none", len(list))
							}
						}
					})
				}
				t.Run(fmt.Sprintf("by id with %s (%s) on %s is %s", row.scope, client, s, row.wil[s]), func(t *testing.T) {
					t.Parallel()
					r := r.in(t)
					g := r.geval(s)
					a := r.haalObject(client, g.object)
					switch row.wil[s] {
					case "403":
						a.Want(http.StatusForbidden)
					case terug:
						if got := a.Want(http.StatusOK).JSON()["verwerktObjectId"]; got != g.object {
							t.Errorf("another object")
						}
					case weg:
						a.Want(http.StatusNotFound)
					}
				})
			}
		}
	}
}

// hidden, vervallen and unknown look the same by id.
func TestInzageNietGevondenVerraadtDeStaatNiet(t *testing.T) {
	t.Parallel()
	r := start(t)
	bodies := map[string]bool{}
	for _, s := range []staat{staatN1, staatV, staatO, staatX, staatOnbekend} {
		bodies[zonderInstance(r.haalObject("inzage-normaal", r.geval(s).object).Want(http.StatusNotFound))] = true
	}
	bodies[zonderInstance(r.haalObject("inzage-normaal", "geen-uuid").Want(http.StatusNotFound))] = true
	if len(bodies) != 1 {
		t.Errorf("%d different answers, want 1", len(bodies))
	}
}

// exactly the limited set, in the list and by id.
func TestInzageToontDeBeperkteSet(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	want := []string{"actieId", "actieNaam", "afnemerId", "bewaartermijn", "handelingNaam", "soortAfnemerId", "tijdstip", "tijdstipRegistratie",
		"uitvoerder", "url", "vertrouwelijkheid", "verwerkingId", "verwerkingIdAfnemer", "verwerkingNaam", "verwerkingsactiviteitId",
		"verwerkingsactiviteitIdAfnemer", "verwerkingsactiviteitUrl", "verwerkingsactiviteitUrlAfnemer"}
	wantObject := []string{"betrokkenheid", "objectId", "objecttype", "soortObjectId", "url", "verwerktObjectId", "verwerkteSoortenGegevens", "verwerkingsactie"}
	slices.Sort(wantObject)
	byID := r.haalObject("inzage-normaal", g.object).Want(http.StatusOK).JSON()
	inList := r.inzien("inzage-normaal", g.bsn, "").Want(http.StatusOK).Lijst()
	// The look by id was itself logged, so the list has two.
	for _, o := range []map[string]any{byID, inList[len(inList)-1]} {
		if got := slices.Sorted(maps.Keys(o)); !slices.Equal(got, wantObject) {
			t.Errorf("object has %q, want %q", got, wantObject)
		}
		nested := o["verwerkingsactie"].(map[string]any)
		if got := slices.Sorted(maps.Keys(nested)); !slices.Equal(got, want) {
			t.Errorf("verwerkingsactie has %q, want %q", got, want)
		}
		wantVelden(t, o, map[string]any{"objectId": g.bsn, "betrokkenheid": "Aanvrager", "verwerktObjectId": g.object,
			"url": r.url + inzage + "/verwerkte-objecten/" + g.object, "verwerkteSoortenGegevens": "[map[soortGegeven:Geboortedatum]]"})
		for _, naam := range want {
			if fmt.Sprint(nested[naam]) != fmt.Sprint(g.opgeslagen[naam]) {
				t.Errorf("field %s differs from what was logged", naam)
			}
		}
	}
}

// C3677: other persons of the same actie never appear, whichever of them asks.
func TestInzageToontNooitAnderePersonen(t *testing.T) {
	t.Parallel()
	r := start(t)
	a, b := nieuweBSN(), nieuweBSN()
	stored := r.post("normaal", basis().with("verwerkteObjecten", []any{persoon(a, "Partner"), persoon(b, "Getuige")}))
	for k, bsn := range []string{a, b} {
		list := r.inzien("inzage-normaal", bsn, "").Want(http.StatusOK).Lijst()
		if len(list) != 1 || list[0]["objectId"] != bsn {
			t.Fatalf("%d lines, want the own one", len(list))
		}
		o := objecten(stored)[k]
		byID := r.haalObject("inzage-normaal", o["verwerktObjectId"].(string)).Want(http.StatusOK)
		wantVelden(t, byID.JSON(), map[string]any{"objectId": bsn, "betrokkenheid": o["betrokkenheid"]})
	}
}

// A person who stands twice in an actie gets a line for each.
func TestInzageToontElkeRolVanDePersoon(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	r.post("normaal", basis().with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager"), persoon(nieuweBSN(), "Partner"), persoon(bsn, "Gemachtigde")}))
	a := r.inzien("inzage-normaal", bsn, "").Want(http.StatusOK)
	var rollen []string
	for _, o := range a.Lijst() {
		rollen = append(rollen, o["betrokkenheid"].(string))
	}
	if !slices.Equal(rollen, []string{"Aanvrager", "Gemachtigde"}) || a.JSON()["count"] != 2.0 {
		t.Errorf("roles %q, want both", rollen)
	}
}

// R-306 (X18): the number of a receiver that is another person is left out.
func TestInzageVerbergtDeAfnemerDieEenAnderIs(t *testing.T) {
	t.Parallel()
	r := start(t)
	ander := nieuweBSN()
	for _, soort := range []string{"BSN", "bsn", "BSN ", "A-nummer"} {
		g := r.geval(staatN0)
		r.put("normaal", g.actie, g.opgeslagen.with("soortAfnemerId", soort).with("afnemerId", ander)).Want(http.StatusOK)
		eigen := r.geval(staatN0)
		r.put("normaal", eigen.actie, eigen.opgeslagen.with("soortAfnemerId", soort).with("afnemerId", eigen.bsn)).Want(http.StatusOK)
		for naam, way := range map[string]func(g geval) map[string]any{
			"by id": func(g geval) map[string]any {
				return r.haalObject("inzage-normaal", g.object).Want(http.StatusOK).JSON()
			},
			"list": func(g geval) map[string]any {
				return zonderOpvragingen(r.inzien("inzage-normaal", g.bsn, "").Want(http.StatusOK).Lijst())[0]
			},
		} {
			if got := way(g)["verwerkingsactie"].(map[string]any)["afnemerId"]; got != nil {
				t.Errorf("%s: another person's number is shown (%s)", naam, soort)
			}
			if got := way(eigen)["verwerkingsactie"].(map[string]any)["afnemerId"]; strings.EqualFold(soort, "BSN") && got != eigen.bsn {
				t.Errorf("%s: the own number is not shown (%s)", naam, soort)
			}
		}
		// Officials see it: it is part of the actie.
		wantVelden(t, r.haal("normaal", g.actie).Want(http.StatusOK).JSON(), map[string]any{"afnemerId": ander})
	}
}

// each mandatory header, and all of them in one answer.
func TestInzageEistDeHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	zonder := func(names ...string) optie {
		return func(req *http.Request) {
			for _, naam := range names {
				req.Header.Del(naam)
			}
		}
	}
	tabel := []struct {
		naam   string
		opties []optie
		want   []string
	}{
		{"without OIN", []optie{zonder("OIN")}, []string{"OIN required"}},
		{"without VerwerkingsactiviteitId", []optie{zonder("VerwerkingsactiviteitId")}, []string{"VerwerkingsactiviteitId required"}},
		{"without VerwerkingsactiviteitUrl", []optie{zonder("VerwerkingsactiviteitUrl")}, []string{"VerwerkingsactiviteitUrl required"}},
		{"with an empty OIN", []optie{header("OIN", "")}, []string{"OIN required"}},
		{"without any", []optie{zonder("OIN", "VerwerkingsactiviteitId", "VerwerkingsactiviteitUrl")},
			[]string{"OIN required", "VerwerkingsactiviteitId required", "VerwerkingsactiviteitUrl required"}},
		{"with all of them malformed", []optie{header("OIN", "123"), header("VerwerkingsactiviteitId", "x"), header("VerwerkingsactiviteitUrl", "x y"),
			header("VerwerkingId", "x"), header("Vertrouwelijkheid", "geheim"), header("Bewaartermijn", "tien jaar")},
			[]string{"OIN pattern", "VerwerkingsactiviteitId invalid", "VerwerkingsactiviteitUrl invalid", "VerwerkingId invalid",
				"Vertrouwelijkheid invalid_choice", "Bewaartermijn invalid"}},
	}
	for _, row := range tabel {
		t.Run("a list "+row.naam+" is refused", func(t *testing.T) {
			wantParams(t, r.in(t).inzien("inzage-normaal", g.bsn, "", row.opties...), row.want...)
		})
		t.Run("a look by id "+row.naam+" is refused", func(t *testing.T) {
			wantParams(t, r.in(t).haalObject("inzage-normaal", g.object, row.opties...), row.want...)
		})
		t.Run("a search "+row.naam+" is refused", func(t *testing.T) {
			wantParams(t, r.in(t).do("inzage-normaal", "POST", inzage+"/verwerkte-objecten/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN",
				"objectId": g.bsn, "beginDatum": "2000-01-01", "eindDatum": "2100-01-01"}, append([]optie{doorgave()}, row.opties...)...), row.want...)
		})
	}
	if list := r.lijst("vertrouwelijk", g.bsn, "").Want(http.StatusOK).Lijst(); len(list) != 1 {
		t.Errorf("%d records, want the actie alone: a refused inquiry is not logged", len(list))
	}
}

// C3677: the person and the period are mandatory, and everything that is missing is named at once.
func TestInzageEistPersoonEnPeriode(t *testing.T) {
	t.Parallel()
	r := start(t)
	ask := func(query string) *antwoord {
		return r.do("inzage-normaal", "GET", inzage+"/verwerkte-objecten"+query, nil, doorgave())
	}
	const persoon, periode = "objecttype=persoon&soortObjectId=BSN&objectId=2308572", "&beginDatum=2024-01-01&eindDatum=2025-01-01"
	tabel := []struct {
		query string
		want  []string
	}{
		{"", []string{"objecttype required", "soortObjectId required", "objectId required", "beginDatum required", "eindDatum required"}},
		{"?" + persoon, []string{"beginDatum required", "eindDatum required"}},
		{"?" + persoon + "&beginDatum=2024-01-01", []string{"eindDatum required"}},
		{"?" + persoon + "&eindDatum=2024-01-01", []string{"beginDatum required"}},
		{"?" + persoon + "&beginDatum=2024-01-01&eindDatum=2024-01-01", []string{"eindDatum invalid"}},
		{"?" + persoon + "&beginDatum=2024-01-02&eindDatum=2024-01-01", []string{"eindDatum invalid"}},
		{"?" + persoon + "&beginDatum=1-1-2024&eindDatum=2024-02-30", []string{"beginDatum invalid", "eindDatum invalid"}},
		{"?objecttype=bedrijf&soortObjectId=BSN&objectId=2308572" + periode, []string{"objecttype invalid_choice"}},
		{"?" + persoon + periode + "&verwerkingsactiviteitId=x", []string{"verwerkingsactiviteitId invalid"}},
		{"?" + persoon + periode + "&vertrouwelijkheid=opgeheven", []string{"vertrouwelijkheid unknown-parameters"}},
		{"?" + persoon + periode + "&vertrouwelijkheid__in=opgeheven", []string{"vertrouwelijkheid__in unknown-parameters"}},
		{"?" + persoon + periode + "&verwerkingId=48086bf2-11b7-4603-9526-67d7c3bb6587", []string{"verwerkingId unknown-parameters"}},
		{"?" + persoon + periode + "&objectType=persoon", []string{"objectType unknown-parameters"}},
		{"?" + persoon + periode + "&objectId=2308573", []string{"objectId invalid"}},
	}
	for _, row := range tabel {
		wantParams(t, ask(row.query), row.want...)
	}
	wantParams(t, r.do("inzage-normaal", "POST", inzage+"/verwerkte-objecten/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN",
		"objectId": "2308572", "beginDatum": "2000-01-01", "eindDatum": "2100-01-01", "vertrouwelijkheid": "opgeheven"}, doorgave()),
		"vertrouwelijkheid unknown-parameters")
}

// R-210 and X26: the period counts tijdstip, begin inclusive, end exclusive, in days of Europe/Amsterdam;
// and an activity narrows.
func TestPeriodeEnActiviteit(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	log := func(naam, tijdstip, activiteit string) {
		r.post("normaal", basis().with("actieNaam", naam).with("tijdstip", tijdstip).with("verwerkingsactiviteitId", activiteit).
			with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")}))
	}
	log("laatste moment ervoor", "2024-04-04T23:59:59.999999999+02:00", brpRegistratie)
	log("eerste moment", "2024-04-04T22:00:00Z", brpRegistratie) // 00:00 in Amsterdam
	log("elders op die dag", "2024-04-05T20:00:00-01:00", leveringen)
	log("laatste moment", "2024-04-05T23:59:59+02:00", brpRegistratie)
	log("eerste moment erna", "2024-04-06T00:00:00+02:00", brpRegistratie)

	// In winter the day begins an hour later in UTC.
	log("winter", "2024-01-09T23:00:00Z", brpRegistratie)

	const dag = "&beginDatum=2024-04-05&eindDatum=2024-04-06"
	inzien := func(query string) *antwoord {
		return r.do("inzage-normaal", "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+query, nil, doorgave()).Want(http.StatusOK)
	}
	lijst := func(query string) *antwoord {
		return r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal"+query).Want(http.StatusOK)
	}
	for naam, ask := range map[string]func(string) *antwoord{"Inzage": inzien, "Bewerking": lijst} {
		t.Run(naam, func(t *testing.T) {
			wantNamen(t, ask(dag).Lijst(), "laatste moment", "elders op die dag", "eerste moment")
			wantNamen(t, ask(dag+"&verwerkingsactiviteitId="+brpRegistratie).Lijst(), "laatste moment", "eerste moment")
			wantNamen(t, ask(dag+"&verwerkingsactiviteitId="+uitvoeringFobar).Lijst())
			wantNamen(t, ask("&beginDatum=2024-01-10&eindDatum=2024-01-11").Lijst(), "winter")
			wantNamen(t, ask("&beginDatum=2024-01-09&eindDatum=2024-01-10").Lijst())
		})
	}
	// In Bewerking either side may be left open.
	wantNamen(t, zonderOpvragingen(lijst("&beginDatum=2024-04-06").Lijst()), "eerste moment erna")
	wantNamen(t, lijst("&eindDatum=2024-04-05").Lijst(), "laatste moment ervoor", "winter")
}
