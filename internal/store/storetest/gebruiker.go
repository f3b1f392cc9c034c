package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
)

// RunGebruikers is the suite of people and groups on a store: what must hold with several nodes. open gives an empty store in
// which A and B exist, as two nodes see it.
func RunGebruikers(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander KastKnoop)) {
	for naam, f := range map[string]func(gebruikersproef){
		"what another node changes is in force by itself":             gebruikersproef.volgt,
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
	een, ander KastKnoop
}

// beheer gives the use cases on a node.
func (p gebruikersproef) beheer(k KastKnoop) *gebruiker.Beheer {
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
		vanzelf(p, fmt.Sprintf("the other node says %v", may), func() bool {
			r := daar.Register().Rechten(A, g.ID, time.Now())
			return r.Mag(gebruiker.ModuleGroepen, gebruiker.Beheren, gebruiker.Gewoon, gebruiker.BereikAlles) == may
		})
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
