package storetest

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// KastKnoop is a store as one node sees it: the documents of a room, and its beheerlog.
type KastKnoop struct {
	Opslag kast.Opslag
	Log    beheerlog.Opslag
}

// RunKast is the suite of the port that keeps documents. open gives an empty store in which A and B exist, as two nodes see it;
// an engine of one process gives the same twice. sleutels are the keys.
func RunKast(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander KastKnoop)) {
	for naam, f := range map[string]func(kastproef){
		"what is put is loaded, replaced and removed":             kastproef.rijen,
		"a change is whole or nothing, its events included":       kastproef.geheel,
		"only the next generation and the next version are taken": kastproef.volgorde,
		"what must be unique is so in its kind and organisation":  kastproef.ingangen,
		"of two nodes that decide on the same state one wins":     kastproef.wedloop,
		"a bijlage is asked for alone, and may be gone already":   kastproef.bijlagen,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			f(kastproef{t, sleutels, een, ander})
		})
	}
}

// Kinds of documents; an engine knows none of them.
const (
	soortEen  kast.Soort = "een"
	soortTwee kast.Soort = "twee"
	soortDrie kast.Soort = "drie"
)

type kastproef struct {
	*testing.T
	sleutels   func(oin string) (*betrokkene.Sleutels, bool)
	een, ander KastKnoop
}

func kastrij(oin string, soort kast.Soort, ingang string) kast.Rij {
	return kast.Rij{OIN: oin, Soort: soort, ID: uuid.New(), Versie: 1, Ingang: []byte(ingang), Verzegeld: []byte("sealed " + ingang)}
}

func opvolger(r kast.Rij, ingang string) kast.Rij {
	r.Versie++
	r.Ingang = []byte(ingang)
	r.Verzegeld = []byte("sealed again " + ingang + strconv.FormatInt(r.Versie, 10))
	return r
}

func zonder(r kast.Rij) kast.Rij {
	r.Weg = true
	return r
}

// put changes the store of a node with one event.
func (p kastproef) put(k KastKnoop, generatie int64, rijen ...kast.Rij) error {
	p.Helper()
	oin := rijen[0].OIN
	s, ok := p.sleutels(oin)
	if !ok {
		s, _ = p.sleutels(A)
	}
	r, err := beheerlog.New(s, oin, time.Now(), beheerlog.Regel{Soort: beheerlog.Gebruiker, Wat: "Gewijzigd."})
	if err != nil {
		p.Fatal(err)
	}
	return k.Opslag.Put(bg, kast.Wijziging{OIN: oin, Generatie: generatie, Rijen: rijen, Gebeurtenissen: []*beheerlog.Rij{&r}})
}

func (p kastproef) must(generatie int64, rijen ...kast.Rij) {
	p.Helper()
	if err := p.put(p.een, generatie, rijen...); err != nil {
		p.Fatalf("Put: %v", err)
	}
}

func (p kastproef) refused(want error, generatie int64, rijen ...kast.Rij) {
	p.Helper()
	if err := p.put(p.een, generatie, rijen...); !errors.Is(err, want) {
		p.Errorf("got %v, want %v", err, want)
	}
}

// holds compares what both nodes see of an organisation; every change had one event.
func (p kastproef) holds(oin string, generatie int64, want ...kast.Rij) {
	p.Helper()
	for _, k := range []KastKnoop{p.een, p.ander} {
		got, n, err := k.Opslag.Load(bg, oin)
		if err != nil {
			p.Fatal(err)
		}
		byID := cmpopts.SortSlices(func(a, b kast.Rij) bool { return a.ID.String() < b.ID.String() })
		if d := cmp.Diff(want, got, byID, cmpopts.EquateEmpty()); d != "" {
			p.Errorf("stored (-want +got):\n%s", d)
		}
		if all, err := k.Opslag.Generaties(bg); err != nil || all[oin] != generatie || n != generatie {
			p.Errorf("generation %d and %d, want %d: %v", n, all[oin], generatie, err)
		}
		if events, err := beheerlog.NewLog(k.Log, p.sleutels, time.Now).Controle(bg, oin); err != nil || events != uint64(generatie) {
			p.Errorf("%d events, want %d: %v", events, generatie, err)
		}
	}
}

func (p kastproef) rijen() {
	p.holds(A, 0)
	a, b := kastrij(A, soortEen, "a"), kastrij(A, soortTwee, "")
	p.must(0, a, b)
	other := kastrij(B, soortEen, "a")
	p.must(0, other)
	p.holds(A, 1, a, b)
	p.holds(B, 1, other)
	a = opvolger(a, "c")
	p.must(1, a, zonder(b))
	p.holds(A, 2, a)
	b = kastrij(A, soortEen, "a")
	p.must(2, b)
	p.holds(A, 3, a, b)
	p.holds(B, 1, other)
}

func (p kastproef) geheel() {
	a := kastrij(A, soortEen, "a")
	p.must(0, a)
	goed := kastrij(A, soortEen, "b")
	p.refused(kast.ErrInGebruik, 1, goed, kastrij(A, soortEen, "a"))
	p.refused(fout.Gelijktijdig, 1, goed, opvolger(kastrij(A, soortEen, "c"), "c"))
	p.refused(fout.Gelijktijdig, 1, goed, zonder(kastrij(A, soortEen, "c")))
	// An event that can't be added: that of another, unknown organisation.
	s, _ := p.sleutels(A)
	r, err := beheerlog.New(s, "00000099000000009999", time.Now(), beheerlog.Regel{Soort: beheerlog.Gebruiker})
	if err != nil {
		p.Fatal(err)
	}
	if err := p.een.Opslag.Put(bg, kast.Wijziging{OIN: A, Generatie: 1, Rijen: []kast.Rij{goed}, Gebeurtenissen: []*beheerlog.Rij{&r}}); err == nil {
		p.Error("a change without its event was made")
	}
	if err := p.put(p.een, 0, kastrij("00000099000000009999", soortEen, "x")); err == nil {
		p.Error("an unknown organisation has people")
	}
	p.holds(A, 1, a)
}

func (p kastproef) volgorde() {
	a := kastrij(A, soortEen, "a")
	p.must(0, a)
	b := kastrij(A, soortEen, "b")
	for _, generatie := range []int64{0, 2, -1} {
		p.refused(fout.Gelijktijdig, generatie, b)
	}
	p.refused(fout.Gelijktijdig, 1, a)
	p.refused(fout.Gelijktijdig, 1, opvolger(opvolger(a, "a"), "a"))
	p.refused(fout.Gelijktijdig, 1, zonder(opvolger(a, "a")))
	other := a
	other.Soort = soortTwee
	p.refused(fout.Gelijktijdig, 1, opvolger(other, "a"))
	other = a
	other.OIN = B
	p.refused(fout.Gelijktijdig, 0, opvolger(other, "a"))
	p.holds(A, 1, a)
	p.holds(B, 0)
}

func (p kastproef) ingangen() {
	a := kastrij(A, soortEen, "a")
	groep := kastrij(A, soortTwee, "a")
	zonder, ook := kastrij(A, soortDrie, ""), kastrij(A, soortDrie, "")
	p.must(0, a, groep, zonder, ook)
	b := kastrij(A, soortEen, "b")
	p.must(1, b)
	p.refused(kast.ErrInGebruik, 2, kastrij(A, soortEen, "a"))
	p.refused(kast.ErrInGebruik, 2, opvolger(b, "a"))
	p.holds(A, 2, a, groep, zonder, ook, b)
	a, b = opvolger(a, "c"), opvolger(b, "a")
	p.must(2, a, b)
	p.holds(A, 3, a, groep, zonder, ook, b)
}

func (p kastproef) wedloop() {
	a := kastrij(A, soortEen, "a")
	p.must(0, a)
	for n := int64(1); n <= 15; n++ {
		var errs [2]error
		var nieuw [2]kast.Rij
		var wg sync.WaitGroup
		for i, k := range []KastKnoop{p.een, p.ander} {
			nieuw[i] = opvolger(a, "node "+strconv.Itoa(i))
			wg.Go(func() { errs[i] = p.put(k, n, nieuw[i]) })
		}
		wg.Wait()
		wint := slices.Index(errs[:], nil)
		if wint < 0 || !errors.Is(errs[1-wint], fout.Gelijktijdig) {
			p.Fatalf("got %v and %v, want one to win", errs[0], errs[1])
		}
		a = nieuw[wint]
		p.holds(A, n+1, a)
	}
}

func (p kastproef) bijlagen() {
	a := kastrij(A, soortEen, "a")
	groot := kastrij(A, kast.SoortBijlage, "")
	groot.ID, groot.Ingang = a.ID, nil
	groot.Verzegeld = make([]byte, 8<<20)
	p.must(0, a, groot)
	p.holds(A, 1, a)
	for _, k := range []KastKnoop{p.een, p.ander} {
		got, err := k.Opslag.Bijlage(bg, A, a.ID)
		if err != nil || got.OIN != A || got.Soort != kast.SoortBijlage || got.ID != a.ID || got.Versie != 1 || !bytes.Equal(got.Verzegeld, groot.Verzegeld) {
			p.Errorf("%s %s, version %d, %d bytes: %v", got.Soort, got.ID, got.Versie, len(got.Verzegeld), err)
		}
		if _, err := k.Opslag.Bijlage(bg, B, a.ID); !errors.Is(err, fout.NietGevonden) {
			p.Errorf("that of another organisation: %v", err)
		}
	}
	p.must(1, zonder(a), zonder(groot))
	if _, err := p.ander.Opslag.Bijlage(bg, A, a.ID); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("what was removed: %v", err)
	}
	p.must(2, zonder(groot), kastrij(A, soortTwee, "b"))
	if _, err := p.een.Opslag.Bijlage(bg, "00000099000000009999", a.ID); err == nil {
		p.Error("an unknown organisation has one")
	}
}
