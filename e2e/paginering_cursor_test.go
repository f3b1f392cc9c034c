package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// als gives a request the token of a client with claims.
func (r *register) als(client string, c autorisatie.Claims) optie {
	r.t.Helper()
	return header("Authorization", "Bearer "+r.token(client, c))
}

// gevuld is a register with 25 acties about one person.
func gevuld(t *testing.T) (*register, string) {
	t.Helper()
	r := start(t)
	bsn := nieuweBSN()
	for _, a := range reeks(bsn, 25) {
		r.post("normaal", a)
	}
	return r, bsn
}

// A cursor is the whole address and holds nothing of the person, in no encoding.
func TestCursorHoudtGeenPersoon(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	for client, p := range map[string]pagina{
		"normaal":        r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10&page=2").pagina(),
		"inzage-normaal": r.inzien("inzage-normaal", bsn, "&pageSize=10&page=2").pagina(),
	} {
		for _, link := range []any{p.next, p.previous} {
			u, err := url.Parse(link.(string))
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			if len(q) != 1 || q.Get("cursor") == "" {
				t.Errorf("%s: the link holds more than a cursor", client)
			}
			plain, err := base64.RawURLEncoding.DecodeString(q.Get("cursor"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(link.(string), bsn) || strings.Contains(string(plain), bsn) || strings.Contains(string(plain), bsn[2:]) {
				t.Errorf("%s: the cursor holds the number of the person", client)
			}
		}
		if p.next == p.previous {
			t.Error("next and previous are the same")
		}
	}
	// Two of the same inquiry differ: nobody can tell from them who was asked for.
	a := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10").pagina()
	b := r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10").pagina()
	if a.next == b.next {
		t.Error("two inquiries have one cursor")
	}
}

// Only the client, organisation and API that began an inquiry can go on with it.
func TestCursorIsGebonden(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	bew := r.pad(r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10").pagina().next)
	inz := r.pad(r.inzien("inzage-normaal", bsn, "&pageSize=10").pagina().next)
	wantOngeldig := func(naam string, a *antwoord) {
		t.Helper()
		if got := params(a); !slices.Equal(got, []string{"cursor invalid"}) {
			t.Errorf("%s: invalidParams %q", naam, got)
		}
	}
	wantOngeldig("another client of the organisation", r.do("vertrouwelijk", "GET", bew, nil))
	wantOngeldig("a third party", r.do("derde", "GET", bew, nil))
	wantOngeldig("another organisation", r.do("anderdorp", "GET", bew, nil))
	wantOngeldig("another client, Inzage", r.do("inzage-vertrouwelijk", "GET", inz, nil, doorgave()))
	wantOngeldig("another organisation, Inzage", r.do("anderdorp", "GET", inz, nil, doorgave(), header("OIN", anderdorp)))

	// One client, two organisations: the claim decides, and a cursor stays with one.
	voor := func(oin string) optie { return r.als("beide", autorisatie.Claims{Organisatie: oin}) }
	own := r.pad(r.lijst("beide", bsn, "&pageSize=10", voor(voorbeeldstad)).pagina().next)
	wantOngeldig("the same client for another organisation", r.do("beide", "GET", own, nil, voor(anderdorp)))
	r.do("beide", "GET", own, nil, voor(voorbeeldstad)).Want(http.StatusOK)

	// One client, two APIs.
	ander := nieuweBSN()
	for _, a := range reeks(ander, 5) {
		r.post("anderdorp", a)
	}
	cursor := func(link any) string { _, c, _ := strings.Cut(link.(string), "?cursor="); return c }
	a := r.lijst("anderdorp", ander, "&pageSize=2").pagina()
	b := r.inzien("anderdorp", ander, "&pageSize=2", header("OIN", anderdorp)).pagina()
	wantOngeldig("a cursor of Bewerking in Inzage", r.do("anderdorp", "GET", inzage+"/verwerkte-objecten?cursor="+cursor(a.next), nil, doorgave(), header("OIN", anderdorp)))
	wantOngeldig("a cursor of Inzage in Bewerking", r.do("anderdorp", "GET", bewerking+"/verwerkingsacties?cursor="+cursor(b.next), nil))
}

// A cursor does not outlive rights: they are judged on every page.
func TestCursorGeeftGeenRechten(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	all := r.pad(r.lijst("vertrouwelijk", bsn, "&pageSize=10").pagina().next)
	normaal := r.pad(r.lijst("vertrouwelijk", bsn, "&vertrouwelijkheid=normaal&pageSize=10").pagina().next)
	smal := r.als("vertrouwelijk", autorisatie.Claims{Scopes: []autorisatie.Scope{"read:normal"}})
	r.do("vertrouwelijk", "GET", all, nil, smal).Want(http.StatusForbidden)
	r.do("vertrouwelijk", "GET", normaal, nil, smal).Want(http.StatusOK)
	r.do("vertrouwelijk", "GET", all, nil, r.als("vertrouwelijk", autorisatie.Claims{Scopes: []autorisatie.Scope{}})).Want(http.StatusForbidden)
	r.do("", "GET", all, nil).Want(http.StatusUnauthorized)
}

// Whatever is done to a cursor makes it invalid; so does an hour.
func TestCursorOngeldigOfVerlopen(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	link := r.pad(r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=10").pagina().next)
	path, cursor, _ := strings.Cut(link, "?cursor=")
	bad := []string{"", "abc", cursor[:len(cursor)-1], cursor[1:], cursor + "A", cursor + "%00", strings.Repeat("A", 3000), strings.Repeat("A", 5000), cursor + "&pageSize=10",
		cursor + "&cursor=" + cursor, cursor + "&objectId=" + bsn}
	for k := 0; k < len(cursor); k += 5 {
		c := byte('A')
		if cursor[k] == c {
			c = 'B'
		}
		bad = append(bad, cursor[:k]+string(c)+cursor[k+1:])
	}
	for k, c := range bad {
		a := r.do("normaal", "GET", path+"?cursor="+c, nil).Want(http.StatusBadRequest)
		if got := params(a); !slices.Equal(got, []string{"cursor invalid"}) {
			t.Errorf("cursor %d: invalidParams %q", k, got)
		}
		if strings.Contains(string(a.Body), bsn) {
			t.Errorf("cursor %d: the error holds the number of the person", k)
		}
	}
	now := time.Now()
	r.klok.Set(now.Add(59 * time.Minute))
	second := r.do("normaal", "GET", link, nil).pagina()
	r.klok.Set(now.Add(61 * time.Minute))
	wantParams(t, r.do("normaal", "GET", link, nil), "cursor invalid")
	// Every page starts the hour anew.
	r.do("normaal", "GET", r.pad(second.next), nil).Want(http.StatusOK)
}

// page and pageSize: their bounds, a page beyond the end, and the links a page by number gives.
func TestPaginaNummers(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	const n = "&vertrouwelijkheid=normaal&eindDatum=2025-01-01"
	for _, q := range []string{"pageSize=0", "pageSize=501", "pageSize=-1", "pageSize=tien", "pageSize=1.5", "pageSize=99999999999999999999", "page=0", "page=-1", "page=x"} {
		naam, _, _ := strings.Cut(q, "=")
		wantParams(t, r.lijst("normaal", bsn, n+"&"+q), naam+" invalid")
		wantParams(t, r.inzien("inzage-normaal", bsn, "&"+q), naam+" invalid")
	}
	for _, q := range []string{"pageSize=10&page=4", "page=2", "pageSize=500&page=1073741824"} {
		r.lijst("normaal", bsn, n+"&"+q).Want(http.StatusNotFound)
	}
	if p := r.lijst("normaal", bsn, n+"&pageSize=1").pagina(); len(p.regels) != 1 || p.count != 25 {
		t.Errorf("%d lines, count %d", len(p.regels), p.count)
	}
	if p := r.lijst("normaal", bsn, n+"&pageSize=500").pagina(); len(p.regels) != 25 || p.next != nil {
		t.Errorf("%d lines", len(p.regels))
	}
	if p := r.lijst("normaal", nieuweBSN(), n+"&page=1").pagina(); p.count != 0 || p.next != nil || p.previous != nil || len(p.regels) != 0 {
		t.Error("the first page of nothing is not an empty list")
	}
	r.lijst("normaal", nieuweBSN(), n+"&page=2").Want(http.StatusNotFound)

	walk := regels(r.loop("normaal", r.lijst("normaal", bsn, n+"&pageSize=10").pagina(), verder))
	var byNumber []string
	for k := 1; k <= 3; k++ {
		p := r.lijst("normaal", bsn, fmt.Sprint(n, "&pageSize=10&page=", k)).pagina()
		byNumber = append(byNumber, sleutels(p.regels)...)
		if (p.previous != nil) != (k > 1) || (p.next != nil) != (k < 3) {
			t.Errorf("page %d has the wrong links", k)
		}
		if k == 2 {
			back := r.do("normaal", "GET", r.pad(p.previous), nil).pagina()
			if !slices.Equal(sleutels(back.regels), sleutels(walk[:10])) {
				t.Error("previous of page 2 is not page 1")
			}
		}
	}
	if !slices.Equal(byNumber, sleutels(walk)) {
		t.Error("pages by number differ from those by cursor")
	}
}

// A page beyond the end was asked about a known person: log, then look (B7952).
func TestPaginaVoorbijHetEindIsVastgelegd(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal&page=9").Want(http.StatusNotFound)
	if n := len(r.opvragingen(g.bsn)); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}
