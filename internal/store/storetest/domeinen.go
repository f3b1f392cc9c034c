package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// RunDomeinen is the suite of veilige domeinen on a store with two nodes. open is as of RunBescherming.
func RunDomeinen(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander KastKnoop)) {
	for naam, f := range map[string]func(*domeinproef){
		"two open it, and one closes it":              (*domeinproef).opent,
		"what is sensitive takes a reason, or is not": (*domeinproef).gevoelig,
		"what is not right any more falls out":        (*domeinproef).vervalt,
		"a proposal is refused, taken back, and ages": (*domeinproef).voorstel,
		"who may not is refused":                      (*domeinproef).rechten,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			p := &domeinproef{T: t, nu: Start, log: beheerlog.NewLog(ander.Log, sleutels, time.Now), register: register{}}
			for naam, id := range taken {
				p.register[id] = &activiteit.Versie{Inhoud: activiteit.Inhoud{Naam: naam}}
			}
			p.register[taken["gezin"]].Persoonsgegevens = []activiteit.Persoonsgegeven{{Naam: "klachten", Soort: activiteit.SoortBijzonder}}
			p.register[taken["geheim"]].Vertrouwelijkheid = activiteit.Vertrouwelijk
			maak := func(k KastKnoop) *domein.Domeinen {
				d, err := domein.Open(bg, domein.Opties{
					Opslag: k.Opslag, Sleutels: sleutels, Organisaties: []string{A, B}, Activiteiten: p.register, Nu: func() time.Time { return p.nu },
					Eigen: func(string) []uuid.UUID { return []uuid.UUID{taken["kijken"]} }, Meld: func(err error) { t.Error(err) },
				})
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			p.hier, p.daar = maak(een), maak(ander)
			f(p)
			if _, err := p.log.Controle(bg, A); err != nil {
				t.Error(err)
			}
		})
	}
}

// register is a register of activities: what holds, without days.
type register map[uuid.UUID]*activiteit.Versie

func (r register) Bekend(_ string, id uuid.UUID, _ time.Time) (*activiteit.Versie, bool) {
	v, ok := r[id]
	return v, ok
}

type domeinproef struct {
	*testing.T
	nu         time.Time
	hier, daar *domein.Domeinen
	register   register
	log        *beheerlog.Log
}

// taken are activities by name.
var taken = map[string]uuid.UUID{
	"busvervoer": uuid.MustParse("00000000-0000-4000-8000-000000000201"), "afvalpas": uuid.MustParse("00000000-0000-4000-8000-000000000202"),
	"gezin": uuid.MustParse("00000000-0000-4000-8000-000000000203"), "geheim": uuid.MustParse("00000000-0000-4000-8000-000000000204"),
	"kijken": uuid.MustParse("00000000-0000-4000-8000-000000000205"), "jeugdhulp": uuid.MustParse("00000000-0000-4000-8000-000000000206"),
}

func vervoer(activiteiten ...domein.Activiteit) domein.Inhoud {
	return domein.Inhoud{Naam: "Leerlingenvervoer", Uitleg: "De bus naar school.", Voor: []inwoner.NamensSoort{inwoner.Ouder}, Activiteiten: activiteiten}
}

func (p *domeinproef) stel(in domein.Inhoud) uuid.UUID {
	p.Helper()
	id, err := p.hier.StelVoor(bg, anja, uuid.Nil, 0, in)
	if err != nil {
		p.Fatal(err)
	}
	p.ververs()
	return id
}

func (p *domeinproef) ververs() {
	p.Helper()
	for _, d := range []*domein.Domeinen{p.hier, p.daar} {
		if err := d.Refresh(bg); err != nil {
			p.Fatal(err)
		}
	}
}

// goed has the second officer approve, on the other node.
func (p *domeinproef) goed(id uuid.UUID) {
	p.Helper()
	if err := p.daar.Beslis(bg, boris, id, p.versie(id), true, ""); err != nil {
		p.Fatal(err)
	}
	p.ververs()
}

func (p *domeinproef) versie(id uuid.UUID) int64 {
	p.Helper()
	d, err := p.daar.Een(anja, id)
	if err != nil {
		p.Fatal(err)
	}
	return d.Versie
}

// open wants these activities open for parents, on both nodes, and nothing for others.
func (p *domeinproef) open(want ...string) {
	p.Helper()
	for naam, d := range map[string]*domein.Domeinen{"here": p.hier, "there": p.daar} {
		var got []uuid.UUID
		for _, o := range d.Open(A, inwoner.Ouder) {
			got = append(got, o.Activiteiten()...)
		}
		ids := []uuid.UUID{}
		for _, w := range want {
			ids = append(ids, taken[w])
		}
		slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(got, ids) {
			p.Errorf("%s %v is open, want %v", naam, got, want)
		}
		if n := len(d.Open(A, inwoner.Curator)) + len(d.Open(A, inwoner.Onderneming)) + len(d.Open(B, inwoner.Ouder)); n != 0 {
			p.Errorf("%s %d are open for others", naam, n)
		}
	}
}

func (p *domeinproef) weigert(want fout.Code, err error) {
	p.Helper()
	if fout.CodeOf(err) != want {
		p.Errorf("%v, want %s", err, want)
	}
}

func (p *domeinproef) opent() {
	p.open()
	id := p.stel(vervoer(domein.Activiteit{ID: taken["busvervoer"]}))
	p.open()
	p.weigert(fout.CodeGeenToestemming, p.hier.Beslis(bg, anja, id, 1, true, ""))
	p.open()
	p.goed(id)
	p.open("busvervoer")
	// A change waits too, and what holds goes on.
	if _, err := p.hier.StelVoor(bg, boris, id, p.versie(id), vervoer(domein.Activiteit{ID: taken["busvervoer"]}, domein.Activiteit{ID: taken["afvalpas"]})); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.open("busvervoer")
	p.weigert(fout.CodeGelijktijdig, p.hier.Beslis(bg, anja, id, 1, true, ""))
	if err := p.hier.Beslis(bg, anja, id, p.versie(id), true, ""); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.open("busvervoer", "afvalpas")
	p.weigert(fout.CodeOngeldig, p.hier.Sluit(bg, anja, id, "kort"))
	if err := p.daar.Sluit(bg, anja, id, "Een ouder zag te veel."); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.open()
	p.weigert(fout.CodeGeenToestemming, p.hier.Sluit(bg, anja, id, "Een ouder zag te veel."))
	l, err := p.log.List(bg, A, 1<<62, 10)
	if err != nil || len(l) != 5 || l[0].Soort != beheerlog.Domein || l[0].Reden != "Een ouder zag te veel." || l[0].Betreft.ID != id.String() {
		p.Errorf("%d events, %+v: %v", len(l), l[0], err)
	}
}

func (p *domeinproef) gevoelig() {
	veld := func(err error) string {
		var f *fout.Fout
		if !errors.As(err, &f) || len(f.Params) != 1 {
			return "?"
		}
		return f.Params[0].Name
	}
	for naam, want := range map[string]string{
		"geheim": "activiteiten", "kijken": "activiteiten", "gezin": "waarom." + taken["gezin"].String(), "jeugdhulp": "waarom." + taken["jeugdhulp"].String(),
	} {
		if _, err := p.hier.StelVoor(bg, anja, uuid.Nil, 0, vervoer(domein.Activiteit{ID: taken[naam]})); veld(err) != want {
			p.Errorf("%s: %v at %s", naam, err, veld(err))
		}
	}
	if _, err := p.hier.StelVoor(bg, anja, uuid.Nil, 0, vervoer(domein.Activiteit{ID: uuid.New(), Waarom: "Dit kan geen kwaad, zegt men."})); veld(err) != "activiteiten" {
		p.Errorf("one that nobody knows: %v", err)
	}
	id := p.stel(vervoer(domein.Activiteit{ID: taken["jeugdhulp"], Waarom: "Alleen het rooster van de bus."}, domein.Activiteit{ID: taken["afvalpas"]}))
	p.goed(id)
	p.open("jeugdhulp", "afvalpas")
	o := p.hier.Open(A, inwoner.Ouder)[0]
	if !o.Toont(taken["jeugdhulp"], p.register[taken["jeugdhulp"]]) || !o.Toont(taken["afvalpas"], p.register[taken["afvalpas"]]) {
		p.Error("what may be seen is not shown")
	}
	if o.Toont(taken["afvalpas"], p.register[taken["gezin"]]) || o.Toont(taken["jeugdhulp"], p.register[taken["geheim"]]) || o.Toont(taken["jeugdhulp"], nil) || o.Toont(taken["busvervoer"], p.register[taken["busvervoer"]]) {
		p.Error("what was sensitive then, or is in no domain, is shown")
	}
}

func (p *domeinproef) vervalt() {
	id := p.stel(vervoer(domein.Activiteit{ID: taken["busvervoer"]}, domein.Activiteit{ID: taken["afvalpas"]}))
	p.register[taken["afvalpas"]] = &activiteit.Versie{Inhoud: activiteit.Inhoud{Naam: "afvalpas", GrondVertrouwelijk: "toezicht"}}
	p.weigert(fout.CodeGeenToestemming, p.daar.Beslis(bg, boris, id, 1, true, ""))
	p.register[taken["afvalpas"]] = &activiteit.Versie{Inhoud: activiteit.Inhoud{Naam: "afvalpas"}}
	p.goed(id)
	p.open("busvervoer", "afvalpas")
	p.register[taken["afvalpas"]] = p.register[taken["gezin"]]
	p.open("busvervoer")
	p.register[taken["busvervoer"]] = nil
	p.open()
}

func (p *domeinproef) voorstel() {
	id := p.stel(vervoer(domein.Activiteit{ID: taken["busvervoer"]}))
	if _, err := p.hier.StelVoor(bg, anja, uuid.Nil, 0, vervoer(domein.Activiteit{ID: taken["afvalpas"]})); fout.CodeOf(err) != fout.CodeOngeldig {
		p.Errorf("a name twice: %v", err)
	}
	p.weigert(fout.CodeOngeldig, p.daar.Beslis(bg, boris, id, 1, false, "nee"))
	p.weigert(fout.CodeGeenToestemming, p.daar.TrekIn(bg, boris, id, 1))
	if err := p.daar.Beslis(bg, boris, id, 1, false, "Dit gaat ook over thuis."); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	if l, err := p.hier.Alle(anja); err != nil || len(l) != 0 {
		p.Errorf("%d are left of what never was open: %v", len(l), err)
	}
	id = p.stel(vervoer(domein.Activiteit{ID: taken["busvervoer"]}))
	p.goed(id)
	if _, err := p.hier.StelVoor(bg, anja, id, p.versie(id), vervoer(domein.Activiteit{ID: taken["afvalpas"]})); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	if err := p.hier.TrekIn(bg, anja, id, p.versie(id)); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.open("busvervoer")
	if _, err := p.hier.StelVoor(bg, anja, id, p.versie(id), vervoer(domein.Activiteit{ID: taken["afvalpas"]})); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.nu = p.nu.Add(domein.VoorstelGeldig)
	p.weigert(fout.CodeGeenToestemming, p.daar.Beslis(bg, boris, id, p.versie(id), true, ""))
	p.open("busvervoer")
}

func (p *domeinproef) rechten() {
	lezer, opener, niemand := officier("l", "zien"), officier("o", "goedkeuren"), inwoner.Medewerker{OIN: A}
	for _, m := range []inwoner.Medewerker{lezer, opener, niemand} {
		_, err := p.hier.StelVoor(bg, m, uuid.Nil, 0, vervoer(domein.Activiteit{ID: taken["busvervoer"]}))
		p.weigert(fout.CodeGeenToestemming, err)
	}
	id := p.stel(vervoer(domein.Activiteit{ID: taken["busvervoer"]}))
	p.weigert(fout.CodeGeenToestemming, p.daar.Beslis(bg, officier("b", "zien", "beheren"), id, 1, true, ""))
	_, err := p.hier.Alle(opener)
	p.weigert(fout.CodeGeenToestemming, err)
	if err := p.daar.Beslis(bg, opener, id, 1, true, ""); err != nil {
		p.Fatal(err)
	}
	p.weigert(fout.CodeGeenToestemming, p.hier.Sluit(bg, lezer, id, "Een ouder zag te veel."))
	vreemd := officier("v", "zien", "beheren", "goedkeuren")
	vreemd.OIN = B
	p.weigert(fout.CodeNietGevonden, p.hier.Sluit(bg, vreemd, id, "Een ouder zag te veel."))
}
