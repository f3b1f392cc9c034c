package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// RunHersleutel holds an engine to what a change of keys must leave as it is: any sequence of logging, changing, searching,
// checking, crashing and rebuilding, while versions are put under other keys, some at a time. begin gives an empty store.
func RunHersleutel(t *testing.T, reeksen int, begin func(t testing.TB) *Machine) {
	for range reeksen {
		zaad := rand.Uint64()
		t.Run("", func(t *testing.T) {
			t.Logf("seed %d", zaad)
			r := &reeks{t: t, m: begin(t), rnd: rand.New(rand.NewPCG(zaad, 0)), ringen: NieuweSleutelringen(t)}
			r.run()
		})
	}
}

// personen of a sequence.
var reeksBSNs = []string{"999900001", "999900002", "999900003", "999900004"}

// reeks is a sequence and what must come of it.
type reeks struct {
	t      *testing.T
	m      *Machine
	rnd    *rand.Rand
	ringen *Sleutelringen
	acties []*reeksActie
	van    uint64 // from where keys are changed next
}

type reeksActie struct {
	id        uuid.UUID
	bladen    []uint64
	versies   [][]string // persons of each version
	vervallen bool
}

func (r *reeks) run() {
	schrijf := r.ringen.Een
	for range 12 {
		r.doe(schrijf)
	}
	for range 40 {
		// Nodes that know the next keys and write with the old ones, beside nodes that are further.
		schrijf = []*betrokkene.Sleutelbos{r.ringen.Weet, r.ringen.Twee}[r.rnd.IntN(2)]
		switch r.rnd.IntN(12) {
		default:
			r.doe(schrijf)
		case 0, 1, 2, 3:
			r.hersleutel()
		case 4:
			r.kijk()
		case 5:
			if r.m.Breek != nil {
				r.m.Breek()
			}
		case 6:
			if r.rnd.IntN(3) == 0 {
				r.m.Herbouw()
			}
		}
		r.zoek()
		if r.t.Failed() {
			return
		}
	}
	r.kijk()
	rijen, hashes := Alles(r.t, r.m.Store())
	Hersleutel(r.t, r.m.Store(), r.ringen.Twee, 7)
	if n := Hersleutel(r.t, r.m.Store(), r.ringen.Twee, 100); n != 0 {
		r.t.Errorf("%d versions changed again", n)
	}
	WilNieuw(r.t, r.m.Store(), r.ringen.Twee, rijen, hashes, reeksBSNs)
	r.zoek()
	r.kijk()
	r.m.Herbouw()
	r.zoek()
	r.kijk()
}

// doe logs or changes something.
func (r *reeks) doe(b *betrokkene.Sleutelbos) {
	bsns := make([]string, 1+r.rnd.IntN(3))
	for i := range bsns {
		bsns[i] = reeksBSNs[r.rnd.IntN(len(reeksBSNs))]
	}
	MetLog(r.t, r.m.Store(), b, func(l *verwerkingenlog.Log) {
		levend := slices.DeleteFunc(slices.Clone(r.acties), func(a *reeksActie) bool { return a.vervallen })
		if len(levend) == 0 || r.rnd.IntN(3) == 0 {
			v, err := l.Create(bg, Beller, Invoer(bsns...), "", nil)
			if err != nil {
				r.t.Fatal(err)
			}
			r.acties = append(r.acties, &reeksActie{id: v.ActieID, bladen: []uint64{v.Blad}, versies: [][]string{bsns}})
			return
		}
		a := levend[r.rnd.IntN(len(levend))]
		if r.rnd.IntN(5) == 0 {
			if err := l.Delete(bg, Beller, a.id.String(), "", ""); err != nil {
				r.t.Fatal(err)
			}
			n, err := r.m.Store().Size(bg, A)
			if err != nil {
				r.t.Fatal(err)
			}
			a.vervallen, a.bladen, a.versies = true, append(a.bladen, n-1), append(a.versies, a.versies[len(a.versies)-1])
			return
		}
		v, err := l.Replace(bg, Beller, a.id.String(), Invoer(bsns...), "", "")
		if err != nil {
			r.t.Fatal(err)
		}
		a.bladen, a.versies = append(a.bladen, v.Blad), append(a.versies, bsns)
	})
}

func (r *reeks) hersleutel() {
	s, _ := r.ringen.Twee.Organisatie(A)
	volgende, _, err := verwerkingenlog.Hersleutel(bg, r.m.Store(), s, A, r.van, 1+r.rnd.IntN(9))
	if err != nil {
		r.t.Errorf("from leaf %d: %v", r.van, err)
	}
	if r.van = volgende; r.rnd.IntN(4) == 0 {
		r.van = 0
	}
}

// kijk finds nothing wrong, with the keys of who is further and of who is not.
func (r *reeks) kijk() {
	for _, b := range []*betrokkene.Sleutelbos{r.ringen.Twee, r.ringen.Weet} {
		r.m.Kijk(func(k controle.Opslag) { WilGaaf(r.t, k, b) })
	}
}

// zoek finds of every person each actie once, as it stands, with all handles that there are.
func (r *reeks) zoek() {
	s, _ := r.ringen.Weet.Organisatie(A)
	n, err := r.m.Store().Size(bg, A)
	if err != nil {
		r.t.Fatal(err)
	}
	tot := r.rnd.Uint64N(n + 1)
	for _, bsn := range reeksBSNs {
		var sleutels [][16]byte
		for _, h := range s.Handles("persoon", "BSN", bsn) {
			sleutels = append(sleutels, h)
		}
		treffers := map[uuid.UUID]verwerkingenlog.Treffer{}
		for _, f := range Find(r.t, r.m.Store(), verwerkingenlog.Zoekvraag{OIN: A, Soort: verwerkingenlog.IngangPersoon, Sleutels: sleutels, Tot: tot}) {
			treffers[f.ActieID] = f
		}
		for _, a := range r.acties {
			eerste := slices.IndexFunc(a.versies, func(v []string) bool { return slices.Contains(v, bsn) })
			f, is := treffers[a.id]
			delete(treffers, a.id)
			if hoort := eerste >= 0 && a.bladen[eerste] < tot; is != hoort {
				r.t.Fatalf("an actie of %d versions is found: %v, want %v", len(a.versies), is, hoort)
			}
			if !is {
				continue
			}
			toen := len(a.bladen) - 1
			for a.bladen[toen] >= tot {
				toen--
			}
			for _, c := range []struct {
				got verwerkingenlog.Stand
				k   int
			}{{f.Toen, toen}, {f.Nu, len(a.bladen) - 1}} {
				aantal := 0
				for _, p := range a.versies[c.k] {
					if p == bsn {
						aantal++
					}
				}
				if c.got.Blad != a.bladen[c.k] || int(c.got.Aantal) != aantal {
					r.t.Fatalf("leaf %d named %d times, want leaf %d, %d times", c.got.Blad, c.got.Aantal, a.bladen[c.k], aantal)
				}
			}
		}
		if len(treffers) > 0 {
			r.t.Fatalf("%d acties of others are found", len(treffers))
		}
	}
}

// WilGelaten finds that a version which was changed is left as it is, and that the others are not.
func WilGelaten(t testing.TB, s Motor, b *betrokkene.Sleutelbos, blad uint64) {
	t.Helper()
	r, _ := b.Organisatie(A)
	eerst, _ := Alles(t, s)
	_, gewijzigd, err := verwerkingenlog.Hersleutel(bg, s, r, A, 0, len(eerst))
	if !errors.Is(err, verwerkingenlog.ErrGelaten) || gewijzigd != len(eerst)-1 {
		t.Fatalf("%d of %d changed, %v", gewijzigd, len(eerst), err)
	}
	for i, rij := range func() []*verwerkingenlog.Rij { l, _ := Alles(t, s); return l }() {
		if r.Nieuwste(rij.Inhoud) == (uint64(i) == blad) {
			t.Errorf("leaf %d: under the newest key: %v", i, r.Nieuwste(rij.Inhoud))
		}
	}
}
