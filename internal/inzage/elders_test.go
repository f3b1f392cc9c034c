package inzage_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// elders is the portal of the municipality itself, that asks for one citizen.
func elders(bsn string) inzage.Elders {
	return inzage.Elders{
		Aanroeper: &verwerkingenlog.Aanroeper{Organisatie: gemeente, ClientID: "portaal", OINs: []string{gemeente}, Lezen: verwerkingenlog.BereikVertrouwelijk},
		Doorgave:  verwerkingenlog.Doorgave{OIN: gemeente, ActiviteitID: mijn, ActiviteitURL: "https://portaal.voorbeeldstad.example/", VerwerkingID: uuid.New()},
		Persoon:   inwoner.BSN(bsn),
	}
}

// Of who is protected, and of who died, another portal shows nothing: no page, no line, and no place in a list from before. Both get one
// answer, and nothing is logged or read.
func TestNothingIsShownElsewhereOfWhoIsProtectedOrDied(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	id := p.leg(regel(anna, "2026-03-01T10:00:00+01:00")).Actie.Objecten[0].ID
	o, err := p.OverzichtElders(bg, elders(anna), inzage.Filter{}, "")
	if err != nil || len(regels(o)) != 1 {
		t.Fatalf("%+v, %v", o, err)
	}
	voor := p.size()
	p.store.gevraagd()
	var tekst string
	for _, toestand := range []inwoner.Toestand{{Beschermd: true}, {Overleden: true}, {Beschermd: true, Overleden: true}} {
		p.toestand.Store(&toestand)
		for _, cursor := range []string{"", o.Hier} {
			_, lijst := p.OverzichtElders(bg, elders(anna), inzage.Filter{}, cursor)
			_, _, een := p.EenElders(bg, elders(anna), cursor, id)
			for _, err := range []error{lijst, een} {
				if fout.CodeOf(err) != fout.CodeGeenToestemming {
					t.Fatalf("%+v: %v", toestand, err)
				}
				if tekst == "" {
					tekst = err.Error()
				}
				if err.Error() != tekst {
					t.Errorf("the answer tells which it is: %q and %q", err, tekst)
				}
			}
		}
	}
	if n := p.store.gevraagd(); n != [3]int64{} || p.size() != voor {
		t.Errorf("it cost %v, and left %d acties", n, p.size()-voor)
	}
}

// Whether somebody is protected is known by the BSN alone: by another number nothing is shown.
func TestElsewhereACitizenIsKnownByTheBSNAlone(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	in := regel("nummer-1", "2026-03-01T10:00:00+01:00")
	in.Objecten[0].SoortObjectID = "A-nummer"
	id := p.leg(in).Actie.Objecten[0].ID
	voor := p.size()
	e := elders("nummer-1")
	e.Persoon.Soort = "A-nummer"
	if _, err := p.OverzichtElders(bg, e, inzage.Filter{}, ""); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Errorf("the overview: %v", err)
	}
	if _, _, err := p.EenElders(bg, e, "", id); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Errorf("a line: %v", err)
	}
	if p.size() != voor {
		t.Error("a look was logged")
	}
	e = elders(anna)
	e.Persoon.Soort = "bsn"
	if _, err := p.OverzichtElders(bg, e, inzage.Filter{}, ""); err != nil {
		t.Errorf("in small letters: %v", err)
	}
}
