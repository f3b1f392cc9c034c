package api

import (
	"slices"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Query parameters of the lists. In _zoek the same names stand in the body, and the query holds at
// most a cursor.
var (
	parametersBewerking = []string{"objecttype", "soortObjectId", "objectId", "verwerkingId", "beginDatum", "eindDatum",
		"vertrouwelijkheid", "vertrouwelijkheid__in", "verwerkingsactiviteitId", "page", "pageSize", "cursor"}
	parametersInzage = []string{"objecttype", "soortObjectId", "objectId", "beginDatum", "eindDatum",
		"verwerkingsactiviteitId", "page", "pageSize", "cursor"}
	parametersCursor = []string{"cursor"}
)

// filterField points at the place of a single-valued parameter.
func filterField(f *verwerkingenlog.Filter, name string) *string {
	switch name {
	case "objecttype":
		return &f.Objecttype
	case "soortObjectId":
		return &f.SoortObjectID
	case "objectId":
		return &f.ObjectID
	case "verwerkingId":
		return &f.VerwerkingID
	case "beginDatum":
		return &f.BeginDatum
	case "eindDatum":
		return &f.EindDatum
	case "verwerkingsactiviteitId":
		return &f.VerwerkingsactiviteitID
	case "page":
		return &f.Page
	case "pageSize":
		return &f.PageSize
	}
	return nil
}

// filter reads the inquiry from the query. With a cursor nothing else may be there: the cursor holds
// the inquiry.
func (q *verzoek) filter() (f verwerkingenlog.Filter, cursor string, err error) {
	if cursor = q.query.Get("cursor"); q.query.Has("cursor") {
		switch {
		case cursor == "":
			return f, "", fout.Ongeldig(fout.Param{Name: "cursor", Code: "invalid", Reason: "Deze verwijzing naar een pagina is leeg; doe de opvraging opnieuw."})
		case len(q.query) > 1:
			return f, "", fout.Ongeldig(fout.Param{Name: "cursor", Code: "invalid", Reason: "Gebruik een cursor zonder andere parameters."})
		}
		return f, cursor, nil
	}
	for name, values := range q.query {
		if target := filterField(&f, name); target != nil {
			*target = values[0]
			continue
		}
		f.HasVertrouwelijkheid = true // vertrouwelijkheid, and its alias of F0143 (X08)
		f.Vertrouwelijkheid = append(f.Vertrouwelijkheid, values...)
	}
	return f, "", nil
}

// decodeFilter reads the inquiry of _zoek from the body. An unknown name is refused, as in a query:
// it would widen the result.
func (q *verzoek) decodeFilter(known []string) (f verwerkingenlog.Filter, err error) {
	params, err := decode(q.lichaam, q.MaxDiepte, func(l *lezer) error {
		return l.object(func(raw []byte) (err error) {
			name := string(raw)
			if name == "cursor" || name == "vertrouwelijkheid__in" || !slices.Contains(known, name) {
				l.add(safeName(name), "unknown-parameters", "Dit veld bestaat niet; controleer de schrijfwijze.")
				return l.dec.SkipValue()
			}
			target := filterField(&f, name)
			switch name {
			case "vertrouwelijkheid":
				return l.klassen(&f, name)
			case "page", "pageSize":
				*target, err = l.number(name)
			default:
				*target, err = l.text(name)
			}
			return err
		})
	})
	f.Vormfouten = params
	return f, err
}

// number reads a number as it is written; the rules say which ones will do.
func (l *lezer) number(name string) (string, error) {
	switch l.dec.PeekKind() {
	case '0':
		v, err := l.dec.ReadValue()
		return string(v), err
	case 'n':
	default:
		l.add(name, "invalid", "Geef hier een getal.")
	}
	return "", l.dec.SkipValue()
}

// klassen reads vertrouwelijkheid: one text or a list of them.
func (l *lezer) klassen(f *verwerkingenlog.Filter, name string) error {
	kind := l.dec.PeekKind()
	if kind == 'n' {
		return l.dec.SkipValue()
	}
	f.HasVertrouwelijkheid = true
	if kind == '"' {
		s, err := l.text(name)
		f.Vertrouwelijkheid = append(f.Vertrouwelijkheid, s)
		return err
	}
	_, err := l.list(name, func(k int) error {
		s, err := l.text(name + "." + strconv.Itoa(k))
		f.Vertrouwelijkheid = append(f.Vertrouwelijkheid, s)
		return err
	})
	return err
}
