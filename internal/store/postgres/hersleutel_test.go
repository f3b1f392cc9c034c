package postgres

import (
	"context"
	"iter"
	"testing"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func machine(t testing.TB) *storetest.Machine {
	url := postgrestest.Database(t)
	s := open(t, url, opties(t))
	return &storetest.Machine{
		Store: func() storetest.Motor { return s },
		Kijk: func(f func(controle.Opslag)) {
			n, err := Nakijk(bg, url)
			if err != nil {
				t.Fatal(err)
			}
			f(n)
			if err := n.Close(); err != nil {
				t.Fatal(err)
			}
		},
		Herbouw: func() {
			if err := Herbouw(bg, url); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestKeysChangeWhileTheStoreIsUsed(t *testing.T) {
	t.Parallel()
	storetest.RunHersleutel(t, 4, machine)
}

func TestKeysChangeBesideIntakeQuestionsChecksAndRebuilds(t *testing.T) {
	t.Parallel()
	storetest.RunHersleutelDruk(t, true, machine)
}

// tussendoor does something after the versions were read and before the entries are.
type tussendoor struct {
	controle.Opslag
	doe func()
}

func (o *tussendoor) Afgeleiden(ctx context.Context, meld controle.Meld) iter.Seq2[controle.Afgeleid, error] {
	o.doe()
	return o.Opslag.Afgeleiden(ctx, meld)
}

// A check that runs while keys are changed finds nothing, and what is wrong then all the same.
func TestACheckIsNotMisledByAChangeOfKeys(t *testing.T) {
	t.Parallel()
	url, ringen := postgrestest.Database(t), storetest.NieuweSleutelringen(t)
	s := open(t, url, opties(t))
	storetest.MetLog(t, s, ringen.Een, func(l *verwerkingenlog.Log) {
		for range 30 {
			if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001", "999900002", "999900003"), "", nil); err != nil {
				t.Fatal(err)
			}
		}
	})
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	van := uint64(0)
	doe := func() {
		volgende, _, err := verwerkingenlog.Hersleutel(bg, s, ring, storetest.A, van, 8)
		if err != nil {
			t.Error(err)
		}
		van = volgende
	}
	kijk := func(doe func()) (l []controle.Gebrek) {
		n, err := Nakijk(bg, url)
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		c := &controle.Log{Opslag: &tussendoor{n, doe}, Sleutels: ringen.Twee.Organisatie, Meld: func(g controle.Gebrek) {
			if g.Deel != controle.DeelSleutel { // the other organisation has none
				l = append(l, g)
			}
		}}
		if _, err := c.Run(bg, nil); err != nil {
			t.Fatal(err)
		}
		return l
	}
	if l := kijk(doe); len(l) > 0 {
		t.Errorf("found %+v", l)
	}
	if van != 30 {
		t.Errorf("keys were changed up to leaf %d: the test proves nothing", van)
	}
	if _, err := s.exec(bg, "", `DELETE FROM ingang WHERE ctid = (SELECT ctid FROM ingang LIMIT 1)`); err != nil {
		t.Fatal(err)
	}
	if l := kijk(func() {}); len(l) != 1 {
		t.Errorf("found %+v", l)
	}
}

func BenchmarkHersleutel(b *testing.B) {
	storetest.BenchHersleutel(b, func(t testing.TB) *storetest.Machine {
		s := open(t, postgrestest.Start(t).URL("postgres"), opties(t))
		return &storetest.Machine{Store: func() storetest.Motor { return s }}
	})
}
