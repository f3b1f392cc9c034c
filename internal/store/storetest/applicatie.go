package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// RunApplicaties is the suite of the port that keeps applications. open gives an empty store in which
// A and B exist and that is closed by t.Cleanup, as two nodes see it; an engine of one process gives the
// same twice.
func RunApplicaties(t *testing.T, open func(t testing.TB) (een, ander autorisatie.Opslag)) {
	for naam, f := range map[string]func(*testing.T, autorisatie.Opslag){
		"what is put is loaded, and replaced by its next version": putProef,
		"what is deleted is gone and its client ids are free":     deleteProef,
		"only the next version is accepted":                       versieProef,
		"a client id belongs to one application of all":           clientProef,
		"every change is recorded in order, per organisation":     wijzigingProef,
		"many at once lose no change":                             samenProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, _ := open(t)
			f(t, een)
		})
	}
	for naam, f := range map[string]func(t *testing.T, een, ander autorisatie.Opslag){
		"of two nodes that change the same at once one wins":      wedloopProef,
		"of two nodes that take one client id at once one has it": clientWedloopProef,
		"a change is in force on another node by itself":          volgProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			f(t, een, ander)
		})
	}
}

// app is a row of an application with one client id.
func app(oin, client string) autorisatie.Rij {
	return autorisatie.Rij{OIN: oin, ID: uuid.New(), Versie: 1, ClientIDs: []string{client}, Verzegeld: []byte("sealed " + client)}
}

func volgende(r autorisatie.Rij, clients ...string) autorisatie.Rij {
	r.Versie++
	r.ClientIDs = clients
	r.Verzegeld = append(slices.Clone(r.Verzegeld), byte(r.Versie))
	return r
}

func change(r autorisatie.Rij) autorisatie.WijzigingRij {
	return autorisatie.WijzigingRij{
		OIN: r.OIN, ID: r.ID, Versie: r.Versie, Moment: time.Date(2026, 3, 5, 13, 35, 42, 118204000, time.UTC), Verzegeld: []byte("record"),
	}
}

func put(t *testing.T, s autorisatie.Opslag, r autorisatie.Rij) {
	t.Helper()
	if err := s.PutApplicatie(bg, r, change(r)); err != nil {
		t.Fatalf("PutApplicatie: %v", err)
	}
}

// stored compares what is stored with what should be.
func stored(t *testing.T, s autorisatie.Opslag, generatie int64, want ...autorisatie.Rij) {
	t.Helper()
	got, n, err := s.LoadApplicaties(bg)
	if err != nil {
		t.Fatal(err)
	}
	byID := cmpopts.SortSlices(func(a, b autorisatie.Rij) bool { return a.ID.String() < b.ID.String() })
	if d := cmp.Diff(want, got, byID, cmpopts.IgnoreFields(autorisatie.Rij{}, "ClientIDs"), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("stored (-want +got):\n%s", d)
	}
	if g, err := s.Generatie(bg); err != nil || g != generatie || n != generatie {
		t.Errorf("generation %d and %d, want %d: %v", n, g, generatie, err)
	}
}

func putProef(t *testing.T, s autorisatie.Opslag) {
	stored(t, s, 0)
	a, b := app(A, "een"), app(B, "twee")
	put(t, s, a)
	put(t, s, b)
	stored(t, s, 2, a, b)
	a = volgende(a, "een", "drie")
	put(t, s, a)
	stored(t, s, 3, a, b)
}

func deleteProef(t *testing.T, s autorisatie.Opslag) {
	a, b := app(A, "een"), app(A, "een")
	put(t, s, a)
	if err := s.DeleteApplicatie(bg, a, change(a)); err != nil {
		t.Fatal(err)
	}
	stored(t, s, 2)
	if err := s.DeleteApplicatie(bg, a, change(a)); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("deleted twice: %v", err)
	}
	put(t, s, b)
	stored(t, s, 3, b)
}

func versieProef(t *testing.T, s autorisatie.Opslag) {
	a := app(A, "een")
	put(t, s, a)
	for name, r := range map[string]autorisatie.Rij{
		"the first again":                   a,
		"a version that skips one":          volgende(volgende(a, "een"), "een"),
		"a version of what is not there":    volgende(app(A, "twee"), "twee"),
		"a version of another organisation": volgende(autorisatie.Rij{OIN: B, ID: a.ID, Versie: 1}, "een"),
	} {
		if err := s.PutApplicatie(bg, r, change(r)); !errors.Is(err, fout.Gelijktijdig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, r := range map[string]autorisatie.Rij{
		"another version":      volgende(a, "een"),
		"another organisation": {OIN: B, ID: a.ID, Versie: 1},
	} {
		if err := s.DeleteApplicatie(bg, r, change(r)); !errors.Is(err, fout.Gelijktijdig) {
			t.Errorf("delete %s: %v", name, err)
		}
	}
	r := app("00000099000000000009", "nergens")
	if err := s.PutApplicatie(bg, r, change(r)); err == nil {
		t.Error("an unknown organisation has an application")
	}
	stored(t, s, 1, a)
}

func clientProef(t *testing.T, s autorisatie.Opslag) {
	a, b := app(A, "een"), app(B, "twee")
	put(t, s, a)
	put(t, s, b)
	inUse := func(r autorisatie.Rij) {
		t.Helper()
		if err := s.PutApplicatie(bg, r, change(r)); !errors.Is(err, autorisatie.ErrClientInGebruik) {
			t.Errorf("client ids %v: %v", r.ClientIDs, err)
		}
	}
	inUse(app(A, "een"))
	inUse(app(B, "een"))
	inUse(volgende(b, "twee", "een"))
	stored(t, s, 2, a, b)
	a = volgende(a, "drie")
	put(t, s, a)
	b = volgende(b, "twee", "een")
	put(t, s, b)
	stored(t, s, 4, a, b)
}

func wijzigingProef(t *testing.T, s autorisatie.Opslag) {
	a, b := app(A, "een"), app(B, "twee")
	put(t, s, a)
	put(t, s, b)
	a = volgende(a, "een")
	put(t, s, a)
	weg := change(volgende(a))
	if err := s.DeleteApplicatie(bg, a, weg); err != nil {
		t.Fatal(err)
	}
	first := change(a)
	first.Nummer, first.Versie = 1, 1
	second := change(a)
	second.Nummer = 3
	weg.Nummer = 4
	got, err := s.LoadWijzigingen(bg, A)
	if d := cmp.Diff([]autorisatie.WijzigingRij{first, second, weg}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if got, err := s.LoadWijzigingen(bg, B); err != nil || len(got) != 1 || got[0].Nummer != 2 {
		t.Errorf("%d changes of the other organisation: %v", len(got), err)
	}
	if _, err := s.LoadWijzigingen(bg, "00000099000000000009"); err == nil {
		t.Error("changes of an unknown organisation")
	}
}

func samenProef(t *testing.T, s autorisatie.Opslag) {
	const n = 20
	var wg sync.WaitGroup
	rows := make([]autorisatie.Rij, n)
	for i := range n {
		rows[i] = app(A, "client-"+strconv.Itoa(i))
		wg.Go(func() {
			if err := s.PutApplicatie(bg, rows[i], change(rows[i])); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	stored(t, s, n, rows...)
	got, err := s.LoadWijzigingen(bg, A)
	if err != nil || len(got) != n || got[0].Nummer != 1 || got[n-1].Nummer != n {
		t.Errorf("%d records: %v", len(got), err)
	}
}

// tegelijk runs f for two nodes at once and tells which of them had no error; the other must have want.
func tegelijk(t *testing.T, een, ander autorisatie.Opslag, want error, f func(i int, s autorisatie.Opslag) error) int {
	t.Helper()
	var errs [2]error
	var wg sync.WaitGroup
	for i, s := range []autorisatie.Opslag{een, ander} {
		wg.Go(func() { errs[i] = f(i, s) })
	}
	wg.Wait()
	for i := range 2 {
		if errs[i] == nil && errors.Is(errs[1-i], want) {
			return i
		}
	}
	t.Fatalf("got %v and %v, want one to win", errs[0], errs[1])
	return 0
}

func wedloopProef(t *testing.T, een, ander autorisatie.Opslag) {
	a := app(A, "een")
	put(t, een, a)
	for n := int64(2); n <= 20; n++ {
		var nieuw [2]autorisatie.Rij
		wint := tegelijk(t, een, ander, fout.Gelijktijdig, func(i int, s autorisatie.Opslag) error {
			r := volgende(a, "een", "van node "+strconv.Itoa(i))
			r.Verzegeld = append(r.Verzegeld, byte(i))
			nieuw[i] = r
			return s.PutApplicatie(bg, r, change(r))
		})
		a = nieuw[wint]
		stored(t, een, n, a)
		stored(t, ander, n, a)
	}
	tegelijk(t, een, ander, fout.Gelijktijdig, func(_ int, s autorisatie.Opslag) error {
		return s.DeleteApplicatie(bg, a, change(a))
	})
	stored(t, ander, 21)
}

func clientWedloopProef(t *testing.T, een, ander autorisatie.Opslag) {
	for n := int64(1); n <= 19; n += 2 {
		nieuw := [2]autorisatie.Rij{app(A, "een"), app(B, "een")}
		wint := tegelijk(t, een, ander, autorisatie.ErrClientInGebruik, func(i int, s autorisatie.Opslag) error {
			return s.PutApplicatie(bg, nieuw[i], change(nieuw[i]))
		})
		a := nieuw[wint]
		stored(t, ander, n, a)
		if err := ander.DeleteApplicatie(bg, a, change(a)); err != nil {
			t.Fatal(err)
		}
	}
}

// afdrukken keeps fingerprints of keys in memory.
type afdrukken map[string]map[string]string

func (a afdrukken) Vingerafdrukken(_ context.Context, oin string) (map[string]string, error) {
	return a[oin], nil
}

func (a afdrukken) BewaarVingerafdrukken(_ context.Context, oin string, nieuw map[string]string) error {
	a[oin] = nieuw
	return nil
}

func volgProef(t *testing.T, een, ander autorisatie.Opslag) {
	sleutels, err := betrokkene.Open(bg, t.TempDir(), []string{A}, afdrukken{})
	if err != nil {
		t.Fatal(err)
	}
	beheer := func(s autorisatie.Opslag) *autorisatie.Beheer {
		b, err := autorisatie.NewBeheer(bg, autorisatie.BeheerOpties{Opslag: s, Sleutels: sleutels.Organisatie, Meld: func(err error) { t.Error(err) }})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	hier, daar := beheer(een), beheer(ander)
	ctx, stop := context.WithCancel(bg)
	var wg sync.WaitGroup
	wg.Go(func() { daar.Follow(ctx, 250*time.Millisecond) })
	t.Cleanup(func() { stop(); wg.Wait() })
	seen := func(label string) {
		t.Helper()
		vanzelf(t, fmt.Sprintf("the other node sees %q", label), func() bool {
			list := daar.List(A, []string{"een"})
			return label == "" && len(list) == 0 || len(list) == 1 && list[0].Label == label
		})
	}
	door := autorisatie.Beheerder{Organisatie: A}
	geheim, label, nieuw := strings.Repeat("geheim van een test ", 3), "Een", "Twee"
	r, err := hier.Create(bg, door, &autorisatie.Invoer{
		ClientIDs: &[]string{"een"}, Label: &label, Geheim: &geheim, OINs: &[]string{A}, Autorisaties: &[]autorisatie.InvoerAutorisatie{},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen(label)
	if _, err := hier.Update(bg, door, r.ID.String(), "", &autorisatie.Invoer{Label: &nieuw}, false); err != nil {
		t.Fatal(err)
	}
	seen(nieuw)
	if err := hier.Delete(bg, door, r.ID.String(), ""); err != nil {
		t.Fatal(err)
	}
	seen("")
}
