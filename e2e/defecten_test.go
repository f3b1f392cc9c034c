package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Defects that were seen in other processing logs, numbered as in the list this register was built
// against; each has a test that fails when ours gets it.
//
//	 1  enumerable pseudonyms                  TestEnumeratingAllCandidatesFindsNobodyWithoutTheKey (internal/betrokkene)
//	 2  plain identifiers in store, log, URL   TestNothingPlainAtRest
//	 3  "already hashed?" guessed              TestDefect03…
//	 4  a change lost between two spellings    TestDefect04…
//	 5  history overwritten                    TestDefect05…, TestB3891Voorbeeld
//	 6  the oldest version shown               TestDefect06…
//	 7  lists that show too much               TestBeslistabelBewerking, TestBeslistabelInzage, TestInzageToontDeBeperkteSet,
//	                                           TestDefect07…
//	 8  parameters not validated, misnamed     TestUnknownQueryParameters, TestDefect08…, and the contract check on every exchange
//	 9  answers cut off silently               TestDefect09…
//	10  200, no Location, not yet queryable    TestDefect10…
//	11  writers that exclude one another       TestDefect11…
//	12  a short id that stops the process      TestDefect12…, FuzzCursor, FuzzToken, FuzzActie, FuzzFilter
//	13  a batch that fails halfway             TestDefect13…, TestPatchIsAllesOfNiets, TestARefusedUnitDoesNotFailItsNeighbours
//	15  a question that scans everything       the query plans in internal/store/sqlite
//	17  N persons, N+1 inserts                 TestDefect17…
//	18  a trail that stores values             TestDefect18…
//
// 14, 16 and 20 to 22 are about consumers and sources, 19 about the purge: they come with those.

func TestDefect03NothingIsGuessedFromTheFormOfANumber(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, id := range []string{"0123456789abcdef0123456789abcdef01234567", "e3b0c44298fc1c149afbf4c8996fb924", "aGFzaA==", "$2a$10$abcdefghijk", "000000012"} {
		r.post("normaal", metObject("objectId", id))
		list := r.do("normaal", "POST", bewerking+"/verwerkingsacties/_zoek",
			actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": id, "vertrouwelijkheid": "normaal"}).Want(http.StatusOK).Lijst()
		if len(list) != 1 || objecten(list[0])[0]["objectId"] != id {
			t.Errorf("%q: %d found", id, len(list))
		}
	}
	// That eight digits of the kind BSN lost their zero is no guess (besluit 0042).
	for _, other := range []string{"12", "0000000012", "0000012"} {
		if list := r.lijst("normaal", other, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst(); len(list) != 0 {
			t.Errorf("%q finds another number", other)
		}
	}
}

func TestDefect04EveryChangeIsReadBack(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	for k, v := range []string{"vertrouwelijk", "opgeheven", "vertrouwelijk", "normaal", "opgeheven"} {
		term := fmt.Sprintf("P%dY", k+1)
		r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": v, "bewaartermijn": term}).Want(http.StatusNoContent)
		want := map[string]any{"vertrouwelijkheid": v, "bewaartermijn": term}
		wantVelden(t, r.haal("vertrouwelijk", g.actie).Want(http.StatusOK).JSON(), want)
		list := zonderOpvragingen(r.lijst("vertrouwelijk", g.bsn, "").Want(http.StatusOK).Lijst())
		if len(list) != 1 {
			t.Fatalf("%d found", len(list))
		}
		wantVelden(t, list[0], want)
		history := r.versies(g.actie)
		wantVelden(t, history[len(history)-1]["verwerkingsactie"].(map[string]any), want)
	}
}

func TestDefect05NothingIsOverwritten(t *testing.T) {
	t.Parallel()
	r := start(t)
	stored := r.post("normaal", basis().with("actieNaam", "Eerste"))
	r.put("normaal", id(stored), actie(stored).with("actieNaam", "Tweede").with("verwerkteObjecten", []any{}), header("X-Audit-Toelichting", "reden")).Want(http.StatusOK)
	r.patch("normaal", stored["verwerkingId"].(string), `{"bewaartermijn":"P1Y"}`).Want(http.StatusNoContent)
	r.delete("normaal", id(stored)).Want(http.StatusNoContent)
	history := r.versies(id(stored))
	if len(history) != 4 {
		t.Fatalf("%d versions, want 4", len(history))
	}
	for k, want := range []struct {
		operatie, naam, term, toelichting string
		persons                           int
		vervallen                         bool
	}{
		{"POST", "Eerste", "P150Y", "", 1, false}, {"PUT", "Tweede", "P150Y", "reden", 0, false},
		{"PATCH", "Tweede", "P1Y", "", 0, false}, {"DELETE", "Tweede", "P1Y", "", 0, true},
	} {
		v := history[k]
		a := v["verwerkingsactie"].(map[string]any)
		wantVelden(t, v, map[string]any{"operatie": want.operatie, "toelichting": want.toelichting, "vervallen": want.vervallen, "volgnummer": float64(k + 1), "clientId": "normaal"})
		wantVelden(t, a, map[string]any{"actieNaam": want.naam, "bewaartermijn": want.term, "actieId": id(stored)})
		if n := len(objecten(a)); n != want.persons {
			t.Errorf("version %d has %d persons, want %d", k+1, n, want.persons)
		}
	}
}

func TestDefect06TheCurrentVersionIsShown(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	before := r.haal("normaal", g.actie).JSON()["tijdstipRegistratie"].(string)
	for k := range 5 {
		naam := fmt.Sprint("Versie ", k)
		r.put("normaal", g.actie, g.opgeslagen.with("actieNaam", naam)).Want(http.StatusOK)
		for what, a := range map[string]map[string]any{
			"by id":     r.haal("normaal", g.actie).Want(http.StatusOK).JSON(),
			"in a list": zonderOpvragingen(r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst())[0],
			"in Inzage": r.haalObject("inzage-normaal", g.object).Want(http.StatusOK).JSON()["verwerkingsactie"].(map[string]any),
		} {
			if a["actieNaam"] != naam || a["tijdstipRegistratie"].(string) <= before || a["actieId"] != g.actie {
				t.Errorf("%s: not the current version", what)
			}
		}
	}
}

func TestDefect07SupersededContentIsNotFound(t *testing.T) {
	t.Parallel()
	r := start(t)
	oud, nieuw := nieuweBSN(), nieuweBSN()
	stored := r.post("normaal", basis().with("verwerkteObjecten", []any{persoon(oud, "Aanvrager")}))
	r.put("normaal", id(stored), actie(stored).with("verwerkteObjecten", []any{persoon(nieuw, "Aanvrager")})).Want(http.StatusOK)
	for bsn, want := range map[string]int{oud: 0, nieuw: 1} {
		if n := len(zonderOpvragingen(r.lijst("vertrouwelijk", bsn, "").Want(http.StatusOK).Lijst())); n != want {
			t.Errorf("%d found, want %d", n, want)
		}
	}
	r.haalObject("inzage-vertrouwelijk", objecten(stored)[0]["verwerktObjectId"].(string)).Want(http.StatusNotFound)
	r.delete("normaal", id(stored)).Want(http.StatusNoContent)
	if n := len(zonderOpvragingen(r.lijst("vertrouwelijk", nieuw, "").Want(http.StatusOK).Lijst())); n != 0 {
		t.Errorf("%d found after it was deleted", n)
	}
}

func TestDefect08TheParameterIsObjecttypeAndIsChecked(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?objecttype=persoon&soortObjectId=BSN&objectId=2308572", nil).Want(http.StatusOK)
	for query, want := range map[string][]string{
		"objectType=persoon&soortObjectId=BSN&objectId=2308572": {"objectType unknown-parameters"},
		"objecttype=zaak&soortObjectId=BSN&objectId=2308572":    {"objecttype invalid_choice"},
		"soortObjectId=BSN&objectId=2308572":                    {"objecttype required"},
		"objecttype=persoon&soortObjectId=BSN&objectId=2308572&beginDatum=gisteren&vertrouwelijkheid=x&verwerkingsactiviteitId=y&pageSize=0": {
			"beginDatum invalid", "pageSize invalid", "vertrouwelijkheid invalid_choice", "verwerkingsactiviteitId invalid"},
	} {
		a := r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?"+query, nil).Want(http.StatusBadRequest)
		wantParams(t, a, want...)
	}
}

func TestDefect09ALongListComesWholeAndCounted(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	const n = 603 // more than the largest page
	ids := make([]string, n)
	var clients sync.WaitGroup
	for c := range 16 {
		clients.Go(func() {
			for k := c; k < n; k += 16 {
				// Few different moments: the order must be total all the same.
				a := basis().with("tijdstip", fmt.Sprintf("2024-04-05T14:35:%02dZ", k%7)).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
				ids[k] = id(r.post("normaal", a))
			}
		})
	}
	clients.Wait()
	slices.Sort(ids)
	for _, size := range []string{"", "&pageSize=500"} {
		t.Run("pages"+size, func(t *testing.T) {
			r := r.in(t)
			var got, back []string
			page := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&eindDatum=2024-05-01"+size).Want(http.StatusOK)
			last := ""
			for {
				m := page.JSON()
				if m["count"] != float64(n) {
					t.Fatalf("count %v, want %d", m["count"], n)
				}
				for _, a := range page.Lijst() {
					if s := a["tijdstip"].(string); last != "" && s > last {
						t.Fatal("not newest first")
					} else {
						last = s
					}
					got = append(got, id(a))
				}
				next, _ := m["next"].(string)
				if next == "" {
					break
				}
				page = r.do("normaal", "GET", strings.TrimPrefix(next, r.url), nil).Want(http.StatusOK)
			}
			for previous, _ := page.JSON()["previous"].(string); previous != ""; {
				page = r.do("normaal", "GET", strings.TrimPrefix(previous, r.url), nil).Want(http.StatusOK)
				var here []string
				for _, a := range page.Lijst() {
					here = append(here, id(a))
				}
				back = append(here, back...)
				previous, _ = page.JSON()["previous"].(string)
			}
			if !slices.Equal(back, got[:len(back)]) || len(back) == 0 {
				t.Error("backwards the list is another one")
			}
			slices.Sort(got)
			if !slices.Equal(got, ids) {
				t.Errorf("%d of %d are listed, or one twice", len(slices.Compact(got)), n)
			}
		})
	}
	if a := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&eindDatum=2024-05-01&page=7").Want(http.StatusOK); len(a.Lijst()) != 3 {
		t.Errorf("the last page has %d lines, want 3", len(a.Lijst()))
	}
	r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&eindDatum=2024-05-01&page=8").Want(http.StatusNotFound)
}

func TestDefect10CreatedIsToldWithItsPlaceAndReadAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t)
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			for range 10 {
				bsn, verwerking := nieuweBSN(), uuid.NewString()
				a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("verwerkingId", verwerking).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")}))
				if a.Status != http.StatusCreated {
					t.Errorf("status %d", a.Status)
					return
				}
				m := a.JSON()
				location := a.Header.Get("Location")
				if location != m["url"] || location != r.url+bewerking+"/verwerkingsacties/"+id(m) {
					t.Error("Location is not the url of the actie")
				}
				for what, got := range map[string]*antwoord{
					"Location":     r.do("normaal", "GET", strings.TrimPrefix(location, r.url), nil),
					"the object":   r.do("inzage-normaal", "GET", strings.TrimPrefix(objecten(m)[0]["url"].(string), r.url), nil, doorgave()),
					"the list":     r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal"),
					"Inzage":       r.inzien("inzage-normaal", bsn, ""),
					"verwerkingId": r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?verwerkingId="+verwerking, nil),
				} {
					if got.Status != http.StatusOK || !strings.Contains(string(got.Body), id(m)) {
						t.Errorf("%s does not know it yet: status %d", what, got.Status)
					}
				}
			}
		})
	}
	clients.Wait()
}

func TestDefect11ManyClientsDoNotExcludeOneAnother(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	var clients sync.WaitGroup
	for range 64 {
		clients.Go(func() {
			for range 8 {
				if a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("verwerkteObjecten", []any{persoon(bsn, "")})); a.Status != http.StatusCreated {
					t.Errorf("status %d: %s", a.Status, foutTekst(a))
				}
			}
		})
	}
	for range 8 { // readers beside them, who write too: their inquiries are logged
		clients.Go(func() {
			for range 8 {
				r.lijst("vertrouwelijk", bsn, "&pageSize=1").Want(http.StatusOK)
			}
		})
	}
	clients.Wait()
	if got, want := r.bladen(), 64*8+8*8; got != want {
		t.Errorf("%d versions, want %d", got, want)
	}
}

func TestDefect12ShortAndStrangeIdsDoNoHarm(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, s := range []string{"x", "ab", "0", "-", "_zoek2", "%00", "%ff", "%2f", "%2e%2e", "..", "'", "%22", "a%20b", strings.Repeat("a", 5000),
		"00000000-0000-0000-0000-000000000000", "48086bf2-11b7-4603-9526-67d7c3bb658", "48086bf2-11b7-4603-9526-67d7c3bb65877", "{actieId}"} {
		for _, path := range []string{bewerking + "/verwerkingsacties/" + s, bewerking + "/verwerkingsacties/" + s + "/versies", inzage + "/verwerkte-objecten/" + s} {
			for _, client := range []string{"", "vertrouwelijk", "auditor", "inzage-normaal"} {
				token := ""
				if client != "" {
					token = "Authorization: Bearer " + r.token(client, autorisatie.Claims{}) + "\r\n"
				}
				for _, method := range []string{"GET", "DELETE"} {
					a := r.raw(method + " " + path + " HTTP/1.1\r\nHost: register\r\nConnection: close\r\nOIN: " + voorbeeldstad + "\r\n" +
						"VerwerkingsactiviteitId: 5f0bef4c-f66f-4311-84a5-19e8bf359eaf\r\nVerwerkingsactiviteitUrl: https://var.example/1\r\n" + token + "\r\n")
					if a.Status < 300 || a.Status >= 500 {
						t.Errorf("%s of %.40q by %q: status %d", method, s, client, a.Status)
					}
				}
			}
		}
	}
	if strings.Contains(r.log.String(), "panic") {
		t.Error("a panic was logged")
	}
	r.do("", "GET", "/healthz/ready", nil).Want(http.StatusOK)
}

func TestDefect13OneBadRecordDoesNotFailItsNeighbours(t *testing.T) {
	t.Parallel()
	r := start(t)
	var clients sync.WaitGroup
	for c := range 32 {
		clients.Go(func() {
			for k := range 10 {
				good := (c+k)%3 > 0
				a := basis()
				if !good {
					a = a.with("uitvoerder", "fout")
				}
				want := map[bool]int{true: http.StatusCreated, false: http.StatusBadRequest}[good]
				if got := r.do("normaal", "POST", bewerking+"/verwerkingsacties", a).Status; got != want {
					t.Errorf("status %d, want %d", got, want)
				}
			}
		})
	}
	clients.Wait()
}

// Two that change the same actie, or the same verwerking, each do so whole: the history is one line.
func TestDefect13ConcurrentChangesAreAllOrNothing(t *testing.T) {
	t.Parallel()
	r := start(t)
	verwerking := uuid.NewString()
	var ids []string
	for range 25 {
		ids = append(ids, id(r.post("normaal", basis().with("verwerkingId", verwerking))))
	}
	var clients sync.WaitGroup
	for c := range 4 {
		clients.Go(func() {
			for k := range 5 {
				r.patch("normaal", verwerking, actie{"bewaartermijn": fmt.Sprintf("P%dY", 10*c+k+1)}).Want(http.StatusNoContent)
			}
		})
	}
	clients.Wait()
	want := r.versies(ids[0])
	if len(want) != 21 {
		t.Fatalf("%d versions, want 21", len(want))
	}
	for _, actieID := range ids {
		for k, v := range r.versies(actieID) {
			if v["volgnummer"] != float64(k+1) || v["verwerkingsactie"].(map[string]any)["bewaartermijn"] != want[k]["verwerkingsactie"].(map[string]any)["bewaartermijn"] {
				t.Fatalf("version %d differs between acties of one verwerking", k+1)
			}
		}
	}
}

func TestDefect17ManyPersonsAreOneRecord(t *testing.T) {
	t.Parallel()
	r := start(t)
	list := []any{}
	for range 1000 {
		list = append(list, persoon(nieuweBSN(), "Getoond in zoekresultaat", "Naam"))
	}
	before := r.bladen()
	stored := r.post("normaal", basis().with("verwerkingId", uuid.NewString()).with("verwerkteObjecten", list))
	if n := r.bladen() - before; n != 1 {
		t.Errorf("%d versions for one actie", n)
	}
	if n := len(objecten(stored)); n != 1000 {
		t.Errorf("%d persons came back", n)
	}
	// Its inquiry is one record too, however many persons are shown.
	before = r.bladen()
	r.haal("normaal", id(stored)).Want(http.StatusOK)
	if n := r.bladen() - before; n != 1 {
		t.Errorf("%d versions for one inquiry", n)
	}
	for _, k := range []int{0, 499, 999} {
		bsn := list[k].(map[string]any)["objectId"].(string)
		if found := zonderOpvragingen(r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst()); len(found) != 1 || len(objecten(found[0])) != 1 {
			t.Errorf("person %d is not found alone", k)
		}
	}
}

func TestDefect18KindsOfDataAreKeptAndNeverTheirValues(t *testing.T) {
	t.Parallel()
	r := start(t)
	p := persoon("2308572", "Partner", "Nationaliteit")
	p["waarde"], p["naam"], p["oudeWaarde"] = "Geheime waarde 1", "Geheime waarde 2", map[string]any{"x": "Geheime waarde 3"}
	p["verwerkteSoortenGegevens"] = []any{map[string]any{"soortGegeven": "Nationaliteit", "waarde": "Geheime waarde 4"}}
	stored := r.post("normaal", basis().with("resultaat", "Geheime waarde 5").with("verzoek", []any{"Geheime waarde 6"}).with("verwerkteObjecten", []any{p}))
	a := r.haal("normaal", id(stored)).Want(http.StatusOK)
	history := r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+id(stored)+"/versies", nil).Want(http.StatusOK)
	if strings.Contains(string(a.Body)+string(history.Body), "Geheime waarde") {
		t.Error("a value was kept")
	}
	// What is kept of an inquiry: who, about whom, why; not what was shown.
	for _, look := range r.lijst("vertrouwelijk", "2308572", "").Want(http.StatusOK).Lijst() {
		if id(look) == id(stored) {
			continue
		}
		for _, o := range objecten(look) {
			if o["betrokkenheid"] != "Geraadpleegd in verwerkingenlog" || len(o["verwerkteSoortenGegevens"].([]any)) != 0 {
				t.Errorf("an inquiry keeps %v", slices.Sorted(maps.Keys(o)))
			}
		}
	}
}
