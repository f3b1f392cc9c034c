package kast_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	. "github.com/verantwoord/verantwoord/internal/kast"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	opslag "github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

func TestWhatIsUniqueStaysSoOverNewKeys(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{gemeente}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	dir := t.TempDir()
	bos, err := betrokkene.Open(bg, dir, []string{gemeente}, s)
	if err != nil {
		t.Fatal(err)
	}
	var knopen [2]*Kast[brieven]
	for i := range knopen {
		if knopen[i], err = New(bg, Opties[brieven]{
			Naam: "verantwoord/proef/v1", Wat: "letters", Vorm: vorm, Opslag: opslag.New(s, opslag.Activiteiten, nil), Sleutels: bos.Organisatie,
			Organisaties: []string{gemeente}, Meld: func(err error) { t.Error(err) },
		}); err != nil {
			t.Fatal(err)
		}
	}
	doe := func(knoop int, f func(*Ontwerp[brieven])) error {
		return knopen[knoop].Wijzig(bg, gemeente, func(o *Ontwerp[brieven]) error {
			f(o)
			return nil
		})
	}
	eerst := &brief{ID: uuid.New(), Versie: 1, Kenmerk: "A-1"}
	if err := doe(0, func(o *Ontwerp[brieven]) { o.Zet(eerst) }); err != nil {
		t.Fatal(err)
	}
	for _, soort := range betrokkene.Soorten {
		if _, err := betrokkene.Nieuw(dir, gemeente, soort); err != nil {
			t.Fatal(err)
		}
	}
	if err := bos.Ververs(bg); err != nil {
		t.Fatal(err)
	}
	twee := &brief{ID: uuid.New(), Versie: 1, Kenmerk: "A-1"}
	for knoop := range knopen { // the second has not seen the first letter yet
		if err := doe(knoop, func(o *Ontwerp[brieven]) { o.Zet(twee) }); !errors.Is(err, ErrInGebruik) {
			t.Errorf("node %d: a second one: %v", knoop, err)
		}
	}
	if err := doe(0, func(o *Ontwerp[brieven]) { o.Zet(&brief{ID: eerst.ID, Versie: 2, Tekst: "anders", Kenmerk: "A-1"}) }); err != nil {
		t.Errorf("the first one itself: %v", err)
	}
	if err := doe(1, func(o *Ontwerp[brieven]) { o.Zet(twee) }); !errors.Is(err, ErrInGebruik) {
		t.Errorf("after it was written anew: %v", err)
	}
	if err := doe(1, func(o *Ontwerp[brieven]) {
		o.HaalWeg(o.Voor[eerst.ID])
		o.Zet(twee)
	}); err != nil {
		t.Errorf("in its place: %v", err)
	}
}
