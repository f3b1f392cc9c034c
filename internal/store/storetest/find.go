package storetest

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// find asks for one key, as of a snapshot.
func find(t *testing.T, s verwerkingenlog.Store, oin string, g verwerkingenlog.Ingang, tot uint64) []verwerkingenlog.Treffer {
	t.Helper()
	return Find(t, s, verwerkingenlog.Zoekvraag{OIN: oin, Soort: g.Soort, Sleutels: [][16]byte{g.Sleutel}, Tot: tot})
}

// Find asks and puts the answer in the order of the acties' ids.
func Find(t testing.TB, s verwerkingenlog.Store, v verwerkingenlog.Zoekvraag) []verwerkingenlog.Treffer {
	t.Helper()
	l, err := s.Find(bg, v)
	if err != nil {
		t.Fatalf("Find: %v", err)
	}
	slices.SortFunc(l, func(a, b verwerkingenlog.Treffer) int { return bytes.Compare(a.ActieID[:], b.ActieID[:]) })
	return l
}

func standVan(r *verwerkingenlog.Rij, aantal uint16) verwerkingenlog.Stand {
	return verwerkingenlog.Stand{Blad: r.Blad, Tijdstip: r.Tijdstip, Staat: r.Staat, Aantal: aantal}
}

func wantFound(t *testing.T, got []verwerkingenlog.Treffer, want ...verwerkingenlog.Treffer) {
	t.Helper()
	slices.SortFunc(want, func(a, b verwerkingenlog.Treffer) int { return bytes.Compare(a.ActieID[:], b.ActieID[:]) })
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("found (-want +got):\n%s", d)
	}
}

var findProeven = []proef{
	{"an actie is found under each of its keys, of that kind only", func(t *testing.T, s verwerkingenlog.Store) {
		k := Sleutel()
		var groep []*verwerkingenlog.Eenheid
		for soort := verwerkingenlog.IngangPersoon; soort <= verwerkingenlog.IngangVerwerktObject; soort++ {
			groep = append(groep, Nieuw(A, verwerkingenlog.Ingang{Soort: soort, Sleutel: k, Aantal: uint16(soort)}, Persoon()))
		}
		must(t, s, groep...)
		for _, e := range groep {
			r := e.Rijen[0]
			st := standVan(r, r.Ingangen[0].Aantal)
			wantFound(t, find(t, s, A, r.Ingangen[0], 99), verwerkingenlog.Treffer{ActieID: r.ActieID, Toen: st, Nu: st})
		}
		wantFound(t, find(t, s, A, Persoon(), 99))
		wantFound(t, Find(t, s, verwerkingenlog.Zoekvraag{OIN: A, Soort: verwerkingenlog.IngangPersoon, Tot: 99}))
	}},
	{"a snapshot decides what stood then, and the present stands beside it", func(t *testing.T, s verwerkingenlog.Store) {
		p := Persoon()
		id := uuid.New()
		v1, v2, v3 := Rij(A, id, 1, p), Rij(A, id, 2, p), Rij(A, id, 3, p)
		v1.Tijdstip, v2.Tijdstip, v3.Tijdstip = 30, 10, 20
		v2.Staat = verwerkingenlog.NewStaat(verwerkingenlog.Vertrouwelijk)
		v3.Staat = v2.Staat.Next(verwerkingenlog.Normaal).Expire()
		Seal(A, v3)
		must(t, s, Eenheid(A, v1))
		must(t, s, Nieuw(A, Persoon()), Eenheid(A, v2))
		must(t, s, Eenheid(A, v3))
		nu := standVan(v3, 1)
		for _, c := range []struct {
			tot  uint64
			toen *verwerkingenlog.Rij
		}{{0, nil}, {1, v1}, {2, v1}, {3, v2}, {4, v3}, {1 << 62, v3}} {
			if c.toen == nil {
				wantFound(t, find(t, s, A, p, c.tot))
				continue
			}
			wantFound(t, find(t, s, A, p, c.tot), verwerkingenlog.Treffer{ActieID: id, Toen: standVan(c.toen, 1), Nu: nu})
		}
	}},
	{"a key that disappears is still found, with count 0 from then on", func(t *testing.T, s verwerkingenlog.Store) {
		p, id := Persoon(), uuid.New()
		weg := p
		weg.Aantal = 0
		v1, v2 := Rij(A, id, 1, p), Rij(A, id, 2, weg, Persoon())
		must(t, s, Eenheid(A, v1))
		must(t, s, Eenheid(A, v2))
		wantFound(t, find(t, s, A, p, 1), verwerkingenlog.Treffer{ActieID: id, Toen: standVan(v1, 1), Nu: standVan(v2, 0)})
		wantFound(t, find(t, s, A, p, 2), verwerkingenlog.Treffer{ActieID: id, Toen: standVan(v2, 0), Nu: standVan(v2, 0)})
		wantFound(t, find(t, s, A, v2.Ingangen[1], 1))
	}},
	{"under several keys an actie is found once, with the sum", func(t *testing.T, s verwerkingenlog.Store) {
		p, q, both := Persoon(), Persoon(), uuid.New()
		q.Aantal = 2
		q0 := q
		q0.Aantal = 0
		v1, v2 := Rij(A, both, 1, p), Rij(A, both, 2, p, q)
		onlyQ := Rij(A, uuid.New(), 1, q)
		twice := Rij(A, uuid.New(), 1, p, p)
		must(t, s, Eenheid(A, v1), Eenheid(A, v2), Eenheid(A, onlyQ), Eenheid(A, twice))
		v3 := Rij(A, both, 3, q0, p)
		must(t, s, Eenheid(A, v3))
		wantFound(t, Find(t, s, verwerkingenlog.Zoekvraag{
			OIN: A, Soort: p.Soort, Sleutels: [][16]byte{q.Sleutel, p.Sleutel, q.Sleutel}, Tot: 4,
		}),
			verwerkingenlog.Treffer{ActieID: both, Toen: standVan(v2, 3), Nu: standVan(v3, 1)},
			verwerkingenlog.Treffer{ActieID: onlyQ.ActieID, Toen: standVan(onlyQ, 2), Nu: standVan(onlyQ, 2)},
			verwerkingenlog.Treffer{ActieID: twice.ActieID, Toen: standVan(twice, 2), Nu: standVan(twice, 2)})
	}},
	{"the activity is that of the present version, when asked for", func(t *testing.T, s verwerkingenlog.Store) {
		p, id := Persoon(), uuid.New()
		v1, v2 := Rij(A, id, 1, p), Rij(A, id, 2, p)
		none := Rij(A, uuid.New(), 1, p)
		none.Activiteit = uuid.Nil
		must(t, s, Eenheid(A, v1), Eenheid(A, v2), Eenheid(A, none))
		l := Find(t, s, verwerkingenlog.Zoekvraag{OIN: A, Soort: p.Soort, Sleutels: [][16]byte{p.Sleutel}, Tot: 3, MetActiviteit: true})
		wantFound(t, l,
			verwerkingenlog.Treffer{ActieID: id, Toen: standVan(v2, 1), Nu: standVan(v2, 1), Activiteit: v2.Activiteit},
			verwerkingenlog.Treffer{ActieID: none.ActieID, Toen: standVan(none, 1), Nu: standVan(none, 1)})
		for _, f := range find(t, s, A, p, 3) {
			if f.Activiteit != uuid.Nil {
				t.Error("activity was not asked for")
			}
		}
	}},
	{"many acties under one key are all found", func(t *testing.T, s verwerkingenlog.Store) {
		p := Persoon()
		want := map[uuid.UUID]bool{}
		for range 10 {
			var groep []*verwerkingenlog.Eenheid
			for range 50 {
				e := Nieuw(A, p, Persoon())
				want[e.Rijen[0].ActieID] = true
				groep = append(groep, e)
			}
			must(t, s, groep...)
		}
		l := find(t, s, A, p, 500)
		for _, f := range l {
			delete(want, f.ActieID)
		}
		if len(l) != 500 || len(want) != 0 {
			t.Fatalf("found %d, missed %d", len(l), len(want))
		}
	}},
}
