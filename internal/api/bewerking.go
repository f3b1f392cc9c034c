package api

import (
	"net/http"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// routesBewerking is the Bewerking API (rules 3), with the extensions _zoek and versies.
var routesBewerking = []route{
	{"/verwerkingsacties", []operatie{
		{"GET", holds(autorisatie.ComponentBewerking, "read"), false, parametersBewerking, (*verzoek).listActies},
		// A known client may log what is not confidential; Create asks the rest.
		{"POST", func(*autorisatie.Besluit) bool { return true }, true, nil, (*verzoek).createActie},
		{"PATCH", holds(autorisatie.ComponentBewerking, "update"), true, []string{"verwerkingId"}, (*verzoek).updateVerwerking},
	}},
	{padBulk, []operatie{
		// As one POST for each line.
		{"POST", func(*autorisatie.Besluit) bool { return true }, false, nil, (*verzoek).createStroom},
	}},
	{"/verwerkingsacties/_zoek", []operatie{
		{"POST", holds(autorisatie.ComponentBewerking, "read"), true, nil, (*verzoek).searchActies},
		{"GET", holds(autorisatie.ComponentBewerking, "read"), false, parametersCursor, (*verzoek).continueActies},
	}},
	{"/verwerkingsacties/{actieId}", []operatie{
		{"GET", holds(autorisatie.ComponentBewerking, "read"), false, nil, (*verzoek).getActie},
		{"PUT", holds(autorisatie.ComponentBewerking, "update"), true, nil, (*verzoek).replaceActie},
		{"DELETE", holds(autorisatie.ComponentBewerking, "delete"), false, nil, (*verzoek).deleteActie},
	}},
	{"/verwerkingsacties/{actieId}/versies", []operatie{
		{"GET", func(b *autorisatie.Besluit) bool { return b.Mag(autorisatie.ComponentBewerking, "audit:read") }, false, nil, (*verzoek).listVersies},
	}},
	{padBewijs, []operatie{
		// A known client may ask for what it logged itself; Ontvangst asks the rest.
		{"GET", bekend, false, []string{"versie"}, (*verzoek).ontvangst},
	}},
}

// bekend is the right of every client that has proved who it is.
func bekend(b *autorisatie.Besluit) bool { return b != nil && b.ClientID != "" }

// createActie is POST (F7446, F6624).
func (q *verzoek) createActie() error {
	key, err := idempotencyKey(q.r.Header.Values("Idempotency-Key"))
	if err != nil {
		return err
	}
	in, params, err := q.decodeActie()
	if err != nil {
		return err
	}
	if params != nil {
		_, more := in.Validate(false)
		return fout.Ongeldig(merge(params, more)...)
	}
	caller, err := q.callerFor(in)
	if err != nil {
		return err
	}
	v, err := q.Log.Create(q.r.Context(), caller, in, key, q.lichaam)
	if err != nil {
		return err
	}
	q.Meting.Accepted("POST", 1)
	q.w.Header().Set("Location", q.actieURL()+v.ActieID.String())
	q.showActie(http.StatusCreated, v)
	return nil
}

// merge adds what the rules find wrong to what could not be decoded, each name once.
func merge(params, more []fout.Param) []fout.Param {
	seen := make(map[string]bool, len(params))
	for _, p := range params {
		seen[p.Name] = true
	}
	for _, p := range more {
		if !seen[p.Name] {
			params = append(params, p)
		}
	}
	return params
}

func (q *verzoek) showActie(status int, v *verwerkingenlog.Versie) {
	b := schrijver{b: make([]byte, 0, 2048)}
	q.actie(&b, v)
	q.w.Header().Set("ETag", v.ETag())
	q.json(status, b.b)
}

// idempotencyKey checks the header: 1 to 128 visible ASCII characters, once.
func idempotencyKey(values []string) (string, error) {
	if len(values) == 0 {
		return "", nil
	}
	ok := len(values) == 1 && len(values[0]) >= 1 && len(values[0]) <= 128
	for k := 0; ok && k < len(values[0]); k++ {
		ok = values[0][k] > ' ' && values[0][k] < 0x7f
	}
	if !ok {
		return "", fout.Ongeldig(fout.Param{Name: "Idempotency-Key", Code: "invalid", Reason: "Geef één sleutel van 1 tot en met 128 zichtbare tekens, zoals een UUID."})
	}
	return values[0], nil
}

// doorgave reads the propagation headers of an inquiry.
func (q *verzoek) doorgave(verplicht bool) (verwerkingenlog.Doorgave, error) {
	return verwerkingenlog.ParseDoorgave(func(name string) []string { return q.r.Header[name] }, verplicht)
}

// listActies is GET list (F9787, F2525, F0143).
func (q *verzoek) listActies() error {
	f, cursor, err := q.filter()
	if err != nil {
		return err
	}
	return q.showActies(&f, cursor)
}

// searchActies is the same inquiry with its filter in the body.
func (q *verzoek) searchActies() error {
	f, err := q.decodeFilter(parametersBewerking)
	if err != nil {
		return err
	}
	return q.showActies(&f, "")
}

// continueActies gives the next page of a search.
func (q *verzoek) continueActies() error {
	cursor, err := q.cursorOnly()
	if err != nil {
		return err
	}
	return q.showActies(nil, cursor)
}

func (q *verzoek) cursorOnly() (string, error) {
	_, cursor, err := q.filter()
	if err == nil && cursor == "" {
		err = fout.Ongeldig(fout.Param{Name: "cursor", Code: "required", Reason: "Zoek met POST; een GET op dit adres geeft alleen een volgende pagina."})
	}
	return cursor, err
}

func (q *verzoek) showActies(f *verwerkingenlog.Filter, cursor string) error {
	d, err := q.doorgave(false)
	if err != nil {
		return err
	}
	p, err := q.Log.List(q.r.Context(), &q.aanroeper, f, cursor, d)
	if err != nil {
		return err
	}
	q.Meting.Inquired(q.api, "lijst")
	return q.pagina(p, func(b *schrijver, r *verwerkingenlog.Regel) { q.actie(b, r.Versie) })
}

// getActie is GET by id.
func (q *verzoek) getActie() error {
	d, err := q.doorgave(false)
	if err != nil {
		return err
	}
	v, err := q.Log.Get(q.r.Context(), &q.aanroeper, q.r.PathValue("actieId"), q.r.Header.Get("If-Match"), d)
	if err != nil {
		return err
	}
	q.Meting.Inquired(q.api, "enkel")
	q.showActie(http.StatusOK, v)
	return nil
}

// replaceActie is PUT (F8316, F3835).
func (q *verzoek) replaceActie() error {
	in, params, err := q.decodeActie()
	if err != nil {
		return err
	}
	if params != nil {
		_, more := in.Validate(true)
		return fout.Ongeldig(merge(params, more)...)
	}
	v, err := q.Log.Replace(q.r.Context(), &q.aanroeper, q.r.PathValue("actieId"), in, q.r.Header.Get("If-Match"), q.toelichting())
	if err != nil {
		return err
	}
	q.Meting.Accepted("PUT", 1)
	q.showActie(http.StatusOK, v)
	return nil
}

func (q *verzoek) toelichting() string { return q.r.Header.Get("X-Audit-Toelichting") }

// updateVerwerking is PATCH (F2969, F4415).
func (q *verzoek) updateVerwerking() error {
	w, params, err := q.decodeWijziging()
	if err != nil {
		return err
	}
	if params != nil {
		return fout.Ongeldig(params...)
	}
	n, err := q.Log.UpdateVerwerking(q.r.Context(), &q.aanroeper, q.query.Get("verwerkingId"), w, q.toelichting())
	if err != nil {
		return err
	}
	q.Meting.Accepted("PATCH", n)
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

// deleteActie is DELETE (F9906, F2265).
func (q *verzoek) deleteActie() error {
	err := q.Log.Delete(q.r.Context(), &q.aanroeper, q.r.PathValue("actieId"), q.r.Header.Get("If-Match"), q.toelichting())
	if err != nil {
		return err
	}
	q.Meting.Accepted("DELETE", 1)
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

// listVersies is the history, for auditors.
func (q *verzoek) listVersies() error {
	d, err := q.doorgave(false)
	if err != nil {
		return err
	}
	versies, err := q.Log.History(q.r.Context(), &q.aanroeper, q.r.PathValue("actieId"), d)
	if err != nil {
		return err
	}
	q.Meting.Inquired(q.api, "versies")
	b := schrijver{b: make([]byte, 0, 512+2048*len(versies))}
	b.open().key("count").getal(len(versies)).key("results").openList()
	for _, v := range versies {
		b.next()
		q.versie(&b, v)
	}
	b.closeList().close()
	q.json(http.StatusOK, b.b)
	return nil
}
