package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/config"
)

// Every inquiry is itself logged before it is answered (rules 5, R-400..R-403). The records are read
// back through the API, which makes records of its own; speurder marks those.
const speurder = "5bee0d3b-1c1a-4b5e-9d1f-0a0a0a0a0a0a"

const geraadpleegd = "Geraadpleegd in verwerkingenlog"

// opvragingen are the records that inquiries of the test left about a person, oldest first.
func (r *register) opvragingen(bsn string) []map[string]any {
	r.t.Helper()
	return r.opvragingenVan("vertrouwelijk", bsn)
}

func (r *register) opvragingenVan(client, bsn string) []map[string]any {
	r.t.Helper()
	list := r.lijst(client, bsn, "&pageSize=500", header("VerwerkingId", speurder)).Want(http.StatusOK).Lijst()
	list = slices.DeleteFunc(list, func(a map[string]any) bool {
		return objecten(a)[0]["betrokkenheid"] != geraadpleegd || a["verwerkingIdAfnemer"] == speurder
	})
	slices.Reverse(list)
	return list
}

// alsAfnemer sets all propagation headers of an official or a portal.
func alsAfnemer(verwerkingID string) []optie {
	return []optie{doorgave(), header("VerwerkingId", verwerkingID), header("Bewaartermijn", "P5Y")}
}

// vragen are the ways to ask about a geval, as one client of each API.
var vragen = []struct {
	naam   string
	inzage bool
	doe    func(r *register, client string, g geval, opties ...optie) *antwoord
}{
	{"Bewerking list", false, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.lijst(client, g.bsn, "&vertrouwelijkheid=normaal", opties...)
	}},
	{"Bewerking _zoek", false, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.do(client, "POST", bewerking+"/verwerkingsacties/_zoek",
			actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": g.bsn, "vertrouwelijkheid": "normaal"}, opties...)
	}},
	{"Bewerking by verwerkingId", false, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.do(client, "GET", bewerking+"/verwerkingsacties?vertrouwelijkheid=normaal&verwerkingId="+g.verwerking, nil, opties...)
	}},
	{"Bewerking by id", false, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.haal(client, g.actie, opties...)
	}},
	{"Inzage list", true, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.inzien(client, g.bsn, "", opties...)
	}},
	{"Inzage _zoek", true, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.do(client, "POST", inzage+"/verwerkte-objecten/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": g.bsn,
			"beginDatum": "2000-01-01", "eindDatum": "2100-01-01"}, append([]optie{doorgave()}, opties...)...)
	}},
	{"Inzage by id", true, func(r *register, client string, g geval, opties ...optie) *antwoord {
		return r.haalObject(client, g.object, opties...)
	}},
}

// vrager is the client of the tests with read:normal on the API.
func vrager(inzage bool) string {
	if inzage {
		return "inzage-normaal"
	}
	return "normaal"
}

// R-401, every line of the table, for every way to ask.
func TestOpvragingWordtVastgelegd(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, q := range vragen {
		t.Run(q.naam, func(t *testing.T) {
			t.Parallel()
			r := r.in(t)
			g, eigen := r.geval(staatN0), uuid.NewString()
			before := time.Now().Truncate(time.Millisecond)
			q.doe(r, vrager(q.inzage), g, alsAfnemer(eigen)...).Want(http.StatusOK)
			after := time.Now()
			q.doe(r, vrager(q.inzage), g).Want(http.StatusOK) // a second inquiry, to compare with
			list := r.opvragingen(g.bsn)
			if len(list) != 2 {
				t.Fatalf("%d records of two inquiries", len(list))
			}
			a := list[0]
			naam, activiteit := "Opvragen verwerkingsacties", config.StandaardBewerking
			if q.inzage {
				naam, activiteit = "Inzien verwerkingenlog", config.StandaardInzage
			}
			wantVelden(t, a, map[string]any{
				"actieNaam": naam, "handelingNaam": "", "verwerkingNaam": "",
				"verwerkingsactiviteitId": activiteit, "verwerkingsactiviteitUrl": nil,
				"vertrouwelijkheid": "normaal", "bewaartermijn": "P5Y", "uitvoerder": nil,
				"systeem": "Verantwoord test", "gegevensbron": "Verwerkingenlog", "gebruiker": "",
				"soortAfnemerId": "OIN", "afnemerId": voorbeeldstad, "verwerkingIdAfnemer": eigen,
				"verwerkingsactiviteitIdAfnemer":  brpRegistratie,
				"verwerkingsactiviteitUrlAfnemer": "https://var.voorbeeldstad.example/" + brpRegistratie,
			})
			if a["verwerkingId"] == nil || a["verwerkingId"] == eigen || a["verwerkingId"] == list[1]["verwerkingId"] {
				t.Error("the verwerking is not one of the inquiry's own")
			}
			moment, err := time.Parse(time.RFC3339Nano, a["tijdstip"].(string))
			if err != nil || moment.Before(before) || moment.After(after) {
				t.Errorf("tijdstip %v is not the start of the request", a["tijdstip"])
			}
			if p := objecten(a); len(p) != 1 {
				t.Errorf("%d persons, want the one that was asked for", len(p))
			} else {
				wantVelden(t, p[0], map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": g.bsn,
					"betrokkenheid": geraadpleegd, "verwerkteSoortenGegevens": "[]"})
			}
			// One version, by the client that asked.
			versies := r.versies(id(a))
			wantVelden(t, versies[0], map[string]any{"operatie": "POST", "clientId": vrager(q.inzage), "volgnummer": 1})
			if len(versies) != 1 {
				t.Errorf("%d versions", len(versies))
			}
		})
	}
}

// R-401, vertrouwelijkheid: what is asked decides for a list, what is found by id and by verwerkingId;
// in the Inzage API neither.
func TestOpvragingKlasse(t *testing.T) {
	t.Parallel()
	r := start(t)
	lijst := func(query string) func(*register, geval) *antwoord {
		return func(r *register, g geval) *antwoord { return r.lijst("vertrouwelijk", g.bsn, query) }
	}
	verwerking := func(query string) func(*register, geval) *antwoord {
		return func(r *register, g geval) *antwoord {
			return r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?verwerkingId="+g.verwerking+query, nil)
		}
	}
	opID := func(r *register, g geval) *antwoord { return r.haal("vertrouwelijk", g.actie) }
	versies := func(r *register, g geval) *antwoord {
		return r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil)
	}
	inzien := func(r *register, g geval) *antwoord { return r.inzien("inzage-vertrouwelijk", g.bsn, "") }
	object := func(r *register, g geval) *antwoord { return r.haalObject("inzage-vertrouwelijk", g.object) }
	tabel := []struct {
		naam  string
		vraag func(*register, geval) *antwoord
		staat staat
		want  string
	}{
		{"a list of exactly normaal", lijst("&vertrouwelijkheid=normaal"), staatV, "normaal"},
		{"a list of everything", lijst(""), staatN0, "vertrouwelijk"},
		{"a list of vertrouwelijk", lijst("&vertrouwelijkheid=vertrouwelijk"), staatN0, "vertrouwelijk"},
		{"a list of opgeheven", lijst("&vertrouwelijkheid=opgeheven"), staatN0, "vertrouwelijk"},
		{"a list of normaal and opgeheven", lijst("&vertrouwelijkheid=normaal&vertrouwelijkheid=opgeheven"), staatN0, "vertrouwelijk"},
		{"a list of everything that finds nothing", lijst(""), staatOnbekend, "vertrouwelijk"},
		{"by id", opID, staatN0, "normaal"},
		{"by id", opID, staatN1, "vertrouwelijk"},
		{"by id", opID, staatV, "vertrouwelijk"},
		{"by id", opID, staatO, "vertrouwelijk"},
		{"by verwerkingId", verwerking(""), staatN0, "normaal"},
		{"by verwerkingId", verwerking(""), staatN1, "vertrouwelijk"},
		{"by verwerkingId", verwerking(""), staatV, "vertrouwelijk"},
		{"by verwerkingId of opgeheven", verwerking("&vertrouwelijkheid=opgeheven"), staatO, "vertrouwelijk"},
		{"the history", versies, staatN0, "normaal"},
		{"the history", versies, staatN1, "vertrouwelijk"},
		{"the history", versies, staatV, "vertrouwelijk"},
		{"the history", versies, staatO, "vertrouwelijk"},
		{"the history", versies, staatX, "normaal"},
		{"an inzage list", inzien, staatN0, "normaal"},
		{"an inzage list", inzien, staatV, "normaal"},
		{"an inzage list", inzien, staatO, "normaal"},
		{"an inzage by id", object, staatO, "normaal"},
		{"an inzage by id", object, staatN1, "normaal"},
	}
	for _, row := range tabel {
		t.Run(fmt.Sprintf("%s on %s is logged %s", row.naam, row.staat, row.want), func(t *testing.T) {
			t.Parallel()
			r := r.in(t)
			g := r.geval(row.staat)
			row.vraag(r, g).Want(http.StatusOK)
			list := r.opvragingen(g.bsn)
			if len(list) != 1 {
				t.Fatalf("%d records of one inquiry", len(list))
			}
			wantVelden(t, list[0], map[string]any{"vertrouwelijkheid": row.want})
			// What is logged normaal shows to the citizen, the rest does not.
			shown := slices.ContainsFunc(r.inzien("inzage-normaal", g.bsn, "").Want(http.StatusOK).Lijst(), func(o map[string]any) bool {
				return o["verwerkingsactie"].(map[string]any)["actieId"] == id(list[0])
			})
			if shown != (row.want == "normaal") {
				t.Errorf("the citizen sees it: %v", shown)
			}
		})
	}
}

// an inquiry is not part of its own result, but it is of the next one.
func TestOpvragingZietZichzelfNiet(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	for want := range 4 {
		if got := r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).JSON()["count"]; got != float64(1+2*want) {
			t.Errorf("round %d: count %v in Bewerking, want %d", want, got, 1+2*want)
		}
		if got := r.inzien("inzage-normaal", g.bsn, "").Want(http.StatusOK).JSON()["count"]; got != float64(2+2*want) {
			t.Errorf("round %d: count %v in Inzage, want %d", want, got, 2+2*want)
		}
	}
}

// A list says from when it holds: what was registered before is in it.
func TestLijstZegtVanafWanneerZijGeldt(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	vroeg := time.Now()
	for naam, a := range map[string]*antwoord{
		"Bewerking": r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal"),
		"Inzage":    r.inzien("inzage-normaal", g.bsn, ""),
	} {
		peil, err := time.Parse(time.RFC3339, a.Want(http.StatusOK).Header.Get("Peilmoment"))
		if err != nil || peil.Before(vroeg.Truncate(time.Microsecond)) || peil.After(time.Now()) {
			t.Errorf("%s: %v, %v; asked after %v", naam, peil, err, vroeg)
		}
	}
}

// By id and by verwerkingId all persons of the actie are consulted, each once.
func TestOpvragingNoemtAllePersonen(t *testing.T) {
	t.Parallel()
	r := start(t)
	a, b := nieuweBSN(), nieuweBSN()
	verwerkingID := uuid.NewString()
	stored := r.post("normaal", basis().with("verwerkingId", verwerkingID).
		with("verwerkteObjecten", []any{persoon(a, "Aanvrager", "Naam"), persoon(b, "Partner"), persoon(a, "Gemachtigde")}))
	r.post("normaal", basis().with("verwerkingId", verwerkingID).with("verwerkteObjecten", []any{persoon(a, "Aanvrager")}))
	r.haal("normaal", id(stored)).Want(http.StatusOK)
	r.do("normaal", "GET", bewerking+"/verwerkingsacties?vertrouwelijkheid=normaal&verwerkingId="+verwerkingID, nil).Want(http.StatusOK)
	list := r.opvragingen(a)
	if len(list) != 2 {
		t.Fatalf("%d records of two inquiries", len(list))
	}
	for _, o := range list {
		full := r.haal("normaal", id(o), header("VerwerkingId", speurder)).Want(http.StatusOK).JSON()
		wantRollen(t, full, a+" "+geraadpleegd, b+" "+geraadpleegd)
	}
	// A list by person is about that person alone.
	r.lijst("normaal", a, "&vertrouwelijkheid=normaal").Want(http.StatusOK)
	if n := len(r.opvragingen(b)); n != 2 {
		t.Errorf("%d records about the other person, want the two looks at the whole actie", n)
	}
}

// R-402 and contracts: one record however many pages by cursor, in either direction; page=n is an
// inquiry of its own; a search by verwerkingId leaves one record a page.
func TestOpvragingPerPagina(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn, verwerkingID := nieuweBSN(), uuid.NewString()
	for range 25 {
		r.post("normaal", basis().with("verwerkingId", verwerkingID).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")}))
	}
	follow := func(client string, a *antwoord, key string) (pages int) {
		for pages = 1; a.Want(http.StatusOK).JSON()[key] != nil; pages++ {
			a = r.do(client, "GET", r.pad(a.JSON()[key]), nil, doorgave())
		}
		if key == "next" && a.JSON()["previous"] != nil {
			follow := a
			for follow.Want(http.StatusOK).JSON()["previous"] != nil {
				follow = r.do(client, "GET", r.pad(follow.JSON()["previous"]), nil, doorgave())
			}
		}
		return pages
	}
	const normaal = "&vertrouwelijkheid=normaal"
	want := 0
	check := func(naam string, added int) {
		t.Helper()
		want += added
		if got := len(r.opvragingen(bsn)); got != want {
			t.Errorf("after %s: %d records, want %d", naam, got, want)
			want = got
		}
	}
	if n := follow("normaal", r.lijst("normaal", bsn, normaal+"&pageSize=10"), "next"); n != 3 {
		t.Errorf("%d pages, want 3", n)
	}
	check("a walk by cursor", 1)
	if n := follow("inzage-normaal", r.inzien("inzage-normaal", bsn, "&pageSize=10"), "next"); n != 3 {
		t.Errorf("%d pages, want 3", n)
	}
	check("a walk by cursor in Inzage", 1)
	for n := 1; n <= 3; n++ {
		r.lijst("normaal", bsn, fmt.Sprintf("%s&pageSize=10&page=%d", normaal, n)).Want(http.StatusOK)
	}
	check("three pages by number", 3)
	a := r.do("normaal", "GET", bewerking+"/verwerkingsacties?pageSize=10&verwerkingId="+verwerkingID+normaal, nil)
	for a.Want(http.StatusOK).JSON()["next"] != nil {
		a = r.do("normaal", "GET", r.pad(a.JSON()["next"]), nil)
	}
	check("three pages by verwerkingId", 3)
	r.do("normaal", "GET", bewerking+"/verwerkingsacties?pageSize=10&page=2&verwerkingId="+verwerkingID+normaal, nil).Want(http.StatusOK)
	check("a page by verwerkingId and number", 1)
}

// pad is the path and query of a link of the register.
func (r *register) pad(link any) string {
	r.t.Helper()
	s, _ := link.(string)
	if len(s) <= len(r.url) || s[:len(r.url)] != r.url {
		r.t.Fatal("link does not begin with the configured url")
	}
	return s[len(r.url):]
}

// writing is not an inquiry.
func TestSchrijvenIsGeenOpvraging(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	r.put("normaal", g.actie, g.opgeslagen, alsAfnemer(uuid.NewString())...).Want(http.StatusOK)
	r.patch("normaal", g.verwerking, actie{"bewaartermijn": "P1Y"}, alsAfnemer(uuid.NewString())...).Want(http.StatusNoContent)
	r.delete("normaal", g.actie, alsAfnemer(uuid.NewString())...).Want(http.StatusNoContent)
	if got := r.lijst("vertrouwelijk", g.bsn, "").Want(http.StatusOK).JSON()["count"]; got != 0.0 {
		t.Errorf("%v records after POST, PUT, PATCH and DELETE, want none", got)
	}
	for _, v := range r.versies(g.actie) { // but who wrote, and when, is kept
		wantVelden(t, v, map[string]any{"clientId": "normaal"})
	}
}

// no log, no answer.
func TestZonderLogGeenAntwoord(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	if err := r.server.Close(); err != nil { // the log takes nothing any more
		t.Fatal(err)
	}
	for _, q := range vragen {
		if q.naam == "Bewerking by id" || q.naam == "Inzage by id" || q.naam == "Bewerking by verwerkingId" {
			continue // these read first, which a closed store does not do either
		}
		a := q.doe(r, vrager(q.inzage), g).Want(http.StatusServiceUnavailable)
		if a.Header.Get("Retry-After") == "" || a.JSON()["code"] != "niet_beschikbaar" {
			t.Errorf("%s: no word on trying again", q.naam)
		}
	}
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusServiceUnavailable)
}

// aangroei counts the versions that the register stored during f, whoever they are about: every one is a
// leaf.
func (r *register) aangroei(f func()) int {
	r.t.Helper()
	blad := func(a map[string]any) int { return int(r.versies(id(a))[0]["blad"].(float64)) }
	before := r.post("niets", basis())
	f()
	after := r.post("niets", basis())
	return blad(after) - blad(before) - 1
}

// An inquiry that finds nothing is one as well, also when no person is known.
func TestOpvragingDieNietsVindtWordtVastgelegd(t *testing.T) {
	t.Parallel()
	r := start(t)
	zonderPersonen := r.post("normaal", basis().with("verwerkteObjecten", []any{}))
	niemand := r.geval(staatOnbekend)
	niemand.actie = id(zonderPersonen)
	for _, q := range vragen {
		if q.naam == "Inzage by id" { // a 404: nothing was shown about anybody
			continue
		}
		if n := r.aangroei(func() { q.doe(r, vrager(q.inzage), niemand).Want(http.StatusOK) }); n != 1 {
			t.Errorf("%s: %d records of one inquiry", q.naam, n)
		}
	}
}
