package storetest

import (
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// RunControle holds an engine to what a check reads of it: all leaves with their hashes and versions, and derived entries that
// are those of the versions. open is that of Run; kijk looks at the store, when it is closed if the engine asks so.
func RunControle(t *testing.T, open func(t testing.TB) (s verwerkingenlog.Store, kijk func() controle.Opslag)) {
	t.Run("everything is read as it was written", func(t *testing.T) {
		t.Parallel()
		s, kijk := open(t)
		want := map[string][]*verwerkingenlog.Rij{}
		for i := range 40 {
			oin, id := []string{A, A, B}[i%3], uuid.New()
			e := Eenheid(oin, Rij(oin, id, 1, Persoon(), Persoon()), Rij(oin, uuid.New(), 1))
			must(t, s, e, Nieuw(oin, Persoon()))
			want[oin] = append(want[oin], e.Rijen...)
			if i%4 == 0 {
				tweede := Eenheid(oin, Rij(oin, id, 2, Persoon(), Persoon(), Persoon()))
				must(t, s, tweede)
				want[oin] = append(want[oin], tweede.Rijen...)
			}
		}
		k := kijk()
		meld := func(g controle.Gebrek) { t.Errorf("%+v", g) }
		n, err := controle.Index(bg, k, meld)
		if err != nil || n.Versies == 0 || n.Ingangen < 40 {
			t.Errorf("%+v, %v", n, err)
		}
		for oin, rijen := range want {
			edge, per := &bewijs.Rand{}, map[uint64]*verwerkingenlog.Rij{}
			for b, err := range k.Bladen(bg, oin, meld) {
				if err != nil {
					t.Fatal(err)
				}
				if b.Nummer != edge.Grootte() || b.Rij == nil || len(b.Hashes) == 0 {
					t.Fatalf("leaf %d comes after %d: %+v", b.Nummer, edge.Grootte(), b)
				}
				per[b.Nummer] = b.Rij
				for j, h := range edge.Append(nil, b.Hashes[0]) {
					if b.Hashes[j] != h {
						t.Fatalf("leaf %d: node %d differs", b.Nummer, j)
					}
				}
			}
			wantSize(t, s, oin, edge.Grootte())
			meer, err := k.Gewijzigd(bg, oin)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rijen {
				if g := per[r.Blad]; g == nil || g.ActieID != r.ActieID || string(g.Inhoud) != string(r.Inhoud) || len(g.Ingangen) != len(r.Ingangen) {
					t.Fatalf("leaf %d is read otherwise", r.Blad)
				}
				if r.Nummer > 1 && !meer[r.ActieID] {
					t.Error("an actie with two versions is not told of")
				}
			}
		}
	})
}
