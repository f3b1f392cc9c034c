package api

import (
	"net/http"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// routesInzage is the Inzage API (rules 4), with the extensions _zoek and overzicht.
var routesInzage = []route{
	{"/verwerkte-objecten", []operatie{
		{"GET", holds(autorisatie.ComponentInzage, "read"), false, parametersInzage, (*verzoek).listObjecten},
	}},
	{"/verwerkte-objecten/_zoek", []operatie{
		{"POST", holds(autorisatie.ComponentInzage, "read"), true, nil, (*verzoek).searchObjecten},
		{"GET", holds(autorisatie.ComponentInzage, "read"), false, parametersCursor, (*verzoek).continueObjecten},
	}},
	{padOverzicht, []operatie{
		{"POST", holds(autorisatie.ComponentInzage, "read"), true, nil, (*verzoek).showOverzicht},
	}},
	{"/verwerkte-objecten/{verwerktObjectId}", []operatie{
		{"GET", holds(autorisatie.ComponentInzage, "read"), false, nil, (*verzoek).getObject},
	}},
}

// listObjecten is GET list (F4086, F2008).
func (q *verzoek) listObjecten() error {
	f, cursor, err := q.filter()
	if err != nil {
		return err
	}
	return q.showObjecten(&f, cursor)
}

// searchObjecten is the same inquiry with its filter in the body.
func (q *verzoek) searchObjecten() error {
	f, err := q.decodeFilter(parametersInzage)
	if err != nil {
		return err
	}
	return q.showObjecten(&f, "")
}

// continueObjecten gives the next page of a search.
func (q *verzoek) continueObjecten() error {
	cursor, err := q.cursorOnly()
	if err != nil {
		return err
	}
	return q.showObjecten(nil, cursor)
}

// showObjecten asks for the headers once an inquiry: a next page belongs to one that was logged.
func (q *verzoek) showObjecten(f *verwerkingenlog.Filter, cursor string) error {
	d, err := q.doorgave(cursor == "" && q.Log.InzageVerplicht(q.aanroeper.Organisatie))
	if err != nil {
		return err
	}
	p, err := q.Log.ListInzage(q.r.Context(), &q.aanroeper, f, cursor, d)
	if err != nil {
		return err
	}
	q.Meting.Inquired(q.api, "lijst")
	return q.pagina(p, q.inzage)
}

// getObject is GET by id.
func (q *verzoek) getObject() error {
	d, err := q.doorgave(q.Log.InzageVerplicht(q.aanroeper.Organisatie))
	if err != nil {
		return err
	}
	r, err := q.Log.GetInzage(q.r.Context(), &q.aanroeper, q.r.PathValue("verwerktObjectId"), d)
	if err != nil {
		return err
	}
	q.Meting.Inquired(q.api, "enkel")
	b := schrijver{b: make([]byte, 0, 2048)}
	q.server.inzage(&b, r)
	q.json(http.StatusOK, b.b)
	return nil
}
