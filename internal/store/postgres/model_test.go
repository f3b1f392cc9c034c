package postgres

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// TestAgainstModel does whatever comes to mind to two nodes by turns and to the model, and compares every
// answer. Each run has organisations of its own in one database.
func TestAgainstModel(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	var runs atomic.Int32
	rapid.Check(t, func(rt *rapid.T) {
		klok := storetest.NieuweKlok()
		n := runs.Add(1)
		a, b := fmt.Sprintf("0000009900000%07d", 2*n), fmt.Sprintf("0000009900000%07d", 2*n+1)
		o := Opties{Organisaties: []string{a, b}, Nu: klok.Now, Fout: func(err error) { rt.Errorf("background: %v", err) }}
		s := &beurten{}
		for range 2 {
			node, err := Open(bg, url, o)
			if err != nil {
				rt.Fatal(err)
			}
			defer node.Close()
			s.nodes = append(s.nodes, node)
		}
		m := storetest.NieuwModel(klok.Now, o.Organisaties...)
		ids := make([]uuid.UUID, 6)
		sleutels := make([][16]byte, 4)
		for i := range ids {
			ids[i] = uuid.New()
		}
		for i := range sleutels {
			sleutels[i] = storetest.Sleutel()
		}
		oin := rapid.SampledFrom([]string{a, a, b})
		same := func(what string, want, got any, err1, err2 error) {
			rt.Helper()
			if (err1 == nil) != (err2 == nil) {
				rt.Fatalf("%s: model %v, store %v", what, err1, err2)
			}
			if d := cmp.Diff(want, got, storetest.Opts); d != "" {
				rt.Fatalf("%s (-model +store):\n%s", what, d)
			}
		}
		draw := func(rt *rapid.T) *verwerkingenlog.Eenheid {
			e := &verwerkingenlog.Eenheid{OIN: oin.Draw(rt, "oin")}
			for range rapid.IntRange(1, 3).Draw(rt, "rijen") {
				id := rapid.SampledFrom(ids).Draw(rt, "actie")
				// Mostly the next number, so that histories grow.
				nummer := uint32(1)
				if v, err := m.Latest(bg, e.OIN, id); err == nil {
					nummer = v.Nummer + 1
				}
				if rapid.IntRange(0, 9).Draw(rt, "mis") == 0 {
					nummer = rapid.Uint32Range(2, 4).Draw(rt, "nummer")
				}
				var ingangen []verwerkingenlog.Ingang
				for range rapid.IntRange(0, 4).Draw(rt, "ingangen") {
					ingangen = append(ingangen, verwerkingenlog.Ingang{
						Soort:   verwerkingenlog.IngangSoort(rapid.IntRange(1, 4).Draw(rt, "soort")),
						Sleutel: rapid.SampledFrom(sleutels).Draw(rt, "sleutel"),
						Aantal:  rapid.Uint16().Draw(rt, "aantal"),
					})
				}
				r := storetest.Rij(e.OIN, id, nummer, ingangen...)
				r.Inhoud = r.Inhoud[:8]
				r.Tijdstip = rapid.Int64().Draw(rt, "tijdstip")
				e.Rijen = append(e.Rijen, r)
			}
			if rapid.Bool().Draw(rt, "idem") {
				e.Idempotentie = &verwerkingenlog.Idempotentie{
					Sleutel: rapid.SampledFrom(sleutels).Draw(rt, "idemsleutel"), Lichaam: rapid.SampledFrom(sleutels[:2]).Draw(rt, "lichaam"),
				}
			}
			return e
		}
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				var g1, g2 []*verwerkingenlog.Eenheid
				for range rapid.IntRange(1, 5).Draw(rt, "groep") {
					e := draw(rt)
					c := *e
					c.Rijen = nil
					for _, r := range e.Rijen {
						k := *r
						c.Rijen = append(c.Rijen, &k)
					}
					g1, g2 = append(g1, e), append(g2, &c)
				}
				err1, err2 := m.Append(bg, g1), s.Append(bg, g2)
				same("append", nil, nil, err1, err2)
				for i := range g1 {
					same("unit", g1[i].Eerder, g2[i].Eerder, g1[i].Err, g2[i].Err)
					if g1[i].Err == nil && g1[i].Eerder == nil {
						same("rows of unit", g1[i].Rijen, g2[i].Rijen, nil, nil)
					}
				}
			},
			"clock": func(rt *rapid.T) {
				klok.Add(time.Duration(rapid.IntRange(-3600, 40000).Draw(rt, "s")) * time.Second)
			},
			"find": func(rt *rapid.T) {
				v := verwerkingenlog.Zoekvraag{
					OIN: oin.Draw(rt, "oin"), Soort: verwerkingenlog.IngangSoort(rapid.IntRange(1, 4).Draw(rt, "soort")),
					Sleutels: rapid.SliceOfN(rapid.SampledFrom(sleutels), 0, 3).Draw(rt, "sleutels"),
					Tot:      rapid.Uint64Range(0, 60).Draw(rt, "tot"), MetActiviteit: rapid.Bool().Draw(rt, "met"),
				}
				same("find", storetest.Find(t, m, v), storetest.Find(t, s, v), nil, nil)
			},
			"read": func(rt *rapid.T) {
				o, id := oin.Draw(rt, "oin"), rapid.SampledFrom(ids).Draw(rt, "actie")
				v1, err1 := m.Versions(bg, o, id)
				v2, err2 := s.Versions(bg, o, id)
				same("versions", v1, v2, err1, err2)
				l1, err1 := m.Latest(bg, o, id)
				l2, err2 := s.Latest(bg, o, id)
				same("latest", l1, l2, err1, err2)
				bladen := rapid.SliceOfN(rapid.Uint64Range(0, 20), 0, 3).Draw(rt, "bladen")
				r1, err1 := m.Rows(bg, o, bladen)
				r2, err2 := s.Rows(bg, o, bladen)
				same("rows", r1, r2, err1, err2)
			},
			"": func(rt *rapid.T) {
				for _, o := range []string{a, b} {
					n1, err1 := m.Size(bg, o)
					n2, err2 := s.Size(bg, o)
					same("size", n1, n2, err1, err2)
				}
			},
		})
		readLog(t, s.nodes[0], a)
		readLog(t, s.nodes[0], b)
	})
}
