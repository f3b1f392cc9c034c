package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/controle"
)

// RunNakijkingen holds an engine to what is kept of daily checks; open gives them of two nodes, or the same twice.
func RunNakijkingen(t *testing.T, open func(t testing.TB) (een, ander controle.Nakijkingen)) {
	een, ander := open(t)
	want := func(oin string, laatste, heel *controle.Nagekeken) {
		t.Helper()
		for _, n := range []controle.Nakijkingen{een, ander} {
			l, err := n.Laatste(bg, oin)
			if err != nil {
				t.Fatal(err)
			}
			h, err := n.Heel(bg, oin)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(laatste, l); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(heel, h); d != "" {
				t.Error(d)
			}
		}
	}
	voeg := func(n controle.Nakijkingen, x *controle.Nagekeken) *controle.Nagekeken {
		t.Helper()
		if err := n.Voeg(bg, x); err != nil {
			t.Fatal(err)
		}
		return x
	}
	begin := time.Date(2026, 11, 26, 2, 4, 5, 678_901_000, time.UTC)
	nagekeken := func(oin string, dag int, g ...controle.Gebrek) *controle.Nagekeken {
		n := &controle.Nagekeken{
			Omvang: controle.Omvang{OIN: oin, Versies: 1 << 39, Beheerlog: 7, Checkpoints: 12}, Begonnen: begin.AddDate(0, 0, dag),
			Duur: 123456 * time.Microsecond, Aantal: len(g), Gebreken: append([]controle.Gebrek{}, g...),
		}
		if len(g) > 0 {
			n.Oordeel = controle.Fout
		}
		return n
	}
	want(A, nil, nil)
	goed := voeg(een, nagekeken(A, 0))
	want(A, goed, goed)
	want(B, nil, nil)
	fout := voeg(ander, nagekeken(A, 1, controle.Gebrek{OIN: A, Deel: controle.DeelVersie, Waar: "blad 3", Wat: "De versie is veranderd."}, controle.Gebrek{Deel: controle.DeelOpslag, Wat: "é"}))
	want(A, fout, goed)
	// However long something is wrong: when all was well last stays known.
	for dag := range 120 {
		fout = voeg(een, nagekeken(A, 2+dag, controle.Gebrek{Deel: controle.DeelIndex, Wat: "x"}))
	}
	want(A, fout, goed)
	weer := voeg(een, nagekeken(A, 200))
	want(A, weer, weer)
	want(B, nil, nil)
	if err := een.Voeg(bg, nagekeken("00000000000000000000", 1)); err == nil {
		t.Error("a check of an unknown organisation was kept")
	}
}
