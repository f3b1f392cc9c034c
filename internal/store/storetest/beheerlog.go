package storetest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// RunBeheerlog holds an engine to beheerlog.Opslag. open gives two processes on one empty store; sleutels the keys.
func RunBeheerlog(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander beheerlog.Opslag)) {
	ctx := context.Background()
	add := func(t *testing.T, l *beheerlog.Log, oin string, r beheerlog.Regel) {
		t.Helper()
		if r.Soort == "" {
			r.Soort = beheerlog.Instelling
		}
		if err := l.Add(ctx, oin, r); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("events come back as they were, newest first, by pages", func(t *testing.T) {
		een, ander := open(t)
		nu := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		l, m := beheerlog.NewLog(een, sleutels, func() time.Time { return nu }), beheerlog.NewLog(ander, sleutels, func() time.Time { return nu })
		add(t, l, A, beheerlog.Regel{
			Soort: beheerlog.Autorisatiegroep, Door: beheerlog.Wie{Soort: "gebruiker", ID: "1", Naam: "Bea Heer"},
			Betreft: beheerlog.Wie{Soort: "autorisatiegroep", ID: "2"}, Wat: "Rechten gewijzigd.", Reden: "Nieuw team.", Voor: []string{}, Na: []string{"zien"},
		})
		for range 5 {
			add(t, m, A, beheerlog.Regel{Wat: "Bewaard."})
		}
		add(t, m, B, beheerlog.Regel{Wat: "Van een ander."})
		all, err := m.List(ctx, A, beheerlog.Vanaf, 100)
		if err != nil || len(all) != 6 {
			t.Fatalf("%d events, %v", len(all), err)
		}
		for i, r := range all {
			if r.Nummer != uint64(5-i) || !r.Moment.Equal(nu.Add(time.Duration(5-i)*time.Microsecond)) {
				t.Errorf("event %d has number %d at %v", i, r.Nummer, r.Moment)
			}
		}
		r := all[5]
		if r.Soort != beheerlog.Autorisatiegroep || r.Door.Naam != "Bea Heer" || r.Betreft.ID != "2" || r.Reden != "Nieuw team." || r.Voor == nil || r.Na == nil {
			t.Errorf("%+v", r)
		}
		page, err := l.List(ctx, A, 4, 2)
		if err != nil || len(page) != 2 || page[0].Nummer != 3 || page[1].Nummer != 2 {
			t.Errorf("a page: %v, %v", page, err)
		}
		groep, err := m.Van(ctx, A, beheerlog.Autorisatiegroep, beheerlog.Vanaf, 10)
		if err != nil || len(groep) != 1 || groep[0].Nummer != 0 {
			t.Errorf("of one kind: %v, %v", groep, err)
		}
		if geen, err := m.Van(ctx, A, beheerlog.Sleutel, beheerlog.Vanaf, 10); err != nil || len(geen) != 0 {
			t.Errorf("of a kind that did not happen: %v, %v", geen, err)
		}
		if b, err := l.List(ctx, B, beheerlog.Vanaf, 100); err != nil || len(b) != 1 || b[0].Wat != "Van een ander." {
			t.Errorf("the other organisation: %v, %v", b, err)
		}
		for _, oin := range []string{A, B} {
			if n, err := m.Controle(ctx, oin); err != nil || n != map[string]uint64{A: 6, B: 1}[oin] {
				t.Errorf("control of %d events: %v", n, err)
			}
		}
	})
	t.Run("processes that write at the same time make one tree", func(t *testing.T) {
		een, ander := open(t)
		logs := []*beheerlog.Log{beheerlog.NewLog(een, sleutels, time.Now), beheerlog.NewLog(ander, sleutels, time.Now)}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for range 10 {
					if err := logs[i%2].Add(ctx, A, beheerlog.Regel{Soort: beheerlog.Aangemeld}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if n, err := logs[0].Controle(ctx, A); n != 80 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
		all, err := logs[1].List(ctx, A, beheerlog.Vanaf, 500)
		if err != nil || len(all) != 80 || !slices.IsSortedFunc(all, func(a, b *beheerlog.Regel) int { return b.Moment.Compare(a.Moment) }) {
			t.Errorf("%d in order, %v", len(all), err)
		}
	})
	t.Run("what is no event is refused", func(t *testing.T) {
		een, _ := open(t)
		l := beheerlog.NewLog(een, sleutels, time.Now)
		for name, err := range map[string]error{
			"an unknown kind":         l.Add(ctx, A, beheerlog.Regel{Soort: "iets"}),
			"an unknown organisation": l.Add(ctx, "00000099000000009999", beheerlog.Regel{Soort: beheerlog.Sleutel}),
			"what is no JSON":         l.Add(ctx, A, beheerlog.Regel{Soort: beheerlog.Sleutel, Na: func() {}}),
		} {
			if err == nil {
				t.Errorf("%s was added", name)
			}
		}
		if n, err := l.Controle(ctx, A); n != 0 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
	})
}
