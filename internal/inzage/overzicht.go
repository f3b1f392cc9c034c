package inzage

import (
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Overzicht is a page of what was done with data about a citizen.
type Overzicht struct {
	Organisatie string
	Filter      Filter
	Moment      time.Time // of the look: what was logged by then is here; zero: not known
	Grof        bool      // for somebody who is protected: see Grof
	Aantal      int       // lines of the whole list
	Vooraf      int       // lines of it before this page
	Maanden     []Maand   // of the whole list, newest first
	Delen       []Deel    // of this page, newest first

	// Zoekt: lines are kept by their content. Then Aantal is of this page alone, there are no months, and a page may hold less than there is room
	// for, or nothing, while Volgende is set.
	Zoekt        bool
	Organisaties []Partij // that the citizen met in this session, and the one of Filter, by name: to choose from

	Hier, Vorige, Volgende string // cursors; "" at the ends, and where there is nothing
}

// Maand is how many lines there are in a calendar month.
type Maand struct {
	Begin  time.Time // first moment of it, in Europe/Amsterdam
	Aantal int
	Cursor string // of the page that begins with it
}

// Deel is what stands on a page of one month.
type Deel struct {
	Maand   time.Time // first moment of it
	Groepen []Groep
	Eigen   []Gebruik // the looks of the citizen, newest first
	Blikken int       // how many looks these are: one is logged twice
}

// Groep is one verwerking, as far as it stands on this page in this month; an actie without a verwerking is one of its own.
type Groep struct {
	Naam            string    // of the verwerking, or of its only actie
	Gebruik         []Gebruik // newest first, at least one
	Eerste, Laatste time.Time
}

// overzicht puts a page of the log in months and verwerkingen.
func (v *vertaler) overzicht(w *inwoner.Inwoner, f Filter, p *verwerkingenlog.Pagina, moment time.Time) *Overzicht {
	o := &Overzicht{Organisatie: w.Organisatie, Filter: f, Moment: moment, Grof: w.Beschermd, Aantal: p.Count, Vooraf: p.Vooraf, Hier: p.Hier, Vorige: p.Previous, Volgende: p.Next}
	for _, m := range p.Maanden {
		o.Maanden = append(o.Maanden, Maand(m))
	}
	var plek map[uuid.UUID]int // of a verwerking in the last Deel
	var blikken map[uuid.UUID]bool
	for k := range p.Regels {
		g := v.gebruik(&p.Regels[k])
		maand := maandVan(g.Moment)
		if n := len(o.Delen); n == 0 || !o.Delen[n-1].Maand.Equal(maand) {
			o.Delen = append(o.Delen, Deel{Maand: maand})
			plek, blikken = map[uuid.UUID]int{}, map[uuid.UUID]bool{}
		}
		d := &o.Delen[len(o.Delen)-1]
		if g.Eigen {
			d.Eigen = append(d.Eigen, g)
			if !blikken[g.verwerking] {
				blikken[g.verwerking] = true
				d.Blikken++
			}
			continue
		}
		if n, ok := plek[g.verwerking]; ok && g.verwerking != uuid.Nil {
			d.Groepen[n].add(g)
			continue
		}
		plek[g.verwerking] = len(d.Groepen)
		groep := Groep{Naam: g.Verwerking, Laatste: g.Moment}
		if groep.Naam == "" {
			groep.Naam = g.Actie
		}
		groep.add(g)
		d.Groepen = append(d.Groepen, groep)
	}
	return o
}

// add adds an older actie.
func (g *Groep) add(een Gebruik) {
	g.Gebruik = append(g.Gebruik, een)
	g.Eerste = een.Moment
}
