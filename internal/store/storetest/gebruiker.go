package storetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
)

// GebruikerKnoop is a store as one node sees it: its people and groups, and its beheerlog.
type GebruikerKnoop struct {
	Opslag gebruiker.Opslag
	Log    beheerlog.Opslag
}

// RunGebruikers is the suite of the port that keeps people and groups. open gives an empty store in which A and B exist, as
// two nodes see it; an engine of one process gives the same twice. sleutels are the keys.
func RunGebruikers(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander GebruikerKnoop)) {
	for naam, f := range map[string]func(gebruikersproef){
		"what is put is loaded, replaced and removed":                 gebruikersproef.rijen,
		"a change is whole or nothing, its events included":           gebruikersproef.geheel,
		"only the next generation and the next version are taken":     gebruikersproef.volgorde,
		"what must be unique is so in its kind and organisation":      gebruikersproef.ingangen,
		"of two nodes that decide on the same state one wins":         gebruikersproef.wedloop,
		"what another node changes is in force within a second":       gebruikersproef.volgt,
		"two administrators can't remove each other at the same time": gebruikersproef.laatste,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			f(gebruikersproef{t, sleutels, een, ander})
		})
	}
}

type gebruikersproef struct {
	*testing.T
	sleutels   func(oin string) (*betrokkene.Sleutels, bool)
	een, ander GebruikerKnoop
}

func document(oin string, soort gebruiker.Soort, ingang string) gebruiker.Rij {
	return gebruiker.Rij{OIN: oin, Soort: soort, ID: uuid.New(), Versie: 1, Ingang: []byte(ingang), Verzegeld: []byte("sealed " + ingang)}
}

func verder(r gebruiker.Rij, ingang string) gebruiker.Rij {
	r.Versie++
	r.Ingang = []byte(ingang)
	r.Verzegeld = []byte("sealed again " + ingang + strconv.FormatInt(r.Versie, 10))
	return r
}

func weg(r gebruiker.Rij) gebruiker.Rij {
	r.Weg = true
	return r
}

// put changes the store of a node with one event.
func (p gebruikersproef) put(k GebruikerKnoop, generatie int64, rijen ...gebruiker.Rij) error {
	p.Helper()
	oin := rijen[0].OIN
	s, ok := p.sleutels(oin)
	if !ok {
		s, _ = p.sleutels(A)
	}
	r, err := beheerlog.New(s, oin, time.Now(), beheerlog.Regel{Soort: beheerlog.Gebruiker, Wat: "Gewijzigd."})
	if err != nil {
		p.Fatal(err)
	}
	return k.Opslag.Put(bg, gebruiker.Wijziging{OIN: oin, Generatie: generatie, Rijen: rijen, Gebeurtenissen: []*beheerlog.Rij{&r}})
}

func (p gebruikersproef) must(generatie int64, rijen ...gebruiker.Rij) {
	p.Helper()
	if err := p.put(p.een, generatie, rijen...); err != nil {
		p.Fatalf("Put: %v", err)
	}
}

func (p gebruikersproef) refused(want error, generatie int64, rijen ...gebruiker.Rij) {
	p.Helper()
	if err := p.put(p.een, generatie, rijen...); !errors.Is(err, want) {
		p.Errorf("got %v, want %v", err, want)
	}
}

// holds compares what both nodes see of an organisation; every change had one event.
func (p gebruikersproef) holds(oin string, generatie int64, want ...gebruiker.Rij) {
	p.Helper()
	for _, k := range []GebruikerKnoop{p.een, p.ander} {
		got, n, err := k.Opslag.Load(bg, oin)
		if err != nil {
			p.Fatal(err)
		}
		byID := cmpopts.SortSlices(func(a, b gebruiker.Rij) bool { return a.ID.String() < b.ID.String() })
		if d := cmp.Diff(want, got, byID, cmpopts.EquateEmpty()); d != "" {
			p.Errorf("stored (-want +got):\n%s", d)
		}
		if all, err := k.Opslag.Generaties(bg); err != nil || all[oin] != generatie || n != generatie {
			p.Errorf("generation %d and %d, want %d: %v", n, all[oin], generatie, err)
		}
		if events, err := beheerlog.NewLog(k.Log, p.sleutels, time.Now).Controle(bg, oin); err != nil || events != uint64(generatie) {
			p.Errorf("%d events, want %d: %v", events, generatie, err)
		}
	}
}

func (p gebruikersproef) rijen() {
	p.holds(A, 0)
	a, b := document(A, gebruiker.SoortGebruiker, "a"), document(A, gebruiker.SoortAutorisatiegroep, "")
	p.must(0, a, b)
	other := document(B, gebruiker.SoortGebruiker, "a")
	p.must(0, other)
	p.holds(A, 1, a, b)
	p.holds(B, 1, other)
	a = verder(a, "c")
	p.must(1, a, weg(b))
	p.holds(A, 2, a)
	b = document(A, gebruiker.SoortGebruiker, "a")
	p.must(2, b)
	p.holds(A, 3, a, b)
	p.holds(B, 1, other)
}

func (p gebruikersproef) geheel() {
	a := document(A, gebruiker.SoortGebruiker, "a")
	p.must(0, a)
	goed := document(A, gebruiker.SoortGebruiker, "b")
	p.refused(gebruiker.ErrInGebruik, 1, goed, document(A, gebruiker.SoortGebruiker, "a"))
	p.refused(fout.Gelijktijdig, 1, goed, verder(document(A, gebruiker.SoortGebruiker, "c"), "c"))
	p.refused(fout.Gelijktijdig, 1, goed, weg(document(A, gebruiker.SoortGebruiker, "c")))
	// An event that can't be added: that of another, unknown organisation.
	s, _ := p.sleutels(A)
	r, err := beheerlog.New(s, "00000099000000009999", time.Now(), beheerlog.Regel{Soort: beheerlog.Gebruiker})
	if err != nil {
		p.Fatal(err)
	}
	if err := p.een.Opslag.Put(bg, gebruiker.Wijziging{OIN: A, Generatie: 1, Rijen: []gebruiker.Rij{goed}, Gebeurtenissen: []*beheerlog.Rij{&r}}); err == nil {
		p.Error("a change without its event was made")
	}
	if err := p.put(p.een, 0, document("00000099000000009999", gebruiker.SoortGebruiker, "x")); err == nil {
		p.Error("an unknown organisation has people")
	}
	p.holds(A, 1, a)
}

func (p gebruikersproef) volgorde() {
	a := document(A, gebruiker.SoortGebruiker, "a")
	p.must(0, a)
	b := document(A, gebruiker.SoortGebruiker, "b")
	for _, generatie := range []int64{0, 2, -1} {
		p.refused(fout.Gelijktijdig, generatie, b)
	}
	p.refused(fout.Gelijktijdig, 1, a)
	p.refused(fout.Gelijktijdig, 1, verder(verder(a, "a"), "a"))
	p.refused(fout.Gelijktijdig, 1, weg(verder(a, "a")))
	other := a
	other.Soort = gebruiker.SoortFunctiegroep
	p.refused(fout.Gelijktijdig, 1, verder(other, "a"))
	other = a
	other.OIN = B
	p.refused(fout.Gelijktijdig, 0, verder(other, "a"))
	p.holds(A, 1, a)
	p.holds(B, 0)
}

func (p gebruikersproef) ingangen() {
	a := document(A, gebruiker.SoortGebruiker, "a")
	groep := document(A, gebruiker.SoortFunctiegroep, "a")
	zonder, ook := document(A, gebruiker.SoortVoorstel, ""), document(A, gebruiker.SoortVoorstel, "")
	p.must(0, a, groep, zonder, ook)
	b := document(A, gebruiker.SoortGebruiker, "b")
	p.must(1, b)
	p.refused(gebruiker.ErrInGebruik, 2, document(A, gebruiker.SoortGebruiker, "a"))
	p.refused(gebruiker.ErrInGebruik, 2, verder(b, "a"))
	p.holds(A, 2, a, groep, zonder, ook, b)
	a, b = verder(a, "c"), verder(b, "a")
	p.must(2, a, b)
	p.holds(A, 3, a, groep, zonder, ook, b)
}

func (p gebruikersproef) wedloop() {
	a := document(A, gebruiker.SoortGebruiker, "a")
	p.must(0, a)
	for n := int64(1); n <= 15; n++ {
		var errs [2]error
		var nieuw [2]gebruiker.Rij
		var wg sync.WaitGroup
		for i, k := range []GebruikerKnoop{p.een, p.ander} {
			nieuw[i] = verder(a, "node "+strconv.Itoa(i))
			wg.Go(func() { errs[i] = p.put(k, n, nieuw[i]) })
		}
		wg.Wait()
		wint := slices.Index(errs[:], nil)
		if wint < 0 || !errors.Is(errs[1-wint], fout.Gelijktijdig) {
			p.Fatalf("got %v and %v, want one to win", errs[0], errs[1])
		}
		a = nieuw[wint]
		p.holds(A, n+1, a)
	}
}

// beheer gives the use cases on a node.
func (p gebruikersproef) beheer(k GebruikerKnoop) *gebruiker.Beheer {
	p.Helper()
	b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{
		Opslag: k.Opslag, Sleutels: p.sleutels, Organisaties: []string{A, B}, Meld: func(err error) { p.Error(err) },
	})
	if err != nil {
		p.Fatal(err)
	}
	return b
}

func (p gebruikersproef) volgt() {
	hier, daar := p.beheer(p.een), p.beheer(p.ander)
	ctx, stop := context.WithCancel(bg)
	var wg sync.WaitGroup
	wg.Go(func() { daar.Follow(ctx, 250*time.Millisecond) })
	p.Cleanup(func() { stop(); wg.Wait() })
	g, err := hier.MaakBeheerder(bg, A, "Bea Heer", "bea@gemeente.example")
	if err != nil {
		p.Fatal(err)
	}
	if _, err := hier.MaakBeheerder(bg, A, "Ben Heer", "ben@gemeente.example"); err != nil {
		p.Fatal(err)
	}
	seen := func(may bool) {
		p.Helper()
		for end := time.Now().Add(time.Second); ; time.Sleep(5 * time.Millisecond) {
			r := daar.Register().Rechten(A, g.ID, time.Now())
			if r.Mag(gebruiker.ModuleGroepen, gebruiker.Beheren, gebruiker.Gewoon, gebruiker.BereikAlles) == may {
				return
			}
			if time.Now().After(end) {
				p.Fatalf("after a second the other node still says %v", !may)
			}
		}
	}
	seen(true)
	if err := hier.Sluit(bg, gebruiker.Opdrachtregel(A), g.ID, g.Versie, ""); err != nil {
		p.Fatal(err)
	}
	seen(false)
}

// laatste: each of two nodes decides on a state in which the other administrator is still there.
func (p gebruikersproef) laatste() {
	hier := p.beheer(p.een)
	for n := range 5 {
		een, err := hier.MaakBeheerder(bg, A, "Bea Heer", "bea@gemeente.example")
		if err != nil {
			p.Fatal(err)
		}
		ander, err := hier.MaakBeheerder(bg, A, "Ben Heer", "ben@gemeente.example")
		if err != nil {
			p.Fatal(err)
		}
		nodes := []*gebruiker.Beheer{p.beheer(p.een), p.beheer(p.ander)}
		var errs [2]error
		var wg sync.WaitGroup
		for i, b := range nodes {
			dader, wie := een, ander
			if i == 1 {
				dader, wie = ander, een
			}
			wg.Go(func() { errs[i] = b.Sluit(bg, gebruiker.Als(A, dader.ID), wie.ID, wie.Versie, "") })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			p.Fatalf("round %d: got %v and %v, want one to win", n, errs[0], errs[1])
		}
		if err := hier.Refresh(bg); err != nil {
			p.Fatal(err)
		}
	}
}
