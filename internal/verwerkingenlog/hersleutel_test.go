package verwerkingenlog

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// tweeRingen gives the keys of an organisation before and after a change.
func tweeRingen(t testing.TB) (een, twee *betrokkene.Sleutels) {
	t.Helper()
	dir, p := filepath.Join(t.TempDir(), "sleutels"), &prints{}
	open := func() *betrokkene.Sleutels {
		b, err := betrokkene.Open(t.Context(), dir, []string{oinVoorbeeldstad}, p)
		if err != nil {
			t.Fatal(err)
		}
		return keysOf(t, b, oinVoorbeeldstad)
	}
	een = open()
	for naam, cijfer := range map[string]string{"handle-2": "a", "zegel-2": "b"} {
		if err := os.WriteFile(filepath.Join(dir, oinVoorbeeldstad, naam+".key"), []byte(strings.Repeat(cijfer, 64)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return een, open()
}

// verzegel makes a version of some persons.
func verzegel(t testing.TB, s *betrokkene.Sleutels, actie uuid.UUID, nummer uint32, vorige []Ingang, bsns ...string) *Rij {
	t.Helper()
	a := Verwerkingsactie{ActieNaam: "Bekijken", Tijdstip: "2026-03-01T12:00:00Z"}
	for _, bsn := range bsns {
		a.Objecten = append(a.Objecten, VerwerktObject{ID: uuid.New(), Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn})
	}
	r, err := seal(s, oinVoorbeeldstad, &Versie{ActieID: actie, Nummer: nummer, Operatie: bewijs.OperatiePUT, Actie: a}, vorige)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An actie whose versions were logged under the first key, under the next one, and put under it, in any mixture, is as it
// should be; with one entry that is not, it isn't.
func TestEntriesOfTwoKeysAreJudged(t *testing.T) {
	t.Parallel()
	een, twee := tweeRingen(t)
	p := func(s *betrokkene.Sleutels, bsn string) [16]byte { return s.Handle("persoon", "BSN", bsn) }
	actie := uuid.New()
	v1 := verzegel(t, een, actie, 1, nil, "999900001", "999900002")
	v2 := verzegel(t, twee, actie, 2, v1.Ingangen, "999900002")
	v3 := verzegel(t, twee, actie, 3, v2.Ingangen, "999900003", "999900003")
	if len(v3.Ingangen) < 5 {
		t.Fatalf("%d entries: the test proves nothing", len(v3.Ingangen))
	}
	// As Hersleutel makes them.
	anders := func(r *Rij, eerder ...*Rij) *Rij {
		h := newHandles()
		for _, e := range append(eerder, r) {
			v, err := open(twee, oinVoorbeeldstad, e)
			if err != nil {
				t.Fatal(err)
			}
			h.add(twee, &v.Actie)
		}
		c := *r
		var ok bool
		if c.Ingangen, ok = h.nu(r.Ingangen, false); !ok || len(c.Ingangen) > len(r.Ingangen) {
			t.Fatalf("version %d can't be put under the next key", r.Nummer)
		}
		for _, i := range c.Ingangen {
			for _, bsn := range []string{"999900001", "999900002", "999900003"} {
				if i.Sleutel == p(een, bsn) {
					t.Errorf("version %d has an entry under the first key", r.Nummer)
				}
			}
		}
		return &c
	}
	w1, w2, w3 := anders(v1), anders(v2, v1), anders(v3, v1, v2)
	nakijk := func(rijen ...*Rij) (fouten int) {
		v := &Verleden{}
		for _, r := range rijen {
			switch _, err := Nakijken(twee, oinVoorbeeldstad, r, v); {
			case errors.Is(err, ErrIngangen):
				fouten++
			case err != nil:
				t.Fatal(err)
			}
		}
		return fouten
	}
	for i := range 8 {
		rijen := []*Rij{v1, v2, v3}
		for k, w := range []*Rij{w1, w2, w3} {
			if i>>k&1 == 1 {
				was := rijen[k]
				c := *w
				c.Geindexeerd = was.Ingangen
				rijen[k] = &c
			}
		}
		if n := nakijk(rijen...); n != 0 {
			t.Errorf("mixture %d: %d versions are called wrong", i, n)
		}
		// The middle one alone can be judged as well, as far as it goes.
		if n := nakijk(rijen[1]); n != 0 {
			t.Errorf("mixture %d: a version without the one before it is called wrong", i)
		}
		for k, r := range rijen {
			for wat, verander := range map[string]func(r *Rij){
				"a handle of nobody":        func(r *Rij) { r.Ingangen[0].Sleutel[3]++ },
				"the handle of another":     func(r *Rij) { r.Ingangen[0].Sleutel = p(een, "999900009") },
				"a count":                   func(r *Rij) { r.Ingangen[0].Aantal++ },
				"an entry is gone":          func(r *Rij) { r.Ingangen = r.Ingangen[1:] },
				"an entry of nobody":        func(r *Rij) { r.Ingangen = append(r.Ingangen, Ingang{Soort: IngangPersoon, Sleutel: [16]byte{1}}) },
				"a counted entry of nobody": func(r *Rij) { r.Ingangen = append(r.Ingangen, Ingang{IngangPersoon, [16]byte{1}, 1}) },
				"an entry twice":            func(r *Rij) { r.Ingangen = append(r.Ingangen, r.Ingangen[0]) },
				"an indexed handle":         func(r *Rij) { r.Geindexeerd = slices.Clone(r.Ingangen); r.Geindexeerd[0].Sleutel[3]++ },
				"an indexed entry is gone":  func(r *Rij) { r.Geindexeerd = slices.Clone(r.Ingangen)[1:] },
				"nothing is indexed":        func(r *Rij) { r.Geindexeerd = []Ingang{} },
			} {
				c := *r
				c.Ingangen = slices.Clone(r.Ingangen)
				verander(&c)
				l := slices.Clone(rijen)
				l[k] = &c
				if n := nakijk(l...); n != 1 {
					t.Errorf("mixture %d: of version %d %s, and %d versions are called wrong", i, k+1, wat, n)
				}
			}
		}
	}
}

// eerder makes of a version what it was before a BSN without its first zero was the same person: with entries to the letter.
func eerder(t testing.TB, s *betrokkene.Sleutels, r *Rij, objecten ...string) *Rij {
	t.Helper()
	c := *r
	c.Ingangen = nil
	for _, i := range r.Ingangen {
		if i.Soort != IngangPersoon {
			c.Ingangen = append(c.Ingangen, i)
		}
	}
	for _, bsn := range objecten {
		sleutel := s.Handle("persoon", "BSN", bsn)
		if len(bsn) == 8 {
			sleutel = s.Eerder("persoon", "BSN", bsn)[0]
		}
		c.Ingangen = append(c.Ingangen, Ingang{Soort: IngangPersoon, Sleutel: sleutel, Aantal: 1})
	}
	return &c
}

// A log of before the rule that a BSN without its first zero is the same person is as it should be, and a new handle key puts it under one handle.
func TestALogOfBeforeTheZeroCountedIsWhole(t *testing.T) {
	t.Parallel()
	een, twee := tweeRingen(t)
	const met, zonder = "000000012", "00000012"
	for naam, bsns := range map[string][]string{"without its zero": {zonder}, "both ways": {zonder, met}, "both ways, turned": {met, zonder}} {
		v1 := verzegel(t, een, uuid.New(), 1, nil, bsns...)
		if n := len(bsns); v1.Ingangen[0].Aantal != uint16(n) || len(v1.Ingangen) != 1+n {
			t.Fatalf("%s: %d entries now", naam, len(v1.Ingangen))
		}
		toen := eerder(t, een, v1, bsns...)
		if _, err := Nakijken(een, oinVoorbeeldstad, toen, &Verleden{}); !errors.Is(err, ErrIngangen) {
			t.Errorf("%s: entries in another order are right: the test proves nothing", naam)
		}
		// In the order in which they were made: person, object, person, object.
		l := toen.Ingangen
		toen.Ingangen = nil
		for k := range bsns {
			toen.Ingangen = append(toen.Ingangen, l[len(bsns)+k], l[k])
		}
		for welke, s := range map[string]*betrokkene.Sleutels{"its key": een, "a later key": twee} {
			if _, err := Nakijken(s, oinVoorbeeldstad, toen, &Verleden{}); err != nil {
				t.Errorf("%s, with %s: %v", naam, welke, err)
			}
			if _, err := Nakijken(s, oinVoorbeeldstad, toen, nil); err != nil {
				t.Errorf("%s, alone, with %s: %v", naam, welke, err)
			}
		}
		dubbel := *toen
		dubbel.Ingangen = append(slices.Clone(toen.Ingangen), toen.Ingangen[0])
		if _, err := Nakijken(een, oinVoorbeeldstad, &dubbel, &Verleden{}); !errors.Is(err, ErrIngangen) {
			t.Errorf("%s: an entry twice is right: %v", naam, err)
		}

		// A change after it, and all of it under the next key.
		v2 := verzegel(t, een, v1.ActieID, 2, toen.Ingangen, met)
		verleden := &Verleden{}
		for _, r := range []*Rij{toen, v2} {
			if _, err := Nakijken(een, oinVoorbeeldstad, r, verleden); err != nil {
				t.Errorf("%s, version %d: %v", naam, r.Nummer, err)
			}
		}
		bekend := newHandles()
		for _, r := range []*Rij{toen, v2} {
			v, err := open(twee, oinVoorbeeldstad, r)
			if err != nil {
				t.Fatal(err)
			}
			bekend.add(twee, &v.Actie)
			nieuw, ok := bekend.nu(r.Ingangen, false)
			if !ok {
				t.Errorf("%s: version %d can't be put under the next key", naam, r.Nummer)
			}
			want := uint16(len(bsns))
			if r.Nummer == 2 {
				want = 1
			}
			for k, i := range nieuw {
				if i.Soort == IngangPersoon && (i.Sleutel != twee.Handle("persoon", "BSN", met) || i.Aantal != want || k > 0) {
					t.Errorf("%s: version %d has %d of the person", naam, r.Nummer, i.Aantal)
				}
			}
		}
	}
}
