package gebruiker_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func koppeling(g *Gebruiker, onderwerp string) Koppeling {
	return Koppeling{Dienst: "Mijn werkplek", Uitgever: "https://idp", Onderwerp: onderwerp, Email: g.Email}
}

func TestTheSignInServiceTiesAPersonOnceAndTellsThem(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, ander := o.persoon("annelies"), o.persoon("pieternel")
	for range 2 {
		if err := o.Koppel(bg, gemeente, g.ID, koppeling(g, "1")); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok := o.Register().OpOnderwerp(gemeente, "https://idp", "1", o.nu()); !ok || got.ID != g.ID || got.Versie != 2 {
		t.Errorf("%+v", got)
	}
	if post := o.post(); len(post) != 1 || post[0].Aan != g.Email || !strings.Contains(post[0].Tekst, "Mijn werkplek") || strings.Contains(post[0].Tekst, "http") {
		t.Errorf("mail: %+v", post)
	}
	if r := o.laatste(1)[0]; r.Door.Soort != "systeem" || r.Betreft.ID != g.ID.String() || !strings.Contains(r.Wat, "Mijn werkplek") {
		t.Errorf("%+v", r)
	}
	dicht := o.persoon("c")
	if err := o.Sluit(bg, o.bea, dicht.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	elders := o.persoon("d")
	if _, err := o.Wijzig(bg, o.bea, elders.ID, 1, GebruikerInvoer{Naam: "d", Email: "nieuw@gemeente.example"}); err != nil {
		t.Fatal(err)
	}
	o.post()
	for naam, err := range map[string]error{
		"another subject":                           o.Koppel(bg, gemeente, g.ID, koppeling(g, "2")),
		"the subject of another":                    o.Koppel(bg, gemeente, ander.ID, koppeling(ander, "1")),
		"a code that went to another address":       o.Koppel(bg, gemeente, ander.ID, koppeling(g, "4")),
		"a code that went to the address of before": o.Koppel(bg, gemeente, elders.ID, koppeling(elders, "5")),
		"an account that is closed":                 o.Koppel(bg, gemeente, dicht.ID, koppeling(dicht, "6")),
	} {
		if !errors.Is(err, fout.GeenToestemming) {
			t.Errorf("%s: %v", naam, err)
		}
	}
	for naam, err := range map[string]error{
		"nobody":          o.Koppel(bg, gemeente, uuid.New(), koppeling(g, "3")),
		"without subject": o.Koppel(bg, gemeente, ander.ID, koppeling(ander, "")),
	} {
		if !errors.Is(err, fout.NietGevonden) {
			t.Errorf("%s: %v", naam, err)
		}
	}
	if post := o.post(); len(post) != 0 {
		t.Errorf("mail of what did not happen: %+v", post)
	}
	// Closing cuts the tie, for who was tied by mistake; opening it again does not bring it back.
	if err := o.Sluit(bg, o.bea, g.ID, 2, ""); err != nil {
		t.Fatal(err)
	}
	if err := o.Heropen(bg, o.bea, g.ID, 3, ""); err != nil {
		t.Fatal(err)
	}
	if _, ok := o.Register().OpOnderwerp(gemeente, "https://idp", "1", o.nu()); ok {
		t.Error("still tied")
	}
	if err := o.Koppel(bg, gemeente, ander.ID, koppeling(ander, "1")); err != nil {
		t.Errorf("the subject is not free: %v", err)
	}
}

func TestOfTwoSubjectsThatClaimOnePersonAtOnceOneIsTied(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	nodes := []*Beheer{o.Beheer, o.herstart()} // two processes, of which neither has seen what the other does
	var mu sync.Mutex
	tied := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			subject := fmt.Sprint(i)
			err := nodes[i%2].Koppel(bg, gemeente, g.ID, koppeling(g, subject))
			if err == nil {
				mu.Lock()
				tied[subject] = true
				mu.Unlock()
			} else if !errors.Is(err, fout.GeenToestemming) && fout.CodeOf(err) != fout.CodeGelijktijdig {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(tied) != 1 {
		t.Errorf("%d subjects were told to be tied: %v", len(tied), tied)
	}
	vers := o.herstart()
	for i := range 8 {
		_, ok := vers.Register().OpOnderwerp(gemeente, "https://idp", fmt.Sprint(i), o.nu())
		if ok != tied[fmt.Sprint(i)] {
			t.Errorf("subject %d signs in: %v", i, ok)
		}
	}
	if post := o.post(); len(post) != 1 {
		t.Errorf("%d mails", len(post))
	}
}

func TestAPersonChoosesTheirLanguageAndGetsMailInIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	d := Als(gemeente, g.ID)
	if err := o.ZetTaal(bg, d, Engels); err != nil {
		t.Fatal(err)
	}
	if r := o.laatste(1)[0]; r.Betreft.ID != g.ID.String() || r.Wat != "Taal gekozen: Engels." {
		t.Errorf("%+v", r)
	}
	events, err := o.log.Controle(bg, gemeente)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.ZetTaal(bg, d, Engels); err != nil {
		t.Fatal(err)
	}
	for naam, err := range map[string]error{
		"a language there is not": o.ZetTaal(bg, d, "fr"), "nobody": o.ZetTaal(bg, Als(gemeente, uuid.New()), Engels),
		"the operator": o.ZetTaal(bg, Opdrachtregel(gemeente), Engels), "another organisation": o.ZetTaal(bg, Als("00000099000000009999", g.ID), Engels),
	} {
		if fout.CodeOf(err) != fout.CodeOngeldig && !errors.Is(err, fout.GeenToestemming) {
			t.Errorf("%s: %v", naam, err)
		}
	}
	if n, err := o.log.Controle(bg, gemeente); err != nil || n != events {
		t.Errorf("%d events became %d: %v", events, n, err)
	}
	ander := o.herstart()
	if got, ok := ander.Register().Gebruiker(gemeente, g.ID, o.nu()); !ok || got.Taal != Engels {
		t.Errorf("%+v", got)
	}
	// What others change of the account leaves the language; mails follow it.
	for _, email := range []string{"een@gemeente.example", "twee@gemeente.example"} {
		if _, err := o.Wijzig(bg, o.bea, g.ID, o.mens(g.ID).Versie, GebruikerInvoer{Naam: "Annelies", Email: email}); err != nil {
			t.Fatal(err)
		}
		if post := o.post(); len(post) != 1 || !strings.HasPrefix(post[0].Tekst, "Dear ") || post[0].Onderwerp != "What you sign in with was changed" {
			t.Errorf("%+v", post)
		}
	}
	nu, _ := o.Register().Gebruiker(gemeente, g.ID, o.nu())
	if err := o.Koppel(bg, gemeente, g.ID, koppeling(nu, "1")); err != nil {
		t.Fatal(err)
	}
	if post := o.post(); len(post) != 1 || post[0].Onderwerp != "Your work account was linked" {
		t.Errorf("%+v", post)
	}
}
