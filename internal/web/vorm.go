package web

import (
	"fmt"
	"strings"
)

// vorm is the kind of value a field has, in plain Dutch.
type vorm struct {
	Tekst   string
	Schema  *verwijzing // when the value is an object or a list of objects
	Waarden []string    // when only these values can be
	Grens   string      // lengths, bounds and default
}

// gewoon names the kinds that need no more than a word.
var gewoon = map[string]string{
	"uuid": "uuid", "uri": "adres", "date": "datum", "date-time": "moment", "duration": "termijn",
	"integer": "getal", "boolean": "ja of nee", "string": "tekst",
}

func (l lezer) vorm(s bronSchema) vorm {
	nullable := s.Nullable
	for s.Ref != "" || len(s.AllOf) == 1 {
		if s.Ref == "" {
			s = s.AllOf[0]
			continue
		}
		if l.isObject(s) {
			return vorm{Schema: l.verwijs(s)}
		}
		s, _ = l.doc.Components.Schemas.get(naamVan(s.Ref))
	}
	if s.Type == "array" {
		v := l.vorm(*s.Items)
		if v.Tekst = "lijst van " + v.Tekst; len(v.Waarden) > 0 {
			v.Tekst = "een of meer"
		}
		return v
	}
	v := vorm{Tekst: s.Vorm, Waarden: s.Waarden}
	for _, naam := range []string{s.Format, s.Type} {
		if v.Tekst == "" {
			v.Tekst = gewoon[naam]
		}
	}
	if len(s.Enum) > 0 {
		v.Tekst, v.Waarden = "keuze", s.Enum
	}
	switch {
	case s.MaxLength != nil:
		v.Grens = fmt.Sprintf("hoogstens %d tekens", *s.MaxLength)
	case s.Minimum != nil && s.Maximum != nil:
		v.Grens = fmt.Sprintf("%d tot en met %d", *s.Minimum, *s.Maximum)
	case s.Minimum != nil:
		v.Grens = fmt.Sprintf("vanaf %d", *s.Minimum)
	}
	if s.Default != "" {
		v.Grens = aan(v.Grens, "standaard "+s.Default)
	}
	if nullable && !strings.Contains(v.Tekst, "leeg") {
		v.Grens = aan(v.Grens, "kan leeg zijn")
	}
	return v
}

func aan(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}
