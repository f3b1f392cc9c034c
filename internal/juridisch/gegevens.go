package juridisch

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
)

// Soort is a kind of legal data, as its files are called.
type Soort string

// The kinds.
const (
	Grondslagen    Soort = "grondslagen"    // AVG art. 6 lid 1
	Uitzonderingen Soort = "uitzonderingen" // AVG art. 9 lid 2 and 10, UAVG art. 22-33
	Beperkingen    Soort = "beperkingen"    // UAVG art. 41 lid 1
	Selectielijst  Soort = "selectielijst"  // Archiefwet 1995 art. 5
)

// Soorten are all kinds, in the order of the law.
func Soorten() []Soort { return []Soort{Grondslagen, Uitzonderingen, Beperkingen, Selectielijst} }

// enkelvoud is the word for one row of a kind, as an activity names it.
var enkelvoud = map[string]Soort{"grondslag": Grondslagen, "uitzondering": Uitzonderingen, "beperking": Beperkingen, "rij": Selectielijst}

// ParseSoort reads the name of a kind: that of its files, or the word for one of its rows.
func ParseSoort(s string) (Soort, bool) {
	if slices.Contains(Soorten(), Soort(s)) {
		return Soort(s), true
	}
	soort, ok := enkelvoud[s]
	return soort, ok
}

// Regel is what the rows of grounds, exceptions and restrictions have in common. Lengths are in characters.
type Regel struct {
	Code         string   `yaml:"code"`         // never changes: activities keep it
	Naam         string   `yaml:"naam"`         // 1..242
	Artikel      string   `yaml:"artikel"`      // 1..242
	Uitleg       string   `yaml:"uitleg"`       // plain Dutch, 1..2042
	LetOp        string   `yaml:"letOp"`        // ..2042
	OokBekendAls []string `yaml:"ookBekendAls"` // other spellings, for import
}

// Grondslag is a ground of AVG art. 6 lid 1.
type Grondslag struct {
	Regel            `yaml:",inline"`
	ToelichtingNodig bool `yaml:"toelichtingNodig"` // an activity on this ground must name the law
}

// The kinds of data an exception is for.
const (
	VoorBijzonder       = "bijzonder"       // AVG art. 9
	VoorStrafrechtelijk = "strafrechtelijk" // AVG art. 10
)

// Uitzondering says when special or criminal data may be processed all the same.
type Uitzondering struct {
	Regel `yaml:",inline"`
	Voor  []string `yaml:"voor"` // Voor constants, at least one
}

// Beperking is a reason not to tell someone (yet) that their data were processed.
type Beperking struct {
	Regel `yaml:",inline"`
}

// How a row of a selectielijst values what it is about.
const (
	Vernietigen = "vernietigen"
	Bewaren     = "bewaren"
)

// Rij is a row of a selectielijst.
type Rij struct {
	Nummer       string `yaml:"nummer"`       // 1..50
	Omschrijving string `yaml:"omschrijving"` // 1..2042
	Waardering   string `yaml:"waardering"`   // Vernietigen or Bewaren
	Termijn      string `yaml:"termijn"`      // ISO 8601 duration in whole days or more; with Vernietigen only
	Lijst        string `yaml:"lijst"`        // which list, 1..242
	Voorbeeld    bool   `yaml:"voorbeeld"`    // came along with the program, and decides nothing
}

// Controle tells who looked at a file as a lawyer, and when.
type Controle struct {
	Door string `yaml:"door"` // 1..242
	Op   string `yaml:"op"`   // day
}

// Bestand tells of a file where its rows come from.
type Bestand struct {
	Naam        string // of the file
	Soort       Soort
	Vanaf       string    // first day
	Bron        string    // what the texts rest on
	Toelichting string    // about the file as a whole
	Nagekeken   *Controle // nil: by nobody yet
	Laag        int       // which of the sources of Laad it came from, from 0
	Vinger      string    // SHA-256 of what is in it, in hex
	Regels      int       // number of rows
	Voorbeelden int       // how many of those are examples
}

// inhoud is a file that was read.
type inhoud struct {
	Bestand
	grondslagen    []Grondslag
	uitzonderingen []Uitzondering
	beperkingen    []Beperking
	rijen          []Rij
	woorden        woorden
}

// Gegevens are all legal data that were loaded.
type Gegevens struct {
	per map[Soort][]*inhoud // by Vanaf
}

//go:embed bestanden/*.yaml
var meegeleverd embed.FS

// Ingebouwd gives the files that come with the program.
func Ingebouwd() fs.FS {
	sub, err := fs.Sub(meegeleverd, "bestanden")
	if err != nil {
		panic("embedded legal data: " + err.Error())
	}
	return sub
}

// Bestanden tells of every file, by kind and day.
func (g *Gegevens) Bestanden() (uit []Bestand) {
	for _, s := range Soorten() {
		for _, i := range g.per[s] {
			uit = append(uit, i.Bestand)
		}
	}
	return uit
}

// Op gives what holds on a day ("2006-01-02"): of each kind the newest file not after it. Before the first file that
// one holds, as nothing older is known.
func (g *Gegevens) Op(dag string) *Stand {
	s := &Stand{per: map[Soort]*inhoud{}}
	for soort, lijst := range g.per {
		k, gevonden := slices.BinarySearchFunc(lijst, dag, func(i *inhoud, dag string) int { return cmp.Compare(i.Vanaf, dag) })
		if !gevonden {
			k--
		}
		s.per[soort] = lijst[max(k, 0)]
	}
	return s
}

// Bestaat tells whether a kind has a code on a day, or a selectielijst a number.
func (g *Gegevens) Bestaat(soort, code, dag string) bool { return g.Op(dag).Bestaat(soort, code) }

// ToelichtingNodig tells whether an activity on this ground must name the law. Nothing asks it of an unknown ground.
func (g *Gegevens) ToelichtingNodig(code, dag string) bool {
	r, _ := g.Op(dag).Grondslag(code)
	return r.ToelichtingNodig
}
