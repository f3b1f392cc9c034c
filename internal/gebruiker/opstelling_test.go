package gebruiker_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const (
	gemeente = "00000099000000001001"
	buurman  = "00000099000000001002"
)

var bg = context.Background()

// opstelling is a municipality with two administrators, on a store on disk and with a clock of its own.
type opstelling struct {
	*Beheer
	t        *testing.T
	mu       sync.Mutex
	klok     time.Time
	log      *beheerlog.Log
	bea, ben Dader // administrators
	gemeld   []error
	fg       string
	opties   BeheerOpties
	bus      bus
}

// bus keeps mail, in the place of the room that sends it. SQLite has one writer and runs a change once.
type bus struct {
	mu   sync.Mutex
	post []Bericht
}

func (b *bus) Add(_ *kamer.Tx, _ string, x Bericht) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.post = append(b.post, x)
	return nil
}

// post takes the mail that was queued since it was last asked.
func (o *opstelling) post() []Bericht {
	o.bus.mu.Lock()
	defer o.bus.mu.Unlock()
	uit := o.bus.post
	o.bus.post = nil
	return uit
}

// herstart is another process on the same store.
func (o *opstelling) herstart() *Beheer {
	o.t.Helper()
	b, err := NewBeheer(bg, o.opties)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *opstelling) nu() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.klok
}

func (o *opstelling) verder(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.klok = o.klok.Add(d)
}

func opstellen(t *testing.T) *opstelling {
	t.Helper()
	o := leeg(t)
	for naam, d := range map[string]*Dader{"beatrix": &o.bea, "benedictus": &o.ben} {
		g, err := o.MaakBeheerder(bg, gemeente, naam, naam+"@gemeente.example")
		if err != nil {
			t.Fatal(err)
		}
		*d = Als(gemeente, g.ID)
	}
	return o
}

// leeg is one in which nobody is yet.
func leeg(t *testing.T) *opstelling {
	t.Helper()
	o := &opstelling{t: t, klok: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), fg: "fg@gemeente.example"}
	oins := []string{gemeente, buurman}
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	sleutels, err := betrokkene.Open(bg, t.TempDir(), oins, s)
	if err != nil {
		t.Fatal(err)
	}
	o.log = beheerlog.NewLog(storebeheerlog.New(s), sleutels.Organisatie, o.nu)
	o.opties = BeheerOpties{
		Opslag: kast.New(s, kast.Gebruikers, &o.bus), Sleutels: sleutels.Organisatie, Organisaties: oins, Nu: o.nu,
		Meld: func(err error) { o.gemeld = append(o.gemeld, err) }, FG: func(string) string { return o.fg },
	}
	o.Beheer = o.herstart()
	return o
}

// persoon adds someone.
func (o *opstelling) persoon(naam string) *Gebruiker {
	o.t.Helper()
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: naam, Email: naam + "@gemeente.example", Opleiding: o.nu().AddDate(-1, 0, 0)})
	if err != nil {
		o.t.Fatal(err)
	}
	return g
}

// groep adds a group with rights, approved when that is needed, and members.
func (o *opstelling) groep(naam string, rechten []Recht, leden ...*Gebruiker) uuid.UUID {
	o.t.Helper()
	a, err := o.VoegGroepToe(bg, o.bea, naam, "")
	if err != nil {
		o.t.Fatal(err)
	}
	u, err := o.ZetRechten(bg, o.bea, a.ID, a.Versie, rechten, reden)
	o.klaar(u, err)
	for _, g := range leden {
		o.lid(a.ID, g.ID)
	}
	return a.ID
}

func (o *opstelling) lid(groep, wie uuid.UUID) {
	o.t.Helper()
	u, err := o.ZetLid(bg, o.bea, groep, wie, o.mens(wie).Versie, time.Time{}, reden)
	o.klaar(u, err)
}

// klaar approves what Bea proposed, if it has to be.
func (o *opstelling) klaar(u Uitkomst, err error) {
	o.t.Helper()
	if err == nil && u.Voorstel != nil {
		err = o.KeurGoed(bg, o.ben, u.Voorstel.ID, u.Voorstel.Versie)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *opstelling) mens(id uuid.UUID) GebruikerBeeld {
	o.t.Helper()
	g, err := o.Mens(Opdrachtregel(gemeente), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return g
}

func (o *opstelling) beeld(id uuid.UUID) GroepBeeld {
	o.t.Helper()
	a, err := o.Groep(Opdrachtregel(gemeente), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *opstelling) mag(wie uuid.UUID, recht string) bool {
	o.t.Helper()
	r := rechten(recht)[0]
	return o.Register().Rechten(gemeente, wie, o.nu()).Mag(r.Module, r.Handeling, r.Veldklasse, r.Bereik)
}

// laatste gives the newest events, newest first.
func (o *opstelling) laatste(n int) []*beheerlog.Regel {
	o.t.Helper()
	r, err := o.log.List(bg, gemeente, beheerlog.Vanaf, n)
	if err != nil || len(r) != n {
		o.t.Fatalf("%d events: %v", len(r), err)
	}
	return r
}

// geweigerd asks for an error of a code that tells a way out and no name.
func (o *opstelling) geweigerd(err error, code fout.Code) {
	o.t.Helper()
	var f *fout.Fout
	if !errors.As(err, &f) || f.Code != code {
		o.t.Errorf("got %v, want %s", err, code)
		return
	}
	tekst := f.Error()
	for _, p := range f.Params {
		tekst += p.Reason
	}
	if f.Detail == "" && len(f.Params) == 0 {
		o.t.Errorf("%s says nothing to a person", code)
	}
	for _, naam := range []string{"beatrix", "benedictus", "annelies", "pieternel", "gemeente.example"} {
		if strings.Contains(strings.ToLower(tekst), naam) {
			o.t.Errorf("the error names someone: %s", tekst)
		}
	}
}

const reden = "Nodig voor het werk van dit team."

// rechten reads rights as String writes them.
func rechten(teksten ...string) (uit []Recht) {
	for _, s := range teksten {
		r, err := ParseRecht(s)
		if err != nil {
			panic(s)
		}
		uit = append(uit, r)
	}
	return uit
}

func regels(w []Waarschuwing) (uit []string) {
	for _, x := range w {
		uit = append(uit, x.Regel)
	}
	slices.Sort(uit)
	return uit
}
