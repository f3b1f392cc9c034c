package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Search by POST: the same inquiry as the query form, without an identifier in a URL.
func TestZoekenIsDezelfdeVraag(t *testing.T) {
	t.Parallel()
	r := start(t)
	bsn, verwerkingID := nieuweBSN(), uuid.NewString()
	for k, v := range []string{"normaal", "vertrouwelijk", "vertrouwelijk"} {
		a := basis().with("vertrouwelijkheid", v).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager"), persoon(nieuweBSN(), "Partner")})
		if k == 1 {
			a = a.with("verwerkingId", verwerkingID).with("verwerkingsactiviteitId", leveringen).with("tijdstip", "2023-04-05T14:35:42+01:00")
		}
		r.post("vertrouwelijk", a)
	}
	r.patch("vertrouwelijk", verwerkingID, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)

	wie := actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn}
	met := func(more actie) actie {
		c := wie.with("-", nil)
		for k, v := range more {
			c[k] = v
		}
		return c
	}
	tabel := []struct {
		naam  string
		query string
		body  actie
	}{
		{"everything", "", wie},
		{"one class", "&vertrouwelijkheid=vertrouwelijk", met(actie{"vertrouwelijkheid": "vertrouwelijk"})},
		{"a list of classes", "&vertrouwelijkheid=vertrouwelijk&vertrouwelijkheid=opgeheven", met(actie{"vertrouwelijkheid": []any{"vertrouwelijk", "opgeheven"}})},
		{"an activity", "&verwerkingsactiviteitId=" + leveringen, met(actie{"verwerkingsactiviteitId": leveringen})},
		{"a period", "&beginDatum=2023-01-01&eindDatum=2024-01-01", met(actie{"beginDatum": "2023-01-01", "eindDatum": "2024-01-01"})},
		{"nulls for absent", "", met(actie{"beginDatum": nil, "vertrouwelijkheid": nil, "verwerkingId": nil, "page": nil, "pageSize": nil})},
		{"a page", "&page=1&pageSize=500", met(actie{"page": 1, "pageSize": 500})},
	}
	for _, row := range tabel {
		byQuery := zonderOpvragingen(r.lijst("vertrouwelijk", bsn, row.query).pagina().regels)
		byBody := zonderOpvragingen(r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", row.body).pagina().regels)
		if len(byQuery) == 0 || !slices.Equal(sleutels(byQuery), sleutels(byBody)) {
			t.Errorf("%s: %d acties by query, %d or others by body", row.naam, len(byQuery), len(byBody))
		}
		for _, a := range byBody {
			if !slices.Equal(personen(a), []string{bsn}) {
				t.Errorf("%s: other persons are shown", row.naam)
			}
		}
	}
	if list := r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", actie{"verwerkingId": verwerkingID}).pagina().regels; len(list) != 1 || len(objecten(list[0])) != 2 {
		t.Errorf("%d acties by verwerkingId, want 1 with both persons", len(list))
	}
	// The scopes are the same.
	r.do("normaal", "POST", bewerking+"/verwerkingsacties/_zoek", wie).Want(http.StatusForbidden)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties/_zoek", met(actie{"vertrouwelijkheid": []any{"normaal", "opgeheven"}})).Want(http.StatusForbidden)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties/_zoek", met(actie{"vertrouwelijkheid": []any{"normaal"}})).Want(http.StatusOK)
	r.do("niets", "POST", bewerking+"/verwerkingsacties/_zoek", wie).Want(http.StatusForbidden)
	r.do("niets", "POST", inzage+"/verwerkte-objecten/_zoek", wie, doorgave()).Want(http.StatusForbidden)
}

// X08: repeated, with commas, under the name of F0143, in any case: one filter.
func TestVertrouwelijkheidInElkeSchrijfwijze(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatV)
	opgeheven := r.post("vertrouwelijk", g.opgeslagen.with("actieId", nil).with("verwerkingId", uuid.NewString()))
	r.patch("vertrouwelijk", opgeheven["verwerkingId"].(string), actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
	r.post("normaal", g.opgeslagen.with("actieId", nil).with("vertrouwelijkheid", "normaal"))
	for _, q := range []string{
		"&vertrouwelijkheid=vertrouwelijk&vertrouwelijkheid=opgeheven",
		"&vertrouwelijkheid=vertrouwelijk,opgeheven",
		"&vertrouwelijkheid=Opgeheven,VERTROUWELIJK",
		"&vertrouwelijkheid__in=Vertrouwelijk,Opgeheven",
		"&vertrouwelijkheid__in=vertrouwelijk&vertrouwelijkheid=opgeheven",
		"&vertrouwelijkheid=opgeheven,opgeheven&vertrouwelijkheid=vertrouwelijk",
	} {
		if list := zonderOpvragingen(r.lijst("vertrouwelijk", g.bsn, q).pagina().regels); len(list) != 2 {
			t.Errorf("%s: %d acties, want 2", q, len(list))
		}
	}
	for _, q := range []string{"&vertrouwelijkheid=", "&vertrouwelijkheid=geheim", "&vertrouwelijkheid=normaal,", "&vertrouwelijkheid__in=normaal,geheim"} {
		wantParams(t, r.lijst("vertrouwelijk", g.bsn, q), "vertrouwelijkheid invalid_choice")
	}
	a := r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek",
		actie{"objecttype": "Persoon", "soortObjectId": "BSN", "objectId": g.bsn, "vertrouwelijkheid": []any{"Opgeheven", "vertrouwelijk"}})
	if list := zonderOpvragingen(a.pagina().regels); len(list) != 2 {
		t.Errorf("by body: %d acties, want 2", len(list))
	}
}

// A body has lists, so it needs no other spelling of a filter: what it does not know is refused.
func TestZoekenKentGeenAlias(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek",
		actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": nieuweBSN(), "vertrouwelijkheid__in": "vertrouwelijk,opgeheven"})
	wantParams(t, a, "vertrouwelijkheid__in unknown-parameters")
}

// Next pages of a search are on its own path, by GET, with the cursor alone.
func TestZoekenGaatVerderMetEenCursor(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	for _, row := range []struct {
		client, path string
		body         actie
	}{
		{"normaal", bewerking + "/verwerkingsacties/_zoek", actie{"vertrouwelijkheid": "normaal"}},
		{"inzage-normaal", inzage + "/verwerkte-objecten/_zoek", actie{"beginDatum": "2024-01-01", "eindDatum": "2025-01-01"}},
	} {
		body := row.body.with("objecttype", "persoon").with("soortObjectId", "BSN").with("objectId", bsn).with("pageSize", 10).with("eindDatum", "2025-01-01")
		pages := r.loop(row.client, r.do(row.client, "POST", row.path, body, doorgave()).pagina(), verder)
		if len(pages) != 3 || len(regels(pages)) != 25 {
			t.Errorf("%s: %d pages, %d lines", row.client, len(pages), len(regels(pages)))
		}
		for _, p := range pages[:2] {
			if !strings.HasPrefix(r.pad(p.next), row.path+"?cursor=") {
				t.Errorf("%s: next is not on the path of the search", row.client)
			}
		}
		wantParams(t, r.do(row.client, "GET", row.path, nil, doorgave()), "cursor required")
		wantParams(t, r.do(row.client, "GET", row.path+"?objectId="+bsn, nil, doorgave()), "objectId unknown-parameters")
		wantParams(t, r.do(row.client, "POST", row.path, body.with("cursor", "abc"), doorgave()), "cursor unknown-parameters")
		wantParams(t, r.do(row.client, "POST", row.path, body.with("objectID", bsn).with("objectId", nil), doorgave()), "objectID unknown-parameters", "objectId required")
		wantParams(t, r.do(row.client, "POST", row.path, body.with("page", 0).with("pageSize", 501), doorgave()), "page invalid", "pageSize invalid")
		wantParams(t, r.do(row.client, "POST", row.path+"?pageSize=10", body, doorgave()), "pageSize unknown-parameters")
		r.do(row.client, "POST", row.path, `["persoon"]`, doorgave()).Want(http.StatusBadRequest)
	}
}

// Everything that is wrong is named in one answer: a wrong type beside a wrong value.
func TestZoekenNoemtAllesWatMisIs(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": 2308572, "beginDatum": "gisteren", "eindDatum": "2025-01-01", "page": "x", "pageSize": 501}
	want := []string{"objectId invalid", "beginDatum invalid", "page invalid", "pageSize invalid"}
	wantParams(t, r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", body), want...)
	wantParams(t, r.do("inzage-normaal", "POST", inzage+"/verwerkte-objecten/_zoek", body, doorgave()), want...)
}
