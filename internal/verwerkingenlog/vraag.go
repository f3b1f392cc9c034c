package verwerkingenlog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Filter is an inquiry as sent, in the query or in the body of _zoek: texts by parameter name, not
// yet checked. Names that the API does not know are refused before this.
type Filter struct {
	Objecttype              string
	SoortObjectID           string
	ObjectID                string
	VerwerkingID            string // extension X19, Bewerking only
	BeginDatum, EindDatum   string
	Vertrouwelijkheid       []string // each may hold a comma list (X08)
	HasVertrouwelijkheid    bool
	VerwerkingsactiviteitID string
	Page, PageSize          string

	Vormfouten []fout.Param // what could not be read at all; reported with the rest
}

// vraag is an inquiry that was checked.
type vraag struct {
	persoon        VerwerktObject // the searched person; empty when verwerking is set
	verwerking     uuid.UUID
	periode        Periode
	klassen        Klassen
	activiteit     uuid.UUID
	pagina, omvang int
}

// parse checks a filter. inzage asks for the period and knows no verwerkingId and vertrouwelijkheid.
func (f *Filter) parse(inzage bool, omvang, maxOmvang int) (vraag, []fout.Param) {
	var c controle
	q := vraag{klassen: AlleKlassen, pagina: 1, omvang: omvang}
	if f.VerwerkingID != "" && f.Objecttype == "" && f.SoortObjectID == "" && f.ObjectID == "" {
		q.verwerking = c.uuid("verwerkingId", f.VerwerkingID)
	} else {
		if f.VerwerkingID != "" {
			c.add("verwerkingId", "invalid", "Zoek op een persoon of op een verwerkingId, niet op beide tegelijk.")
		}
		q.persoon = VerwerktObject{
			Objecttype:    c.objecttype("objecttype", f.Objecttype),
			SoortObjectID: c.required("soortObjectId", f.SoortObjectID, MaxNaam),
			ObjectID:      c.required("objectId", f.ObjectID, MaxIdentificator),
		}
	}
	q.periode = c.periode(f, inzage)
	if f.HasVertrouwelijkheid {
		q.klassen = 0
		for _, list := range f.Vertrouwelijkheid {
			for s := range strings.SplitSeq(list, ",") {
				v, ok := ParseVertrouwelijkheid(strings.TrimSpace(s))
				if !ok {
					c.add("vertrouwelijkheid", "invalid_choice", "Kies normaal, vertrouwelijk, opgeheven of een combinatie daarvan.")
					break
				}
				q.klassen = q.klassen.With(v)
			}
		}
		if len(f.Vertrouwelijkheid) == 0 {
			c.add("vertrouwelijkheid", "invalid_choice", "Kies normaal, vertrouwelijk, opgeheven of een combinatie daarvan.")
		}
	}
	q.activiteit = c.uuid("verwerkingsactiviteitId", f.VerwerkingsactiviteitID)
	if f.Page != "" {
		q.pagina = c.number("page", f.Page, 1<<30)
	}
	if f.PageSize != "" {
		q.omvang = c.number("pageSize", f.PageSize, maxOmvang)
	}
	return q, append(slices.Clone(f.Vormfouten), slices.DeleteFunc(c.params, func(p fout.Param) bool {
		return slices.ContainsFunc(f.Vormfouten, func(v fout.Param) bool { return v.Name == p.Name })
	})...)
}

func (c *controle) periode(f *Filter, verplicht bool) (p Periode) {
	day := func(name, s string) (int64, bool) {
		if s == "" {
			if verplicht {
				c.add(name, "required", "Geef een periode: een begindatum en een einddatum.")
			}
			return 0, false
		}
		d, ok := ParseDatum(s)
		if !ok {
			c.add(name, "invalid", "Geef een datum als jjjj-mm-dd.")
		}
		return int64(d), ok
	}
	p.Begin, p.HasBegin = day("beginDatum", f.BeginDatum)
	p.Eind, p.HasEind = day("eindDatum", f.EindDatum)
	if p.HasBegin && p.HasEind && p.Eind <= p.Begin {
		c.add("eindDatum", "invalid", "De einddatum telt zelf niet mee en moet na de begindatum liggen.")
	}
	return p
}

func (c *controle) number(name, s string, max int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > max {
		c.add(name, "invalid", "Geef een geheel getal van 1 tot en met "+strconv.Itoa(max)+".")
		return 1
	}
	return n
}
