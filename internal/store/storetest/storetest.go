package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// proef is one test of the suite, with its own store.
type proef struct {
	naam string
	f    func(t *testing.T, s verwerkingenlog.Store)
}

// Run runs the suite. open gives an empty store in which A and B exist, that takes its clock from
// Nu(t) and is closed by t.Cleanup.
func Run(t *testing.T, open func(t testing.TB) verwerkingenlog.Store) {
	for _, p := range slices.Concat(appendProeven, idempotentieProeven, findProeven, gelijktijdigProeven) {
		t.Run(p.naam, func(t *testing.T) {
			t.Parallel()
			p.f(t, open(t))
		})
	}
}

// Opts compare what was appended with what is read: commitments and seed are for Append only, the leaf hash is for reading only, and
// no entries is no entries.
var Opts = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(verwerkingenlog.Rij{}, "Bewijs", "Zaad", "BladHash"),
	// Content at once rather than byte by byte, which takes seconds.
	cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) > 0 }, cmp.Comparer(bytes.Equal)),
}

var bg = context.Background()

// must appends units that all have to be accepted.
func must(t *testing.T, s verwerkingenlog.Store, groep ...*verwerkingenlog.Eenheid) {
	t.Helper()
	if err := s.Append(bg, groep); err != nil {
		t.Fatalf("Append: %v", err)
	}
	for i, e := range groep {
		if e.Err != nil {
			t.Fatalf("unit %d refused: %v", i, e.Err)
		}
	}
}

func wantSize(t *testing.T, s verwerkingenlog.Store, oin string, want uint64) {
	t.Helper()
	n, err := s.Size(bg, oin)
	if err != nil || n != want {
		t.Fatalf("Size = %d, %v; want %d", n, err, want)
	}
}

// vanzelf waits for what comes by itself: on a node at rest within a second, and the machine may be slow.
func vanzelf(t testing.TB, wat string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", wat)
		}
	}
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

var appendProeven = []proef{
	{"what was appended is read back byte for byte", func(t *testing.T, s verwerkingenlog.Store) {
		full := Rij(A, uuid.New(), 1,
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerktObject, Sleutel: Sleutel(), Aantal: 65535},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangPersoon, Sleutel: Sleutel(), Aantal: 3},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangAfnemer, Sleutel: Sleutel()},
			verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangVerwerking, Sleutel: [16]byte{}, Aantal: 1})
		full.Staat = verwerkingenlog.NewStaat(verwerkingenlog.Opgeheven).Expire()
		full.Operatie, full.Tijdstip = bewijs.OperatieDELETE, -62135596800000000
		Seal(A, full)
		bare := Rij(A, uuid.New(), 1)
		bare.Activiteit, bare.Inhoud, bare.Tijdstip = uuid.Nil, nil, 0
		big := Rij(A, uuid.New(), 1, Persoon())
		big.Inhoud = make([]byte, 300_000)
		must(t, s, Eenheid(A, full), Eenheid(A, bare), Eenheid(A, big))
		for _, want := range []*verwerkingenlog.Rij{full, bare, big} {
			got, err := s.Latest(bg, A, want.ActieID)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, Opts); d != "" {
				t.Errorf("Latest (-want +got):\n%s", d)
			}
			rows, err := s.Rows(bg, A, []uint64{want.Blad})
			if err != nil || len(rows) != 1 {
				t.Fatalf("Rows: %d, %v", len(rows), err)
			}
			if d := cmp.Diff(want, rows[0], Opts); d != "" {
				t.Errorf("Rows (-want +got):\n%s", d)
			}
		}
	}},
	{"a version is read with its mark and its leaf hash, wherever in a group it stands", func(t *testing.T, s verwerkingenlog.Store) {
		var rijen []*verwerkingenlog.Rij
		id := uuid.New()
		for k, n := range []int{1, 1, 2, 61, 3, 130, 1, 64} {
			groep := []*verwerkingenlog.Eenheid{Nieuw(B)}
			for i := range n {
				r := Rij(A, uuid.New(), 1)
				if i == n/2 { // one actie has a version in each group
					r = Rij(A, id, uint32(k+1))
				}
				groep, rijen = append(groep, Eenheid(A, r)), append(rijen, r)
			}
			must(t, s, groep...)
		}
		bladen := make([]uint64, len(rijen))
		for i := range bladen {
			bladen[i] = uint64(len(rijen) - 1 - i)
		}
		rows, err := s.Rows(bg, A, bladen)
		if err != nil {
			t.Fatal(err)
		}
		versies, err := s.Versions(bg, A, id)
		if err != nil || len(versies) != 8 {
			t.Fatalf("%d versions, %v", len(versies), err)
		}
		laatste, err := s.Latest(bg, A, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range append(versies, laatste) {
			if r.BladHash != rijen[r.Blad].Bewijs.BladHash() {
				t.Fatalf("leaf %d comes with another hash than its own", r.Blad)
			}
		}
		for _, r := range append(append(rows, versies...), laatste) {
			if want := rijen[r.Blad].Zaad.Merk(r.Blad, r.Registratie); r.Merk != want || want == (bewijs.Merk{}) {
				t.Fatalf("leaf %d comes with another mark than its own", r.Blad)
			}
		}
	}},
	{"leaves are numbered from 0 without gaps, per organisation, in the order of the group", func(t *testing.T, s verwerkingenlog.Store) {
		next := map[string]uint64{}
		for i := range 20 {
			var groep []*verwerkingenlog.Eenheid
			for j := range 1 + i%5 {
				oin := []string{A, B, A}[(i+j)%3]
				groep = append(groep, Eenheid(oin, Rij(oin, uuid.New(), 1, Persoon()), Rij(oin, uuid.New(), 1)))
			}
			must(t, s, groep...)
			for _, e := range groep {
				for _, r := range e.Rijen {
					if r.Blad != next[e.OIN] {
						t.Fatalf("leaf %d, want %d", r.Blad, next[e.OIN])
					}
					next[e.OIN]++
				}
			}
		}
		wantSize(t, s, A, next[A])
		wantSize(t, s, B, next[B])
	}},
	{"registration grows strictly, also when the clock stands still or goes back", func(t *testing.T, s verwerkingenlog.Store) {
		klok := KlokVan(t)
		last := int64(-1)
		for _, d := range []int{0, 0, 1, -3600, 7200, -1} {
			klok.Add(durationSeconds(d))
			e := Eenheid(A, Rij(A, uuid.New(), 1), Rij(A, uuid.New(), 1))
			e2 := Nieuw(A)
			must(t, s, e, e2)
			for _, r := range append(e.Rijen, e2.Rijen...) {
				if r.Registratie <= last {
					t.Fatalf("registration %d after %d", r.Registratie, last)
				}
				if r.Bewijs.Registratie != r.Registratie {
					t.Fatal("leaf has another registration than the version")
				}
				last = r.Registratie
			}
		}
		klok.Add(durationSeconds(86400))
		e := Nieuw(A)
		must(t, s, e)
		if got, want := e.Rijen[0].Registratie, klok.Now().UnixMicro(); got != want {
			t.Fatalf("registration %d, want the clock's %d", got, want)
		}
	}},
	{"a unit is all or nothing and a refused one consumes no number", func(t *testing.T, s verwerkingenlog.Store) {
		goed, slecht := Rij(A, uuid.New(), 1, Persoon()), Rij(A, uuid.New(), 2)
		e := Eenheid(A, goed, slecht)
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil {
			t.Fatal(err)
		}
		wantErr(t, e.Err, fout.Gelijktijdig)
		wantSize(t, s, A, 0)
		_, err := s.Latest(bg, A, goed.ActieID)
		wantErr(t, err, fout.NietGevonden)
		next := Nieuw(A)
		must(t, s, next)
		if next.Rijen[0].Blad != 0 {
			t.Fatalf("leaf %d, want 0", next.Rijen[0].Blad)
		}
	}},
	{"a poison unit does not fail its neighbours", func(t *testing.T, s verwerkingenlog.Store) {
		zero := Rij(A, uuid.New(), 1)
		zero.Nummer = 0
		Seal(A, zero)
		for naam, gif := range map[string]*verwerkingenlog.Eenheid{
			"an unknown organisation":           Nieuw("00000099000000000009"),
			"no version at all":                 Eenheid(A),
			"a version number that is not next": Eenheid(A, Rij(A, uuid.New(), 7)),
			"version number 0":                  Eenheid(A, zero),
			"one actie twice":                   twice(A),
		} {
			before, err := s.Size(bg, A)
			if err != nil {
				t.Fatal(err)
			}
			voor, na := Nieuw(A, Persoon()), Nieuw(A, Persoon())
			if err := s.Append(bg, []*verwerkingenlog.Eenheid{voor, gif, na}); err != nil {
				t.Fatalf("%s: %v", naam, err)
			}
			if gif.Err == nil {
				t.Errorf("%s: accepted", naam)
			}
			if voor.Err != nil || na.Err != nil {
				t.Errorf("%s: neighbours refused: %v, %v", naam, voor.Err, na.Err)
			}
			wantSize(t, s, A, before+2)
			if na.Rijen[0].Blad != before+1 {
				t.Errorf("%s: leaf %d after it, want %d", naam, na.Rijen[0].Blad, before+1)
			}
		}
	}},
	{"only the next version of an actie is accepted", func(t *testing.T, s verwerkingenlog.Store) {
		e := Nieuw(A, Persoon())
		must(t, s, e)
		id := e.Rijen[0].ActieID
		for _, c := range []struct {
			nummer uint32
			goed   bool
		}{{2, true}, {2, false}, {4, false}, {3, true}, {3, false}, {0, false}} {
			v := Eenheid(A, Rij(A, id, c.nummer))
			if err := s.Append(bg, []*verwerkingenlog.Eenheid{v}); err != nil {
				t.Fatal(err)
			}
			if c.goed && v.Err != nil {
				t.Errorf("version %d refused: %v", c.nummer, v.Err)
			}
			if !c.goed && !errors.Is(v.Err, fout.Gelijktijdig) {
				t.Errorf("version %d: %v, want %v", c.nummer, v.Err, fout.Gelijktijdig)
			}
		}
		got, err := s.Versions(bg, A, id)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got {
			if r.Nummer != uint32(i+1) {
				t.Errorf("version %d stands at place %d", r.Nummer, i)
			}
		}
		if len(got) != 3 {
			t.Errorf("%d versions, want 3", len(got))
		}
	}},
	{"of two units on one actie in one group the second is refused", func(t *testing.T, s verwerkingenlog.Store) {
		e := Nieuw(A)
		must(t, s, e)
		id := e.Rijen[0].ActieID
		first, second, third := Eenheid(A, Rij(A, id, 2)), Eenheid(A, Rij(A, id, 2)), Eenheid(A, Rij(A, id, 3))
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{first, second, third}); err != nil {
			t.Fatal(err)
		}
		if first.Err != nil || third.Err != nil {
			t.Fatalf("refused: %v, %v", first.Err, third.Err)
		}
		wantErr(t, second.Err, fout.Gelijktijdig)
		wantSize(t, s, A, 3)
	}},
	{"a unit may bring several versions of one actie", func(t *testing.T, s verwerkingenlog.Store) {
		id := uuid.New()
		must(t, s, Eenheid(A, Rij(A, id, 1), Rij(A, id, 2)))
		got, err := s.Latest(bg, A, id)
		if err != nil || got.Nummer != 2 {
			t.Fatalf("Latest = %v, %v; want version 2", got, err)
		}
	}},
	{"an actie that is vervallen still has its versions", func(t *testing.T, s verwerkingenlog.Store) {
		e := Nieuw(A)
		must(t, s, e)
		weg := Rij(A, e.Rijen[0].ActieID, 2)
		weg.Operatie, weg.Staat = bewijs.OperatieDELETE, weg.Staat.Expire()
		Seal(A, weg)
		must(t, s, Eenheid(A, weg))
		got, err := s.Latest(bg, A, weg.ActieID)
		if err != nil || !got.Staat.Vervallen() || got.Operatie != bewijs.OperatieDELETE {
			t.Fatalf("Latest = %+v, %v", got, err)
		}
	}},
	{"a cancelled request writes nothing", func(t *testing.T, s verwerkingenlog.Store) {
		ctx, cancel := context.WithCancel(bg)
		cancel()
		wantErr(t, s.Append(ctx, []*verwerkingenlog.Eenheid{Nieuw(A)}), context.Canceled)
		wantSize(t, s, A, 0)
	}},
	{"rows come in the order of the question, and an unknown leaf is not found", func(t *testing.T, s verwerkingenlog.Store) {
		var ids []uuid.UUID
		for range 5 {
			e := Nieuw(A)
			must(t, s, e)
			ids = append(ids, e.Rijen[0].ActieID)
		}
		ask := []uint64{3, 0, 4, 0}
		got, err := s.Rows(bg, A, ask)
		if err != nil || len(got) != len(ask) {
			t.Fatalf("Rows: %d rows, %v", len(got), err)
		}
		for i, b := range ask {
			if got[i].Blad != b || got[i].ActieID != ids[b] {
				t.Errorf("row %d is leaf %d, want %d", i, got[i].Blad, b)
			}
		}
		if got, err := s.Rows(bg, A, nil); err != nil || len(got) != 0 {
			t.Errorf("Rows of nothing: %v, %v", got, err)
		}
		_, err = s.Rows(bg, A, []uint64{0, 5})
		wantErr(t, err, fout.NietGevonden)
		_, err = s.Rows(bg, A, []uint64{1 << 63})
		wantErr(t, err, fout.NietGevonden)
		_, err = s.Rows(bg, B, []uint64{0})
		wantErr(t, err, fout.NietGevonden)
	}},
	{"an unknown actie is not found and an unknown organisation is an error", func(t *testing.T, s verwerkingenlog.Store) {
		_, err := s.Latest(bg, A, uuid.New())
		wantErr(t, err, fout.NietGevonden)
		_, err = s.Versions(bg, A, uuid.New())
		wantErr(t, err, fout.NietGevonden)
		const onbekend = "00000099000000000009"
		if _, err := s.Size(bg, onbekend); err == nil {
			t.Error("Size of an unknown organisation")
		}
		if _, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: onbekend}); err == nil {
			t.Error("Find in an unknown organisation")
		}
		if _, err := s.Rows(bg, onbekend, nil); err == nil {
			t.Error("Rows of an unknown organisation")
		}
		if _, err := s.Versions(bg, onbekend, uuid.New()); err == nil {
			t.Error("Versions in an unknown organisation")
		}
	}},
	{"two organisations with the same ids and keys never meet", func(t *testing.T, s verwerkingenlog.Store) {
		id, p := uuid.New(), Persoon()
		a, b := Rij(A, id, 1, p), Rij(B, id, 1, p)
		must(t, s, Nieuw(A), Eenheid(A, a), Eenheid(B, b), Eenheid(B, Rij(B, id, 2, p)))
		got, err := s.Latest(bg, A, id)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(a, got, Opts); d != "" {
			t.Errorf("Latest (-want +got):\n%s", d)
		}
		for _, oin := range []string{A, B} {
			if l := find(t, s, oin, p, 99); len(l) != 1 || l[0].Nu.Blad != 1 {
				t.Errorf("found %+v", l)
			}
		}
		wantSize(t, s, A, 2)
		wantSize(t, s, B, 2)
	}},
}

func twice(oin string) *verwerkingenlog.Eenheid {
	id := uuid.New()
	return Eenheid(oin, Rij(oin, id, 1), Rij(oin, id, 1))
}
