package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// routesAutorisaties is the ZGW Autorisaties API (A9726) for the applications of this register.
var routesAutorisaties = []route{
	{"/applicaties", []operatie{
		{"GET", magBeheer(autorisatie.AutorisatiesLezen), false, []string{"clientIds", "page"}, (*verzoek).listApplicaties},
		{"POST", magBeheer(autorisatie.AutorisatiesBijwerken), true, nil, (*verzoek).createApplicatie},
	}},
	{"/applicaties/consumer", []operatie{
		{"GET", magBeheer(autorisatie.AutorisatiesLezen), false, []string{"clientId"}, (*verzoek).findApplicatie},
	}},
	{"/applicaties/{uuid}", []operatie{
		{"GET", magBeheer(autorisatie.AutorisatiesLezen), false, nil, (*verzoek).getApplicatie},
		{"PUT", magBeheer(autorisatie.AutorisatiesBijwerken), true, nil, func(q *verzoek) error { return q.updateApplicatie(true) }},
		{"PATCH", magBeheer(autorisatie.AutorisatiesBijwerken), true, nil, func(q *verzoek) error { return q.updateApplicatie(false) }},
		{"DELETE", magBeheer(autorisatie.AutorisatiesBijwerken), false, nil, (*verzoek).deleteApplicatie},
	}},
}

func magBeheer(s autorisatie.Scope) func(*autorisatie.Besluit) bool {
	return func(b *autorisatie.Besluit) bool { return b.Mag(autorisatie.ComponentAC, s) }
}

// paginaApplicaties is the size of a page of applications.
const paginaApplicaties = 100

func (q *verzoek) beheerder() autorisatie.Beheerder {
	return autorisatie.Beheerder{Organisatie: q.besluit.Organisatie, ClientID: q.besluit.ClientID}
}

// listApplicaties gives a page of the applications of the caller's organisation.
func (q *verzoek) listApplicaties() error {
	page := 1
	if v := q.query.Get("page"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1_000_000 {
			return fout.Ongeldig(fout.Param{Name: "page", Code: "invalid", Reason: "Geef het nummer van een pagina, vanaf 1."})
		}
		page = n
	}
	var clients []string
	if q.query.Has("clientIds") {
		clients = strings.Split(q.query.Get("clientIds"), ",")
	}
	list := q.Applicaties.List(q.besluit.Organisatie, clients)
	count := len(list)
	from := (page - 1) * paginaApplicaties
	if page > 1 && from >= count {
		return fout.New(fout.CodeNietGevonden, "Zo veel pagina's zijn er niet; begin bij de eerste.")
	}
	to := min(from+paginaApplicaties, count)
	link := func(n int, there bool) string {
		if !there {
			return ""
		}
		values := url.Values{"page": {strconv.Itoa(n)}}
		if clients != nil {
			values.Set("clientIds", strings.Join(clients, ","))
		}
		return q.URL + q.r.URL.Path + "?" + values.Encode()
	}
	b := schrijver{}
	b.open().key("count").getal(count)
	b.key("next").formaat(link(page+1, to < count))
	b.key("previous").formaat(link(page-1, page > 1))
	b.key("results").openList()
	for _, r := range list[from:to] {
		b.next()
		q.applicatie(&b, r)
	}
	b.closeList().close()
	q.json(http.StatusOK, b.b)
	return nil
}

// findApplicatie gives the applications with a client id: a list, as the published contract has it.
func (q *verzoek) findApplicatie() error {
	if q.query.Get("clientId") == "" {
		return fout.Ongeldig(fout.Param{Name: "clientId", Code: "required", Reason: "Noem de client_id van de applicatie."})
	}
	list := q.Applicaties.List(q.besluit.Organisatie, strings.Split(q.query.Get("clientId"), ","))
	if len(list) == 0 {
		return fout.New(fout.CodeNietGevonden, "Er is geen applicatie met deze client_id; controleer de schrijfwijze.")
	}
	b := schrijver{}
	b.openList()
	for _, r := range list {
		b.next()
		q.applicatie(&b, r)
	}
	b.closeList()
	q.json(http.StatusOK, b.b)
	return nil
}

func (q *verzoek) getApplicatie() error {
	r, err := q.Applicaties.Get(q.besluit.Organisatie, q.r.PathValue("uuid"))
	if err != nil {
		return err
	}
	q.showApplicatie(http.StatusOK, r)
	return nil
}

func (q *verzoek) createApplicatie() error {
	in, err := q.decodeApplicatie(true)
	if err != nil {
		return err
	}
	r, err := q.Applicaties.Create(q.r.Context(), q.beheerder(), in)
	if err != nil {
		return err
	}
	q.noteApplicatie("application added", r.ID.String())
	q.w.Header().Set("Location", q.applicatieURL()+r.ID.String())
	q.warnApplicatie(r)
	q.showApplicatie(http.StatusCreated, r)
	return nil
}

// updateApplicatie is PUT with volledig, PATCH without.
func (q *verzoek) updateApplicatie(volledig bool) error {
	in, err := q.decodeApplicatie(volledig)
	if err != nil {
		return err
	}
	r, err := q.Applicaties.Update(q.r.Context(), q.beheerder(), q.r.PathValue("uuid"), q.ifMatch(), in, volledig)
	if err != nil {
		return err
	}
	q.noteApplicatie("application changed", r.ID.String())
	q.warnApplicatie(r)
	q.showApplicatie(http.StatusOK, r)
	return nil
}

func (q *verzoek) deleteApplicatie() error {
	id := q.r.PathValue("uuid")
	if err := q.Applicaties.Delete(q.r.Context(), q.beheerder(), id, q.ifMatch()); err != nil {
		return err
	}
	q.noteApplicatie("application deleted", id)
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

// ifMatch gives the header, several joined as one (RFC 9110 5.3).
func (q *verzoek) ifMatch() string { return strings.Join(q.r.Header.Values("If-Match"), ",") }

func (q *verzoek) noteApplicatie(what, id string) {
	q.Logger.Info(what, "applicatie", id, "door", q.besluit.ClientID, "organisatie", q.besluit.Organisatie)
}

// warnApplicatie tells whoever thinks of heeftAlleAutorisaties as everything that it is nothing here.
func (q *verzoek) warnApplicatie(r *autorisatie.Registratie) {
	if r.HeeftAlleAutorisaties {
		q.w.Header().Set("X-Waarschuwing", "heeftAlleAutorisaties telt hier niet; noem de scopes onder autorisaties")
	}
}

func (q *verzoek) showApplicatie(status int, r *autorisatie.Registratie) {
	b := schrijver{}
	q.applicatie(&b, r)
	q.w.Header().Set("ETag", r.ETag())
	q.json(status, b.b)
}

func (q *verzoek) applicatieURL() string { return q.URL + PadAutorisaties + "/applicaties/" }
