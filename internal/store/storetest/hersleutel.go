package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Motor is an engine whose versions can be put under other keys.
type Motor interface {
	verwerkingenlog.Store
	verwerkingenlog.Hersleutelaar
}

// Machine is what a test of keys does with an engine.
type Machine struct {
	Store   func() Motor                  // as it is open now
	Kijk    func(f func(controle.Opslag)) // looks at it; it may be closed meanwhile
	Breek   func()                        // ends without closing, and starts again; nil: it can't
	Herbouw func()                        // makes what is derived anew
}

// Sleutelringen are keyrings of organisation A over a change of keys.
type Sleutelringen struct {
	Een  *betrokkene.Sleutelbos // before it
	Weet *betrokkene.Sleutelbos // has the next keys, and writes with the first ones still
	Twee *betrokkene.Sleutelbos // writes with the next ones
}

// ringAfdrukken keeps fingerprints, and that keys with number 2 are known since a moment.
type ringAfdrukken struct {
	mu    sync.Mutex
	m     map[string]string
	sinds time.Time
}

func (a *ringAfdrukken) Vingerafdrukken(context.Context, string) (map[string]string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.m), nil
}

func (a *ringAfdrukken) BewaarVingerafdrukken(_ context.Context, _ string, nieuw map[string]string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.m == nil {
		a.m = map[string]string{}
	}
	maps.Copy(a.m, nieuw)
	return nil
}

func (a *ringAfdrukken) Momenten(context.Context, string) (map[string]time.Time, error) {
	return map[string]time.Time{"handle-2": a.sinds, "zegel-2": a.sinds}, nil
}

func (a *ringAfdrukken) BewaarMomenten(context.Context, string, map[string]time.Time) error {
	return nil
}

// NieuweSleutelringen makes keys on disk and opens them.
func NieuweSleutelringen(t testing.TB) *Sleutelringen {
	t.Helper()
	return NieuweSleutelringenIn(t, filepath.Join(t.TempDir(), "sleutels"))
}

// NieuweSleutelringenIn opens the keys in a directory, and makes them when they are not there.
func NieuweSleutelringenIn(t testing.TB, dir string) *Sleutelringen {
	t.Helper()
	a := &ringAfdrukken{sinds: time.Now()}
	must := func(b *betrokkene.Sleutelbos, err error) *betrokkene.Sleutelbos {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	r := &Sleutelringen{}
	r.Een = must(betrokkene.Open(bg, dir, []string{A}, a))
	for _, naam := range []string{"handle-2", "zegel-2"} {
		pad, key := filepath.Join(dir, A, naam+".key"), make([]byte, 32)
		if _, err := os.Stat(pad); err == nil {
			continue
		}
		rand.Read(key)
		if err := os.WriteFile(pad, []byte(hex.EncodeToString(key)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.Twee = must(betrokkene.Open(bg, dir, []string{A}, a))
	r.Weet = must(betrokkene.OpenMet(bg, dir, []string{A}, a, betrokkene.Opties{Momenten: a, Nu: func() time.Time { return a.sinds }}))
	oud, nieuw := r.van(t, r.Weet), r.van(t, r.Twee)
	if oud.Handle("p", "BSN", "x") == nieuw.Handle("p", "BSN", "x") || len(oud.Handles("p", "BSN", "x")) != 2 {
		t.Fatal("keyrings are not what the test needs")
	}
	return r
}

func (r *Sleutelringen) van(t testing.TB, b *betrokkene.Sleutelbos) *betrokkene.Sleutels {
	t.Helper()
	s, ok := b.Organisatie(A)
	if !ok {
		t.Fatal("no keys of the organisation")
	}
	return s
}

// Beller may do everything.
var Beller = &verwerkingenlog.Aanroeper{
	Organisatie: A, ClientID: "zaaksysteem", OINs: []string{A},
	Lezen: verwerkingenlog.BereikVertrouwelijk, Wijzigen: verwerkingenlog.BereikVertrouwelijk, Verwijderen: verwerkingenlog.BereikVertrouwelijk,
	MagVerhullen: true, MagAudit: true,
}

// MetLog lets f use the register on a store, with some keys.
func MetLog(t testing.TB, s verwerkingenlog.Store, b *betrokkene.Sleutelbos, f func(*verwerkingenlog.Log)) {
	t.Helper()
	c := verwerkingenlog.NewCommitter(s, 1000, nil)
	klaar := make(chan error, 1)
	go func() { klaar <- c.Run() }()
	f(verwerkingenlog.NewLog(s, func(string) *verwerkingenlog.Committer { return c }, b, verwerkingenlog.Opties{
		Organisatie: func(string) *verwerkingenlog.Instellingen { return &verwerkingenlog.Instellingen{} },
	}))
	c.Close()
	if err := <-klaar; err != nil {
		t.Error(err)
	}
}

// Invoer is an actie of some persons, by their BSN.
func Invoer(bsns ...string) *verwerkingenlog.Invoer {
	in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Aanwezig: 1<<verwerkingenlog.AantalVelden - 1}
	for v, waarde := range map[verwerkingenlog.Veld]string{
		verwerkingenlog.VeldActieNaam: "Bekijken adres", verwerkingenlog.VeldVertrouwelijkheid: "normaal",
		verwerkingenlog.VeldVerwerkingsactiviteitID:  "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		verwerkingenlog.VeldVerwerkingsactiviteitURL: "https://www.voorbeeld.nl/api/v1/verwerkingsactiviteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		verwerkingenlog.VeldUitvoerder:               A, verwerkingenlog.VeldTijdstip: "2026-03-01T10:14:05Z",
	} {
		in.Set(v, waarde)
	}
	for _, bsn := range bsns {
		in.Objecten = append(in.Objecten, verwerkingenlog.InvoerObject{
			Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn, Betrokkenheid: "Getuige", Soorten: []string{"BSN"},
		})
	}
	return in
}

// WilGaaf checks the store with keys: the log, its tree and its index.
func WilGaaf(t testing.TB, k controle.Opslag, b *betrokkene.Sleutelbos) {
	t.Helper()
	l := &controle.Log{Opslag: k, Sleutels: func(oin string) (*betrokkene.Sleutels, bool) {
		if oin != A { // it stays empty
			oin = A
		}
		return b.Organisatie(oin)
	}, Meld: func(g controle.Gebrek) { t.Errorf("%+v", g) }}
	if _, err := l.Run(bg, nil); err != nil {
		t.Error(err)
	}
}

// Hersleutel puts everything under the newest keys, some versions at a time, and tells how many changed.
func Hersleutel(t testing.TB, s verwerkingenlog.Hersleutelaar, b *betrokkene.Sleutelbos, max int) (n int) {
	t.Helper()
	r, _ := b.Organisatie(A)
	for van := uint64(0); ; {
		volgende, gewijzigd, err := verwerkingenlog.Hersleutel(bg, s, r, A, van, max)
		if err != nil {
			t.Fatalf("from leaf %d: %v", van, err)
		}
		if n += gewijzigd; volgende == van {
			return n
		}
		van = volgende
	}
}

// Alles are all versions and the hashes of their leaves.
func Alles(t testing.TB, s Motor) (rijen []*verwerkingenlog.Rij, hashes []bewijs.Hash) {
	t.Helper()
	n, err := s.Size(bg, A)
	if err != nil {
		t.Fatal(err)
	}
	bladen, knopen := make([]uint64, n), make([]uint64, n)
	for i := range bladen {
		bladen[i], knopen[i] = uint64(i), bewijs.AantalKnopen(uint64(i))
	}
	if rijen, err = s.Rows(bg, A, bladen); err == nil {
		hashes, err = s.Knopen(bg, A, knopen)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rijen, hashes
}

// WilNieuw tells whether everything is under the newest keys, and nothing else changed since eerst.
func WilNieuw(t testing.TB, s Motor, b *betrokkene.Sleutelbos, eerst []*verwerkingenlog.Rij, hashes []bewijs.Hash, bsns []string) {
	t.Helper()
	r, _ := b.Organisatie(A)
	nieuw := map[[16]byte]bool{}
	for _, bsn := range bsns {
		nieuw[r.Handle("persoon", "BSN", bsn)] = true
	}
	rijen, nu := Alles(t, s)
	if len(rijen) != len(eerst) {
		t.Fatalf("%d versions, and %d before", len(rijen), len(eerst))
	}
	for i, rij := range rijen {
		if !r.Nieuwste(rij.Inhoud) {
			t.Errorf("leaf %d is sealed with an older key", i)
		}
		for _, g := range rij.Ingangen {
			if g.Soort == verwerkingenlog.IngangPersoon && !nieuw[g.Sleutel] {
				t.Errorf("leaf %d has the handle of an older key", i)
			}
		}
		zelfde, was := *rij, *eerst[i]
		zelfde.Inhoud, zelfde.Ingangen, was.Inhoud, was.Ingangen = nil, nil, nil, nil
		if d := cmp.Diff(&was, &zelfde, Opts); d != "" || nu[i] != hashes[i] {
			t.Errorf("leaf %d changed (-before +after):\n%s", i, d)
		}
	}
}
