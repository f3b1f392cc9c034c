package inzage_test

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/inzage"
)

func TestALookGoesOnOverNewKeys(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.veel(anna, 120)
	w := p.mens(anna)
	o := p.kijk(w)
	voor := p.size()
	for range 2 {
		for _, soort := range betrokkene.Soorten {
			if _, err := betrokkene.Nieuw(p.keys, gemeente, soort); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.bos.Ververs(bg); err != nil {
			t.Fatal(err)
		}
	}
	laatste := o.Maanden[len(o.Maanden)-1]
	d, err := p.Overzicht(bg, w, inzage.Filter{}, laatste.Cursor)
	if err != nil {
		t.Fatalf("a page of a look of before: %v", err)
	}
	if d.Aantal != o.Aantal || len(d.Delen) == 0 {
		t.Errorf("%d lines, %d before", d.Aantal, o.Aantal)
	}
	g := regels(d)
	if _, err := p.Een(bg, w, g[0].ID); err != nil {
		t.Errorf("one line of it: %v", err)
	}
	if p.size() != voor {
		t.Errorf("%d looks were logged once more", p.size()-voor)
	}
	// A new look finds what was written under each key.
	p.leg(regel(anna, "2026-03-01T10:00:00+01:00"))
	if err := p.Bijwerken(w, inzage.Filter{}); err != nil {
		t.Fatal(err)
	}
	if n := p.kijk(w).Aantal; n != o.Aantal+3 { // a look is logged on both sides, and the first one is seen whole only now
		t.Errorf("a new look finds %d lines, want %d", n, o.Aantal+3)
	}
}
