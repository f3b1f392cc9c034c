package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// postAll logs many acties at once, by eight connections.
func (r *register) postAll(client string, acties []actie) {
	r.t.Helper()
	token := r.token(client, autorisatie.Claims{})
	work := make(chan actie)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for a := range work {
				raw, err := json.Marshal(a)
				if err != nil {
					r.t.Error(err)
					continue
				}
				req, err := http.NewRequestWithContext(r.t.Context(), "POST", r.url+bewerking+"/verwerkingsacties", bytes.NewReader(raw))
				if err != nil {
					r.t.Error(err)
					continue
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+token)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					r.t.Error(err)
					continue
				}
				if res.StatusCode != http.StatusCreated {
					r.t.Errorf("status %d, want 201", res.StatusCode)
				}
				res.Body.Close()
			}
		})
	}
	for _, a := range acties {
		work <- a
	}
	close(work)
	wg.Wait()
	if r.t.Failed() {
		r.t.FailNow()
	}
}

// reeks are n acties about one person, a minute apart; every third shares the moment of the one before.
func reeks(bsn string, n int) []actie {
	list := make([]actie, n)
	begin := time.Date(2024, 4, 5, 12, 0, 0, 0, time.FixedZone("", 2*3600))
	for k := range list {
		moment := begin.Add(time.Duration(k-k%3/2) * time.Minute)
		list[k] = basis().with("actieNaam", fmt.Sprint("Actie ", k)).with("verwerkingId", uuid.NewString()).
			with("tijdstip", moment.Format(time.RFC3339)).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
	}
	return list
}

// pagina is a page of a list, read.
type pagina struct {
	count          int
	next, previous any
	regels         []map[string]any
}

func (a *antwoord) pagina() pagina {
	a.t.Helper()
	m := a.Want(http.StatusOK).JSON()
	return pagina{int(m["count"].(float64)), m["next"], m["previous"], a.Lijst()}
}

// loop follows a link to its end.
func (r *register) loop(client string, p pagina, link func(pagina) any) (pages []pagina) {
	r.t.Helper()
	for pages = []pagina{p}; link(p) != nil; pages = append(pages, p) {
		p = r.do(client, "GET", r.pad(link(p)), nil, doorgave()).pagina()
	}
	return pages
}

func verder(p pagina) any    { return p.next }
func achteruit(p pagina) any { return p.previous }

func regels(pages []pagina) (all []map[string]any) {
	for _, p := range pages {
		all = append(all, p.regels...)
	}
	return all
}

// sleutel identifies a line: the actie, or the object in it.
func sleutel(m map[string]any) string {
	if s, ok := m["verwerktObjectId"].(string); ok {
		return s
	}
	return id(m)
}

func sleutels(list []map[string]any) []string {
	var out []string
	for _, m := range list {
		out = append(out, sleutel(m))
	}
	return out
}

// wantVolgorde checks the order of a list.
func wantVolgorde(t testing.TB, list []map[string]any) {
	t.Helper()
	moment := func(m map[string]any, naam string) time.Time {
		if nested, ok := m["verwerkingsactie"].(map[string]any); ok {
			m = nested
		}
		v, err := time.Parse(time.RFC3339Nano, m[naam].(string))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for k := 1; k < len(list); k++ {
		a, b := list[k-1], list[k]
		switch c := moment(a, "tijdstip").Compare(moment(b, "tijdstip")); {
		case c < 0, c == 0 && !moment(a, "tijdstipRegistratie").After(moment(b, "tijdstipRegistratie")):
			t.Fatalf("line %d stands after an older one", k)
		}
	}
}

// 1200 records: every page counted, nothing missing, nothing twice, in order, forth and back.
func TestPagineringVolledig(t *testing.T) {
	t.Parallel()
	r := start(t)
	const n = 1200
	bsn := nieuweBSN()
	r.postAll("normaal", reeks(bsn, n))
	r.postAll("normaal", reeks(nieuweBSN(), 30)) // of somebody else
	zoek := func(client, path string, extra actie) pagina {
		body := actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn}
		for k, v := range extra {
			body[k] = v
		}
		return r.do(client, "POST", path+"/_zoek", body, doorgave()).pagina()
	}
	const dag = "&beginDatum=2024-04-01&eindDatum=2024-05-01"
	tabel := []struct {
		naam, client string
		omvang       int
		eerste       func() pagina
	}{
		{"Bewerking, the default page of 100", "normaal", 100, func() pagina { return r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal"+dag).pagina() }},
		{"Bewerking, pages of 500", "vertrouwelijk", 500, func() pagina { return r.lijst("vertrouwelijk", bsn, "&pageSize=500"+dag).pagina() }},
		{"Bewerking, pages of 50", "normaal", 50, func() pagina { return r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=50"+dag).pagina() }},
		{"Bewerking _zoek, pages of 250", "normaal", 250, func() pagina {
			return zoek("normaal", bewerking+"/verwerkingsacties", actie{"vertrouwelijkheid": "normaal", "pageSize": 250, "beginDatum": "2024-04-01", "eindDatum": "2024-05-01"})
		}},
		{"Inzage, the default page of 100", "inzage-normaal", 100, func() pagina {
			return r.do("inzage-normaal", "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+dag, nil, doorgave()).pagina()
		}},
		{"Inzage _zoek, pages of 499", "inzage-normaal", 499, func() pagina {
			return zoek("inzage-normaal", inzage+"/verwerkte-objecten", actie{"pageSize": 499, "beginDatum": "2024-04-01", "eindDatum": "2024-05-01"})
		}},
	}
	for _, row := range tabel {
		t.Run(row.naam, func(t *testing.T) {
			t.Parallel()
			first := row.eerste()
			if first.previous != nil {
				t.Error("the first page has a previous one")
			}
			pages := r.loop(row.client, first, verder)
			if want := (n + row.omvang - 1) / row.omvang; len(pages) != want {
				t.Errorf("%d pages, want %d", len(pages), want)
			}
			for k, p := range pages {
				if p.count != n {
					t.Errorf("page %d counts %d, want %d", k+1, p.count, n)
				}
				if want := min(row.omvang, n-k*row.omvang); len(p.regels) != want {
					t.Errorf("page %d has %d lines, want %d", k+1, len(p.regels), want)
				}
			}
			all := regels(pages)
			wantVolgorde(t, all)
			unique := slices.Compact(slices.Sorted(slices.Values(sleutels(all))))
			if len(all) != n || len(unique) != n {
				t.Errorf("%d lines, %d different, want %d", len(all), len(unique), n)
			}
			back := r.loop(row.client, pages[len(pages)-1], achteruit)
			slices.Reverse(back)
			for k := range pages {
				if k >= len(back) || !slices.Equal(sleutels(back[k].regels), sleutels(pages[k].regels)) {
					t.Fatalf("page %d differs on the way back", k+1)
				}
			}
			if back[0].previous != nil || pages[len(pages)-1].next != nil {
				t.Error("the list goes on beyond its ends")
			}
		})
	}
}

// Membership and order are of the moment the inquiry began; visibility is judged now.
func TestPagineringTerwijlAnderenSchrijven(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, client := range []string{"normaal", "inzage-normaal"} {
		t.Run(client, func(t *testing.T) {
			r := r.in(t)
			bsn := nieuweBSN()
			for _, a := range reeks(bsn, 60) {
				r.post("normaal", a)
			}
			all := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=500&eindDatum=2025-01-01").pagina().regels
			first := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10&eindDatum=2025-01-01").pagina()
			sleutelVan := func(a map[string]any) string { return id(a) }
			if client == "inzage-normaal" {
				// An inquiry by the citizen would stand on top; the period leaves it out.
				r.inzien(client, bsn, "&pageSize=10").Want(http.StatusOK)
				first = r.do(client, "GET", inzage+"/verwerkte-objecten?objecttype=persoon&soortObjectId=BSN&objectId="+bsn+
					"&beginDatum=2000-01-01&eindDatum=2025-01-01&pageSize=10", nil, doorgave()).pagina()
				sleutelVan = func(a map[string]any) string { return objecten(a)[0]["verwerktObjectId"].(string) }
			}

			// New ones, newer and older than everything.
			r.post("normaal", basis().with("tijdstip", "2024-12-31T00:00:00Z").with("verwerkteObjecten", []any{persoon(bsn, "Nieuw")}))
			r.post("normaal", basis().with("tijdstip", "2020-01-01T00:00:00Z").with("verwerkteObjecten", []any{persoon(bsn, "Oud")}))
			verwerking := func(k int) string { return all[k]["verwerkingId"].(string) }
			body := func(k int) actie { return all[k] }
			r.delete("normaal", id(all[25])).Want(http.StatusNoContent)                                                            // page 3
			r.delete("normaal", id(all[3])).Want(http.StatusNoContent)                                                             // page 1: already shown
			r.patch("normaal", verwerking(33), actie{"bewaartermijn": "P7Y"}).Want(http.StatusNoContent)                           // page 4: stays
			r.put("normaal", id(all[44]), body(44).with("tijdstip", "2030-01-01T00:00:00Z")).Want(http.StatusOK)                   // page 5: keeps its place
			r.put("normaal", id(all[52]), body(52).with("verwerkteObjecten", []any{persoon("9358297", "")})).Want(http.StatusOK)   // page 6: another person
			r.patch("vertrouwelijk", verwerking(15), actie{"vertrouwelijkheid": "vertrouwelijk"}).Want(http.StatusNoContent)       // page 2
			r.patch("vertrouwelijk", verwerking(16), actie{"vertrouwelijkheid": "normaal"}).Want(http.StatusNoContent)             // page 2: as it was
			r.put("normaal", id(all[17]), body(17).with("verwerkingsactiviteitId", leveringen)).Want(http.StatusOK)                // page 2: stays
			r.patch("vertrouwelijk", verwerking(18), actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)           // page 2: hidden
			r.put("vertrouwelijk", id(all[19]), body(19).with("vertrouwelijkheid", "vertrouwelijk")).Want(http.StatusOK)           // page 2: hidden
			r.put("vertrouwelijk", id(all[19]), body(19).with("vertrouwelijkheid", "normaal")).Want(http.StatusOK)                 // page 2: once confidential
			r.put("normaal", id(all[20]), body(20).with("verwerkteObjecten", objectenMet(all[20], "Getuige"))).Want(http.StatusOK) // page 3: stays

			want := []string{}
			for k, a := range all {
				if k == 25 || k == 52 || k == 15 || k == 18 || k == 19 || k == 3 {
					continue
				}
				want = append(want, sleutelVan(a))
			}
			pages := r.loop(client, first, verder)
			got := sleutels(regels(pages[1:]))
			shown := sleutels(first.regels)
			if !slices.Equal(append(shown[:3:3], append(shown[4:], got...)...), want) {
				t.Errorf("%d lines after the first page, in another order or others than expected", len(got))
			}
			for k, p := range pages[1:] {
				if p.count != len(want) {
					t.Errorf("page %d counts %d, want what is visible now: %d", k+2, p.count, len(want))
				}
			}
			for _, m := range regels(pages[1:]) {
				if m["verwerkingsactie"] != nil {
					m = m["verwerkingsactie"].(map[string]any)
				}
				switch m["actieId"] {
				case id(all[33]):
					wantVelden(t, m, map[string]any{"bewaartermijn": "P7Y"})
				case id(all[44]):
					wantVelden(t, m, map[string]any{"tijdstip": "2030-01-01T00:00:00Z"})
				}
			}
			// On the way back the vervallen one of page 1 is gone as well.
			back := r.loop(client, pages[len(pages)-1], achteruit)
			slices.Reverse(back)
			if !slices.Equal(sleutels(regels(back)), want) {
				t.Error("another list on the way back")
			}
		})
	}
}

// objectenMet are the persons of an actie with another role.
func objectenMet(a map[string]any, rol string) []any {
	var out []any
	for _, o := range objecten(a) {
		out = append(out, actie(o).with("betrokkenheid", rol))
	}
	return out
}

// by instant, whatever the zone; the same instant by registration, newest first.
func TestPagineringVolgorde(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn := nieuweBSN()
	for _, row := range [][2]string{
		{"b1", "2024-04-05T14:00:00+02:00"}, {"b2", "2024-04-05T12:00:00Z"}, {"b3", "2024-04-05T12:00:00.000000Z"},
		{"a", "2024-04-05T13:00:00Z"}, {"c", "2024-04-05T13:59:59.999999+02:00"}, {"d", "2024-04-05T23:00:00+14:00"},
	} {
		r.post("normaal", basis().with("actieNaam", row[0]).with("tijdstip", row[1]).with("verwerkteObjecten", []any{persoon(bsn, "")}))
	}
	list := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal").pagina().regels
	wantNamen(t, list, "a", "b3", "b2", "b1", "c", "d")
	wantVolgorde(t, list)
	wantNamen(t, zonderOpvragingen(r.inzien("inzage-normaal", bsn, "").pagina().regels), "a", "b3", "b2", "b1", "c", "d")
}
