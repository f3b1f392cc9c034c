package activiteit

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// The kinds of documents. They are part of what is sealed, and never change their name.
const (
	soortActiviteit        kast.Soort = "activiteit"
	soortKoppeling         kast.Soort = "koppeling"
	soortLevering          kast.Soort = "levering"
	soortLoggrond          kast.Soort = "loggrond"
	soortVerantwoordelijke kast.Soort = "verantwoordelijke"
	soortInvoer            kast.Soort = "invoer"
)

// wachtend is an import that was uploaded and not confirmed; its content is the bijlage, once it was read.
type wachtend struct {
	ID    uuid.UUID     `json:"-"`
	Stand int64         `json:"-"`
	Door  beheerlog.Wie `json:"door"`
	Tot   time.Time     `json:"tot"`
	Keuze string        `json:"keuze,omitzero"` // what was chosen for it, as whoever keeps it writes that
	Werk  *Werk         `json:"werk,omitzero"`  // what is being done with it, or was
}

// Plaats and Uniek implement kast.Document. Of a loggrond and a verantwoordelijke there is one, whose id is zero.
func (a *Activiteit) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortActiviteit, ID: a.ID, Versie: a.Stand}
}
func (k *Koppeling) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortKoppeling, ID: k.ID, Versie: k.Stand}
}
func (l *Levering) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortLevering, ID: l.ID, Versie: l.Stand}
}
func (l *Loggrond) Plaats() kast.Plaats { return kast.Plaats{Soort: soortLoggrond, Versie: l.Stand} }
func (v *Verantwoordelijke) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortVerantwoordelijke, Versie: v.Stand}
}
func (w *wachtend) Plaats() kast.Plaats {
	return kast.Plaats{Soort: soortInvoer, ID: w.ID, Versie: w.Stand}
}

// Uniek is what no other of the kind may have.
func (*Activiteit) Uniek() string        { return "" }
func (k *Koppeling) Uniek() string       { return k.Applicatie + "\x00" + k.Functie }
func (*Levering) Uniek() string          { return "" } // depends on days
func (*Loggrond) Uniek() string          { return "" }
func (*Verantwoordelijke) Uniek() string { return "" }
func (*wachtend) Uniek() string          { return "" }

// stand is everything of an organisation; never changed once published.
type stand struct {
	activiteiten      map[uuid.UUID]*Activiteit
	koppelingen       map[uuid.UUID]*Koppeling
	leveringen        map[uuid.UUID]*Levering
	loggrond          *Loggrond          // nil: none
	verantwoordelijke *Verantwoordelijke // nil: none
	invoer            map[uuid.UUID]*wachtend

	maakIndex sync.Once
	index     index
}

var vorm = kast.Vorm[*stand]{
	Leeg: func() *stand {
		return &stand{
			activiteiten: map[uuid.UUID]*Activiteit{}, koppelingen: map[uuid.UUID]*Koppeling{}, leveringen: map[uuid.UUID]*Levering{},
			invoer: map[uuid.UUID]*wachtend{},
		}
	},
	Kopie: func(t *stand) *stand {
		return &stand{
			activiteiten: maps.Clone(t.activiteiten), koppelingen: maps.Clone(t.koppelingen), leveringen: maps.Clone(t.leveringen),
			loggrond: t.loggrond, verantwoordelijke: t.verantwoordelijke, invoer: maps.Clone(t.invoer),
		}
	},
	Nieuw: func(oin string, p kast.Plaats) kast.Document {
		switch p.Soort {
		case soortActiviteit:
			return &Activiteit{ID: p.ID, OIN: oin, Stand: p.Versie}
		case soortKoppeling:
			return &Koppeling{ID: p.ID, Stand: p.Versie}
		case soortLevering:
			return &Levering{ID: p.ID, Stand: p.Versie}
		case soortLoggrond:
			return &Loggrond{Stand: p.Versie}
		case soortVerantwoordelijke:
			return &Verantwoordelijke{Stand: p.Versie}
		case soortInvoer:
			return &wachtend{ID: p.ID, Stand: p.Versie}
		}
		return nil
	},
	Zet: func(t *stand, d kast.Document) {
		switch d := d.(type) {
		case *Activiteit:
			t.activiteiten[d.ID] = d
		case *Koppeling:
			t.koppelingen[d.ID] = d
		case *Levering:
			t.leveringen[d.ID] = d
		case *Loggrond:
			t.loggrond = d
		case *Verantwoordelijke:
			t.verantwoordelijke = d
		case *wachtend:
			t.invoer[d.ID] = d
		}
	},
	HaalWeg: func(t *stand, d kast.Document) {
		switch p := d.Plaats(); p.Soort {
		case soortActiviteit:
			delete(t.activiteiten, p.ID)
		case soortKoppeling:
			delete(t.koppelingen, p.ID)
		case soortLevering:
			delete(t.leveringen, p.ID)
		case soortInvoer:
			delete(t.invoer, p.ID)
		}
	},
}

// index is what is looked up in a stand; made when first asked.
type index struct {
	opNaam   []*vindbaar
	functie  map[[2]string]*Koppeling
	levering map[[3]string][]*Levering
}

// vindbaar is an activity with the words that it is found and sorted by.
type vindbaar struct {
	*Activiteit
	naam    string
	vast    string // words of the last definite version
	publiek string // those of them that anybody may read
	concept string // words of the concept
}

// zoekindex gives the index of a stand that is published.
func (t *stand) zoekindex() *index {
	t.maakIndex.Do(func() {
		x := index{
			opNaam: make([]*vindbaar, 0, len(t.activiteiten)), functie: make(map[[2]string]*Koppeling, len(t.koppelingen)),
			levering: make(map[[3]string][]*Levering, len(t.leveringen)),
		}
		for _, a := range t.activiteiten {
			x.opNaam = append(x.opNaam, newVindbaar(a))
		}
		slices.SortFunc(x.opNaam, vergelijk)
		for _, k := range t.koppelingen {
			x.functie[[2]string{k.Applicatie, k.Functie}] = k
		}
		for _, l := range t.leveringen {
			x.levering[l.sleutel()] = append(x.levering[l.sleutel()], l)
		}
		t.index = x
	})
	return &t.index
}

func newVindbaar(a *Activiteit) *vindbaar {
	v := &vindbaar{Activiteit: a, naam: vouw(a.Actueel().Naam)}
	if w := a.Laatste(); w != nil {
		v.vast, v.publiek = w.woorden(), w.publiek()
	}
	if a.Concept != nil {
		v.concept = a.Concept.woorden()
	}
	return v
}

// vergelijk puts activities in order of their names, and those of one name in some fixed order.
func vergelijk(a, b *vindbaar) int {
	return cmp.Or(strings.Compare(a.naam, b.naam), strings.Compare(a.OIN, b.OIN), slices.Compare(a.ID[:], b.ID[:]))
}

// woorden is the text in which words are looked for.
func (i *Inhoud) woorden() string {
	return i.publiek() + "\n" + vouw(i.GedelegeerdVerantwoordelijke+"\n"+i.Proceseigenaar)
}

// publiek is what of it anybody may read: who searches must not find out what else is said.
func (i *Inhoud) publiek() string {
	delen := []string{i.Naam, i.Nummer, i.Categorie, i.VerantwoordelijkeBestuursorgaan, i.Doel, i.Herkomst}
	delen = append(delen, i.Betrokkenen...)
	delen = append(delen, i.Ontvangers...)
	for _, p := range i.Persoonsgegevens {
		delen = append(delen, p.Naam)
	}
	for _, v := range i.Verwerkers {
		delen = append(delen, v.Naam)
	}
	return vouw(strings.Join(delen, "\n"))
}
