package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// The propagation headers of an inquiry (B9177, R-401, X15, X16).

// The header may make the record more confidential, never less, and only for who may log
// confidentially; opgeheven is logged confidential and then lifted.
func TestOpvragingHeaderVertrouwelijkheid(t *testing.T) {
	t.Parallel()
	r := start(t)
	const client = "anderdorp" // holds create:confidential on Bewerking, and reads in both APIs
	anders := header("OIN", anderdorp)
	lijst := func(query string) func(*register, string, ...optie) *antwoord {
		return func(r *register, bsn string, o ...optie) *antwoord {
			return r.lijst(client, bsn, query, append([]optie{anders}, o...)...)
		}
	}
	inzien := func(r *register, bsn string, o ...optie) *antwoord {
		return r.inzien(client, bsn, "", append([]optie{anders}, o...)...)
	}
	tabel := []struct {
		naam   string
		vraag  func(*register, string, ...optie) *antwoord
		header string
		want   []string // the versions of the record
	}{
		{"a list of normaal", lijst("&vertrouwelijkheid=normaal"), "normaal", []string{"normaal"}},
		{"a list of normaal", lijst("&vertrouwelijkheid=normaal"), "Vertrouwelijk", []string{"vertrouwelijk"}},
		{"a list of normaal", lijst("&vertrouwelijkheid=normaal"), "opgeheven", []string{"vertrouwelijk", "opgeheven"}},
		{"a list of everything", lijst(""), "normaal", []string{"vertrouwelijk"}},
		{"a list of everything", lijst(""), "vertrouwelijk", []string{"vertrouwelijk"}},
		{"a list of everything", lijst(""), "opgeheven", []string{"vertrouwelijk"}},
		{"an inzage", inzien, "normaal", []string{"normaal"}},
		{"an inzage", inzien, "vertrouwelijk", []string{"vertrouwelijk"}},
		{"an inzage", inzien, "OPGEHEVEN", []string{"vertrouwelijk", "opgeheven"}},
	}
	for _, row := range tabel {
		t.Run(fmt.Sprintf("%s with header %s is logged %v", row.naam, row.header, row.want), func(t *testing.T) {
			t.Parallel()
			r := r.in(t)
			bsn := nieuweBSN()
			row.vraag(r, bsn, header("Vertrouwelijkheid", row.header)).Want(http.StatusOK)
			list := r.opvragingenVan(client, bsn)
			if len(list) != 1 {
				t.Fatalf("%d records of one inquiry", len(list))
			}
			versies := r.do(client, "GET", bewerking+"/verwerkingsacties/"+id(list[0])+"/versies", nil).Want(http.StatusOK).Lijst()
			if len(versies) != len(row.want) {
				t.Fatalf("%d versions, want %v", len(versies), row.want)
			}
			for k, v := range versies {
				wantVelden(t, v["verwerkingsactie"].(map[string]any), map[string]any{"vertrouwelijkheid": row.want[k]})
				wantVelden(t, v, map[string]any{"operatie": []string{"POST", "PATCH"}[k], "clientId": client})
			}
		})
	}
}

// Who may not log confidentially can't hide an own look, in neither API.
func TestOpvragingVerbergenMagNietIedereen(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	for _, q := range vragen {
		for _, v := range []string{"vertrouwelijk", "opgeheven", "Opgeheven"} {
			t.Run(q.naam+" with header "+v+" is refused", func(t *testing.T) {
				r := r.in(t)
				clients := []string{"normaal"}
				if q.inzage {
					clients = []string{"inzage-normaal", "inzage-vertrouwelijk"}
				}
				for _, client := range clients {
					q.doe(r, client, g, header("Vertrouwelijkheid", v)).Want(http.StatusForbidden)
				}
			})
		}
		q.doe(r, vrager(q.inzage), g, header("Vertrouwelijkheid", "normaal")).Want(http.StatusOK)
	}
	r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil, header("Vertrouwelijkheid", "vertrouwelijk")).Want(http.StatusForbidden)
	for _, a := range r.opvragingen(g.bsn) {
		wantVelden(t, a, map[string]any{"vertrouwelijkheid": "normaal"})
	}
}

// The OIN must be one of the client's own: nobody looks in another's name.
func TestOpvragingOINMoetEigenZijn(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	for _, q := range vragen {
		for _, oin := range []string{anderdorp, derdePartij, "00000099123456789000"} {
			q.doe(r, vrager(q.inzage), g, header("OIN", oin)).Want(http.StatusForbidden)
		}
	}
	r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil, header("OIN", anderdorp)).Want(http.StatusForbidden)
	if n := len(r.opvragingen(g.bsn)); n != 0 {
		t.Errorf("%d records of refused inquiries", n)
	}
	r.lijst("derde", g.bsn, "", header("OIN", derdePartij)).Want(http.StatusOK)
	r.lijst("derde", g.bsn, "", header("OIN", voorbeeldstad)).Want(http.StatusForbidden)
	list := r.opvragingen(g.bsn)
	if len(list) != 1 {
		t.Fatalf("%d records, want that of the third party", len(list))
	}
	wantVelden(t, list[0], map[string]any{"soortAfnemerId": "OIN", "afnemerId": derdePartij})
}

// Bewerking never refuses for a missing header (X15), and names every malformed one at once.
func TestOpvragingMisvormdeHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	misvormd := []optie{header("OIN", "1"), header("VerwerkingsactiviteitId", "{}"), header("VerwerkingsactiviteitUrl", "geen url"),
		header("VerwerkingId", "00000000-0000-0000-0000-000000000000"), header("Vertrouwelijkheid", "geheim"), header("Bewaartermijn", "P10")}
	all := []string{"OIN pattern", "VerwerkingsactiviteitId invalid", "VerwerkingsactiviteitUrl invalid", "VerwerkingId invalid",
		"Vertrouwelijkheid invalid_choice", "Bewaartermijn invalid"}
	for _, q := range vragen {
		wantParams(t, q.doe(r, vrager(q.inzage), g, misvormd...), all...)
		q.doe(r, vrager(q.inzage), g, func(req *http.Request) {
			req.Header.Add("VerwerkingId", uuid.NewString())
			req.Header.Add("VerwerkingId", uuid.NewString())
		}).
			Want(http.StatusBadRequest)
	}
	wantParams(t, r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+g.actie+"/versies", nil, misvormd...), all...)
	if n := len(r.opvragingen(g.bsn)); n != 0 {
		t.Errorf("%d records of refused inquiries", n)
	}
	// A number of a person does not belong in a URL.
	wantParams(t, r.lijst("normaal", g.bsn, "&vertrouwelijkheid=normaal", header("VerwerkingsactiviteitUrl", "https://var.example/"+geldigBSN())),
		"VerwerkingsactiviteitUrl persoonsnummer")
	for _, q := range vragen[:4] {
		q.doe(r, "normaal", g).Want(http.StatusOK)
	}
	for _, a := range r.opvragingen(g.bsn) {
		wantVelden(t, a, map[string]any{"soortAfnemerId": "", "afnemerId": nil, "verwerkingIdAfnemer": nil, "bewaartermijn": nil})
	}
}

// geldigBSN is a fictitious number that passes the 11-check.
func geldigBSN() string {
	for n := 999900000; ; n++ {
		s := fmt.Sprint(n)
		sum := -int(s[8] - '0')
		for k := range 8 {
			sum += int(s[k]-'0') * (9 - k)
		}
		if sum%11 == 0 {
			return s
		}
	}
}

// a bare number in the header is the notation of before 2021: whole years.
func TestOpvragingBewaartermijnInJaren(t *testing.T) {
	t.Parallel()
	r := start(t)
	for sent, want := range map[string]string{"10": "P10Y", "150": "P150Y", "P6M": "P6M", "P150Y": "P150Y"} {
		bsn := nieuweBSN()
		r.lijst("normaal", bsn, "&vertrouwelijkheid=normaal", header("Bewaartermijn", sent)).Want(http.StatusOK)
		wantVelden(t, r.opvragingen(bsn)[0], map[string]any{"bewaartermijn": want})
	}
}

// What is refused or not found shows nothing, and is not logged.
func TestGeweigerdeOpvragingWordtNietVastgelegd(t *testing.T) {
	t.Parallel()
	r := start(t)
	v, x, unknown := r.geval(staatV), r.geval(staatX), r.geval(staatOnbekend)
	n := r.aangroei(func() {
		r.lijst("normaal", v.bsn, "").Want(http.StatusForbidden)
		r.lijst("niets", v.bsn, "").Want(http.StatusForbidden)
		r.inzien("niets", v.bsn, "").Want(http.StatusForbidden)
		r.lijst("", v.bsn, "").Want(http.StatusUnauthorized)
		r.lijst("vertrouwelijk", v.bsn, "&vertrouwlijkheid=normaal").Want(http.StatusBadRequest)
		r.lijst("vertrouwelijk", v.bsn, "&beginDatum=gisteren").Want(http.StatusBadRequest)
		r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?cursor=abc", nil).Want(http.StatusBadRequest)
		r.lijst("vertrouwelijk", v.bsn, "", header("Accept", "text/html")).Want(http.StatusNotAcceptable)
		r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", `{"objecttype":"persoon"}`).Want(http.StatusBadRequest)
		r.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+v.verwerking, nil).Want(http.StatusForbidden)
		r.haal("normaal", v.actie).Want(http.StatusForbidden)
		r.haal("vertrouwelijk", v.actie, header("If-Match", `"9"`)).Want(http.StatusPreconditionFailed)
		r.haalObject("inzage-normaal", v.object).Want(http.StatusNotFound)
		r.do("normaal", "GET", bewerking+"/verwerkingsacties/"+v.actie+"/versies", nil).Want(http.StatusForbidden)
		r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+unknown.actie+"/versies", nil).Want(http.StatusNotFound)
		r.haal("vertrouwelijk", x.actie).Want(http.StatusNotFound)
		r.haal("vertrouwelijk", unknown.actie).Want(http.StatusNotFound)
		r.haalObject("inzage-vertrouwelijk", x.object).Want(http.StatusNotFound)
	})
	if n != 0 {
		t.Errorf("%d records of inquiries that showed nothing", n)
	}
}

// A next page belongs to an inquiry that said who looks and why; it need not say so again.
func TestVervolgpaginaVraagtGeenHeaders(t *testing.T) {
	t.Parallel()
	r, bsn := gevuld(t)
	next := r.inzien("inzage-normaal", bsn, "&pageSize=10").pagina().next
	if n := r.aangroei(func() { r.soepel("inzage-normaal", r.pad(next)).Want(http.StatusOK) }); n != 0 {
		t.Errorf("%d records of a next page", n)
	}
}

// The kind of number is compared in any case, and is logged as it was asked.
func TestOpvragingSoortInElkeSchrijfwijze(t *testing.T) {
	t.Parallel()
	r := start(t)
	g := r.geval(staatN0)
	a := r.do("normaal", "GET", bewerking+"/verwerkingsacties?objecttype=Persoon&soortObjectId=bsn&objectId="+g.bsn+"&vertrouwelijkheid=NORMAAL", nil)
	if list := a.Want(http.StatusOK).Lijst(); len(list) != 1 || id(list[0]) != g.actie {
		t.Errorf("%d lines, want the actie", len(list))
	}
	wantVelden(t, objecten(r.opvragingen(g.bsn)[0])[0], map[string]any{"objecttype": "persoon", "objectId": g.bsn})
}

// Bytes that are no text never get into a record: it could not be read back, and every later list
// about the person would fail on it.
func TestOpvragingMetOngeldigeTekst(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, q := range []string{"soortObjectId=BSN&objectId=%FF%FE", "soortObjectId=%C3%28&objectId=2308572", "soortObjectId=BSN&objectId=%00", "soortObjectId=BSN&objectId=12%0A3"} {
		path := bewerking + "/verwerkingsacties?objecttype=persoon&vertrouwelijkheid=normaal&" + q
		for range 2 { // the second reads what the first left
			r.do("normaal", "GET", path, nil).Want(http.StatusBadRequest)
		}
	}
}
